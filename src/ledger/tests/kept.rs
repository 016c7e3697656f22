//! Deleted agents: sealed, bound to their row, restored once, erased in time. And the marks: since when disabled, last beat.

use rollcall_telephony::{AgentId, AgentRef, IntentId};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Row as _;

use super::{LEAD, MINUTE, Room, START, conclusion, entry, mediatel};
use crate::ledger::{Began, Conclusion, IntentState, KeptId, KeptMove, Ledger, LedgerError, NewIntent, NewKept};

const RECORD: &str = "Kanarek-7uQ2-Vogel";

fn agent(id: &str) -> AgentRef {
    AgentRef::new(mediatel(), AgentId::new(id))
}

/// Begins the delete of agent `id`.
async fn deleting(ledger: &Ledger, id: &str) -> IntentId {
    let connection = mediatel();
    let keeps = NewKept {
        agent: agent(id),
        login: "ivan.ivanov".to_owned(),
        name: "Ivan Ivanov".to_owned(),
        record: SecretString::from(RECORD),
    };
    let intent = NewIntent {
        actor: LEAD,
        interaction: None,
        offer: None,
        connection: &connection,
        act: "{}",
        audit: entry("agent.delete recorded"),
        secret: None,
        claim: None,
        keeps: Some(keeps),
    };
    match ledger.begin(intent).await.unwrap() {
        Began::New(intent) => intent.id,
        other => panic!("not new: {other:?}"),
    }
}

fn with(state: IntentState, step: KeptMove) -> Conclusion {
    Conclusion { kept: Some(step), ..conclusion(state, None) }
}

async fn deleted(ledger: &Ledger, id: &str) -> IntentId {
    let intent = deleting(ledger, id).await;
    let step = KeptMove::Deleted { expires_at: START + 100 * MINUTE };
    ledger.conclude(intent, with(IntentState::Done, step)).await.unwrap();
    intent
}

async fn rows(room: &Room) -> i64 {
    let row = sqlx::query("SELECT count(*) FROM kept").fetch_one(&mut room.attacker().await).await.unwrap();
    row.get(0)
}

#[tokio::test]
async fn a_deleted_agent_can_be_restored_once() {
    let room = Room::new();
    let ledger = room.open().await;
    let intent = deleting(&ledger, "42").await;
    assert!(ledger.kept_agents().await.unwrap().is_empty(), "it is not deleted yet");
    assert!(ledger.kept(KeptId(1)).await.unwrap().is_none());
    ledger.conclude(intent, conclusion(IntentState::Doubt, None)).await.unwrap();
    room.clock.advance(MINUTE);
    let step = KeptMove::Deleted { expires_at: START + 100 * MINUTE };
    ledger.conclude(intent, with(IntentState::Done, step)).await.unwrap();
    let kept = ledger.kept_agents().await.unwrap().remove(0);
    assert_eq!((kept.id, kept.intent, &kept.agent), (KeptId(1), intent, &agent("42")));
    assert_eq!((kept.login.as_str(), kept.name.as_str()), ("ivan.ivanov", "Ivan Ivanov"));
    assert_eq!((kept.deleted_at, kept.expires_at), (START + MINUTE, START + 100 * MINUTE));
    assert_eq!(ledger.kept(kept.id).await.unwrap().unwrap(), kept);
    assert_eq!(ledger.kept_record(kept.id).await.unwrap().unwrap().expose_secret(), RECORD);

    for (restored_as, expected) in [("77", "77"), ("78", "77")] {
        let restore = super::begun(&ledger, None).await;
        let step = KeptMove::Restored { kept: kept.id, restored_as: AgentId::new(restored_as) };
        ledger.conclude(restore.id, with(IntentState::Done, step)).await.unwrap();
        let now = ledger.kept(kept.id).await.unwrap().unwrap();
        assert_eq!(now.restored_as.unwrap().as_str(), expected);
    }
    assert!(ledger.kept_agents().await.unwrap().is_empty());
    assert!(ledger.kept_record(kept.id).await.unwrap().is_none(), "the sealed record is erased");
    assert_eq!(ledger.kept_of(&agent("42")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_not_deleted_is_not_kept() {
    for step in [Some(KeptMove::Dropped), None] {
        let room = Room::new();
        let ledger = room.open().await;
        let intent = deleting(&ledger, "42").await;
        assert_eq!(rows(&room).await, 1);
        let failed = Conclusion { kept: step, ..conclusion(IntentState::Failed, None) };
        ledger.conclude(intent, failed).await.unwrap();
        assert_eq!(rows(&room).await, 0);
    }
    let room = Room::new();
    let ledger = room.open().await;
    let nothing = super::begun(&ledger, None).await;
    let step = KeptMove::Deleted { expires_at: START + MINUTE };
    let refused = ledger.conclude(nothing.id, with(IntentState::Done, step)).await;
    assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    assert_eq!(ledger.open_intents().await.unwrap(), [nothing]);
}

#[tokio::test]
async fn records_are_erased_when_they_are_too_old() {
    let room = Room::new();
    let ledger = room.open().await;
    deleted(&ledger, "42").await;
    room.clock.advance(99 * MINUTE);
    deleting(&ledger, "43").await;
    ledger.tidy().await.unwrap();
    assert_eq!(ledger.kept_agents().await.unwrap().len(), 1);
    assert!(ledger.kept_record(KeptId(1)).await.unwrap().is_some());
    room.clock.advance(MINUTE);
    assert!(ledger.kept_agents().await.unwrap().is_empty());
    ledger.tidy().await.unwrap();
    assert!(ledger.kept_record(KeptId(1)).await.unwrap().is_none());
    assert_eq!(ledger.kept_of(&agent("42")).await.unwrap().len(), 1, "that there was one stays");
    let sealed = "SELECT count(*) FROM kept WHERE secret IS NOT NULL";
    let row = sqlx::query(sealed).fetch_one(&mut room.attacker().await).await.unwrap();
    assert_eq!(row.get::<i64, _>(0), 1, "the delete that is still open keeps its own");
}

#[tokio::test]
async fn every_delete_of_an_agent_is_told_newest_first() {
    let room = Room::new();
    let ledger = room.open().await;
    let mut intents = Vec::new();
    for _ in 0..2 {
        intents.insert(0, deleted(&ledger, "42").await);
        room.clock.advance(MINUTE);
    }
    deleted(&ledger, "43").await;
    let found: Vec<_> = ledger.kept_of(&agent("42")).await.unwrap().iter().map(|kept| kept.intent).collect();
    assert_eq!(found, intents);
    let all: Vec<_> = ledger.kept_agents().await.unwrap().iter().map(|kept| kept.agent.id.to_string()).collect();
    assert_eq!(all, ["43", "42", "42"]);
}

#[tokio::test]
async fn a_record_opens_only_for_its_own_agent() {
    let room = Room::new();
    let ledger = room.open().await;
    for id in ["42", "43"] {
        deleted(&ledger, id).await;
    }
    room.attack(&["UPDATE kept SET secret = (SELECT secret FROM kept WHERE id = 1) WHERE id = 2"]).await;
    assert!(ledger.kept_record(KeptId(1)).await.unwrap().is_some());
    assert!(matches!(ledger.kept_record(KeptId(2)).await, Err(LedgerError::Unreadable(_))));
    room.attack(&["UPDATE kept SET agent = '1' WHERE id = 1"]).await;
    assert!(matches!(ledger.kept_record(KeptId(1)).await, Err(LedgerError::Unreadable(_))));
}

#[tokio::test]
async fn agents_are_marked_disabled_since_they_were_first_seen_so() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = AgentId::new;
    let marks = || async { ledger.disabled().await.unwrap() };
    ledger.mark_states(&mediatel(), &[(id("1"), START), (id("2"), START)], &[id("3")]).await.unwrap();
    assert_eq!(marks().await, [(agent("1"), START), (agent("2"), START)]);
    let later = START + MINUTE;
    ledger.mark_states(&mediatel(), &[(id("1"), later), (id("3"), later)], &[id("2"), id("9")]).await.unwrap();
    assert_eq!(marks().await, [(agent("1"), START), (agent("3"), later)]);
    let other = rollcall_telephony::ConnectionName::new("other").unwrap();
    ledger.mark_states(&other, &[(id("1"), later)], &[id("3")]).await.unwrap();
    assert_eq!(marks().await.len(), 3);
    // Seen enabled in between, it counts from anew.
    ledger.mark_states(&mediatel(), &[], &[id("1")]).await.unwrap();
    ledger.mark_states(&mediatel(), &[(id("1"), later)], &[]).await.unwrap();
    assert_eq!(marks().await[0], (agent("1"), later));
}

#[tokio::test]
async fn the_last_beat_survives_a_restart() {
    let room = Room::new();
    let ledger = room.open().await;
    assert_eq!(ledger.last_beat().await.unwrap(), None);
    ledger.beat().await.unwrap();
    room.clock.advance(MINUTE);
    assert_eq!(ledger.last_beat().await.unwrap(), Some(START));
    ledger.beat().await.unwrap();
    ledger.close().await;
    assert_eq!(room.open().await.last_beat().await.unwrap(), Some(START + MINUTE));
}
