//! `/agent show`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Show everything about one agent, save the password
    pub struct Show = "/agent show" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentRead),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
}
