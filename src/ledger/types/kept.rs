//! Deleted agents, and what becomes of their records.

use rollcall_telephony::{AgentId, AgentRef, IntentId, Millis};
use secrecy::SecretString;

/// The record of an agent that is about to be deleted, to be sealed with the intent.
#[derive(Debug)]
pub struct NewKept {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// What stands beside the login.
    pub name: String,
    /// The record without passwords: the desk's value as JSON.
    pub record: SecretString,
}

/// A deleted agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub id: KeptId,
    /// The act that deleted it.
    pub intent: IntentId,
    /// Which agent it was.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// What stood beside the login.
    pub name: String,
    /// When it was deleted.
    pub deleted_at: Millis,
    /// Until when it can be restored.
    pub expires_at: Millis,
    /// What it was restored as.
    pub restored_as: Option<AgentId>,
}

/// The number of a kept record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeptId(pub i64);

/// What becomes of a kept record, written with the conclusion of an act.
#[derive(Debug, Clone)]
pub enum KeptMove {
    /// The delete was done: it can be restored until then.
    Deleted {
        /// Until when.
        expires_at: Millis,
    },
    /// The delete was not done: the sealed record is erased.
    Dropped,
    /// A restore was done: the sealed record is erased, both ids stay.
    Restored {
        /// Which record.
        kept: KeptId,
        /// The new agent.
        restored_as: AgentId,
    },
}
