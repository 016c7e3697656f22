//! What the systems' own tests share: a clock that stands still, canned servers, and a log that is read afterwards.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ROSTER, System};
use crate::settings::Secrets;
use crate::{Authorized, Clock, Connected, ConnectionName, IntentId, Millis};

/// A clock that stands still.
#[derive(Debug)]
pub(super) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(1_795_309_200_000)
    }
}

/// A secret that no test writes for another reason.
pub(super) const SECRET: &str = "t0p-secret/C0de+7";

/// What this system makes of a table. `env:CODE` is [`SECRET`].
pub(super) fn connect(system: System, table: &Value) -> Result<Connected, Vec<String>> {
    let secrets = Secrets::from([("CODE".to_owned(), SecretString::from(SECRET.to_owned()))]);
    let connect = system.connect.expect("the system is built");
    connect(ConnectionName::new("desk").unwrap(), table, &secrets, Arc::new(Still))
}

#[expect(clippy::disallowed_methods, reason = "the tests stand in for the desk")]
pub(super) fn permit() -> Authorized {
    Authorized::by_the_desk(IntentId(1))
}

/// Serves a router on a port of its own; its origin.
pub(super) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

/// A request as a canned server saw it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A server that gives prepared answers, the last one again and again, and keeps what it was asked.
pub(super) struct Canned {
    pub(super) origin: String,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    pub(super) async fn answering(answers: Vec<Response<Vec<u8>>>) -> Self {
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
        Self { origin: serve(router).await, seen }
    }

    pub(super) async fn saying(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::answering(vec![Response::builder().status(status).body(body.into()).unwrap()]).await
    }

    pub(super) fn seen(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }
}

/// Everything that is logged on this thread from here on, at trace.
///
/// One subscriber serves all threads: where each test brings its own, a line is lost whenever another thread meets the
/// same place for the first time.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

thread_local! {
    static MINE: RefCell<Option<Log>> = const { RefCell::new(None) };
}

impl Log {
    pub(super) fn start() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(|| MINE.with_borrow(Clone::clone).unwrap_or_default())
                .init();
        });
        let log = Self::default();
        MINE.set(Some(log.clone()));
        log
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every kind in the roster has a name and keys of its own, and what is built says what is missing instead of making a
/// connection out of nothing.
#[test]
fn the_roster_is_sound() {
    for (at, system) in ROSTER.iter().enumerate() {
        assert!(ROSTER.iter().skip(at + 1).all(|other| other.kind != system.kind), "{}", system.kind);
        assert!(system.settings.iter().any(|setting| setting.key == "base_url"), "{}", system.kind);
        if system.connect.is_some() {
            let problems = connect(*system, &json!({})).unwrap_err();
            assert!(problems.iter().any(|problem| problem.contains("base_url")), "{}: {problems:?}", system.kind);
        }
    }
    let built: Vec<&str> = ROSTER.iter().filter(|system| system.connect.is_some()).map(|system| system.kind).collect();
    for kind in ["mediatel", "erix", "voicenter"] {
        assert!(built.contains(&kind), "{kind} is not built: {built:?}");
    }
}
