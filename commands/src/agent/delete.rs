//! `/agent delete`: it asks for a delete. Who decides, and the delete itself, are the desk's business.

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

/// The reasons that are offered while one is typed; any other text is as good.
pub const REASONS: [&str; 4] = ["leaver", "duplicate", "created by mistake", OTHER];

/// The offered reason that says nothing by itself.
pub const OTHER: &str = "other";

surface! {
    /// Ask the approvers to delete an agent for good; it has to be disabled first
    pub struct Delete = "/agent delete" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentDelete),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// Why, for the approvers; pick one or write your own
    "reason" pub reason: String = completed(super::REASON_MAX, CompletedOption::Reason);
}
