//! Fields of an agent, set to other values.

use rollcall_commands::Permission;
use rollcall_telephony::{AgentRef, Change, Reading};
use serde::{Deserialize, Serialize};

use super::{Facts, Kind};
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
    fn facts(&self) -> Facts<'_> {
        Facts {
            name: "agent.edit",
            permissions: &[Permission::AgentEdit],
            connection: &self.agent.connection,
            agent: Some(&self.agent),
            record: Some(&self.agent),
            fingerprint: Some(&self.fingerprint),
            login: &self.login,
            reason: None,
        }
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
