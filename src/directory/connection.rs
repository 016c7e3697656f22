//! One connection: the list it shows, and the one read that may be under way.
//!
//! No answer waits here: reads run in tasks of their own, and a list is swapped in whole. What we changed while a
//! read was under way wins over what that read brings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use rollcall_telephony::{Ability, Agent, AgentId, AgentState, Clock, Effect, Error, ErrorKind, Millis, Reading};
use tokio::sync::watch;

use super::list::List;
use super::{Activity, Keeper, Status, snapshot};

/// After a failure, autocompletes leave a phone system alone for so long.
const BACK_OFF: Duration = Duration::from_secs(10);

/// A list at least this long that loses more than nine tenths at once is not believed the first time.
const SHRINKS_FROM: usize = 10;

/// How a read ended; `None` while it is under way.
type Ended = Option<Result<(), Arc<Error>>>;

/// One connection's part of the directory.
pub(super) struct Connection {
    reading: Arc<dyn Reading>,
    clock: Arc<dyn Clock>,
    keeper: Arc<dyn Keeper>,
    refresh: Duration,
    list: ArcSwap<List>,
    book: Mutex<Book>,
    /// Held while a snapshot is being kept: one at a time.
    keeping: tokio::sync::Mutex<()>,
}

/// What changes together with the list.
#[derive(Default)]
struct Book {
    under_way: Option<watch::Receiver<Ended>>,
    /// What we changed since the read under way began; `None` for an agent that is gone.
    meanwhile: HashMap<AgentId, Option<Arc<Agent>>>,
    /// Agents that are known to exist, whether the list holds them or not; where it does not, they are shown beside it.
    remembered: BTreeMap<AgentId, Arc<Agent>>,
    /// The ids of a list that shrank too much to be believed.
    doubted: Option<BTreeSet<AgentId>>,
    last_error: Option<(Millis, String)>,
}

impl Book {
    /// Whether an agent is shown only because it is remembered.
    fn is_remembered(&self, shown: &Arc<Agent>) -> bool {
        self.remembered.get(&shown.id).is_some_and(|known| Arc::ptr_eq(known, shown))
    }
}

impl Connection {
    pub(super) fn new(
        reading: Arc<dyn Reading>,
        clock: Arc<dyn Clock>,
        keeper: Arc<dyn Keeper>,
        refresh: Duration,
    ) -> Self {
        let (list, book, keeping) = (ArcSwap::default(), Mutex::default(), tokio::sync::Mutex::default());
        Self { reading, clock, keeper, refresh, list, book, keeping }
    }

    pub(super) fn list(&self) -> Arc<List> {
        self.list.load_full()
    }

    pub(super) fn is_stale(&self) -> bool {
        let now = self.clock.now();
        // A list from the future was read before the clock was set back: how old it is cannot be told.
        self.list.load().taken_at.is_none_or(|at| at > now || now.since(at) > self.refresh)
    }

    pub(super) fn status(&self) -> Status {
        let book = self.book();
        let list = self.list.load();
        Status {
            connection: self.reading.connection().clone(),
            agents: list.len(),
            taken_at: list.taken_at,
            last_error: book.last_error.clone(),
            activity: if book.under_way.is_some() { Activity::Reading } else { Activity::Idle },
        }
    }

    pub(super) fn restore(&self, taken_at: Millis, agents: Vec<Agent>) {
        let kept = List::new(agents.into_iter().map(Arc::new), Some(taken_at));
        let book = self.book();
        let now = self.list();
        if now.taken_at.is_none() {
            // Without a list of its own, all that is shown is what we put there; what is only remembered gives way.
            let put = now.agents().filter(|agent| !book.is_remembered(agent));
            let list = put.fold(kept, |list, agent| list.with(agent));
            self.list.store(Arc::new(list.with_missing(book.remembered.values())));
        }
    }

    pub(super) fn put(&self, agent: Agent) {
        let agent = Arc::new(agent);
        let mut book = self.book();
        let list = self.list();
        if list.get(&agent.id).is_some_and(|shown| book.is_remembered(&shown)) {
            // It is known better now, and is as little a part of the list as before.
            book.remembered.insert(agent.id.clone(), agent.clone());
        } else if book.under_way.is_some() {
            book.meanwhile.insert(agent.id.clone(), Some(agent.clone()));
        }
        self.list.store(Arc::new(list.with(agent)));
    }

    pub(super) fn remember(&self, known: Agent) {
        let known = Arc::new(known);
        let mut book = self.book();
        let list = self.list();
        if list.get(&known.id).is_none_or(|shown| book.is_remembered(&shown)) {
            self.list.store(Arc::new(list.with(known.clone())));
        }
        book.remembered.insert(known.id.clone(), known);
    }

    pub(super) fn forget(&self, id: &AgentId) {
        let mut book = self.book();
        if book.under_way.is_some() {
            book.meanwhile.insert(id.clone(), None);
        }
        book.remembered.remove(id);
        self.list.store(Arc::new(self.list().without(id)));
    }

    /// Starts a read that nobody waits for, unless one is under way, the list is fresh, or one failed just now.
    pub(super) fn read_if_stale(self: &Arc<Self>) {
        if !self.is_stale() {
            return;
        }
        let now = self.clock.now();
        let mut book = self.book();
        let failed_just_now = |(at, _): &(Millis, String)| *at <= now && now.since(*at) < BACK_OFF;
        // Looked at again: a read may have ended in between.
        if self.is_stale() && book.under_way.is_none() && !book.last_error.as_ref().is_some_and(failed_just_now) {
            self.start(&mut book);
        }
    }

    /// Waits for the read under way; without one, for a new one if the list is stale.
    pub(super) async fn refresh(self: &Arc<Self>) -> Result<(), Arc<Error>> {
        let under_way = {
            let mut book = self.book();
            match book.under_way.clone() {
                _ if !self.is_stale() => return Ok(()),
                Some(under_way) => under_way,
                None => self.start(&mut book),
            }
        };
        self.end_of(under_way).await
    }

    async fn end_of(&self, mut under_way: watch::Receiver<Ended>) -> Result<(), Arc<Error>> {
        match under_way.wait_for(Option::is_some).await.map(|ended| ended.clone()) {
            Ok(Some(ended)) => ended,
            Ok(None) | Err(_) => Err(Arc::new(self.broke_off())),
        }
    }

    fn start(self: &Arc<Self>, book: &mut Book) -> watch::Receiver<Ended> {
        let (end, under_way) = watch::channel(None);
        book.meanwhile.clear();
        book.under_way = Some(under_way.clone());
        tokio::spawn(self.clone().read(self.clock.now(), end));
        under_way
    }

    async fn read(self: Arc<Self>, began: Millis, end: watch::Sender<Ended>) {
        let reading = self.reading.clone();
        // In a task of its own, so that a panic in there ends the read and not the reader.
        let answer = match tokio::spawn(async move { reading.agents().await }).await {
            Ok(answer) => answer,
            Err(_) => Err(self.broke_off()),
        };
        let read = match answer {
            Ok(agents) => lay_out(agents, began).await.map_err(|_| self.broke_off()),
            Err(error) => Err(error),
        };
        let accepted = match read {
            Ok(list) => self.accept(list),
            Err(error) => Err(Some(error)),
        };
        match accepted {
            Ok(list) => {
                end.send_replace(Some(Ok(())));
                self.keep(list).await;
            }
            Err(None) => {
                end.send_replace(Some(Ok(())));
            }
            Err(Some(error)) => {
                self.failed(&error);
                end.send_replace(Some(Err(Arc::new(error))));
            }
        }
    }

    /// Shows a list that was read, with those that are remembered, and answers it without them; not one that shrank too much, unless two reads in a row brought the same agents.
    fn accept(&self, read: List) -> Result<Arc<List>, Option<Error>> {
        let mut book = self.book();
        book.under_way = None;
        let meanwhile = std::mem::take(&mut book.meanwhile);
        let list = self.list();
        let beside =
            book.remembered.keys().filter_map(|id| list.get(id)).filter(|shown| book.is_remembered(shown)).count();
        let (had, sent) = (list.len() - beside, read.len());
        // Where the list is that of the settings, it is right however short.
        let doubtable = self.reading.abilities().has(Ability::ListAgents);
        let shrank = doubtable && ((sent == 0 && had > 0) || (had >= SHRINKS_FROM && sent * 10 < had));
        let ids = shrank.then(|| read.agents().map(|a| a.id.clone()).collect::<BTreeSet<_>>());
        if ids.is_some() && book.doubted != ids {
            let connection = self.reading.connection();
            tracing::warn!(phone.system = %connection, sent, had, "the list of agents shrank: the old one is kept");
            let why = format!("{connection} sent {sent} agents, it had {had}: kept the old list");
            book.last_error = Some((self.clock.now(), why));
            book.doubted = ids;
            return Err(None);
        }
        book.doubted = None;
        book.last_error = None;
        let list = Arc::new(meanwhile.into_iter().fold(read, |list, (id, agent)| match agent {
            Some(agent) => list.with(agent),
            None => list.without(&id),
        }));
        self.list.store(Arc::new(list.with_missing(book.remembered.values())));
        Ok(list)
    }

    fn failed(&self, error: &Error) {
        let mut book = self.book();
        book.under_way = None;
        book.meanwhile.clear();
        // A doubt is confirmed by the very next list: an outage between the two proves nothing either way.
        let sentence = error.to_string();
        if book.last_error.as_ref().is_none_or(|(_, last)| *last != sentence) {
            let connection = self.reading.connection();
            tracing::warn!(phone.system = %connection, error = %sentence, "the list of agents could not be read");
        }
        book.last_error = Some((self.clock.now(), sentence));
    }

    async fn keep(&self, list: Arc<List>) {
        let (Some(taken_at), Ok(_turn)) = (list.taken_at, self.keeping.try_lock()) else {
            // The one before is still being kept; the next read's will be.
            return;
        };
        let connection = self.reading.connection();
        let disabled: Vec<AgentId> =
            list.agents().filter(|agent| agent.state == AgentState::Disabled).map(|agent| agent.id.clone()).collect();
        match tokio::task::spawn_blocking(move || snapshot::write(list.agents())).await {
            Ok(Ok(body)) => self.keeper.keep(connection, taken_at, body, &disabled).await,
            Ok(Err(error)) => tracing::error!(phone.system = %connection, %error, "no snapshot could be written"),
            Err(_) => tracing::error!(phone.system = %connection, "writing a snapshot broke off"),
        }
    }

    fn broke_off(&self) -> Error {
        Error {
            connection: self.reading.connection().clone(),
            operation: "listing agents",
            kind: ErrorKind::Unreachable("the read broke off".into()),
            effect: Effect::None,
            source: None,
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Off the runtime's threads: ten thousand agents take some milliseconds.
async fn lay_out(agents: Vec<Agent>, began: Millis) -> Result<List, tokio::task::JoinError> {
    tokio::task::spawn_blocking(move || List::new(agents.into_iter().map(Arc::new), Some(began))).await
}
