//! Snowflakes, one type for each thing that has one. No meaning beyond identity lives here.

macro_rules! snowflakes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

snowflakes! {
    /// The guild.
    GuildId,
    /// A channel of the guild, or a conversation by direct message.
    ChannelId,
    /// A role of the guild.
    RoleId,
    /// A person or the bot.
    UserId,
    /// The application that the bot belongs to.
    ApplicationId,
    /// A message.
    MessageId,
    /// A registered command.
    CommandId,
    /// One use of a command, a component or a modal.
    InteractionId,
    /// An uploaded file.
    AttachmentId,
}

/// Discord's epoch, 2015-01-01, in milliseconds of Unix time.
const EPOCH_MS: i128 = 1_420_070_400_000;

/// Hands out snowflakes that carry the time and never repeat.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    last: u64,
}

impl Mint {
    /// The next snowflake; later ones are always greater.
    pub(crate) fn next(&mut self) -> u64 {
        let now = time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000 - EPOCH_MS;
        let stamped = u64::try_from(now).unwrap_or_default() << 22;
        self.last = stamped.max(self.last + 1);
        self.last
    }
}

/// When a thing with this snowflake was made.
pub(crate) fn made_at(snowflake: u64) -> time::OffsetDateTime {
    let ms = i128::from(snowflake >> 22) + EPOCH_MS;
    time::OffsetDateTime::from_unix_timestamp_nanos(ms * 1_000_000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}
