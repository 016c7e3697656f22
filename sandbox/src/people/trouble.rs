//! What can go wrong for a person, with everything that happened before it.

use crate::discord::Discord;
use std::fmt;

/// What went wrong. See [`Trouble`], which carries the transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// Discord's own client would not send this.
    #[error("Discord's client does not send `{line}`: {why}")]
    NotSent {
        /// What the person did.
        line: String,
        /// Why it is not sent.
        why: String,
    },
    /// No bot is connected, and none can resume.
    #[error("the bot is not connected, so `{0}` reaches nobody")]
    BotAway(String),
    /// No acknowledgement within the limit: "The application did not respond".
    #[error("the application did not respond in time to `{0}`")]
    NotAnswered(String),
    /// Acknowledged, but nothing followed the deferral.
    #[error("`{0}` was deferred, but nothing followed")]
    NotFinished(String),
    /// Something awaited did not come.
    #[error("waited in vain for {0}")]
    InVain(String),
    /// Something was left over at the end.
    #[error("not quiet at the end:\n{}", .0.join("\n"))]
    NotQuiet(Vec<String>),
}

/// What went wrong and all that happened before.
#[derive(Clone)]
pub struct Trouble {
    what: Box<What>,
    transcript: String,
}

impl Trouble {
    pub(crate) fn new(discord: &Discord, what: What) -> Self {
        Self { what: Box::new(what), transcript: discord.transcript() }
    }

    /// What went wrong.
    #[must_use]
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Requests, events and messages, line by line.
    #[must_use]
    pub fn transcript(&self) -> &str {
        &self.transcript
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\nWhat happened:\n{}", self.what, self.transcript)
    }
}

impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Trouble {}
