//! A gateway that does what a test tells it to, and a keeper in memory.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use rollcall_telephony::{Clock, Millis};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use serenity::model::gateway::GatewayIntents;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

use super::super::{Dispatch, Fatal, Gateway, SessionKeeper, Stats, Timings};
use crate::discord::rest::Rest;
use crate::ledger::{GatewaySession, LedgerError};

pub(super) const TOKEN: &str = "the-token";
/// Nothing on loopback takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) const TIMINGS: Timings = Timings {
    hello: Duration::from_secs(5),
    back_off: Duration::from_millis(5),
    longest_back_off: Duration::from_millis(40),
    stable: Duration::from_mins(1),
    invalid_session: Duration::from_millis(5),
    save: Duration::from_millis(10),
    patience: Duration::from_millis(50),
    start: Duration::from_secs(20),
};

/// A clock that is moved by hand.
pub(super) struct HandClock(pub(super) Mutex<Millis>);

impl Clock for HandClock {
    fn now(&self) -> Millis {
        *self.0.lock().unwrap()
    }
}

/// What the ledger keeps.
pub(super) struct Memory {
    pub(super) clock: Arc<HandClock>,
    pub(super) identifies: Mutex<Vec<Millis>>,
    pub(super) session: Mutex<Option<GatewaySession>>,
    pub(super) writable: Mutex<bool>,
}

#[async_trait]
impl SessionKeeper for Memory {
    async fn identifies_since(&self, since: Millis) -> Result<u32, LedgerError> {
        let count = self.identifies.lock().unwrap().iter().filter(|at| **at >= since).count();
        Ok(u32::try_from(count).unwrap())
    }

    async fn count_identify(&self) -> Result<(), LedgerError> {
        if !*self.writable.lock().unwrap() {
            return Err(LedgerError::Unwritable("full".to_owned()));
        }
        self.identifies.lock().unwrap().push(self.clock.now());
        Ok(())
    }

    async fn save_session(&self, session: Option<&GatewaySession>) -> Result<(), LedgerError> {
        *self.session.lock().unwrap() = session.cloned();
        Ok(())
    }

    async fn session(&self) -> Result<Option<GatewaySession>, LedgerError> {
        Ok(self.session.lock().unwrap().clone())
    }
}

/// The fake Discord and what a bot of it needs.
pub(super) struct Discord {
    pub(super) origin: Url,
    peers: mpsc::UnboundedReceiver<Peer>,
    pub(super) keeper: Arc<Memory>,
    pub(super) clock: Arc<HandClock>,
    limit: Arc<Mutex<Value>>,
}

#[derive(Clone)]
struct Served {
    host: String,
    peers: mpsc::UnboundedSender<Peer>,
    limit: Arc<Mutex<Value>>,
}

impl Discord {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let origin = Url::parse(&format!("http://{host}")).unwrap();
        let (sender, peers) = mpsc::unbounded_channel();
        let limit = Arc::new(Mutex::new(json!({ "remaining": 1000, "reset_after": 0 })));
        let served = Served { host, peers: sender, limit: Arc::clone(&limit) };
        let router = Router::new()
            .route("/api/v10/gateway", get(url))
            .route("/api/v10/gateway/bot", get(bot))
            .route("/main/", get(socket))
            .route("/resume/", get(socket))
            .with_state(served);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Arc::new(HandClock(Mutex::new(Millis(1_800_000_000_000))));
        let keeper = Arc::new(Memory {
            clock: Arc::clone(&clock),
            identifies: Mutex::default(),
            session: Mutex::default(),
            writable: Mutex::new(true),
        });
        Self { origin, peers, keeper, clock, limit }
    }

    pub(super) fn set_session_limit(&self, remaining: u32, reset_after: u64) {
        *self.limit.lock().unwrap() = json!({ "remaining": remaining, "reset_after": reset_after });
    }

    /// From now on Discord's REST API answers 401.
    pub(super) fn refuse_token(&self) {
        *self.limit.lock().unwrap() = Value::Null;
    }

    pub(super) fn bot(&self) -> Bot {
        self.bot_with(TIMINGS, 64)
    }

    pub(super) fn bot_with(&self, timings: Timings, places: usize) -> Bot {
        let rest = Rest::new(&self.origin, &SecretString::from(TOKEN)).unwrap();
        let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGE_REACTIONS;
        let keeper = Arc::clone(&self.keeper) as Arc<dyn SessionKeeper>;
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let gateway = Gateway::new(rest, SecretString::from(TOKEN), intents, keeper, clock).with_timings(timings);
        let stats = gateway.stats();
        let (sender, events) = mpsc::channel(places);
        let (stop, stopped) = watch::channel(false);
        Bot { events, stop, stats, running: tokio::spawn(gateway.run(sender, stopped)) }
    }

    /// The next connection.
    pub(super) async fn peer(&mut self) -> Peer {
        timeout(PATIENCE, self.peers.recv()).await.expect("the bot connects").unwrap()
    }

    /// The next connection, greeted, with what the bot said first.
    pub(super) async fn greeted(&mut self) -> (Peer, Value) {
        let mut peer = self.peer().await;
        peer.hello(40_000).await;
        let first = peer.receive().await;
        (peer, first)
    }

    /// A bot that is ready.
    pub(super) async fn ready(&mut self) -> (Bot, Peer) {
        let mut bot = self.bot();
        let (mut peer, identify) = self.greeted().await;
        assert_eq!(identify["op"], 2);
        self.make_ready(&mut peer).await;
        assert!(matches!(bot.event().await, Dispatch::Ready { .. }));
        (bot, peer)
    }

    pub(super) async fn make_ready(&self, peer: &mut Peer) {
        let url = format!("ws://{}/resume/", self.origin.authority());
        let data = json!({
            "v": 10, "session_id": "the-session", "resume_gateway_url": url, "user": { "id": "11" },
            "application": { "id": "12", "flags": 0 }, "guilds": [],
        });
        peer.dispatch("READY", 1, data).await;
    }

    /// Whether no connection waits.
    pub(super) fn is_idle(&mut self) -> bool {
        self.peers.try_recv().is_err()
    }

    pub(super) fn saved_seq(&self) -> Option<u64> {
        self.keeper.session.lock().unwrap().as_ref().map(|session| {
            assert_eq!(session.id.expose_secret(), "the-session");
            session.seq
        })
    }
}

async fn url(State(served): State<Served>) -> Json<Value> {
    Json(json!({ "url": format!("ws://{}/main/", served.host) }))
}

async fn bot(State(served): State<Served>) -> Result<Json<Value>, StatusCode> {
    let limit = served.limit.lock().unwrap().clone();
    if limit.is_null() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(json!({ "url": "ws://nowhere", "shards": 1, "session_start_limit": limit })))
}

async fn socket(State(served): State<Served>, uri: Uri, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |socket| {
        let _ = served.peers.send(Peer { socket, uri: uri.to_string() });
    })
}

/// The server's end of a connection.
pub(super) struct Peer {
    socket: WebSocket,
    pub(super) uri: String,
}

impl Peer {
    pub(super) async fn send(&mut self, payload: Value) {
        self.socket.send(Message::Text(payload.to_string().into())).await.unwrap();
    }

    pub(super) async fn send_packed(&mut self, packed: Vec<u8>) {
        self.socket.send(Message::Binary(packed.into())).await.unwrap();
    }

    pub(super) async fn hello(&mut self, interval: u64) {
        self.send(json!({ "op": 10, "d": { "heartbeat_interval": interval }, "s": null, "t": null })).await;
    }

    pub(super) async fn dispatch(&mut self, kind: &str, seq: u64, data: Value) {
        self.send(json!({ "op": 0, "t": kind, "s": seq, "d": data })).await;
    }

    pub(super) async fn receive(&mut self) -> Value {
        match timeout(PATIENCE, self.socket.recv()).await.expect("the bot says something") {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("no payload: {other:?}"),
        }
    }

    /// The code with which the bot closes; payloads before it do not matter.
    pub(super) async fn closed_with(&mut self) -> u16 {
        loop {
            match timeout(PATIENCE, self.socket.recv()).await.expect("the bot closes") {
                Some(Ok(Message::Close(frame))) => return frame.unwrap().code,
                Some(Ok(_)) => {}
                other => panic!("no close frame: {other:?}"),
            }
        }
    }

    pub(super) async fn close(mut self, code: u16) {
        let _ = self.socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
    }
}

/// A running bot.
pub(super) struct Bot {
    pub(super) events: mpsc::Receiver<Dispatch>,
    pub(super) stop: watch::Sender<bool>,
    pub(super) stats: Arc<Stats>,
    pub(super) running: JoinHandle<Result<(), Fatal>>,
}

impl Bot {
    pub(super) async fn event(&mut self) -> Dispatch {
        timeout(PATIENCE, self.events.recv()).await.expect("an event comes").unwrap()
    }

    pub(super) async fn end(self) -> Result<(), Fatal> {
        timeout(PATIENCE, self.running).await.expect("the bot ends").unwrap()
    }
}

/// Waits until something is so.
pub(super) async fn until(mut so: impl FnMut() -> bool) {
    timeout(PATIENCE, async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await
    .expect("it becomes so");
}
