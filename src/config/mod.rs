//! The settings: the TOML file and the environment, read once at start into typed values. Only this folder reads the
//! environment. Whatever is wrong is told at once, with file, line and the nearest right word ([`Problems`]).
//!
//! What a phone system's own settings are is data in its folder (`rollcall_telephony::settings`); what settings mean
//! for the people who act is said in [`crate::policy`].

mod account;
mod connections;
mod environment;
mod load;
mod problem;
mod reader;
mod sections;
#[cfg(test)]
mod tests;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use rollcall_commands::Pattern;
use rollcall_telephony::ConnectionName;
use rollcall_telephony::systems::System;
use serenity::model::id::{ChannelId, GuildId, RoleId};
use url::Url;

pub use account::{DiscordAccess, PlainText, StoreAccess};
pub use environment::{Environment, Fallback, VARIABLES, Variable};
pub use load::{Loaded, load, load_store};
pub use problem::{Place, Problem, Problems};
pub use values::Rate;

use crate::ledger::Delivery;

/// The TOML file, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it was read from.
    pub file: PathBuf,
    /// `[discord]`: the guild and its channels.
    pub discord: Discord,
    /// `[[role]]`: who may do what. A role may have several of them; each counts for itself.
    pub roles: Vec<RoleGrant>,
    /// `[approvals]`: what needs a second person, and who that is.
    pub approvals: Approvals,
    /// `[passwords]`: how they are made and delivered.
    pub passwords: Passwords,
    /// `[directory]`: agents and extensions in memory.
    pub directory: Directory,
    /// `[limits]`: how much a person may do.
    pub limits: Limits,
    /// `[web]`: the listener for health, metrics and incoming events; absent: none.
    pub web: Option<Web>,
    /// `[[connection]]`: the phone systems, in the order of the file.
    pub connections: Vec<ConnectionSettings>,
    /// `[[person]]`: who is the same person on several connections.
    pub people: Vec<Person>,
}

impl Config {
    /// The connections whose kind is accepted but not built yet: they are left out, and people are told so.
    pub fn left_out(&self) -> impl Iterator<Item = &ConnectionSettings> {
        self.connections.iter().filter(|connection| connection.system.connect.is_none())
    }

    /// The connections that are used, in the order of the file and of [`Loaded::connected`].
    pub fn in_use(&self) -> impl Iterator<Item = &ConnectionSettings> {
        self.connections.iter().filter(|connection| connection.system.connect.is_some())
    }
}

/// `[discord]`: the guild and its channels.
#[derive(Debug, Clone)]
pub struct Discord {
    /// The guild that the bot serves.
    pub guild: GuildId,
    /// Where every change is mirrored.
    pub log_channel: ChannelId,
    /// Where approvals are asked for.
    pub approvals_channel: Option<ChannelId>,
}

/// What a Discord role may do.
#[derive(Debug, Clone)]
pub struct RoleGrant {
    /// The role.
    pub id: RoleId,
    /// What it may do; nothing is allowed that is not listed.
    pub may: Vec<Pattern>,
    /// On which connections; `None`: on all.
    pub connections: Option<Vec<ConnectionName>>,
}

/// What needs a second person, and who that is.
#[derive(Debug, Clone)]
pub struct Approvals {
    /// The roles whose people may approve.
    pub approvers: Vec<RoleId>,
    /// The roles that are pinged.
    pub notify: Vec<RoleId>,
    /// How many people must approve, from 1.
    pub threshold: u32,
    /// How long a request waits.
    pub expires: Duration,
    /// When approvers are reminded first; it doubles each time.
    pub remind: Duration,
    /// An approval older than this when the bot comes back is asked again.
    pub stale_after: Duration,
    /// Which permissions need a second person; `agent.delete` always does.
    pub require: Vec<Pattern>,
    /// Acts that give or touch rights above this need one, too; `None`: never.
    pub require_above_rights: Option<i64>,
    /// How long an agent must have been disabled before a delete; can be zero.
    pub min_disabled: Duration,
    /// How long a deleted agent can be restored.
    pub keep_deleted: Duration,
}

/// How passwords are made and delivered.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// Their length in characters, from [`Passwords::SHORTEST`] to [`Passwords::LONGEST`].
    pub length: usize,
    /// How they reach the recipient.
    pub delivery: Delivery,
    /// How long a revealed password stays readable. A hand-over in an ephemeral reply is cut at 14 minutes by the door.
    pub shown: Duration,
    /// How long one waits for its recipient; an unread one is replaced then.
    pub expires: Duration,
}

impl Passwords {
    /// The shortest password that may be set up, in characters.
    pub const SHORTEST: u32 = 14;
    /// The longest, in characters: beyond it phone systems cut or refuse them.
    pub const LONGEST: u32 = 64;
}

/// Agents and extensions in memory.
#[derive(Debug, Clone)]
pub struct Directory {
    /// How old a list may be before it is read again.
    pub refresh: Duration,
}

/// How much a person may do.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Commands and presses of one person.
    pub per_person: Rate,
}

/// The listener for health, metrics and incoming events.
#[derive(Debug, Clone)]
pub struct Web {
    /// Where it listens.
    pub listen: std::net::SocketAddr,
    /// How it is reached from outside.
    pub public_url: Option<Url>,
}

/// A phone system's connection, checked against its kind's own settings.
#[derive(Debug, Clone)]
pub struct ConnectionSettings {
    /// Its name.
    pub name: ConnectionName,
    /// Its kind.
    pub system: &'static System,
    /// Its table without `name` and `kind`. Secrets stand in it as `env:NAME`.
    pub table: serde_json::Value,
}

/// Somebody who is an agent on several connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The agents that this person is.
    pub is: Vec<Identity>,
}

/// One agent by its login: `connection:login`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The connection.
    pub connection: ConnectionName,
    /// The login there.
    pub login: String,
}
