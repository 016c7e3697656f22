//! `/agent unpause`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// End an agent's pause
    pub struct Unpause = "/agent unpause" {
        group: Some(&super::GROUP),
        permission: Some(Permission::PresenceWrite),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
}
