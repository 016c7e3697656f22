//! What the phone systems' twins have in common: requests as they arrived, faults on a switch, hooks.
//!
//! What a twin answers and remembers lives in its own system's folder.

mod faults;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{StatusCode, request};
use axum::response::Response;
use futures_util::future::BoxFuture;

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

/// What stands before a twin: it keeps every request, strikes with faults and awaits the hook.
#[derive(Default)]
pub(super) struct Front(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    faults: Vec<Fault>,
    hook: Option<Hook>,
    seen: Vec<Seen>,
}

impl Front {
    /// Adds a fault.
    pub(super) fn fault(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Takes all faults away.
    pub(super) fn mend(&self) {
        self.lock().faults.clear();
    }

    /// Sets the hook.
    pub(super) fn on_request(&self, hook: Hook) {
        self.lock().hook = Some(hook);
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// One request from arrival to answer; `act` does what is asked and tells status and body.
    pub(super) async fn answer(
        &self,
        request: Request,
        act: impl FnOnce(&request::Parts, &Seen) -> (StatusCode, String),
    ) -> Response {
        let (parts, sent) = request.into_parts();
        let sent = body(sent).await;
        let (seen, hook) = self.note(&parts, sent);
        if let Some(hook) = &hook {
            hook(Moment::Before, &seen).await;
        }
        let struck = self.strike(Moment::Before, &seen);
        if let Some(before) = struck
            && let Some(answer) = trouble(&before, String::new).await
        {
            return answer;
        }
        let late = self.strike(Moment::After, &seen);
        let (status, text) = act(&parts, &seen);
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

    /// Keeps a request and gives it its number.
    fn note(&self, parts: &request::Parts, body: String) -> (Seen, Option<Hook>) {
        let mut inner = self.lock();
        let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let number = inner.seen.len() as u64 + 1;
        let seen = Seen { number, method: parts.method.to_string(), path, body };
        inner.seen.push(seen.clone());
        (seen, inner.hook.clone())
    }

    fn strike(&self, moment: Moment, seen: &Seen) -> Option<Trouble> {
        strike(&mut self.lock().faults, moment, seen)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
