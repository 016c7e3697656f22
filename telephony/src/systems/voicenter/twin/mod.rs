//! Voicenter's twin: a small server that answers as the page says, with faults on a switch.
//!
//! Users, extensions and who sits where ([`store`]), behind one address. It shares nothing with the client: the
//! documented examples and tables referee both. What the page leaves open is an [`Options`] switch.

mod options;
mod store;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;

pub use options::{ErrorNumber, Numbers, Opening, Options, Shape, Spelling};
pub use store::{Mutation, User};

pub use crate::systems::twins::{Fault, Hook, Moment, Seen, Times, Trouble};

use crate::systems::twins::{self, Behind};
use store::{Parameters, Said, Store};

/// Where the one request goes.
const ADDRESS: &str = "/UserLogin/SetStatusFromAPI";

/// The statuses that every account has, and the documented breaks.
const STATUSES: [i64; 9] = [1, 2, 3, 5, 7, 9, 11, 12, 13];

/// The server: `/UserLogin/SetStatusFromAPI`.
pub type Twin = twins::Twin<Account>;

/// What it remembers.
pub struct Account {
    options: Options,
    store: Store,
    /// What the next request is answered instead of being done.
    next: Option<Said>,
}

impl std::fmt::Debug for Account {
    /// Without the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("users", &self.store.users).finish_non_exhaustive()
    }
}

impl Twin {
    /// A server that takes this code, with the documented user `123456789` and the documented extension `sipsip`, and
    /// the documented statuses.
    #[must_use]
    pub fn new(code: &str, options: Options) -> Arc<Self> {
        let mut store = Store { code: code.to_owned(), ..Store::default() };
        store.users.insert("123456789".to_owned(), User::default());
        store.extensions.insert("sipsip".to_owned());
        store.statuses.extend(STATUSES);
        Self::of(Account { options, store, next: None })
    }

    /// Adds a user, logged out, or logs out the one with this id.
    pub fn put_user(&self, id: &str) {
        self.put_status(id, User::default());
    }

    /// Somebody else changes a user's status, at the phone system's own screens: no request, and so no mutation. A user
    /// that is not there yet is added.
    pub fn put_status(&self, id: &str, user: User) {
        self.lock().store.users.insert(id.to_owned(), user);
    }

    /// Takes a user away; how it was.
    pub fn take_user(&self, id: &str) -> Option<User> {
        self.lock().store.users.remove(id)
    }

    /// Adds an extension by its SIP code.
    pub fn put_extension(&self, sip: &str) {
        self.lock().store.extensions.insert(sip.to_owned());
    }

    /// Says which statuses the account has.
    pub fn put_statuses(&self, statuses: &[i64]) {
        self.lock().store.statuses = statuses.iter().copied().collect();
    }

    /// How a user is; `None` when there is no such user.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<User> {
        self.lock().store.users.get(id).cloned()
    }

    /// Answers the next request with these values, and does nothing: values the page does not name, or a fault of its
    /// own (`4, 4, "Error on update"`).
    pub fn answers_next(&self, status: i64, status_error: i64, message: &str) {
        self.lock().next = Some(Said { status, status_error, message: message.to_owned() });
    }
}

impl Behind for Account {
    type Options = Options;
    type Mutation = Mutation;

    fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// Every status that requests set so far, also where it was so already.
    fn mutations(&self) -> &[Mutation] {
        &self.store.mutations
    }

    fn act(&mut self, parts: &Parts, seen: &Seen, unexpected: &mut Vec<String>) -> (StatusCode, String) {
        if parts.uri.path() != ADDRESS || !matches!(seen.method.as_str(), "GET" | "POST") {
            unexpected.push(format!("{} {}", seen.method, parts.uri.path()));
            return twins::not_found();
        }
        if let Some(said) = self.next.take() {
            return (StatusCode::OK, self.options.render(&said));
        }
        let parameters = match seen.method.as_str() {
            "GET" => Some(Parameters::of_query(parts.uri.query().unwrap_or_default())),
            _ => Parameters::of_json(&seen.body),
        };
        let said = match parameters {
            Some(parameters) => self.store.act(seen.number, &parameters),
            None => store::wrong_format(),
        };
        (StatusCode::OK, self.options.render(&said))
    }
}
