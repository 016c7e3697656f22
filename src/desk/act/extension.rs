//! Extensions, one or many. The act itself is theirs.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, ConnectionName};

use super::Kind;
use crate::desk::extensions::{ExtensionAct, ExtensionChange};

impl Kind for ExtensionAct {
    fn connection(&self) -> &ConnectionName {
        &self.connection
    }

    fn fingerprint(&self) -> Option<&str> {
        Self::fingerprint(self)
    }

    fn reason(&self) -> Option<&str> {
        match &self.change {
            ExtensionChange::Delete { reason, .. } => Some(reason),
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } | ExtensionChange::Batch { .. } => None,
        }
    }

    fn login(&self) -> &str {
        self.name()
    }

    fn permissions(&self) -> &'static [Permission] {
        match (&self.change, Self::deletes(self)) {
            (ExtensionChange::Batch { .. }, true) => &[Permission::ExtensionDelete, Permission::ExtensionWrite],
            (_, true) => &[Permission::ExtensionDelete],
            (_, false) => &[Permission::ExtensionWrite],
        }
    }

    fn ability(&self) -> Ability {
        Ability::Extensions
    }

    fn audit_name(&self) -> &'static str {
        match &self.change {
            ExtensionChange::Create { .. } => "extension.create",
            ExtensionChange::Edit { .. } => "extension.edit",
            ExtensionChange::Delete { .. } => "extension.delete",
            ExtensionChange::Batch { .. } => "extension.batch",
        }
    }

    fn subject(&self) -> String {
        let subject = format!("{} {}", self.audit_name(), self.target());
        match self.id() {
            Some(_) => subject,
            None => format!("{subject} {}", self.fingerprint().unwrap_or_default()),
        }
    }

    fn target(&self) -> String {
        match (&self.change, self.id()) {
            (_, Some(id)) => format!("{}:extension {id}", self.connection),
            (ExtensionChange::Batch { file, .. }, None) => format!("{}:extensions in {file}", self.connection),
            (_, None) => format!("{}:extension {}", self.connection, self.name()),
        }
    }
}
