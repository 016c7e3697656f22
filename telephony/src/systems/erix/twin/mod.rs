//! Erix's twin: a small server that answers as the page says, with faults on a switch.
//!
//! Agents, extensions and queues, and who is logged in or paused ([`store`]), behind one script. It shares nothing with
//! the client: the documented tables referee both. What the page leaves open is an [`Options`] switch.

mod options;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::net::TcpListener;

pub use options::{Keys, Numbers, Opening, Options, Shape, Spelling, Statuses};
pub use store::{Kind, Mutation, Presence, What};

pub use crate::systems::twins::{Fault, Hook, Moment, Seen, Times, Trouble};

use crate::systems::twins::Front;
use store::{Parameters, Said, Store};

/// Where the one script stands.
const SCRIPT: &str = "/api/agent.php";

/// The server.
pub struct Twin {
    front: Front,
    state: Mutex<Inner>,
}

struct Inner {
    options: Options,
    store: Store,
    /// What the next request is answered, as an error's text, instead of being done.
    next: Option<String>,
    unexpected: Vec<String>,
}

impl std::fmt::Debug for Twin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin").field("agents", &self.lock().store.agents.len()).finish_non_exhaustive()
    }
}

impl Twin {
    /// A server with the agent `maria`, the call-centre extension `2001` and the call-centre queue `suporte`.
    #[must_use]
    pub fn new(options: Options) -> Arc<Self> {
        let mut store = Store::default();
        store.agents.insert("maria".to_owned(), Presence::LoggedOut);
        store.extensions.insert("2001".to_owned(), Kind::CallCentre);
        store.queues.insert("suporte".to_owned(), Kind::CallCentre);
        let state = Mutex::new(Inner { options, store, next: None, unexpected: Vec::new() });
        Arc::new(Self { front: Front::default(), state })
    }

    /// Its routes: `/api/agent.php`.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(answer).with_state(Arc::clone(self))
    }

    /// Serves until the task is dropped.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }

    /// Answers in another form from now on.
    pub fn set_options(&self, options: Options) {
        self.lock().options = options;
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

    /// Adds a fault. The first one that fits a request strikes.
    pub fn fault(&self, fault: Fault) {
        self.front.fault(fault);
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        self.front.mend();
    }

    /// Sets what is awaited at each request; replaces an earlier one.
    pub fn on_request(&self, hook: Hook) {
        self.front.on_request(hook);
    }

    /// Every request so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.front.seen()
    }

    /// Everything that requests changed so far, in order. What was so already is no change.
    #[must_use]
    pub fn mutations(&self) -> Vec<Mutation> {
        self.lock().store.mutations.clone()
    }

    /// Requests for what the page does not have, as `POST /api/other.php` or `command fly`.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.lock().unexpected.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is asked.
    fn act(&self, parts: &Parts, seen: &Seen) -> (StatusCode, String) {
        let mut inner = self.lock();
        if parts.uri.path() != SCRIPT || !matches!(seen.method.as_str(), "GET" | "POST") {
            inner.unexpected.push(format!("{} {}", seen.method, parts.uri.path()));
            return (StatusCode::NOT_FOUND, "<html><body>Not Found</body></html>".to_owned());
        }
        if let Some(text) = inner.next.take() {
            return inner.options.render(&Said::No(text));
        }
        let parameters = parameters(parts, seen);
        if let Some(command) = parameters.unknown_command() {
            inner.unexpected.push(format!("command {command}"));
        }
        let said = inner.store.act(seen.number, &parameters);
        inner.options.render(&said)
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

/// One request from arrival to answer.
async fn answer(State(twin): State<Arc<Twin>>, request: Request) -> Response {
    twin.front.answer(request, |parts, seen| twin.act(parts, seen)).await
}
