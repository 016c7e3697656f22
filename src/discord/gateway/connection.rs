//! One connection to the gateway: hello, identify or resume, heartbeats and events, until it ends.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::SinkExt;
use rand::Rng;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::dispatch::{self, Read};
use super::frames::{self, Hello, Payload};
use super::life::Life;
use super::run::Stop;
use super::sends::{Sends, Weight};
use super::socket::{End, Socket, read_text};
use super::{Dispatch, Gateway};
use crate::ledger::GatewaySession;

/// Closing with 1000 or 1001 would end the session; with this it can be resumed.
const RESUMABLE: u16 = 4000;
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// A server that asks for more beats than this gets no more.
const SHORTEST_BEAT: Duration = Duration::from_millis(20);

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
        let hello = hello?;
        self.life.said_hello();
        self.beat.interval = Duration::from_millis(hello.heartbeat_interval).max(SHORTEST_BEAT);
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
            let text = read_text(&mut self.socket).await?;
            let Ok(payload) = serde_json::from_str::<Payload<'_>>(&text) else { continue };
            let hello = payload.d.and_then(|data| serde_json::from_str(data.get()).ok());
            if let (frames::OP_HELLO, Some(hello)) = (payload.op, hello) {
                return ControlFlow::Continue(hello);
            }
        }
    }

    async fn listen(&mut self, stop: &mut Stop) -> End {
        loop {
            let flow = tokio::select! {
                biased;
                () = stop.asked() => ControlFlow::Break(End::Stopped),
                () = sleep_until(self.beat.next) => self.heart().await,
                () = sleep_until(self.save_at) => {
                    self.save_at = Instant::now() + self.gateway.timings.save;
                    self.life.save(self.gateway).await;
                    ControlFlow::Continue(())
                }
                text = read_text(&mut self.socket) => match text {
                    ControlFlow::Continue(text) => self.payload(&text).await,
                    ControlFlow::Break(end) => ControlFlow::Break(end),
                },
            };
            if let ControlFlow::Break(end) = flow {
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
            frames::OP_DISPATCH => self.event(&payload).await,
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

    async fn event(&mut self, payload: &Payload<'_>) -> ControlFlow<End> {
        let stats = &self.gateway.stats;
        stats.count_raw();
        let kind = payload.t.as_deref().unwrap_or_default();
        let data = payload.d.map_or("null", serde_json::value::RawValue::get);
        match dispatch::read(kind, data) {
            Read::Ready(ready) => {
                let (application, user) = (ready.application.id, ready.user.id);
                let session = GatewaySession {
                    id: ready.session_id,
                    application,
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
                if let Some(owed) = self.life.owed.take() {
                    self.hand_on(owed, None).await?;
                }
                tracing::info!("the session with Discord's gateway goes on");
                match self.life.session.as_ref().map(|session| session.application) {
                    Some(application) => self.hand_on(Dispatch::Resumed { application }, payload.s).await,
                    // Nothing was asked to go on: what Discord says makes no sense, and changes nothing.
                    None => ControlFlow::Continue(()),
                }
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
                event @ (Dispatch::Ready { .. }
                | Dispatch::Resumed { .. }
                | Dispatch::Happened(_)
                | Dispatch::IdentifyBudgetSpent { .. }),
            )) => {
                if matches!(event, Dispatch::Ready { .. }) {
                    // Resuming does not bring it again.
                    self.life.owed = Some(event);
                }
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
                if let ControlFlow::Break(end) = read_text(&mut self.socket).await {
                    return end;
                }
            }
        });
        words.await.unwrap_or(End::Resume)
    }
}
