//! Which connection and which extension a person means; listing and showing them.

use rollcall_commands::ExtensionText;
use rollcall_telephony::ConnectionName;

use super::shown::{ExtensionCard, ExtensionList};
use crate::desk::{Desk, Refusal};
use crate::policy::Actor;

impl Desk {
    /// Every extension of a phone system, read fresh.
    ///
    /// # Errors
    /// When the person may not, no connection is meant, or the phone system does not answer.
    pub async fn list_extensions(&self, _actor: &Actor, _connection: Option<&str>) -> Result<ExtensionList, Refusal> {
        Err(Refusal::Value(String::new()))
    }

    /// An extension's card, read fresh.
    ///
    /// # Errors
    /// When the person may not, no such extension is known, or the phone system does not answer.
    pub async fn show_extension(&self, _actor: &Actor, _typed: &ExtensionText) -> Result<ExtensionCard, Refusal> {
        Err(Refusal::Value(String::new()))
    }

    /// The connection on which a person may carry out a batch: asked before any file is fetched.
    ///
    /// # Errors
    /// When the person may not, or no connection is meant.
    pub async fn may_batch(&self, _actor: &Actor, _connection: Option<&str>) -> Result<ConnectionName, Refusal> {
        Err(Refusal::Value(String::new()))
    }
}
