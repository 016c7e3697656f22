//! The people of the guild and what they can do: type, complete, press, select, submit, react, read.
//! Each act exists twice: `try_…` answers a [`Trouble`], the other panics with it, for tests.

mod acts;
mod attaching;
mod channel;
mod forge;
mod interact;
mod modal;
mod reading;
mod shown;
mod trouble;
mod typing;

pub use channel::TextChannel;
pub use forge::Forged;
pub use modal::{Field, Modal};
pub use shown::{Posted, Reply};
pub use trouble::{Trouble, What};
pub use typing::Choice;

use crate::discord::{
    Discord, events,
    gateway::intents,
    ids::{ChannelId, RoleId, UserId},
    permissions::Permission,
    state::{Account, AccountKind, DirectMessages, State},
};
use serde_json::json;
use std::{fmt, sync::Arc, time::Duration};

/// Somebody in the guild, sitting in a channel.
#[derive(Clone)]
pub struct Person {
    pub(crate) discord: Arc<Discord>,
    pub(crate) id: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) patience: Duration,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Person {
    /// The user's id.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.id
    }

    /// The display name.
    #[must_use]
    pub fn name(&self) -> String {
        self.discord.read(|state| state.name_of(self.id))
    }

    /// `<@…>`.
    #[must_use]
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// The same person in another channel.
    #[must_use]
    pub fn in_channel(&self, channel: &TextChannel) -> Self {
        Self { channel: channel.id(), ..self.clone() }
    }

    /// The same person in the conversation with the bot.
    #[must_use]
    pub fn in_direct_messages(&self) -> Self {
        let channel = self.discord.change(|state| state.direct_channel(self.id));
        Self { channel, ..self.clone() }
    }

    /// The same person, who waits at most this long for anything but the first three seconds.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Opens or closes the door to direct messages.
    pub fn sets_direct_messages(&self, direct_messages: DirectMessages) {
        self.alter(|account| account.direct_messages = direct_messages);
    }

    /// Uses Discord in another language.
    pub fn speaks(&self, locale: &str) {
        self.alter(|account| locale.clone_into(&mut account.locale));
    }

    /// Is called something else from now on; names may be hostile.
    pub fn is_called(&self, display_name: &str) {
        self.alter(|account| display_name.clone_into(&mut account.display_name));
        self.member_updated();
    }

    /// Is given a role.
    pub fn gets(&self, role: RoleId) {
        self.alter(|account| {
            if !account.roles.contains(&role) {
                account.roles.push(role);
            }
        });
        self.member_updated();
    }

    /// Loses a role.
    pub fn loses(&self, role: RoleId) {
        self.alter(|account| account.roles.retain(|held| *held != role));
        self.member_updated();
    }

    /// Is timed out until then, or no longer.
    pub fn is_timed_out_until(&self, until: Option<time::OffsetDateTime>) {
        self.alter(|account| account.timed_out_until = until);
        self.member_updated();
    }

    /// Leaves the guild, and with it all roles.
    pub fn leaves(&self) {
        self.alter(|account| {
            account.in_guild = false;
            account.roles.clear();
        });
        self.discord.change(|state| {
            let event = json!({ "guild_id": state.guild, "user": events::user_of(state, self.id) });
            state.dispatch("GUILD_MEMBER_REMOVE", Some(intents::GUILD_MEMBERS), &event);
        });
    }

    /// Comes back to the guild, without any role.
    pub fn comes_back(&self) {
        self.alter(|account| account.in_guild = true);
        self.discord.change(|state| state.dispatch_member("GUILD_MEMBER_ADD", self.id));
    }

    fn alter(&self, act: impl FnOnce(&mut Account)) {
        self.discord.change(|state| state.accounts.get_mut(&self.id).map(act));
    }

    fn member_updated(&self) {
        self.discord.change(|state| state.dispatch_member("GUILD_MEMBER_UPDATE", self.id));
    }

    /// Why Discord's client would not let this person do that here; nothing if it would.
    fn client_refuses(&self, state: &State, channel: ChannelId, what: Doing) -> Option<&'static str> {
        let account = state.accounts.get(&self.id)?;
        let human = account.kind == AccountKind::Human;
        let in_guild = state.guild_of(channel).is_some();
        if !state.channels.contains_key(&channel) {
            Some("the channel is gone")
        } else if what != Doing::Reacts && !human {
            Some("bots and webhooks have no client")
        } else if in_guild && !account.in_guild && human {
            Some("they are not in the guild")
        } else if in_guild && account.is_timed_out() {
            Some("they are timed out")
        } else if !state.may(self.id, channel, Permission::ViewChannel) {
            Some("they do not see the channel")
        } else {
            None
        }
    }
}

/// What somebody does with their client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Types a command, presses, selects, submits.
    Interacts,
    Reacts,
}
