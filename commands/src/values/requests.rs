//! What is said of requests for approval: their number, and how far they are. The requests themselves are the ledger's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a request, as people say it: "request 12". It is never below 1; whether there is such a request is the
/// ledger's to say. Stored as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct RequestNumber(i64);

/// A text or number that is no request's number. Its own text is half a sentence that says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write 12 or #12")]
pub struct NoRequestNumber;

impl RequestNumber {
    /// The most characters that it takes to type one, with its `#`.
    pub(crate) const LONGEST: u16 = 20;

    /// The number; `None` below 1.
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if number > 0 { Some(Self(number)) } else { None }
    }

    /// The plain number, from 1 up.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for RequestNumber {
    type Err = NoRequestNumber;

    /// Reads `12` or `#12`.
    ///
    /// # Errors
    /// [`NoRequestNumber`] for anything else: a sign, a fraction, zero, or more than 64 bits hold.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoRequestNumber);
        }
        digits.parse().ok().and_then(Self::new).ok_or(NoRequestNumber)
    }
}

impl TryFrom<i64> for RequestNumber {
    type Error = NoRequestNumber;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        Self::new(number).ok_or(NoRequestNumber)
    }
}

impl From<RequestNumber> for i64 {
    fn from(number: RequestNumber) -> Self {
        number.0
    }
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestState {
    /// It waits for approvers.
    Pending,
    /// It was approved and is being done.
    Executing,
    /// It was done.
    Done,
    /// It was approved but not done, or nobody can tell.
    Failed,
    /// What it was about is not what the card showed, or nobody may ask or decide it any more.
    Void,
    /// An approver said no.
    Denied,
    /// Nobody decided it in time.
    Expired,
    /// The requester or an approver took it back.
    Cancelled,
}

impl RequestState {
    /// All of them, in the order of a request's life.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Executing,
        Self::Done,
        Self::Failed,
        Self::Void,
        Self::Denied,
        Self::Expired,
        Self::Cancelled,
    ];

    /// Whether nothing more will become of it.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        !matches!(self, Self::Pending | Self::Executing)
    }

    /// The words that can be chosen.
    pub(crate) const WORDS: &[&str] =
        &["pending", "executing", "done", "failed", "void", "denied", "expired", "cancelled"];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Executing => "executing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Void => "void",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that a word stands for.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

impl fmt::Display for RequestState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
