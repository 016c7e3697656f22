//! When phone systems are asked, and what becomes of their answers.

use super::*;
use rollcall_telephony::AgentRef;

#[tokio::test]
async fn a_keystroke_is_answered_at_once_and_starts_one_read() {
    let mut house = House::new();
    for _ in 0..5 {
        assert!(house.directory.complete("anna", &house.on, 25).is_empty());
    }
    assert_eq!(house.directory.status()[0].activity, Activity::Reading);
    house.answers(Ok(people(3))).await;
    let (connection, taken_at, body) = house.kept.recv().await.unwrap();
    assert_eq!((connection, taken_at), (house.mediatel.clone(), Millis(START)));
    assert!(body.starts_with(r#"{"version":1,"agents":[{"id":"0","login":"anna.koval0""#), "{body}");
    assert!(house.is_silent());

    house.clock.passes(REFRESH);
    assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 3);
    assert!(house.is_silent(), "the list is exactly as old as it may be");
    house.clock.passes(Duration::from_millis(1));
    assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 3);
    house.answers(Ok(people(4))).await;
    house.kept.recv().await.unwrap();
    assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 4);
    assert_eq!(house.directory.status()[0].activity, Activity::Idle);
}

#[tokio::test]
async fn one_character_and_foreign_connections_read_nothing() {
    let mut house = House::of(people(1));
    assert!(house.directory.complete("a", &house.on, 25).is_empty());
    assert!(house.directory.complete(" \u{200b}a ", &house.on, 25).is_empty());
    assert!(house.directory.complete("anna", &[ConnectionName::new("xivo").unwrap()], 25).is_empty());
    assert!(house.directory.search("anna", super::super::StateFilter::All, &[]).is_empty());
    assert_eq!(house.logins("a"), ["anna.koval0"]);
    assert!(house.is_silent());
}

#[tokio::test]
async fn refreshes_share_one_read() {
    let mut house = House::new();
    let (directory, mediatel, on) = (house.directory.clone(), house.mediatel.clone(), house.on.clone());
    let _ = directory.complete("anna", &on, 25);
    let (a, b, (), ()) = tokio::join!(
        directory.refresh(&mediatel),
        directory.refresh(&mediatel),
        directory.ensure_loaded(&on),
        house.answers(Ok(people(2))),
    );
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(directory.agents_of(&mediatel), 2);
    directory.refresh(&mediatel).await.unwrap();
    directory.ensure_loaded(&on).await;
    assert!(house.is_silent(), "a fresh list is not read again");
}

#[tokio::test]
async fn a_list_that_is_only_old_keeps_nobody_from_starting() {
    let mut house = House::new();
    house.reads(Ok(people(2))).await.unwrap();
    house.clock.passes(REFRESH * 10);
    house.directory.ensure_loaded(&house.on).await;
    assert!(house.is_silent());
}

#[tokio::test]
async fn a_failed_read_keeps_the_list_and_holds_keystrokes_back() {
    let mut house = House::new();
    house.reads(Ok(people(12))).await.unwrap();
    house.clock.passes(REFRESH * 2);
    let error = house.reads(Err(unreachable())).await.unwrap_err();
    assert_eq!(error.to_string(), "mediatel could not be reached: no answer within 10 s");
    assert_eq!(house.last_error().unwrap(), error.to_string());
    assert_eq!(house.directory.ages(&house.on), [(house.mediatel.clone(), Some(Millis(START)))]);

    for _ in 0..3 {
        assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 12);
        house.clock.passes(Duration::from_secs(3));
    }
    assert!(house.is_silent());
    assert_eq!(house.directory.status()[0].activity, Activity::Idle);
    house.clock.passes(Duration::from_secs(1));
    let _ = house.directory.complete("anna", &house.on, 25);
    assert_eq!(house.directory.status()[0].activity, Activity::Reading);
    house.reads(Ok(people(12))).await.unwrap();
    assert_eq!(house.last_error(), None);
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_a_list_stale() {
    let mut house = House::new();
    house.reads(Ok(people(2))).await.unwrap();
    house.clock.0.store(START - 3_600_000, Ordering::SeqCst);
    let _ = house.directory.complete("anna", &house.on, 25);
    assert!(!house.is_silent());
    house.reads(Ok(people(3))).await.unwrap();
    assert_eq!(house.directory.agents_of(&house.mediatel), 3);
}

#[tokio::test]
async fn a_list_that_shrinks_too_much_is_believed_the_second_time() {
    for (had, sent) in [(412, 0), (3, 0), (412, 41), (11, 1)] {
        let mut house = House::new();
        house.reads(Ok(people(had))).await.unwrap();
        house.clock.passes(REFRESH * 2);
        house.reads(Ok(people(sent))).await.unwrap();
        assert_eq!(house.directory.agents_of(&house.mediatel), had);
        let why = format!("mediatel sent {sent} agents, it had {had}: kept the old list");
        assert_eq!(house.last_error(), Some(why));
        house.reads(Err(unreachable())).await.unwrap_err();
        house.reads(Ok(people(sent))).await.unwrap();
        assert_eq!((house.directory.agents_of(&house.mediatel), house.last_error()), (sent, None));
    }
}

#[tokio::test]
async fn another_shrunken_list_is_doubted_anew_and_smaller_losses_are_believed() {
    let mut house = House::new();
    house.reads(Ok(people(100))).await.unwrap();
    for shrunken in [vec![], people(5), vec![person(7, "x.y")]] {
        house.clock.passes(REFRESH * 2);
        house.reads(Ok(shrunken)).await.unwrap();
        assert_eq!(house.directory.agents_of(&house.mediatel), 100);
    }
    house.reads(Ok(people(10))).await.unwrap();
    assert_eq!(house.directory.agents_of(&house.mediatel), 10);
    house.clock.passes(REFRESH * 2);
    house.reads(Ok(people(1))).await.unwrap();
    assert_eq!(house.directory.agents_of(&house.mediatel), 1, "one of ten is no more than nine tenths");
}

#[tokio::test]
async fn what_we_did_during_a_read_wins_over_what_it_brings() {
    let mut house = House::new();
    house.reads(Ok(people(3))).await.unwrap();
    house.directory.put(&house.mediatel, person(0, "before.read"));
    house.clock.passes(REFRESH * 2);
    let _ = house.directory.complete("anna", &house.on, 25);
    house.directory.put(&house.mediatel, person(1, "olha.koval"));
    house.directory.put(&house.mediatel, person(9, "new.agent"));
    house.directory.forget(&AgentRef::new(house.mediatel.clone(), AgentId::new("2")));
    assert_eq!(house.logins(""), ["before.read", "new.agent", "olha.koval"], "visible at once");
    house.reads(Ok(people(3))).await.unwrap();
    assert_eq!(house.logins(""), ["anna.koval0", "new.agent", "olha.koval"]);
    house.clock.passes(REFRESH * 2);
    house.reads(Ok(people(3))).await.unwrap();
    assert_eq!(house.logins(""), ["anna.koval0", "anna.koval1", "anna.koval2"], "a later read knows better");
}

#[tokio::test]
async fn many_changes_are_laid_out_anew() {
    let mut house = House::new();
    house.reads(Ok(people(600))).await.unwrap();
    for n in 0..600 {
        house.directory.put(&house.mediatel, person(n, &format!("olha.petrenko{n}")));
        assert_eq!(house.directory.agents_of(&house.mediatel), 600);
    }
    assert!(house.logins("koval").is_empty());
    assert_eq!(house.logins("petrenko").len(), 600);
}

#[tokio::test]
async fn a_kept_list_answers_after_a_restart() {
    let mut house = House::new();
    let mut agents = people(2);
    agents[1].state = AgentState::Disabled;
    house.reads(Ok(agents.clone())).await.unwrap();
    let (_, taken_at, body) = house.kept.recv().await.unwrap();

    let restarted = House::of([person(1, "anna.put")]);
    restarted.directory.restore(&house.mediatel, taken_at, &body).unwrap();
    assert_eq!(restarted.logins("anna"), ["anna.koval0", "anna.put"]);
    let first = restarted.directory.get(&AgentRef::new(house.mediatel.clone(), AgentId::new("0"))).unwrap();
    assert_eq!(*first, agents[0], "to the last digit of its record");
    assert_eq!(restarted.directory.status()[0].taken_at, Some(taken_at));
    let mut later = House::new();
    later.reads(Ok(people(5))).await.unwrap();
    later.directory.restore(&house.mediatel, taken_at, &body).unwrap();
    assert_eq!(later.directory.agents_of(&house.mediatel), 5, "what was read is not replaced by what was kept");
}

#[test]
fn a_spoilt_snapshot_is_refused_and_changes_nothing() {
    let house = House::of(people(1));
    let restore = |body: &str| house.directory.restore(&house.mediatel, Millis(1), body).unwrap_err();
    assert_eq!(
        restore(r#"{"version":2,"agents":{}}"#),
        "the kept list of agents has form 2, this version reads form 1"
    );
    assert!(restore("{").starts_with("the kept list of agents cannot be read: EOF"));
    assert!(restore(r#"{"version":1}"#).contains("missing field `agents`"));
    assert_eq!(house.directory.status()[0].taken_at, None);
    let foreign = ConnectionName::new("gone").unwrap();
    let why = house.directory.restore(&foreign, Millis(1), r#"{"version":1,"agents":[]}"#).unwrap_err();
    assert_eq!(why, "there is no connection gone (any more)");
}

#[tokio::test]
async fn a_read_that_breaks_off_is_a_failure_like_others() {
    let mut house = House::new();
    let (directory, mediatel) = (house.directory.clone(), house.mediatel.clone());
    // Dropping the question makes the fake panic.
    let (ended, ()) = tokio::join!(directory.refresh(&mediatel), async { drop(house.asks.recv().await) });
    assert_eq!(ended.unwrap_err().to_string(), "mediatel could not be reached: the read broke off");
    house.reads(Ok(people(2))).await.unwrap();
    assert_eq!(directory.agents_of(&mediatel), 2);
}

#[tokio::test]
async fn whoever_stops_waiting_does_not_stop_the_read() {
    let mut house = House::new();
    let (directory, mediatel) = (house.directory.clone(), house.mediatel.clone());
    let waiting = tokio::spawn(async move { directory.refresh(&mediatel).await });
    let question = house.asks.recv().await.unwrap();
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    question.send(Ok(people(2))).unwrap();
    house.kept.recv().await.unwrap();
    assert_eq!(house.directory.agents_of(&house.mediatel), 2);
}
