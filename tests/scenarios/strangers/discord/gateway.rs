//! The gateway: text frames, no zlib, no resume.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde_json::{Value, json};

use super::{APPLICATION, BOT, GUILD, Inner, TOKEN, user};

pub(super) async fn gateway(State(inner): State<Arc<Inner>>, upgrade: WebSocketUpgrade) -> Response {
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
                    // A session that nobody kept: begin anew.
                    Some(6) => json!({ "op": 9, "d": false }),
                    _ => return,
                }
            }
        };
        if socket.send(Message::Text(answer.to_string().into())).await.is_err() {
            return;
        }
    }
}
