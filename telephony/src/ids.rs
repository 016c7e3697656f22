//! Names of things, each a type of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A connection's name in the TOML file: lowercase Latin letters, digits and hyphens, 1 to 32 of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionName(String);

/// Why a text is not the name of anything here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Not a connection's name.
    #[error("a connection's name is 1 to 32 lowercase letters, digits or hyphens")]
    Connection,
    /// Not `connection:id`.
    #[error("an agent is written connection:id, for example mediatel:42")]
    Agent,
}

impl ConnectionName {
    /// The longest name allowed, in characters; it travels inside Discord's custom ids.
    pub const MAX_LEN: usize = 32;

    /// Reads a name.
    ///
    /// # Errors
    /// [`InvalidName::Connection`] when it is empty, too long or has other characters.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidName> {
        let name = name.into();
        let fits = (1..=Self::MAX_LEN).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(name)) } else { Err(InvalidName::Connection) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ConnectionName {
    type Error = InvalidName;

    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<ConnectionName> for String {
    fn from(value: ConnectionName) -> Self {
        value.0
    }
}

/// An agent's id as its phone system writes it; opaque to everybody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentId(String);

impl AgentId {
    /// An id as the phone system wrote it.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One agent of one connection, written `connection:id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgentRef {
    /// The connection it belongs to.
    pub connection: ConnectionName,
    /// Its id there.
    pub id: AgentId,
}

impl AgentRef {
    /// Names the agent `id` of `connection`.
    #[must_use]
    pub const fn new(connection: ConnectionName, id: AgentId) -> Self {
        Self { connection, id }
    }
}

impl fmt::Display for AgentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.connection, self.id)
    }
}

impl FromStr for AgentRef {
    type Err = InvalidName;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (connection, id) = s.split_once(':').ok_or(InvalidName::Agent)?;
        if id.is_empty() || id.len() > 64 || id.chars().any(char::is_control) {
            return Err(InvalidName::Agent);
        }
        Ok(Self::new(ConnectionName::new(connection)?, AgentId::new(id)))
    }
}

impl TryFrom<String> for AgentRef {
    type Error = InvalidName;

    fn try_from(value: String) -> Result<Self, Self::Error> {
        value.parse()
    }
}

impl From<AgentRef> for String {
    fn from(value: AgentRef) -> Self {
        value.to_string()
    }
}

/// The journal's number of an intent: what was recorded before a phone system is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub i64);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
