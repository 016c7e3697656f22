//! `/approvals cancel`

use crate::RequestNumber;
use crate::surface::{Shape, surface};

surface! {
    /// Cancel a pending request: yours, or anybody's if you are an approver
    pub struct Cancel = "/approvals cancel" {
        group: Some(&super::GROUP),
        permission: None,
    }
    /// The request's number, such as 12
    "request" pub request: RequestNumber = Shape::Request;
}
