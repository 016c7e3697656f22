//! Xivo (`XiVO`): accepted in the settings, not built yet.

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;

/// Xivo in the roster.
pub const SYSTEM: System = System { kind: "xivo", title: "XiVO", settings: SETTINGS, connect: None };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "token", shape: Shape::Secret, need: Need::Required },
    Setting { key: "users", shape: Shape::Tables(USER), need: Need::Optional },
    Setting { key: "periods", shape: Shape::Texts, need: Need::Optional },
];

/// A user: the system has no list of them.
const USER: &[Setting] = &[
    Setting { key: "id", shape: Shape::Number, need: Need::Required },
    Setting { key: "name", shape: Shape::Text, need: Need::Optional },
    Setting { key: "login", shape: Shape::Text, need: Need::Optional },
];
