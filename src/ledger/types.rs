//! What the ledger keeps, as plain values.

use rand::rngs::OsRng;
use rand::{Rng as _, TryRngCore as _};
use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId, Millis};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

/// The number of an offer: random, so that a button of an erased store never meets a new offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OfferId(pub i64);

impl OfferId {
    /// A fresh number: positive, from the operating system's entropy.
    ///
    /// # Panics
    /// When the operating system has no entropy to give.
    #[must_use]
    pub fn random() -> Self {
        Self(OsRng.unwrap_err().random_range(1..=i64::MAX))
    }
}

/// The number of a hand-over: random, as [`OfferId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HandoverId(pub i64);

impl HandoverId {
    /// A fresh number: positive, from the operating system's entropy.
    ///
    /// # Panics
    /// When the operating system has no entropy to give.
    #[must_use]
    pub fn random() -> Self {
        Self(OsRng.unwrap_err().random_range(1..=i64::MAX))
    }
}

/// A preview with a button that one person may press, once, until it expires.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its number.
    pub id: OfferId,
    /// Who was shown it.
    pub actor: UserId,
    /// What would be done: the desk's value as JSON, free of secrets.
    pub body: String,
    /// Until when it may be pressed.
    pub expires_at: Millis,
    /// Whether it still can be.
    pub state: OfferState,
}

/// Whether an offer can still be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// It waits for a press.
    Open,
    /// It was pressed; this is what came of it.
    Taken(IntentId),
    /// Its owner cancelled it.
    Cancelled,
}

/// An act that is about to be done, to be written before any phone system is asked.
#[derive(Debug)]
pub struct NewIntent<'a> {
    /// Who wants it.
    pub actor: UserId,
    /// The interaction that asked for it; at most one intent each.
    pub interaction: Option<InteractionId>,
    /// The offer that is claimed by it, in the same transaction.
    pub offer: Option<OfferId>,
    /// The connection to be asked.
    pub connection: &'a ConnectionName,
    /// What is to be done: the desk's value as JSON, free of secrets.
    pub act: &'a str,
    /// The audit entry, written in the same transaction.
    pub audit: AuditEntry,
    /// The password to be set, sealed with the intent.
    pub secret: Option<&'a SecretString>,
}

/// An act in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its number.
    pub id: IntentId,
    /// Who wanted it.
    pub actor: UserId,
    /// The interaction that asked for it.
    pub interaction: Option<InteractionId>,
    /// The connection it asks.
    pub connection: ConnectionName,
    /// What is to be done, as JSON.
    pub act: String,
    /// How far it is.
    pub state: IntentState,
    /// How often it was sent to the phone system.
    pub attempts: u32,
    /// When it was written.
    pub recorded_at: Millis,
    /// When it was last sent.
    pub sent_at: Option<Millis>,
    /// When it was last looked up at the phone system without a result.
    pub looked_at: Option<Millis>,
}

/// How far an intent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntentState {
    /// Written; the phone system has not been asked.
    Recorded,
    /// About to be sent or sent; what came of it is not written yet.
    Sent,
    /// It was done.
    Done,
    /// It was not done, and nothing changed.
    Failed,
    /// Nobody can tell yet; it is still looked for.
    Doubt,
}

/// What [`NewIntent`] led to.
#[derive(Debug)]
pub enum Began {
    /// It is written: go on.
    New(Intent),
    /// This interaction or offer led to an intent before: do nothing, it is under way or done.
    Already(Intent),
    /// The offer cannot be taken.
    Refused(OfferRefusal),
}

/// Why an offer cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferRefusal {
    /// There is no such offer.
    Unknown,
    /// Somebody else was shown it.
    NotYours,
    /// It was cancelled.
    Cancelled,
    /// It expired, then.
    Expired(Millis),
}

/// What came of an intent, written in one transaction with all that follows from it.
#[derive(Debug)]
pub struct Conclusion {
    /// [`IntentState::Done`], [`IntentState::Failed`] or [`IntentState::Doubt`].
    pub state: IntentState,
    /// The audit entry.
    pub audit: AuditEntry,
    /// What came of it: the desk's value as JSON, free of secrets; [`crate::ledger::Ledger::outcome`] gives it back.
    pub outcome: String,
    /// A password to be handed over: the intent's sealed secret moves to it.
    pub handover: Option<NewHandover>,
    /// A hand-over that ends with this: its state, and its sealed secret is erased.
    pub settles: Option<(HandoverId, HandoverState)>,
    /// Messages that tell of it.
    pub notices: Vec<NewNotice>,
}

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

/// A password to be handed over.
#[derive(Debug, Clone)]
pub struct NewHandover {
    /// The agent whose password it is.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// Who asked for it.
    pub requester: UserId,
    /// Who gets it.
    pub recipient: UserId,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Until when it can be read.
    pub expires_at: Millis,
}

/// How a password is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// A message with a button that shows it for a while.
    Reveal,
    /// A message that holds it, deleted when confirmed or expired.
    Message,
}

/// A message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Its channel.
    pub channel: ChannelId,
    /// Its id.
    pub message: MessageId,
}

/// A password on its way to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its number.
    pub id: HandoverId,
    /// The intent that set the password.
    pub intent: IntentId,
    /// The agent whose password it is.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// Who asked for it.
    pub requester: UserId,
    /// Who gets it.
    pub recipient: UserId,
    /// How it is delivered.
    pub delivery: Delivery,
    /// How far it is.
    pub state: HandoverState,
    /// When it was made.
    pub created_at: Millis,
    /// Until when it can be read.
    pub expires_at: Millis,
    /// When it was first opened.
    pub opened_at: Option<Millis>,
    /// How often it was opened.
    pub opens: u32,
    /// Until when it is readable in the message; `None`: it is hidden.
    pub shown_until: Option<Millis>,
    /// When it was settled: confirmed, erased or replaced.
    pub settled_at: Option<Millis>,
    /// The message to the recipient.
    pub message: Option<Posted>,
    /// The receipt to the requester.
    pub receipt: Receipt,
    /// Counts its changes; [`crate::ledger::Ledger::save_handover`] refuses to overwrite a newer one.
    pub revision: i64,
    /// The revision that the recipient's message shows.
    pub message_revision: i64,
    /// The revision that the receipt shows.
    pub receipt_revision: i64,
    /// When the message or receipt may next be tried, after a failure.
    pub retry_at: Option<Millis>,
}

/// How far a hand-over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HandoverState {
    /// The message to the recipient has yet to be sent.
    Due,
    /// The message was sent.
    Delivered,
    /// The recipient takes no direct messages: the requester hands it over.
    Closed,
    /// The recipient has it; the sealed copy is erased.
    Confirmed,
    /// It was opened, then expired; the sealed copy is erased.
    Expired,
    /// It was never opened and was replaced by one that nobody knows.
    Replaced,
    /// It was never opened; at expiry the phone system no longer held it, so nothing was replaced.
    Superseded,
}

impl HandoverState {
    /// Whether the password can still be read.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Due | Self::Delivered | Self::Closed)
    }
}

/// Where the requester's receipt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// Not sent yet.
    Due,
    /// Sent.
    Sent(Posted),
    /// The requester takes no direct messages: `/whoami` shows it.
    Closed,
}

/// What happens to the sealed secret when a hand-over is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// It stays.
    Keep,
    /// It is erased.
    Erase,
}

/// A message to be sent until it is.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Where it goes.
    pub to: NoticeTo,
    /// What it tells, as JSON, free of secrets: the desk's value, not yet Discord's message.
    pub body: String,
    /// When it is due; `None`: at once.
    pub not_before: Option<Millis>,
}

/// Where a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeTo {
    /// The reply to an interaction, edited; once its token has expired, a direct message to the person instead.
    Reply(InteractionId, UserId),
    /// A channel.
    Channel(ChannelId),
    /// A person, by direct message.
    Person(UserId),
}

/// A message still to be sent.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number; the nonce that Discord enforces is made from it.
    pub id: i64,
    /// Where it goes.
    pub to: NoticeTo,
    /// What it tells, as JSON.
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Millis,
}

/// Whether an interaction was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Never.
    First,
    /// It was: Discord sent it again.
    Again,
}

/// An interaction that has no answer yet.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// Its id.
    pub id: InteractionId,
    /// Who made it.
    pub actor: UserId,
    /// When it came.
    pub seen_at: Millis,
    /// Its token, good for 15 minutes from then.
    pub token: SecretString,
}

/// The gateway's session, to be resumed after a restart.
#[derive(Debug, Clone)]
pub struct GatewaySession {
    /// Discord's session id.
    pub id: SecretString,
    /// The last event seen.
    pub seq: u64,
    /// Where to resume.
    pub resume_url: String,
}

/// An agent that a person used, for offering it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Who.
    pub actor: UserId,
    /// Which agent.
    pub agent: AgentRef,
    /// When, last.
    pub at: Millis,
}

/// A connection's agents as they were last read, without secrets.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The connection.
    pub connection: ConnectionName,
    /// When they were read.
    pub taken_at: Millis,
    /// The agents as JSON.
    pub body: String,
}

/// Who an agent is, where only its id and connection matter.
pub type AgentKey = (ConnectionName, AgentId);

/// The store failed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be opened: wrong path, rights, or another program's file.
    #[error("the store cannot be opened: {0}")]
    Open(String),
    /// It was sealed with another `ROLLCALL_KEY`.
    #[error("the store was written with another ROLLCALL_KEY")]
    WrongKey,
    /// It cannot be written (full, read-only, locked): nothing was done.
    #[error("the store cannot be written: {0}")]
    Unwritable(String),
    /// It cannot be read.
    #[error("the store cannot be read: {0}")]
    Unreadable(String),
    /// Somebody else changed it first: read again.
    #[error("somebody else changed it first")]
    Stale,
}
