//! `/approvals …`: one file per subcommand. None of them names a permission: everybody may see and cancel their own
//! requests, and how much more a person may is decided when it is known whose a request is.

mod cancel;
mod history;
mod list;

pub use cancel::Cancel;
pub use history::History;
pub use list::List;

use crate::surface::Group;

/// The command that these are subcommands of.
const GROUP: Group = Group { name: "approvals", about: "See and cancel requests that wait for approvers" };
