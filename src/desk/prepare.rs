//! What the last look before an act is recorded finds. Each kind of act looks for itself, where it is at home.

use rollcall_telephony::{Agent, AgentRef, ConnectionName, Extension, Sent};
use secrecy::SecretString;

use super::approvals::Subject;
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
}

/// Refuses an agent whose record is not the one that was shown; `what` is called so where it is known.
pub(super) fn same_as_shown(fresh: &Agent, shown: &str, what: &[String]) -> Result<(), Refusal> {
    if fresh.record.fingerprint() == shown {
        Ok(())
    } else {
        Err(Refusal::Changed { login: fresh.login.clone(), what: what.to_vec() })
    }
}
