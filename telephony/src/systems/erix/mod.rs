//! Nuclear Erix, "API Agente": agents log in to a queue, log off, pause and unpause. Nothing can be read.
//!
//! Source: the wiki page "API Agente" (Portuguese), revision of 2 September 2020, and the remark of a neighbouring
//! revision that the CRM module must be off. There is no list of agents, queues or pauses: what is offered comes from the
//! settings.

mod agents;
mod client;
mod settings;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
mod texts;
#[cfg(feature = "sandbox")]
pub mod twin;
mod wire;

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;
use crate::{Abilities, Ability};

/// Erix in the roster.
pub const SYSTEM: System =
    System { kind: "erix", title: "Nuclear Erix", settings: SETTINGS, connect: Some(settings::connect) };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "method", shape: Shape::OneOf(&["post", "get"]), need: Need::Optional },
    // Its own documents know of no credentials; whoever cares puts a proxy in front of it that asks for some.
    Setting { key: "auth", shape: Shape::Auth(&["basic", "bearer", "header"]), need: Need::Optional },
    Setting { key: "pause_reasons", shape: Shape::Texts, need: Need::Optional },
    Setting { key: "agents", shape: Shape::Tables(AGENT), need: Need::Optional },
];

/// An agent: the system has no list of them.
const AGENT: &[Setting] = &[
    Setting { key: "login", shape: Shape::Text, need: Need::Required },
    Setting { key: "name", shape: Shape::Text, need: Need::Optional },
    Setting { key: "extension", shape: Shape::Text, need: Need::Optional },
    Setting { key: "queues", shape: Shape::Texts, need: Need::Optional },
];

/// What its documents give.
const ABILITIES: Abilities = Abilities::new(&[Ability::Login, Ability::Pause]);
