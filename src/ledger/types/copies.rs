//! The messages that show requests.

use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, MessageId};

use super::{Posted, Request, RequestId};

/// What a message that shows a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyKind {
    /// The card, with its buttons; reactions under it count.
    Card,
    /// A reminder.
    Reminder,
    /// Asks for approval again, after the bot was away for too long.
    AskedAgain,
}

/// A message that shows a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardCopy {
    /// Its number; the nonce that Discord enforces is made from it.
    pub id: i64,
    /// What it shows.
    pub request: RequestId,
    /// What it is.
    pub kind: CopyKind,
    /// Where it is; `None` before it was posted.
    pub message: Option<Posted>,
    /// The channel it belongs to.
    pub channel: ChannelId,
    /// When it became due.
    pub created_at: Millis,
    /// The revision it shows; 0: none yet.
    pub revision: i64,
    /// Whether the bot's own ✅ and ❌ stand under it.
    pub reacted: Reacted,
    /// When it is tried again.
    pub retry_at: Option<Millis>,
    /// When it was found to be deleted.
    pub gone_at: Option<Millis>,
}

/// Whether the bot's own reactions stand under a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reacted {
    /// They are still to be added.
    Due,
    /// They stand there, or belong under no message of this kind.
    Done,
}

/// Which message of a request somebody did something to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The request.
    pub request: Request,
    /// The copy.
    pub copy: CardCopy,
}

/// A message's place, told by Discord's ids.
pub type MessageAt = (ChannelId, MessageId);
