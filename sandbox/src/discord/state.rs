//! What this Discord knows: plain structs of the guild, its people, messages, commands and interactions.
//! Nothing here speaks HTTP; `rest/` and `gateway/` render it, `permissions.rs` computes who may what, `people/` acts on it.

use super::{
    emoji::Emoji,
    files::Files,
    gateway::Gateway,
    ids::{ApplicationId, ChannelId, CommandId, GuildId, InteractionId, MessageId, Mint, RoleId, UserId},
    permissions::Overwrite,
    wire::Wire,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::Instant;

/// Message flag: only the person who acted sees it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// Message flag: "is thinking …".
pub(crate) const LOADING: u64 = 1 << 7;
/// Message flag: embeds are hidden.
pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// Message flag: no sound.
pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// Whether a person can be written to by direct message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectMessages {
    /// Anyone who shares the guild may write.
    Open,
    /// Refused with 50007.
    Closed,
    /// Refused with 50278: no guild is shared any more.
    NoMutualGuild,
    /// Refused with 40003 when the conversation is opened.
    TooFast,
}

/// The bot's own account and application.
#[derive(Clone, Debug)]
pub(crate) struct Bot {
    pub(crate) user: UserId,
    pub(crate) application: ApplicationId,
    pub(crate) role: RoleId,
    pub(crate) token: String,
    /// Privileged gateway intents that the developer portal allows.
    pub(crate) privileged_intents: u64,
}

/// What stands behind an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountKind {
    Human,
    /// An application's user.
    Bot,
    /// Writes under a name of its own and is no member of any guild.
    Webhook,
}

/// A user account, human or not.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) username: String,
    pub(crate) display_name: String,
    pub(crate) locale: String,
    pub(crate) kind: AccountKind,
    pub(crate) roles: Vec<RoleId>,
    pub(crate) in_guild: bool,
    pub(crate) timed_out_until: Option<time::OffsetDateTime>,
    pub(crate) direct_messages: DirectMessages,
}

impl Account {
    /// Whether it is timed out now; a time that is over says nothing.
    pub(crate) fn is_timed_out(&self) -> bool {
        self.timed_out_until.is_some_and(|until| until > time::OffsetDateTime::now_utc())
    }
}

/// A role of the guild.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    /// Whether everybody may notify it.
    pub(crate) mentionable: bool,
    pub(crate) of_bot: Option<UserId>,
}

/// Where messages stand.
#[derive(Clone, Debug)]
pub(crate) enum Channel {
    /// A text channel, and what it allows or denies to whom.
    Text { id: ChannelId, name: String, overwrites: Vec<Overwrite> },
    /// The bot's conversation with one person.
    Direct { id: ChannelId, with: UserId },
}

impl Channel {
    pub(crate) fn id(&self) -> ChannelId {
        match self {
            Self::Text { id, .. } | Self::Direct { id, .. } => *id,
        }
    }
}

/// One reaction of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reaction {
    pub(crate) user: UserId,
    pub(crate) emoji: Emoji,
    pub(crate) burst: bool,
}

/// A message, as it stands now and as it stood.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) channel: ChannelId,
    pub(crate) author: UserId,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) flags: u64,
    pub(crate) tts: bool,
    pub(crate) nonce: Option<Value>,
    /// Whom it notified, from its first version to this one.
    pub(crate) pinged: Pings,
    /// The message that it replies to.
    pub(crate) replies_to: Option<MessageId>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) edited: Option<time::OffsetDateTime>,
    /// The interaction that it answers.
    pub(crate) interaction: Option<InteractionId>,
    /// The one person who sees it, if it is ephemeral.
    pub(crate) only_for: Option<UserId>,
    pub(crate) deleted: bool,
    /// Grows with every edit, reaction and deletion.
    pub(crate) version: u64,
    /// What it said, version by version, as a person reads it.
    pub(crate) history: Vec<String>,
    /// Whether a test person has looked at it.
    pub(crate) read: bool,
}

/// Whom a message notified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pings {
    /// Whether everyone was.
    pub everyone: bool,
    /// These people.
    pub users: Vec<UserId>,
    /// Everybody with one of these roles.
    pub roles: Vec<RoleId>,
}

impl Pings {
    /// Whether nobody was notified.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds those whom a further version notified.
    pub(crate) fn join(&mut self, more: Self) {
        self.everyone |= more.everyone;
        self.users.extend(more.users);
        self.roles.extend(more.roles);
        self.users.sort_unstable();
        self.users.dedup();
        self.roles.sort_unstable();
        self.roles.dedup();
    }
}

/// What kind of act an interaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl InteractionKind {
    /// Discord's number. See [Discord Docs/Receiving and Responding].
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// How an interaction was acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Acknowledgement {
    /// Type 4.
    Message,
    /// Type 5, "is thinking …".
    DeferredMessage,
    /// Type 6, nothing visible yet.
    DeferredUpdate,
    /// Type 7.
    Update,
    /// Type 8.
    Choices(Vec<Value>),
    /// Type 9.
    Modal(Value),
}

/// One use of a command, a component or a modal.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) kind: InteractionKind,
    pub(crate) token: String,
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    /// The very event that was sent.
    pub(crate) event: Value,
    /// What a reader of a transcript would call it.
    pub(crate) summary: String,
    pub(crate) made: Instant,
    /// The message whose component was used, and its version then.
    pub(crate) source: Option<(MessageId, u64)>,
    pub(crate) acknowledged: Option<Acknowledgement>,
    /// The message that `@original` names.
    pub(crate) original: Option<MessageId>,
    pub(crate) followups: Vec<MessageId>,
    /// Whether anything came after a bare deferral.
    pub(crate) completed: bool,
    pub(crate) token_dead: bool,
    /// Whether a test was told that it stayed unanswered.
    pub(crate) noticed: bool,
}

/// The limits of time that a test may shorten; Discord's own by default.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) acknowledge_within: Duration,
    pub(crate) token_life: Duration,
    pub(crate) nonce_life: Duration,
}

/// Everything.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) mint: Mint,
    pub(crate) limits: Limits,
    pub(crate) started: Instant,
    pub(crate) bot: Bot,
    pub(crate) guild: GuildId,
    pub(crate) guild_name: String,
    pub(crate) owner: UserId,
    pub(crate) roles: Vec<Role>,
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    pub(crate) accounts: BTreeMap<UserId, Account>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) commands: BTreeMap<CommandId, Value>,
    pub(crate) interactions: BTreeMap<InteractionId, Interaction>,
    /// The guild's own emoji by id.
    pub(crate) custom_emoji: BTreeMap<u64, String>,
    pub(crate) nonces: Vec<(ChannelId, Value, MessageId, Instant)>,
    pub(crate) files: Files,
    pub(crate) gateway: Gateway,
    pub(crate) wire: Wire,
    pub(crate) expected_codes: BTreeSet<u64>,
    /// Channels and messages that people took away: whoever asks for them cannot know.
    pub(crate) taken_away: BTreeSet<u64>,
    pub(crate) transcript: Vec<(Duration, String)>,
    pub(crate) stopping: bool,
}

impl State {
    /// Writes a line into the transcript that a failing test prints.
    pub(crate) fn note(&mut self, line: impl Into<String>) {
        self.transcript.push((self.started.elapsed(), line.into()));
    }

    /// The guild's channel or conversation where this stands, unless it is a direct one.
    pub(crate) fn guild_of(&self, channel: ChannelId) -> Option<GuildId> {
        matches!(self.channels.get(&channel), Some(Channel::Text { .. })).then_some(self.guild)
    }

    /// The bot's conversation with a person, opened if need be.
    pub(crate) fn direct_channel(&mut self, with: UserId) -> ChannelId {
        let known = self.channels.values().find_map(|channel| match channel {
            Channel::Direct { id, with: other } if *other == with => Some(*id),
            Channel::Direct { .. } | Channel::Text { .. } => None,
        });
        known.unwrap_or_else(|| {
            let id = ChannelId(self.mint.next());
            self.channels.insert(id, Channel::Direct { id, with });
            id
        })
    }

    /// A message that still stands.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(&id).filter(|message| !message.deleted)
    }

    /// The name a reader knows an account by.
    pub(crate) fn name_of(&self, user: UserId) -> String {
        self.accounts.get(&user).map_or_else(|| user.to_string(), |account| account.display_name.clone())
    }
}
