//! What can go wrong when a phone system is asked, told apart by what the person does next.

use std::fmt;
use std::time::Duration;

use crate::{Ability, ConnectionName};

/// A phone system did not do what it was asked.
///
/// Its `Display` is one sentence for people, free of URLs, bodies and secrets; the cause is in `source`.
#[derive(Debug)]
pub struct Error {
    /// Which connection was asked.
    pub connection: ConnectionName,
    /// What was tried, to follow "while": "creating the agent". It names what was asked about.
    pub operation: &'static str,
    /// What went wrong.
    pub kind: ErrorKind,
    /// Whether anything may have changed.
    pub effect: Effect,
    /// The cause, for the log; never holds a URL with a secret, a body or a token.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Whether a failed request may have changed something at the phone system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed: it was never sent, or it was refused.
    None,
    /// It may have been done: the answer was lost or cannot be read.
    Unknown,
}

/// What a phone system is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// Agents, one or all.
    Agent,
    /// Extensions, one or all.
    Extension,
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Extension => "extension",
        })
    }
}

/// Kinds of failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no such thing (any more).
    NotFound,
    /// The phone system said no, for a reason it documents.
    Refused(Refusal),
    /// It does not take our credentials.
    SignedOut,
    /// It asks us to wait; so long, where it says.
    RateLimited(Option<Duration>),
    /// Its answer is not what its documents promise; what and where.
    Unreadable(String),
    /// It could not be reached or did not answer in time.
    Unreachable(String),
    /// It failed on its side: the status it gave.
    Broken(u16),
    /// It has no such ability; it was not asked.
    Unsupported(Ability),
}

/// A documented no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The name (login) is taken.
    NameTaken,
    /// The name is not a name it takes.
    InvalidName,
    /// Some value is not one it takes.
    InvalidParameters,
    /// Our account there may not do this.
    NotPermitted,
    /// Something else still uses it; what, in words, where it says ("a queue").
    InUse(Option<&'static str>),
    /// The agent must be disabled first.
    MustBeDisabled,
    /// The agent is not logged in, which this needs; in a sentence.
    LoggedOut(String),
    /// Another no, in a sentence.
    Other(String),
}

impl Error {
    /// The system has no such ability; it was not asked.
    #[must_use]
    pub fn unsupported(connection: &ConnectionName, ability: Ability) -> Self {
        Self {
            connection: connection.clone(),
            operation: "looking what it can do",
            kind: ErrorKind::Unsupported(ability),
            effect: Effect::None,
            source: None,
        }
    }

    /// Whether anything may have changed.
    #[must_use]
    pub const fn took_effect(&self) -> Effect {
        self.effect
    }

    /// What was asked about, as the operation names it.
    #[must_use]
    pub fn thing(&self) -> Thing {
        if self.operation.contains("extension") { Thing::Extension } else { Thing::Agent }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.connection;
        match &self.kind {
            ErrorKind::NotFound => write!(f, "{c} has no such {} (any more)", self.thing()),
            ErrorKind::Refused(refusal) => match self.effect {
                Effect::None => write!(f, "{c} refused: {refusal}"),
                // It said no, and may have done it all the same.
                Effect::Unknown => write!(f, "{c} answered: {refusal}"),
            },
            ErrorKind::SignedOut => write!(f, "{c} does not accept the bot's credentials"),
            ErrorKind::RateLimited(Some(wait)) => {
                write!(f, "{c} asks us to wait {} s", wait.as_secs_f64().ceil())
            }
            ErrorKind::RateLimited(None) => write!(f, "{c} asks us to slow down"),
            ErrorKind::Unreadable(what) => write!(f, "{c} sent an answer that cannot be read: {what}"),
            ErrorKind::Unreachable(why) => write!(f, "{c} could not be reached: {why}"),
            ErrorKind::Broken(status) => write!(f, "{c} failed on its side (status {status})"),
            ErrorKind::Unsupported(ability) => write!(f, "{c} has no {ability}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken => f.write_str("that login is already taken"),
            Self::InvalidName => f.write_str("it does not take that login"),
            Self::InvalidParameters => f.write_str("it does not take one of the values"),
            Self::NotPermitted => f.write_str("the bot's account there has no permission for this"),
            Self::InUse(Some(what)) => write!(f, "{what} still uses it"),
            Self::InUse(None) => f.write_str("something still uses it"),
            Self::MustBeDisabled => f.write_str("the agent must be disabled first"),
            Self::LoggedOut(sentence) | Self::Other(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}
