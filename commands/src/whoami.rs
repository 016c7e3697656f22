//! `/whoami`

use crate::surface::surface;

surface! {
    /// What you may do here and why, how the phone systems know us, and passwords you still have to hand over
    pub struct Whoami = "/whoami" {
        group: None,
        permission: None,
    }
}
