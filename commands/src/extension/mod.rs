//! `/extension …`: one file per subcommand. What the members of an extension are called on the wire, and what they take
//! beyond a length, is the phone system's table; the names here are the keys of that table.

mod batch;
mod create;
mod delete;
mod edit;
mod list;
mod show;

pub use batch::Batch;
pub use create::Create;
pub use delete::Delete;
pub use edit::Edit;
pub use list::List;
pub use show::Show;

use crate::surface::Group;

/// The command that these are subcommands of.
const GROUP: Group = Group { name: "extension", about: "List, show, create, change and delete extensions" };

/// The longest name of an extension.
const NAME_MAX: u16 = 64;
/// The longest number, with its sign.
const TYPE_MAX: u16 = 11;
/// The longest text without a shorter limit.
const TEXT_MAX: u16 = 255;
/// The longest word: a protocol, a payload.
const WORD_MAX: u16 = 32;
/// The longest list, with its commas.
const LIST_MAX: u16 = 1000;
/// The longest reason.
const REASON_MAX: u16 = 200;
