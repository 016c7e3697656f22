//! What people say to requests.

use rollcall_telephony::Millis;
use serenity::model::id::UserId;

use super::{AuditEntry, RequestId};

/// How a person said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// A reaction under the card; taking it away withdraws it.
    Reaction,
    /// A button; nothing withdraws it.
    Button,
}

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BallotVerdict {
    /// ✅
    Approve,
    /// ❌
    Deny,
    /// "I'm looking": decides nothing.
    Look,
}

/// What a ballot is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BallotState {
    /// It is written; whether it counts is not known yet.
    Unchecked,
    /// It counts.
    Counted,
    /// It does not count.
    Refused,
    /// It came when the request was decided.
    Late,
    /// The person took it back.
    Withdrawn,
    /// It was made while the bot was away for too long: it has to be made again.
    Stale,
}

/// One person's ballot. A person has at most one for each way and verdict; its history is in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// For which request.
    pub request: RequestId,
    /// Whose.
    pub person: UserId,
    /// How it was made.
    pub via: Via,
    /// What it says.
    pub verdict: BallotVerdict,
    /// What it is worth.
    pub state: BallotState,
    /// When it was made, as far as the bot saw.
    pub cast_at: Millis,
    /// Words that came with it; hostile text.
    pub words: Option<String>,
    /// Why it does not count: the desk's value as JSON.
    pub why: Option<String>,
}

/// A ballot that is about to be written.
#[derive(Debug)]
pub struct NewBallot {
    /// For which request.
    pub request: RequestId,
    /// Whose.
    pub person: UserId,
    /// How it was made.
    pub via: Via,
    /// What it says.
    pub verdict: BallotVerdict,
    /// Words that came with it.
    pub words: Option<String>,
    /// [`BallotState::Unchecked`], or [`BallotState::Stale`] for one found after the bot was away for too long.
    pub state: BallotState,
    /// The audit entry, if it is new.
    pub audit: AuditEntry,
}

/// What casting a ballot led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// It is written and waits to be checked (or is stale, as asked).
    New,
    /// It is there already, and stands as it was: counted, or still to be checked.
    Same,
    /// The request is decided: it is written as late.
    Late,
    /// There is no such request.
    Unknown,
}
