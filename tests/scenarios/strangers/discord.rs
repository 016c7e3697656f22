//! A Discord as somebody else would write it: what the documents require and nothing more; text frames; no
//! `/gateway/bot`, no `/applications/@me`.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

pub const TOKEN: &str = "stranger.token-8dk2Lq";
pub const GUILD: &str = "501";
pub const LOG: &str = "502";
pub const LEAD_ROLE: &str = "503";
pub const APPROVER_ROLE: &str = "504";
pub const CARDS: &str = "505";
const LEAD: &str = "701";
pub const APPROVER: &str = "703";
pub const NEWCOMER: &str = "702";
const BOT: &str = "801";
const APPLICATION: &str = "901";
const DIRECT: &str = "601";

/// A request of the bot.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub body: Value,
}

struct Inner {
    requests: Mutex<Vec<Asked>>,
    grown: watch::Sender<usize>,
    events: broadcast::Sender<(&'static str, Value)>,
    next: Mutex<u64>,
}

/// The server.
pub struct Discord {
    url: String,
    inner: Arc<Inner>,
}

fn user(id: &str) -> Value {
    json!({ "id": id, "username": format!("u{id}"), "discriminator": "0", "global_name": null, "avatar": null })
}

fn member(id: &str, roles: &[&str]) -> Value {
    json!({
        "user": user(id), "roles": roles, "joined_at": "2024-05-01T10:00:00.000000+00:00", "deaf": false,
        "mute": false, "flags": 0,
    })
}

fn message(id: &str, channel: &str, sent: &Value) -> Value {
    let or = |name: &str, other: Value| sent.get(name).filter(|it| !it.is_null()).cloned().unwrap_or(other);
    json!({
        "id": id, "channel_id": channel, "author": user(BOT), "content": or("content", json!("")),
        "timestamp": "2026-01-01T10:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": or("embeds", json!([])), "components": or("components", json!([])), "pinned": false, "type": 0,
    })
}

impl Discord {
    pub async fn starts() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner {
            requests: Mutex::default(),
            grown: watch::channel(0).0,
            events: broadcast::channel(64).0,
            next: Mutex::new(1_000),
        });
        let router = Router::new()
            .route("/", get(gateway))
            .route(
                "/api/v10/gateway",
                get(move || async move { json!({ "url": format!("ws://{address}") }).to_string() }),
            )
            .route("/api/v10/{*path}", any(rest))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}"), inner }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a request in which `find` finds something.
    pub async fn until<T>(&self, find: impl Fn(&Asked) -> Option<T>) -> T {
        let mut grown = self.inner.grown.subscribe();
        loop {
            let found = self.inner.requests.lock().unwrap().iter().find_map(&find);
            if let Some(found) = found {
                return found;
            }
            grown.changed().await.expect("a server");
        }
    }

    /// Every request so far.
    pub fn requests(&self) -> String {
        let requests = self.inner.requests.lock().unwrap();
        let lines: Vec<_> = requests.iter().map(|it| format!("{} {} {}", it.method, it.path, it.body)).collect();
        lines.join("\n")
    }

    fn interaction(&self, kind: u8, more: &Value) {
        let mut next = self.inner.next.lock().unwrap();
        *next += 1;
        let mut event = json!({
            "id": next.to_string(), "application_id": APPLICATION, "type": kind, "token": format!("stranger-{next}"),
            "version": 1, "app_permissions": "0", "locale": "en-GB", "entitlements": [],
            "authorizing_integration_owners": { "0": GUILD }, "attachment_size_limit": 10_485_760,
        });
        for (name, value) in more.as_object().expect("members") {
            event[name] = value.clone();
        }
        self.inner.events.send(("INTERACTION_CREATE", event)).expect("the bot is connected");
    }

    /// The lead types `/agent …` without naming anybody.
    pub fn types(&self, subcommand: &str, options: &Value) {
        let mut lead = member(LEAD, &[LEAD_ROLE]);
        lead["permissions"] = json!("0");
        let sub = json!({ "name": subcommand, "type": 1, "options": options });
        let data = json!({ "id": "1001", "name": "agent", "type": 1, "options": [sub] });
        self.interaction(2, &json!({ "guild_id": GUILD, "channel_id": LOG, "member": lead, "data": data }));
    }

    /// Somebody reacts with ✅ under a message in the approvals channel, as the documents describe the event.
    pub fn reacts(&self, person: &str, message: &str) {
        let event = json!({
            "user_id": person, "channel_id": CARDS, "message_id": message, "guild_id": GUILD,
            "member": member(person, &[]), "emoji": { "id": null, "name": "✅" }, "burst": false, "type": 0,
        });
        self.inner.events.send(("MESSAGE_REACTION_ADD", event)).expect("the bot is connected");
    }

    /// `/agent clone`, typed (2) or being typed (4).
    pub fn command(&self, kind: u8, options: &Value) {
        let mut lead = member(LEAD, &[LEAD_ROLE]);
        lead["permissions"] = json!("0");
        let mut newcomer = member(NEWCOMER, &[]);
        newcomer.as_object_mut().expect("members").remove("user");
        newcomer["permissions"] = json!("0");
        let clone = json!({ "name": "clone", "type": 1, "options": options });
        let mut data = json!({ "id": "1001", "name": "agent", "type": 1, "options": [clone] });
        if kind == 2 {
            data["resolved"] = json!({ "users": { NEWCOMER: user(NEWCOMER) }, "members": { NEWCOMER: newcomer } });
        }
        self.interaction(kind, &json!({ "guild_id": GUILD, "channel_id": LOG, "member": lead, "data": data }));
    }

    pub fn press_in_guild(&self, custom_id: &str) {
        let mut lead = member(LEAD, &[LEAD_ROLE]);
        lead["permissions"] = json!("0");
        let data = json!({ "custom_id": custom_id, "component_type": 2 });
        let on = message("1500", LOG, &json!({}));
        self.interaction(
            3,
            &json!({ "guild_id": GUILD, "channel_id": LOG, "member": lead, "data": data, "message": on }),
        );
    }

    pub fn press_in_direct_messages(&self, custom_id: &str) {
        let data = json!({ "custom_id": custom_id, "component_type": 2 });
        let on = message("1501", DIRECT, &json!({}));
        self.interaction(3, &json!({ "channel_id": DIRECT, "user": user(NEWCOMER), "data": data, "message": on }));
    }
}

async fn rest(
    State(inner): State<Arc<Inner>>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let number = {
        let mut requests = inner.requests.lock().unwrap();
        requests.push(Asked { method: method.to_string(), path: path.clone(), body: body.clone() });
        inner.grown.send_replace(requests.len());
        requests.len()
    };
    let by_interaction = path.starts_with("interactions/") || path.starts_with("webhooks/");
    let token = headers.get("authorization").and_then(|it| it.to_str().ok());
    if !by_interaction && token != Some(&format!("Bot {TOKEN}")) {
        return (StatusCode::UNAUTHORIZED, json!({ "message": "401: Unauthorized", "code": 0 }).to_string())
            .into_response();
    }
    let parts: Vec<&str> = path.split('/').collect();
    let fine = |value: Value| value.to_string().into_response();
    let id = (2_000 + number).to_string();
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["applications", APPLICATION, "guilds", GUILD, "commands"]) => fine(json!([])),
        ("PUT", ["applications", APPLICATION, "guilds", GUILD, "commands"]) => fine(body),
        ("GET", ["guilds", GUILD, "members", NEWCOMER]) => fine(member(NEWCOMER, &[])),
        ("GET", ["guilds", GUILD, "members", LEAD]) => fine(member(LEAD, &[LEAD_ROLE])),
        ("GET", ["guilds", GUILD, "members", APPROVER]) => fine(member(APPROVER, &[APPROVER_ROLE])),
        ("GET", ["guilds", GUILD, "roles"]) => {
            let role = |id: &str, name: &str| {
                json!({
                    "id": id, "name": name, "permissions": "0", "color": 0, "hoist": false, "position": 1,
                    "managed": false, "mentionable": false, "flags": 0,
                })
            };
            fine(json!([role(GUILD, "@everyone"), role(LEAD_ROLE, "Leads"), role(APPROVER_ROLE, "Approvers")]))
        }
        ("GET", ["users", "@me"]) => fine(user(BOT)),
        ("GET", ["channels", CARDS]) => fine(json!({ "id": CARDS, "type": 0, "guild_id": GUILD, "name": "cards" })),
        ("PUT", ["channels", CARDS, "messages", _, "reactions", ..]) => StatusCode::NO_CONTENT.into_response(),
        ("PATCH", ["webhooks", APPLICATION, _, "messages", "@original"]) => fine(message(&id, LOG, &body)),
        ("POST", ["users", "@me", "channels"]) => {
            fine(json!({ "id": DIRECT, "type": 1, "recipients": [user(NEWCOMER)] }))
        }
        ("POST", ["channels", channel, "messages"]) => fine(message(&id, channel, &body)),
        ("PATCH", ["channels", channel, "messages", id]) => fine(message(id, channel, &body)),
        ("POST", ["interactions", _, _, "callback"]) | ("DELETE", ["channels", _, "messages", _]) => {
            StatusCode::NO_CONTENT.into_response()
        }
        _ => (StatusCode::NOT_FOUND, json!({ "message": "404: Not Found", "code": 0 }).to_string()).into_response(),
    }
}

async fn gateway(State(inner): State<Arc<Inner>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| session(inner, socket))
}

async fn session(inner: Arc<Inner>, mut socket: WebSocket) {
    let mut events = inner.events.subscribe();
    let mut number = 0_u64;
    let hello = json!({ "op": 10, "d": { "heartbeat_interval": 41_250 } });
    if socket.send(Message::Text(hello.to_string().into())).await.is_err() {
        return;
    }
    loop {
        let answer = tokio::select! {
            event = events.recv() => {
                let Ok((kind, data)) = event else { return };
                number += 1;
                json!({ "op": 0, "d": data, "s": number, "t": kind })
            }
            frame = socket.recv() => {
                let Some(Ok(Message::Text(text))) = frame else { return };
                let payload: Value = serde_json::from_str(&text).unwrap_or_default();
                match payload["op"].as_u64() {
                    Some(1) => json!({ "op": 11 }),
                    Some(2) if payload["d"]["token"] == TOKEN => {
                        number += 1;
                        let ready = json!({
                            "v": 10, "user": user(BOT), "guilds": [{ "id": GUILD, "unavailable": true }],
                            "session_id": "s1", "resume_gateway_url": "ws://127.0.0.1:9",
                            "application": { "id": APPLICATION, "flags": 0 },
                        });
                        json!({ "op": 0, "d": ready, "s": number, "t": "READY" })
                    }
                    _ => return,
                }
            }
        };
        if socket.send(Message::Text(answer.to_string().into())).await.is_err() {
            return;
        }
    }
}
