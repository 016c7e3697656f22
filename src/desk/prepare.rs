//! The last look before an act is recorded: is everything as the person was shown it, and may it still be done?

use rollcall_telephony::{Agent, AgentRef, AgentState, PasswordForm, Sent};
use secrecy::SecretString;

use super::act::{Act, CloneAct};
use super::changes::rights_touched;
use super::{Desk, Refusal};

/// What the fresh check before recording found, to be used once.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) agent: Option<Agent>,
    pub(super) secret: Option<SecretString>,
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
}
