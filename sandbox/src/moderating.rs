//! What those who run the guild do: roles, channels and who may do what in them, moderation, the developer portal.
//! What one person does is in `people/`, faults are in `switches.rs`.

use crate::{
    discord::{
        emoji::Emoji,
        events,
        gateway::intents,
        ids::{ChannelId, MessageId, RoleId},
        permissions::{Overwrite, Permission, Whom},
        rest::{clear, unreact},
        state::{Channel, Role, State},
    },
    guild,
    people::{Person, Posted, TextChannel},
    sandbox::Sandbox,
};
use serde_json::json;

/// A switch of the developer portal: "Privileged Gateway Intents".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivilegedIntent {
    /// "Server Members": `GUILD_MEMBERS`, and the list of members over REST.
    ServerMembers,
    /// "Presence": `GUILD_PRESENCES`.
    Presence,
    /// "Message Content": `MESSAGE_CONTENT`.
    MessageContent,
}

impl PrivilegedIntent {
    /// Its bit among the gateway's intents.
    #[must_use]
    pub const fn bit(self) -> u64 {
        match self {
            Self::ServerMembers => intents::GUILD_MEMBERS,
            Self::Presence => intents::GUILD_PRESENCES,
            Self::MessageContent => intents::MESSAGE_CONTENT,
        }
    }
}

impl Sandbox {
    /// The developer portal allows a privileged intent from now on.
    pub fn portal_allows(&self, intent: PrivilegedIntent) {
        self.discord.change(|state| state.bot.privileged_intents |= intent.bit());
    }

    /// The developer portal forbids a privileged intent; an open session that uses it is closed with 4014.
    pub fn portal_forbids(&self, intent: PrivilegedIntent) {
        let used = self.discord.change(|state| {
            state.bot.privileged_intents &= !intent.bit();
            state.gateway.session.as_ref().is_some_and(|session| session.intents & intent.bit() != 0)
        });
        if used {
            self.gateway_closes(4014);
        }
    }

    /// Adds a role, which everybody may mention.
    #[must_use]
    pub fn add_role(&self, name: &str) -> RoleId {
        self.discord.change(|state| {
            let id = guild::add_role(state, name);
            tell_of_role(state, "GUILD_ROLE_CREATE", id);
            id
        })
    }

    /// Calls a role something else.
    pub fn renames_role(&self, role: RoleId, name: &str) {
        self.change_role(role, |role| name.clone_into(&mut role.name));
    }

    /// Nobody may notify this role from now on but those who may mention everyone.
    pub fn forbids_mentions_of(&self, role: RoleId) {
        self.change_role(role, |role| role.mentionable = false);
    }

    /// Takes a permission away from the bot's own role.
    pub fn bot_role_loses(&self, permission: Permission) {
        self.change_role(self.bot_role(), |role| role.permissions &= !permission.bit());
    }

    /// Gives the bot's own role a permission.
    pub fn bot_role_gets(&self, permission: Permission) {
        self.change_role(self.bot_role(), |role| role.permissions |= permission.bit());
    }

    /// The role that Discord made for the bot.
    #[must_use]
    pub fn bot_role(&self) -> RoleId {
        self.discord.read(|state| state.bot.role)
    }

    fn change_role(&self, id: RoleId, change: impl FnOnce(&mut Role)) {
        self.discord.change(|state| {
            let Some(role) = state.roles.iter_mut().find(|role| role.id == id) else { return };
            change(role);
            tell_of_role(state, "GUILD_ROLE_UPDATE", id);
        });
    }

    /// Deletes a role; nobody has it any more, and no channel speaks of it.
    pub fn deletes_role(&self, role: RoleId) {
        self.discord.change(|state| {
            if !state.roles.iter().any(|it| it.id == role) {
                return;
            }
            state.note(format!("role {role} is deleted"));
            state.roles.retain(|it| it.id != role);
            state.channels.values_mut().for_each(|channel| {
                if let Channel::Text { overwrites, .. } = channel {
                    overwrites.retain(|it| it.whom != Whom::Role(role));
                }
            });
            let event = json!({ "guild_id": state.guild, "role_id": role });
            state.dispatch("GUILD_ROLE_DELETE", Some(intents::GUILDS), &event);
            let holders = state.accounts.values().filter(|it| it.roles.contains(&role)).map(|it| it.id);
            for holder in holders.collect::<Vec<_>>() {
                if let Some(account) = state.accounts.get_mut(&holder) {
                    account.roles.retain(|it| *it != role);
                }
                state.dispatch_member("GUILD_MEMBER_UPDATE", holder);
            }
        });
    }

    /// Adds a text channel.
    #[must_use]
    pub fn add_channel(&self, name: &str) -> TextChannel {
        let id = self.discord.change(|state| {
            let id = guild::add_channel(state, name);
            tell_of_channel(state, "CHANNEL_CREATE", id);
            id
        });
        self.text_channel(id)
    }

    /// Takes a permission in a channel away from the bot.
    pub fn denies(&self, channel: &TextChannel, permission: Permission) {
        self.denies_to(channel, Whom::Member(self.bot()), permission);
    }

    /// Gives a permission in a channel back to the bot.
    pub fn allows(&self, channel: &TextChannel, permission: Permission) {
        self.no_longer_denies_to(channel, Whom::Member(self.bot()), permission);
    }

    /// Takes a permission in a channel away from somebody.
    pub fn denies_to(&self, channel: &TextChannel, whom: Whom, permission: Permission) {
        self.overwrite(channel, whom, |it| it.deny |= permission.bit());
    }

    /// Takes nothing of this permission in a channel away from somebody any more.
    pub fn no_longer_denies_to(&self, channel: &TextChannel, whom: Whom, permission: Permission) {
        self.overwrite(channel, whom, |it| it.deny &= !permission.bit());
    }

    fn overwrite(&self, channel: &TextChannel, whom: Whom, change: impl FnOnce(&mut Overwrite)) {
        self.discord.change(|state| {
            if let Some(Channel::Text { overwrites, .. }) = state.channels.get_mut(&channel.id()) {
                let mut found = Overwrite { whom, allow: 0, deny: 0 };
                if let Some(position) = overwrites.iter().position(|it| it.whom == whom) {
                    found = overwrites.remove(position);
                }
                change(&mut found);
                overwrites.extend(Some(found).filter(|it| it.allow | it.deny != 0));
            }
            tell_of_channel(state, "CHANNEL_UPDATE", channel.id());
        });
    }

    /// Deletes a channel with all it holds.
    pub fn deletes_channel(&self, channel: &TextChannel) {
        self.discord.change(|state| {
            let Some(gone) = state.channels.get(&channel.id()) else { return };
            let event = events::channel(state, gone);
            state.note(format!("channel {} is deleted", channel.id()));
            state.channels.remove(&channel.id());
            state.taken_away.insert(channel.id().0);
            state.dispatch("CHANNEL_DELETE", Some(intents::GUILDS), &event);
            state.messages.retain(|_, message| message.channel != channel.id());
        });
    }

    /// A moderator deletes a message.
    pub fn deletes_message(&self, message: MessageId) {
        self.discord.change(|state| {
            let Some(channel) = take_away(state, message) else { return };
            state.note(format!("a moderator deletes message {message} in {channel}"));
            let Some(message) = state.messages.get(&message).cloned() else { return };
            state.dispatch_deleted(&message);
        });
    }

    /// A moderator deletes several messages of a channel at once.
    pub fn bulk_deletes(&self, channel: &TextChannel, messages: &[MessageId]) {
        self.discord.change(|state| {
            let here = |state: &State, id: &MessageId| state.message(*id).is_some_and(|it| it.channel == channel.id());
            let ids: Vec<MessageId> = messages.iter().copied().filter(|id| here(state, id)).collect();
            state.note(format!("a moderator deletes {} messages in {}", ids.len(), channel.id()));
            for id in &ids {
                take_away(state, *id);
            }
            state.dispatch_bulk_deleted(channel.id(), &ids);
        });
    }

    /// A moderator takes every reaction away.
    pub fn clears_reactions(&self, message: &Posted) {
        self.discord.change(|state| {
            if let Some(id) = message.id() {
                clear(state, id, None);
            }
        });
    }

    /// A moderator takes every reaction with this emoji away.
    pub fn clears_emoji(&self, message: &Posted, emoji: &str) {
        self.discord.change(|state| {
            if let (Some(id), Some(emoji)) = (message.id(), Emoji::parse(emoji)) {
                clear(state, id, Some(&emoji));
            }
        });
    }

    /// A moderator takes somebody's reaction away.
    pub fn removes_reaction(&self, message: &Posted, of: &Person, emoji: &str) {
        self.discord.change(|state| {
            if let (Some(id), Some(emoji)) = (message.id(), Emoji::parse(emoji)) {
                unreact(state, id, of.id(), &emoji);
            }
        });
    }

    /// Adds a custom emoji to the guild, and answers how reactions write it: `name:id`. The name may be anything.
    #[must_use]
    pub fn add_custom_emoji(&self, name: &str) -> String {
        self.discord.change(|state| {
            let id = state.mint.next();
            state.custom_emoji.insert(id, name.to_owned());
            Emoji::Custom { name: name.to_owned(), id }.to_string()
        })
    }
}

/// Marks a message as deleted by a person; where it stood.
fn take_away(state: &mut State, id: MessageId) -> Option<ChannelId> {
    let message = state.messages.get_mut(&id).filter(|message| !message.deleted)?;
    message.deleted = true;
    message.version += 1;
    let channel = message.channel;
    state.taken_away.insert(id.0);
    Some(channel)
}

fn tell_of_channel(state: &mut State, name: &str, id: ChannelId) {
    let Some(event) = state.channels.get(&id).map(|channel| events::channel(state, channel)) else { return };
    state.dispatch(name, Some(intents::GUILDS), &event);
}

fn tell_of_role(state: &mut State, name: &str, id: RoleId) {
    let found = state.roles.iter().enumerate().find(|(_, role)| role.id == id);
    let Some(role) = found.map(|(position, role)| events::role(role, position)) else { return };
    state.dispatch(name, Some(intents::GUILDS), &json!({ "guild_id": state.guild, "role": role }));
}
