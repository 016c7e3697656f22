//! Extensions: the phone system's own lines, as records with a few members that people edit.
//!
//! Which members those are is a vendor's table, [`ExtensionFields`]; what a request about extensions looks like is the
//! vendor's client.

mod fields;
mod list;
mod plan;
mod sheet;
mod table;

use serde::{Deserialize, Serialize};

pub use fields::{ExtensionField, ExtensionFields, KnownValue};
pub use list::ListedExtensions;
pub use plan::{SheetAct, SheetPlan, SheetProblem, SheetRead, SheetRow};

use crate::Record;

/// The number that a phone system gives an extension; always positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExtensionId(pub i64);

impl std::fmt::Display for ExtensionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

/// An extension as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    /// The phone system's number.
    pub id: ExtensionId,
    /// What people call it (Mediatel: `E_Extension`).
    pub name: String,
    /// The record as the server sent it, member for member, save what is withheld.
    pub record: Record,
    /// Members that hold a secret, by name, in their order: they were taken out of the record, and nobody sees them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
}

/// What is to be done with extensions in one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtensionBatch {
    /// Deleted, by number.
    pub deleted: Vec<ExtensionId>,
    /// Changed: sent with these members. What becomes of others is the phone system's to say, and not documented: so whoever
    /// has read the extension names them all.
    pub changed: Vec<(ExtensionId, Record)>,
    /// Added, with these members.
    pub added: Vec<Record>,
}
