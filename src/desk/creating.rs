//! Creating an agent: checked once more, sent, looked up after a lost answer. A create without an answer is never simply
//! sent again. What a created agent is like is checked in `passwords.rs`.

use async_trait::async_trait;
use rollcall_telephony::{Ability, Agent, AgentRef, Connected, Echo, ErrorKind, NewAgent, PasswordForm, Sent};
use secrecy::{ExposeSecret as _, SecretString};

use super::act::{CloneAct, RestoreAct};
use super::conduct::{Conduct, Gives};
use super::creation::{Creation, Origin};
use super::prepare::{Prepared, same_as_shown};
use super::settle::{MOST_ATTEMPTS, may_be_on_its_way};
use super::step::{Ending, Step, authorize, unfinished, unsent};
use super::{Desk, Refusal};
use crate::ledger::{Intent, KeptId, LedgerError};

/// What a phone system says to a create whose login is there already.
const LOGIN_TAKEN: rollcall_telephony::Refusal = rollcall_telephony::Refusal::NameTaken;

#[async_trait]
impl Conduct for CloneAct {
    fn ability(&self) -> Ability {
        Ability::CloneAgent
    }

    fn gives(&self) -> Gives {
        Gives::Password
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let reading = desk.reading(&self.source.connection)?;
        loop {
            let secret = desk.fresh_password();
            let sent = Sent { plain: &secret, form: PasswordForm::Configured };
            let (source, echo) = reading.agent_with_echo(&self.source.id, sent).await?;
            if echo.is_ours() {
                // The very password of the source was drawn: draw again.
                continue;
            }
            desk.inner.directory.put(&self.source.connection, source.clone());
            same_as_shown(&source, &self.fingerprint, &[])?;
            desk.login_is_free(&self.source.connection, &self.login, sent).await?;
            let second = desk.second_for_rights(source.rights.highest());
            return Ok(Prepared { agent: Some(source), secret: Some(secret), second, ..Prepared::default() });
        }
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.send_creation(intent, self.into(), on, prepared.agent).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.look_for_created(intent, self.into(), on).await
    }
}

#[async_trait]
impl Conduct for RestoreAct {
    fn ability(&self) -> Ability {
        Ability::CloneAgent
    }

    fn gives(&self) -> Gives {
        Gives::Password
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let record = desk.kept_to_restore(self.kept(), &self.login).await?;
        let secret = desk.fresh_password();
        let sent = Sent { plain: &secret, form: PasswordForm::Configured };
        desk.login_is_free(&self.was.connection, &self.login, sent).await.map_err(|refusal| match refusal {
            Refusal::LoginTaken { login, by, .. } => Refusal::RestoreTaken { login, by },
            other => other,
        })?;
        let second = desk.second_for_rights(record.rights.highest());
        Ok(Prepared { agent: Some(record), secret: Some(secret), second, ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.send_creation(intent, self.into(), on, prepared.agent).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.look_for_created(intent, self.into(), on).await
    }
}

impl Desk {
    /// Sends a create with the password that was sealed for it.
    async fn send_creation(&self, intent: &Intent, new: Creation<'_>, on: &Connected, prepared: Option<Agent>) -> Step {
        match self.sealed_password(intent).await {
            Ok(secret) => self.create(intent, new, on, prepared, &secret).await,
            Err(step) => step,
        }
    }

    /// Sends a create, unless the record it starts from is not the one that was shown.
    async fn create(
        &self,
        intent: &Intent,
        new: Creation<'_>,
        on: &Connected,
        prepared: Option<Agent>,
        secret: &SecretString,
    ) -> Step {
        let source = match prepared {
            Some(source) => source,
            None => match self.origin(new, on).await {
                Ok(Some(source)) => source,
                Ok(None) => return Ending::failed("the record it was to be made from is gone"),
                Err(step) => return step,
            },
        };
        if let Origin::Agent { login, fingerprint, .. } = new.origin
            && source.record.fingerprint() != fingerprint
        {
            return Ending::failed(format!("{login} is not as it was shown any more"));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        let agent = NewAgent {
            source: &source,
            login: new.login,
            details: new.details,
            personal_numbers: new.numbers,
            password: Sent { plain: secret, form: PasswordForm::Configured },
        };
        match on.writing.create_agent(&authorize(intent), agent).await {
            Ok((agent, _)) => {
                // Should it not be there to be read for a while, this is how it is known again.
                if let Err(error) = self.inner.ledger.made(intent.id, &agent.id).await {
                    tracing::warn!(%error, "which agent was created could not be noted");
                }
                self.created(intent, new, on, &source, agent, secret).await
            }
            // Sent before: the login may be taken by the very agent that was asked for. That is looked up.
            Err(error) if intent.attempts > 0 && error.kind == ErrorKind::Refused(LOGIN_TAKEN) => {
                Step::Later(error.to_string())
            }
            Err(error) => unfinished(&error),
        }
    }

    /// The record it starts from; `None`: it is gone.
    async fn origin(&self, new: Creation<'_>, on: &Connected) -> Result<Option<Agent>, Step> {
        match new.origin {
            Origin::Agent { source, .. } => match on.reading.agent(&source.id).await {
                Ok(source) => Ok(Some(source)),
                Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unsent(&error)),
            },
            Origin::Kept(kept) => self.kept_agent(kept).await.map_err(|error| Step::Later(error.to_string())),
        }
    }

    /// A deleted agent as its sealed record tells it; `None` when it is gone.
    pub(super) async fn kept_agent(&self, kept: KeptId) -> Result<Option<Agent>, LedgerError> {
        let sealed = self.inner.ledger.kept_record(kept).await?;
        Ok(sealed.and_then(|json| serde_json::from_str(json.expose_secret()).ok()))
    }

    /// Looks up what came of a create that was sent.
    async fn look_for_created(&self, intent: &Intent, new: Creation<'_>, on: &Connected) -> Step {
        let secret = match self.sealed_password(intent).await {
            Ok(secret) => secret,
            Err(step) => return step,
        };
        let sent = Sent { plain: &secret, form: PasswordForm::Configured };
        if let Some(made) = &intent.made {
            match on.reading.agent_with_echo(made, sent).await {
                Ok((agent, _)) => return self.found_created(intent, new, on, &agent, &secret).await,
                Err(error) if error.kind == ErrorKind::NotFound => {}
                Err(error) => return Step::Later(error.to_string()),
            }
        }
        let found = match on.reading.agents_by_login(new.login, sent).await {
            Ok(found) => found,
            Err(error) => return Step::Later(error.to_string()),
        };
        if let Some((agent, _)) = found.iter().find(|(_, echo)| echo.is_ours()) {
            return self.found_created(intent, new, on, agent, &secret).await;
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
            (None, None) => self.absent(intent, new, on, &secret).await,
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
    async fn absent(&self, intent: &Intent, new: Creation<'_>, on: &Connected, secret: &SecretString) -> Step {
        let now = self.now();
        let given_up = intent.recorded_at + self.inner.passwords.expires;
        if now >= given_up {
            return Ending::untold(format!("{} never showed up in {}", new.login, new.connection));
        }
        if may_be_on_its_way(intent, on, now) {
            return Step::Later(format!("{} is not in the list of {} yet", new.login, new.connection));
        }
        if intent.attempts < MOST_ATTEMPTS {
            return self.create(intent, new, on, None, secret).await;
        }
        self.doubt(
            intent,
            format!("{} did not confirm that {} was created, and does not list it", new.connection, new.login),
            None,
        )
    }
}
