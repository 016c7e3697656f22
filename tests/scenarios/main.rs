//! Scenarios: the real bot against the sandbox, over sockets, in the voice of the people who use it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a scenario that meets trouble is to end there, with the trouble"
)]

mod clone;
mod hostile;
mod secrets;
mod shell;
mod strangers;
mod world;
