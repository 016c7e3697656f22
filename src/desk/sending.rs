//! Sending an act to its phone system. What came of it is read back where each kind of act is at home.

use rollcall_telephony::{Connected, Difference, PasswordForm, Sent};

use super::Desk;
use super::act::Act;
use super::changing::AgentChange;
use super::creation::Creation;
use super::prepare::Prepared;
use super::report::Differs;
use super::step::{Ending, Step, authorize, unfinished};
use crate::ledger::Intent;

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
            Act::SetState(state) => self.send_change(intent, AgentChange::State(state), on, prepared.agent).await,
            Act::Edit(edit) => self.send_change(intent, AgentChange::Edit(edit), on, prepared.agent).await,
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
