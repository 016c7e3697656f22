//! Agents that no list names: offered once an answer showed that they are there, and no longer once one says that they
//! are not; and a login that may be mistyped, of which nobody ever hears again.

use std::time::Duration;

use rollcall_commands::agent;
use rollcall_telephony::{AgentRef, Effect, ErrorKind, IntentId, PresenceChange, Refusal};

use super::life::{Life, World};
use super::presence::{known_of, log_in, one_of, requester, starts, world};
use crate::desk::{Existence, KnownState};

const DAY: Duration = Duration::from_hours(24);

fn on_erix(login: &str) -> AgentRef {
    format!("erix-br:{login}").parse().unwrap()
}

/// Asked for, and over.
fn asks(life: &Life, world: &World, login: &str, change: PresenceChange) {
    world.clock.advance(Duration::from_secs(1));
    let before = world.boards[0].asked().len();
    let interaction = u64::try_from(world.clock.0.load(std::sync::atomic::Ordering::SeqCst)).unwrap();
    life.does(starts(&life.desk, one_of(&on_erix(login), change), interaction)).unwrap();
    life.rests();
    assert_eq!(world.boards[0].asked().len(), before + 1);
}

fn says_that_there_is_none(world: &World) {
    let kind = ErrorKind::Refused(Refusal::NoSuchAgent("there is none".to_owned()));
    world.boards[0].fails_next(kind, Effect::None);
}

fn loses_the_answer(world: &World) {
    world.boards[0].fails_next(ErrorKind::Unreachable("lost".to_owned()), Effect::Unknown);
}

/// Who is offered for these letters.
fn offered(life: &Life, typed: &str) -> Vec<String> {
    let on = [on_erix("x").connection];
    let hits = life.does(async { life.desk.directory().complete(typed, &on, 25) });
    hits.into_iter().map(|hit| hit.agent.to_string()).collect()
}

/// Whom the list at the end of the day names.
fn listed(life: &Life) -> Vec<String> {
    let asked = agent::Status { agent: None, connection: Some("erix-br".to_owned()) };
    let found = life.does(life.desk.status(&requester(), &asked)).unwrap();
    let mut listed: Vec<String> = found.lines.iter().map(|line| line.agent.id.to_string()).collect();
    listed.sort();
    listed
}

fn state(life: &Life, login: &str) -> Option<KnownState> {
    known_of(life, &on_erix(login))
}

#[test]
fn a_remembered_agent_that_is_gone_there_is_forgotten() {
    let world = world("");
    let life = Life::begins(&world);
    asks(&life, &world, "carlos", log_in());
    assert_eq!(offered(&life, "carl"), ["erix-br:carlos"]);
    assert_eq!(listed(&life), ["carlos", "maria"]);
    says_that_there_is_none(&world);
    asks(&life, &world, "carlos", PresenceChange::LogOut);
    let forgotten = |life: &Life| {
        assert!(offered(life, "carl").is_empty());
        assert_eq!(listed(life), ["maria"]);
        assert_eq!(state(life, "carlos"), Some(KnownState::NoSuchAgent));
    };
    forgotten(&life);
    drop(life);
    let life = Life::begins(&world);
    forgotten(&life);
    // The audit log keeps everything.
    let audit = life.does(life.desk.ledger().audit_rows(0, 100)).unwrap();
    let audit: Vec<&str> = audit.iter().filter(|row| row.target == "erix-br:carlos").map(|row| &*row.what).collect();
    assert_eq!(
        audit,
        ["presence.login recorded", "presence.login done", "presence.logout recorded", "presence.logout failed"]
    );
    // Whoever is made again there is an agent again.
    asks(&life, &world, "carlos", log_in());
    assert_eq!(offered(&life, "carl"), ["erix-br:carlos"]);
    assert_eq!(listed(&life), ["carlos", "maria"]);
}

#[test]
fn an_agent_of_the_settings_stays_offered_and_is_told_as_not_found() {
    let world = world("");
    let life = Life::begins(&world);
    asks(&life, &world, "maria", log_in());
    says_that_there_is_none(&world);
    asks(&life, &world, "maria", PresenceChange::LogOut);
    for life in [life, Life::begins(&world)] {
        assert_eq!(offered(&life, "mar"), ["erix-br:maria"]);
        assert_eq!(listed(&life), ["maria"]);
        assert_eq!(state(&life, "maria"), Some(KnownState::NoSuchAgent));
    }
}

#[test]
fn a_doubt_about_a_login_that_may_be_mistyped_goes_once_it_is_known_to_be_none() {
    let world = world("");
    let life = Life::begins(&world);
    loses_the_answer(&world);
    asks(&life, &world, "crlos", log_in());
    assert_eq!(listed(&life), ["crlos", "maria"]);
    assert!(offered(&life, "crl").is_empty(), "nobody knows whether there is one");
    says_that_there_is_none(&world);
    asks(&life, &world, "crlos", log_in());
    assert_eq!(listed(&life), ["maria"]);
    assert_eq!(state(&life, "crlos"), Some(KnownState::NoSuchAgent));
}

#[test]
fn a_doubt_about_a_login_that_may_be_mistyped_goes_after_a_day() {
    let world = world("");
    let life = Life::begins(&world);
    loses_the_answer(&world);
    asks(&life, &world, "crlos", log_in());
    let asked = agent::Status { agent: None, connection: None };
    let found = life.does(life.desk.status(&requester(), &asked)).unwrap();
    let doubt = found.lines.iter().find(|line| line.login == "crlos").unwrap();
    assert_eq!(doubt.leaves, Some(life.desk.now() + DAY));
    world.clock.advance(DAY.saturating_sub(Duration::from_millis(1)));
    assert_eq!(listed(&life), ["crlos", "maria"]);
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(listed(&life), ["maria"]);
    // Whoever names it is told what is known all the same.
    let doubt = KnownState::Doubtful { asked: log_in(), agent: Existence::Unproven };
    assert_eq!(state(&life, "crlos"), Some(doubt));
}

#[test]
fn a_doubt_about_somebody_who_is_there_stays() {
    let world = world("");
    let life = Life::begins(&world);
    asks(&life, &world, "carlos", log_in());
    loses_the_answer(&world);
    asks(&life, &world, "carlos", PresenceChange::LogOut);
    loses_the_answer(&world);
    asks(&life, &world, "maria", PresenceChange::LogOut);
    drop(life);
    world.clock.advance(DAY * 2);
    let life = Life::begins(&world);
    assert_eq!(listed(&life), ["carlos", "maria"]);
    assert_eq!(offered(&life, "carl"), ["erix-br:carlos"], "he was logged in once");
}

#[test]
fn a_late_answer_to_what_was_asked_before_forgets_nobody() {
    let world = world("");
    let life = Life::begins(&world);
    world.boards[0].keeps_back(1);
    let act = one_of(&on_erix("carlos"), PresenceChange::LogOut);
    life.does(async {
        starts(&life.desk, act, 1).await.unwrap();
        while world.boards[0].asked().is_empty() {
            tokio::task::yield_now().await;
        }
    });
    world.clock.advance(Duration::from_secs(1));
    // Meanwhile he was made there.
    life.does(async {
        starts(&life.desk, one_of(&on_erix("carlos"), log_in()), 2).await.unwrap();
        while life.desk.ledger().outcome(IntentId(2)).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    });
    says_that_there_is_none(&world);
    world.boards[0].keeps_back(0);
    life.rests();
    assert_eq!(state(&life, "carlos"), Some(KnownState::LoggedIn));
    assert_eq!(offered(&life, "carl"), ["erix-br:carlos"]);
}
