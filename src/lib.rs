//! Rollcall: run a call centre from Discord.
//!
//! The arrows between these rooms run one way: `discord → desk → {policy, directory, ledger}`; `tests/tidy.rs` holds
//! them. ARCHITECTURE.md walks through them.

pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod directory;
pub mod discord;
pub mod ledger;
pub mod policy;
