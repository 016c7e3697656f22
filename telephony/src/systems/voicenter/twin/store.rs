//! What the twin remembers and what a status does to it. Which three values go together is documented for success alone;
//! the rest are the likeliest readings of both languages of the page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::form_urlencoded;

/// A status that a request set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// The number of the request that caused it.
    pub request: u64,
    /// Whose status: the user's id.
    pub user: String,
    /// At which extension.
    pub extension: String,
    /// The status.
    pub status: i64,
}

/// How a user is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The status: 1 logged in, 2 logged out, others are breaks.
    pub status: i64,
    /// The extension the user sits at; none while logged out.
    pub extension: Option<String>,
}

impl Default for User {
    /// Logged out.
    fn default() -> Self {
        Self { status: LOGGED_OUT, extension: None }
    }
}

const LOGGED_IN: i64 = 1;
const LOGGED_OUT: i64 = 2;

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: i64,
    pub(super) status_error: i64,
    pub(super) message: String,
}

fn said(status: i64, status_error: i64, message: &str) -> Said {
    Said { status, status_error, message: message.to_owned() }
}

/// A body that is no JSON object.
pub(super) fn wrong_format() -> Said {
    said(2, 0, "Authorization Failed")
}

/// What a request names, by lowercase names; an empty value counts as not sent.
#[derive(Default)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn of_query(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.map(|(name, value)| (name.to_lowercase(), value)).collect())
    }

    /// Texts and numbers; `None` when the body is no JSON object.
    pub(super) fn of_json(body: &str) -> Option<Self> {
        let Value::Object(members) = serde_json::from_str(body).ok()? else { return None };
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        Some(Self(members.into_iter().filter_map(|(name, value)| Some((name.to_lowercase(), text(value)?))).collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Users by id, extensions by SIP code.
#[derive(Default)]
pub(super) struct Store {
    pub(super) code: String,
    pub(super) users: BTreeMap<String, User>,
    pub(super) extensions: BTreeSet<String>,
    pub(super) statuses: BTreeSet<i64>,
    pub(super) mutations: Vec<Mutation>,
}

impl Store {
    /// Sets one status.
    pub(super) fn act(&mut self, request: u64, sent: &Parameters) -> Said {
        let (Some(code), Some(user)) = (sent.get("code"), sent.get("userid")) else {
            return said(2, 6, "Authorization Failed");
        };
        // "Code or UserId invalid": one answer for both.
        if code != self.code || !self.users.contains_key(user) {
            return said(2, 0, "Authorization Failed");
        }
        let Some(extension) = sent.get("extensionuser").or_else(|| sent.get("sipid")) else {
            return said(3, 6, "No extension found");
        };
        if !self.extensions.contains(extension) {
            return said(3, 3, "No extension found");
        }
        let Some(status) = sent.get("status") else { return said(4, 6, "Status not support") };
        let Some(status) = status.parse().ok().filter(|status| self.statuses.contains(status)) else {
            return said(4, 1, "Status not support");
        };
        let sits_there = |(other, at): (&String, &User)| other != user && at.extension.as_deref() == Some(extension);
        if status == LOGGED_IN && self.users.iter().any(sits_there) {
            return said(4, 1, "Extension is already in use");
        }
        // A break while logged out is not documented: it is set, at the extension that was named.
        let taken = (status != LOGGED_OUT).then(|| extension.to_owned());
        self.users.insert(user.to_owned(), User { status, extension: taken });
        let mutation = Mutation { request, user: user.to_owned(), extension: extension.to_owned(), status };
        self.mutations.push(mutation);
        said(1, 1, "OK")
    }
}
