//! `/agent …`: one file per subcommand.

mod clone;
pub mod delete;
mod disable;
mod edit;
mod enable;
mod login;
mod logout;
mod pause;
mod reset_password;
mod restore;
mod search;
mod show;
mod status;
mod unpause;

pub use clone::Clone;
pub use delete::Delete;
pub use disable::Disable;
pub use edit::Edit;
pub use enable::Enable;
pub use login::Login;
pub use logout::Logout;
pub use pause::Pause;
pub use reset_password::ResetPassword;
pub use restore::Restore;
pub use search::Search;
pub use show::Show;
pub use status::Status;
pub use unpause::Unpause;

use crate::surface::Group;
use crate::values::AGENT_MAX;

/// The command that these are subcommands of.
const GROUP: Group = Group {
    name: "agent",
    about: "Find, show, clone, edit, disable, delete and restore agents; log them in and out, pause them",
};

/// The longest login.
const LOGIN_MAX: u16 = 64;
/// The longest e-mail address (RFC 5321, with its erratum 1690).
const EMAIL_MAX: u16 = 254;
/// The longest reason.
const REASON_MAX: u16 = 200;
/// The longest extension to log in at.
const LINE_MAX: u16 = 32;
/// The longest queue.
const QUEUE_MAX: u16 = 100;
/// The longest reason for a pause.
const PAUSE_MAX: u16 = 100;
