//! Settling: what a crash or a lost answer left open is looked up at the phone system, then finished, sent again or
//! reported as in doubt. A create without an answer is never simply sent again.

use std::time::Duration;

use rollcall_telephony::{Agent, AgentRef, Connected, Echo, ErrorKind, Millis, PasswordForm, Sent};
use secrecy::SecretString;

use super::Desk;
use super::act::{Act, CloneAct, ReplaceAct, ResetAct};
use super::changes::is_so;
use super::journal::{Ending, Prepared, Step, authorize, in_words, note, unfinished};
use super::report::{Masked, Outcome, PasswordNote};
use crate::ledger::{Intent, IntentState, NewHandover};

/// How long after it was sent an act may at least still be on its way inside a phone system; the connection's own
/// timeout counts where it is longer. Only after that is an absent agent created once more.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// How often an act is sent at the most.
const MOST_ATTEMPTS: u32 = 3;

/// Looks while it can still appear at any moment: after 1, 2, 4 … seconds, at most this far apart.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How long a created agent may take to show up in reads.
const VISIBLE_WITHIN: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

impl Desk {
    /// Settles what is open, now and whenever it is due, until `stop` resolves.
    pub async fn settle_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = self.settle_due().await;
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep(at.since(self.now())).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wait => {}
                () = self.inner.unsettled.notified() => {}
            }
        }
    }

    /// Settles what is due; tells when the next look is.
    async fn settle_due(&self) -> Option<Millis> {
        let open = match self.inner.ledger.open_intents().await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read");
                return Some(self.now() + LOOK_EVERY);
            }
        };
        let mut next: Option<Millis> = None;
        for intent in open {
            let due = look_at(&intent);
            if due > self.now() {
                next = Some(next.map_or(due, |n| n.min(due)));
            } else if let Some(in_hand) = self.take_in_hand(intent.id) {
                // Read again: it may have been concluded between the listing and the taking.
                if let Ok(Some(intent)) = self.inner.ledger.intent(intent.id).await {
                    let desk = self.clone();
                    tokio::spawn(async move {
                        desk.advance(intent, Prepared::default()).await;
                        drop(in_hand);
                        desk.wake_settler();
                    });
                }
            }
        }
        next
    }

    /// Looks up what came of an act that was sent.
    pub(super) async fn look(&self, intent: &Intent, act: &Act, on: &Connected) -> Step {
        let secret = match self.inner.ledger.intent_secret(intent.id).await {
            Ok(secret) => secret,
            Err(error) => return Step::Later(error.to_string()),
        };
        match (act, secret) {
            (Act::Clone(clone), Some(secret)) => self.look_for_created(intent, clone, on, &secret).await,
            (Act::ResetPassword(reset), Some(secret)) => self.look_at_password(intent, reset, on, &secret).await,
            (Act::Clone(_) | Act::ResetPassword(_), None) => Ending::failed("its sealed password is gone"),
            (Act::SetState(_) | Act::Edit(_), _) => self.look_at_change(intent, act, on).await,
            (Act::Replace(replace), secret) => self.replace(intent, replace, on, secret).await,
        }
    }

    async fn look_for_created(&self, intent: &Intent, clone: &CloneAct, on: &Connected, secret: &SecretString) -> Step {
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        let found = match on.reading.agents_by_login(&clone.login, sent).await {
            Ok(found) => found,
            Err(error) => return Step::Later(error.to_string()),
        };
        if let Some((agent, _)) = found.iter().find(|(_, echo)| echo.is_ours()) {
            let source = on.reading.agent(&clone.source.id).await;
            return match source {
                Ok(source) => self.created(intent, clone, on, &source, agent.clone(), secret).await,
                // Without its source nothing can be compared; the agent is there all the same.
                Err(error) if error.kind == ErrorKind::NotFound => {
                    self.created(intent, clone, on, agent, agent.clone(), secret).await
                }
                Err(error) => Step::Later(error.to_string()),
            };
        }
        let masked = found.iter().find(|(_, echo)| *echo == Echo::Masked);
        match (masked, found.first()) {
            (Some((agent, _)), _) => self.doubt(
                intent,
                format!(
                    "an agent {} exists, but {} does not show what password it holds, so it cannot be told \
                     whether it is the one that was asked for",
                    clone.login, clone.source.connection
                ),
                Some(AgentRef::new(clone.source.connection.clone(), agent.id.clone())),
            ),
            (None, Some(_)) => Ending::failed(format!("the login {} was taken by somebody else", clone.login)),
            (None, None) => self.absent(intent, clone, on).await,
        }
    }

    /// There is no agent of that login.
    async fn absent(&self, intent: &Intent, clone: &CloneAct, on: &Connected) -> Step {
        let now = self.now();
        let sent_at = intent.sent_at.unwrap_or(intent.recorded_at);
        let given_up = intent.recorded_at + self.inner.passwords.expires;
        if now >= given_up {
            return Ending::untold(format!("{} never showed up in {}", clone.login, clone.source.connection));
        }
        if sent_at <= now && now.since(sent_at) < ON_ITS_WAY.max(on.reading.timeout()) {
            return Step::Later(format!("{} is not in the list of {} yet", clone.login, clone.source.connection));
        }
        if intent.attempts < MOST_ATTEMPTS {
            return self.send(intent, &Act::Clone(clone.clone()), on, Prepared::default()).await;
        }
        self.doubt(
            intent,
            format!(
                "{} did not confirm that {} was created, and does not list it",
                clone.source.connection, clone.login
            ),
            None,
        )
    }

    /// Reports doubt once; afterwards it is only looked again.
    fn doubt(&self, intent: &Intent, why: String, agent: Option<AgentRef>) -> Step {
        let until = intent.recorded_at + self.inner.passwords.expires;
        if self.now() >= until {
            return Ending::untold(why);
        }
        if intent.state == IntentState::Doubt {
            return Step::Later(why);
        }
        Ending { state: IntentState::Doubt, outcome: Outcome::Doubt { why, until, agent }, handover: None, after: None }
            .step()
    }

    async fn look_at_password(&self, intent: &Intent, reset: &ResetAct, on: &Connected, secret: &SecretString) -> Step {
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        match on.reading.agent_with_echo(&reset.agent.id, sent).await {
            Ok((agent, echo)) if echo.is_ours() => self.password_set(intent, reset, on, agent, echo, secret).await,
            // Setting the same password again changes nothing more than setting it once.
            Ok(_) if intent.attempts < MOST_ATTEMPTS => {
                self.send(intent, &Act::ResetPassword(reset.clone()), on, Prepared::default()).await
            }
            Ok(_) => self.doubt(
                intent,
                format!("{} did not confirm the new password of {}", reset.agent.connection, reset.login),
                Some(reset.agent.clone()),
            ),
            Err(error) if error.kind == ErrorKind::NotFound => Ending::failed(error.to_string()),
            Err(error) => Step::Later(error.to_string()),
        }
    }

    async fn look_at_change(&self, intent: &Intent, act: &Act, on: &Connected) -> Step {
        let Some(agent) = act.agent() else { return Ending::failed("it names no agent") };
        let fresh = match on.reading.agent(&agent.id).await {
            Ok(fresh) => fresh,
            Err(error) if error.kind == ErrorKind::NotFound => return Ending::failed(error.to_string()),
            Err(error) => return Step::Later(error.to_string()),
        };
        let (so, before) = match act {
            Act::SetState(state) => (fresh.state == state.to, &state.fingerprint),
            Act::Edit(edit) => (is_so(&*on.reading, &fresh, &edit.change), &edit.fingerprint),
            Act::Clone(_) | Act::ResetPassword(_) | Act::Replace(_) => return Ending::failed("it is no change"),
        };
        if so {
            return self.changed(act, on, &fresh.clone(), fresh).await;
        }
        if fresh.record.fingerprint() != *before {
            return Ending::untold(format!("{} was changed by somebody else meanwhile", act.login()));
        }
        if intent.attempts < MOST_ATTEMPTS {
            return self.send(intent, act, on, Prepared::default()).await;
        }
        Ending::untold(format!("{} did not do it, asked {MOST_ATTEMPTS} times", act.connection()))
    }

    /// The agent exists: read back, its password repaired where the server turned out to hash, compared with the source.
    pub(super) async fn created(
        &self,
        intent: &Intent,
        clone: &CloneAct,
        on: &Connected,
        source: &Agent,
        echoed: Agent,
        secret: &SecretString,
    ) -> Step {
        let (agent, echo) = match self.read_back(on, echoed, secret).await {
            Ok(read) => read,
            Err(why) => return Step::Later(why),
        };
        let password = match self.settle_password(intent, on, &agent, echo, secret).await {
            Ok(note) => note,
            Err(step) => return step,
        };
        self.inner.directory.put(&clone.source.connection, agent.clone());
        let numbers = clone.personal_numbers.into();
        let deviations = on.reading.deviations(source, &agent, &clone.login, &clone.details, numbers);
        let at = AgentRef::new(clone.source.connection.clone(), agent.id.clone());
        let outcome = Outcome::Created {
            agent: at.clone(),
            login: agent.login.clone(),
            differs: in_words(on, deviations),
            password,
        };
        Ending {
            state: IntentState::Done,
            outcome,
            handover: self.handover_for(password, intent, at, agent.login, clone.recipient),
            after: None,
        }
        .step()
    }

    /// A password was set: checked, repaired where needed, handed over.
    pub(super) async fn password_set(
        &self,
        intent: &Intent,
        reset: &ResetAct,
        on: &Connected,
        agent: Agent,
        echo: Echo,
        secret: &SecretString,
    ) -> Step {
        let password = match self.settle_password(intent, on, &agent, echo, secret).await {
            Ok(note) => note,
            Err(step) => return step,
        };
        self.inner.directory.put(&reset.agent.connection, agent.clone());
        Ending {
            state: IntentState::Done,
            outcome: Outcome::PasswordSet { password },
            handover: self.handover_for(password, intent, reset.agent.clone(), agent.login, reset.recipient),
            after: None,
        }
        .step()
    }

    /// A hand-over for a password that is usable.
    fn handover_for(
        &self,
        note: PasswordNote,
        intent: &Intent,
        agent: AgentRef,
        login: String,
        recipient: serenity::model::id::UserId,
    ) -> Option<NewHandover> {
        if note == PasswordNote::RepairFailed {
            return None;
        }
        let passwords = &self.inner.passwords;
        Some(NewHandover {
            agent,
            login,
            requester: intent.actor,
            recipient,
            delivery: passwords.delivery,
            expires_at: self.now() + passwords.expires,
        })
    }

    /// Reads a created agent back; one that takes a while to show up is waited for.
    async fn read_back(&self, on: &Connected, echoed: Agent, secret: &SecretString) -> Result<(Agent, Echo), String> {
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        let mut waits = VISIBLE_WITHIN.iter();
        loop {
            match on.reading.agent_with_echo(&echoed.id, sent).await {
                Ok(read) => return Ok(read),
                Err(error) => match (waits.next(), &error.kind) {
                    (Some(wait), ErrorKind::NotFound) => tokio::time::sleep(*wait).await,
                    (Some(_) | None, _) => return Err(error.to_string()),
                },
            }
        }
    }

    /// What is to be said of the password; repairs an account whose server hashed the digest it was sent.
    async fn settle_password(
        &self,
        intent: &Intent,
        on: &Connected,
        agent: &Agent,
        echo: Echo,
        secret: &SecretString,
    ) -> Result<PasswordNote, Step> {
        let encoding = on.reading.provisioning().map_or("plain", |rules| rules.password_encoding);
        if (encoding, echo) != ("md5-16", Echo::Digested) {
            return Ok(note(encoding, echo));
        }
        let plain = Sent { plain: secret, form: PasswordForm::Plain };
        match on.writing.set_password(&authorize(intent), &agent.id, plain).await {
            Ok(_) => match on.reading.agent_with_echo(&agent.id, plain).await {
                Ok((_, Echo::Digested)) => Ok(PasswordNote::Repaired),
                Ok((_, Echo::AsSent | Echo::Masked | Echo::Other)) => Ok(PasswordNote::TryLogin),
                Err(error) => Err(Step::Later(error.to_string())),
            },
            Err(error) => match unfinished(&error) {
                Step::Later(why) => Err(Step::Later(why)),
                Step::Over(_) => Ok(PasswordNote::RepairFailed),
            },
        }
    }

    /// Replaces a password that nobody opened, if the phone system still holds it.
    pub(super) async fn replace(
        &self,
        intent: &Intent,
        replace: &ReplaceAct,
        on: &Connected,
        fresh: Option<SecretString>,
    ) -> Step {
        let Some(fresh) = fresh else { return Ending::failed("its sealed password is gone") };
        let old = match self.inner.ledger.handover_secret(replace.handover()).await {
            Ok(Some(old)) => old,
            Ok(None) => return Ending::done(Outcome::LeftAlone { masked: Masked::Shown }),
            Err(error) => return Step::Later(error.to_string()),
        };
        let held = Sent { plain: &old, form: PasswordForm::Configured };
        let plainly = Sent { plain: &old, form: PasswordForm::Plain };
        let echo = match on.reading.agent_with_echo(&replace.agent.id, held).await {
            Ok((_, echo)) if echo.is_ours() => echo,
            // A repaired account holds it in the plain form.
            Ok((_, echo)) => match on.reading.agent_with_echo(&replace.agent.id, plainly).await {
                Ok((_, plain)) if plain.is_ours() => plain,
                Ok(_) => echo,
                Err(error) => return Step::Later(error.to_string()),
            },
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Ending::done(Outcome::LeftAlone { masked: Masked::Shown });
            }
            Err(error) => return Step::Later(error.to_string()),
        };
        match echo {
            Echo::AsSent | Echo::Digested => {}
            Echo::Masked => return Ending::done(Outcome::LeftAlone { masked: Masked::Hidden }),
            Echo::Other => return replaced_or_not(replace, on, &fresh).await,
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        let sent = Sent { plain: &fresh, form: PasswordForm::Configured };
        match on.writing.set_password(&authorize(intent), &replace.agent.id, sent).await {
            Ok(_) => Ending::done(Outcome::Replaced),
            Err(error) => unfinished(&error),
        }
    }
}

/// The old password is gone: because the fresh one was set before a crash, or because somebody set another.
async fn replaced_or_not(replace: &ReplaceAct, on: &Connected, fresh: &SecretString) -> Step {
    let sent = Sent { plain: fresh, form: PasswordForm::Configured };
    match on.reading.agent_with_echo(&replace.agent.id, sent).await {
        Ok((_, echo)) if echo.is_ours() => Ending::done(Outcome::Replaced),
        Ok(_) => Ending::done(Outcome::LeftAlone { masked: Masked::Shown }),
        Err(error) => Step::Later(error.to_string()),
    }
}

/// When an open intent is looked at next: at once when it was never sent, then less and less often.
fn look_at(intent: &Intent) -> Millis {
    let Some(looked) = intent.looked_at else {
        return intent.sent_at.map_or(intent.recorded_at, |sent| sent + Duration::from_secs(1));
    };
    let since_sent = looked.since(intent.sent_at.unwrap_or(intent.recorded_at));
    let pause = match intent.state {
        IntentState::Doubt => LOOK_EVERY * 10,
        IntentState::Recorded | IntentState::Sent | IntentState::Done | IntentState::Failed => {
            since_sent.clamp(Duration::from_secs(1), LOOK_EVERY)
        }
    };
    looked + pause
}
