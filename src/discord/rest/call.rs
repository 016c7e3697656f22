//! One call to Discord, before it is sent.

use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use super::error::{RestError, RestErrorKind};
use super::limits::Route;

/// Whether a call may be sent again when it may already have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Doing it twice is doing it once.
    Harmless,
    /// It would happen twice: only what certainly never arrived is sent again.
    Harmful,
}

/// Which limits hold a call back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Its route's and the bot's.
    Ordinary,
    /// An interaction's callback: it has three seconds and no global limit, so it never queues.
    Callback,
}

/// Whose word a 401 is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authority {
    /// The bot's token: a 401 means that it is dead.
    Bot,
    /// The interaction's token in the path: a 401 is about that one only.
    Interaction,
}

/// One call. Its path and body may hold tokens and passwords, so it has no `Debug`.
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) method: Method,
    pub(super) route: Route,
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) repeat: Repeat,
    pub(super) lane: Lane,
    pub(super) authority: Authority,
    pub(super) deadline: Option<Duration>,
}

impl Call {
    /// A call of `method` to the path made of `segments`; `template` names method and path without ids.
    pub(super) fn new(operation: &'static str, method: Method, template: &'static str, segments: Vec<String>) -> Self {
        let repeat = if method == Method::POST { Repeat::Harmful } else { Repeat::Harmless };
        Self {
            operation,
            method,
            route: Route { template, major: 0 },
            segments,
            query: Vec::new(),
            body: None,
            repeat,
            lane: Lane::Ordinary,
            authority: Authority::Bot,
            deadline: None,
        }
    }

    /// Counts it for this channel, guild or webhook.
    pub(super) const fn major(mut self, id: u64) -> Self {
        self.route.major = id;
        self
    }

    pub(super) fn query(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Result<Self, RestError> {
        let body = serde_json::to_vec(body)
            .map_err(|_| RestError { operation: self.operation, kind: RestErrorKind::Unreadable })?;
        self.body = Some(body);
        Ok(self)
    }

    /// As [`Self::body`]; a message with a nonce that Discord enforces may be sent again.
    pub(super) fn message(mut self, message: &impl Serialize) -> Result<Self, RestError> {
        let message = serde_json::to_value(message)
            .map_err(|_| RestError { operation: self.operation, kind: RestErrorKind::Unreadable })?;
        let nonce = message.get("nonce").is_some_and(|nonce| nonce.is_string() || nonce.is_number());
        if nonce && message.get("enforce_nonce") == Some(&Value::Bool(true)) {
            self.repeat = Repeat::Harmless;
        }
        self.body(&message)
    }

    /// Marks a POST that does the same however often it is sent.
    pub(super) const fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Harmless;
        self
    }

    /// Marks it as spoken with an interaction's token.
    pub(super) const fn by_interaction(mut self) -> Self {
        self.authority = Authority::Interaction;
        self
    }

    /// Marks it as an interaction's callback.
    pub(super) const fn callback(mut self, deadline: Duration) -> Self {
        self.lane = Lane::Callback;
        self.deadline = Some(deadline);
        self
    }
}
