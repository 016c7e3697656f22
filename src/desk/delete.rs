//! Asking for an agent to be deleted for good. What becomes of it once it is approved is in `deleting.rs`.

use std::time::Duration;

use rollcall_commands::{AgentText, Permission};
use rollcall_telephony::{Ability, Agent, AgentRef, AgentState, ConnectionName, Millis};

use super::act::{Act, DeleteAct, StateAct, ThenDelete};
use super::lookup::Want;
use super::offers::Offered;
use super::{Asked, Desk, Refusal};
use crate::directory::Resolved;
use crate::ledger::OfferId;
use crate::policy::{Actor, SecondPerson};

/// What asking for a delete led to.
#[derive(Debug)]
pub enum DeleteAsked {
    /// The request is made, its answer follows.
    Follows,
    /// The agent works: it must be disabled first, which is offered together with the request.
    MustBeDisabled(DisableFirst),
}

/// The offer to disable an agent first.
#[derive(Debug)]
pub struct DisableFirst {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// The agent's login.
    pub login: String,
    /// Its connection.
    pub connection: ConnectionName,
    /// How long it must then stay disabled before the delete may be asked for; zero: it is asked for at once.
    pub stays: Duration,
    /// Why one person is not enough to disable it, where they are not.
    pub second: Option<SecondPerson>,
}

impl Desk {
    /// Asks the approvers to delete an agent.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed, and nobody was asked.
    pub async fn ask_delete(
        &self,
        actor: &Actor,
        typed: &AgentText,
        reason: &str,
        asked: Asked,
    ) -> Result<DeleteAsked, Refusal> {
        let want = Want { permission: Permission::AgentDelete, ability: Ability::DeleteAgent };
        let agent = self.find(actor, typed, want).await?;
        self.permit(actor, Permission::AgentDelete, &agent.connection)?;
        let reason = super::clone::single_line("reason", reason, 200)?;
        if reason.is_empty() {
            return Err(Refusal::Value("Say why it should be deleted: approvers read the reason.".to_owned()));
        }
        let fresh = self.read_fresh(&agent).await?;
        self.not_our_own(&agent, &fresh.login).await?;
        self.remember(actor.id, &agent).await;
        if fresh.state != AgentState::Disabled {
            return self.offer_disable_first(actor, agent, &fresh, reason).await.map(DeleteAsked::MustBeDisabled);
        }
        let act = Act::Delete(DeleteAct {
            login: fresh.login,
            name: fresh.name,
            reason,
            fingerprint: fresh.record.fingerprint(),
            agent,
        });
        self.start(actor, act, asked, None).await?;
        Ok(DeleteAsked::Follows)
    }

    /// The name under which a person is asked why an agent should be deleted; refused where that would be answered in
    /// vain. Told from memory: a form must open at once.
    ///
    /// # Errors
    /// When it is plain already that this person may not ask, or that the agent cannot be deleted.
    pub fn may_ask_delete(&self, actor: &Actor, typed: &AgentText) -> Result<String, Refusal> {
        self.permit_somewhere(actor, Permission::AgentDelete)?;
        if let Some(connection) = self.named_in(&typed.0) {
            self.permit(actor, Permission::AgentDelete, &connection)?;
            self.able(&connection, Ability::DeleteAgent)?;
        }
        let on = self.connections_for(actor, Permission::AgentDelete, Ability::DeleteAgent);
        let known = match self.inner.directory.resolve(&typed.0, &on) {
            Resolved::One(agent) => self.inner.directory.get(&agent).map(|known| (agent, known.login.clone())),
            Resolved::Several(_) | Resolved::None(_) => None,
        };
        // Who is meant is found out once the form is sent.
        let Some((agent, login)) = known else { return Ok(typed.0.clone()) };
        if self.own_account_known(&agent.connection).as_ref() == Some(&agent.id) {
            return Err(Refusal::OwnAccount { connection: agent.connection, login });
        }
        Ok(login)
    }

    async fn offer_disable_first(
        &self,
        actor: &Actor,
        agent: AgentRef,
        fresh: &Agent,
        reason: String,
    ) -> Result<DisableFirst, Refusal> {
        let second =
            self.permit(actor, Permission::AgentDisable, &agent.connection).map_err(|refusal| match refusal {
                Refusal::NotPermitted { could, .. } => Refusal::MustBeDisabled { login: fresh.login.clone(), could },
                other => other,
            })?;
        let stays = self.inner.approvals.rules.min_disabled;
        // Whether anybody could approve it is told before anything is disabled for it.
        self.terms(actor.id).await?;
        let connection = agent.connection.clone();
        let then_delete =
            stays.is_zero().then(|| ThenDelete { reason: reason.clone(), requester_name: actor.name.clone() });
        let act = Act::SetState(StateAct {
            agent,
            login: fresh.login.clone(),
            to: AgentState::Disabled,
            reason: Some(reason),
            fingerprint: fresh.record.fingerprint(),
            then_delete,
        });
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(act)).await?;
        Ok(DisableFirst { offer, expires_at, login: fresh.login.clone(), connection, stays, second })
    }

    /// The delete that a disable was asked together with.
    pub(super) fn delete_after(state: &StateAct, after: &Agent) -> Option<(DeleteAct, String)> {
        let then = state.then_delete.as_ref()?;
        let delete = DeleteAct {
            agent: state.agent.clone(),
            login: after.login.clone(),
            name: after.name.clone(),
            reason: then.reason.clone(),
            fingerprint: after.record.fingerprint(),
        };
        Some((delete, then.requester_name.clone()))
    }
}
