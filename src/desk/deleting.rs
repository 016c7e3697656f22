//! Deleting an agent for good: checked once more, its record kept, sent, and looked up to be gone.

use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{Ability, Agent, AgentState, Connected, ErrorKind};
use secrecy::{ExposeSecret as _, SecretString};

use super::act::DeleteAct;
use super::conduct::Conduct;
use super::prepare::{Prepared, same_as_shown};
use super::report::{Found, Outcome};
use super::settle::MOST_ATTEMPTS;
use super::step::{Ending, Step, authorize, in_words, unfinished};
use super::{Desk, Refusal};
use crate::ledger::{Intent, IntentState, KeptMove, NewKept};

/// How long a deleted agent may still show up in reads.
pub(super) const GONE_WITHIN: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

#[async_trait]
impl Conduct for DeleteAct {
    fn ability(&self) -> Ability {
        Ability::DeleteAgent
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let fresh = desk.read_fresh(&self.agent).await?;
        desk.not_our_own(&self.agent, &fresh.login).await?;
        same_as_shown(&fresh, &self.fingerprint, &[])?;
        desk.may_be_deleted(self, &fresh)?;
        Ok(Prepared { agent: Some(fresh), ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.delete(intent, self, on, prepared.agent).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.delete(intent, self, on, None).await
    }

    /// Its record, for a restore.
    fn keeps(&self, agent: &Agent) -> Result<Option<NewKept>, Refusal> {
        let record = serde_json::to_string(agent).map_err(|e| Refusal::Store(e.to_string()))?;
        Ok(Some(NewKept {
            agent: self.agent.clone(),
            login: agent.login.clone(),
            name: agent.name.clone(),
            record: SecretString::from(record),
        }))
    }

    /// A record that was kept for a delete that was not done is erased.
    fn keeps_after(&self, outcome: &Outcome) -> Option<KeptMove> {
        match outcome {
            Outcome::Failed { .. } | Outcome::Untold { .. } | Outcome::Moved { .. } => Some(KeptMove::Dropped),
            Outcome::Created { .. }
            | Outcome::Changed { .. }
            | Outcome::PasswordSet { .. }
            | Outcome::Deleted { .. }
            | Outcome::Presence { .. }
            | Outcome::ExtensionCreated { .. }
            | Outcome::ExtensionDeleted { .. }
            | Outcome::Batch { .. }
            | Outcome::Replaced
            | Outcome::LeftAlone { .. }
            | Outcome::Looking { .. }
            | Outcome::Doubt { .. } => None,
        }
    }
}

impl Desk {
    /// Refuses a delete of an agent that works, or that has not been disabled for long enough.
    fn may_be_deleted(&self, delete: &DeleteAct, fresh: &Agent) -> Result<(), Refusal> {
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

    /// Sends a delete, unless the agent is not the one on the card any more; or looks up what came of one.
    ///
    /// Gone: done. There with the same record: sent (again). There with another: void.
    async fn delete(&self, intent: &Intent, delete: &DeleteAct, on: &Connected, prepared: Option<Agent>) -> Step {
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
        let shown: Option<Agent> = shown.and_then(|json| serde_json::from_str(json.expose_secret()).ok());
        let what = shown.map(|shown| in_words(on, shown.record.differences(&fresh.record))).unwrap_or_default();
        tracing::info!(agent = %delete.agent, "an agent is not as its card showed it; it is not deleted");
        Ending {
            kept: Some(KeptMove::Dropped),
            ..Ending::new(IntentState::Failed, Outcome::Moved { login: fresh.login.clone(), what })
        }
        .step()
    }
}
