//! What autocomplete offers of requests and deleted agents: held in memory, since it never waits for the store.

use std::sync::PoisonError;

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, ConnectionName};
use serenity::model::id::UserId;

use super::ask::read_act;
use crate::desk::Desk;
use crate::ledger::{Kept, LedgerError, Request, RequestFilter, RequestId, RequestState};
use crate::policy::{Actor, Verdict};

/// How many requests are remembered, newest first.
const REMEMBERED: u32 = 200;

/// A request as suggestions show it.
#[derive(Debug, Clone)]
pub struct KnownRequest {
    /// Its number.
    pub id: RequestId,
    /// Its act's name: `agent.delete`.
    pub act: &'static str,
    /// The connection it is about.
    pub connection: ConnectionName,
    /// `connection:id`, where the agent exists.
    pub agent: Option<String>,
    /// The agent's login.
    pub login: String,
    requester: UserId,
    state: RequestState,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Known {
    requests: Vec<KnownRequest>,
    kept: Vec<Kept>,
}

impl Desk {
    /// Brings what is remembered up to date.
    pub(in crate::desk) async fn remember_requests(&self) -> Result<(), LedgerError> {
        let page = self.inner.ledger.requests(&RequestFilter::default(), REMEMBERED, 0).await?;
        let kept = self.inner.ledger.kept_agents().await?;
        let known = Known { requests: page.requests.iter().filter_map(known).collect(), kept };
        *self.inner.approvals.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// Pending requests that this person may take back.
    #[must_use]
    pub fn open_known(&self, actor: &Actor) -> Vec<KnownRequest> {
        let all = self.is_approver(actor);
        self.known(|request| request.state == RequestState::Pending && (all || request.requester == actor.id))
    }

    /// Requests that this person may look at, newest first.
    #[must_use]
    pub fn requested_known(&self, actor: &Actor) -> Vec<KnownRequest> {
        let all = match self.inner.policy.decide(actor, Permission::ApprovalsRead, None) {
            Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => true,
            Verdict::Refused { .. } => false,
        };
        self.known(|request| all || request.requester == actor.id)
    }

    /// Deleted agents that this person may restore, newest first.
    #[must_use]
    pub fn restorable_known(&self, actor: &Actor) -> Vec<Kept> {
        let on = self.connections_for(actor, Permission::AgentRestore, Ability::CloneAgent);
        let now = self.now();
        let known = self.inner.approvals.known.lock().unwrap_or_else(PoisonError::into_inner);
        let here = known.kept.iter().filter(|kept| on.contains(&kept.agent.connection) && kept.expires_at > now);
        here.cloned().collect()
    }

    fn known(&self, wanted: impl Fn(&KnownRequest) -> bool) -> Vec<KnownRequest> {
        let known = self.inner.approvals.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.requests.iter().filter(|request| wanted(request)).cloned().collect()
    }
}

fn known(request: &Request) -> Option<KnownRequest> {
    Some(KnownRequest {
        id: request.id,
        act: read_act(&request.act).ok()?.name(),
        connection: request.connection.clone(),
        agent: request.agent_ref().map(|agent| agent.to_string()),
        login: request.login.clone(),
        requester: request.requester,
        state: request.state,
    })
}
