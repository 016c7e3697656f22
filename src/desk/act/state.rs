//! An agent's account, switched off or on.

use rollcall_commands::Permission;
use rollcall_telephony::{AgentRef, AgentState};
use serde::{Deserialize, Serialize};

use super::{Facts, Kind};

/// Disables or enables an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// The state it gets: enabled or disabled.
    pub to: AgentState,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// The fingerprint of the record before.
    pub fingerprint: String,
    /// A delete that is asked for once this is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then_delete: Option<ThenDelete>,
}

/// A delete that is asked for together with a disable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThenDelete {
    /// Why.
    pub reason: String,
    /// What the guild calls the requester; hostile text.
    pub requester_name: String,
}

impl Kind for StateAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: match self.to {
                AgentState::Enabled => "agent.enable",
                AgentState::Disabled | AgentState::Unknown => "agent.disable",
            },
            permissions: &[Permission::AgentDisable],
            connection: &self.agent.connection,
            agent: Some(&self.agent),
            record: Some(&self.agent),
            fingerprint: Some(&self.fingerprint),
            login: &self.login,
            reason: self.reason.as_deref(),
        }
    }
}
