//! When phone systems are asked for agents, and what people find meanwhile. What holds for every list is in `kept`.

use super::*;

#[tokio::test]
async fn a_keystroke_is_answered_at_once_and_starts_one_read() {
    let mut house = House::new();
    for _ in 0..5 {
        assert!(house.directory.complete("anna", &house.on, 25).is_empty());
    }
    assert_eq!(house.directory.status()[0].activity, Activity::Reading);
    house.answers(Ok(people(3))).await;
    let (of, taken_at, body) = house.keeps().await;
    assert_eq!((of, taken_at), (ListOf::Agents, Millis(START)));
    assert!(body.starts_with(r#"{"version":1,"agents":[{"id":"0","login":"anna.koval0""#), "{body}");
    assert!(house.is_silent());

    house.clock.passes(REFRESH);
    assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 3);
    assert!(house.is_silent(), "the list is exactly as old as it may be");
    house.clock.passes(Duration::from_millis(1));
    assert_eq!(house.directory.complete("anna", &house.on, 25).len(), 3);
    house.answers(Ok(people(4))).await;
    house.keeps().await;
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
async fn at_a_start_every_list_that_is_missing_or_old_is_read_once() {
    let mut house = House::new();
    house.directory.warm();
    house.directory.warm();
    assert!(house.directory.complete("anna", &house.on, 25).is_empty(), "nobody waits");
    house.answers(Ok(people(3))).await;
    house.extension_asks.recv().await.unwrap().send(Ok(vec![extension(15, "Sales")])).unwrap();
    let mut kept = [house.keeps().await, house.keeps().await];
    kept.sort();
    assert_eq!(kept.each_ref().map(|(of, _, _)| *of), [ListOf::Agents, ListOf::Extensions]);
    assert!(house.is_silent());

    house.clock.passes(REFRESH / 2);
    let mut restarted = House::new();
    restarted.clock.passes(REFRESH / 2);
    for (of, taken_at, body) in &kept {
        restarted.directory.restore(&house.mediatel, *of, *taken_at, body).unwrap();
    }
    restarted.directory.warm();
    assert!(restarted.is_silent(), "kept lists that are fresh are not read again");
    restarted.clock.passes(REFRESH);
    restarted.directory.warm();
    assert_eq!(restarted.directory.complete("anna", &restarted.on, 25).len(), 3, "what was kept is offered meanwhile");
    assert!(restarted.asks.recv().await.is_some() && restarted.extension_asks.recv().await.is_some());
}

#[tokio::test]
async fn who_is_disabled_is_told_of_every_list() {
    let mut house = House::new();
    let mut agents = people(3);
    agents[1].state = AgentState::Disabled;
    house.reads(Ok(agents)).await.unwrap();
    assert_eq!(house.shelf.recv().await, Some(Shelved::Disabled(vec![AgentId::new("1")])));
}

#[test]
fn a_list_of_what_is_not_there_is_not_taken_up() {
    let house = House::able(Abilities::new(&[Ability::ListAgents]));
    let restore = |connection: &ConnectionName, of: ListOf| {
        house.directory.restore(connection, of, Millis(1), r#"{"version":1,"agents":[],"extensions":[]}"#)
    };
    let foreign = ConnectionName::new("gone").unwrap();
    assert_eq!(restore(&foreign, ListOf::Agents).unwrap_err(), "there is no connection gone (any more)");
    let why = restore(&house.mediatel, ListOf::Extensions).unwrap_err();
    assert_eq!(why, "mediatel has no extensions (any more)");
    restore(&house.mediatel, ListOf::Agents).unwrap();
}
