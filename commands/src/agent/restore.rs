//! `/agent restore`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Create a deleted agent again from its kept record, with a fresh password
    pub struct Restore = "/agent restore" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentRestore),
    }
    /// The deleted agent; start typing its login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Deleted);
}
