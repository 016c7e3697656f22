//! What is done with extensions, as an act: everything resolved and read, free of secrets.

use rollcall_commands::Permission;
use rollcall_telephony::{ConnectionName, Extension, ExtensionBatch, ExtensionId, Record};
use serde::{Deserialize, Serialize};

use super::compare::fingerprint_of;

use crate::desk::report::Differs;

/// Changes a phone system's extensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtensionAct {
    /// Which phone system.
    pub connection: ConnectionName,
    /// What is done.
    pub change: ExtensionChange,
}

/// What is done with extensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "extension", rename_all = "kebab-case")]
pub enum ExtensionChange {
    /// A new one.
    Create {
        /// Its name.
        name: String,
        /// What is sent: names on the wire.
        #[serde(with = "as_text")]
        members: Record,
        /// The extensions of that name that were there before: none of them is the new one.
        namesakes: Vec<ExtensionId>,
    },
    /// Some members are set.
    Edit {
        /// Which.
        id: ExtensionId,
        /// Its name before, for people.
        name: String,
        /// What is sent: names on the wire.
        #[serde(with = "as_text")]
        members: Record,
        /// Before → after, in words.
        differs: Vec<Differs>,
        /// The fingerprint of the record before.
        fingerprint: String,
    },
    /// It is deleted for good.
    Delete {
        /// Which.
        id: ExtensionId,
        /// Its name, for people.
        name: String,
        /// Why.
        reason: String,
        /// The fingerprint of the record on the card.
        fingerprint: String,
    },
    /// Many at once, from a file, in one request.
    Batch {
        /// What the file was called; hostile text.
        file: String,
        /// Its rows, in order.
        rows: Vec<BatchRow>,
        /// The fingerprint of all the extensions that the rows name, as they were shown.
        fingerprint: String,
        /// The extensions that were there before, also those that could not be read: none of them is a new one.
        there: Vec<ExtensionId>,
        /// How many were there before that could not be read, not even their number.
        #[serde(default, skip_serializing_if = "is_zero")]
        unnumbered: usize,
    },
}

/// One row of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchRow {
    /// Its number as a spreadsheet counts: the header is 1.
    pub row: usize,
    /// The extension's name, for people; of a new one, the name it is to get.
    pub name: String,
    /// What it asks for.
    pub what: RowAct,
}

/// What one row asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "kebab-case")]
pub enum RowAct {
    /// A new extension.
    Add {
        /// What is sent.
        #[serde(with = "as_text")]
        members: Record,
    },
    /// Some members are set.
    Change {
        /// Which.
        id: ExtensionId,
        /// What is sent.
        #[serde(with = "as_text")]
        members: Record,
        /// Before → after, in words.
        differs: Vec<Differs>,
    },
    /// It is deleted for good.
    Delete {
        /// Which.
        id: ExtensionId,
    },
}

/// What a batch's row came to, as the list read afterwards shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "kebab-case")]
pub enum RowOutcome {
    /// It was added, under this number.
    Added {
        /// Its number.
        id: ExtensionId,
    },
    /// Everything that the row set is so.
    Changed,
    /// It is gone.
    Deleted,
    /// Nothing of it is to be seen.
    NotDone,
    /// It is not in the list, which proves nothing.
    Untold {
        /// Why not.
        why: RowUntold,
    },
    /// Some of it is so, or something else is; before the colon what, then as it is now.
    Otherwise {
        /// What is not as the row set it: as asked → as it is.
        differs: Vec<Differs>,
    },
}

/// Why a list proves nothing by what it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowUntold {
    /// There are extensions in it that cannot be read: it may be one of them.
    Unreadable,
    /// It lacks nearly all that was there before, and not the same when it was read once more.
    Doubted,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl RowOutcome {
    /// Whether the row came to what it asked for.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        match self {
            Self::Added { .. } | Self::Changed | Self::Deleted => true,
            Self::NotDone | Self::Untold { .. } | Self::Otherwise { .. } => false,
        }
    }
}

/// Members as JSON text: a record keeps what it was sent to the letter, which a value with a tag cannot hold.
mod as_text {
    use rollcall_telephony::Record;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(record: &Record, to: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(record).map_err(serde::ser::Error::custom)?.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Record, D::Error> {
        Record::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl RowAct {
    /// The extension that it is about, where it is one that exists.
    #[must_use]
    pub const fn id(&self) -> Option<ExtensionId> {
        match self {
            Self::Add { .. } => None,
            Self::Change { id, .. } | Self::Delete { id } => Some(*id),
        }
    }
}

impl ExtensionAct {
    /// What it is about, for people: the extension's name, or the file's.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.change {
            ExtensionChange::Create { name, .. }
            | ExtensionChange::Edit { name, .. }
            | ExtensionChange::Delete { name, .. } => name,
            ExtensionChange::Batch { file, .. } => file,
        }
    }

    /// The extension that it is about, where it is one that exists.
    #[must_use]
    pub const fn id(&self) -> Option<ExtensionId> {
        match &self.change {
            ExtensionChange::Edit { id, .. } | ExtensionChange::Delete { id, .. } => Some(*id),
            ExtensionChange::Create { .. } | ExtensionChange::Batch { .. } => None,
        }
    }

    /// Whether it deletes for good: then it needs what a delete needs.
    #[must_use]
    pub fn deletes(&self) -> bool {
        match &self.change {
            ExtensionChange::Delete { .. } => true,
            ExtensionChange::Batch { rows, .. } => rows.iter().any(|row| matches!(row.what, RowAct::Delete { .. })),
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } => false,
        }
    }

    /// The extensions that it changes or deletes.
    #[must_use]
    pub fn ids(&self) -> Vec<ExtensionId> {
        match &self.change {
            ExtensionChange::Batch { rows, .. } => rows.iter().filter_map(|row| row.what.id()).collect(),
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. } => {
                self.id().into_iter().collect()
            }
        }
    }

    /// Before → after of a change of one extension; nothing of anything else.
    #[must_use]
    pub fn differs(&self) -> &[Differs] {
        match &self.change {
            ExtensionChange::Edit { differs, .. } => differs,
            ExtensionChange::Create { .. } | ExtensionChange::Delete { .. } | ExtensionChange::Batch { .. } => &[],
        }
    }

    /// The rows of a batch; none of anything else.
    #[must_use]
    pub fn rows(&self) -> &[BatchRow] {
        match &self.change {
            ExtensionChange::Batch { rows, .. } => rows,
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. } => &[],
        }
    }

    /// What a person needs to be allowed, what matters most first.
    #[must_use]
    pub fn permissions(&self) -> &'static [Permission] {
        match (&self.change, self.deletes()) {
            (ExtensionChange::Batch { .. }, true) => &[Permission::ExtensionDelete, Permission::ExtensionWrite],
            (_, true) => &[Permission::ExtensionDelete],
            (_, false) => &[Permission::ExtensionWrite],
        }
    }

    /// The fingerprint of these extensions, to be compared with the one that was shown: all that it changes or deletes,
    /// in any order, as they are now.
    #[must_use]
    pub fn fingerprint_now(&self, now: &[Extension]) -> String {
        match (&self.change, now) {
            (ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. }, [only]) => only.record.fingerprint(),
            (_, now) => fingerprint_of(now),
        }
    }

    /// The fingerprint of what was shown; `None` where nothing exists yet.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        match &self.change {
            ExtensionChange::Edit { fingerprint, .. }
            | ExtensionChange::Delete { fingerprint, .. }
            | ExtensionChange::Batch { fingerprint, .. } => Some(fingerprint),
            ExtensionChange::Create { .. } => None,
        }
    }

    /// Why it is wanted, where somebody said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.change {
            ExtensionChange::Delete { reason, .. } => Some(reason),
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } | ExtensionChange::Batch { .. } => None,
        }
    }

    /// A batch's rows as one request. `now` are the extensions that the rows name, as just read: a changed one is sent
    /// whole, as the documents' sample is, because they do not say what becomes of members that are left out.
    #[must_use]
    pub fn batch(&self, now: &[Extension]) -> ExtensionBatch {
        let mut batch = ExtensionBatch::default();
        for row in self.rows() {
            match &row.what {
                RowAct::Add { members } => batch.added.push(members.clone()),
                RowAct::Change { id, members, .. } => {
                    let read = now.iter().find(|extension| extension.id == *id);
                    let mut whole = read.map(|extension| extension.record.clone()).unwrap_or_default();
                    members.iter().for_each(|(name, value)| whole.set(name, value));
                    batch.changed.push((*id, whole));
                }
                RowAct::Delete { id } => batch.deleted.push(*id),
            }
        }
        batch
    }

    /// Its name in the audit log.
    #[must_use]
    pub const fn audit_name(&self) -> &'static str {
        match &self.change {
            ExtensionChange::Create { .. } => "extension.create",
            ExtensionChange::Edit { .. } => "extension.edit",
            ExtensionChange::Delete { .. } => "extension.delete",
            ExtensionChange::Batch { .. } => "extension.batch",
        }
    }

    /// What it is about, for the audit log and the store: `mediatel:extension 15`, `mediatel:extensions in new.csv`.
    #[must_use]
    pub fn target(&self) -> String {
        match (&self.change, self.id()) {
            (_, Some(id)) => format!("{}:extension {id}", self.connection),
            (ExtensionChange::Batch { file, .. }, None) => format!("{}:extensions in {file}", self.connection),
            (_, None) => format!("{}:extension {}", self.connection, self.name()),
        }
    }
}
