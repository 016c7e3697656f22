//! Settling: what a crash or a lost answer left open is looked up at the phone system, then finished, sent again or
//! reported as in doubt. A create without an answer is never simply sent again.

use std::time::Duration;

use rollcall_telephony::{Agent, AgentRef, Connected, Echo, ErrorKind, Millis, PasswordForm, Sent};
use secrecy::SecretString;

use super::Desk;
use super::act::{Act, ResetAct};
use super::changing::AgentChange;
use super::creation::Creation;
use super::prepare::Prepared;
use super::report::Outcome;
use super::step::{Ending, Step};
use crate::ledger::{Intent, IntentState};

/// How long after it was sent an act may at least still be on its way inside a phone system; the connection's own
/// timeout counts where it is longer. Only after that is an absent agent created once more.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// How often an act is sent at the most.
pub(super) const MOST_ATTEMPTS: u32 = 3;

/// Looks while it can still appear at any moment: after 1, 2, 4 … seconds, at most this far apart.
const LOOK_EVERY: Duration = Duration::from_secs(30);

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
    pub(super) async fn settle_due(&self) -> Option<Millis> {
        let open = match self.inner.ledger.open_intents().await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read");
                return Some(self.now() + LOOK_EVERY);
            }
        };
        let mut next: Option<Millis> = None;
        for intent in open {
            let (due, touched) = (look_at(&intent), last_touched(&intent));
            // A clock that was set back since puts nothing off.
            if due > self.now() && touched <= self.now() {
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
        if let (Some(new), Some(secret)) = (Creation::of(act), &secret) {
            return self.look_for_created(intent, act, new, on, secret).await;
        }
        match (act, secret) {
            (Act::ResetPassword(reset), Some(secret)) => self.look_at_password(intent, reset, on, &secret).await,
            (Act::Clone(_) | Act::Restore(_) | Act::ResetPassword(_), _) => {
                Ending::failed("its sealed password is gone")
            }
            (Act::SetState(state), _) => self.look_at_change(intent, AgentChange::State(state), on).await,
            (Act::Edit(edit), _) => self.look_at_change(intent, AgentChange::Edit(edit), on).await,
            (Act::Delete(delete), _) => self.delete(intent, delete, on, None).await,
            (Act::Replace(replace), secret) => self.replace(intent, replace, on, secret).await,
            (Act::Presence(presence), _) => self.change_presence(intent, presence).await,
            (Act::Extension(extension), _) => self.change_extensions(intent, extension, on, Prepared::default()).await,
        }
    }

    async fn look_for_created(
        &self,
        intent: &Intent,
        act: &Act,
        new: Creation<'_>,
        on: &Connected,
        secret: &SecretString,
    ) -> Step {
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        if let Some(made) = &intent.made {
            match on.reading.agent_with_echo(made, sent).await {
                Ok((agent, _)) => return self.found_created(intent, new, on, &agent, secret).await,
                Err(error) if error.kind == ErrorKind::NotFound => {}
                Err(error) => return Step::Later(error.to_string()),
            }
        }
        let found = match on.reading.agents_by_login(new.login, sent).await {
            Ok(found) => found,
            Err(error) => return Step::Later(error.to_string()),
        };
        if let Some((agent, _)) = found.iter().find(|(_, echo)| echo.is_ours()) {
            return self.found_created(intent, new, on, agent, secret).await;
        }
        let masked = found.iter().find(|(_, echo)| *echo == Echo::Masked);
        match (masked, found.first()) {
            (Some((agent, _)), _) => self.doubt(
                intent,
                format!(
                    "an agent {} exists, but {} does not show what password it holds, so it cannot be told \
                     whether it is the one that was asked for",
                    new.login, new.connection
                ),
                Some(AgentRef::new(new.connection.clone(), agent.id.clone())),
            ),
            (None, Some(_)) => Ending::failed(format!("the login {} was taken by somebody else", new.login)),
            (None, None) => self.absent(intent, act, new, on).await,
        }
    }

    /// The agent that was asked for is there.
    async fn found_created(
        &self,
        intent: &Intent,
        new: Creation<'_>,
        on: &Connected,
        agent: &Agent,
        secret: &SecretString,
    ) -> Step {
        match self.origin(new, on).await {
            Ok(Some(source)) => self.created(intent, new, on, &source, agent.clone(), secret).await,
            // Without its source nothing can be compared; the agent is there all the same.
            Ok(None) => self.created(intent, new, on, agent, agent.clone(), secret).await,
            Err(Step::Later(why)) => Step::Later(why),
            Err(Step::Over(_)) => Step::Later(format!("{} does not answer", new.connection)),
        }
    }

    /// There is no agent of that login.
    async fn absent(&self, intent: &Intent, act: &Act, new: Creation<'_>, on: &Connected) -> Step {
        let now = self.now();
        let given_up = intent.recorded_at + self.inner.passwords.expires;
        if now >= given_up {
            return Ending::untold(format!("{} never showed up in {}", new.login, new.connection));
        }
        if may_be_on_its_way(intent, on, now) {
            return Step::Later(format!("{} is not in the list of {} yet", new.login, new.connection));
        }
        if intent.attempts < MOST_ATTEMPTS {
            return self.send(intent, act, on, Prepared::default()).await;
        }
        self.doubt(
            intent,
            format!("{} did not confirm that {} was created, and does not list it", new.connection, new.login),
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
        Ending::new(IntentState::Doubt, Outcome::Doubt { why, until, agent }).step()
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
}

/// Whether what was sent may still be on its way inside a phone system. A clock that was set back since tells nothing.
pub(super) fn may_be_on_its_way(intent: &Intent, on: &Connected, now: Millis) -> bool {
    let sent_at = intent.sent_at.unwrap_or(intent.recorded_at);
    sent_at <= now && now.since(sent_at) < ON_ITS_WAY.max(on.reading.timeout())
}

/// When something was last done about an open intent.
fn last_touched(intent: &Intent) -> Millis {
    intent.recorded_at.max(intent.sent_at.unwrap_or_default()).max(intent.looked_at.unwrap_or_default())
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
