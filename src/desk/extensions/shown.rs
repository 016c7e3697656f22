//! What is shown to people of extensions before anything is done: plain values, which `discord/` renders.

use rollcall_commands::Permission;
use rollcall_telephony::{
    ConnectionName, Extension, ExtensionFields, ExtensionId, Millis, Record, Section, SheetProblem,
};

use super::act::ExtensionAct;
use crate::desk::report::Differs;
use crate::ledger::OfferId;
use crate::policy::SecondPerson;

/// The extensions of a phone system.
#[derive(Debug)]
pub struct ExtensionList {
    /// Which phone system.
    pub connection: ConnectionName,
    /// What people know of an extension there.
    pub fields: &'static ExtensionFields,
    /// All that can be read, by number.
    pub extensions: Vec<Extension>,
    /// Those that are left out because they cannot be read: the number of each, where it tells one.
    pub unreadable: Vec<Option<ExtensionId>>,
    /// When they were read.
    pub taken_at: Millis,
}

/// An extension's card.
#[derive(Debug)]
pub struct ExtensionCard {
    /// Which phone system.
    pub connection: ConnectionName,
    /// As just read.
    pub extension: Extension,
    /// Every member in words.
    pub sections: Vec<Section>,
    /// What this person may do with it from here: [`Permission::ExtensionWrite`], [`Permission::ExtensionDelete`].
    pub may: Vec<Permission>,
}

/// What a person sees before an extension is created, changed or deleted.
#[derive(Debug)]
pub struct ExtensionPreview {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// What the button does.
    pub act: ExtensionAct,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
}

/// What a person sees before a file of extensions is carried out.
#[derive(Debug)]
pub struct BatchPreview {
    /// Which phone system.
    pub connection: ConnectionName,
    /// What the file was called; hostile text.
    pub file: String,
    /// Its rows, in order.
    pub rows: Vec<BatchLine>,
    /// The button, and until when it can be pressed; `None`: something is wrong, and nothing can be pressed.
    pub offer: Option<(OfferId, Millis)>,
    /// How many rows delete.
    pub deletes: usize,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
    /// What people know of an extension there.
    pub fields: &'static ExtensionFields,
}

/// A row of a file, as it would be carried out, or what is wrong with it.
#[derive(Debug)]
pub struct BatchLine {
    /// Its number as a spreadsheet counts: the header is 1.
    pub row: usize,
    /// The extension's name; of a new one, the name it is to get. Empty where it cannot be told.
    pub name: String,
    /// What it asks for.
    pub what: LineWhat,
    /// What is wrong with it; empty: nothing.
    pub problems: Vec<SheetProblem>,
}

/// What a row of a file asks for.
#[derive(Debug)]
pub enum LineWhat {
    /// A new extension.
    Add {
        /// What is sent: names on the wire.
        members: Record,
    },
    /// Some members are set.
    Change {
        /// Which extension.
        id: ExtensionId,
        /// Before → after; empty where everything is so already: then nothing is sent of this row.
        differs: Vec<Differs>,
    },
    /// It is deleted for good.
    Delete {
        /// Which extension.
        id: ExtensionId,
    },
    /// What it asks for cannot be read.
    Unreadable,
}

/// An extension that autocomplete offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownExtension {
    /// What is sent when it is picked: `mediatel:15`.
    pub typed: String,
    /// Its name; hostile text.
    pub name: String,
    /// What it is for; hostile text, maybe empty.
    pub description: String,
}
