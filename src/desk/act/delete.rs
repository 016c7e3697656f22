//! An agent, deleted for good.

use rollcall_commands::Permission;
use rollcall_telephony::AgentRef;
use serde::{Deserialize, Serialize};

use super::{Facts, Kind};

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
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "agent.delete",
            permissions: &[Permission::AgentDelete],
            connection: &self.agent.connection,
            agent: Some(&self.agent),
            record: Some(&self.agent),
            fingerprint: Some(&self.fingerprint),
            login: &self.login,
            reason: Some(&self.reason),
        }
    }

    fn deleted(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }
}
