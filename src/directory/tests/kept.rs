//! What holds for every list, played with each kind: how reads are shared, doubted, overtaken and kept.

use std::fmt::Debug;

use super::*;
use crate::directory::kept::Kept;
use crate::directory::listed::{Listed, Shown as _};

/// A kind of list that these tests are played with.
trait Kind: Listed + PartialEq + Debug {
    /// The n-th one under this name.
    fn called(n: usize, name: &str) -> Self;
    /// What people call it.
    fn word(&self) -> &str;
    fn kept(house: &House) -> Arc<Kept<Self>>;
    fn asks(house: &mut House) -> &mut UnboundedReceiver<Question<Self>>;

    fn some(count: usize) -> Vec<Self> {
        (0..count).map(|n| Self::called(n, &format!("anna.koval{n}"))).collect()
    }
}

impl Kind for Agent {
    fn called(n: usize, name: &str) -> Self {
        person(n, name)
    }

    fn word(&self) -> &str {
        &self.login
    }

    fn kept(house: &House) -> Arc<Kept<Self>> {
        house.directory.agents_on(&house.mediatel).unwrap().clone()
    }

    fn asks(house: &mut House) -> &mut UnboundedReceiver<Question<Self>> {
        &mut house.asks
    }
}

impl Kind for Extension {
    fn called(n: usize, name: &str) -> Self {
        extension(i64::try_from(n).unwrap() + 1, name)
    }

    fn word(&self) -> &str {
        &self.name
    }

    fn kept(house: &House) -> Arc<Kept<Self>> {
        house.directory.extensions_of(&house.mediatel).unwrap().clone()
    }

    fn asks(house: &mut House) -> &mut UnboundedReceiver<Question<Self>> {
        &mut house.extension_asks
    }
}

/// A list of one kind, and the house that it is in.
struct Shown<T: Kind> {
    house: House,
    kept: Arc<Kept<T>>,
}

impl<T: Kind> Shown<T> {
    fn new() -> Self {
        let house = House::new();
        let kept = T::kept(&house);
        Self { house, kept }
    }

    /// The question that comes, or came already.
    async fn question(&mut self) -> Question<T> {
        T::asks(&mut self.house).recv().await.expect("a question")
    }

    /// A refresh from its question to its end.
    async fn reads(&mut self, answer: Answer<T>) -> Result<(), Arc<Error>> {
        let kept = self.kept.clone();
        let answers = async { self.question().await.send(answer).expect("somebody waits") };
        tokio::join!(kept.refresh(), answers).0
    }

    /// The same, when it is due.
    async fn reads_again(&mut self, answer: Answer<T>) -> Result<(), Arc<Error>> {
        self.house.clock.passes(REFRESH * 2);
        self.reads(answer).await
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.kept.list().items().map(|item| item.word().to_owned()).collect();
        names.sort();
        names
    }

    fn count(&self) -> usize {
        self.kept.list().count()
    }

    fn last_error(&self) -> Option<String> {
        self.kept.status().last_error.map(|(_, why)| why)
    }
}

/// Plays each with agents and with extensions.
macro_rules! with_each_kind {
    ($($test:ident),* $(,)?) => {
        mod agents {
            $(#[tokio::test] async fn $test() { super::$test::<rollcall_telephony::Agent>().await; })*
        }
        mod extensions {
            $(#[tokio::test] async fn $test() { super::$test::<rollcall_telephony::Extension>().await; })*
        }
    };
}

with_each_kind!(
    refreshes_share_one_read,
    a_failed_read_keeps_the_list_and_holds_keystrokes_back,
    a_clock_that_was_set_back_makes_a_list_stale,
    a_list_that_shrinks_too_much_is_believed_the_second_time,
    another_shrunken_list_is_doubted_anew_and_smaller_losses_are_believed,
    a_list_is_read_anew_for_who_is_about_to_say_no,
    what_we_did_during_a_read_wins_over_what_it_brings,
    whoever_acts_is_told_what_was_sent_whatever_is_believed,
    a_later_read_wins_over_an_earlier_one,
    an_earlier_read_that_fails_takes_nothing_back,
    whoever_gives_up_reading_leaves_the_list_as_it_was,
    a_kept_list_answers_after_a_restart,
    a_spoilt_snapshot_is_refused_and_changes_nothing,
    a_read_that_breaks_off_is_a_failure_like_others,
    whoever_stops_waiting_does_not_stop_the_read,
);

async fn refreshes_share_one_read<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    kept.read_if_stale();
    let answers = async { shown.question().await.send(Ok(T::some(2))).unwrap() };
    let (a, b, ()) = tokio::join!(kept.refresh(), kept.refresh(), answers);
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(shown.count(), 2);
    kept.refresh().await.unwrap();
    assert!(shown.house.is_silent(), "a fresh list is not read again");
}

async fn a_failed_read_keeps_the_list_and_holds_keystrokes_back<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(12))).await.unwrap();
    let error = shown.reads_again(Err(unreachable())).await.unwrap_err();
    assert_eq!(error.to_string(), "mediatel could not be reached: no answer within 10 s");
    assert_eq!(shown.last_error().unwrap(), error.to_string());
    assert_eq!(shown.kept.list().taken_at(), Some(Millis(START)));

    for _ in 0..3 {
        shown.kept.read_if_stale();
        assert_eq!(shown.count(), 12);
        shown.house.clock.passes(Duration::from_secs(3));
    }
    assert!(shown.house.is_silent());
    shown.house.clock.passes(Duration::from_secs(1));
    shown.kept.read_if_stale();
    assert_eq!(shown.kept.status().activity, Activity::Reading);
    shown.reads(Ok(T::some(12))).await.unwrap();
    assert_eq!(shown.last_error(), None);
}

async fn a_clock_that_was_set_back_makes_a_list_stale<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(2))).await.unwrap();
    shown.house.clock.0.store(START - 3_600_000, Ordering::SeqCst);
    shown.kept.read_if_stale();
    assert_eq!(shown.kept.status().activity, Activity::Reading);
    shown.reads(Ok(T::some(3))).await.unwrap();
    assert_eq!(shown.count(), 3);
}

async fn a_list_that_shrinks_too_much_is_believed_the_second_time<T: Kind>() {
    for (had, sent) in [(412, 0), (3, 0), (412, 41), (11, 1)] {
        let mut shown = Shown::<T>::new();
        shown.reads(Ok(T::some(had))).await.unwrap();
        shown.reads_again(Ok(T::some(sent))).await.unwrap();
        assert_eq!(shown.count(), had);
        let why = format!("mediatel sent {sent} {}, it had {had}: kept the old list", T::OF);
        assert_eq!(shown.last_error(), Some(why));
        shown.reads(Err(unreachable())).await.unwrap_err();
        shown.reads(Ok(T::some(sent))).await.unwrap();
        assert_eq!((shown.count(), shown.last_error()), (sent, None));
    }
}

async fn another_shrunken_list_is_doubted_anew_and_smaller_losses_are_believed<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(100))).await.unwrap();
    for shrunken in [vec![], T::some(5), vec![T::called(7, "x.y")]] {
        shown.reads_again(Ok(shrunken)).await.unwrap();
        assert_eq!(shown.count(), 100);
    }
    shown.reads(Ok(T::some(10))).await.unwrap();
    assert_eq!(shown.count(), 10);
    shown.reads_again(Ok(T::some(1))).await.unwrap();
    assert_eq!(shown.count(), 1, "one of ten is no more than nine tenths");
}

async fn a_list_is_read_anew_for_who_is_about_to_say_no<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(2))).await.unwrap();
    shown.kept.refresh_since(Millis(START)).await.unwrap();
    assert!(shown.house.is_silent(), "it was asked for then");
    shown.house.clock.passes(Duration::from_millis(1));
    let (kept, since) = (shown.kept.clone(), Millis(START + 1));
    let answers = async { shown.question().await.send(Ok(T::some(3))).unwrap() };
    let (a, b, ()) = tokio::join!(kept.refresh_since(since), kept.refresh_since(since), answers);
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(shown.count(), 3);
    assert!(shown.house.is_silent(), "once for both");
    // A read that began before is waited for, and is not enough.
    shown.house.clock.passes(REFRESH * 2);
    kept.read_if_stale();
    shown.house.clock.passes(Duration::from_millis(1));
    let since = shown.house.clock.now();
    let answers = async {
        for count in [4, 5] {
            shown.question().await.send(Ok(T::some(count))).unwrap();
        }
    };
    tokio::join!(kept.refresh_since(since), answers).0.unwrap();
    assert_eq!(shown.count(), 5);
    // Where that fails, the phone system is away: it is not asked once more.
    shown.house.clock.passes(REFRESH * 2);
    kept.read_if_stale();
    shown.house.clock.passes(Duration::from_millis(1));
    let since = shown.house.clock.now();
    let answers = async { shown.question().await.send(Err(unreachable())).unwrap() };
    tokio::join!(kept.refresh_since(since), answers).0.unwrap_err();
    assert!(shown.house.is_silent());
}

async fn what_we_did_during_a_read_wins_over_what_it_brings<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(3))).await.unwrap();
    shown.kept.put(T::called(0, "before.read"));
    shown.house.clock.passes(REFRESH * 2);
    shown.kept.read_if_stale();
    shown.kept.put(T::called(1, "olha.koval"));
    shown.kept.put(T::called(9, "new.one"));
    shown.kept.forget(T::called(2, "").id());
    assert_eq!(shown.names(), ["before.read", "new.one", "olha.koval"], "visible at once");
    shown.reads(Ok(T::some(3))).await.unwrap();
    assert_eq!(shown.names(), ["anna.koval0", "new.one", "olha.koval"]);
    shown.reads_again(Ok(T::some(3))).await.unwrap();
    assert_eq!(shown.names(), ["anna.koval0", "anna.koval1", "anna.koval2"], "a later read knows better");
}

async fn whoever_acts_is_told_what_was_sent_whatever_is_believed<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(40))).await.unwrap();
    let kept = shown.kept.clone();
    let answers = async { shown.question().await.send(Ok(T::some(1))).unwrap() };
    let (sent, ()) = tokio::join!(kept.read_now(), answers);
    assert_eq!((T::listed(sent.unwrap()), shown.count()), (T::some(1), 40));
}

async fn a_later_read_wins_over_an_earlier_one<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    let early = tokio::spawn(async move { kept.refresh().await });
    let question = shown.question().await;
    let kept = shown.kept.clone();
    let acting = tokio::spawn(async move { kept.read_now().await });
    let later = shown.question().await;
    shown.kept.put(T::called(9, "new.one"));
    later.send(Ok(T::some(3))).unwrap();
    assert_eq!(T::listed(acting.await.unwrap().unwrap()), T::some(3));
    assert_eq!(shown.names(), ["anna.koval0", "anna.koval1", "anna.koval2", "new.one"]);
    shown.kept.forget(T::called(9, "").id());
    question.send(Ok(T::some(1))).unwrap();
    early.await.unwrap().unwrap();
    assert_eq!(shown.names(), ["anna.koval0", "anna.koval1", "anna.koval2"], "the earlier one tells what was before");
}

async fn an_earlier_read_that_fails_takes_nothing_back<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    let early = tokio::spawn(async move { kept.refresh().await });
    let question = shown.question().await;
    let kept = shown.kept.clone();
    let answers = async { shown.question().await.send(Ok(T::some(3))).unwrap() };
    tokio::join!(kept.read_now(), answers).0.unwrap();
    question.send(Err(unreachable())).unwrap();
    early.await.unwrap().unwrap_err();
    assert_eq!((shown.count(), shown.last_error()), (3, None));
}

async fn whoever_gives_up_reading_leaves_the_list_as_it_was<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    let acting = tokio::spawn(async move { kept.read_now().await });
    let question = shown.question().await;
    acting.abort();
    assert!(acting.await.is_err_and(|error| error.is_cancelled()) && question.is_closed());
    shown.kept.put(T::called(9, "new.one"));
    shown.reads(Ok(T::some(1))).await.unwrap();
    assert_eq!(shown.names(), ["anna.koval0"], "that was put before this read");
}

async fn a_kept_list_answers_after_a_restart<T: Kind>() {
    let mut shown = Shown::<T>::new();
    shown.reads(Ok(T::some(2))).await.unwrap();
    let (of, taken_at, body) = shown.house.keeps().await;
    assert_eq!((of, taken_at), (T::OF, Millis(START)));

    let restarted = Shown::<T>::new();
    restarted.kept.put(T::called(1, "anna.put"));
    restarted.house.directory.restore(&shown.house.mediatel, of, taken_at, &body).unwrap();
    assert_eq!(restarted.names(), ["anna.koval0", "anna.put"]);
    let first = T::called(0, "anna.koval0");
    assert_eq!(*restarted.kept.list().get(first.id()).unwrap(), first, "to the last digit of its record");
    assert_eq!(restarted.kept.status().taken_at, Some(taken_at));
    let mut later = Shown::<T>::new();
    later.reads(Ok(T::some(5))).await.unwrap();
    later.house.directory.restore(&shown.house.mediatel, of, taken_at, &body).unwrap();
    assert_eq!(later.count(), 5, "what was read is not replaced by what was kept");
}

async fn a_spoilt_snapshot_is_refused_and_changes_nothing<T: Kind>() {
    let (shown, word) = (Shown::<T>::new(), T::OF);
    shown.kept.put(T::called(0, "anna.koval"));
    let restore = |body: &str| shown.house.directory.restore(&shown.house.mediatel, word, Millis(1), body).unwrap_err();
    assert_eq!(
        restore(&format!(r#"{{"version":2,"{word}":{{}}}}"#)),
        format!("the kept list of {word} has form 2, this version reads form 1")
    );
    assert!(restore("{").starts_with(&format!("the kept list of {word} cannot be read: EOF")));
    assert!(restore(r#"{"version":1}"#).contains(&format!("missing field `{word}`")));
    assert!(restore(&format!(r#"{{"{word}":[]}}"#)).contains("missing field `version`"));
    assert!(restore(&format!(r#"{{"version":1,"{word}":[{{"id":[]}}]}}"#)).contains("cannot be read: invalid type"));
    assert_eq!((shown.kept.status().taken_at, shown.count()), (None, 1));
}

async fn a_read_that_breaks_off_is_a_failure_like_others<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    // Dropping the question makes the fake panic.
    let (ended, ()) = tokio::join!(kept.refresh(), async { drop(shown.question().await) });
    assert_eq!(ended.unwrap_err().to_string(), "mediatel could not be reached: the read broke off");
    shown.reads(Ok(T::some(2))).await.unwrap();
    assert_eq!(shown.count(), 2);
}

async fn whoever_stops_waiting_does_not_stop_the_read<T: Kind>() {
    let mut shown = Shown::<T>::new();
    let kept = shown.kept.clone();
    let waiting = tokio::spawn(async move { kept.refresh().await });
    let question = shown.question().await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    question.send(Ok(T::some(2))).unwrap();
    shown.house.keeps().await;
    assert_eq!(shown.count(), 2);
}
