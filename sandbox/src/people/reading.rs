//! The acts without an interaction: reacting, writing, reading direct messages.

use super::{Person, Posted, TextChannel, shown::or_panic, trouble::Trouble};
use crate::discord::{
    rest::{Standing, post, react, unreact},
    state::Reaction,
    validate::message::Draft,
};
use std::{future::Future, panic::Location};

impl Person {
    /// Reacts with a Unicode emoji.
    pub fn reacts(&self, message: &Posted, emoji: &str) {
        self.add_reaction(message, &Reaction { user: self.id, emoji: emoji.to_owned(), burst: false });
    }

    /// Reacts with a super reaction.
    pub fn super_reacts(&self, message: &Posted, emoji: &str) {
        self.add_reaction(message, &Reaction { user: self.id, emoji: emoji.to_owned(), burst: true });
    }

    fn add_reaction(&self, message: &Posted, reaction: &Reaction) {
        let Some(id) = message.id() else { return };
        self.discord.change(|state| {
            state.note(format!("{} reacts {} to {id}", state.name_of(self.id), reaction.emoji));
            react(state, id, reaction);
        });
    }

    /// Takes a reaction back.
    pub fn unreacts(&self, message: &Posted, emoji: &str) {
        let Some(id) = message.id() else { return };
        self.discord.change(|state| {
            state.note(format!("{} takes {emoji} back from {id}", state.name_of(self.id)));
            unreact(state, id, self.id, emoji);
        });
    }

    /// Writes a plain message into the channel.
    #[must_use]
    pub fn says(&self, text: &str) -> Posted {
        let id = self.discord.change(|state| {
            let draft = Draft { content: Some(text.to_owned()), ..Draft::default() };
            post(state, self.channel, draft, Standing { author: self.id, interaction: None, only_for: None })
        });
        Posted::look(&self.discord, Some(id), self.patience)
    }

    fn my_inbox(&self) -> TextChannel {
        let id = self.discord.change(|state| state.direct_channel(self.id));
        TextChannel { discord: self.discord.clone(), id, patience: self.patience }
    }

    /// All direct messages of the bot that still stand, oldest first; they count as read from now on.
    #[must_use]
    pub fn direct_messages(&self) -> Vec<Posted> {
        self.my_inbox().messages()
    }

    /// The oldest direct message not read yet, awaited if need be.
    ///
    /// # Errors
    /// If none comes in time.
    pub async fn try_next_direct_message(&self) -> Result<Posted, Trouble> {
        self.my_inbox().try_next_message().await
    }

    /// [`Self::try_next_direct_message`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn next_direct_message(&self) -> impl Future<Output = Posted> {
        let caller = Location::caller();
        async move { or_panic(self.try_next_direct_message().await, caller) }
    }
}
