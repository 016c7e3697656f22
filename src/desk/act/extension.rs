//! Extensions, one or many. The act itself is theirs.

use rollcall_commands::Permission;

use super::{Facts, Kind};
use crate::desk::extensions::{ExtensionAct, ExtensionChange};

impl Kind for ExtensionAct {
    fn facts(&self) -> Facts<'_> {
        let (name, reason) = match &self.change {
            ExtensionChange::Create { .. } => ("extension.create", None),
            ExtensionChange::Edit { .. } => ("extension.edit", None),
            ExtensionChange::Delete { reason, .. } => ("extension.delete", Some(reason.as_str())),
            ExtensionChange::Batch { .. } => ("extension.batch", None),
        };
        let permissions: &[Permission] = match (&self.change, self.deletes()) {
            (ExtensionChange::Batch { .. }, true) => &[Permission::ExtensionDelete, Permission::ExtensionWrite],
            (_, true) => &[Permission::ExtensionDelete],
            (_, false) => &[Permission::ExtensionWrite],
        };
        Facts {
            name,
            permissions,
            connection: &self.connection,
            agent: None,
            record: None,
            fingerprint: self.fingerprint(),
            login: self.name(),
            reason,
        }
    }

    fn subject(&self) -> String {
        let subject = format!("{} {}", self.facts().name, self.target());
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
