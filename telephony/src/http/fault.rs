//! What can go wrong with a request, before a vendor's client adds which connection and what was tried.

use std::error::Error as StdError;
use std::time::Duration;

use crate::{ConnectionName, Effect, Error, ErrorKind, Refusal};

/// A request that failed.
#[derive(Debug)]
pub(crate) struct Fault {
    /// What went wrong.
    pub(crate) kind: ErrorKind,
    /// Whether the request may have been done all the same.
    pub(crate) effect: Effect,
    /// The cause, without URL and body.
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// It certainly changed nothing.
    pub(crate) const fn unsent(kind: ErrorKind) -> Self {
        Self { kind, effect: Effect::None, source: None }
    }

    /// It may have been done.
    pub(crate) const fn unsure(kind: ErrorKind) -> Self {
        Self { kind, effect: Effect::Unknown, source: None }
    }

    /// An answer that is not what the documents promise.
    pub(crate) fn unreadable(what: impl Into<String>) -> Self {
        Self::unsure(ErrorKind::Unreadable(what.into()))
    }

    /// A redirect. They are never followed: it could lead our credentials anywhere.
    pub(super) fn redirect(status: u16) -> Self {
        Self::unsure(ErrorKind::Refused(Refusal::Other(format!(
            "it sends us to another address (status {status}), and redirects are never followed; check base_url"
        ))))
    }

    /// A request that got no whole answer.
    pub(super) fn transport(error: reqwest::Error, timeout: Duration) -> Self {
        let error = error.without_url();
        let seconds = timeout.as_secs_f64();
        let (why, effect) = if error.is_builder() {
            ("the request could not be written".to_owned(), Effect::None)
        } else if error.is_connect() {
            let why = if error.is_timeout() {
                "it did not take a connection in time".to_owned()
            } else {
                format!("no connection ({})", innermost(&error))
            };
            (why, Effect::None)
        } else if error.is_timeout() {
            (format!("it did not answer within {seconds} s"), Effect::Unknown)
        } else {
            ("the connection broke before the answer was complete".to_owned(), Effect::Unknown)
        };
        Self { kind: ErrorKind::Unreachable(why), effect, source: Some(Box::new(error)) }
    }

    /// Whether asking again may help.
    pub(super) fn passes(&self) -> bool {
        match &self.kind {
            ErrorKind::Unreachable(_) | ErrorKind::RateLimited(_) => true,
            // Not implemented and version not supported do not pass by waiting.
            ErrorKind::Broken(status) => (500..=599).contains(status) && !matches!(status, 501 | 505),
            ErrorKind::NotFound
            | ErrorKind::Refused(_)
            | ErrorKind::SignedOut
            | ErrorKind::Unreadable(_)
            | ErrorKind::Unsupported(_) => false,
        }
    }

    /// How long the server asked us to wait.
    pub(super) const fn wait(&self) -> Option<Duration> {
        match self.kind {
            ErrorKind::RateLimited(wait) => wait,
            ErrorKind::NotFound
            | ErrorKind::Refused(_)
            | ErrorKind::SignedOut
            | ErrorKind::Unreadable(_)
            | ErrorKind::Unreachable(_)
            | ErrorKind::Broken(_)
            | ErrorKind::Unsupported(_) => None,
        }
    }

    /// The error for callers.
    pub(crate) fn of(self, connection: &ConnectionName, operation: &'static str) -> Error {
        Error { connection: connection.clone(), operation, kind: self.kind, effect: self.effect, source: self.source }
    }
}

/// The cause at the bottom, on one line of at most 160 characters.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(160).collect()
}
