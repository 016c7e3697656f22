//! Scenarios: the real bot against the sandbox, over sockets, in the voice of the people who use it.

mod clone;
mod world;
