//! What a change of presence does with time, crashes, approvals and a store that takes nothing: each is asked once, what
//! is told is so, and what was asked later is what is known.

use std::time::Duration;

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId, PresenceAnswer, PresenceChange};
use serenity::model::id::{InteractionId, UserId};
use sqlx::{Connection as _, SqliteConnection};

use super::board::Board;
use super::life::{Cut, Life, World, config};
use crate::desk::act::Act;
use crate::desk::journal::Started;
use crate::desk::report::{Outcome, Report};
use crate::desk::{
    Asked, Desk, Existence, Heard, KnownState, OFFER_LASTS, PartOutcome, PresenceAct, PresencePart, Refusal,
};
use crate::ledger::{BallotVerdict, IntentState, RequestId, RequestState};
use crate::policy::Actor;

const REQUESTER: UserId = UserId::new(11);
const ANN: UserId = UserId::new(21);
const SECOND: Duration = Duration::from_secs(1);
const FIRST: IntentId = IntentId(1);

/// Role 3 may on one system, role 7 on the other; more under `[approvals]`.
pub(super) fn world(approvals: &str) -> World {
    let erix = |name: &str| {
        format!("[[connection]]\nname = \"{name}\"\nkind = \"erix\"\nbase_url = \"http://127.0.0.1:9/api/agent.php\"\n")
    };
    let role =
        |id: u32, on: &str| format!("[[role]]\nid = \"{id}\"\nmay = [\"presence.*\"]\nconnections = [\"{on}\"]\n");
    let toml = format!(
        "[discord]\nguild = \"1\"\nlog_channel = \"2\"\napprovals_channel = \"4\"\n{}{}\
         [approvals]\napprovers = [\"5\"]\n{approvals}\n{}{}",
        role(3, "erix-br"),
        role(7, "erix-pt"),
        erix("erix-br"),
        erix("erix-pt"),
    );
    let mut world = World::new(config(&toml));
    world.boards = ["erix-br", "erix-pt"].map(|name| Board::new(name, world.trap.clone())).into();
    world.town.comes(11, "Olha Koval", &[3, 7]);
    world.town.comes(21, "Ann", &[5]);
    world
}

pub(super) fn requester() -> Actor {
    Actor { id: REQUESTER, name: "Olha Koval".to_owned(), roles: vec![3.into(), 7.into()] }
}

fn maria(on: &str) -> AgentRef {
    AgentRef::new(ConnectionName::new(on).unwrap(), AgentId::new("maria"))
}

pub(super) fn log_in() -> PresenceChange {
    PresenceChange::LogIn { extension: None, queue: None }
}

/// What is known of a login whose answer was lost, of an agent that no answer showed to be there.
fn doubt() -> KnownState {
    KnownState::Doubtful { asked: log_in(), agent: Existence::Unproven }
}

fn part(on: &str, change: PresenceChange) -> PresencePart {
    part_of(maria(on), change)
}

fn part_of(agent: AgentRef, change: PresenceChange) -> PresencePart {
    let note = String::new();
    PresencePart {
        login: agent.id.as_str().to_owned(),
        agent,
        name: String::new(),
        first: None,
        change,
        note,
        before: None,
    }
}

/// For Maria on one system.
fn one(change: PresenceChange) -> Act {
    one_of(&maria("erix-br"), change)
}

/// For this agent alone.
pub(super) fn one_of(agent: &AgentRef, change: PresenceChange) -> Act {
    let first = part_of(agent.clone(), change);
    let who = agent.id.as_str().to_owned();
    Act::Presence(Box::new(PresenceAct { who, first, others: Vec::new(), also: None }))
}

/// For Maria on both.
fn both(change: &PresenceChange) -> Act {
    let [first, second] = ["erix-br", "erix-pt"].map(|on| part(on, change.clone()));
    Act::Presence(Box::new(PresenceAct { who: "maria".to_owned(), first, others: vec![second], also: None }))
}

pub(super) async fn starts(desk: &Desk, act: Act, interaction: u64) -> Result<Started, Refusal> {
    desk.start(&requester(), act, Asked { interaction: InteractionId::new(interaction) }, None).await
}

/// How many times each system was asked.
pub(super) fn asked(world: &World) -> Vec<usize> {
    world.boards.iter().map(|board| board.asked().len()).collect()
}

/// What was told of an act, part by part; `None`: it is not over.
fn told(life: &Life, intent: IntentId) -> Option<Vec<PartOutcome>> {
    let (_, report) = life.does(life.desk.ledger().outcome(intent)).unwrap()?;
    let report: Report = serde_json::from_str(&report).unwrap();
    match report.outcome {
        Outcome::Presence { parts } => Some(parts),
        other => panic!("{other:?}"),
    }
}

fn known(life: &Life, on: &str) -> Option<KnownState> {
    known_of(life, &maria(on))
}

pub(super) fn known_of(life: &Life, agent: &AgentRef) -> Option<KnownState> {
    life.desk.inner.presences.of(agent).map(|noted| noted.known.state)
}

/// Lets others work until it is so.
async fn until(is: impl AsyncFn() -> bool) {
    while !is().await {
        tokio::task::yield_now().await;
    }
}

const DONE: PartOutcome = PartOutcome::Done { answer: PresenceAnswer::Done };

fn is_untold(outcome: &PartOutcome) -> bool {
    matches!(outcome, PartOutcome::Untold { .. })
}

/// Whatever is due by now is settled.
fn settles(life: &Life, world: &World) {
    world.clock.advance(2 * SECOND);
    life.does(life.desk.settle_due());
    life.rests();
}

#[test]
fn what_was_only_recorded_is_sent_after_a_restart_within_ten_minutes_and_not_later() {
    for later in [SECOND, OFFER_LASTS, OFFER_LASTS + Duration::from_millis(1)] {
        let world = world("");
        let life = Life::begins(&world);
        life.does(starts(&life.desk, one(log_in()), 1)).unwrap();
        drop(life);
        world.clock.advance(later);
        let life = Life::begins(&world);
        let intent = life.does(life.desk.ledger().intent(FIRST)).unwrap().unwrap();
        assert_eq!((intent.state, asked(&world)), (IntentState::Recorded, vec![0, 0]));
        life.does(life.desk.settle_due());
        life.rests();
        let told = told(&life, FIRST).unwrap();
        if later <= OFFER_LASTS {
            assert_eq!((asked(&world), told), (vec![1, 0], vec![DONE]));
            assert_eq!(known(&life, "erix-br"), Some(KnownState::LoggedIn));
        } else {
            assert_eq!(asked(&world), [0, 0], "nobody may want it any more");
            let PartOutcome::Failed { why, .. } = &told[0] else { panic!("{told:?}") };
            assert!(why.contains("could not ask within ten minutes"), "{why}");
            assert_eq!(known(&life, "erix-br"), None);
        }
    }
}

#[test]
fn a_crash_before_and_after_it_was_done_is_told_alike() {
    for calls in [0, 1] {
        let world = world("");
        let life = Life::begins(&world);
        let desk = life.desk.clone();
        life.does_until(Cut::AtCall(calls), &world.trap, async move {
            starts(&desk, one(log_in()), 1).await.unwrap();
        });
        assert_eq!(asked(&world), [calls as usize, 0]);
        let life = Life::begins(&world);
        settles(&life, &world);
        assert_eq!(asked(&world), [calls as usize, 0], "it is not sent once more");
        assert!(is_untold(&told(&life, FIRST).unwrap()[0]));
        assert_eq!(known(&life, "erix-br"), Some(doubt()));
    }
}

#[test]
fn a_part_that_came_back_before_a_crash_is_told_as_done() {
    for kept in [0, 1] {
        let world = world("");
        let life = Life::begins(&world);
        world.boards[kept].keeps_back(1);
        life.does(async {
            starts(&life.desk, both(&log_in()), 1).await.unwrap();
            until(async || {
                let intent = life.desk.ledger().intent(FIRST).await.unwrap().unwrap();
                intent.progress.is_some_and(|progress| progress.contains("over"))
            })
            .await;
        });
        drop(life);
        let life = Life::begins(&world);
        settles(&life, &world);
        assert_eq!(asked(&world), [1, 1]);
        let told = told(&life, FIRST).unwrap();
        assert_eq!(told[1 - kept], DONE);
        assert!(is_untold(&told[kept]), "{told:?}");
        let on = ["erix-br", "erix-pt"];
        assert_eq!(known(&life, on[1 - kept]), Some(KnownState::LoggedIn));
        assert_eq!(known(&life, on[kept]), Some(doubt()));
        // What was told is what the next life knows.
        drop(life);
        let life = Life::begins(&world);
        assert_eq!(known(&life, on[1 - kept]), Some(KnownState::LoggedIn));
    }
}

/// Asks for it on both, and has the card posted.
fn asked_for(life: &Life) -> RequestId {
    life.does(async {
        let absence = life.desk.back_in_touch();
        life.desk.look_under_cards(absence).await.unwrap();
    });
    match life.does(starts(&life.desk, both(&log_in()), 1)) {
        Ok(Started::Asked(request)) => request,
        other => panic!("{other:?}"),
    }
}

fn approves(life: &Life, request: RequestId) -> Heard {
    let heard = life.does(life.desk.vote(request, ANN, BallotVerdict::Approve, None)).unwrap();
    life.rests();
    heard
}

fn state(life: &Life, request: RequestId) -> RequestState {
    life.does(life.desk.ledger().request(request)).unwrap().unwrap().state
}

#[test]
fn presence_that_needs_a_second_person_is_done_once_approved() {
    let world = world("require = [\"presence.write\"]");
    let life = Life::begins(&world);
    let request = asked_for(&life);
    assert_eq!(asked(&world), [0, 0]);
    // The ten minutes begin when it is approved.
    world.clock.advance(OFFER_LASTS * 3);
    assert!(matches!(approves(&life, request), Heard::Decided(_)));
    assert_eq!(asked(&world), [1, 1]);
    assert_eq!(told(&life, FIRST), Some(vec![DONE, DONE]));
    assert_eq!(state(&life, request), RequestState::Done);
    assert_eq!(known(&life, "erix-pt"), Some(KnownState::LoggedIn));
}

#[test]
fn a_requester_who_may_no_longer_on_one_of_two_systems_is_refused_on_both() {
    for left in [&[3][..], &[7], &[]] {
        let world = world("require = [\"presence.write\"]");
        let life = Life::begins(&world);
        let request = asked_for(&life);
        world.town.comes(11, "Olha Koval", left);
        approves(&life, request);
        assert_eq!(asked(&world), [0, 0], "with roles {left:?}");
        assert_eq!(state(&life, request), RequestState::Void);
    }
}

#[test]
fn whoever_may_on_one_of_two_systems_only_is_refused_on_both() {
    let world = world("");
    let life = Life::begins(&world);
    let actor = Actor { roles: vec![3.into()], ..requester() };
    let asking = Asked { interaction: InteractionId::new(1) };
    let refused = life.does(life.desk.start(&actor, both(&log_in()), asking, None));
    assert!(matches!(refused, Err(Refusal::NotPermitted { .. })), "{refused:?}");
    life.rests();
    assert_eq!(asked(&world), [0, 0]);
}

/// Another program keeps the bot from writing this.
fn breaks(life: &Life, world: &World, sql: &'static str) {
    life.does(async {
        let mut store = SqliteConnection::connect(&world.store()).await.unwrap();
        sqlx::query(sql).execute(&mut store).await.unwrap();
        store.close().await.unwrap();
    });
}

/// Time passes until nothing is in hand any more: what could not be written rests for a while first.
fn gives_up(life: &Life) {
    life.does(until(async || {
        tokio::time::advance(Duration::from_millis(1)).await;
        life.desk.inner.in_hand.lock().unwrap().is_empty()
    }));
}

#[test]
fn what_cannot_be_recorded_is_asked_of_nobody() {
    let world = world("");
    let life = Life::begins(&world);
    breaks(&life, &world, "CREATE TRIGGER full BEFORE INSERT ON intents BEGIN SELECT RAISE(ABORT, 'full'); END");
    let refused = life.does(starts(&life.desk, one(log_in()), 1));
    assert!(matches!(refused, Err(Refusal::Store(_))), "{refused:?}");
    life.rests();
    assert_eq!(asked(&world), [0, 0]);
    breaks(&life, &world, "DROP TRIGGER full");
    assert_eq!(life.does(starts(&life.desk, one(log_in()), 2)).unwrap(), Started::Under);
    life.rests();
    assert_eq!(asked(&world), [1, 0]);
}

#[test]
fn what_cannot_be_marked_as_sent_is_asked_of_nobody_and_later_once_or_not_at_all() {
    for (later, times) in [(SECOND, 1), (OFFER_LASTS + SECOND, 0)] {
        let world = world("");
        let life = Life::begins(&world);
        let sql = "CREATE TRIGGER full BEFORE UPDATE ON intents BEGIN SELECT RAISE(ABORT, 'full'); END";
        breaks(&life, &world, sql);
        life.does(starts(&life.desk, one(log_in()), 1)).unwrap();
        gives_up(&life);
        assert_eq!(asked(&world), [0, 0]);
        breaks(&life, &world, "DROP TRIGGER full");
        drop(life);
        world.clock.advance(later);
        let life = Life::begins(&world);
        life.does(life.desk.settle_due());
        life.rests();
        assert_eq!(asked(&world), [times, 0], "after {later:?}");
        assert_eq!(told(&life, FIRST).unwrap()[0] == DONE, times == 1);
    }
}

#[test]
fn what_came_of_it_and_cannot_be_written_is_not_sent_again() {
    let world = world("");
    let life = Life::begins(&world);
    world.boards[0].keeps_back(1);
    life.does(async {
        starts(&life.desk, one(log_in()), 1).await.unwrap();
        until(async || world.boards[0].asked().len() == 1).await;
    });
    breaks(&life, &world, "CREATE TRIGGER full BEFORE UPDATE ON intents BEGIN SELECT RAISE(ABORT, 'full'); END");
    world.boards[0].keeps_back(0);
    gives_up(&life);
    assert_eq!(told(&life, FIRST), None);
    breaks(&life, &world, "DROP TRIGGER full");
    settles(&life, &world);
    assert_eq!(asked(&world), [1, 0]);
    assert!(is_untold(&told(&life, FIRST).unwrap()[0]), "nobody wrote down that it came back");
}

#[test]
fn of_two_commands_at_once_each_is_asked_once_and_the_later_one_counts() {
    // The answer to the first one comes last.
    let world = world("");
    let life = Life::begins(&world);
    world.boards[0].keeps_back(1);
    life.does(async {
        starts(&life.desk, one(log_in()), 1).await.unwrap();
        until(async || world.boards[0].asked().len() == 1).await;
    });
    world.clock.advance(SECOND);
    life.does(async {
        starts(&life.desk, one(PresenceChange::LogOut), 2).await.unwrap();
        until(async || life.desk.ledger().outcome(IntentId(2)).await.unwrap().is_some()).await;
    });
    world.clock.advance(SECOND);
    world.boards[0].keeps_back(0);
    life.rests();
    assert_eq!(*world.boards[0].asked(), [log_in(), PresenceChange::LogOut]);
    assert_eq!(told(&life, FIRST), Some(vec![DONE]));
    assert_eq!(told(&life, IntentId(2)), Some(vec![DONE]));
    assert_eq!(known(&life, "erix-br"), Some(KnownState::LoggedOut), "the logout was asked later");
    drop(life);
    assert_eq!(known(&Life::begins(&world), "erix-br"), Some(KnownState::LoggedOut), "also after a restart");
}
