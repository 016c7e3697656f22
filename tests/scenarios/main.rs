//! Scenarios: the real bot against the sandbox, over sockets, in the voice of the people who use it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a scenario that meets trouble is to end there, with the trouble"
)]

mod approvals;
mod buttons;
mod cards;
mod clone;
mod crashes;
mod edits;
mod expiry;
mod extensions;
mod gateway;
mod handover;
mod hostile;
mod kills;
mod logins;
mod lost_answers;
mod outages;
mod passwords;
mod presence;
mod rules;
mod secrets;
mod shell;
mod states;
mod store;
mod strangers;
mod world;
