//! An agent's password: a fresh one, or another for one that nobody opened in time.

use rollcall_commands::Permission;
use rollcall_telephony::AgentRef;
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::{Facts, Kind};
use crate::ledger::HandoverId;

/// Gives an agent a fresh password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResetAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// Who gets the password.
    pub recipient: UserId,
    /// The fingerprint of the record on the preview; empty in what an earlier version stored.
    #[serde(default)]
    pub fingerprint: String,
}

impl Kind for ResetAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "agent.reset-password",
            permissions: &[Permission::AgentResetPassword],
            connection: &self.agent.connection,
            agent: Some(&self.agent),
            record: Some(&self.agent),
            fingerprint: Some(self.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty()),
            login: &self.login,
            reason: None,
        }
    }
}

/// Replaces the password of a hand-over that expired unopened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplaceAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// The hand-over's number.
    pub handover: i64,
}

impl ReplaceAct {
    /// The hand-over whose password is replaced.
    #[must_use]
    pub const fn handover(&self) -> HandoverId {
        HandoverId(self.handover)
    }
}

impl Kind for ReplaceAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "password.replace",
            permissions: &[],
            connection: &self.agent.connection,
            agent: Some(&self.agent),
            record: None,
            fingerprint: None,
            login: &self.login,
            reason: None,
        }
    }
}
