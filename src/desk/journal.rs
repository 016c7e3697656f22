//! From a permitted act to a concluded one: checked fresh, recorded, sent, recorded, told.
//!
//! The first sending and every later look share [`Desk::advance`]: what a crash leaves behind is finished by the very
//! code that would have finished it.

use std::time::Duration;

use rollcall_telephony::{
    Agent, AgentRef, AgentState, Authorized, Connected, Difference, Echo, Effect, Error, ErrorKind, NewAgent,
    PasswordForm, Sent,
};
use secrecy::SecretString;

use super::act::{Act, CloneAct};
use super::changes::rights_touched;
use super::report::{Differs, Outcome, PasswordNote, Report, Told};
use super::{Asked, Desk, Refusal};
use crate::ledger::{
    AuditEntry, Began, Conclusion, HandoverId, HandoverState, Intent, IntentState, LedgerError, NewHandover, NewIntent,
    NewNotice, NoticeTo, OfferId,
};
use crate::policy::Actor;

/// What a phone system says to a create whose login is there already.
const LOGIN_TAKEN: rollcall_telephony::Refusal = rollcall_telephony::Refusal::NameTaken;

/// How long an act rests after its outcome could not be written.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What starting an act led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// It is under way.
    Under,
    /// It was asked for before; that one goes on or is done.
    Before,
}

/// What a step of an act led to.
#[derive(Debug)]
pub(super) enum Step {
    /// It is over.
    Over(Box<Ending>),
    /// It cannot be told yet; why, in a sentence. The settler goes on.
    Later(String),
}

/// How an act ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) state: IntentState,
    pub(super) outcome: Outcome,
    pub(super) handover: Option<NewHandover>,
    /// The record's fingerprint now, for an Undo.
    pub(super) after: Option<String>,
}

impl Ending {
    pub(super) fn failed(why: impl Into<String>) -> Step {
        Self { state: IntentState::Failed, outcome: Outcome::Failed { why: why.into() }, handover: None, after: None }
            .step()
    }

    /// It may have been done, and nobody will look any more.
    pub(super) fn untold(why: impl Into<String>) -> Step {
        Self { state: IntentState::Failed, outcome: Outcome::Untold { why: why.into() }, handover: None, after: None }
            .step()
    }

    pub(super) fn done(outcome: Outcome) -> Step {
        Self { state: IntentState::Done, outcome, handover: None, after: None }.step()
    }

    pub(super) fn step(self) -> Step {
        Step::Over(Box::new(self))
    }
}

/// What the fresh check before recording found, to be used once.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    agent: Option<Agent>,
    secret: Option<SecretString>,
}

impl Desk {
    /// Checks an act against the phone system as it is now, records it and sets it going. Its report follows by itself.
    pub(super) async fn start(
        &self,
        actor: &Actor,
        act: Act,
        asked: Asked,
        offer: Option<OfferId>,
    ) -> Result<Started, Refusal> {
        self.able(act.connection(), Self::ability_of(&act))?;
        self.inner.ledger.check_writable().await?;
        let mut prepared = self.prepare(&act).await?;
        let body = serde_json::to_string(&act).map_err(|e| Refusal::Store(e.to_string()))?;
        let began = self
            .inner
            .ledger
            .begin(NewIntent {
                actor: actor.id,
                interaction: Some(asked.interaction),
                offer,
                connection: act.connection(),
                act: &body,
                audit: entry(&act, "recorded", Some(actor.id), serde_json::json!({ "act": act, "as": actor.name })),
                secret: prepared.secret.as_ref(),
            })
            .await?;
        match began {
            Began::Refused(why) => Err(Refusal::Offer(why)),
            Began::Already(_) => Ok(Started::Before),
            Began::New(intent) => {
                // When the settler was quicker, it carries the act out.
                if let Some(in_hand) = self.take_in_hand(intent.id) {
                    let desk = self.clone();
                    prepared.secret = None;
                    tokio::spawn(async move {
                        // Read again: the settler may have had it in hand, and sent it, in between.
                        if let Ok(Some(intent)) = desk.inner.ledger.intent(intent.id).await {
                            desk.advance(intent, prepared).await;
                        }
                        drop(in_hand);
                        desk.wake_settler();
                    });
                }
                Ok(Started::Under)
            }
        }
    }

    /// Reads what the act is about and refuses it when it is not as it was shown.
    async fn prepare(&self, act: &Act) -> Result<Prepared, Refusal> {
        match act {
            Act::Clone(clone) => self.prepare_clone(clone).await,
            Act::SetState(state) => {
                let fresh = self.read_fresh(&state.agent).await?;
                self.not_our_own(&state.agent, &fresh.login).await?;
                if fresh.state == state.to {
                    return Err(Refusal::Already { login: fresh.login, how: state.to.to_string() });
                }
                Self::same_as_shown(&fresh, &state.fingerprint, &[])?;
                if state.to == AgentState::Enabled {
                    self.permit_rights(fresh.rights.highest())?;
                }
                Ok(Prepared { agent: Some(fresh), secret: None })
            }
            Act::Edit(edit) => {
                let fresh = self.read_fresh(&edit.agent).await?;
                self.not_our_own(&edit.agent, &fresh.login).await?;
                let reading = self.reading(&edit.agent.connection)?;
                let moved: Vec<String> = edit
                    .before
                    .iter()
                    .filter(|(key, value)| reading.field(&fresh, key).as_ref() != Some(value))
                    .map(|(key, _)| {
                        let spec = reading.fields().iter().find(|f| f.key == key.0);
                        spec.map_or_else(|| key.0.clone(), |f| f.label.to_owned())
                    })
                    .collect();
                Self::same_as_shown(&fresh, &edit.fingerprint, &moved)?;
                self.permit_rights(rights_touched(&fresh, &edit.change))?;
                Ok(Prepared { agent: Some(fresh), secret: None })
            }
            Act::ResetPassword(reset) => {
                let fresh = self.read_fresh(&reset.agent).await?;
                self.not_our_own(&reset.agent, &fresh.login).await?;
                self.permit_rights(fresh.rights.highest())?;
                Ok(Prepared { agent: Some(fresh), secret: Some(self.fresh_password()) })
            }
            Act::Replace(_) => Ok(Prepared { agent: None, secret: Some(self.fresh_password()) }),
        }
    }

    async fn prepare_clone(&self, clone: &CloneAct) -> Result<Prepared, Refusal> {
        let reading = self.reading(&clone.source.connection)?;
        loop {
            let secret = self.fresh_password();
            let sent = Sent { plain: &secret, form: PasswordForm::Configured };
            let (source, echo) = reading.agent_with_echo(&clone.source.id, sent).await?;
            if echo.is_ours() {
                // The very password of the source was drawn: draw again.
                continue;
            }
            self.inner.directory.put(&clone.source.connection, source.clone());
            self.permit_rights(source.rights.highest())?;
            Self::same_as_shown(&source, &clone.fingerprint, &[])?;
            if let Some((other, _)) = reading.agents_by_login(&clone.login, sent).await?.into_iter().next() {
                let by = AgentRef::new(clone.source.connection.clone(), other.id.clone());
                self.inner.directory.put(&clone.source.connection, other);
                let offers = reading.provisioning().map_or_else(Vec::new, |rules| {
                    let on = &clone.source.connection;
                    self.inner.directory.offer_logins(on, &rules.login_pattern, &clone.login, 3)
                });
                return Err(Refusal::LoginTaken { login: clone.login.clone(), by, offers });
            }
            return Ok(Prepared { agent: Some(source), secret: Some(secret) });
        }
    }

    fn same_as_shown(fresh: &Agent, shown: &str, what: &[String]) -> Result<(), Refusal> {
        if fresh.record.fingerprint() == shown {
            Ok(())
        } else {
            Err(Refusal::Changed { login: fresh.login.clone(), what: what.to_vec() })
        }
    }

    /// Takes an intent one step further, and writes down where that led.
    pub(super) async fn advance(&self, intent: Intent, prepared: Prepared) {
        let act: Act = match serde_json::from_str(&intent.act) {
            Ok(act) => act,
            Err(error) => {
                tracing::error!(intent = %intent.id, %error, "a journalled act cannot be read by this version");
                return;
            }
        };
        let step = match self.connected(&act.connection().clone()) {
            Err(_) => Step::Later(format!("{} is not configured any more.", act.connection())),
            Ok(connected) => match intent.state {
                IntentState::Recorded => self.send(&intent, &act, connected, prepared).await,
                IntentState::Sent | IntentState::Doubt => self.look(&intent, &act, connected).await,
                IntentState::Done | IntentState::Failed => return,
            },
        };
        let written = match step {
            Step::Over(ending) => self.conclude(&intent, act, *ending).await,
            Step::Later(why) => self.postpone(&intent, act, why).await,
        };
        if let Err(error) = written {
            // The journal still says where it stood: the settler looks again once the store can be written.
            tracing::error!(intent = %intent.id, %error, "what came of an act could not be written");
            // Kept in hand for a while: a store that takes nothing must not make the bot ask without end.
            tokio::time::sleep(STORE_PAUSE).await;
        }
        self.wake_settler();
    }

    /// Sends an act to its phone system for the first time, or again after it was seen not to have been done.
    pub(super) async fn send(&self, intent: &Intent, act: &Act, on: &Connected, prepared: Prepared) -> Step {
        let by = authorize(intent);
        let secret = match self.inner.ledger.intent_secret(intent.id).await {
            Ok(secret) => secret,
            Err(error) => return Step::Later(error.to_string()),
        };
        match act {
            Act::Clone(clone) => {
                let Some(secret) = secret else { return Ending::failed("its sealed password is gone") };
                let source = match prepared.agent {
                    Some(source) => source,
                    None => match on.reading.agent(&clone.source.id).await {
                        Ok(source) => source,
                        Err(error) => return unsent(&error),
                    },
                };
                if source.record.fingerprint() != clone.fingerprint {
                    return Ending::failed(format!("{} is not as it was shown any more", clone.source_login));
                }
                if let Err(error) = self.inner.ledger.sending(intent.id).await {
                    return Step::Later(error.to_string());
                }
                let new = NewAgent {
                    source: &source,
                    login: &clone.login,
                    details: &clone.details,
                    personal_numbers: clone.personal_numbers.into(),
                    password: Sent { plain: &secret, form: PasswordForm::Configured },
                };
                match on.writing.create_agent(&by, new).await {
                    Ok((agent, _)) => self.created(intent, clone, on, &source, agent, &secret).await,
                    // Sent before: the login may be taken by the very agent that was asked for. That is looked up.
                    Err(error) if intent.attempts > 0 && error.kind == ErrorKind::Refused(LOGIN_TAKEN) => {
                        Step::Later(error.to_string())
                    }
                    Err(error) => unfinished(&error),
                }
            }
            Act::SetState(_) | Act::Edit(_) => self.send_change(intent, act, on, prepared.agent).await,
            Act::ResetPassword(reset) => {
                let Some(secret) = secret else { return Ending::failed("its sealed password is gone") };
                if let Err(error) = self.inner.ledger.sending(intent.id).await {
                    return Step::Later(error.to_string());
                }
                let sent = Sent { plain: &secret, form: PasswordForm::Configured };
                match on.writing.set_password(&by, &reset.agent.id, sent).await {
                    Ok((agent, echo)) => self.password_set(intent, reset, on, agent, echo, &secret).await,
                    Err(error) => unfinished(&error),
                }
            }
            Act::Replace(replace) => self.replace(intent, replace, on, secret).await,
        }
    }

    async fn send_change(&self, intent: &Intent, act: &Act, on: &Connected, prepared: Option<Agent>) -> Step {
        let Some(agent) = act.agent() else { return Ending::failed("it names no agent") };
        let before = match prepared {
            Some(before) => before,
            None => match on.reading.agent(&agent.id).await {
                Ok(before) => before,
                Err(error) => return unsent(&error),
            },
        };
        let shown = match act {
            Act::SetState(state) => &state.fingerprint,
            Act::Edit(edit) => &edit.fingerprint,
            Act::Clone(_) | Act::ResetPassword(_) | Act::Replace(_) => return Ending::failed("it is no change"),
        };
        if before.record.fingerprint() != *shown {
            return Ending::failed(format!("{} is not as it was shown any more", act.login()));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        let by = authorize(intent);
        let answer = match act {
            Act::SetState(state) => match state.to {
                AgentState::Enabled => on.writing.enable_agent(&by, &agent.id).await,
                AgentState::Disabled | AgentState::Unknown => on.writing.disable_agent(&by, &agent.id).await,
            },
            Act::Edit(edit) => on.writing.edit_agent(&by, &before, &edit.change).await,
            Act::Clone(_) | Act::ResetPassword(_) | Act::Replace(_) => return Ending::failed("it is no change"),
        };
        match answer {
            Ok(after) => self.changed(act, on, &before, after).await,
            Err(error) => unfinished(&error),
        }
    }

    /// A change was answered: what is different is read back, not believed.
    pub(super) async fn changed(&self, act: &Act, on: &Connected, before: &Agent, echoed: Agent) -> Step {
        let after = on.reading.agent(&echoed.id).await.unwrap_or(echoed);
        self.inner.directory.put(act.connection(), after.clone());
        let as_asked = match act {
            Act::SetState(state) => after.state == state.to,
            Act::Edit(edit) => super::changes::is_so(&*on.reading, &after, &edit.change),
            Act::Clone(_) | Act::ResetPassword(_) | Act::Replace(_) => true,
        };
        if !as_asked {
            return Ending::untold(format!(
                "{} answered that it was done, but the record reads otherwise",
                act.connection()
            ));
        }
        let differs = in_words(on, before.record.differences(&after.record));
        Ending {
            state: IntentState::Done,
            outcome: Outcome::Changed { differs },
            handover: None,
            after: Some(after.record.fingerprint()),
        }
        .step()
    }

    /// Writes what came of an act, and all that follows from it, in one transaction.
    async fn conclude(&self, intent: &Intent, act: Act, ending: Ending) -> Result<(), LedgerError> {
        let by_the_bot = matches!(act, Act::Replace(_));
        let actor = (!by_the_bot).then_some(intent.actor);
        let undo = match (&ending.after, actor) {
            (Some(after), Some(actor)) => self.offer_undo(actor, &act, after.clone()).await,
            (Some(_) | None, _) => None,
        };
        let verb = match ending.state {
            IntentState::Done => "done",
            IntentState::Failed => "failed",
            IntentState::Recorded | IntentState::Sent | IntentState::Doubt => "in doubt",
        };
        let mut audit = entry(&act, verb, actor, serde_json::json!({ "outcome": ending.outcome }));
        if let Outcome::Created { agent, .. } = &ending.outcome {
            audit.target = agent.to_string();
        }
        let report = Report { intent: intent.id, actor, act, outcome: ending.outcome, undo };
        let mut notices: Vec<NewNotice> = self.log_notice(&Told::Log { report: report.clone() }).into_iter().collect();
        if by_the_bot {
            notices.extend(notice(NoticeTo::Person(intent.actor), &Told::Direct { report: report.clone() }));
        }
        let settles = settles(&report);
        // With a hand-over, the reply follows once it is known whether the recipient could be reached.
        if ending.handover.is_none() {
            notices.extend(reply_notice(intent, &Told::Reply { report: report.clone(), handover: None }));
        }
        let outcome = serde_json::to_string(&report).unwrap_or_default();
        let conclusion =
            Conclusion { state: ending.state, audit, outcome, handover: ending.handover, settles, notices };
        self.inner.ledger.conclude(intent.id, conclusion).await?;
        tracing::info!(intent = %intent.id, act = report.act.name(), outcome = verb, "an act was concluded");
        self.wake_courier();
        Ok(())
    }

    /// Tells the person, once, that the phone system's answer is missing and is being looked for.
    async fn postpone(&self, intent: &Intent, act: Act, why: String) -> Result<(), LedgerError> {
        tracing::warn!(intent = %intent.id, %why, "an act is not settled yet");
        self.inner.ledger.looked(intent.id).await?;
        // What was reported as in doubt stays told so, with its advice, until something is known.
        if intent.looked_at.is_some() || intent.state == IntentState::Doubt {
            return Ok(());
        }
        let report =
            Report { intent: intent.id, actor: Some(intent.actor), act, outcome: Outcome::Looking { why }, undo: None };
        let notices: Vec<NewNotice> =
            reply_notice(intent, &Told::Reply { report, handover: None }).into_iter().collect();
        self.inner.ledger.add_notices(&notices).await?;
        self.wake_courier();
        Ok(())
    }

    /// A line for the log channel.
    pub(super) fn log_notice(&self, told: &Told) -> Option<NewNotice> {
        notice(NoticeTo::Channel(self.inner.log_channel), told)
    }
}

/// The answer to whoever asked; `None` where nobody did.
pub(super) fn reply_notice(intent: &Intent, told: &Told) -> Option<NewNotice> {
    notice(NoticeTo::Reply(intent.interaction?, intent.actor), told)
}

fn notice(to: NoticeTo, told: &Told) -> Option<NewNotice> {
    Some(NewNotice { to, body: serde_json::to_string(told).ok()?, not_before: None })
}

/// The hand-over that an act of the bot itself ends.
const fn settles(report: &Report) -> Option<(HandoverId, HandoverState)> {
    let Act::Replace(replace) = &report.act else { return None };
    let state = match &report.outcome {
        Outcome::Replaced => HandoverState::Replaced,
        Outcome::Created { .. }
        | Outcome::Changed { .. }
        | Outcome::PasswordSet { .. }
        | Outcome::LeftAlone { .. }
        | Outcome::Failed { .. }
        | Outcome::Untold { .. }
        | Outcome::Looking { .. }
        | Outcome::Doubt { .. } => HandoverState::Superseded,
    };
    Some((replace.handover(), state))
}

/// The proof for the writing half: this intent is on disk.
#[expect(clippy::disallowed_methods, reason = "the desk is the one place that authorises a write")]
pub(super) const fn authorize(intent: &Intent) -> Authorized {
    Authorized::by_the_desk(intent.id)
}

/// An audit entry about an act.
pub(super) fn entry(
    act: &Act,
    verb: &str,
    actor: Option<serenity::model::id::UserId>,
    detail: serde_json::Value,
) -> AuditEntry {
    AuditEntry { what: format!("{} {verb}", act.name()), actor, target: act.target(), intent: None, detail }
}

/// Reading failed before anything was sent: nothing changed.
fn unsent(error: &Error) -> Step {
    match error.kind {
        ErrorKind::NotFound | ErrorKind::Refused(_) | ErrorKind::SignedOut | ErrorKind::Unsupported(_) => {
            Ending::failed(error.to_string())
        }
        ErrorKind::RateLimited(_) | ErrorKind::Unreadable(_) | ErrorKind::Unreachable(_) | ErrorKind::Broken(_) => {
            Step::Later(error.to_string())
        }
    }
}

/// A write failed: over when nothing can have changed, else to be looked up.
pub(super) fn unfinished(error: &Error) -> Step {
    match error.took_effect() {
        Effect::None => Ending::failed(error.to_string()),
        Effect::Unknown => Step::Later(error.to_string()),
    }
}

/// Differences in words.
pub(super) fn in_words(on: &Connected, differences: Vec<Difference>) -> Vec<Differs> {
    differences
        .into_iter()
        .map(|d| Differs {
            label: on.reading.label(&d.path),
            before: d.before.map(|json| on.reading.words(&d.path, &json)).unwrap_or_default(),
            after: d.after.map(|json| on.reading.words(&d.path, &json)).unwrap_or_default(),
        })
        .collect()
}

/// What is to be said of a password after `echo`, under the connection's encoding.
pub(super) fn note(encoding: &str, echo: Echo) -> PasswordNote {
    match (encoding, echo) {
        ("plain", Echo::Digested) | ("md5-16", Echo::AsSent) => PasswordNote::Fine,
        ("plain", Echo::AsSent) => PasswordNote::StoresAsSent,
        (_, Echo::AsSent | Echo::Digested | Echo::Masked | Echo::Other) => PasswordNote::TryLogin,
    }
}
