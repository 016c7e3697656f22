//! An agent, deleted for good.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ConnectionName};
use serde::{Deserialize, Serialize};

use super::Kind;

/// Deletes an agent for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeleteAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// What stands beside the login.
    pub name: String,
    /// Why.
    pub reason: String,
    /// The fingerprint of the record on the card.
    pub fingerprint: String,
}

impl Kind for DeleteAct {
    fn connection(&self) -> &ConnectionName {
        &self.agent.connection
    }

    fn agent(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(&self.fingerprint)
    }

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }

    fn login(&self) -> &str {
        &self.login
    }

    fn permissions(&self) -> &'static [Permission] {
        &[Permission::AgentDelete]
    }

    fn ability(&self) -> Ability {
        Ability::DeleteAgent
    }

    fn audit_name(&self) -> &'static str {
        "agent.delete"
    }

    fn deleted(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }
}
