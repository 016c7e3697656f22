//! A Mediatel as somebody else would write it: numbers as texts, refusals as HTTP 200, no `result` on errors, plain
//! text as content type. Its extensions have a file of their own.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::extensions::{Batch, Change, Extensions, Shows, Single, Unnamed};

struct Inner {
    agents: Vec<Value>,
    extensions: Extensions,
    refuses: bool,
}

/// The server.
pub struct Mediatel {
    url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Mediatel {
    pub async fn starts() -> Self {
        let person = |id: &str, login: &str, password: &str| {
            json!({
                "Login": login, "ID": id, "State": "1", "Password": password, "Details": "Basil <b@example.com>",
                "RightID": "0", "SupervisorRightID": "0", "SupervisorID": "-1", "DefaultSkill": "7", "Domain": "1",
                "PersNumbers": [], "Wallpaper": { "Colour": "blue", "Tiles": [1.50, null] },
                "ClientApp": { "ShowTreeCC": "1", "AutoAnswer": { "Time": "2200" } },
            })
        };
        let agents = vec![person("1", "root", "c4ca4238a0b92382"), person("7", "basil.basilenko", "c81e728d9d4c2f63")];
        let inner = Arc::new(Mutex::new(Inner { agents, extensions: Extensions::new(), refuses: false }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn refuses_next(&self) {
        self.inner.lock().unwrap().refuses = true;
    }

    pub fn count(&self) -> usize {
        self.inner.lock().unwrap().agents.len()
    }

    pub fn agent(&self, login: &str) -> Option<Value> {
        self.inner.lock().unwrap().agents.iter().find(|agent| agent["Login"] == login).cloned()
    }

    pub fn batches_end(&self, batch: Batch) {
        self.inner.lock().unwrap().extensions.batch = batch;
    }

    pub fn shows_after_batch(&self, shows: Shows) {
        self.inner.lock().unwrap().extensions.after_batch = shows;
    }

    /// From now on its list holds this, too, which is no extension.
    pub fn lists_too(&self, oddity: Value) {
        self.inner.lock().unwrap().extensions.oddities.push(oddity);
    }

    pub fn singles_end(&self, single: Single) {
        self.inner.lock().unwrap().extensions.single = single;
    }

    pub fn unnamed_members(&self, unnamed: Unnamed) {
        self.inner.lock().unwrap().extensions.unnamed = unnamed;
    }

    /// What changed among the extensions since this was asked last.
    pub fn changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.inner.lock().unwrap().extensions.changes)
    }

    /// The bodies of the batches that came since this was asked last.
    pub fn batches(&self) -> Vec<Value> {
        std::mem::take(&mut self.inner.lock().unwrap().extensions.batches)
    }

    pub fn extension(&self, id: i64) -> Option<Value> {
        self.inner.lock().unwrap().extensions.by_id(id)
    }

    pub fn extension_by_name(&self, name: &str) -> Option<Value> {
        self.inner.lock().unwrap().extensions.by_name(name)
    }

    /// Somebody else changes an extension, at the phone system itself.
    pub fn somebody_changes(&self, id: i64, members: &Value) {
        let mut inner = self.inner.lock().unwrap();
        let answer = inner.extensions.act("PUT", &format!("/{id}"), members);
        assert_eq!(answer["error"]["code"], "200", "an extension that is there");
        inner.extensions.changes.clear();
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut inner = inner.lock().unwrap();
    let text = match path.strip_prefix("/v1/extensions") {
        Some(rest) => inner.extensions.act(&method, rest, &sent),
        None => act(&mut inner, &method, path.trim_start_matches("/v1/agents"), &sent),
    };
    ([(CONTENT_TYPE, "text/plain")], text.to_string()).into_response()
}

fn act(inner: &mut Inner, method: &str, rest: &str, sent: &Value) -> Value {
    let fine = |result: Vec<Value>| json!({ "result": result, "error": { "code": "200" } });
    let nobody = json!({ "error": { "code": "404" } });
    let id = match rest.trim_start_matches('/') {
        "self" => "1",
        id => id,
    };
    let at = inner.agents.iter().position(|agent| agent["ID"] == id);
    match (method, id, at) {
        ("GET", "", _) => fine(inner.agents.clone()),
        ("GET", _, Some(at)) => fine(vec![inner.agents[at].clone()]),
        ("POST", "", _) => {
            let taken = inner.agents.iter().any(|agent| agent["Login"] == sent["Login"]);
            if taken || std::mem::take(&mut inner.refuses) {
                return json!({ "error": { "code": 409, "details": [{ "detail": 102, "entity": 1 }] } });
            }
            let mut agent = sent.clone();
            agent["ID"] = json!((inner.agents.len() + 10).to_string());
            inner.agents.push(agent.clone());
            fine(vec![agent])
        }
        ("PUT", _, Some(at)) => {
            for (name, value) in sent.as_object().into_iter().flatten() {
                inner.agents[at][name] = value.clone();
            }
            fine(vec![inner.agents[at].clone()])
        }
        ("DELETE", _, Some(at)) if inner.agents[at]["State"] == json!(0) || inner.agents[at]["State"] == "0" => {
            inner.agents.remove(at);
            fine(Vec::new())
        }
        ("DELETE", _, Some(_)) => json!({ "error": { "code": 409, "details": [{ "detail": 106, "entity": 1 }] } }),
        // Nothing, and all is well: another way of saying that it is not there.
        ("GET", _, None) if id == "7" => fine(Vec::new()),
        _ => nobody,
    }
}
