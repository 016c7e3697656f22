//! Voicenter, "Login/Logout API": one request sets an agent's status, and nothing can be read.
//!
//! Source: the vendor's page (Hebrew, and its English twin where that says otherwise). Statuses are numbers: 1 logs in
//! and ends every break, 2 logs out, the rest are breaks that an account may rename. The agents come from the settings:
//! no documented request lists user ids.

mod agents;
mod client;
mod outcome;
mod settings;
mod statuses;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
#[cfg(feature = "sandbox")]
pub mod twin;
mod wire;

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;
use crate::{Abilities, Ability};

/// Voicenter in the roster.
pub const SYSTEM: System =
    System { kind: "voicenter", title: "Voicenter", settings: SETTINGS, connect: Some(settings::connect) };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "code", shape: Shape::Secret, need: Need::Required },
    Setting { key: "method", shape: Shape::OneOf(&["post", "get"]), need: Need::Optional },
    Setting { key: "statuses", shape: Shape::TextTable, need: Need::Optional },
    Setting { key: "agents", shape: Shape::Tables(AGENT), need: Need::Optional },
];

/// An agent: the system has no list of them.
const AGENT: &[Setting] = &[
    Setting { key: "user_id", shape: Shape::Text, need: Need::Optional },
    Setting { key: "extension_user", shape: Shape::Text, need: Need::Optional },
    Setting { key: "name", shape: Shape::Text, need: Need::Optional },
];

/// What its documents give.
const ABILITIES: Abilities = Abilities::new(&[Ability::Login, Ability::Pause]);
