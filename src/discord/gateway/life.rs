//! What outlives a connection: the session, and how resuming it went so far.

use std::time::Duration;

use tokio::time::Instant;

use super::{Dispatch, Gateway};
use crate::ledger::GatewaySession;

/// Failed resumes at Discord's resume URL before the main one is tried: a stale one must not trap us.
const RESUME_URL_TRIES: u32 = 3;
/// Failed resumes before the session is given up, if Discord was reached.
const RESUME_TRIES: u32 = 6;
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
    /// A READY that could not be handed on.
    pub(super) owed: Option<Dispatch>,
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
    pub(super) fn new() -> Self {
        Self {
            session: None,
            saved: Saved::Stale,
            failed_resumes: 0,
            live_since: None,
            ever: Ever::NotYet,
            reached: Reached::Nothing,
            trying_since: Instant::now(),
            owed: None,
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

    /// Notes that a connection ended before the session it was to resume was live.
    pub(super) fn count_failed_resume(&mut self) {
        if self.session.is_none() || self.live_since.is_some() {
            return;
        }
        self.failed_resumes += 1;
        if self.reached == Reached::Hello && self.failed_resumes >= RESUME_TRIES {
            tracing::warn!("the session with Discord's gateway cannot be resumed and is given up");
            self.forget();
        }
    }

    /// Where to resume, unless that failed too often.
    pub(super) fn resume_url(&self) -> Option<&str> {
        let session = self.session.as_ref().filter(|_| self.failed_resumes < RESUME_URL_TRIES)?;
        Some(session.resume_url.as_str()).filter(|url| !url.is_empty())
    }

    /// Takes over the session that an earlier process left.
    pub(super) fn inherit(&mut self, session: Option<GatewaySession>) {
        self.saved = session.as_ref().map_or(Saved::None, |session| Saved::At(session.seq));
        self.session = session;
    }

    /// Notes that a new connection is tried.
    pub(super) const fn begin(&mut self) {
        (self.live_since, self.reached) = (None, Reached::Nothing);
    }

    /// For how long the session has been live on this connection.
    pub(super) fn live_for(&self) -> Option<Duration> {
        self.live_since.map(|since| since.elapsed())
    }

    /// For how long this process has been trying in vain; zero once it was connected.
    pub(super) fn in_vain_for(&self) -> Duration {
        match self.ever {
            Ever::NotYet => self.trying_since.elapsed(),
            Ever::Live => Duration::ZERO,
        }
    }

    /// Notes a wait that was not in vain.
    pub(super) fn waited(&mut self) {
        self.trying_since = Instant::now();
    }

    pub(super) fn forget(&mut self) {
        self.session = None;
        self.failed_resumes = 0;
    }
}
