//! A channel as people read it.

use super::{
    shown::{Posted, or_panic},
    trouble::{Trouble, What},
};
use crate::discord::{
    Discord,
    ids::{ChannelId, MessageId},
    state::{LOADING, Message, State},
};
use std::{fmt, future::Future, panic::Location, sync::Arc, time::Duration};
use tokio::time::Instant;

/// A channel that people read.
#[derive(Clone)]
pub struct TextChannel {
    pub(crate) discord: Arc<Discord>,
    pub(crate) id: ChannelId,
    pub(crate) patience: Duration,
}

impl fmt::Debug for TextChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextChannel").field("id", &self.id).finish_non_exhaustive()
    }
}

impl TextChannel {
    /// The channel's id.
    #[must_use]
    pub fn id(&self) -> ChannelId {
        self.id
    }

    /// What the bot has written and still stands, oldest first; all of it counts as read from now on.
    #[must_use]
    pub fn messages(&self) -> Vec<Posted> {
        let ids: Vec<MessageId> = self.discord.read(|state| {
            let mine = |it: &&Message| it.channel == self.id && it.author == state.bot.user && it.only_for.is_none();
            state.messages.values().filter(mine).filter(|it| !it.deleted).map(|it| it.id).collect()
        });
        ids.into_iter().map(|id| Posted::look(&self.discord, Some(id), self.patience)).collect()
    }

    /// Every message that still stands, whoever wrote it, oldest first; all of it counts as read from now on.
    #[must_use]
    pub fn all_messages(&self) -> Vec<Posted> {
        let ids: Vec<MessageId> = self.discord.read(|state| {
            let here = |it: &&Message| it.channel == self.id && it.only_for.is_none() && !it.deleted;
            state.messages.values().filter(here).map(|it| it.id).collect()
        });
        ids.into_iter().map(|id| Posted::look(&self.discord, Some(id), self.patience)).collect()
    }

    /// The oldest message of the bot that nobody has read, awaited if need be.
    ///
    /// # Errors
    /// If none comes in time.
    pub async fn try_next_message(&self) -> Result<Posted, Trouble> {
        let unread = |state: &mut State| {
            let bot = state.bot.user;
            let wanted = |it: &&mut Message| {
                it.channel == self.id
                    && it.author == bot
                    && !it.read
                    && !it.deleted
                    && it.only_for.is_none()
                    && it.flags & LOADING == 0
            };
            let message = state.messages.values_mut().find(wanted)?;
            message.read = true;
            Some(message.id)
        };
        let found = self.discord.until(Instant::now() + self.patience, unread).await;
        let vain = || What::InVain(format!("a message in channel {}", self.id));
        let id = found.ok_or_else(|| Trouble::new(&self.discord, vain()))?;
        Ok(Posted::look(&self.discord, Some(id), self.patience))
    }

    /// [`Self::try_next_message`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn next_message(&self) -> impl Future<Output = Posted> {
        let caller = Location::caller();
        async move { or_panic(self.try_next_message().await, caller) }
    }
}
