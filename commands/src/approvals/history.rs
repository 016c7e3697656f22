//! `/approvals history`

use serenity::model::id::UserId;

use crate::surface::{Shape, completed, surface};
use crate::values::AGENT_MAX;
use crate::{AgentText, CompletedOption, RequestState, Since};

surface! {
    /// Show what became of requests: yours, or everybody's with approvals.read
    ///
    /// Whoever has [`ApprovalsRead`](crate::Permission::ApprovalsRead) sees everybody's.
    pub struct History = "/approvals history" {
        group: Some(&super::GROUP),
        permission: None,
    }
    /// Only requests about this agent
    "agent" pub agent: Option<AgentText> = completed(AGENT_MAX, CompletedOption::Requested);
    /// Only requests that this person made or decided
    "person" pub person: Option<UserId> = Shape::User;
    /// Only requests that stand like this
    "state" pub state: Option<RequestState> = Shape::Choice(RequestState::WORDS);
    /// Only requests made since then: 7d, 24h or 2026-11-01 (UTC)
    "since" pub since: Option<Since> = Shape::Since;
}
