//! `/agent …`: one file per subcommand.

mod clone;
mod disable;
mod edit;
mod enable;
mod reset_password;
mod search;
mod show;

pub use clone::Clone;
pub use disable::Disable;
pub use edit::Edit;
pub use enable::Enable;
pub use reset_password::ResetPassword;
pub use search::Search;
pub use show::Show;

use crate::surface::Group;

/// The command that these are subcommands of.
const GROUP: Group = Group { name: "agent", about: "Find, show, clone, edit, disable and enable agents" };

/// The longest text for an agent; a choice's value is `connection:id`, and Discord allows a choice 100.
const AGENT_MAX: u16 = 100;
/// The longest login.
const LOGIN_MAX: u16 = 64;
/// The longest e-mail address (RFC 5321, with its erratum 1690).
const EMAIL_MAX: u16 = 254;
