//! One connection to the gateway: hello, identify or resume, heartbeats and events, until it ends.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rand::Rng;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};
use url::Url;

use super::dispatch::{self, Read};
use super::frames::{self, Hello, Payload};
use super::sends::{Sends, Weight};
use super::{Dispatch, Fatal, Gateway};
use crate::discord::gateway::run::{Life, Stop};
use crate::ledger::GatewaySession;

/// Closing with 1000 or 1001 would end the session; with this it can be resumed.
const RESUMABLE: u16 = 4000;
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// A server that asks for more beats than this gets no more.
const SHORTEST_BEAT: Duration = Duration::from_millis(20);

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// We were asked to stop, or nobody takes events any more.
    Stopped,
    /// Come back with the same session.
    Resume,
    /// The session is gone; come back with a new one.
    Anew,
    /// As `Anew`, after the wait that Discord asks for.
    AnewLater,
    /// Do not come back.
    Fatal(Fatal),
}

/// Opens the socket.
pub(super) async fn open(url: &Url, patience: Duration) -> Option<Socket> {
    let config = WebSocketConfig {
        max_message_size: Some(frames::LONGEST_PAYLOAD),
        max_frame_size: Some(frames::LONGEST_PAYLOAD),
        ..WebSocketConfig::default()
    };
    let opening = connect_async_tls_with_config(url.as_str(), Some(config), true, None);
    match timeout(patience, opening).await {
        Ok(Ok((socket, _))) => Some(socket),
        Ok(Err(error)) => {
            tracing::warn!(reason = reason(&error), "Discord's gateway cannot be reached");
            None
        }
        Err(_) => {
            tracing::warn!(reason = "no answer in time", "Discord's gateway cannot be reached");
            None
        }
    }
}

/// A live connection.
pub(super) struct Connection<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) events: &'a mpsc::Sender<Dispatch>,
    pub(super) life: &'a mut Life,
    socket: Socket,
    sends: Sends,
    beat: Beat,
    save_at: Instant,
}

/// Where the heart is.
struct Beat {
    interval: Duration,
    next: Instant,
    /// Whether the last one was acknowledged.
    last: Pulse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulse {
    Acknowledged,
    Awaited,
}

impl<'a> Connection<'a> {
    pub(super) fn new(
        gateway: &'a Gateway,
        events: &'a mpsc::Sender<Dispatch>,
        life: &'a mut Life,
        socket: Socket,
    ) -> Self {
        let now = Instant::now();
        let beat = Beat { interval: gateway.timings.hello, next: now, last: Pulse::Acknowledged };
        let save_at = now + gateway.timings.save;
        Self { gateway, events, life, socket, sends: Sends::default(), beat, save_at }
    }

    /// Lives until it ends, and says goodbye.
    pub(super) async fn live(mut self, stop: &mut Stop) -> End {
        let end = match self.begin(stop).await {
            ControlFlow::Continue(()) => self.listen(stop).await,
            ControlFlow::Break(end) => end,
        };
        self.gateway.stats.went_away();
        let frame = CloseFrame { code: CloseCode::from(RESUMABLE), reason: "".into() };
        // Whether the other side hears it changes nothing for us.
        let _ = timeout(GOODBYE, self.socket.close(Some(frame))).await;
        end
    }

    /// Waits for hello, then resumes or identifies.
    async fn begin(&mut self, stop: &mut Stop) -> ControlFlow<End> {
        let hello = tokio::select! {
            () = stop.asked() => return ControlFlow::Break(End::Stopped),
            hello = timeout(self.gateway.timings.hello, self.hello()) => hello,
        };
        let Ok(hello) = hello else {
            tracing::warn!("Discord's gateway did not say hello in time");
            return ControlFlow::Break(End::Resume);
        };
        self.life.said_hello();
        self.beat.interval = Duration::from_millis(hello?.heartbeat_interval).max(SHORTEST_BEAT);
        self.beat.next = Instant::now() + self.beat.interval.mul_f64(rand::rng().random_range(0.0..1.0));
        let greeting = if let Some(session) = &self.life.session {
            self.gateway.stats.count_resume();
            frames::resume(&self.gateway.token, session)
        } else {
            // Counted before it is sent: a crash in between costs one of the budget, never one too many.
            if let Err(error) = self.gateway.keeper.count_identify().await {
                tracing::error!(%error, "an IDENTIFY cannot be counted, so none is sent");
                return ControlFlow::Break(End::Resume);
            }
            self.gateway.stats.count_identify();
            frames::identify(&self.gateway.token, self.gateway.intents)
        };
        self.send(greeting, Weight::Needed).await
    }

    async fn hello(&mut self) -> ControlFlow<End, Hello> {
        loop {
            let text = self.next_text().await?;
            let Ok(payload) = serde_json::from_str::<Payload<'_>>(&text) else { continue };
            let hello = payload.d.and_then(|data| serde_json::from_str(data.get()).ok());
            if let (frames::OP_HELLO, Some(hello)) = (payload.op, hello) {
                return ControlFlow::Continue(hello);
            }
        }
    }

    async fn listen(&mut self, stop: &mut Stop) -> End {
        loop {
            let step = tokio::select! {
                biased;
                () = stop.asked() => ControlFlow::Break(End::Stopped),
                () = sleep_until(self.beat.next) => self.heart().await,
                () = sleep_until(self.save_at) => {
                    self.save_at = Instant::now() + self.gateway.timings.save;
                    self.life.save(self.gateway).await;
                    ControlFlow::Continue(())
                }
                text = Self::read_text(&mut self.socket) => match text {
                    ControlFlow::Continue(text) => self.payload(&text).await,
                    ControlFlow::Break(end) => ControlFlow::Break(end),
                },
            };
            if let ControlFlow::Break(end) = step {
                return end;
            }
        }
    }

    /// A beat is due: without an answer to the last one the connection is dead, whatever the socket says.
    async fn heart(&mut self) -> ControlFlow<End> {
        if self.beat.last == Pulse::Awaited {
            tracing::warn!("Discord's gateway stopped answering heartbeats");
            return ControlFlow::Break(End::Resume);
        }
        let now = Instant::now();
        self.beat.next = now + self.beat.interval;
        self.beat.last = Pulse::Awaited;
        let beat = frames::heartbeat(self.life.seq());
        self.send(beat, Weight::Needed).await
    }

    async fn payload(&mut self, text: &str) -> ControlFlow<End> {
        let Ok(payload) = serde_json::from_str::<Payload<'_>>(text) else {
            self.gateway.stats.count_raw();
            self.gateway.stats.count_unreadable();
            tracing::warn!("a payload from Discord's gateway cannot be read");
            return ControlFlow::Continue(());
        };
        match payload.op {
            frames::OP_DISPATCH => self.event(&payload, text).await,
            frames::OP_HEARTBEAT => self.send(frames::heartbeat(self.life.seq()), Weight::Asked).await,
            frames::OP_HEARTBEAT_ACK => {
                self.beat.last = Pulse::Acknowledged;
                ControlFlow::Continue(())
            }
            frames::OP_RECONNECT => ControlFlow::Break(End::Resume),
            frames::OP_INVALID_SESSION => {
                let resumable = payload.d.is_some_and(|data| data.get() == "true");
                tracing::info!(resumable, "Discord's gateway calls the session invalid");
                ControlFlow::Break(if resumable { End::Resume } else { End::AnewLater })
            }
            op => {
                tracing::debug!(op, "an operation of Discord's gateway is not known");
                ControlFlow::Continue(())
            }
        }
    }

    async fn event(&mut self, payload: &Payload<'_>, text: &str) -> ControlFlow<End> {
        let stats = &self.gateway.stats;
        stats.count_raw();
        let kind = payload.t.as_deref().unwrap_or_default();
        let data = payload.d.map_or("null", serde_json::value::RawValue::get);
        match dispatch::read(kind, data, text) {
            Read::Ready(ready) => {
                let (application, user) = (ready.application.id, ready.user.id);
                let session = GatewaySession {
                    id: ready.session_id,
                    seq: payload.s.unwrap_or(0),
                    resume_url: ready.resume_gateway_url,
                };
                self.life.went_live(Some(session));
                stats.went_live();
                self.life.save(self.gateway).await;
                tracing::info!("a new session with Discord's gateway began");
                self.hand_on(Dispatch::Ready { application, user }, payload.s).await
            }
            Read::Resumed => {
                self.life.went_live(None);
                stats.went_live();
                tracing::info!("the session with Discord's gateway goes on");
                self.hand_on(Dispatch::Resumed, payload.s).await
            }
            Read::Event(event) => self.hand_on(event, payload.s).await,
            Read::Salvaged(event) => {
                stats.count_unreadable();
                tracing::error!(event = kind, "an interaction from Discord cannot be read");
                self.hand_on(event, payload.s).await
            }
            Read::Ignored => {
                stats.count_ignored();
                self.life.saw(payload.s);
                ControlFlow::Continue(())
            }
            Read::Unreadable => {
                stats.count_unreadable();
                tracing::error!(event = kind, "an event from Discord cannot be read");
                self.life.saw(payload.s);
                ControlFlow::Continue(())
            }
        }
    }

    /// Hands an event on. An interaction that nobody takes in time is dropped: it could not be answered in time
    /// anyway. Anything else is not counted as seen, so that resuming brings it again.
    async fn hand_on(&mut self, event: Dispatch, seq: Option<u64>) -> ControlFlow<End> {
        let salvaged = matches!(event, Dispatch::UnreadableInteraction { .. });
        match self.events.send_timeout(event, self.gateway.timings.patience).await {
            Ok(()) => {
                if !salvaged {
                    self.gateway.stats.count_read();
                }
                self.life.saw(seq);
                ControlFlow::Continue(())
            }
            Err(SendTimeoutError::Timeout(Dispatch::Interaction(_) | Dispatch::UnreadableInteraction { .. })) => {
                self.gateway.stats.count_dropped();
                tracing::error!("an interaction was dropped: too many are under way");
                self.life.saw(seq);
                ControlFlow::Continue(())
            }
            Err(SendTimeoutError::Timeout(
                Dispatch::Ready { .. } | Dispatch::Resumed | Dispatch::Other(_) | Dispatch::IdentifyBudgetSpent { .. },
            )) => {
                tracing::error!("events wait too long: the gateway reconnects, so that Discord sends them again");
                ControlFlow::Break(End::Resume)
            }
            Err(SendTimeoutError::Closed(_)) => ControlFlow::Break(End::Stopped),
        }
    }

    async fn send(&mut self, message: Message, weight: Weight) -> ControlFlow<End> {
        if let Err(free_at) = self.sends.take(weight, Instant::now()) {
            match weight {
                Weight::Needed => sleep_until(free_at).await,
                Weight::Asked => return ControlFlow::Continue(()),
            }
        }
        match timeout(self.gateway.timings.hello, self.socket.send(message)).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            // A close frame with a code may still wait to be read; it says more than the failed write.
            Ok(Err(_)) => ControlFlow::Break(self.last_words().await),
            Err(_) => ControlFlow::Break(End::Resume),
        }
    }

    async fn last_words(&mut self) -> End {
        let words = timeout(GOODBYE, async {
            loop {
                if let ControlFlow::Break(end) = Self::read_text(&mut self.socket).await {
                    return end;
                }
            }
        });
        words.await.unwrap_or(End::Resume)
    }

    async fn next_text(&mut self) -> ControlFlow<End, String> {
        Self::read_text(&mut self.socket).await
    }

    /// The next payload's text. Safe to be dropped halfway: a frame that is not whole yet stays in the socket.
    async fn read_text(socket: &mut Socket) -> ControlFlow<End, String> {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => {
                    return ControlFlow::Break(closed(frame.map(|frame| u16::from(frame.code))));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => {
                    if let Some(text) = frames::text(message) {
                        return ControlFlow::Continue(text);
                    }
                    tracing::warn!("a payload from Discord's gateway cannot be unpacked");
                    return ControlFlow::Break(End::Resume);
                }
                Some(Err(error)) => {
                    tracing::warn!(reason = reason(&error), "the connection to Discord's gateway broke");
                    return ControlFlow::Break(End::Resume);
                }
                None => return ControlFlow::Break(End::Resume),
            }
        }
    }
}

/// What Discord means by a close code. See "Gateway Close Event Codes", read 2026-11-21.
fn closed(code: Option<u16>) -> End {
    tracing::info!(code, "Discord closed the gateway");
    match code {
        Some(4004) => End::Fatal(Fatal::TokenRefused),
        Some(4014) => End::Fatal(Fatal::IntentsRefused),
        Some(code @ 4010..=4013) => End::Fatal(Fatal::Refused(code)),
        Some(4007 | 4009) => End::Anew,
        Some(_) | None => End::Resume,
    }
}

/// A word for the log. The error itself may hold a URL or what was sent.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "closed",
        Error::Io(_) => "network",
        Error::Tls(_) => "TLS",
        Error::Capacity(_) => "a frame is too long",
        Error::Protocol(_) | Error::Utf8 | Error::AttackAttempt => "protocol",
        Error::WriteBufferFull(_) => "nothing can be sent",
        Error::Url(_) => "the URL",
        Error::Http(_) | Error::HttpFormat(_) => "not a gateway",
    }
}
