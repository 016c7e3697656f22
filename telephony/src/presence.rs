//! Presence: who is logged in, paused or available, in words that very different phone systems share. Not to be taken for
//! an account's state, which says whether it may be used at all.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is to become of somebody's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "presence", rename_all = "kebab-case")]
pub enum PresenceChange {
    /// Logs in.
    LogIn {
        /// At this extension, where the system wants one named.
        extension: Option<String>,
        /// To this queue, where the system wants one named.
        queue: Option<String>,
    },
    /// Logs out.
    LogOut,
    /// Pauses.
    Pause {
        /// Why: one of [`PresenceRules::pauses`], or free words where the system takes them.
        reason: Option<String>,
    },
    /// Ends a pause.
    Unpause,
}

impl PresenceChange {
    /// What is tried, to follow "while": "pausing the agent".
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::LogIn { .. } => "logging the agent in",
            Self::LogOut => "logging the agent out",
            Self::Pause { .. } => "pausing the agent",
            Self::Unpause => "unpausing the agent",
        }
    }
}

/// What a phone system said to a change of presence that it did not refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PresenceAnswer {
    /// It is so now.
    Done,
    /// It was so already: nothing changed.
    Already,
}

/// Why a change of presence cannot be asked for: known without asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Something has to be named beside what was; what, to follow "On erix-br, ".
    Lacking(String),
    /// A value is not one that goes there; what would be right, to follow "On erix-br, ".
    Wrong(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacking(sentence) | Self::Wrong(sentence) => f.write_str(sentence),
        }
    }
}

/// How presence works on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceRules {
    /// What a login has to name.
    pub login: LoginNeeds,
    /// The pauses that are offered, in the words that people pick.
    pub pauses: Vec<String>,
    /// What may be typed for a pause instead, such as its number, and which of `pauses` that is.
    pub also_called: Vec<(String, String)>,
    /// Whether a pause may have other words, or none.
    pub other_pauses: OtherPauses,
    /// What ending a pause does here beside that, as a sentence; empty: nothing.
    pub unpause_also: &'static str,
}

impl PresenceRules {
    /// The change with a pause's reason in the words of [`PresenceRules::pauses`], however it was typed: what people are
    /// told is what is sent.
    #[must_use]
    pub fn in_its_words(&self, change: PresenceChange) -> PresenceChange {
        match change {
            PresenceChange::Pause { reason: Some(typed) } => {
                let wanted = typed.trim().to_lowercase();
                let own = self.pauses.iter().find(|own| own.to_lowercase() == wanted);
                let other = || self.also_called.iter().find(|(other, _)| *other == wanted).map(|(_, own)| own);
                PresenceChange::Pause { reason: Some(own.or_else(other).cloned().unwrap_or(typed)) }
            }
            PresenceChange::Pause { reason: None }
            | PresenceChange::LogIn { .. }
            | PresenceChange::LogOut
            | PresenceChange::Unpause => change,
        }
    }
}

/// What a login has to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginNeeds {
    /// Nothing: the agent's settings tell where.
    Nothing,
    /// An extension (digits) and a queue.
    ExtensionAndQueue,
}

/// What a login may name, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoginOffers {
    /// Extensions.
    pub extensions: Vec<String>,
    /// Queues.
    pub queues: Vec<String>,
    /// The queue that a login is for when none is named: the agent's only one.
    pub queue: Option<String>,
}

/// Which pauses there are beside those that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherPauses {
    /// Any words, or none.
    Any,
    /// None: one of those that are offered must be named.
    None,
}
