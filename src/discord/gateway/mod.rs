//! The gateway: one long connection over which Discord tells what happens.
//!
//! A loop of our own under serenity's models (docs/adr/0004): it resumes where Discord says, counts every IDENTIFY
//! durably, survives a restart with its session, and drops nothing silently. What an event means is decided by whoever
//! takes it from the channel.

mod backoff;
mod connection;
mod dispatch;
mod frames;
mod happening;
mod life;
mod run;
mod sends;
mod socket;
mod stats;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{Clock, Millis};
use secrecy::SecretString;
use serenity::model::application::Interaction;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ApplicationId, InteractionId, UserId};

pub use self::happening::{ClearedEvent, EmojiEvent, Happening, MemberEvent, ReactionEvent, UserEvent};
pub use self::stats::Stats;
use super::rest::Rest;
use crate::ledger::{GatewaySession, LedgerError};

/// IDENTIFYs within [`IDENTIFY_WINDOW`] after which none is sent. At 1,000 Discord kills every session and resets the
/// token.
pub const IDENTIFY_BUDGET: u32 = 900;
/// The window in which Discord counts IDENTIFYs.
pub const IDENTIFY_WINDOW: Duration = Duration::from_hours(24);

/// Where the session and the count of IDENTIFYs are kept, so that they outlive the process.
#[async_trait]
pub trait SessionKeeper: Send + Sync + 'static {
    /// How many IDENTIFYs were counted at or after `since`.
    async fn identifies_since(&self, since: Millis) -> Result<u32, LedgerError>;
    /// Counts one IDENTIFY now; durable when it returns.
    async fn count_identify(&self) -> Result<(), LedgerError>;
    /// Keeps the session for after a restart; `None`: there is none any more.
    async fn save_session(&self, session: Option<&GatewaySession>) -> Result<(), LedgerError>;
    /// The session kept last.
    async fn session(&self) -> Result<Option<GatewaySession>, LedgerError>;
}

/// What the gateway hands on. Its `Debug` shows the variant only: events hold tokens and what people wrote.
pub enum Dispatch {
    /// A fresh session: whatever happened since the last one was not told, so it must be looked up.
    Ready {
        /// The bot's application.
        application: ApplicationId,
        /// The bot's user.
        user: UserId,
    },
    /// The session goes on; everything missed has been handed on before this.
    Resumed {
        /// The bot's application, as the session's start told it.
        application: ApplicationId,
    },
    /// Somebody used a command, a component or a modal.
    Interaction(Box<Interaction>),
    /// An interaction that serenity's model does not fit: it can only be answered with a sentence.
    UnreadableInteraction {
        /// Its id.
        id: InteractionId,
        /// Its token.
        token: SecretString,
        /// Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal.
        kind: u8,
    },
    /// Something happened around messages: reactions, deletions.
    Happened(Happening),
    /// Too many IDENTIFYs lately: there is no connection, and none is tried before `until`.
    IdentifyBudgetSpent {
        /// When the next one may be sent.
        until: Millis,
    },
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Ready { .. } => "Ready",
            Self::Resumed { .. } => "Resumed",
            Self::Interaction(_) => "Interaction",
            Self::UnreadableInteraction { .. } => "UnreadableInteraction",
            Self::Happened(_) => "Happened",
            Self::IdentifyBudgetSpent { .. } => "IdentifyBudgetSpent",
        };
        f.write_str(name)
    }
}

/// Why the gateway gave up: trying again would not help, or would harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fatal {
    /// 4004, or a 401.
    #[error("Discord refused the bot's token: put the current one into DISCORD_TOKEN")]
    TokenRefused,
    /// 4014.
    #[error(
        "Discord refused what the bot asks to be told, though it asks for nothing privileged: see in the developer \
         portal, under Bot, whether the bot is still allowed to run"
    )]
    IntentsRefused,
    /// 4010 to 4013: sharding or version, which no waiting mends.
    #[error("Discord closed the gateway for good with code {0}: this version of Rollcall does not fit this bot")]
    Refused(u16),
    /// No connection came about since the start.
    #[error("Discord's gateway stays out of reach")]
    OutOfReach,
}

/// How long the gateway waits for what. The defaults are those of production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// For finding the gateway, for connecting, and then for Discord's hello.
    pub hello: Duration,
    /// The first wait between connections; doubled up to `longest_back_off`, with jitter.
    pub back_off: Duration,
    /// The longest wait between connections.
    pub longest_back_off: Duration,
    /// How long a connection must have been ready for the waits to start over.
    pub stable: Duration,
    /// The shortest wait after an invalid session; the longest is five times that.
    pub invalid_session: Duration,
    /// How often the session's sequence is saved at most.
    pub save: Duration,
    /// How long an event waits for a place in the channel.
    pub patience: Duration,
    /// How long the first connection may take to come about.
    pub start: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(20),
            back_off: Duration::from_secs(1),
            longest_back_off: Duration::from_mins(1),
            stable: Duration::from_mins(1),
            invalid_session: Duration::from_secs(1),
            save: Duration::from_secs(5),
            patience: Duration::from_secs(2),
            start: Duration::from_mins(2),
        }
    }
}

/// The gateway, before it runs.
pub struct Gateway {
    rest: Rest,
    token: SecretString,
    intents: GatewayIntents,
    keeper: Arc<dyn SessionKeeper>,
    clock: Arc<dyn Clock>,
    timings: Timings,
    stats: Arc<Stats>,
}

impl Gateway {
    /// Prepares a gateway for the bot that `token` belongs to; `rest` says where it is.
    #[must_use]
    pub fn new(
        rest: Rest,
        token: SecretString,
        intents: GatewayIntents,
        keeper: Arc<dyn SessionKeeper>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { rest, token, intents, keeper, clock, timings: Timings::default(), stats: Arc::default() }
    }

    /// The same, with other waits.
    #[must_use]
    pub const fn with_timings(mut self, timings: Timings) -> Self {
        self.timings = timings;
        self
    }

    /// What it counts while it runs.
    #[must_use]
    pub fn stats(&self) -> Arc<Stats> {
        Arc::clone(&self.stats)
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("intents", &self.intents).finish_non_exhaustive()
    }
}
