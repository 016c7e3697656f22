//! What happens around cards: reactions, deleted messages, channels and roles, read with as little as they need.
//!
//! Not serenity's models: an event that lacks a member which only they need (a reaction's `type`) would be lost.

use serde::Deserialize;
use serenity::model::id::{ChannelId, EmojiId, GuildId, MessageId, UserId};

/// Something that happened in a guild, beside interactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody reacted.
    Reacted(ReactionEvent),
    /// Somebody took their reaction away, or somebody else did.
    Unreacted(ReactionEvent),
    /// The reactions under a message were cleared.
    Cleared(ClearedEvent),
    /// Messages were deleted.
    MessagesGone {
        /// In this channel.
        channel: ChannelId,
        /// Which.
        messages: Vec<MessageId>,
    },
    /// A channel was deleted.
    ChannelGone(ChannelId),
    /// A role was deleted.
    RoleGone,
}

/// A reaction that came or went (Discord, "Message Reaction Add", "Message Reaction Remove").
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReactionEvent {
    /// Whose.
    pub user_id: UserId,
    /// Under a message of this channel.
    pub channel_id: ChannelId,
    /// Under this message.
    pub message_id: MessageId,
    /// In this guild; none in direct messages.
    #[serde(default)]
    pub guild_id: Option<GuildId>,
    /// Which.
    pub emoji: EmojiEvent,
    /// Whether it is a super-reaction.
    #[serde(default)]
    pub burst: bool,
    /// 0 normal, 1 super-reaction.
    #[serde(default, rename = "type")]
    pub kind: u8,
    /// Who reacted; only when it came, and only in a guild.
    #[serde(default)]
    pub member: Option<MemberEvent>,
}

/// The member of a reaction that came.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MemberEvent {
    /// The account.
    #[serde(default)]
    pub user: Option<UserEvent>,
}

/// The account of a reaction that came.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserEvent {
    /// Whether it is a bot's.
    #[serde(default)]
    pub bot: bool,
}

/// An emoji: one of Unicode has no id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EmojiEvent {
    /// The id of a server's own emoji.
    #[serde(default)]
    pub id: Option<EmojiId>,
    /// Its name; of one of Unicode, the emoji itself.
    #[serde(default)]
    pub name: Option<String>,
}

/// Reactions that were cleared: all of them, or one emoji's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClearedEvent {
    /// Under a message of this channel.
    pub channel_id: ChannelId,
    /// Under this message.
    pub message_id: MessageId,
    /// Only this emoji's.
    #[serde(default)]
    pub emoji: Option<EmojiEvent>,
}

/// What an event turned out to be.
pub(super) enum Understood {
    /// To be handed on.
    Happening(Happening),
    /// It should have been understood.
    Not,
    /// Nobody needs it.
    Unwanted,
}

/// Reads an event of this type.
pub(super) fn read(kind: &str, data: &str) -> Understood {
    #[derive(Deserialize)]
    struct Deleted {
        id: MessageId,
        channel_id: ChannelId,
    }
    #[derive(Deserialize)]
    struct DeletedBulk {
        ids: Vec<MessageId>,
        channel_id: ChannelId,
    }
    #[derive(Deserialize)]
    struct Channel {
        id: ChannelId,
    }
    let happening = match kind {
        "MESSAGE_REACTION_ADD" => serde_json::from_str(data).map(Happening::Reacted),
        "MESSAGE_REACTION_REMOVE" => serde_json::from_str(data).map(Happening::Unreacted),
        "MESSAGE_REACTION_REMOVE_ALL" | "MESSAGE_REACTION_REMOVE_EMOJI" => {
            serde_json::from_str(data).map(Happening::Cleared)
        }
        "MESSAGE_DELETE" => serde_json::from_str::<Deleted>(data)
            .map(|gone| Happening::MessagesGone { channel: gone.channel_id, messages: vec![gone.id] }),
        "MESSAGE_DELETE_BULK" => serde_json::from_str::<DeletedBulk>(data)
            .map(|gone| Happening::MessagesGone { channel: gone.channel_id, messages: gone.ids }),
        "CHANNEL_DELETE" => serde_json::from_str::<Channel>(data).map(|gone| Happening::ChannelGone(gone.id)),
        "GUILD_ROLE_DELETE" => Ok(Happening::RoleGone),
        _ => return Understood::Unwanted,
    };
    happening.map_or(Understood::Not, Understood::Happening)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_needs_only_who_where_and_which() {
        let data = r#"{"user_id":"11","channel_id":"22","message_id":"33","emoji":{"id":null,"name":"✅"}}"#;
        let Understood::Happening(Happening::Reacted(reaction)) = read("MESSAGE_REACTION_ADD", data) else {
            panic!("it should have been read");
        };
        assert_eq!((reaction.user_id.get(), reaction.burst, reaction.kind), (11, false, 0));
        assert_eq!(reaction.emoji.name.as_deref(), Some("✅"));
    }

    #[test]
    fn one_that_says_too_little_is_told_apart_from_one_that_nobody_needs() {
        assert!(matches!(read("MESSAGE_REACTION_ADD", r#"{"user_id":"11"}"#), Understood::Not));
        assert!(matches!(read("TYPING_START", "{}"), Understood::Unwanted));
    }
}
