//! Rollcall: run a call centre from Discord.
#![allow(missing_docs)]
pub mod clock;
pub mod discord;
pub mod ledger;
