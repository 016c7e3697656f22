//! The few of Discord's permissions that this sandbox enforces, and who has which where. See [Discord Docs/Permissions].

use super::{
    ids::{ChannelId, RoleId, UserId},
    state::{Account, AccountKind, Channel, State},
};

/// A permission in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the channel at all; without it: 50001.
    ViewChannel,
    /// Write messages.
    SendMessages,
    /// Send embeds; without it they vanish from a message silently, as on Discord.
    EmbedLinks,
    /// Read older messages.
    ReadMessageHistory,
    /// Be the first to react with an emoji.
    AddReactions,
    /// Delete other people's messages and reactions.
    ManageMessages,
    /// Notify roles that not everybody may mention. The bot does not have it unless a test gives it.
    MentionEveryone,
}

impl Permission {
    /// Everything that whoever installed the bot granted to its role.
    pub(crate) const INSTALLED: [Self; 6] = [
        Self::ViewChannel,
        Self::SendMessages,
        Self::EmbedLinks,
        Self::ReadMessageHistory,
        Self::AddReactions,
        Self::ManageMessages,
    ];

    /// Its bit in Discord's permission numbers.
    #[must_use]
    pub const fn bit(self) -> u64 {
        match self {
            Self::AddReactions => 1 << 6,
            Self::ViewChannel => 1 << 10,
            Self::SendMessages => 1 << 11,
            Self::ManageMessages => 1 << 13,
            Self::EmbedLinks => 1 << 14,
            Self::ReadMessageHistory => 1 << 16,
            Self::MentionEveryone => 1 << 17,
        }
    }
}

/// Whom a channel treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody with this role; the guild's own id stands for `@everyone`.
    Role(RoleId),
    /// One account.
    Member(UserId),
}

/// What a channel allows or denies to somebody, beside the roles. See [Discord Docs/Overwrite Object].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overwrite {
    pub(crate) whom: Whom,
    pub(crate) allow: u64,
    pub(crate) deny: u64,
}

/// All the bits the bot's role has at first.
pub(crate) fn all_bits() -> u64 {
    Permission::INSTALLED.iter().fold(0, |bits, permission| bits | permission.bit())
}

/// What people may do wherever nothing says otherwise.
fn peoples() -> u64 {
    all_bits() & !Permission::ManageMessages.bit()
}

/// What a person who is timed out keeps. See [Discord Docs/Permissions for Timed Out Members].
const TIMED_OUT: u64 = Permission::ViewChannel.bit() | Permission::ReadMessageHistory.bit();

/// Bypasses everything.
const ADMINISTRATOR: u64 = 1 << 3;

/// What `@everyone` may do: use application commands.
pub(crate) const EVERYONE: u64 = 1 << 31;

/// What the guild's owner has: every bit that Discord documents.
pub(crate) const OWNER: u64 = (1 << 53) - 1;

impl State {
    /// What the bot may do in a channel, as Discord computes it.
    pub(crate) fn bot_permissions(&self, channel: ChannelId) -> u64 {
        self.permissions_in(self.bot.user, channel)
    }

    pub(crate) fn bot_may(&self, channel: ChannelId, permission: Permission) -> bool {
        self.bot_permissions(channel) & permission.bit() != 0
    }

    pub(crate) fn may(&self, user: UserId, channel: ChannelId, permission: Permission) -> bool {
        self.permissions_in(user, channel) & permission.bit() != 0
    }

    /// What an account may do by its roles alone.
    pub(crate) fn base_permissions(&self, user: UserId) -> u64 {
        if user == self.owner {
            return OWNER;
        }
        let roles = self.accounts.get(&user).map(|account| account.roles.as_slice()).unwrap_or_default();
        let base = if user == self.bot.user { 0 } else { peoples() };
        let granted = self.roles.iter().filter(|role| role.id.0 == self.guild.0 || roles.contains(&role.id));
        let bits = granted.fold(base, |bits, role| bits | role.permissions);
        if bits & ADMINISTRATOR == 0 { bits } else { OWNER }
    }

    /// What an account may do in a channel. See [Discord Docs/Permission Overwrites].
    pub(crate) fn permissions_in(&self, user: UserId, channel: ChannelId) -> u64 {
        let Some(account) = self.accounts.get(&user) else { return 0 };
        match self.channels.get(&channel) {
            Some(Channel::Direct { with, .. }) if user == *with || user == self.bot.user => peoples(),
            Some(Channel::Direct { .. }) | None => 0,
            Some(Channel::Text { overwrites, .. }) => {
                let stranger = !account.in_guild && account.kind != AccountKind::Webhook;
                if stranger { 0 } else { self.overwritten(account, overwrites) }
            }
        }
    }

    fn overwritten(&self, account: &Account, overwrites: &[Overwrite]) -> u64 {
        let mut bits = self.base_permissions(account.id);
        if bits == OWNER {
            return bits;
        }
        let everyone = Whom::Role(RoleId(self.guild.0));
        let of_roles = |whom: &Whom| matches!(whom, Whom::Role(role) if account.roles.contains(role));
        let layers: [&dyn Fn(&Whom) -> bool; 3] =
            [&|whom| *whom == everyone, &of_roles, &|whom| *whom == Whom::Member(account.id)];
        for applies in layers {
            let found = || overwrites.iter().filter(|it| applies(&it.whom));
            let (deny, allow) = (found().fold(0, |all, it| all | it.deny), found().fold(0, |all, it| all | it.allow));
            bits = (bits & !deny) | allow;
        }
        if account.is_timed_out() { bits & TIMED_OUT } else { bits }
    }
}
