//! What was last asked of agents' presence.

use rollcall_telephony::{AgentRef, Millis};
use serenity::model::id::UserId;

/// What was last asked of an agent's presence. Whether it is still so, only the phone system knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// Whose presence.
    pub agent: AgentRef,
    /// When it was asked.
    pub at: Millis,
    /// Who asked.
    pub actor: UserId,
    /// What was asked, and what was said to it: the desk's value as JSON, free of secrets.
    pub body: String,
}
