//! Creations: agents that come to be as a copy of another, or as they were before they were deleted.
//!
//! Both are created, looked up, verified and handed over by the same code; only where the record comes from differs.

use rollcall_telephony::{
    Agent, AgentRef, Connected, ConnectionName, ErrorKind, NewAgent, PasswordForm, PersonalNumbers, Sent,
};
use secrecy::{ExposeSecret as _, SecretString};
use serenity::model::id::UserId;

use super::Desk;
use super::act::{Act, CloneAct, RestoreAct};
use super::step::{Ending, Step, authorize, unfinished, unsent};
use crate::ledger::{Intent, KeptId, KeptMove};

/// What a phone system says to a create whose login is there already.
const LOGIN_TAKEN: rollcall_telephony::Refusal = rollcall_telephony::Refusal::NameTaken;

/// An agent to be created.
#[derive(Debug, Clone, Copy)]
pub(super) struct Creation<'a> {
    /// Where.
    pub(super) connection: &'a ConnectionName,
    /// Its login.
    pub(super) login: &'a str,
    /// What stands beside the login.
    pub(super) details: &'a str,
    /// What happens to the record's personal numbers.
    pub(super) numbers: PersonalNumbers,
    /// Who gets the password.
    pub(super) recipient: UserId,
    origin: Origin<'a>,
}

/// Where the record comes from.
#[derive(Debug, Clone, Copy)]
enum Origin<'a> {
    /// An agent that is there.
    Agent { source: &'a AgentRef, login: &'a str, fingerprint: &'a str },
    /// The sealed record of a deleted one.
    Kept(KeptId),
}

impl<'a> From<&'a CloneAct> for Creation<'a> {
    fn from(clone: &'a CloneAct) -> Self {
        let origin =
            Origin::Agent { source: &clone.source, login: &clone.source_login, fingerprint: &clone.fingerprint };
        Self {
            connection: &clone.source.connection,
            login: &clone.login,
            details: &clone.details,
            numbers: clone.personal_numbers.into(),
            recipient: clone.recipient,
            origin,
        }
    }
}

impl<'a> From<&'a RestoreAct> for Creation<'a> {
    fn from(restore: &'a RestoreAct) -> Self {
        Self {
            connection: &restore.was.connection,
            login: &restore.login,
            details: &restore.details,
            numbers: PersonalNumbers::Copy,
            recipient: restore.recipient,
            origin: Origin::Kept(restore.kept()),
        }
    }
}

impl<'a> Creation<'a> {
    /// The agent that an act creates, if it creates one.
    pub(super) fn of(act: &'a Act) -> Option<Self> {
        match act {
            Act::Clone(clone) => Some(clone.into()),
            Act::Restore(restore) => Some(restore.into()),
            Act::SetState(_)
            | Act::Edit(_)
            | Act::ResetPassword(_)
            | Act::Delete(_)
            | Act::Replace(_)
            | Act::Presence(_)
            | Act::Extension(_) => None,
        }
    }

    /// What becomes of the kept record once the agent is there.
    pub(super) fn settles(&self, agent: &Agent) -> Option<KeptMove> {
        match self.origin {
            Origin::Agent { .. } => None,
            Origin::Kept(kept) => Some(KeptMove::Restored { kept, restored_as: agent.id.clone() }),
        }
    }
}

impl Desk {
    /// Sends a create, unless the record it starts from is not the one that was shown.
    pub(super) async fn create(
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
    pub(super) async fn origin(&self, new: Creation<'_>, on: &Connected) -> Result<Option<Agent>, Step> {
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
    pub(super) async fn kept_agent(&self, kept: KeptId) -> Result<Option<Agent>, crate::ledger::LedgerError> {
        let sealed = self.inner.ledger.kept_record(kept).await?;
        Ok(sealed.and_then(|json| serde_json::from_str(json.expose_secret()).ok()))
    }
}
