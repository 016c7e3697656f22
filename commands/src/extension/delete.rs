//! `/extension delete`: it asks for a delete. Who decides, and the delete itself, are the desk's business.

use crate::surface::{completed, surface, text};
use crate::values::EXTENSION_MAX;
use crate::{CompletedOption, ExtensionText, Permission};

surface! {
    /// Ask the approvers to delete an extension for good
    pub struct Delete = "/extension delete" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionDelete),
    }
    /// The extension; start typing its name or number
    "extension" pub extension: ExtensionText = completed(EXTENSION_MAX, CompletedOption::Extension);
    /// Why, for the approvers
    "reason" pub reason: String = text(super::REASON_MAX);
}
