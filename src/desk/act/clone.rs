//! A new agent as a copy of another.

use rollcall_commands::Permission;
use rollcall_telephony::{Agent, AgentRef, PersonalNumbers, Reading, Section};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::{Facts, Kind};
use crate::desk::clone::copied;

/// Creates `login` as a copy of `source`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloneAct {
    /// The agent that is copied.
    pub source: AgentRef,
    /// Its login, for people.
    pub source_login: String,
    /// The source's fingerprint on the preview.
    pub fingerprint: String,
    /// The new login.
    pub login: String,
    /// The new agent's e-mail, where there is one.
    pub email: Option<String>,
    /// What stands beside the login.
    pub details: String,
    /// Whether personal numbers are left out.
    #[serde(default)]
    pub personal_numbers: Numbers,
    /// Who gets the password.
    pub recipient: UserId,
}

/// [`PersonalNumbers`] as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// Carried over.
    #[default]
    Copy,
    /// Left out.
    Clear,
}

impl From<PersonalNumbers> for Numbers {
    fn from(numbers: PersonalNumbers) -> Self {
        match numbers {
            PersonalNumbers::Copy => Self::Copy,
            PersonalNumbers::Clear => Self::Clear,
        }
    }
}

impl From<Numbers> for PersonalNumbers {
    fn from(numbers: Numbers) -> Self {
        match numbers {
            Numbers::Copy => Self::Copy,
            Numbers::Clear => Self::Clear,
        }
    }
}

impl Kind for CloneAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "agent.clone",
            permissions: &[Permission::AgentClone],
            connection: &self.source.connection,
            agent: None,
            record: Some(&self.source),
            fingerprint: Some(&self.fingerprint),
            login: &self.login,
            reason: None,
        }
    }

    fn shown(&self, reading: &dyn Reading, source: &Agent) -> Vec<Section> {
        copied(reading, self.personal_numbers.into(), source)
    }
}
