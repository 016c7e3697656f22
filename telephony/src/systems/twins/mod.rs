//! What the phone systems' twins have in common: requests as they arrived, faults on a switch, hooks.
//!
//! What a twin answers and remembers lives in its own system's folder.

mod faults;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{StatusCode, request};
use axum::response::Response;
use futures_util::future::BoxFuture;
use tokio::net::TcpListener;

pub use faults::{Fault, Moment, Times, Trouble};
pub(super) use faults::{strike, trouble};

/// The most bytes a request may have.
const CAP: usize = 4 * 1024 * 1024;

/// A request as it arrived.
#[derive(Clone)]
pub struct Seen {
    /// Its running number, from 1.
    pub number: u64,
    /// Its method.
    pub method: String,
    /// Its path, as `/v1/agents/7`, with the query where there was one; a query may hold a secret.
    pub path: String,
    /// Its body; may hold a password.
    pub body: String,
}

impl std::fmt::Debug for Seen {
    /// Without the query and the body, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        write!(f, "#{} {} {path}", self.number, self.method)
    }
}

/// Awaited when a request arrives and again when it was done but not yet answered.
pub type Hook = Arc<dyn Fn(Moment, &Seen) -> BoxFuture<'static, ()> + Send + Sync>;

/// What a twin of few addresses has behind its [`Twin`]: what it remembers, and how it answers.
pub trait Behind: Send + 'static {
    /// What the documents leave open about its answers, each a switch.
    type Options;
    /// A change that a request made.
    type Mutation: Clone;

    /// Answers in another form from now on.
    fn set_options(&mut self, options: Self::Options);

    /// Everything that requests changed so far, in order.
    fn mutations(&self) -> &[Self::Mutation];

    /// Does what a request asks, and tells status and body. What it asks that the documents do not have goes into
    /// `unexpected`, as `POST /other`.
    fn act(&mut self, parts: &request::Parts, seen: &Seen, unexpected: &mut Vec<String>) -> (StatusCode, String);
}

/// A small server that answers as a phone system's documents say: it keeps every request, strikes with faults and awaits
/// the hook.
pub struct Twin<B> {
    front: Mutex<Front>,
    behind: Mutex<B>,
}

#[derive(Default)]
struct Front {
    faults: Vec<Fault>,
    hook: Option<Hook>,
    seen: Vec<Seen>,
    unexpected: Vec<String>,
}

impl<B> std::fmt::Debug for Twin<B> {
    /// Without what it remembers, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin").field("seen", &self.front().seen.len()).finish_non_exhaustive()
    }
}

impl<B> Twin<B> {
    /// A server with this behind it.
    pub(super) fn of(behind: B) -> Arc<Self> {
        Arc::new(Self { front: Mutex::default(), behind: Mutex::new(behind) })
    }

    /// Adds a fault. The first one that fits a request strikes.
    pub fn fault(&self, fault: Fault) {
        self.front().faults.push(fault);
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        self.front().faults.clear();
    }

    /// Sets what is awaited at each request; replaces an earlier one.
    pub fn on_request(&self, hook: Hook) {
        self.front().hook = Some(hook);
    }

    /// Every request so far; they may hold secrets.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.front().seen.clone()
    }

    /// Requests for what the documents do not have, as `POST /other`.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.front().unexpected.clone()
    }

    /// What it remembers.
    pub(super) fn lock(&self) -> MutexGuard<'_, B> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a request and gives it its number.
    fn note(&self, parts: &request::Parts, body: String) -> (Seen, Option<Hook>) {
        let mut front = self.front();
        let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let number = front.seen.len() as u64 + 1;
        let seen = Seen { number, method: parts.method.to_string(), path, body };
        front.seen.push(seen.clone());
        (seen, front.hook.clone())
    }

    fn strike(&self, moment: Moment, seen: &Seen) -> Option<Trouble> {
        strike(&mut self.front().faults, moment, seen)
    }
}

impl<B: Behind> Twin<B> {
    /// Its routes.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(Self::answer).with_state(Arc::clone(self))
    }

    /// Serves until the task is dropped.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }

    /// Answers in another form from now on.
    pub fn set_options(&self, options: B::Options) {
        self.lock().set_options(options);
    }

    /// Everything that requests changed so far, in order.
    #[must_use]
    pub fn mutations(&self) -> Vec<B::Mutation> {
        self.lock().mutations().to_vec()
    }

    /// One request from arrival to answer.
    async fn answer(State(twin): State<Arc<Self>>, request: Request) -> Response {
        let (parts, sent) = request.into_parts();
        let sent = body(sent).await;
        let (seen, hook) = twin.note(&parts, sent);
        if let Some(hook) = &hook {
            hook(Moment::Before, &seen).await;
        }
        let struck = twin.strike(Moment::Before, &seen);
        if let Some(before) = struck
            && let Some(answer) = trouble(&before, String::new).await
        {
            return answer;
        }
        let late = twin.strike(Moment::After, &seen);
        let mut unexpected = Vec::new();
        let (status, text) = twin.lock().act(&parts, &seen, &mut unexpected);
        twin.front().unexpected.append(&mut unexpected);
        if let Some(hook) = &hook {
            hook(Moment::After, &seen).await;
        }
        if let Some(late) = late
            && let Some(answer) = trouble(&late, || text.clone()).await
        {
            return answer;
        }
        json(status, Body::from(text))
    }
}

/// What a server answers whose script is somewhere else.
pub(super) fn not_found() -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, "<html><body>Not Found</body></html>".to_owned())
}

/// A request's body as text.
pub(super) async fn body(body: Body) -> String {
    to_bytes(body, CAP).await.map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()
}

/// A JSON response.
pub(super) fn json(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
