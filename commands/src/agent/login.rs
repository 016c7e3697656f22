//! `/agent login`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Log an agent in, on any phone system that has logins
    pub struct Login = "/agent login" {
        group: Some(&super::GROUP),
        permission: Some(Permission::PresenceWrite),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// The extension to log in at, where the phone system wants one
    "extension" pub extension: Option<String> = completed(super::LINE_MAX, CompletedOption::AgentExtension);
    /// The queue to log in to, where the phone system wants one
    "queue" pub queue: Option<String> = completed(super::QUEUE_MAX, CompletedOption::Queue);
}
