//! A small local Discord.
