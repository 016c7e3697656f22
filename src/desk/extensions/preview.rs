//! Creating, changing and deleting an extension, up to the point where it is offered or asked for.

use rollcall_commands::{ExtensionText, extension};
use rollcall_telephony::ConnectionName;

use super::shown::{BatchPreview, ExtensionPreview};
use crate::desk::{Asked, Desk, Refusal};
use crate::policy::Actor;

impl Desk {
    /// Checks a new extension and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_create_extension(
        &self,
        _actor: &Actor,
        _asked: &extension::Create,
    ) -> Result<ExtensionPreview, Refusal> {
        Err(Refusal::Value(String::new()))
    }

    /// Checks a change of an extension and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_edit_extension(
        &self,
        _actor: &Actor,
        _asked: &extension::Edit,
    ) -> Result<ExtensionPreview, Refusal> {
        Err(Refusal::Value(String::new()))
    }

    /// Asks the approvers to delete an extension; `None`: the answer follows. Where the settings need no second person, it
    /// is offered instead.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed, and nobody was asked.
    pub async fn ask_delete_extension(
        &self,
        _actor: &Actor,
        _typed: &ExtensionText,
        _reason: &str,
        _asked: Asked,
    ) -> Result<Option<ExtensionPreview>, Refusal> {
        Err(Refusal::Value(String::new()))
    }

    /// Reads a file of extensions, checks every row against the phone system and offers it where nothing is wrong.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_batch(
        &self,
        _actor: &Actor,
        _connection: &ConnectionName,
        _file: &str,
        _bytes: &[u8],
    ) -> Result<BatchPreview, Refusal> {
        Err(Refusal::Value(String::new()))
    }
}
