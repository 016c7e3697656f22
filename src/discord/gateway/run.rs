//! The loop around connections: where to connect, when, and whether with a new session.

use std::time::Duration;

use rand::Rng;
use rollcall_telephony::Millis;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};
use url::{Host, Url};

use super::backoff::BackOff;
use super::connection::{Connection, End, Socket, open};
use super::{Dispatch, Fatal, Gateway, IDENTIFY_BUDGET, IDENTIFY_WINDOW};
use crate::discord::rest::{RestError, RestErrorKind};
use crate::ledger::GatewaySession;

/// Failed resumes at Discord's resume URL before the main one is tried: a stale one must not trap us.
const RESUME_URL_TRIES: u32 = 3;
/// Failed resumes before the session is given up, if Discord was reached.
const RESUME_TRIES: u32 = 6;
/// How long to ask Discord for the session limit before going on without.
const LIMIT_PATIENCE: Duration = Duration::from_secs(5);
/// How long to sleep at most before looking again whether the budget allows an IDENTIFY.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// The request to stop.
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Returns once it is asked for, or whoever could ask is gone.
    pub(super) async fn asked(&mut self) {
        // An error says that the sender is gone, which is the same.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// What outlives a connection.
pub(super) struct Life {
    pub(super) session: Option<GatewaySession>,
    /// What of the session is saved.
    saved: Saved,
    failed_resumes: u32,
    /// Since when the session is live on the present connection.
    live_since: Option<Instant>,
    /// Whether a session was ever live in this process.
    ever: Ever,
    /// How far the present connection came.
    reached: Reached,
    /// Since when connecting is tried, waits for the IDENTIFY budget not counted.
    trying_since: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saved {
    /// The store holds this sequence of this session.
    At(u64),
    /// The store holds no session.
    None,
    /// The store holds something else.
    Stale,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ever {
    Live,
    NotYet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Hello,
    Nothing,
}

impl Life {
    fn new() -> Self {
        Self {
            session: None,
            saved: Saved::Stale,
            failed_resumes: 0,
            live_since: None,
            ever: Ever::NotYet,
            reached: Reached::Nothing,
            trying_since: Instant::now(),
        }
    }

    pub(super) fn seq(&self) -> Option<u64> {
        self.session.as_ref().map(|session| session.seq)
    }

    /// Notes the sequence of an event that needs no second telling.
    pub(super) fn saw(&mut self, seq: Option<u64>) {
        if let (Some(session), Some(seq)) = (&mut self.session, seq) {
            session.seq = session.seq.max(seq);
        }
    }

    /// Notes that Discord was reached.
    pub(super) const fn said_hello(&mut self) {
        self.reached = Reached::Hello;
    }

    /// Notes that the session is live: a fresh one, or the one we had.
    pub(super) fn went_live(&mut self, fresh: Option<GatewaySession>) {
        if fresh.is_some() {
            self.session = fresh;
            self.saved = Saved::Stale;
        }
        self.failed_resumes = 0;
        self.live_since = Some(Instant::now());
        self.ever = Ever::Live;
    }

    /// Brings the store up to date; a failure is told and tried again later.
    pub(super) async fn save(&mut self, gateway: &Gateway) {
        let wanted = self.seq().map_or(Saved::None, Saved::At);
        if self.saved == wanted {
            return;
        }
        match gateway.keeper.save_session(self.session.as_ref()).await {
            Ok(()) => self.saved = wanted,
            Err(error) => tracing::warn!(%error, "the gateway's session cannot be saved"),
        }
    }

    fn forget(&mut self) {
        self.session = None;
        self.failed_resumes = 0;
    }
}

/// What to do instead of connecting.
enum Held {
    Stopped,
    Fatal(Fatal),
    /// Come back after the back-off.
    Again,
}

impl Gateway {
    /// Runs until `stop` turns true or its sender is gone: then closes so that the session can be resumed, saves it,
    /// and returns. Events go to `events`; when nobody takes them any more, it stops as well.
    ///
    /// # Errors
    /// When Discord refuses for good, or was never reached since the start.
    pub async fn run(self, events: mpsc::Sender<Dispatch>, stop: watch::Receiver<bool>) -> Result<(), Fatal> {
        let mut stop = Stop(stop);
        let mut life = Life::new();
        match self.keeper.session().await {
            Ok(Some(session)) => {
                life.saved = Saved::At(session.seq);
                life.session = Some(session);
            }
            Ok(None) => life.saved = Saved::None,
            Err(error) => tracing::warn!(%error, "the gateway's last session cannot be read"),
        }
        let result = tokio::select! {
            result = self.reconnect(&events, &mut stop, &mut life) => result,
            () = self.rest.token_refused() => Err(Fatal::TokenRefused),
        };
        self.stats.went_away();
        life.save(&self).await;
        result
    }

    async fn reconnect(&self, events: &mpsc::Sender<Dispatch>, stop: &mut Stop, life: &mut Life) -> Result<(), Fatal> {
        let mut back_off = BackOff::new(&self.timings);
        loop {
            if life.ever == Ever::NotYet && life.trying_since.elapsed() >= self.timings.start {
                return Err(Fatal::OutOfReach);
            }
            tokio::select! {
                () = stop.asked() => return Ok(()),
                () = sleep(back_off.next()) => {}
            }
            let held = tokio::select! {
                () = stop.asked() => return Ok(()),
                held = self.connect(events, life) => held,
            };
            (life.live_since, life.reached) = (None, Reached::Nothing);
            let end = match held {
                Ok(socket) => Connection::new(self, events, life, socket).live(stop).await,
                Err(Held::Stopped) => End::Stopped,
                Err(Held::Fatal(fatal)) => End::Fatal(fatal),
                Err(Held::Again) => End::Resume,
            };
            if life.live_since.is_some_and(|since| since.elapsed() >= self.timings.stable) {
                back_off.reset();
            }
            match end {
                End::Stopped => return Ok(()),
                End::Fatal(fatal) => {
                    life.forget();
                    return Err(fatal);
                }
                End::Resume => Self::count_failed_resume(life),
                End::Anew => life.forget(),
                End::AnewLater => {
                    life.forget();
                    let wait = self.timings.invalid_session.mul_f64(rand::rng().random_range(1.0..=5.0));
                    tokio::select! {
                        () = stop.asked() => return Ok(()),
                        () = sleep(wait) => {}
                    }
                }
            }
            life.save(self).await;
        }
    }

    fn count_failed_resume(life: &mut Life) {
        if life.session.is_none() || life.live_since.is_some() {
            return;
        }
        life.failed_resumes += 1;
        let reached = life.reached == Reached::Hello;
        if reached && life.failed_resumes >= RESUME_TRIES {
            tracing::warn!("the session with Discord's gateway cannot be resumed and is given up");
            life.forget();
        }
    }

    async fn connect(&self, events: &mpsc::Sender<Dispatch>, life: &mut Life) -> Result<Socket, Held> {
        let resume_url = life.session.as_ref().filter(|_| life.failed_resumes < RESUME_URL_TRIES);
        let url = resume_url.and_then(|session| self.admissible(&session.resume_url));
        if life.session.is_none() {
            self.await_budget(events, life).await?;
        }
        let url = match url {
            Some(url) => url,
            None => self.main_url().await?,
        };
        open(&url, self.timings.hello).await.ok_or(Held::Again)
    }

    async fn main_url(&self) -> Result<Url, Held> {
        match self.rest.gateway_url().await {
            Ok(url) => self.admissible(&url).ok_or_else(|| {
                tracing::error!("Discord named a gateway that is not encrypted; it is not used");
                Held::Again
            }),
            Err(RestError { kind: RestErrorKind::TokenRefused, .. }) => Err(Held::Fatal(Fatal::TokenRefused)),
            Err(error) => {
                tracing::warn!(%error, "Discord does not say where its gateway is");
                Err(Held::Again)
            }
        }
    }

    /// The URL with what we speak, if it may be used: unencrypted only on this machine, or where Discord's own address
    /// is unencrypted, too (which the configuration allowed).
    fn admissible(&self, url: &str) -> Option<Url> {
        let mut url = Url::parse(url).ok()?;
        let local = match url.host()? {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let plain = local || self.rest.scheme() == "http";
        if url.scheme() != "wss" && !(url.scheme() == "ws" && plain) {
            return None;
        }
        url.set_query(Some("v=10&encoding=json"));
        Some(url)
    }

    /// Waits until an IDENTIFY may be sent: by our own count, and by Discord's when it tells.
    async fn await_budget(&self, events: &mpsc::Sender<Dispatch>, life: &mut Life) -> Result<(), Held> {
        loop {
            let until = match self.budget_frees_at().await {
                Ok(until) => until,
                Err(error) => {
                    tracing::error!(%error, "IDENTIFYs cannot be counted, so none is sent");
                    return Err(Held::Again);
                }
            };
            let until = match until {
                Some(until) => until,
                None => match self.rest.within(LIMIT_PATIENCE).gateway_bot().await {
                    Ok(limit) if limit.remaining == 0 => {
                        self.clock.now() + Duration::from_millis(limit.reset_after).min(IDENTIFY_WINDOW)
                    }
                    Err(RestError { kind: RestErrorKind::TokenRefused, .. }) => {
                        return Err(Held::Fatal(Fatal::TokenRefused));
                    }
                    Ok(_) | Err(_) => return Ok(()),
                },
            };
            tracing::error!(until = until.0, "too many sessions were started lately: the gateway waits");
            if events.send(Dispatch::IdentifyBudgetSpent { until }).await.is_err() {
                return Err(Held::Stopped);
            }
            while self.clock.now() < until {
                sleep(until.since(self.clock.now()).min(LOOK_AGAIN)).await;
            }
            life.trying_since = Instant::now();
        }
    }

    /// When an IDENTIFY may be sent again; `None`: now.
    async fn budget_frees_at(&self) -> Result<Option<Millis>, crate::ledger::LedgerError> {
        let now = self.clock.now();
        let (mut spent, mut free) = (now - IDENTIFY_WINDOW, now + Duration::from_millis(1));
        if self.keeper.identifies_since(spent).await? < IDENTIFY_BUDGET {
            return Ok(None);
        }
        // The first point in time from which on fewer were counted; once it has left the window, one may be sent.
        while free.since(spent) > Duration::from_millis(1) {
            let middle = spent + free.since(spent) / 2;
            if self.keeper.identifies_since(middle).await? < IDENTIFY_BUDGET {
                free = middle;
            } else {
                spent = middle;
            }
        }
        Ok(Some(free + IDENTIFY_WINDOW))
    }
}
