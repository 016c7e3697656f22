//! Presence: who is logged in or paused, asked for on very different phone systems in one set of words.
//!
//! None of them can be asked how somebody is. So what came of an act is only what its answer said, a lost answer stays
//! lost, nothing is ever sent a second time by itself, and what is known of somebody is what was last asked.

mod act;
mod asking;
mod conduct;
mod following;
mod known;
mod picking;
mod sending;
mod status;

pub use act::{Also, AlsoAgent, Evidence, FirstStep, PartOutcome, PresenceAct, PresencePart};
pub(super) use known::Presences;
pub use known::{Existence, How, Known, KnownState, Noted};
pub(super) use picking::BreakToPick;
pub use status::{StatusLine, Statuses};
