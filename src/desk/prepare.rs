//! The last look before an act is recorded: is everything as the person was shown it, and may it still be done?

use rollcall_telephony::{Agent, AgentRef, AgentState, ConnectionName, Extension, PasswordForm, Sent};
use secrecy::SecretString;

use super::act::{Act, CloneAct, RestoreAct};
use super::approvals::Subject;
use super::changes::rights_touched;
use super::{Desk, Refusal};
use crate::policy::SecondPerson;

/// What the fresh check before recording found, to be used once.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) agent: Option<Agent>,
    /// Of an act about extensions, those that it changes or deletes.
    pub(super) extensions: Option<Vec<Extension>>,
    pub(super) secret: Option<SecretString>,
    /// Why one person is not enough because of the rights it touches.
    pub(super) second: Option<SecondPerson>,
}

impl Prepared {
    /// What approvers are shown of it.
    pub(super) fn subject(&self) -> Option<Subject> {
        match (&self.extensions, &self.agent) {
            (Some(extensions), _) => Some(Subject::Extensions(extensions.clone())),
            (None, Some(agent)) => Some(Subject::Agent(agent.clone())),
            (None, None) => None,
        }
    }
}

impl Desk {
    /// Reads what the act is about and refuses it when it is not as it was shown.
    pub(super) async fn prepare(&self, act: &Act) -> Result<Prepared, Refusal> {
        match act {
            Act::Clone(clone) => self.prepare_clone(clone).await,
            Act::SetState(state) => {
                let fresh = self.read_fresh(&state.agent).await?;
                self.not_our_own(&state.agent, &fresh.login).await?;
                if fresh.state == state.to {
                    return Err(Refusal::Already { login: fresh.login, how: state.to.to_string() });
                }
                Self::same_as_shown(&fresh, &state.fingerprint, &[])?;
                let second = match state.to {
                    AgentState::Enabled => self.second_for_rights(fresh.rights.highest()),
                    AgentState::Disabled | AgentState::Unknown => None,
                };
                Ok(Prepared { agent: Some(fresh), second, ..Prepared::default() })
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
                let second = self.second_for_rights(rights_touched(&fresh, &edit.change));
                Ok(Prepared { agent: Some(fresh), second, ..Prepared::default() })
            }
            Act::ResetPassword(reset) => {
                let fresh = self.read_fresh(&reset.agent).await?;
                self.not_our_own(&reset.agent, &fresh.login).await?;
                if !reset.fingerprint.is_empty() {
                    Self::same_as_shown(&fresh, &reset.fingerprint, &[])?;
                }
                let second = self.second_for_rights(fresh.rights.highest());
                Ok(Prepared { agent: Some(fresh), secret: Some(self.fresh_password()), second, ..Prepared::default() })
            }
            Act::Delete(delete) => {
                let fresh = self.read_fresh(&delete.agent).await?;
                self.not_our_own(&delete.agent, &fresh.login).await?;
                Self::same_as_shown(&fresh, &delete.fingerprint, &[])?;
                self.may_be_deleted(delete, &fresh)?;
                Ok(Prepared { agent: Some(fresh), ..Prepared::default() })
            }
            Act::Restore(restore) => self.prepare_restore(restore).await,
            Act::Presence(presence) => {
                let agent = Some(self.named_there(&presence.first.agent).await?);
                self.fits(presence)?;
                Ok(Prepared { agent, ..Prepared::default() })
            }
            Act::Extension(extension) => self.prepare_extensions(extension).await,
            Act::Replace(_) => Ok(Prepared { secret: Some(self.fresh_password()), ..Prepared::default() }),
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
            Self::same_as_shown(&source, &clone.fingerprint, &[])?;
            self.login_is_free(&clone.source.connection, &clone.login, sent).await?;
            let second = self.second_for_rights(source.rights.highest());
            return Ok(Prepared { agent: Some(source), secret: Some(secret), second, ..Prepared::default() });
        }
    }

    async fn prepare_restore(&self, restore: &RestoreAct) -> Result<Prepared, Refusal> {
        let record = self.kept_to_restore(restore.kept(), &restore.login).await?;
        let secret = self.fresh_password();
        let sent = Sent { plain: &secret, form: PasswordForm::Configured };
        self.login_is_free(&restore.was.connection, &restore.login, sent).await.map_err(|refusal| match refusal {
            Refusal::LoginTaken { login, by, .. } => Refusal::RestoreTaken { login, by },
            other => other,
        })?;
        let second = self.second_for_rights(record.rights.highest());
        Ok(Prepared { agent: Some(record), secret: Some(secret), second, ..Prepared::default() })
    }

    /// Refuses a login that somebody has, read fresh.
    pub(super) async fn login_is_free(&self, on: &ConnectionName, login: &str, sent: Sent<'_>) -> Result<(), Refusal> {
        let reading = self.reading(on)?;
        let Some((other, _)) = reading.agents_by_login(login, sent).await?.into_iter().next() else { return Ok(()) };
        let by = AgentRef::new(on.clone(), other.id.clone());
        self.inner.directory.put(on, other);
        let offers = reading
            .provisioning()
            .map_or_else(Vec::new, |rules| self.inner.directory.offer_logins(on, &rules.login_pattern, login, 3));
        Err(Refusal::LoginTaken { login: login.to_owned(), by, offers })
    }

    fn same_as_shown(fresh: &Agent, shown: &str, what: &[String]) -> Result<(), Refusal> {
        if fresh.record.fingerprint() == shown {
            Ok(())
        } else {
            Err(Refusal::Changed { login: fresh.login.clone(), what: what.to_vec() })
        }
    }
}
