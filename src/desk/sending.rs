//! Sending an act to its phone system, and reading back what came of it.

use rollcall_telephony::{Agent, AgentState, Connected, Difference, PasswordForm, Sent};

use super::Desk;
use super::act::Act;
use super::creation::Creation;
use super::prepare::Prepared;
use super::report::{Differs, Outcome};
use super::step::{Ending, Step, authorize, unfinished, unsent};
use crate::ledger::{Intent, IntentState};

impl Desk {
    /// Sends an act to its phone system for the first time, or again after it was seen not to have been done.
    pub(super) async fn send(&self, intent: &Intent, act: &Act, on: &Connected, prepared: Prepared) -> Step {
        let secret = match self.inner.ledger.intent_secret(intent.id).await {
            Ok(secret) => secret,
            Err(error) => return Step::Later(error.to_string()),
        };
        match act {
            Act::Clone(_) | Act::Restore(_) => match (Creation::of(act), secret) {
                (Some(new), Some(secret)) => self.create(intent, new, on, prepared.agent, &secret).await,
                (_, _) => Ending::failed("its sealed password is gone"),
            },
            Act::Delete(delete) => self.delete(intent, delete, on, prepared.agent).await,
            Act::SetState(_) | Act::Edit(_) => self.send_change(intent, act, on, prepared.agent).await,
            Act::ResetPassword(reset) => {
                let Some(secret) = secret else { return Ending::failed("its sealed password is gone") };
                if let Err(error) = self.inner.ledger.sending(intent.id).await {
                    return Step::Later(error.to_string());
                }
                let sent = Sent { plain: &secret, form: PasswordForm::Configured };
                match on.writing.set_password(&authorize(intent), &reset.agent.id, sent).await {
                    Ok((agent, echo)) => self.password_set(intent, reset, on, agent, echo, &secret).await,
                    Err(error) => unfinished(&error),
                }
            }
            Act::Replace(replace) => self.replace(intent, replace, on, secret).await,
            Act::Presence(presence) => self.change_presence(intent, presence).await,
            Act::Extension(extension) => self.change_extensions(intent, extension, on, prepared).await,
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
            Act::Clone(_)
            | Act::ResetPassword(_)
            | Act::Delete(_)
            | Act::Restore(_)
            | Act::Replace(_)
            | Act::Presence(_)
            | Act::Extension(_) => {
                return Ending::failed("it is no change");
            }
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
            Act::Clone(_)
            | Act::ResetPassword(_)
            | Act::Delete(_)
            | Act::Restore(_)
            | Act::Replace(_)
            | Act::Presence(_)
            | Act::Extension(_) => {
                return Ending::failed("it is no change");
            }
        };
        match answer {
            Ok(after) => self.changed(act, on, &before, after).await,
            Err(error) => unfinished(&error),
        }
    }

    /// A change was answered: what is different is read back, not believed.
    pub(super) async fn changed(&self, act: &Act, on: &Connected, before: &Agent, echoed: Agent) -> Step {
        let after = on.reading.agent(&echoed.id).await.unwrap_or(echoed);
        self.put(act.connection(), after.clone()).await;
        let as_asked = match act {
            Act::SetState(state) => after.state == state.to,
            Act::Edit(edit) => super::changes::is_so(&*on.reading, &after, &edit.change),
            Act::Clone(_)
            | Act::ResetPassword(_)
            | Act::Delete(_)
            | Act::Restore(_)
            | Act::Replace(_)
            | Act::Presence(_)
            | Act::Extension(_) => true,
        };
        if !as_asked {
            return Ending::untold(format!(
                "{} answered that it was done, but the record reads otherwise",
                act.connection()
            ));
        }
        let differs = in_words(on, before.record.differences(&after.record));
        Ending { after: Some(after), ..Ending::new(IntentState::Done, Outcome::Changed { differs }) }.step()
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
