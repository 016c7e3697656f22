//! The members of Discord's answers that the bot needs, and no more, so that what Discord adds or leaves out elsewhere
//! never makes an answer unreadable.

use serde::Deserialize;
use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::id::{ApplicationId, ChannelId, GenericId, GuildId, InteractionId, MessageId, RoleId, UserId};

/// A person or a bot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// Their id.
    pub id: UserId,
    /// Their name, unique over Discord.
    #[serde(default)]
    pub username: String,
    /// The name they show.
    #[serde(default)]
    pub global_name: Option<String>,
    /// Whether it is a bot.
    #[serde(default)]
    pub bot: bool,
    /// Whether it is Discord itself.
    #[serde(default)]
    pub system: bool,
}

/// The bot's application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ApplicationInfo {
    /// Its id.
    pub id: ApplicationId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Discord's application flags as bits: bits 14 and 15 say whether the intent on members is granted.
    #[serde(default)]
    pub flags: u64,
}

/// A guild.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GuildInfo {
    /// Its id.
    pub id: GuildId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Who owns it.
    #[serde(default)]
    pub owner_id: Option<UserId>,
}

/// A role of a guild.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoleInfo {
    /// Its id; that of `@everyone` is the guild's.
    pub id: RoleId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it allows in the guild.
    #[serde(default)]
    pub permissions: Permissions,
    /// Its place among the roles; higher ones rank higher.
    #[serde(default)]
    pub position: i64,
    /// Whether anybody may mention it.
    #[serde(default)]
    pub mentionable: bool,
    /// Whether an integration owns it, so that it cannot be given to people.
    #[serde(default)]
    pub managed: bool,
}

/// What a channel allows or denies to one role or person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OverwriteInfo {
    /// The role's or person's id.
    pub id: GenericId,
    /// Whether `id` is a role or a person.
    #[serde(rename = "type")]
    pub kind: OverwriteKind,
    /// What is allowed.
    pub allow: Permissions,
    /// What is denied.
    pub deny: Permissions,
}

/// Whom an overwrite is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverwriteKind {
    /// A role.
    Role,
    /// One member.
    Member,
    /// Something this version does not know.
    Other,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChannelInfo {
    /// Its id.
    pub id: ChannelId,
    /// Discord's channel type: 0 text, 1 direct message, 5 announcements, …
    #[serde(rename = "type", default)]
    pub kind: u8,
    /// Its name; direct messages have none.
    #[serde(default)]
    pub name: Option<String>,
    /// Its guild; direct messages have none.
    #[serde(default)]
    pub guild_id: Option<GuildId>,
    /// What it allows and denies beyond the guild's roles.
    #[serde(default)]
    pub permission_overwrites: Vec<OverwriteInfo>,
}

/// A member of a guild.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MemberInfo {
    /// Who it is.
    pub user: UserInfo,
    /// Their name in this guild.
    #[serde(default)]
    pub nick: Option<String>,
    /// Their roles, without `@everyone`.
    #[serde(default)]
    pub roles: Vec<RoleId>,
    /// Until when they are timed out: ISO 8601, may lie in the past.
    #[serde(default)]
    pub communication_disabled_until: Option<String>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MessageInfo {
    /// Its id.
    pub id: MessageId,
    /// Where it is.
    pub channel_id: ChannelId,
    /// Who wrote it.
    pub author: UserInfo,
    /// Its flags, as bits.
    #[serde(default)]
    pub flags: u64,
    /// The nonce it was sent with, text or number.
    #[serde(default)]
    pub nonce: Option<Value>,
    /// Its embeds, as they came.
    #[serde(default)]
    pub embeds: Vec<Value>,
    /// Its components, as they came.
    #[serde(default)]
    pub components: Vec<Value>,
    /// The interaction that it answers, as it came.
    #[serde(default)]
    pub interaction_metadata: Option<Value>,
}

impl MessageInfo {
    /// Whether it is the answer to this very interaction; `None` where Discord does not say.
    #[must_use]
    pub fn answers(&self, interaction: InteractionId) -> Option<bool> {
        self.interaction_metadata.as_ref().map(|it| it["id"] == interaction.to_string())
    }
}

/// How many sessions may still be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SessionStartLimit {
    /// IDENTIFYs left.
    pub remaining: u32,
    /// Milliseconds until the count starts anew.
    pub reset_after: u64,
}

#[derive(Deserialize)]
pub(super) struct GatewayUrl {
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct GatewayBot {
    pub(super) session_start_limit: SessionStartLimit,
}

#[derive(Deserialize)]
pub(super) struct MessageRef {
    pub(super) id: MessageId,
}

#[derive(Deserialize)]
pub(super) struct ChannelRef {
    pub(super) id: ChannelId,
}

impl<'de> Deserialize<'de> for OverwriteKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match u8::deserialize(deserializer)? {
            0 => Self::Role,
            1 => Self::Member,
            _ => Self::Other,
        })
    }
}
