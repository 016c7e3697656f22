//! `/extension batch`: a file of rows that add, change and delete. What stands in it, and so whether it needs what a
//! delete needs, is the desk's to find out.

use crate::surface::{Shape, completed, surface};
use crate::values::CONNECTION_MAX;
use crate::{AttachedFile, CompletedOption, Permission};

surface! {
    /// Add, change and delete many extensions from a CSV file; you see what would happen first
    pub struct Batch = "/extension batch" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionWrite),
    }
    /// A CSV file; its columns are the phone system's own names, and delete
    "file" pub file: AttachedFile = Shape::File { max: AttachedFile::LARGEST };
    /// The phone system; needed only if several have extensions
    "connection" pub connection: Option<String> = completed(CONNECTION_MAX, CompletedOption::Connection);
}
