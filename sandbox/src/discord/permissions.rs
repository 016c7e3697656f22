//! The few of Discord's permissions that this sandbox enforces. See [Discord Docs/Permissions].

/// A permission of the bot in a channel.
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
}

impl Permission {
    /// Everything that the bot is given unless a test takes it away.
    pub(crate) const ALL: [Self; 6] = [
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
        }
    }
}

/// All the bits the bot's role has.
pub(crate) fn all_bits() -> u64 {
    Permission::ALL.iter().fold(0, |bits, permission| bits | permission.bit())
}

/// What `@everyone` may do: view, read history, use application commands.
pub(crate) const EVERYONE: u64 = 1 << 31;

/// What the guild's owner has: every bit that Discord documents.
pub(crate) const OWNER: u64 = (1 << 53) - 1;
