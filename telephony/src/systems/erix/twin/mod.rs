//! Erix's twin: a small server that answers as the page says, with faults on a switch.
//!
//! Agents, extensions and queues, and who is logged in or paused ([`store`]), behind one script. It shares nothing with
//! the client: the documented tables referee both. What the page leaves open is an [`Options`] switch.

mod options;
mod store;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

pub use options::{Keys, Numbers, Opening, Options, Shape, Spelling, Statuses};
pub use store::{Kind, Mutation, Presence, What};

pub use crate::systems::twins::{Fault, Hook, Moment, Seen, Times, Trouble};

use crate::systems::twins::{self, Behind};
use store::{Parameters, Said, Store};

/// Where the one script stands.
const SCRIPT: &str = "/api/agent.php";

/// The server: `/api/agent.php`.
pub type Twin = twins::Twin<Centre>;

/// What it remembers.
#[derive(Debug)]
pub struct Centre {
    options: Options,
    store: Store,
    /// What the next request is answered, as an error's text, instead of being done.
    next: Option<String>,
}

impl Twin {
    /// A server with the agent `maria`, the call-centre extension `2001` and the call-centre queue `suporte`.
    #[must_use]
    pub fn new(options: Options) -> Arc<Self> {
        let mut store = Store::default();
        store.agents.insert("maria".to_owned(), Presence::LoggedOut);
        store.extensions.insert("2001".to_owned(), Kind::CallCentre);
        store.queues.insert("suporte".to_owned(), Kind::CallCentre);
        Self::of(Centre { options, store, next: None })
    }

    /// Adds an agent, logged out, or logs out the one with this login.
    pub fn put_agent(&self, login: &str) {
        self.put_presence(login, Presence::LoggedOut);
    }

    /// Somebody else changes an agent's presence, at the phone system's own screens: no request, and so no mutation. An
    /// agent that is not there yet is added.
    pub fn put_presence(&self, login: &str, presence: Presence) {
        self.lock().store.agents.insert(login.to_owned(), presence);
    }

    /// Takes an agent away; how it was.
    pub fn take_agent(&self, login: &str) -> Option<Presence> {
        self.lock().store.agents.remove(login)
    }

    /// Adds or replaces an extension.
    pub fn put_extension(&self, number: &str, kind: Kind) {
        self.lock().store.extensions.insert(number.to_owned(), kind);
    }

    /// Adds or replaces a queue.
    pub fn put_queue(&self, name: &str, kind: Kind) {
        self.lock().store.queues.insert(name.to_owned(), kind);
    }

    /// How an agent is; `None` when there is no such agent.
    #[must_use]
    pub fn presence(&self, login: &str) -> Option<Presence> {
        self.lock().store.agents.get(login).cloned()
    }

    /// Answers the next request with this text as its error, and does nothing: a text the page does not name, or one of
    /// its own.
    pub fn refuses_next(&self, text: &str) {
        self.lock().next = Some(text.to_owned());
    }
}

impl Behind for Centre {
    type Options = Options;
    type Mutation = Mutation;

    fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// What was so already is no change.
    fn mutations(&self) -> &[Mutation] {
        &self.store.mutations
    }

    fn act(&mut self, parts: &Parts, seen: &Seen, unexpected: &mut Vec<String>) -> (StatusCode, String) {
        if parts.uri.path() != SCRIPT || !matches!(seen.method.as_str(), "GET" | "POST") {
            unexpected.push(format!("{} {}", seen.method, parts.uri.path()));
            return twins::not_found();
        }
        if let Some(text) = self.next.take() {
            return self.options.render(&Said::No(text));
        }
        let parameters = parameters(parts, seen);
        if let Some(command) = parameters.unknown_command() {
            unexpected.push(format!("command {command}"));
        }
        self.options.render(&self.store.act(seen.number, &parameters))
    }
}

/// A GET's query or a POST's form. A body that is no form holds no parameters.
fn parameters(parts: &Parts, seen: &Seen) -> Parameters {
    let form = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    match seen.method.as_str() {
        "GET" => Parameters::read(parts.uri.query().unwrap_or_default()),
        _ if form => Parameters::read(&seen.body),
        _ => Parameters::default(),
    }
}
