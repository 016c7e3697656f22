//! Who is logged in or paused. The act itself is the presence's.

use rollcall_commands::Permission;
use rollcall_telephony::{ConnectionName, PresenceChange};

use super::{Facts, Kind};
use crate::desk::presence::PresenceAct;

impl Kind for PresenceAct {
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: match self.change() {
                PresenceChange::LogIn { .. } => "presence.login",
                PresenceChange::LogOut => "presence.logout",
                PresenceChange::Pause { .. } => "presence.pause",
                PresenceChange::Unpause => "presence.unpause",
            },
            permissions: &[Permission::PresenceWrite],
            connection: &self.first.agent.connection,
            agent: Some(&self.first.agent),
            record: Some(&self.first.agent),
            fingerprint: None,
            login: &self.who,
            reason: self.reason(),
        }
    }

    fn connections(&self) -> Vec<&ConnectionName> {
        self.agents().map(|agent| &agent.connection).collect()
    }

    fn target(&self) -> String {
        self.agents().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}
