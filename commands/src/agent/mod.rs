//! `/agent …`: one file per subcommand.

mod clone;
pub mod delete;
mod disable;
mod edit;
mod enable;
mod reset_password;
mod restore;
mod search;
mod show;

pub use clone::Clone;
pub use delete::Delete;
pub use disable::Disable;
pub use edit::Edit;
pub use enable::Enable;
pub use reset_password::ResetPassword;
pub use restore::Restore;
pub use search::Search;
pub use show::Show;

use crate::surface::Group;
use crate::values::AGENT_MAX;

/// The command that these are subcommands of.
const GROUP: Group = Group { name: "agent", about: "Find, show, clone, edit, disable, delete and restore agents" };

/// The longest login.
const LOGIN_MAX: u16 = 64;
/// The longest e-mail address (RFC 5321, with its erratum 1690).
const EMAIL_MAX: u16 = 254;
/// The longest reason.
const REASON_MAX: u16 = 200;
