//! `/doctor`

use crate::Permission;
use crate::surface::surface;

surface! {
    /// Check the configuration, Discord, every phone system and the store
    pub struct Doctor = "/doctor" {
        group: None,
        permission: Some(Permission::Doctor),
    }
}
