//! The door: everything that comes from Discord or goes there.
//!
//! [`gateway`] brings events in, [`rest`] is the one place that calls Discord. Interactions are answered in `door.rs` and
//! the files it names; `courier.rs` sends what waits in the ledger; `render/` is what people read. What a command does is
//! decided by the desk.

mod autocomplete;
mod cards;
mod courier;
mod custom_id;
mod doctor;
mod door;
mod extensions;
mod files;
pub mod gateway;
mod guild;
mod message;
mod notices;
mod permissions;
mod presence;
mod presses;
mod reactions;
mod register;
mod render;
mod requests;
pub mod rest;
mod running;
mod slash;
mod text;
mod turns;

use std::sync::Arc;

use rollcall_telephony::{Clock, Millis};
use secrecy::SecretString;
use serenity::model::id::{ApplicationId, GuildId, UserId};
use tokio::sync::watch;

pub use self::doctor::{APPROVALS, Doctor};
pub use self::gateway::Fatal;
pub use self::guild::RestGuild;
pub use self::running::{Running, run};
use crate::config::Rate;
use crate::desk::Desk;

/// What the door is made of.
pub struct Opening {
    /// Who answers what is asked.
    pub desk: Desk,
    /// How Discord is called.
    pub rest: rest::Rest,
    /// The bot's token.
    pub token: SecretString,
    /// The one guild it works in.
    pub guild: GuildId,
    /// Commands and presses a person may make.
    pub per_person: Rate,
    /// Looks at the Discord side.
    pub doctor: Doctor,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// What the gateway told about the bot, once it did.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    application: watch::Receiver<Option<ApplicationId>>,
    user: watch::Receiver<Option<UserId>>,
    /// When this process opened the door: interactions seen before belong to an earlier one.
    opened_at: Millis,
}

impl Session {
    /// The bot's application, waited for until the gateway told it; `None` once the gateway is gone for good.
    async fn application(&self) -> Option<ApplicationId> {
        let mut application = self.application.clone();
        application.wait_for(Option::is_some).await.ok().and_then(|known| *known)
    }

    /// The bot's own user, waited for until it is known; `None` once the gateway is gone for good.
    async fn user(&self) -> Option<UserId> {
        let mut user = self.user.clone();
        user.wait_for(Option::is_some).await.ok().and_then(|known| *known)
    }
}
