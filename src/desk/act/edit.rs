//! Fields of an agent, set to other values.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, Change, ConnectionName, Reading};
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::desk::report::Differs;

/// Changes fields of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditAct {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login before, for people.
    pub login: String,
    /// What is set.
    pub change: Change,
    /// What stood there before, for whoever wants it back.
    pub before: Change,
    /// The fingerprint of the record before.
    pub fingerprint: String,
}

impl Kind for EditAct {
    fn connection(&self) -> &ConnectionName {
        &self.agent.connection
    }

    fn agent(&self) -> Option<&AgentRef> {
        Some(&self.agent)
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(&self.fingerprint)
    }

    fn login(&self) -> &str {
        &self.login
    }

    fn permissions(&self) -> &'static [Permission] {
        &[Permission::AgentEdit]
    }

    fn ability(&self) -> Ability {
        Ability::EditAgent
    }

    fn audit_name(&self) -> &'static str {
        "agent.edit"
    }

    fn changes(&self, reading: &dyn Reading) -> Vec<Differs> {
        let differs = self.change.iter().map(|(key, value)| {
            let label = reading.fields().iter().find(|f| f.key == key.0).map_or(key.0.as_str(), |f| f.label);
            let before = self.before.iter().find(|(k, _)| k == key).map(|(_, v)| v.to_string());
            Differs { label: label.to_owned(), before: before.unwrap_or_default(), after: value.to_string() }
        });
        differs.collect()
    }
}
