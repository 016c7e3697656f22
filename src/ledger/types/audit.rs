//! The audit log.

use rollcall_telephony::{IntentId, Millis};
use serde::Serialize;
use serenity::model::id::UserId;

/// An entry of the audit log, before it is chained.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// What happened: `agent.clone recorded`, `agent.clone done`, `handover opened`.
    pub what: String,
    /// Who did it; `None`: the bot by itself.
    pub actor: Option<UserId>,
    /// To what: `mediatel:42`, `mediatel:ivan.ivanov`.
    pub target: String,
    /// The intent it belongs to; filled in by the ledger for entries written with an intent.
    pub intent: Option<IntentId>,
    /// More, free of secrets.
    pub detail: serde_json::Value,
}

/// A chained entry of the audit log.
#[derive(Debug, Clone, Serialize)]
pub struct AuditRow {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When it was written.
    pub at: Millis,
    /// What happened.
    pub what: String,
    /// Who did it.
    pub actor: Option<UserId>,
    /// To what.
    pub target: String,
    /// The intent it belongs to.
    pub intent: Option<IntentId>,
    /// More, as JSON text.
    pub detail: String,
    /// Keyed hash over this entry and the one before, lowercase hex.
    pub hash: String,
}

/// What checking the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Every one of so many entries is as it was written.
    Whole {
        /// How many entries there are.
        entries: i64,
    },
    /// The first entry that is not as it was written, or that is missing.
    Broken {
        /// Its place.
        seq: i64,
        /// What is wrong with it, in a few words.
        why: &'static str,
    },
}
