//! Voicenter: accepted in the settings, not built yet.

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;

/// Voicenter in the roster.
pub const SYSTEM: System = System { kind: "voicenter", title: "Voicenter", settings: SETTINGS, connect: None };

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
