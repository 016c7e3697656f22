//! Extensions: created, changed, deleted, one by one or many at once from a file.
//!
//! Everything is decided by a fresh read; what autocomplete offers comes from the directory (`memory.rs`). How approvers are
//! asked is not here: to them an extension is one more thing that an act can be about (`desk/approvals/subject.rs`).

mod act;
pub(super) mod advice;
mod afterwards;
mod batch;
mod carried;
mod compare;
mod conduct;
mod find;
mod form;
mod memory;
mod prepare;
mod preview;
mod sending;
mod shown;

pub use act::{BatchRow, ExtensionAct, ExtensionChange, RowAct, RowOutcome, RowUntold};
pub(super) use compare::{differences, titled};
pub use form::ExtensionForm;
pub use shown::{BatchLine, BatchPreview, ExtensionCard, ExtensionList, ExtensionPreview, KnownExtension, LineWhat};
