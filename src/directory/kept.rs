//! One list of one connection: what it shows, and what is noted beside it. What it is a list of is not known here, and how
//! it is read is in `reads`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use rollcall_telephony::{Clock, Millis, Reading};
use tokio::sync::watch;

use super::listed::{Keeper, Listed, Shown as _};
use super::reads::Ended;
use super::{Activity, Status, snapshot};

/// One list of one connection.
pub(super) struct Kept<T: Listed> {
    pub(super) reading: Arc<dyn Reading>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keeper: Arc<dyn Keeper>,
    refresh: Duration,
    pub(super) list: ArcSwap<T::Shown>,
    book: Mutex<Book<T>>,
    /// Held while a snapshot is being kept: one at a time.
    pub(super) keeping: tokio::sync::Mutex<()>,
}

/// What changes together with the list.
pub(super) struct Book<T: Listed> {
    /// The read that whoever finds the list stale shares.
    pub(super) under_way: Option<watch::Receiver<Ended>>,
    /// How many reads have begun: the number of the last one.
    pub(super) begun: u64,
    /// The read that brought what is shown; 0 before there was one.
    pub(super) shown: u64,
    /// For each read under way, what we changed since it began; `None` for what is gone.
    pub(super) meanwhile: BTreeMap<u64, HashMap<T::Id, Option<Arc<T>>>>,
    /// Those that are known to exist, whether the list holds them or not; where it does not, they are shown beside it.
    pub(super) remembered: BTreeMap<T::Id, Arc<T>>,
    /// The ids of a list that shrank too much to be believed.
    pub(super) doubted: Option<BTreeSet<T::Id>>,
    pub(super) last_error: Option<(Millis, String)>,
}

impl<T: Listed> Default for Book<T> {
    fn default() -> Self {
        Self {
            under_way: None,
            begun: 0,
            shown: 0,
            meanwhile: BTreeMap::new(),
            remembered: BTreeMap::new(),
            doubted: None,
            last_error: None,
        }
    }
}

impl<T: Listed> Book<T> {
    /// Whether one is shown only because it is remembered.
    pub(super) fn is_remembered(&self, shown: &Arc<T>) -> bool {
        self.remembered.get(shown.id()).is_some_and(|known| Arc::ptr_eq(known, shown))
    }

    /// Notes a change of ours for the reads under way.
    fn changed(&mut self, id: &T::Id, to: Option<&Arc<T>>) {
        for changes in self.meanwhile.values_mut() {
            changes.insert(id.clone(), to.cloned());
        }
    }
}

impl<T: Listed> Kept<T> {
    pub(super) fn new(
        reading: Arc<dyn Reading>,
        clock: Arc<dyn Clock>,
        keeper: Arc<dyn Keeper>,
        refresh: Duration,
    ) -> Self {
        let (list, book, keeping) = (ArcSwap::default(), Mutex::default(), tokio::sync::Mutex::default());
        Self { reading, clock, keeper, refresh, list, book, keeping }
    }

    pub(super) fn list(&self) -> Arc<T::Shown> {
        self.list.load_full()
    }

    pub(super) fn is_stale(&self) -> bool {
        let now = self.clock.now();
        // A list from the future was read before the clock was set back: how old it is cannot be told.
        self.list.load().taken_at().is_none_or(|at| at > now || now.since(at) > self.refresh)
    }

    pub(super) fn status(&self) -> Status {
        let book = self.book();
        let list = self.list.load();
        Status {
            connection: self.reading.connection().clone(),
            count: list.count(),
            taken_at: list.taken_at(),
            last_error: book.last_error.clone(),
            activity: if book.under_way.is_some() { Activity::Reading } else { Activity::Idle },
        }
    }

    /// Takes up a list that was kept; one that was read already stays.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub(super) fn restore(&self, taken_at: Millis, body: &str) -> Result<(), String> {
        let kept = T::Shown::new(snapshot::read::<T>(body)?.into_iter().map(Arc::new), Some(taken_at));
        let book = self.book();
        let now = self.list();
        if now.taken_at().is_none() {
            // Without a list of its own, all that is shown is what we put there; what is only remembered gives way.
            let put = now.items().filter(|item| !book.is_remembered(item));
            let list = put.fold(kept, |list, item| list.with(item));
            self.list.store(Arc::new(list.with_missing(book.remembered.values())));
        }
        Ok(())
    }

    pub(super) fn put(&self, item: T) {
        let item = Arc::new(item);
        let mut book = self.book();
        let list = self.list();
        if list.get(item.id()).is_some_and(|shown| book.is_remembered(&shown)) {
            // It is known better now, and is as little a part of the list as before.
            book.remembered.insert(item.id().clone(), item.clone());
        } else {
            book.changed(item.id(), Some(&item));
        }
        self.list.store(Arc::new(list.with(item)));
    }

    pub(super) fn remember(&self, known: T) {
        let known = Arc::new(known);
        let mut book = self.book();
        let list = self.list();
        if list.get(known.id()).is_none_or(|shown| book.is_remembered(&shown)) {
            self.list.store(Arc::new(list.with(known.clone())));
        }
        book.remembered.insert(known.id().clone(), known);
    }

    pub(super) fn forget(&self, id: &T::Id) {
        let mut book = self.book();
        book.changed(id, None);
        book.remembered.remove(id);
        self.list.store(Arc::new(self.list().without(id)));
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book<T>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
