//! Scenarios: the real bot against the sandbox, over sockets, in the voice of the people who use it.

mod buttons;
mod cards;
mod clone;
mod edits;
mod expiry;
mod handover;
mod logins;
mod passwords;
mod rules;
mod states;
mod world;
