//! How a list is read, and what becomes of what a read brings.
//!
//! No answer waits here: reads run in tasks of their own, and a list is swapped in whole. What we changed while a
//! read was under way wins over what that read brings, and a later read over an earlier one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use rollcall_telephony::{Effect, Error, ErrorKind, Millis};
use tokio::sync::watch;

use super::kept::{Book, Kept};
use super::listed::{Doubt, Listed, Shown as _};
use super::snapshot;

/// After a failure, autocompletes leave a phone system alone for so long.
const BACK_OFF: Duration = Duration::from_secs(10);

/// A list at least this long that loses more than nine tenths at once is not believed the first time.
const SHRINKS_FROM: usize = 10;

/// How a read ended; `None` while it is under way.
pub(super) type Ended = Option<Result<(), Arc<Error>>>;

/// Whether a list that had so many and has so many left is one that a phone system in trouble sends.
#[must_use]
pub fn lost_nearly_all(had: usize, left: usize) -> bool {
    (left == 0 && had > 0) || (had >= SHRINKS_FROM && left * 10 < had)
}

/// A read that is under way, from its beginning; dropped, it is over, whatever came of it.
struct Begun<T: Listed> {
    kept: Arc<Kept<T>>,
    number: u64,
    at: Millis,
}

impl<T: Listed> Drop for Begun<T> {
    fn drop(&mut self) {
        self.kept.book().meanwhile.remove(&self.number);
    }
}

impl<T: Listed> Kept<T> {
    /// Starts a read that nobody waits for, unless one is under way, the list is fresh, or one failed just now. Outside of
    /// a tokio runtime nothing is read.
    pub(super) fn read_if_stale(self: &Arc<Self>) {
        if !self.is_stale() || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let now = self.clock.now();
        let book = self.book();
        let failed_just_now = |(at, _): &(Millis, String)| *at <= now && now.since(*at) < BACK_OFF;
        // Looked at again: a read may have ended in between.
        if self.is_stale() && book.under_way.is_none() && !book.last_error.as_ref().is_some_and(failed_just_now) {
            self.start(book);
        }
    }

    /// Waits for the read under way; without one, for a new one if the list is stale.
    pub(super) async fn refresh(self: &Arc<Self>) -> Result<(), Arc<Error>> {
        let under_way = {
            let book = self.book();
            match book.under_way.clone() {
                _ if !self.is_stale() => return Ok(()),
                Some(under_way) => under_way,
                None => self.start(book),
            }
        };
        self.end_of(under_way).await
    }

    /// Waits for a list that was asked for at that time or later; of reads that fail, for one only.
    pub(super) async fn refresh_since(self: &Arc<Self>, since: Millis) -> Result<(), Arc<Error>> {
        let is_new = || self.list.load().taken_at().is_some_and(|at| at >= since);
        let earlier = self.book().under_way.clone();
        if let Some(earlier) = earlier {
            self.end_of(earlier).await?;
        }
        let under_way = {
            let book = self.book();
            match book.under_way.clone() {
                _ if is_new() => return Ok(()),
                Some(under_way) => under_way,
                None => self.start(book),
            }
        };
        self.end_of(under_way).await
    }

    /// Reads the list now, whatever is under way, for whoever acts on it: all that was sent, be it believed here or not.
    pub(super) async fn read_now(self: &Arc<Self>) -> Result<T::Sent, Error> {
        let begun = self.begin(&mut self.book());
        let sent = match T::read(&*self.reading).await {
            Ok(sent) => sent,
            Err(error) => {
                self.failed(&begun, &error);
                return Err(error);
            }
        };
        if let Ok(list) = lay_out::<T>(sent.clone(), begun.at).await
            && let Some(list) = self.accept(&begun, list)
        {
            let kept = Arc::clone(self);
            tokio::spawn(async move { kept.keep(list).await });
        }
        Ok(sent)
    }

    async fn end_of(&self, mut under_way: watch::Receiver<Ended>) -> Result<(), Arc<Error>> {
        match under_way.wait_for(Option::is_some).await.map(|ended| ended.clone()) {
            Ok(Some(ended)) => ended,
            Ok(None) | Err(_) => Err(Arc::new(self.broke_off())),
        }
    }

    fn begin(self: &Arc<Self>, book: &mut Book<T>) -> Begun<T> {
        book.begun += 1;
        book.meanwhile.insert(book.begun, HashMap::new());
        Begun { kept: Arc::clone(self), number: book.begun, at: self.clock.now() }
    }

    fn start(self: &Arc<Self>, mut book: MutexGuard<'_, Book<T>>) -> watch::Receiver<Ended> {
        let (end, under_way) = watch::channel(None);
        book.under_way = Some(under_way.clone());
        let begun = self.begin(&mut book);
        // A runtime that is ending drops the task at once, and the read with it, which takes the book.
        drop(book);
        tokio::spawn(self.clone().read(begun, end));
        under_way
    }

    async fn read(self: Arc<Self>, begun: Begun<T>, end: watch::Sender<Ended>) {
        let reading = self.reading.clone();
        // In a task of its own, so that a panic in there ends the read and not the reader.
        let answer = match tokio::spawn(async move { T::read(&*reading).await }).await {
            Ok(answer) => answer,
            Err(_) => Err(self.broke_off()),
        };
        let read = match answer {
            Ok(sent) => lay_out::<T>(sent, begun.at).await.map_err(|_| self.broke_off()),
            Err(error) => Err(error),
        };
        let accepted = match read {
            Ok(list) => Ok(self.accept(&begun, list)),
            Err(error) => {
                self.failed(&begun, &error);
                Err(Arc::new(error))
            }
        };
        drop(begun);
        self.book().under_way = None;
        end.send_replace(Some(accepted.as_ref().map(|_| ()).map_err(Arc::clone)));
        if let Ok(Some(list)) = accepted {
            self.keep(list).await;
        }
    }

    /// Shows a list that was read, with those that are remembered, and answers it without them. `None`: it is not shown,
    /// as a later read was faster, or as it shrank too much and no two reads in a row brought the same.
    fn accept(&self, begun: &Begun<T>, read: T::Shown) -> Option<Arc<T::Shown>> {
        let mut book = self.book();
        let meanwhile = book.meanwhile.remove(&begun.number).unwrap_or_default();
        if begun.number < book.shown {
            return None;
        }
        let list = self.list();
        let beside =
            book.remembered.keys().filter_map(|id| list.get(id)).filter(|shown| book.is_remembered(shown)).count();
        let (had, sent) = (list.count() - beside, read.count());
        let shrank = match T::doubt(&*self.reading) {
            Doubt::Shrunk => lost_nearly_all(had, sent),
            Doubt::Never => false,
        };
        let ids = shrank.then(|| read.items().map(|item| item.id().clone()).collect::<BTreeSet<_>>());
        if ids.is_some() && book.doubted != ids {
            let (connection, word) = (self.reading.connection(), T::OF);
            tracing::warn!(phone.system = %connection, sent, had, "the list of {word} shrank: the old one is kept");
            let why = format!("{connection} sent {sent} {word}, it had {had}: kept the old list");
            book.last_error = Some((self.clock.now(), why));
            book.doubted = ids;
            return None;
        }
        book.doubted = None;
        book.last_error = None;
        book.shown = begun.number;
        let list = Arc::new(meanwhile.into_iter().fold(read, |list, (id, item)| match item {
            Some(item) => list.with(item),
            None => list.without(&id),
        }));
        self.list.store(Arc::new(list.with_missing(book.remembered.values())));
        Some(list)
    }

    fn failed(&self, begun: &Begun<T>, error: &Error) {
        let mut book = self.book();
        if begun.number < book.shown {
            // A later read went well: nobody has to wait before the next.
            return;
        }
        // A doubt is confirmed by the very next list: an outage between the two proves nothing either way.
        let sentence = error.to_string();
        if book.last_error.as_ref().is_none_or(|(_, last)| *last != sentence) {
            let (connection, word) = (self.reading.connection(), T::OF);
            tracing::warn!(phone.system = %connection, error = %sentence, "the list of {word} could not be read");
        }
        book.last_error = Some((self.clock.now(), sentence));
    }

    async fn keep(&self, list: Arc<T::Shown>) {
        let (Some(taken_at), Ok(_turn)) = (list.taken_at(), self.keeping.try_lock()) else {
            // The one before is still being kept; the next read's will be.
            return;
        };
        let connection = self.reading.connection();
        T::tell(&list, taken_at, connection, &*self.keeper).await;
        let reading = self.reading.clone();
        let word = T::OF;
        match tokio::task::spawn_blocking(move || snapshot::write::<T>(&list, &*reading)).await {
            Ok(Ok(body)) => self.keeper.keep(connection, T::OF, taken_at, body).await,
            Ok(Err(error)) => {
                tracing::error!(phone.system = %connection, %error, "no snapshot of the {word} could be written");
            }
            Err(_) => tracing::error!(phone.system = %connection, "writing a snapshot of the {word} broke off"),
        }
    }

    fn broke_off(&self) -> Error {
        Error {
            connection: self.reading.connection().clone(),
            operation: T::OF.reading(),
            kind: ErrorKind::Unreachable("the read broke off".into()),
            effect: Effect::None,
            source: None,
        }
    }
}

/// Off the runtime's threads: ten thousand agents take some milliseconds.
async fn lay_out<T: Listed>(sent: T::Sent, began: Millis) -> Result<T::Shown, tokio::task::JoinError> {
    tokio::task::spawn_blocking(move || T::Shown::new(T::listed(sent).into_iter().map(Arc::new), Some(began))).await
}
