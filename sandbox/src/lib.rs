//! A small local Discord: REST v10 and gateway v10 on loopback, at least as strict as the real one, and the people
//! in it. It knows nothing of the bot beyond the wire, and of Discord only what such a bot uses; whatever is not
//! modelled answers 501 and is told at the end.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use rollcall_sandbox::{Options, Sandbox};
//! let sandbox = Sandbox::start(Options::default()).await?;
//! // … start the bot with DISCORD_API_URL = sandbox.discord_url() and DISCORD_TOKEN = sandbox.token() …
//! sandbox.bot_is_ready().await;
//! let card = sandbox.lead().types("/agent show agent:mediatel:3").await;
//! assert!(card.text().contains("ivan.ivanov"));
//! sandbox.assert_quiet().await;
//! # Ok(())
//! # }
//! ```

// A guild has more members than serde_json's macro expects by default.
#![recursion_limit = "256"]

mod discord;
mod guild;
mod markdown;
mod moderating;
mod openapi;
mod people;
mod phones;
mod quiet;
mod render;
mod sandbox;
mod switches;

pub use discord::{
    files::FileFault,
    gateway::{
        Identified, Resumed,
        mishaps::{Mishap, Release},
    },
    ids::{ApplicationId, AttachmentId, ChannelId, CommandId, GuildId, InteractionId, MessageId, RoleId, UserId},
    permissions::{Permission, Whom},
    state::{DirectMessages, Pings},
    wire::{Fault, Moment, OnRequest, Seen},
};
pub use moderating::PrivilegedIntent;
pub use people::{Choice, Field, Forged, Modal, Person, Posted, Reply, TextChannel, Trouble, What};
pub use phones::{PhoneOptions, Phones};
pub use rollcall_telephony::systems::erix::twin as erix;
pub use rollcall_telephony::systems::mediatel::twin as mediatel;
pub use rollcall_telephony::systems::voicenter::twin as voicenter;
pub use sandbox::{Options, Sandbox};
