//! Previews with a button.

use rand::rngs::OsRng;
use rand::{Rng as _, TryRngCore as _};
use rollcall_telephony::{IntentId, Millis};
use serenity::model::id::UserId;

use super::RequestId;

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
    Taken(Led),
    /// Its owner cancelled it.
    Cancelled,
}

/// What a press led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Led {
    /// An act.
    Intent(IntentId),
    /// A request for approval.
    Request(RequestId),
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
