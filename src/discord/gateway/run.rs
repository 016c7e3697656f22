//! The loop around connections: where to connect, when, and whether with a new session.

use std::time::Duration;

use rand::Rng;
use rollcall_telephony::Millis;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use url::{Host, Url};

use super::backoff::BackOff;
use super::connection::Connection;
use super::life::Life;
use super::socket::{End, Socket, open};
use super::{Dispatch, Fatal, Gateway, IDENTIFY_BUDGET, IDENTIFY_WINDOW};
use crate::discord::rest::{RestError, RestErrorKind};
use crate::ledger::LedgerError;

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
            Ok(session) => life.inherit(session),
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
            if life.in_vain_for() >= self.timings.start {
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
            life.begin();
            let end = match held {
                Ok(socket) => Connection::new(self, events, life, socket).live(stop).await,
                Err(Held::Stopped) => End::Stopped,
                Err(Held::Fatal(fatal)) => End::Fatal(fatal),
                Err(Held::Again) => End::Resume,
            };
            if life.live_for().is_some_and(|live| live >= self.timings.stable) {
                back_off.reset();
            }
            match end {
                End::Stopped => return Ok(()),
                End::Fatal(fatal) => {
                    life.forget();
                    return Err(fatal);
                }
                End::Resume => life.count_failed_resume(),
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

    async fn connect(&self, events: &mpsc::Sender<Dispatch>, life: &mut Life) -> Result<Socket, Held> {
        let url = life.resume_url().and_then(|url| self.admissible(url));
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
        match self.rest.within(self.timings.hello).gateway_url().await {
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
            life.waited();
        }
    }

    /// When an IDENTIFY may be sent again; `None`: now.
    async fn budget_frees_at(&self) -> Result<Option<Millis>, LedgerError> {
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
