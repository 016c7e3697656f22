//! An Erix as somebody else would write it from the wiki page alone: one script that knows four commands, and every
//! dress its answers might come in. What it has on its mind is only what really changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// What the documents call success, or an error.
type Outcome = Result<&'static str, &'static str>;

/// The dress of an answer. The documents say "JSON" and "the values success or error", no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{"success":"Login OK"}`
    Plain,
    /// `{"status":200,"result":{"success":"Login OK"}}`
    Nested,
    /// `[{"success":"Login OK"}]`
    ArrayOfOne,
    /// `{"SUCCESS":"Login OK"}`
    UpperCase,
    /// A byte order mark and blank lines before the JSON, as PHP files that were saved with one send them.
    Bom,
    /// `{"success":true,"message":"Login OK"}`
    Flagged,
    /// `{"error":false,"success":"Login OK"}`
    BothKeys,
    /// `Login OK`
    Text,
    /// JSON that calls itself HTML, as PHP does without being told.
    Html,
    /// `Agent already paused`: the spelling mended, in capitals and with two blanks.
    Corrected,
}

impl Form {
    pub const ALL: [Self; 10] = [
        Self::Plain,
        Self::Nested,
        Self::ArrayOfOne,
        Self::UpperCase,
        Self::Bom,
        Self::Flagged,
        Self::BothKeys,
        Self::Text,
        Self::Html,
        Self::Corrected,
    ];

    /// What an answer comes in: content type and body.
    fn dresses(self, status: StatusCode, outcome: Outcome) -> (&'static str, String) {
        let (key, text) = match outcome {
            Ok(text) => ("success", text.to_owned()),
            Err(text) => ("error", text.to_owned()),
        };
        let said = |key: &str, text: &str| {
            let mut object = serde_json::Map::new();
            object.insert(key.to_owned(), json!(text));
            Value::Object(object)
        };
        let json = "application/json";
        match self {
            Self::Plain => (json, said(key, &text).to_string()),
            Self::Nested => (json, json!({ "status": status.as_u16(), "result": said(key, &text) }).to_string()),
            Self::ArrayOfOne => (json, json!([said(key, &text)]).to_string()),
            Self::UpperCase => (json, said(&key.to_uppercase(), &text).to_string()),
            Self::Bom => (json, format!("\u{feff}\r\n\r\n{}\n", said(key, &text))),
            Self::Flagged => (json, json!({ "success": outcome.is_ok(), "message": text }).to_string()),
            Self::BothKeys => match outcome {
                Ok(text) => (json, json!({ "error": false, "success": text }).to_string()),
                Err(text) => (json, json!({ "error": text, "success": false }).to_string()),
            },
            Self::Text => ("text/plain; charset=iso-8859-1", format!("{text}\n")),
            Self::Html => ("text/html; charset=UTF-8", said(key, &text).to_string()),
            Self::Corrected => (json, said(key, &text.replace("alredy ", "ALREADY  ")).to_string()),
        }
    }
}

/// What stands between the bot and one answer.
#[derive(Clone, Copy, Debug)]
pub enum Oddity {
    /// Nothing is done, and a text is said as an error that stands in no document.
    Says(&'static str),
    /// Nothing is done, and the error is a novel.
    SaysMuch,
    /// It is done, and a proxy answers with a page of its own.
    DoneThenPage,
    /// It is not done, and the answer is well-formed but says neither.
    SaysNeither,
    /// Only the address is read, as the examples of the page do it.
    ReadsOnlyTheAddress,
}

/// Something that really changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    LoggedIn { agent: String, exten: String, queue: String },
    LoggedOff { agent: String },
    Paused { agent: String, reason: Option<String> },
    Unpaused { agent: String },
}

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub content_type: String,
    pub authorization: Option<String>,
    /// Path and query.
    pub target: String,
    pub parameters: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Out,
    Available,
    Paused,
}

struct Inner {
    form: Form,
    oddity: Option<Oddity>,
    agents: BTreeMap<String, Presence>,
    changes: Vec<Change>,
    asked: Vec<Asked>,
}

/// The server.
pub struct Erix {
    url: String,
    inner: Arc<Mutex<Inner>>,
}

/// Queues, and whether each is a Call Center queue.
const QUEUES: [(&str, bool); 3] = [("suporte", true), ("vendas & pós-venda", true), ("recepção", false)];
/// Extensions, and whether each is a Call Center extension.
const EXTENS: [(&str, bool); 3] = [("2001", true), ("0042", true), ("3001", false)];

impl Erix {
    /// Starts with nobody logged in.
    pub async fn starts(form: Form) -> Self {
        let agents = ["maria", "joão.silva", "ana"].map(|login| (login.to_owned(), Presence::Out)).into();
        let inner = Inner { form, oddity: None, agents, changes: Vec::new(), asked: Vec::new() };
        let inner = Arc::new(Mutex::new(inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/api/agent.php", listener.local_addr().expect("an address"));
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
    let body = axum::body::to_bytes(body, 1 << 16).await.unwrap_or_default();
    let content_type = header(CONTENT_TYPE).unwrap_or_default();
    // As `$_GET` and `$_POST` are filled; anything else is no form.
    let mut inner = inner.lock().unwrap();
    let oddity = inner.oddity.take();
    let form: &[u8] = match head.method {
        Method::POST if matches!(oddity, Some(Oddity::ReadsOnlyTheAddress)) => b"",
        Method::GET => head.uri.query().unwrap_or_default().as_bytes(),
        Method::POST if content_type.starts_with("application/x-www-form-urlencoded") => &body,
        _ => b"",
    };
    let parameters: BTreeMap<String, String> = url::form_urlencoded::parse(form).into_owned().collect();
    inner.asked.push(Asked {
        method: head.method.to_string(),
        content_type,
        authorization: header(AUTHORIZATION),
        target: head.uri.to_string(),
        parameters: parameters.clone(),
    });
    if head.uri.path() != "/api/agent.php" {
        return (StatusCode::NOT_FOUND, "File not found.").into_response();
    }
    let (status, outcome) = match oddity {
        Some(Oddity::Says(text)) => (StatusCode::OK, Err(text)),
        Some(Oddity::SaysMuch) => {
            let novel = json!({ "error": "Era uma vez ".repeat(2_000) });
            return novel.to_string().into_response();
        }
        Some(Oddity::SaysNeither) => return json!({ "status": 200, "result": {} }).to_string().into_response(),
        Some(Oddity::DoneThenPage) => {
            let _ = command(&mut inner, &parameters);
            let page = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";
            return (StatusCode::BAD_GATEWAY, [(CONTENT_TYPE, "text/html")], page).into_response();
        }
        None | Some(Oddity::ReadsOnlyTheAddress) => match command(&mut inner, &parameters) {
            Err(Refusal::NotSent(text)) => (StatusCode::BAD_REQUEST, Err(text)),
            Err(Refusal::Impossible(text)) => (StatusCode::OK, Err(text)),
            Ok(text) => (StatusCode::OK, Ok(text)),
        },
    };
    let (content_type, body) = inner.form.dresses(status, outcome);
    (status, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// Why nothing was done.
enum Refusal {
    /// What is needed was not sent: the only case that is not HTTP 200.
    NotSent(&'static str),
    Impossible(&'static str),
}

fn command(inner: &mut Inner, sent: &BTreeMap<String, String>) -> Result<&'static str, Refusal> {
    use Refusal::{Impossible, NotSent};
    if sent.is_empty() {
        return Err(NotSent("Argument list invalid"));
    }
    let given = |name: &str| sent.get(name).filter(|value| !value.is_empty()).cloned();
    let command = given("command").ok_or(NotSent("Command not specified"))?;
    let agent = given("agent").ok_or(NotSent("Agent not specified"))?;
    let presence = *inner.agents.get(&agent).ok_or(Impossible("Agent not exists"))?;
    let logged = if presence == Presence::Out { Err(Impossible("Agent not logged")) } else { Ok(()) };
    let (next, change, said) = match command.as_str() {
        "login" => {
            let exten = given("exten").ok_or(NotSent("Argument list invalid"))?;
            let queue = given("queue").ok_or(NotSent("Argument list invalid"))?;
            let known = |list: &[(&str, bool)], name: &str| list.iter().find(|it| it.0 == name).map(|it| it.1);
            match known(&QUEUES, &queue) {
                Some(true) => {}
                Some(false) => return Err(Impossible("Queue Call Center false")),
                None => return Err(Impossible("Queue not exists")),
            }
            match known(&EXTENS, &exten) {
                Some(true) => {}
                Some(false) => return Err(Impossible("Exten Call Center false")),
                None => return Err(Impossible("Exten not exists")),
            }
            (Presence::Available, Change::LoggedIn { agent: agent.clone(), exten, queue }, "Login OK")
        }
        "logoff" => {
            logged?;
            (Presence::Out, Change::LoggedOff { agent: agent.clone() }, "Logoff OK")
        }
        "pause" => {
            logged?;
            if presence == Presence::Paused {
                return Err(Impossible("Agent alredy paused"));
            }
            (Presence::Paused, Change::Paused { agent: agent.clone(), reason: given("reason") }, "Pause OK")
        }
        "unpause" => {
            logged?;
            if presence == Presence::Available {
                return Err(Impossible("Agent alredy available"));
            }
            (Presence::Available, Change::Unpaused { agent: agent.clone() }, "Unpause OK")
        }
        _ => return Err(NotSent("Argument list invalid")),
    };
    inner.agents.insert(agent, next);
    inner.changes.push(change);
    Ok(said)
}
