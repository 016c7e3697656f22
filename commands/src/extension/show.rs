//! `/extension show`

use crate::surface::{completed, surface};
use crate::values::EXTENSION_MAX;
use crate::{CompletedOption, ExtensionText, Permission};

surface! {
    /// Show everything about one extension
    pub struct Show = "/extension show" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionRead),
    }
    /// The extension; start typing its name or number
    "extension" pub extension: ExtensionText = completed(EXTENSION_MAX, CompletedOption::Extension);
}
