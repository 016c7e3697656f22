//! The list of a phone system's extensions: those that can be read, and what is known of the others. Which list is to be
//! believed is not decided here.

use super::{Extension, ExtensionId};

/// Every extension, as a list that was read shows them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListedExtensions {
    /// Those that can be read, in the list's own order.
    pub extensions: Vec<Extension>,
    /// Those that are left out because they cannot be read: the number of each, where it tells one.
    pub unreadable: Vec<Option<ExtensionId>>,
}

impl ListedExtensions {
    /// The extension of this number, where it can be read.
    #[must_use]
    pub fn get(&self, id: ExtensionId) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.id == id)
    }

    /// The numbers of all that tell one, whether the rest of them can be read or not.
    pub fn ids(&self) -> impl Iterator<Item = ExtensionId> + '_ {
        self.extensions.iter().map(|extension| extension.id).chain(self.unreadable.iter().flatten().copied())
    }

    /// Whether an extension of this number is there and cannot be read.
    #[must_use]
    pub fn is_unreadable(&self, id: ExtensionId) -> bool {
        self.unreadable.contains(&Some(id))
    }

    /// How many are there that do not even tell their number.
    #[must_use]
    pub fn unnumbered(&self) -> usize {
        self.unreadable.iter().filter(|id| id.is_none()).count()
    }
}
