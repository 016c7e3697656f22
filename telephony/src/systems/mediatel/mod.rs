//! Mediatel HES (hes-webrtc) v1: a contact centre whose new agents are made by copying existing ones.
//!
//! Source: "Workflow создания пользователя в Mediatel" and the method tables beside it, read 2026-11-21. No document
//! connects an agent with an extension.

mod card;
mod client;
mod codes;
mod convert;
mod extension;
mod extensions;
mod fields;
mod password;
mod secrets;
mod settings;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
#[cfg(feature = "sandbox")]
pub mod twin;
mod wire;

pub(super) use self::extension::FIELDS as EXTENSION_FIELDS;
use crate::settings::{Need, Setting, Shape};
use crate::systems::System;
use crate::{Abilities, Ability};

/// Mediatel in the roster.
pub const SYSTEM: System =
    System { kind: "mediatel", title: "Mediatel HES", settings: SETTINGS, connect: Some(settings::connect) };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "auth", shape: Shape::Auth(&["basic", "bearer", "header"]), need: Need::Optional },
    Setting { key: "login_pattern", shape: Shape::Pattern, need: Need::Optional },
    Setting { key: "email", shape: Shape::Text, need: Need::Optional },
    Setting { key: "details", shape: Shape::Text, need: Need::Optional },
    Setting { key: "personal_numbers", shape: Shape::OneOf(&["copy", "clear"]), need: Need::Optional },
    Setting { key: "warn_above_rights", shape: Shape::Number, need: Need::Optional },
    Setting { key: "password_encoding", shape: Shape::OneOf(&["md5-16", "plain"]), need: Need::Optional },
];

/// What its documents give.
const ABILITIES: Abilities = Abilities::new(&[
    Ability::ListAgents,
    Ability::OwnAccount,
    Ability::CloneAgent,
    Ability::EditAgent,
    Ability::DisableAgent,
    Ability::SetPassword,
    Ability::DeleteAgent,
    Ability::Extensions,
]);
