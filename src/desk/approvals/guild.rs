//! What the desk asks Discord about people and cards, read afresh whenever something is decided. `discord/` answers it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, RoleId, UserId};

use crate::ledger::Posted;

/// A member of the guild, as Discord tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub id: UserId,
    /// What the guild calls the person; hostile text.
    pub name: String,
    /// The roles.
    pub roles: Vec<RoleId>,
    /// Whether a human sits behind it.
    pub nature: Nature,
    /// Until when the person is timed out; may lie in the past.
    pub timed_out_until: Option<Millis>,
}

/// Whether a human sits behind an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A person.
    Human,
    /// A bot, a webhook, or Discord itself.
    Machine,
}

/// What stands under a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reactions {
    /// Everybody but the bot whose ✅ stands there; super-reactions are not among them.
    pub approve: Vec<UserId>,
    /// Everybody but the bot whose ❌ stands there.
    pub deny: Vec<UserId>,
    /// Whether the bot's own two stand there.
    pub ours: Ours,
}

/// Whether the bot's own ✅ and ❌ stand under a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ours {
    /// Both do.
    Both,
    /// At least one was taken away.
    #[default]
    Missing,
}

/// What was found where a card should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// The card, with these reactions.
    Card(Reactions),
    /// The channel, but no such message.
    NoMessage,
    /// No such channel.
    NoChannel,
}

/// Whether a card can be posted in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posting {
    /// It can.
    Fine,
    /// There is no such channel here, or the bot does not see it.
    Missing,
    /// The bot lacks these permissions there.
    Lacks(Vec<&'static str>),
}

/// Discord did not tell; why, in a sentence. It may tell later.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct GuildError(pub String);

/// The guild, read afresh.
///
/// # Errors
/// Every method fails with a [`GuildError`] when Discord does not answer, or not so that it can be understood.
#[async_trait]
pub trait Guild: Send + Sync + 'static {
    /// Who somebody is now; `None`: nobody in this guild.
    async fn member(&self, person: UserId) -> Result<Option<Member>, GuildError>;

    /// The roles that exist.
    async fn roles(&self) -> Result<BTreeSet<RoleId>, GuildError>;

    /// Every member with one of these roles; `None` when Discord lists no members to this bot (the Server Members
    /// switch is off).
    async fn holders(&self, roles: &[RoleId]) -> Result<Option<Vec<Member>>, GuildError>;

    /// Whether a card can be posted there.
    async fn posting(&self, channel: ChannelId) -> Result<Posting, GuildError>;

    /// What stands under a card.
    async fn under(&self, card: Posted) -> Result<Under, GuildError>;
}
