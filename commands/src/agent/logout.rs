//! `/agent logout`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Log an agent out
    pub struct Logout = "/agent logout" {
        group: Some(&super::GROUP),
        permission: Some(Permission::PresenceWrite),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
}
