//! The roster of phone systems. A new one is a folder here and its line in [`ROSTER`].

use std::sync::Arc;

use crate::settings::{Secrets, Setting};
use crate::{Clock, Connected, ConnectionName, ExtensionFields};

pub mod erix;
pub mod mediatel;
mod reply;
pub mod ringme;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
#[cfg(feature = "sandbox")]
mod twins;
pub mod voicenter;
pub mod xivo;

/// Every kind of phone system that the settings take, in the order people read them.
pub const ROSTER: &[System] = &[mediatel::SYSTEM, ringme::SYSTEM, erix::SYSTEM, voicenter::SYSTEM, xivo::SYSTEM];

/// The members of every vendor's extensions: names one where only its name on the wire is at hand.
pub const EXTENSION_FIELDS: &[ExtensionFields] = &[mediatel::EXTENSION_FIELDS];

/// One kind of phone system.
#[derive(Debug, Clone, Copy)]
pub struct System {
    /// The kind as the settings spell it.
    pub kind: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its keys in a `[[connection]]` table, beside [`crate::settings::COMMON`].
    pub settings: &'static [Setting],
    /// How a connection is made; `None` while the kind is accepted in the settings but not built yet.
    pub connect: Option<Connect>,
}

/// Makes a connection from a table that passed the checks of its [`Setting`]s. Does no I/O but reading `ca_file`.
/// Answers every problem it finds, each a sentence that names the key.
pub type Connect = fn(ConnectionName, &serde_json::Value, &Secrets, Arc<dyn Clock>) -> Result<Connected, Vec<String>>;
