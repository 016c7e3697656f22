//! Passwords on their way to a person.

use rand::rngs::OsRng;
use rand::{Rng as _, TryRngCore as _};
use rollcall_telephony::{AgentRef, IntentId, Millis};
use serde::{Deserialize, Serialize};
use serenity::model::id::{ChannelId, MessageId, UserId};

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
