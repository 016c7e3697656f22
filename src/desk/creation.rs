//! Creations: agents that come to be as a copy of another, or as they were before they were deleted.
//!
//! Both are created, looked up, verified and handed over by the same code; only where the record comes from differs.

use rollcall_telephony::{Agent, AgentRef, ConnectionName, PersonalNumbers};
use serenity::model::id::UserId;

use super::act::{CloneAct, RestoreAct};
use crate::ledger::{KeptId, KeptMove};

/// An agent to be created.
#[derive(Debug, Clone, Copy)]
pub(super) struct Creation<'a> {
    /// Where.
    pub(super) connection: &'a ConnectionName,
    /// Its login.
    pub(super) login: &'a str,
    /// What stands beside the login.
    pub(super) details: &'a str,
    /// What happens to the record's personal numbers.
    pub(super) numbers: PersonalNumbers,
    /// Who gets the password.
    pub(super) recipient: UserId,
    pub(super) origin: Origin<'a>,
}

/// Where the record comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'a> {
    /// An agent that is there.
    Agent { source: &'a AgentRef, login: &'a str, fingerprint: &'a str },
    /// The sealed record of a deleted one.
    Kept(KeptId),
}

impl<'a> From<&'a CloneAct> for Creation<'a> {
    fn from(clone: &'a CloneAct) -> Self {
        let origin =
            Origin::Agent { source: &clone.source, login: &clone.source_login, fingerprint: &clone.fingerprint };
        Self {
            connection: &clone.source.connection,
            login: &clone.login,
            details: &clone.details,
            numbers: clone.personal_numbers.into(),
            recipient: clone.recipient,
            origin,
        }
    }
}

impl<'a> From<&'a RestoreAct> for Creation<'a> {
    fn from(restore: &'a RestoreAct) -> Self {
        Self {
            connection: &restore.was.connection,
            login: &restore.login,
            details: &restore.details,
            numbers: PersonalNumbers::Copy,
            recipient: restore.recipient,
            origin: Origin::Kept(restore.kept()),
        }
    }
}

impl Creation<'_> {
    /// What becomes of the kept record once the agent is there.
    pub(super) fn settles(&self, agent: &Agent) -> Option<KeptMove> {
        match self.origin {
            Origin::Agent { .. } => None,
            Origin::Kept(kept) => Some(KeptMove::Restored { kept, restored_as: agent.id.clone() }),
        }
    }
}
