//! `/agent pause`

use crate::surface::{completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Pause an agent, with a reason where the phone system wants one
    pub struct Pause = "/agent pause" {
        group: Some(&super::GROUP),
        permission: Some(Permission::PresenceWrite),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// Why; pick one that the phone system knows
    "reason" pub reason: Option<String> = completed(super::PAUSE_MAX, CompletedOption::PauseReason);
}
