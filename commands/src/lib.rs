//! What may be asked of Rollcall, as plain values.
//!
//! Here live the slash commands: their names, options and descriptions, the reader that turns Discord's interaction into
//! a [`Command`], the [`Permission`] each one needs, and what is registered with Discord. One documented struct per
//! command gives all of it (see `surface/`).
//!
//! Deliberately absent: any I/O, serenity's client, who may do what (`policy`), and what a command does (`desk`).
//!
//! ```
//! use rollcall_commands::{Command, agent};
//!
//! let command = Command::AgentShow(agent::Show { agent: "mediatel:42".into() });
//! assert_eq!(command.name(), "/agent show");
//! ```

pub mod agent;
pub mod approvals;
mod command;
mod completing;
mod definitions;
mod doctor;
pub mod extension;
mod permission;
mod reading;
mod reference;
mod registered;
mod surface;
mod values;
mod whoami;

#[cfg(test)]
mod tests;

pub use command::Command;
pub use completing::{CompletedOption, Completing, completing};
pub use definitions::{definitions, surface_json};
pub use doctor::Doctor;
pub use permission::{NoSuchPermission, Pattern, Permission};
pub use reading::{Problem, ReadError, read};
pub use reference::reference;
pub use registered::differs;
pub use values::{
    AgentText, AttachedFile, ExtensionText, NoRequestNumber, NoSince, RequestNumber, RequestState, Since, StateFilter,
};
pub use whoami::Whoami;
