//! The acts without an interaction: reacting, writing, reading direct messages.

use super::{
    Doing, Person, Posted, TextChannel,
    shown::or_panic,
    trouble::{Trouble, What},
};
use crate::discord::{
    emoji::Emoji,
    refusal::Refusal,
    rest::{Standing, may_react, post, react, unreact},
    state::Reaction,
    validate::message::Draft,
};
use std::{future::Future, panic::Location};

/// Which kind of reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Normal,
    Super,
}

impl Person {
    /// Reacts with an emoji: a Unicode one, or a custom one as `name:id`. A second time changes nothing.
    ///
    /// # Errors
    /// If Discord's client would not do it: nobody sees the message (any more), the person is timed out or not in the
    /// guild, lacks a permission, or there are twenty other emoji already.
    pub fn try_reacts(&self, message: &Posted, emoji: &str) -> Result<(), Trouble> {
        self.add_reaction(message, emoji, Kind::Normal)
    }

    /// [`Self::try_reacts`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn reacts(&self, message: &Posted, emoji: &str) {
        or_panic(self.try_reacts(message, emoji), Location::caller());
    }

    /// Reacts with a super reaction; a normal one of the same emoji may stand beside it.
    ///
    /// # Errors
    /// As [`Self::try_reacts`].
    pub fn try_super_reacts(&self, message: &Posted, emoji: &str) -> Result<(), Trouble> {
        self.add_reaction(message, emoji, Kind::Super)
    }

    /// [`Self::try_super_reacts`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn super_reacts(&self, message: &Posted, emoji: &str) {
        or_panic(self.try_super_reacts(message, emoji), Location::caller());
    }

    fn add_reaction(&self, message: &Posted, emoji: &str, kind: Kind) -> Result<(), Trouble> {
        let added = self.discord.change(|state| {
            let id = message.id().ok_or("there is no message")?;
            let found = state.message(id).ok_or("the message is gone")?;
            let emoji = Emoji::parse(emoji).ok_or("that is no emoji")?;
            if found.only_for.is_some() {
                return Err("nobody can react to an ephemeral message");
            }
            if let Some(why) = self.client_refuses(state, found.channel, Doing::Reacts) {
                return Err(why);
            }
            // With Nitro, people use the custom emoji of all their guilds; the bot cannot.
            match may_react(state, found, self.id, &emoji) {
                Ok(()) | Err(Refusal::UnknownEmoji) => {}
                Err(Refusal::TooManyReactions) => return Err("there are twenty different emoji already"),
                Err(_) => return Err("they may not react here"),
            }
            state.note(format!("{} reacts {emoji} to {id}", state.name_of(self.id)));
            react(state, id, &Reaction { user: self.id, emoji, burst: kind == Kind::Super });
            Ok(())
        });
        let not_sent = |why: &str| What::NotSent { line: format!("reacts {emoji}"), why: why.to_owned() };
        added.map_err(|why| Trouble::new(&self.discord, not_sent(why)))
    }

    /// Takes a reaction back.
    pub fn unreacts(&self, message: &Posted, emoji: &str) {
        let (Some(id), Some(emoji)) = (message.id(), Emoji::parse(emoji)) else { return };
        self.discord.change(|state| {
            state.note(format!("{} takes {emoji} back from {id}", state.name_of(self.id)));
            unreact(state, id, self.id, &emoji);
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
