//! Erix: accepted in the settings, not built yet.

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;

/// Erix in the roster.
pub const SYSTEM: System = System { kind: "erix", title: "Erix", settings: SETTINGS, connect: None };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "method", shape: Shape::OneOf(&["post", "get"]), need: Need::Optional },
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
