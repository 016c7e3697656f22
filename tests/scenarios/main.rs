//! Scenarios: the real bot against the sandbox, over sockets, in the voice of the people who use it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a scenario that meets trouble is to end there, with the trouble"
)]

mod clone;
mod crashes;
mod gateway;
mod hostile;
mod kills;
mod lost_answers;
mod outages;
mod secrets;
mod shell;
mod store;
mod strangers;
mod world;
