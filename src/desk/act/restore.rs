//! A deleted agent, created again.

use rollcall_commands::Permission;
use rollcall_telephony::{Agent, AgentRef, Reading, Section};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::{Facts, Kind};
use crate::desk::restore::comes_back;
use crate::ledger::KeptId;

/// Creates a deleted agent again, from its sealed record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestoreAct {
    /// The number of its kept record.
    pub kept: i64,
    /// Which agent it was.
    pub was: AgentRef,
    /// Its login.
    pub login: String,
    /// What stands beside the login.
    pub details: String,
    /// The fingerprint of the kept record.
    pub fingerprint: String,
    /// Who gets the password.
    pub recipient: UserId,
}

impl RestoreAct {
    /// Its kept record.
    #[must_use]
    pub const fn kept(&self) -> KeptId {
        KeptId(self.kept)
    }
}

impl Kind for RestoreAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "agent.restore",
            permissions: &[Permission::AgentRestore],
            connection: &self.was.connection,
            agent: None,
            record: None,
            fingerprint: None,
            login: &self.login,
            reason: None,
        }
    }

    fn shown(&self, reading: &dyn Reading, record: &Agent) -> Vec<Section> {
        comes_back(reading, record)
    }
}
