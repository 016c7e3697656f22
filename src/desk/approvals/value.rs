//! What can be said of a request and of a ballot: plain values, stored in the ledger and told to people from there.

use rollcall_telephony::Millis;
use serde::{Deserialize, Serialize};
use serenity::model::id::{RoleId, UserId};

use crate::desk::act::Act;
use crate::desk::extensions::RowOutcome;
use crate::desk::presence::PartOutcome;
use crate::desk::report::{Differs, Outcome};
use crate::ledger::RequestState;

/// How a request stands once it is no longer waiting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "settled", rename_all = "kebab-case")]
pub enum Settled {
    /// It was approved, and the phone system is being asked.
    Executing {
        /// Who approved it.
        by: Vec<UserId>,
    },
    /// It was approved; this is what came of the act, as far as it can be told.
    Acted {
        /// Who approved it.
        by: Vec<UserId>,
        /// What came of it.
        outcome: Outcome,
    },
    /// It is void.
    Void(VoidWhy),
    /// An approver said no.
    Denied {
        /// Who.
        by: UserId,
        /// In their words; hostile text.
        words: Option<String>,
    },
    /// Nobody decided it in time.
    Expired,
    /// It was taken back.
    Cancelled {
        /// By whom.
        by: UserId,
    },
}

impl Settled {
    /// Who approved it.
    #[must_use]
    pub fn approvers(&self) -> &[UserId] {
        match self {
            Self::Executing { by } | Self::Acted { by, .. } => by,
            Self::Void(_) | Self::Denied { .. } | Self::Expired | Self::Cancelled { .. } => &[],
        }
    }

    /// The state that goes with it.
    #[must_use]
    pub fn state(&self) -> RequestState {
        match self {
            Self::Executing { .. } => RequestState::Executing,
            Self::Acted { outcome, .. } => match outcome {
                Outcome::Created { .. }
                | Outcome::Changed { .. }
                | Outcome::PasswordSet { .. }
                | Outcome::Deleted { .. }
                | Outcome::Replaced
                | Outcome::ExtensionCreated { .. }
                | Outcome::ExtensionDeleted { .. }
                | Outcome::LeftAlone { .. } => RequestState::Done,
                Outcome::Presence { parts } if parts.iter().any(PartOutcome::is_done) => RequestState::Done,
                Outcome::Batch { rows, .. } if rows.iter().any(RowOutcome::is_done) => RequestState::Done,
                Outcome::Failed { .. } | Outcome::Untold { .. } | Outcome::Presence { .. } | Outcome::Batch { .. } => {
                    RequestState::Failed
                }
                Outcome::Moved { .. } => RequestState::Void,
                Outcome::Looking { .. } | Outcome::Doubt { .. } => RequestState::Executing,
            },
            Self::Void(_) => RequestState::Void,
            Self::Denied { .. } => RequestState::Denied,
            Self::Expired => RequestState::Expired,
            Self::Cancelled { .. } => RequestState::Cancelled,
        }
    }
}

/// Why a request is void.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "void", rename_all = "kebab-case")]
pub enum VoidWhy {
    /// The record is not the one on the card.
    Changed {
        /// What differs.
        what: Vec<Differs>,
    },
    /// The agent is gone.
    Gone,
    /// The requester may no longer ask for it.
    RequesterLost,
    /// Too few people are left who could approve it.
    NoApprovers {
        /// How many it needs.
        need: u32,
        /// How many there are; `None`: Discord does not list members, but no approver role is left.
        have: Option<u32>,
    },
    /// The channel of its card is gone.
    ChannelGone,
    /// The phone system, or the bot, would refuse it now; a sentence.
    Refused {
        /// Why.
        why: String,
    },
}

/// Why a reaction or a press does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotCounted {
    /// It is the requester's own.
    Requester,
    /// The person is not in the guild any more.
    NotHere,
    /// A bot or a webhook made it.
    Machine,
    /// The person has no approver role.
    NoRole,
    /// The person is timed out.
    TimedOut {
        /// Until then.
        until: Millis,
    },
    /// It is a super-reaction.
    SuperReaction,
    /// It is neither ✅ nor ❌.
    WrongEmoji,
    /// It stands under a reminder, not under the card.
    NotTheCard,
    /// The reaction was made while the bot was away for too long.
    Stale,
    /// The reaction was gone when it came to it.
    TakenAway,
}

impl NotCounted {
    /// Its name in the store: a person is told once for each.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::NotHere => "not-here",
            Self::Machine => "machine",
            Self::NoRole => "no-role",
            Self::TimedOut { .. } => "timed-out",
            Self::SuperReaction => "super-reaction",
            Self::WrongEmoji => "wrong-emoji",
            Self::NotTheCard => "not-the-card",
            Self::Stale => "stale",
            Self::TakenAway => "taken-away",
        }
    }
}

/// A request, as messages tell of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestTold {
    /// Its number.
    pub id: i64,
    /// What is asked for.
    pub act: Act,
    /// Who asks.
    pub requester: UserId,
    /// What the guild called the requester; hostile text.
    pub requester_name: String,
    /// How it stands; `None`: it waits.
    pub settled: Option<Settled>,
}

/// What the requester is told when a request was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The roles whose people may approve.
    pub approvers: Vec<RoleId>,
    /// Those who could right now, as Discord lists them; `None`: it does not list members.
    pub people: Option<Vec<UserId>>,
    /// How many different people must approve.
    pub threshold: u32,
    /// Until when.
    pub expires_at: Millis,
}
