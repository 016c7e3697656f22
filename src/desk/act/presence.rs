//! Who is logged in or paused. The act itself is the presence's.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ConnectionName, PresenceChange};

use super::Kind;
use crate::desk::presence::PresenceAct;

impl Kind for PresenceAct {
    fn connection(&self) -> &ConnectionName {
        &self.first.agent.connection
    }

    fn connections(&self) -> Vec<&ConnectionName> {
        self.agents().map(|agent| &agent.connection).collect()
    }

    fn agent(&self) -> Option<&AgentRef> {
        Some(&self.first.agent)
    }

    fn reason(&self) -> Option<&str> {
        Self::reason(self)
    }

    fn login(&self) -> &str {
        &self.who
    }

    fn permissions(&self) -> &'static [Permission] {
        &[Permission::PresenceWrite]
    }

    fn ability(&self) -> Ability {
        Self::ability(self)
    }

    fn audit_name(&self) -> &'static str {
        match self.change() {
            PresenceChange::LogIn { .. } => "presence.login",
            PresenceChange::LogOut => "presence.logout",
            PresenceChange::Pause { .. } => "presence.pause",
            PresenceChange::Unpause => "presence.unpause",
        }
    }

    fn target(&self) -> String {
        self.agents().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}
