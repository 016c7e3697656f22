//! Client and twin over real loopback sockets, refereed by the documented examples.

mod clone;
mod deletes;
mod edits;
mod errors;
mod examples;
mod extension_examples;
mod extension_lists;
mod extension_troubles;
mod extensions;
mod properties;
mod settings;
mod sheets;
mod tls;
mod troubles;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::twin::{self, Twin};
use crate::settings::Secrets;
use crate::{Authorized, Clock, Connected, ConnectionName, IntentId, Millis, PasswordForm, Sent};

/// A clock that stands still.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(1_795_309_200_000)
    }
}

/// A connection to `base` with these keys beside it.
fn connect(base: &str, more: &Value) -> Connected {
    let mut table = json!({ "base_url": base, "timeout": "1s", "rate": "1000/s" });
    for (key, value) in more.as_object().unwrap() {
        table[key] = value.clone();
    }
    let secrets = Secrets::from([("TOKEN".to_owned(), secret("t0p-secret-token"))]);
    super::settings::connect(ConnectionName::new("mediatel").unwrap(), &table, &secrets, Arc::new(Still)).unwrap()
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn sent(plain: &SecretString) -> Sent<'_> {
    Sent { plain, form: PasswordForm::Configured }
}

#[expect(clippy::disallowed_methods, reason = "the tests stand in for the desk")]
fn permit() -> Authorized {
    Authorized::by_the_desk(IntentId(1))
}

/// Serves a router on a port of its own; its base URL.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// A twin and a connection to it.
async fn twin(options: twin::Options) -> (Arc<Twin>, Connected) {
    twin_with(options, json!({})).await
}

async fn twin_with(options: twin::Options, more: Value) -> (Arc<Twin>, Connected) {
    let twin = Twin::new(options);
    let base = serve(twin.router()).await;
    (twin, connect(&base, &more))
}

/// A request as a canned server saw it.
#[derive(Debug, Clone)]
struct Asked {
    line: String,
    headers: HeaderMap,
    body: String,
}

/// A server that gives prepared answers, the last one again and again, and keeps what it was asked.
struct Canned {
    base: String,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    async fn answering(answers: Vec<Response<Vec<u8>>>) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        let keep = Arc::clone(&seen);
        let router = Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            keep.lock().unwrap().push(Asked {
                line: format!("{} {}", parts.method, parts.uri),
                headers: parts.headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            });
            let mut answers = answers.lock().unwrap();
            let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            next.unwrap().map(Body::from)
        });
        Self { base: serve(router).await, seen }
    }

    async fn saying(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::answering(vec![Response::builder().status(status).body(body.into()).unwrap()]).await
    }

    fn client(&self) -> Connected {
        connect(&self.base, &json!({}))
    }

    fn seen(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }
}
