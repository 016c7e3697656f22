//! Ringme: accepted in the settings, not built yet.

use crate::settings::{Need, Setting, Shape};
use crate::systems::System;

/// Ringme in the roster.
pub const SYSTEM: System = System { kind: "ringme", title: "Ringme", settings: SETTINGS, connect: None };

/// Its keys.
const SETTINGS: &[Setting] = &[
    Setting { key: "base_url", shape: Shape::Url, need: Need::Required },
    Setting { key: "auth", shape: Shape::Auth(&["oauth", "bearer"]), need: Need::Required },
    Setting { key: "client", shape: Shape::Text, need: Need::Optional },
    Setting { key: "queues", shape: Shape::Numbers, need: Need::Optional },
    Setting { key: "events_channel", shape: Shape::Snowflake, need: Need::Optional },
];
