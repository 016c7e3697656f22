//! Passwords at the phone system: checked after they were set, repaired where the server turned out to hash, replaced
//! when nobody opened them.

use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{Ability, Agent, AgentRef, Connected, Echo, ErrorKind, PasswordForm, Sent};
use secrecy::SecretString;

use super::act::{ReplaceAct, ResetAct};
use super::conduct::{Conduct, Gives};
use super::creation::Creation;
use super::prepare::{Prepared, same_as_shown};
use super::report::{Masked, Outcome, PasswordNote};
use super::settle::MOST_ATTEMPTS;
use super::step::{Ending, Step, authorize, in_words, unfinished};
use super::{Desk, Refusal};
use crate::ledger::{HandoverId, HandoverState, Intent, IntentState, NewHandover};

/// How long a created agent may take to show up in reads.
const VISIBLE_WITHIN: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

#[async_trait]
impl Conduct for ResetAct {
    fn ability(&self) -> Ability {
        Ability::SetPassword
    }

    fn gives(&self) -> Gives {
        Gives::Password
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let fresh = desk.read_fresh(&self.agent).await?;
        desk.not_our_own(&self.agent, &fresh.login).await?;
        // Empty in those of the version before.
        if !self.fingerprint.is_empty() {
            same_as_shown(&fresh, &self.fingerprint, &[])?;
        }
        let second = desk.second_for_rights(fresh.rights.highest());
        Ok(Prepared { agent: Some(fresh), secret: Some(desk.fresh_password()), second, ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, _prepared: Prepared) -> Step {
        match desk.sealed_password(intent).await {
            Ok(secret) => desk.set_password(intent, self, on, &secret).await,
            Err(step) => step,
        }
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        match desk.sealed_password(intent).await {
            Ok(secret) => desk.look_at_password(intent, self, on, &secret).await,
            Err(step) => step,
        }
    }
}

#[async_trait]
impl Conduct for ReplaceAct {
    fn ability(&self) -> Ability {
        Ability::SetPassword
    }

    fn gives(&self) -> Gives {
        Gives::Password
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        Ok(Prepared { secret: Some(desk.fresh_password()), ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, _prepared: Prepared) -> Step {
        match desk.sealed_password(intent).await {
            Ok(secret) => desk.replace(intent, self, on, &secret).await,
            Err(step) => step,
        }
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        self.send(desk, intent, on, Prepared::default()).await
    }

    fn settles(&self, outcome: &Outcome) -> Option<(HandoverId, HandoverState)> {
        let state = match outcome {
            Outcome::Replaced => HandoverState::Replaced,
            Outcome::Created { .. }
            | Outcome::Changed { .. }
            | Outcome::PasswordSet { .. }
            | Outcome::Deleted { .. }
            | Outcome::Presence { .. }
            | Outcome::ExtensionCreated { .. }
            | Outcome::ExtensionDeleted { .. }
            | Outcome::Batch { .. }
            | Outcome::Moved { .. }
            | Outcome::LeftAlone { .. }
            | Outcome::Failed { .. }
            | Outcome::Untold { .. }
            | Outcome::Looking { .. }
            | Outcome::Doubt { .. } => HandoverState::Superseded,
        };
        Some((self.handover(), state))
    }
}

impl Desk {
    /// The agent exists: read back, its password repaired where the server turned out to hash, compared with the source.
    pub(super) async fn created(
        &self,
        intent: &Intent,
        new: Creation<'_>,
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
        self.put(new.connection, agent.clone()).await;
        let deviations = on.reading.deviations(source, &agent, new.login, new.details, new.numbers);
        let at = AgentRef::new(new.connection.clone(), agent.id.clone());
        let kept = new.settles(&agent);
        let outcome = Outcome::Created {
            agent: at.clone(),
            login: agent.login.clone(),
            differs: in_words(on, deviations),
            password,
        };
        let handover = self.handover_for(password, intent, at, agent.login, new.recipient);
        Ending { handover, kept, ..Ending::new(IntentState::Done, outcome) }.step()
    }

    /// Sets the password that was sealed for it.
    async fn set_password(&self, intent: &Intent, reset: &ResetAct, on: &Connected, secret: &SecretString) -> Step {
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        match on.writing.set_password(&authorize(intent), &reset.agent.id, sent).await {
            Ok((agent, echo)) => self.password_set(intent, reset, on, agent, echo, secret).await,
            Err(error) => unfinished(&error),
        }
    }

    /// Looks up whether the password that was sent is there.
    async fn look_at_password(&self, intent: &Intent, reset: &ResetAct, on: &Connected, secret: &SecretString) -> Step {
        let sent = Sent { plain: secret, form: PasswordForm::Configured };
        match on.reading.agent_with_echo(&reset.agent.id, sent).await {
            Ok((agent, echo)) if echo.is_ours() => self.password_set(intent, reset, on, agent, echo, secret).await,
            // Setting the same password again changes nothing more than setting it once.
            Ok(_) if intent.attempts < MOST_ATTEMPTS => self.set_password(intent, reset, on, secret).await,
            Ok(_) => self.doubt(
                intent,
                format!("{} did not confirm the new password of {}", reset.agent.connection, reset.login),
                Some(reset.agent.clone()),
            ),
            Err(error) if error.kind == ErrorKind::NotFound => Ending::failed(error.to_string()),
            Err(error) => Step::Later(error.to_string()),
        }
    }

    /// A password was set: checked, repaired where needed, handed over.
    async fn password_set(
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
        self.put(&reset.agent.connection, agent.clone()).await;
        let handover = self.handover_for(password, intent, reset.agent.clone(), agent.login, reset.recipient);
        Ending { handover, ..Ending::new(IntentState::Done, Outcome::PasswordSet { password }) }.step()
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
    async fn replace(&self, intent: &Intent, replace: &ReplaceAct, on: &Connected, fresh: &SecretString) -> Step {
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
            Echo::Other => return replaced_or_not(replace, on, fresh).await,
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        let sent = Sent { plain: fresh, form: PasswordForm::Configured };
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

/// What is to be said of a password after `echo`, under the connection's encoding.
pub(super) fn note(encoding: &str, echo: Echo) -> PasswordNote {
    match (encoding, echo) {
        ("plain", Echo::Digested) | ("md5-16", Echo::AsSent) => PasswordNote::Fine,
        ("plain", Echo::AsSent) => PasswordNote::StoresAsSent,
        (_, Echo::AsSent | Echo::Digested | Echo::Masked | Echo::Other) => PasswordNote::TryLogin,
    }
}
