//! Kinds of values that options hold. What a text means (which agent it names) is the desk's to find out.

mod files;
mod requests;
mod since;

pub use files::AttachedFile;
pub use requests::{NoRequestNumber, RequestNumber, RequestState};
pub use since::{NoSince, Since};

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest text for an agent; a choice's value is `connection:id`, and Discord allows a choice 100.
pub(crate) const AGENT_MAX: u16 = 100;

/// The longest text for an extension, for the same reason.
pub(crate) const EXTENSION_MAX: u16 = 100;

/// The longest name of a connection.
pub(crate) const CONNECTION_MAX: u16 = 32;

/// What was typed or picked for an agent: `connection:id`, `connection:login`, an id, a login, or anything else. The desk
/// resolves it and writes `connection:id` back before the command is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentText(pub String);

impl fmt::Display for AgentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for AgentText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for AgentText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What was typed or picked for an extension: `connection:number`, `connection:name`, a number, a name, or anything else.
/// The desk resolves it and writes `connection:number` back before the command is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExtensionText(pub String);

impl fmt::Display for ExtensionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for ExtensionText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for ExtensionText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Which agents a search shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateFilter {
    /// Those whose account works.
    Enabled,
    /// Those whose account is switched off.
    Disabled,
    /// Both; what a search shows when nothing is chosen.
    #[default]
    All,
}

impl StateFilter {
    /// The words that can be chosen.
    pub(crate) const WORDS: &[&str] = &["enabled", "disabled", "all"];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::All => "all",
        }
    }

    /// The filter that a word stands for.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Enabled, Self::Disabled, Self::All].into_iter().find(|filter| filter.word() == word)
    }
}

impl fmt::Display for StateFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
