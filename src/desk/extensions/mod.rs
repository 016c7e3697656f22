//! Extensions: created, changed, deleted, one by one or many at once from a file.

mod act;
mod find;
mod form;
mod memory;
mod preview;
mod shown;

use rollcall_telephony::Connected;

pub use act::{BatchRow, ExtensionAct, ExtensionChange, RowAct, RowOutcome};
pub use form::ExtensionForm;
pub use shown::{BatchLine, BatchPreview, ExtensionCard, ExtensionList, ExtensionPreview, KnownExtension, LineWhat};

use super::prepare::Prepared;
use super::step::{Ending, Step};
use super::{Desk, Refusal};
use crate::ledger::Intent;

impl Desk {
    /// Reads what an act about extensions was shown for, and refuses it when it is not as it was shown.
    pub(super) async fn prepare_extensions(&self, _act: &ExtensionAct) -> Result<Prepared, Refusal> {
        Err(Refusal::Value("Extensions follow.".to_owned()))
    }

    /// Carries out a change of extensions, or looks up what came of one.
    pub(super) async fn change_extensions(&self, _intent: &Intent, _act: &ExtensionAct, _on: &Connected) -> Step {
        Ending::failed("extensions follow")
    }
}
