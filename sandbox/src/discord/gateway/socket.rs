//! One gateway connection: HELLO, heartbeats, events. IDENTIFY and RESUME stand in `session.rs`. See [Discord Docs/Gateway Events].

use super::{super::Discord, Acks, Order};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use flate2::{Compression, write::ZlibEncoder};
use serde_json::{Value, json};
use std::{collections::VecDeque, io::Write as _, sync::Arc, time::Duration};
use tokio::time::Instant;

/// Which address the bot came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The one that `GET /gateway` names.
    Main,
    /// The one that READY names for resuming.
    Resume,
}

/// Discord refuses longer payloads from a bot.
const LONGEST_PAYLOAD: usize = 4096;
/// Payloads a bot may send in `SEND_WINDOW`.
const SENDS: usize = 120;
const SEND_WINDOW: Duration = Duration::from_mins(1);

/// Why a connection ends. See [Discord Docs/Opcodes and Status Codes].
pub(super) enum End {
    /// We close with a code; the reason is Discord's sentence.
    Close(u16, &'static str),
    /// The wire is simply cut.
    Cut,
    /// The bot closed or vanished.
    Gone(Option<u16>),
}

pub(super) struct Connection {
    pub(super) discord: Arc<Discord>,
    pub(super) door: Door,
    pub(super) number: u64,
    socket: WebSocket,
    pub(super) compress: bool,
    /// The last sequence number sent here, once this connection serves a session.
    pub(super) sent: Option<u64>,
    heard: Instant,
    sends: VecDeque<Instant>,
}

/// Serves a connection until it ends.
pub(crate) async fn serve(discord: Arc<Discord>, door: Door, query: String, socket: WebSocket) {
    let number = discord.change(|state| {
        state.gateway.connections += 1;
        let number = state.gateway.connections;
        state.gateway.open.push(number);
        state.note(format!("gateway: connection {number} opens at {door:?} with ?{query}"));
        number
    });
    let mut connection = Connection {
        discord,
        door,
        number,
        socket,
        compress: false,
        sent: None,
        heard: Instant::now(),
        sends: VecDeque::new(),
    };
    let end =
        if speaks_v10_json(&query) { connection.run().await } else { Err(End::Close(4012, "Invalid API version")) };
    connection.leave(end.err().unwrap_or(End::Cut)).await;
}

fn speaks_v10_json(query: &str) -> bool {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    value("v") == Some("10") && matches!(value("encoding"), None | Some("json")) && value("compress").is_none()
}

impl Connection {
    /// Runs until something ends it; never returns `Ok`.
    async fn run(&mut self) -> Result<(), End> {
        let heartbeat = self.discord.read(|state| state.gateway.switches.heartbeat);
        let interval = u64::try_from(heartbeat.as_millis()).unwrap_or(u64::MAX);
        self.send(
            &json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": interval, "_trace": ["sandbox"] } }),
        )
        .await?;
        let mut changes = self.discord.changes();
        loop {
            self.obey().await?;
            self.deliver().await?;
            let silent_at = self.heard + heartbeat + heartbeat / 2;
            tokio::select! {
                received = self.socket.recv() => self.receive(received).await?,
                woken = changes.changed() => woken.map_err(|_| End::Cut)?,
                () = tokio::time::sleep_until(silent_at) => return Err(End::Close(4009, "Session timed out.")),
            }
        }
    }

    /// Does what the test ordered.
    async fn obey(&mut self) -> Result<(), End> {
        let number = self.number;
        let (order, stopping) = self.discord.read(|state| {
            let order =
                state.gateway.orders.iter().find(|(connection, _)| *connection == number).map(|(_, order)| *order);
            (order, state.stopping)
        });
        if stopping {
            return Err(End::Cut);
        }
        let Some(order) = order else { return Ok(()) };
        self.discord.change(|state| {
            if let Some(position) = state.gateway.orders.iter().position(|it| *it == (number, order)) {
                state.gateway.orders.remove(position);
            }
            if order == Order::Invalid {
                state.gateway.session = None;
            }
        });
        match order {
            Order::Reconnect => self.send(&json!({ "op": 7, "s": null, "t": null, "d": null })).await,
            Order::InvalidButResumable => self.invalid(true).await,
            Order::Invalid => self.invalid(false).await,
            Order::Cut => Err(End::Cut),
            Order::Close(code) => Err(End::Close(code, "Ordered by the test.")),
        }
    }

    pub(super) async fn invalid(&mut self, resumable: bool) -> Result<(), End> {
        self.sent = None;
        self.send(&json!({ "op": 9, "s": null, "t": null, "d": resumable })).await
    }

    /// Sends the session's events that this connection has not carried yet.
    pub(super) async fn deliver(&mut self) -> Result<(), End> {
        let Some(sent) = self.sent else { return Ok(()) };
        let number = self.number;
        let waiting: Option<Vec<(u64, Value)>> = self.discord.read(|state| {
            let session = state.gateway.session.as_ref().filter(|session| session.connection == Some(number))?;
            Some(session.events.iter().filter(|(seq, _)| *seq > sent).cloned().collect())
        });
        for (seq, event) in waiting.unwrap_or_default() {
            self.send(&event).await?;
            self.sent = Some(seq);
        }
        Ok(())
    }

    async fn send(&mut self, payload: &Value) -> Result<(), End> {
        let text = payload.to_string();
        let above = self.discord.read(|state| state.gateway.switches.compress_above);
        let frame = if self.compress && text.len() > above {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text.as_bytes()).map_err(|_| End::Cut)?;
            Message::Binary(encoder.finish().map_err(|_| End::Cut)?.into())
        } else {
            Message::Text(text.into())
        };
        self.socket.send(frame).await.map_err(|_| End::Gone(None))
    }

    async fn receive(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let text = match received {
            None | Some(Err(_)) => return Err(End::Gone(None)),
            Some(Ok(Message::Close(frame))) => return Err(End::Gone(frame.map(|frame| frame.code))),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(End::Close(4002, "Error while decoding payload.")),
            Some(Ok(Message::Text(text))) => text,
        };
        let now = Instant::now();
        self.sends.push_back(now);
        self.sends.retain(|at| now.duration_since(*at) < SEND_WINDOW);
        if self.sends.len() > SENDS {
            return Err(End::Close(4008, "Rate limited."));
        }
        let payload: Value = match serde_json::from_str(&text) {
            Ok(payload) if text.len() <= LONGEST_PAYLOAD => payload,
            Ok(_) | Err(_) => return Err(End::Close(4002, "Error while decoding payload.")),
        };
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => self.heartbeat().await,
            Some(2) => self.identify(data),
            Some(6) => self.resume(data).await,
            Some(3) if self.sent.is_some() => Ok(()),
            Some(3 | 4 | 8) if self.sent.is_none() => Err(End::Close(4003, "Not authenticated.")),
            Some(op @ (4 | 8)) => {
                self.discord.change(|state| state.wire.not_modelled(format!("gateway opcode {op}")));
                Ok(())
            }
            Some(_) | None => Err(End::Close(4001, "Unknown opcode.")),
        }
    }

    async fn heartbeat(&mut self) -> Result<(), End> {
        self.heard = Instant::now();
        let acks = self.discord.change(|state| {
            state.gateway.heartbeats += 1;
            state.gateway.switches.acknowledges
        });
        match acks {
            Acks::Sent => self.send(&json!({ "op": 11, "s": null, "t": null, "d": null })).await,
            Acks::Withheld => Ok(()),
        }
    }

    /// Ends the connection and remembers how.
    async fn leave(mut self, end: End) {
        let number = self.number;
        self.discord.change(|state| {
            state.gateway.open.retain(|open| *open != number);
            state.gateway.orders.retain(|(connection, _)| *connection != number);
            if let Some(session) = &mut state.gateway.session
                && session.connection == Some(number)
            {
                session.connection = None;
                // A bot that says goodbye with 1000 or 1001 gives its session up.
                if matches!(end, End::Gone(Some(1000 | 1001))) {
                    state.gateway.session = None;
                }
            }
            match end {
                End::Close(code, reason) => {
                    state.gateway.closed_by_us.push(code);
                    state.note(format!("gateway: connection {number} closed with {code} {reason}"));
                }
                End::Cut => state.note(format!("gateway: connection {number} cut")),
                End::Gone(code) => {
                    state.gateway.closed_by_bot.push(code);
                    state.note(format!("gateway: the bot left connection {number} with {code:?}"));
                }
            }
        });
        if let End::Close(code, reason) = end {
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            // The bot may be gone already; then there is nobody to tell.
            let _ = self.socket.send(Message::Close(Some(frame))).await;
        }
    }
}
