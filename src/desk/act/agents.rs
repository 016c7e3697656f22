//! Acts about agents, each with everything that it needs.

use rollcall_telephony::{AgentRef, AgentState, Change, PersonalNumbers};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use crate::ledger::{HandoverId, KeptId};

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

/// Disables or enables an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// The state it gets: enabled or disabled.
    pub to: AgentState,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// The fingerprint of the record before.
    pub fingerprint: String,
    /// A delete that is asked for once this is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then_delete: Option<ThenDelete>,
}

/// A delete that is asked for together with a disable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThenDelete {
    /// Why.
    pub reason: String,
    /// What the guild calls the requester; hostile text.
    pub requester_name: String,
}

/// Changes fields of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login before, for people.
    pub login: String,
    /// What is set.
    pub change: Change,
    /// What stood there before, for whoever wants it back.
    pub before: Change,
    /// The fingerprint of the record before.
    pub fingerprint: String,
}

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

/// Deletes an agent for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeleteAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// What stands beside the login.
    pub name: String,
    /// Why.
    pub reason: String,
    /// The fingerprint of the record on the card.
    pub fingerprint: String,
}

/// Creates a deleted agent again, from its sealed record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestoreAct {
    /// The number of its kept record.
    pub kept: i64,
    /// Which agent it was.
    pub was: AgentRef,
    /// Its login.
    pub login: String,
    /// What stands beside the login.
    pub details: String,
    /// The fingerprint of the kept record.
    pub fingerprint: String,
    /// Who gets the password.
    pub recipient: UserId,
}

impl RestoreAct {
    /// Its kept record.
    #[must_use]
    pub const fn kept(&self) -> KeptId {
        KeptId(self.kept)
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
