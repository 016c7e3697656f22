//! Sending an act to its phone system, and reading back what came of it.

use rollcall_telephony::{Agent, AgentState, Connected, Difference, ErrorKind, NewAgent, PasswordForm, Sent};

use super::Desk;
use super::act::Act;
use super::prepare::Prepared;
use super::report::{Differs, Outcome};
use super::step::{Ending, Step, authorize, unfinished, unsent};
use crate::ledger::{Intent, IntentState};

/// What a phone system says to a create whose login is there already.
const LOGIN_TAKEN: rollcall_telephony::Refusal = rollcall_telephony::Refusal::NameTaken;

impl Desk {
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
