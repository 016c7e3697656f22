//! `/extension list`

use crate::surface::{completed, surface};
use crate::values::CONNECTION_MAX;
use crate::{CompletedOption, Permission};

surface! {
    /// List the extensions of a phone system
    pub struct List = "/extension list" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionRead),
    }
    /// The phone system; needed only if several have extensions
    "connection" pub connection: Option<String> = completed(CONNECTION_MAX, CompletedOption::Connection);
}
