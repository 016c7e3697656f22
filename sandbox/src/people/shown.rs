//! What people look at: messages and replies.

use super::{
    Modal,
    trouble::{Trouble, What},
};
use crate::{
    discord::{
        Discord,
        emoji::Emoji,
        events,
        ids::{ChannelId, InteractionId, MessageId, RoleId, UserId},
        state::{Message, Pings, Reaction, State},
        validate::component::BUTTON,
    },
    render,
};
use serde_json::Value;
use std::{fmt, future::Future, ops::Deref, panic::Location, sync::Arc, time::Duration};
use tokio::time::Instant;

/// A message as it was when the person looked, and a way to look again.
#[derive(Clone)]
pub struct Posted {
    pub(super) discord: Arc<Discord>,
    id: Option<MessageId>,
    text: String,
    seen: String,
    patience: Duration,
}

impl fmt::Debug for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posted").field("id", &self.id).field("text", &self.text).finish_non_exhaustive()
    }
}

impl Posted {
    /// Looks at a message, which counts as read from now on.
    pub(crate) fn look(discord: &Arc<Discord>, id: Option<MessageId>, patience: Duration) -> Self {
        let texts = discord.change(|state| {
            let id = id?;
            state.messages.get_mut(&id)?.read = true;
            let message = state.messages.get(&id)?;
            Some((render::message(message), render::seen(state, message)))
        });
        let (text, seen) = texts.unwrap_or_default();
        Self { discord: Arc::clone(discord), id, text, seen, patience }
    }

    pub(super) fn of_text(discord: &Arc<Discord>, text: String, patience: Duration) -> Self {
        Self { discord: Arc::clone(discord), id: None, seen: text.clone(), text, patience }
    }

    /// Everything visible when the person looked: content, embeds, fields, options, `[buttons]`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same as Discord's client showed it: markdown obeyed, mentions as names, times in words, fields indented.
    /// Spoilers and code blocks keep their marks, since there is nothing to click on.
    #[must_use]
    pub fn seen(&self) -> &str {
        &self.seen
    }

    /// Everything visible now.
    #[must_use]
    pub fn now(&self) -> String {
        self.of(render::message).unwrap_or_default()
    }

    /// What it said, version by version.
    #[must_use]
    pub fn history(&self) -> Vec<String> {
        self.of(|message| message.history.clone()).unwrap_or_default()
    }

    /// The message's id; none if nothing but a modal, or nothing at all, was shown.
    #[must_use]
    pub fn id(&self) -> Option<MessageId> {
        self.id
    }

    /// The labels of the buttons that can be pressed now.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        let pressable = |it: &&Value| it["type"] == BUTTON && it["disabled"] != true;
        self.of(|message| components(message).filter(pressable).map(render::label).collect()).unwrap_or_default()
    }

    /// The labels in the select menus now.
    #[must_use]
    pub fn options(&self) -> Vec<String> {
        let labels = |message: &Message| {
            let options = components(message).filter_map(|it| it["options"].as_array()).flatten();
            options.filter_map(|option| option["label"].as_str()).map(ToOwned::to_owned).collect()
        };
        self.of(labels).unwrap_or_default()
    }

    /// The custom ids of everything that can be used now.
    #[must_use]
    pub fn custom_ids(&self) -> Vec<String> {
        let ids = |message: &Message| {
            components(message).filter_map(|it| it["custom_id"].as_str()).map(ToOwned::to_owned).collect()
        };
        self.of(ids).unwrap_or_default()
    }

    /// Whether only one person sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.of(|message| message.only_for.is_some()).unwrap_or_default()
    }

    /// Whether it is gone.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.id.is_some() && self.of(|_| ()).is_none()
    }

    /// The people whom it notified.
    #[must_use]
    pub fn pinged_users(&self) -> Vec<UserId> {
        self.pings().users
    }

    /// The roles that it notified.
    #[must_use]
    pub fn pinged_roles(&self) -> Vec<RoleId> {
        self.pings().roles
    }

    /// Whether it notified everyone.
    #[must_use]
    pub fn pinged_everyone(&self) -> bool {
        self.pings().everyone
    }

    /// Whom it notified, from its first version to now.
    #[must_use]
    pub fn pings(&self) -> Pings {
        self.of(|message| message.pinged.clone()).unwrap_or_default()
    }

    /// The emoji under it, each with the people who reacted, in the order in which they did; custom ones as `name:id`.
    #[must_use]
    pub fn reactions(&self) -> Vec<(String, UserId)> {
        let each = |message: &Message| message.reactions.iter().map(|it| (it.emoji.to_string(), it.user)).collect();
        self.of(each).unwrap_or_default()
    }

    /// Who reacted with this emoji, in any way.
    #[must_use]
    pub fn reactions_of(&self, emoji: &str) -> Vec<UserId> {
        let wanted = Emoji::parse(emoji);
        let of = |it: &&Reaction| Some(&it.emoji) == wanted.as_ref();
        self.of(|message| message.reactions.iter().filter(of).map(|it| it.user).collect()).unwrap_or_default()
    }

    /// The message that it replies to.
    #[must_use]
    pub fn replies_to(&self) -> Option<MessageId> {
        self.of(|message| message.replies_to).flatten()
    }

    /// The channel it stands in.
    #[must_use]
    pub fn channel(&self) -> Option<ChannelId> {
        self.of(|message| message.channel)
    }

    /// The link to it, as "Copy Message Link" gives it.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        let id = self.id?;
        self.discord.read(|state| {
            let channel = state.message(id)?.channel;
            let guild = state.guild_of(channel).map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
            Some(format!("https://discord.com/channels/{guild}/{channel}/{id}"))
        })
    }

    /// The message object as Discord would answer it now; `Null` once it is gone.
    #[must_use]
    pub fn raw(&self) -> Value {
        let look = |state: &State| Some(events::message(state, state.message(self.id?)?));
        self.discord.read(look).unwrap_or_default()
    }

    /// The nonce that it was sent with.
    #[must_use]
    pub fn nonce(&self) -> Option<String> {
        self.of(|message| message.nonce.as_ref().and_then(Value::as_str).map(ToOwned::to_owned)).flatten()
    }

    fn of<T>(&self, look: impl FnOnce(&Message) -> T) -> Option<T> {
        self.discord.read(|state| self.id.and_then(|id| state.message(id)).map(look))
    }

    /// Waits until what is visible satisfies `wanted`; a deleted message shows nothing, `""`.
    ///
    /// # Errors
    /// If it does not happen in time.
    pub async fn try_changes_until(&self, wanted: impl Fn(&str) -> bool) -> Result<Self, Trouble> {
        let look = |state: &mut State| {
            let message = self.id.and_then(|id| state.message(id));
            let text = message.map(render::message).unwrap_or_default();
            wanted(&text).then_some(())
        };
        let seen = self.discord.until(Instant::now() + self.patience, look).await;
        let vain = || What::InVain(format!("a change of the message that now reads {:?}", self.now()));
        seen.ok_or_else(|| Trouble::new(&self.discord, vain()))?;
        Ok(Self::look(&self.discord, self.id, self.patience))
    }

    /// Waits until the reactions under it satisfy `wanted`, as [`Self::reactions`] answers them.
    ///
    /// # Errors
    /// If it does not happen in time.
    pub async fn try_reactions_until(&self, wanted: impl Fn(&[(String, UserId)]) -> bool) -> Result<(), Trouble> {
        let look = |state: &mut State| {
            let message = self.id.and_then(|id| state.message(id))?;
            let each: Vec<_> = message.reactions.iter().map(|it| (it.emoji.to_string(), it.user)).collect();
            wanted(&each).then_some(())
        };
        let seen = self.discord.until(Instant::now() + self.patience, look).await;
        let vain = || What::InVain(format!("other reactions than {:?}", self.reactions()));
        seen.ok_or_else(|| Trouble::new(&self.discord, vain()))
    }

    /// [`Self::try_changes_until`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn changes_until(&self, wanted: impl Fn(&str) -> bool) -> impl Future<Output = Self> {
        let caller = Location::caller();
        async move { or_panic(self.try_changes_until(wanted).await, caller) }
    }
}

/// Panics with a trouble and where the test met it.
pub(super) fn or_panic<T>(result: Result<T, Trouble>, caller: &Location<'_>) -> T {
    match result {
        Ok(value) => value,
        Err(trouble) => panic!("at {caller}: {trouble}"),
    }
}

fn components(message: &Message) -> impl Iterator<Item = &Value> {
    message.components.iter().filter_map(|row| row["components"].as_array()).flatten()
}

/// What somebody got for an act: a message, or a modal.
#[derive(Clone, Debug)]
pub struct Reply {
    posted: Posted,
    modal: Option<Modal>,
    interaction: InteractionId,
}

impl Deref for Reply {
    type Target = Posted;

    fn deref(&self) -> &Posted {
        &self.posted
    }
}

impl Reply {
    pub(super) fn new(posted: Posted, modal: Option<Modal>, interaction: InteractionId) -> Self {
        Self { posted, modal, interaction }
    }

    /// The interaction that brought it.
    #[must_use]
    pub fn interaction(&self) -> InteractionId {
        self.interaction
    }

    /// The modal that opened, if one did.
    #[must_use]
    pub fn modal(&self) -> Option<&Modal> {
        self.modal.as_ref()
    }

    /// The further messages so far, which count as read from now on.
    #[must_use]
    pub fn followups(&self) -> Vec<Posted> {
        let ids = self.discord.read(|state| state.interactions.get(&self.interaction).map(|it| it.followups.clone()));
        let look = |id| Posted::look(&self.discord, Some(id), self.patience);
        ids.unwrap_or_default().into_iter().map(look).collect()
    }

    /// Discord forgets this interaction's token, as after fifteen minutes.
    pub fn token_expires(&self) {
        self.discord.change(|state| {
            if let Some(known) = state.interactions.get_mut(&self.interaction) {
                known.token_dead = true;
            }
        });
    }
}
