//! `/approvals list`

use crate::surface::surface;

surface! {
    /// Show the requests that are pending: yours, or everybody's with approvals.read
    ///
    /// Whoever has [`ApprovalsRead`](crate::Permission::ApprovalsRead) sees everybody's.
    pub struct List = "/approvals list" {
        group: Some(&super::GROUP),
        permission: None,
    }
}
