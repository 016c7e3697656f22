//! Deleting an agent for good: asked, sent, and looked up to be gone.

use std::time::Duration;

use rollcall_commands::{AgentText, Permission};
use rollcall_telephony::{Ability, Agent, AgentState, Connected, ErrorKind, Millis};
use secrecy::SecretString;

use super::act::{Act, DeleteAct, StateAct, ThenDelete};
use super::lookup::Want;
use super::offers::Offered;
use super::report::{Found, Outcome};
use super::sending::in_words;
use super::settle::MOST_ATTEMPTS;
use super::step::{Ending, Step, authorize, unfinished};
use super::{Asked, Desk, Refusal};
use crate::directory::Resolved;
use crate::ledger::{Intent, IntentState, KeptMove, NewKept, OfferId};
use crate::policy::{Actor, SecondPerson};

/// How long a deleted agent may still show up in reads.
pub(super) const GONE_WITHIN: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

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
    pub connection: rollcall_telephony::ConnectionName,
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
        agent: rollcall_telephony::AgentRef,
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

    /// Refuses a delete of an agent that works, or that has not been disabled for long enough.
    pub(super) fn may_be_deleted(&self, delete: &DeleteAct, fresh: &Agent) -> Result<(), Refusal> {
        if fresh.state != AgentState::Disabled {
            return Err(Refusal::MustBeDisabled { login: fresh.login.clone(), could: Vec::new() });
        }
        let min = self.inner.approvals.rules.min_disabled;
        let since = self.inner.marks.since(&delete.agent).unwrap_or_else(|| self.now());
        let from = since + min;
        if !min.is_zero() && self.now() < from {
            return Err(Refusal::NotDisabledLongEnough { login: fresh.login.clone(), since, from });
        }
        Ok(())
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

    /// The record to be kept of an agent that is about to be deleted.
    pub(super) fn keeps(act: &Act, agent: Option<&Agent>) -> Result<Option<NewKept>, Refusal> {
        let (Act::Delete(delete), Some(agent)) = (act, agent) else { return Ok(None) };
        let record = serde_json::to_string(agent).map_err(|e| Refusal::Store(e.to_string()))?;
        Ok(Some(NewKept {
            agent: delete.agent.clone(),
            login: agent.login.clone(),
            name: agent.name.clone(),
            record: SecretString::from(record),
        }))
    }

    /// Sends a delete, unless the agent is not the one on the card any more; or looks up what came of one.
    ///
    /// Gone: done. There with the same record: sent (again). There with another: void.
    pub(super) async fn delete(
        &self,
        intent: &Intent,
        delete: &DeleteAct,
        on: &Connected,
        prepared: Option<Agent>,
    ) -> Step {
        let sent_before = intent.state != IntentState::Recorded;
        let fresh = match prepared {
            Some(fresh) => fresh,
            None => match on.reading.agent(&delete.agent.id).await {
                Ok(fresh) => fresh,
                Err(error) if error.kind == ErrorKind::NotFound => {
                    return self.gone(delete, if sent_before { Found::Deleted } else { Found::Gone });
                }
                Err(error) => return Step::Later(error.to_string()),
            },
        };
        self.put(&delete.agent.connection, fresh.clone()).await;
        if fresh.record.fingerprint() != delete.fingerprint {
            return self.moved(delete, on, intent, &fresh).await;
        }
        if intent.attempts >= MOST_ATTEMPTS {
            return Ending::untold(format!(
                "{} was asked {MOST_ATTEMPTS} times and still has it",
                delete.agent.connection
            ));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        match on.writing.delete_agent(&authorize(intent), &delete.agent.id).await {
            Ok(()) => self.look_gone(delete, on).await,
            // Deleted by an earlier asking of ours, or by somebody else: gone it is.
            Err(error) if error.kind == ErrorKind::NotFound => self.look_gone(delete, on).await,
            // People decided that it is done, so it is not given up because the phone system is busy for a moment.
            Err(error) if matches!(error.kind, ErrorKind::RateLimited(_)) && intent.attempts + 1 < MOST_ATTEMPTS => {
                Step::Later(error.to_string())
            }
            Err(error) => match unfinished(&error) {
                Step::Over(mut ending) => {
                    ending.kept = Some(KeptMove::Dropped);
                    Step::Over(ending)
                }
                later @ Step::Later(_) => later,
            },
        }
    }

    /// The answer said that it is deleted: that is looked up, not believed.
    async fn look_gone(&self, delete: &DeleteAct, on: &Connected) -> Step {
        let mut waits = GONE_WITHIN.iter();
        loop {
            match on.reading.agent(&delete.agent.id).await {
                Err(error) if error.kind == ErrorKind::NotFound => return self.gone(delete, Found::Deleted),
                Err(error) => return Step::Later(error.to_string()),
                Ok(_) => match waits.next() {
                    Some(wait) => tokio::time::sleep(*wait).await,
                    None => {
                        return Step::Later(format!(
                            "{} answered that it deleted {}, but still has it",
                            delete.agent.connection, delete.login
                        ));
                    }
                },
            }
        }
    }

    fn gone(&self, delete: &DeleteAct, found: Found) -> Step {
        self.inner.directory.forget(&delete.agent);
        let expires_at = self.now() + self.inner.approvals.rules.keep_deleted;
        Ending {
            kept: Some(KeptMove::Deleted { expires_at }),
            ..Ending::new(IntentState::Done, Outcome::Deleted { found, restorable_until: expires_at })
        }
        .step()
    }

    /// The record is not the one on the card: nothing is sent (any more).
    async fn moved(&self, delete: &DeleteAct, on: &Connected, intent: &Intent, fresh: &Agent) -> Step {
        let shown = match intent.request {
            Some(request) => self.inner.ledger.request_record(request).await.ok().flatten(),
            None => None,
        };
        let shown: Option<Agent> =
            shown.and_then(|json| serde_json::from_str(secrecy::ExposeSecret::expose_secret(&json)).ok());
        let what = shown.map(|shown| in_words(on, shown.record.differences(&fresh.record))).unwrap_or_default();
        tracing::info!(agent = %delete.agent, "an agent is not as its card showed it; it is not deleted");
        Ending {
            kept: Some(KeptMove::Dropped),
            ..Ending::new(IntentState::Failed, Outcome::Moved { login: fresh.login.clone(), what })
        }
        .step()
    }
}
