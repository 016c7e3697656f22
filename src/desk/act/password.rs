//! An agent's password: a fresh one, or another for one that nobody opened in time.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ConnectionName};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::Kind;
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
    fn connection(&self) -> &ConnectionName {
        &self.agent.connection
    }

    fn agent(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(self.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty())
    }

    fn login(&self) -> &str {
        &self.login
    }

    fn permissions(&self) -> &'static [Permission] {
        &[Permission::AgentResetPassword]
    }

    fn ability(&self) -> Ability {
        Ability::SetPassword
    }

    fn audit_name(&self) -> &'static str {
        "agent.reset-password"
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
    fn connection(&self) -> &ConnectionName {
        &self.agent.connection
    }

    fn agent(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }

    fn record(&self) -> Option<&AgentRef> {
        None
    }

    fn login(&self) -> &str {
        &self.login
    }

    fn permissions(&self) -> &'static [Permission] {
        &[]
    }

    fn ability(&self) -> Ability {
        Ability::SetPassword
    }

    fn audit_name(&self) -> &'static str {
        "password.replace"
    }
}
