//! Approvals: acts that a second person confirms, from the request to its settled card.
//!
//! People's reactions and presses are written down as ballots (`ballots.rs`); one function weighs them (`weigh.rs`), and
//! the ledger's claim turns a request into an act, once. From there on it is carried out as any other act
//! (`desk/journal.rs`). Cards, reminders and other messages are Discord's side and not known here: they are copies in
//! the ledger, which the courier brings up to date.

mod ask;
mod ballots;
mod card;
mod guild;
mod known;
mod list;
mod settle;
mod subject;
mod tend;
mod value;
mod votes;
mod weigh;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rollcall_telephony::Millis;
use serenity::model::id::ChannelId;
use tokio::sync::Notify;
use tokio::time::Instant;

pub(super) use self::ask::Asking;
pub use self::ballots::{Emoji, Fate, Reaction, Weight};
pub use self::card::RequestCard;
pub use self::guild::{Guild, GuildError, Member, Nature, Ours, Posting, Reactions, Under};
pub use self::known::KnownRequest;
pub use self::list::{REQUESTS_A_PAGE, Requests, Showing, Whose};
pub(super) use self::subject::Subject;
pub use self::tend::{Absence, Looked, Stray};
pub use self::value::{NotCounted, RequestTold, Settled, Terms, VoidWhy};
pub use self::votes::Heard;
use crate::config;
use crate::ledger::{Request, RequestId};

/// What the desk keeps in hand for approvals.
pub(super) struct Approvals {
    /// The settings.
    pub(super) rules: config::Approvals,
    /// Where cards are posted.
    pub(super) channel: Option<ChannelId>,
    /// Wakes whoever tends to requests.
    pub(super) moved: Notify,
    /// Tells that a copy's message is known.
    posted: Notify,
    /// One weighing at a time for each request.
    locks: Mutex<HashMap<RequestId, Arc<tokio::sync::Mutex<()>>>>,
    /// Requests for which somebody did not answer: how often, and when they are weighed again, by a clock that nobody
    /// sets.
    waiting: Mutex<HashMap<RequestId, (u32, Instant)>>,
    /// How far what happens is known.
    presence: Mutex<Presence>,
    /// When this process began, by the wall clock; never before the last beat of an earlier one.
    began: Millis,
    /// What autocomplete offers.
    known: Mutex<known::Known>,
    /// When pending requests expire by a clock that nobody sets: one that is set back must not give more time.
    deadlines: Mutex<HashMap<RequestId, Instant>>,
}

/// How far the bot knows what happened under the cards.
struct Presence {
    /// Up to here, everything.
    known_until: Millis,
    /// The same by a clock that nobody sets, or when this process began: one that is set back must not shorten an absence.
    known_at: Instant,
    /// Whether what happens now is told.
    told: Told,
}

/// Whether the gateway tells what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It does not: the connection is not whole.
    NotYet,
    /// It does; what was missed before is being looked up.
    FromNow,
    /// It does, and nothing was missed.
    All,
}

impl Approvals {
    /// `beat`: when the bot was connected last, as the ledger has it.
    pub(super) fn new(rules: config::Approvals, channel: Option<ChannelId>, beat: Option<Millis>, now: Millis) -> Self {
        let connected = beat.unwrap_or(now);
        Self {
            rules,
            channel,
            moved: Notify::new(),
            posted: Notify::new(),
            locks: Mutex::default(),
            waiting: Mutex::default(),
            presence: Mutex::new(Presence { known_until: connected, known_at: Instant::now(), told: Told::NotYet }),
            began: connected.max(now),
            known: Mutex::default(),
            deadlines: Mutex::default(),
        }
    }

    /// Whether a request's time is over: by the wall clock, or by one that nobody sets.
    fn is_over(&self, request: &Request, now: Millis) -> bool {
        if now >= request.expires_at {
            return true;
        }
        let mut deadlines = self.deadlines.lock().unwrap_or_else(PoisonError::into_inner);
        let deadline = deadlines.entry(request.id).or_insert_with(|| {
            let from = if request.created_at < self.began { self.began.max(now) } else { now.max(request.created_at) };
            Instant::now() + request.expires_at.since(from)
        });
        Instant::now() >= *deadline
    }

    /// Nothing more is kept in hand for a request that is decided.
    fn let_go(&self, id: RequestId) {
        self.waits_no_more(id);
        self.deadlines.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn lock_of(&self, id: RequestId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody holds are of no use any more.
        locks.retain(|other, lock| *other == id || Arc::strong_count(lock) > 1);
        Arc::clone(locks.entry(id).or_default())
    }

    /// Somebody did not answer (again); after how long it is weighed again.
    fn waits(&self, id: RequestId, at_most: Duration) -> Duration {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (tries, at) = waiting.entry(id).or_insert_with(|| (0, Instant::now()));
        *tries = tries.saturating_add(1);
        let pause = Duration::from_secs(2u64.saturating_pow((*tries).min(10))).min(at_most);
        *at = Instant::now() + pause;
        pause
    }

    fn waits_no_more(&self, id: RequestId) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// In how long it is weighed again; zero: it is time. `None`: it does not wait for anybody.
    fn waiting(&self, id: RequestId) -> Option<Duration> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get(&id).map(|(_, at)| at.saturating_duration_since(Instant::now()))
    }

    /// Until when everything that happened is known, and whether what happens is being told.
    fn presence(&self) -> MutexGuard<'_, Presence> {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
