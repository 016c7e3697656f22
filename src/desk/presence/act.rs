//! A change of presence as an act: who, on which phone systems, and what came of each part.

use rollcall_telephony::{Ability, AgentRef, Effect, Error, ErrorKind, PresenceAnswer, PresenceChange, Refusal};
use serde::{Deserialize, Serialize};

/// Changes the presence of an agent, or of a person on several connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresenceAct {
    /// Who it is, for people: what the agent is called, or the person's name when there are several parts.
    pub who: String,
    /// The agent that was named.
    pub first: PresencePart,
    /// The other agents that are the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<PresencePart>,
    /// Who this is elsewhere: offered once this is done, for the same to be done there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<Also>,
}

/// The other agents of a person on whom the same could be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Also {
    /// The person's name, from the settings.
    pub person: String,
    /// Those agents.
    pub agents: Vec<AlsoAgent>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlsoAgent {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// Its name, for people; may be empty.
    pub name: String,
}

/// What is asked of one agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresencePart {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// What is asked before it: a pause's reason is changed by ending the pause first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<PresenceChange>,
    /// What is to be so.
    pub change: PresenceChange,
    /// What the change does there beside what its name says, as a sentence; empty: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What came of it a moment ago, where that is told once more and nothing is asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PartOutcome>,
}

/// What came of one agent's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum PartOutcome {
    /// The phone system said that it is so.
    Done {
        /// Now, or already before.
        answer: PresenceAnswer,
    },
    /// It is not so; why, in a sentence.
    Failed {
        /// Why.
        why: String,
        /// What the answer tells of the agent.
        #[serde(default)]
        evidence: Evidence,
        /// Whether what is asked before it was done.
        #[serde(default)]
        first: FirstStep,
    },
    /// Nobody can tell: the answer is missing, or cannot be read; why, in a sentence.
    Untold {
        /// Why.
        why: String,
        /// Whether what is asked before it was done.
        #[serde(default)]
        first: FirstStep,
    },
}

/// How far a part came with what is asked before its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstStep {
    /// It was not done, or there was none.
    #[default]
    NotDone,
    /// It was done.
    Done,
}

/// What a refusal tells of the agent it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Nothing.
    #[default]
    None,
    /// It is not logged in.
    LoggedOut,
    /// There is no such agent.
    NoSuchAgent,
}

impl PresencePart {
    /// What people call the agent: by its name, where there is one.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.login } else { &self.name }
    }
}

impl PresenceAct {
    /// Its parts, one agent each.
    pub fn parts(&self) -> impl Iterator<Item = &PresencePart> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The change that it is about.
    #[must_use]
    pub const fn change(&self) -> &PresenceChange {
        &self.first.change
    }

    /// What the phone systems must be able to do for it.
    #[must_use]
    pub const fn ability(&self) -> Ability {
        ability(self.change())
    }

    /// The agents that are asked about.
    pub fn agents(&self) -> impl Iterator<Item = &AgentRef> {
        self.parts().map(|part| &part.agent)
    }

    /// Why an agent pauses, where that was said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self.change() {
            PresenceChange::Pause { reason } => reason.as_deref(),
            PresenceChange::LogIn { .. } | PresenceChange::LogOut | PresenceChange::Unpause => None,
        }
    }
}

/// What a phone system must be able to do for a change.
pub(super) const fn ability(change: &PresenceChange) -> Ability {
    match change {
        PresenceChange::LogIn { .. } | PresenceChange::LogOut => Ability::Login,
        PresenceChange::Pause { .. } | PresenceChange::Unpause => Ability::Pause,
    }
}

impl PartOutcome {
    /// What an error means for a part that came so far.
    pub(crate) fn of_error(error: &Error, first: FirstStep) -> Self {
        let why = match &error.kind {
            // What to do is not in these sentences, since other places say it beside them.
            ErrorKind::SignedOut => format!("{error}: tell whoever installed the bot; /doctor says more"),
            ErrorKind::RateLimited(_) => format!("{error}: ask again in a while"),
            ErrorKind::NotFound
            | ErrorKind::Refused(_)
            | ErrorKind::Unreadable(_)
            | ErrorKind::Unreachable(_)
            | ErrorKind::Broken(_)
            | ErrorKind::Unsupported(_) => error.to_string(),
        };
        match error.took_effect() {
            Effect::Unknown => Self::Untold { why, first },
            Effect::None => {
                let evidence = match &error.kind {
                    ErrorKind::Refused(Refusal::LoggedOut(_)) => Evidence::LoggedOut,
                    ErrorKind::Refused(Refusal::NoSuchAgent(_)) => Evidence::NoSuchAgent,
                    ErrorKind::Refused(_)
                    | ErrorKind::NotFound
                    | ErrorKind::SignedOut
                    | ErrorKind::RateLimited(_)
                    | ErrorKind::Unreadable(_)
                    | ErrorKind::Unreachable(_)
                    | ErrorKind::Broken(_)
                    | ErrorKind::Unsupported(_) => Evidence::None,
                };
                Self::Failed { why, evidence, first }
            }
        }
    }

    /// Whether the phone system said that it is so.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}
