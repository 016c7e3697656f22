//! A Voicenter as somebody else would write it from the Hebrew page alone: one address that sets a status, and every
//! dress its answers might come in. What it has on its mind is only what really changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

/// The organisation's code.
pub const CODE: &str = "Vc-stranger-5fK2pQ9sWz";

/// The dress of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{"Status":1,"StatusError":1,"StatusErroMessage":"OK"}`
    Plain,
    /// `{"Status":"1","StatusError":"1","StatusErroMessage":"OK"}`
    NumbersAsTexts,
    /// `StatusErrorMessage`, spelled right.
    SpelledRight,
    /// Without `StatusError`.
    WithoutStatusError,
    /// `{"d":{"Status":1,…}}`
    Nested,
    /// A byte order mark before the JSON.
    Bom,
    /// JSON that calls itself HTML.
    Html,
    /// Members in another order, and others beside them.
    MoreMembers,
    /// What it refuses is HTTP 400 as well.
    BadRequests,
}

impl Form {
    pub const ALL: [Self; 9] = [
        Self::Plain,
        Self::NumbersAsTexts,
        Self::SpelledRight,
        Self::WithoutStatusError,
        Self::Nested,
        Self::Bom,
        Self::Html,
        Self::MoreMembers,
        Self::BadRequests,
    ];

    fn dresses(self, said: Said) -> (&'static str, String) {
        let Said { status, error, message } = said;
        let plain = json!({ "Status": status, "StatusError": error, "StatusErroMessage": message });
        let json = "application/json; charset=utf-8";
        match self {
            Self::Plain | Self::BadRequests => (json, plain.to_string()),
            Self::NumbersAsTexts => {
                let texts = json!({
                    "Status": status.to_string(), "StatusError": error.to_string(), "StatusErroMessage": message,
                });
                (json, texts.to_string())
            }
            Self::SpelledRight => {
                (json, json!({ "Status": status, "StatusError": error, "StatusErrorMessage": message }).to_string())
            }
            Self::WithoutStatusError => (json, json!({ "Status": status, "StatusErroMessage": message }).to_string()),
            Self::Nested => (json, json!({ "d": plain }).to_string()),
            Self::Bom => (json, format!("\u{feff}{plain}")),
            Self::Html => ("text/html", plain.to_string()),
            Self::MoreMembers => {
                let more = json!({
                    "__type": "SetStatusResult", "StatusErroMessage": message, "Server": { "Status": 7 },
                    "StatusError": error, "Took": 0.25, "Status": status,
                });
                (json, more.to_string())
            }
        }
    }
}

/// What stands between the bot and one answer; nothing is done.
#[derive(Clone, Copy, Debug)]
pub enum Oddity {
    /// The caller's address is not on the list: HTTP 403 and a page, before anything is read.
    AddressNotAllowed,
    /// The numbers of a failure, with a text that stands in no document.
    Says(&'static str),
    /// "Ask there": a redirect to somebody who wants the same parameters.
    SendsAway,
    /// `Status` 1 and `StatusError` 4, with a message of success.
    Disagrees,
    /// `Error on update`.
    Fault,
    /// It is done, and a proxy answers with a page of its own.
    DoneThenPage,
}

#[derive(Clone, Copy)]
struct Said {
    status: u8,
    error: u8,
    message: &'static str,
}

/// Something that really changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub user: String,
    pub extension: String,
    pub status: i64,
}

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub content_type: String,
    /// Path and query.
    pub target: String,
    pub parameters: BTreeMap<String, Value>,
}

struct Inner {
    form: Form,
    oddity: Option<Oddity>,
    /// Who is connected to which extension.
    connected: BTreeMap<String, Option<String>>,
    changes: Vec<Change>,
    asked: Vec<Asked>,
}

/// The server.
pub struct Voicenter {
    url: String,
    inner: Arc<Mutex<Inner>>,
}

/// Users that have an account.
const USERS: [&str; 3] = ["123456789", "0042", "777"];
/// The statuses that this account defines: 12 is not among them, 21 is its own.
const STATUSES: [i64; 9] = [1, 2, 3, 5, 7, 9, 11, 13, 21];

impl Voicenter {
    /// Starts with somebody else connected to `sip-taken`, and nobody to the others.
    pub async fn starts(form: Form) -> Self {
        let connected = [("sipsip", None), ("Sip.2", None), ("sip-taken", Some("777".to_owned()))];
        let connected = connected.map(|(name, user)| (name.to_owned(), user)).into();
        let inner = Inner { form, oddity: None, connected, changes: Vec::new(), asked: Vec::new() };
        let inner = Arc::new(Mutex::new(inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/UserLogin/SetStatusFromAPI", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn next_is(&self, oddity: Oddity) {
        self.inner.lock().unwrap().oddity = Some(oddity);
    }

    /// What changed since this was asked last.
    pub fn changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.inner.lock().unwrap().changes)
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.inner.lock().unwrap().asked.clone()
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let header = |name| head.headers.get(name).and_then(|it| it.to_str().ok()).map(ToOwned::to_owned);
    let (content_type, host) = (header(CONTENT_TYPE).unwrap_or_default(), header(HOST));
    let body = axum::body::to_bytes(body, 1 << 16).await.unwrap_or_default();
    let sent = match head.method {
        Method::GET => {
            let pairs = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
            Some(pairs.into_owned().map(|(name, value)| (name, Value::String(value))).collect())
        }
        Method::POST if content_type.starts_with("application/json") => serde_json::from_slice(&body).ok(),
        _ => None,
    };
    let sent: Option<Map<String, Value>> = sent;
    let mut inner = inner.lock().unwrap();
    // Names in whatever case: older clients of this address send them small.
    let parameters: Option<BTreeMap<String, Value>> =
        sent.map(|sent| sent.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect());
    inner.asked.push(Asked {
        method: head.method.to_string(),
        content_type,
        target: head.uri.to_string(),
        parameters: parameters.clone().unwrap_or_default(),
    });
    if head.uri.path() != "/UserLogin/SetStatusFromAPI" {
        return (StatusCode::NOT_FOUND, "<html><body>404</body></html>").into_response();
    }
    let page = |status: StatusCode| {
        let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
        (status, [(CONTENT_TYPE, "text/html; charset=us-ascii")], body).into_response()
    };
    let said = match inner.oddity.take() {
        Some(Oddity::AddressNotAllowed) => return page(StatusCode::FORBIDDEN),
        Some(Oddity::SendsAway) => {
            let there = format!("http://{}/elsewhere", host.unwrap_or_default());
            return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, there)], "").into_response();
        }
        Some(Oddity::DoneThenPage) => {
            let _ = set(&mut inner, parameters.as_ref());
            return page(StatusCode::BAD_GATEWAY);
        }
        Some(Oddity::Says(message)) => Said { status: 9, error: 9, message },
        Some(Oddity::Disagrees) => Said { status: 1, error: 4, message: "OK" },
        Some(Oddity::Fault) => Said { status: 4, error: 4, message: "Error on update" },
        None => set(&mut inner, parameters.as_ref()),
    };
    // Two numbers that disagree cannot do so where one is left out.
    let form = if said.status == 1 && said.error != 1 { Form::Plain } else { inner.form };
    let (content_type, body) = form.dresses(said);
    let failed = inner.form == Form::BadRequests && said.message != "OK";
    let status = if failed { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    (status, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// Sets a status, if all that it takes was sent and is right.
fn set(inner: &mut Inner, sent: Option<&BTreeMap<String, Value>>) -> Said {
    let refused = |status, error, message| Said { status, error, message };
    let Some(sent) = sent else { return refused(2, 0, "Authorization Failed") };
    // Identifiers are strings, the page says; a GET has no other.
    let text = |name: &str| sent.get(name).and_then(Value::as_str).filter(|it| !it.is_empty()).map(ToOwned::to_owned);
    let (Some(code), Some(user)) = (text("code"), text("userid")) else {
        return refused(2, 6, "Authorization Failed");
    };
    if code != CODE || !USERS.contains(&user.as_str()) {
        return refused(2, 1, "Authorization Failed");
    }
    let Some(extension) = text("extensionuser") else { return refused(3, 6, "No extension found") };
    let Some(on_it) = inner.connected.get(&extension).cloned() else { return refused(3, 3, "No extension found") };
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let Some(status) = sent.get("status").and_then(number).filter(|status| STATUSES.contains(status)) else {
        return refused(4, 0, "Status not support");
    };
    if status == 1 && on_it.is_some_and(|other| other != user) {
        // The page gives no numbers for this one.
        return refused(3, 1, "Extension is already in use");
    }
    let now = (status != 2).then(|| user.clone());
    inner.connected.insert(extension.clone(), now);
    inner.changes.push(Change { user, extension, status });
    Said { status: 1, error: 1, message: "OK" }
}
