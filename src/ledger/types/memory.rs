//! What is remembered beside: interactions, the gateway, recent agents; and how the store fails.

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, Millis};
use secrecy::SecretString;
use serenity::model::id::{ApplicationId, InteractionId, UserId};

/// Whether an interaction was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Never.
    First,
    /// It was: Discord sent it again.
    Again,
}

/// An interaction that has no answer yet.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// Its id.
    pub id: InteractionId,
    /// Who made it.
    pub actor: UserId,
    /// When it came.
    pub seen_at: Millis,
    /// Its token, good for 15 minutes from then.
    pub token: SecretString,
}

/// The gateway's session, to be resumed after a restart.
#[derive(Debug, Clone)]
pub struct GatewaySession {
    /// Discord's session id.
    pub id: SecretString,
    /// The bot's application: a session that goes on does not tell it again.
    pub application: ApplicationId,
    /// The last event seen.
    pub seq: u64,
    /// Where to resume.
    pub resume_url: String,
}

/// An agent that a person used, for offering it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Who.
    pub actor: UserId,
    /// Which agent.
    pub agent: AgentRef,
    /// When, last.
    pub at: Millis,
}

/// What a snapshot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotOf {
    /// A connection's agents.
    Agents,
    /// A connection's extensions.
    Extensions,
}

/// A list of a connection as it was last read, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The connection.
    pub connection: ConnectionName,
    /// Which of its lists.
    pub of: SnapshotOf,
    /// When it was read.
    pub taken_at: Millis,
    /// The list as JSON.
    pub body: String,
}

/// Who an agent is, where only its id and connection matter.
pub type AgentKey = (ConnectionName, AgentId);

/// The store failed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be opened: wrong path, rights, or another program's file.
    #[error("the store cannot be opened: {0}")]
    Open(String),
    /// It was sealed with another `ROLLCALL_KEY`.
    #[error("the store was written with another ROLLCALL_KEY")]
    WrongKey,
    /// It cannot be written (full, read-only, locked): nothing was done.
    #[error("the store cannot be written: {0}")]
    Unwritable(String),
    /// It cannot be read.
    #[error("the store cannot be read: {0}")]
    Unreadable(String),
    /// Somebody else changed it first: read again.
    #[error("somebody else changed it first")]
    Stale,
}
