//! `/agent disable`

use crate::surface::{completed, surface, text};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Disable an agent at once; it can be undone
    pub struct Disable = "/agent disable" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentDisable),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// Why, for the log
    "reason" pub reason: Option<String> = text(super::REASON_MAX);
}
