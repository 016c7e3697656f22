//! A deleted agent, created again.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, Agent, AgentRef, ConnectionName, Reading, Section};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::Kind;
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
    fn connection(&self) -> &ConnectionName {
        &self.was.connection
    }

    fn login(&self) -> &str {
        &self.login
    }

    fn permissions(&self) -> &'static [Permission] {
        &[Permission::AgentRestore]
    }

    fn ability(&self) -> Ability {
        Ability::CloneAgent
    }

    fn audit_name(&self) -> &'static str {
        "agent.restore"
    }

    fn shown(&self, reading: &dyn Reading, record: &Agent) -> Vec<Section> {
        comes_back(reading, record)
    }
}
