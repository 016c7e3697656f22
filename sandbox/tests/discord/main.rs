//! The local Discord, driven over its sockets by a miniature bot: is it as strict as the real one?

#![expect(clippy::unwrap_used, reason = "whatever fails here fails the test")]

mod acknowledging;
mod bot;
mod files;
mod gateway;
mod guild;
mod limits;
mod mishaps;
mod people;
mod phones;
mod reactions;
mod wire;
