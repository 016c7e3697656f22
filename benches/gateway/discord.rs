//! A lean Discord: one socket, the callback endpoint and what else a bot needs to come up; every answer is believed.
//!
//! The sandbox's Discord checks, keeps and writes down everything, which would cost more than what is measured here.
//! Time starts when a frame is handed to the socket and stops when the callback's request line and headers are read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json};
use axum::routing::{any, get, patch, post};
use axum::serve::ListenerExt as _;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use crate::frames::{self, Act};

/// Nothing here takes so long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(30);
/// No callback of ours is longer.
const LONGEST: usize = 1 << 20;

/// One bot's Discord.
pub(crate) struct Discord {
    origin: String,
    socket: tokio::sync::Mutex<Option<SplitSink<WebSocket, Message>>>,
    /// When the bot last sent IDENTIFY or RESUME.
    greeted: watch::Sender<Option<(Instant, Greeting)>>,
    ids: AtomicU64,
    seq: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Arrived>>>,
    finishing: Mutex<HashMap<String, oneshot::Sender<Instant>>>,
    commands: Mutex<Vec<Value>>,
    unexpected: Mutex<Vec<String>>,
}

/// How a bot came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    Identify,
    Resume,
}

struct Arrived {
    at: Instant,
    body: oneshot::Receiver<Bytes>,
}

/// A callback.
pub(crate) struct Answer {
    /// From the frame to the callback.
    pub(crate) took: Duration,
    /// When the callback arrived.
    pub(crate) at: Instant,
    /// What it said.
    pub(crate) body: Value,
}

impl Answer {
    /// The choices' values, if it is an autocomplete's answer.
    pub(crate) fn values(&self) -> Vec<&str> {
        self.body["data"]["choices"].as_array().into_iter().flatten().filter_map(|c| c["value"].as_str()).collect()
    }
}

impl Discord {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let discord = Arc::new(Self {
            origin,
            socket: tokio::sync::Mutex::new(None),
            greeted: watch::Sender::new(None),
            ids: AtomicU64::new(1_140_000_000_000_000_000),
            seq: AtomicU64::new(0),
            waiting: Mutex::default(),
            finishing: Mutex::default(),
            commands: Mutex::default(),
            unexpected: Mutex::default(),
        });
        let router = Router::new()
            .route("/", any(gateway))
            .route("/api/v10/gateway", get(address))
            .route("/api/v10/gateway/bot", get(address))
            .route("/api/v10/applications/@me", get(application))
            .route("/api/v10/users/@me", get(user))
            .route("/api/v10/applications/{application}/guilds/{guild}/commands", get(commands).put(register))
            .route("/api/v10/interactions/{id}/{token}/callback", post(callback))
            .route("/api/v10/webhooks/{application}/{token}/messages/@original", patch(finish))
            .fallback(unknown)
            .with_state(Arc::clone(&discord));
        let listener = listener.tap_io(|io| io.set_nodelay(true).expect("no delay"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        discord
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Requests that no bot should have made.
    pub(crate) fn unexpected(&self) -> Vec<String> {
        self.unexpected.lock().unwrap().clone()
    }

    /// Forgets how the bot came up, before it is started again.
    pub(crate) fn expects_a_bot(&self) {
        self.greeted.send_replace(None);
    }

    /// When and how the bot came up.
    pub(crate) async fn is_greeted(&self) -> (Instant, Greeting) {
        let mut greeted = self.greeted.subscribe();
        let found = tokio::time::timeout(PATIENCE, greeted.wait_for(Option::is_some)).await;
        let found = *found.expect("the bot comes up in time").expect("the sender lives");
        found.expect("it was waited for")
    }

    /// Hands the bot an interaction and waits for the callback.
    pub(crate) async fn asks(&self, who: u64, act: &Act) -> Answer {
        self.asks_as(self.ids.fetch_add(1, Ordering::Relaxed), who, act).await
    }

    /// The same for a command that is deferred: also how long it took until the answer was filled in.
    pub(crate) async fn asks_to_the_end(&self, who: u64, act: &Act) -> (Answer, Duration) {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let (end, ended) = oneshot::channel();
        self.finishing.lock().unwrap().insert(frames::token(id), end);
        let began = Instant::now();
        let answer = self.asks_as(id, who, act).await;
        let ended = tokio::time::timeout(PATIENCE, ended).await.expect("an answer in time").expect("an answer");
        (answer, ended.saturating_duration_since(began))
    }

    async fn asks_as(&self, id: u64, who: u64, act: &Act) -> Answer {
        let (arrived, arrival) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, arrived);
        let data = frames::interaction(id, who, act);
        let began = self.sends("INTERACTION_CREATE", &data).await;
        let arrived = tokio::time::timeout(PATIENCE, arrival).await.expect("a callback in time").expect("a callback");
        let body = arrived.body.await.expect("a whole callback");
        Answer {
            took: arrived.at.saturating_duration_since(began),
            at: arrived.at,
            body: serde_json::from_slice(&body).expect("a callback is JSON"),
        }
    }

    /// Sends an event; answers when it was handed to the socket.
    async fn sends(&self, kind: &str, data: &Value) -> Instant {
        let mut socket = self.socket.lock().await;
        let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        let text = json!({ "t": kind, "s": seq, "op": 0, "d": data }).to_string();
        let socket = socket.as_mut().expect("a bot is connected");
        let now = Instant::now();
        socket.send(Message::Text(text.into())).await.expect("the bot listens");
        now
    }

    async fn serve(self: Arc<Self>, socket: WebSocket) {
        let (mut sink, mut stream) = socket.split();
        let hello = json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": 41_250 } });
        if sink.send(Message::Text(hello.to_string().into())).await.is_err() {
            return;
        }
        *self.socket.lock().await = Some(sink);
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            let payload: Value = serde_json::from_str(&text).expect("bots send JSON");
            match payload["op"].as_u64() {
                Some(1) => {
                    let acknowledgement = json!({ "t": null, "s": null, "op": 11, "d": null }).to_string();
                    if let Some(sink) = self.socket.lock().await.as_mut() {
                        let _ = sink.send(Message::Text(acknowledgement.into())).await;
                    }
                }
                Some(2) => {
                    let at = Instant::now();
                    self.sends("READY", &self.ready()).await;
                    self.greeted.send_replace(Some((at, Greeting::Identify)));
                }
                Some(6) => {
                    let at = Instant::now();
                    self.sends("RESUMED", &json!({ "_trace": [] })).await;
                    self.greeted.send_replace(Some((at, Greeting::Resume)));
                }
                op => self.unexpected.lock().unwrap().push(format!("gateway operation {op:?}")),
            }
        }
    }

    fn ready(&self) -> Value {
        json!({
            "v": 10,
            "user": { "id": frames::APPLICATION.to_string(), "username": "Rollcall", "discriminator": "0",
                      "global_name": null, "avatar": null, "bot": true },
            "session_id": "5d41402abc4b2a76b9719d911017c592",
            "resume_gateway_url": self.gateway_url(),
            "guilds": [{ "id": frames::GUILD.to_string(), "unavailable": true }],
            "application": { "id": frames::APPLICATION.to_string(), "flags": 0 },
            "shard": [0, 1],
        })
    }

    fn gateway_url(&self) -> String {
        self.origin.replacen("http", "ws", 1)
    }
}

type Shared = State<Arc<Discord>>;

async fn gateway(State(discord): Shared, upgrade: WebSocketUpgrade) -> impl IntoResponse {
    upgrade.on_upgrade(move |socket| discord.serve(socket))
}

async fn address(State(discord): Shared) -> Json<Value> {
    let limit = json!({ "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1 });
    Json(json!({ "url": discord.gateway_url(), "shards": 1, "session_start_limit": limit }))
}

async fn application() -> Json<Value> {
    Json(json!({ "id": frames::APPLICATION.to_string(), "name": "Rollcall", "flags": 0 }))
}

async fn user() -> Json<Value> {
    Json(json!({ "id": frames::APPLICATION.to_string(), "username": "rollcall", "discriminator": "0", "bot": true }))
}

async fn commands(State(discord): Shared) -> Json<Vec<Value>> {
    Json(discord.commands.lock().unwrap().clone())
}

async fn register(State(discord): Shared, Json(mut commands): Json<Vec<Value>>) -> Json<Vec<Value>> {
    for (id, command) in (1_150_000_000_000_000_000_u64..).zip(&mut commands) {
        command["id"] = json!(id.to_string());
    }
    discord.commands.lock().unwrap().clone_from(&commands);
    Json(commands)
}

async fn callback(State(discord): Shared, Path((id, _)): Path<(u64, String)>, request: Request) -> StatusCode {
    let at = Instant::now();
    let Some(waiting) = discord.waiting.lock().unwrap().remove(&id) else { return StatusCode::NOT_FOUND };
    let (whole, body) = oneshot::channel();
    let _ = waiting.send(Arrived { at, body });
    if let Ok(body) = axum::body::to_bytes(request.into_body(), LONGEST).await {
        let _ = whole.send(body);
    }
    StatusCode::NO_CONTENT
}

async fn finish(State(discord): Shared, Path((_, token)): Path<(u64, String)>) -> Json<Value> {
    let at = Instant::now();
    if let Some(waiting) = discord.finishing.lock().unwrap().remove(&token) {
        let _ = waiting.send(at);
    }
    Json(json!({ "id": "1160000000000000000", "channel_id": "1160000000000000001" }))
}

async fn unknown(State(discord): Shared, request: Request) -> StatusCode {
    discord.unexpected.lock().unwrap().push(format!("{} {}", request.method(), request.uri().path()));
    StatusCode::NOT_FOUND
}
