//! `/agent enable`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Enable a disabled agent at once; it can be undone
    ///
    /// Whoever may disable may enable.
    pub struct Enable = "/agent enable" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentDisable),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
}
