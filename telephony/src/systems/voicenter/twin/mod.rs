//! Voicenter's twin: a small server that answers as the page says, with faults on a switch.
//!
//! Users, extensions and who sits where ([`store`]), behind one address. It shares nothing with the client: the
//! documented examples and tables referee both. What the page leaves open is an [`Options`] switch.

mod options;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::net::TcpListener;

pub use options::{ErrorNumber, Numbers, Opening, Options, Shape, Spelling};
pub use store::{Mutation, User};

pub use crate::systems::twins::{Fault, Hook, Moment, Seen, Times, Trouble};

use crate::systems::twins::Front;
use store::{Parameters, Said, Store};

/// Where the one request goes.
const ADDRESS: &str = "/UserLogin/SetStatusFromAPI";

/// The statuses that every account has, and the documented breaks.
const STATUSES: [i64; 9] = [1, 2, 3, 5, 7, 9, 11, 12, 13];

/// The server.
pub struct Twin {
    front: Front,
    state: Mutex<Inner>,
}

struct Inner {
    options: Options,
    store: Store,
    /// What the next request is answered instead of being done.
    next: Option<Said>,
    unexpected: Vec<String>,
}

impl std::fmt::Debug for Twin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin").field("users", &self.lock().store.users.len()).finish_non_exhaustive()
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
        let state = Mutex::new(Inner { options, store, next: None, unexpected: Vec::new() });
        Arc::new(Self { front: Front::default(), state })
    }

    /// Its routes: `/UserLogin/SetStatusFromAPI`.
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

    /// Every request so far; bodies and queries hold the code.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.front.seen()
    }

    /// Every status that requests set so far, in order, also where it was so already.
    #[must_use]
    pub fn mutations(&self) -> Vec<Mutation> {
        self.lock().store.mutations.clone()
    }

    /// Requests for what the page does not have, as `POST /other`.
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
        if parts.uri.path() != ADDRESS || !matches!(seen.method.as_str(), "GET" | "POST") {
            inner.unexpected.push(format!("{} {}", seen.method, parts.uri.path()));
            return (StatusCode::NOT_FOUND, "<html><body>Not Found</body></html>".to_owned());
        }
        if let Some(said) = inner.next.take() {
            return (StatusCode::OK, inner.options.render(&said));
        }
        let said = match seen.method.as_str() {
            "GET" => Some(Parameters::of_query(parts.uri.query().unwrap_or_default())),
            _ => Parameters::of_json(&seen.body),
        };
        let said = match said {
            Some(parameters) => inner.store.act(seen.number, &parameters),
            None => store::wrong_format(),
        };
        (StatusCode::OK, inner.options.render(&said))
    }
}

/// One request from arrival to answer.
async fn answer(State(twin): State<Arc<Twin>>, request: Request) -> Response {
    twin.front.answer(request, |parts, seen| twin.act(parts, seen)).await
}
