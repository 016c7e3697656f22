//! The store: the only SQL of the bot.
//!
//! It keeps the journal of intents, the audit log, offers (previews with buttons), hand-overs of passwords, messages
//! still to be sent, interactions seen, the directory's snapshots and the gateway's session. What these mean is the
//! desk's business; here they are written, atomically and durably, and read back.

mod types;

pub use types::*;
