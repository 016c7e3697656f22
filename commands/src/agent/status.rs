//! `/agent status`: one person's presence, or everybody's on a phone system.

use crate::surface::{completed, surface};
use crate::values::CONNECTION_MAX;
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Show who is logged in or paused, and since when, as far as the phone systems tell
    pub struct Status = "/agent status" {
        group: Some(&super::GROUP),
        permission: Some(Permission::PresenceRead),
    }
    /// Only this agent; start typing a login or name
    "agent" pub agent: Option<AgentText> = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// Everybody on this phone system
    "connection" pub connection: Option<String> = completed(CONNECTION_MAX, CompletedOption::Connection);
}
