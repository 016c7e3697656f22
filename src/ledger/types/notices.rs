//! Messages still to be sent.

use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, InteractionId, UserId};

/// A message to be sent until it is.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Where it goes.
    pub to: NoticeTo,
    /// What it tells, as JSON, free of secrets: the desk's value, not yet Discord's message.
    pub body: String,
    /// When it is due; `None`: at once.
    pub not_before: Option<Millis>,
}

/// Where a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeTo {
    /// The reply to an interaction, edited; once its token has expired, a direct message to the person instead.
    Reply(InteractionId, UserId),
    /// A channel.
    Channel(ChannelId),
    /// A person, by direct message.
    Person(UserId),
}

/// A message still to be sent.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number; the nonce that Discord enforces is made from it.
    pub id: i64,
    /// Where it goes.
    pub to: NoticeTo,
    /// What it tells, as JSON.
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Millis,
}
