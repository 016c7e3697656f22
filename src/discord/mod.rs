//! The door: everything that comes from Discord or goes there.
//!
//! [`gateway`] brings events in, [`rest`] is the one place that calls Discord. What an interaction means and what is
//! answered is decided behind them.

pub mod gateway;
pub mod rest;
