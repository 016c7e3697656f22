//! Stores of earlier versions: each is brought up to date with everything that is in it.

use std::time::Duration;

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId};
use sqlx::Executor as _;

use super::asking::{asked, entries};
use super::{LEAD, Room, START, ask, conclusion, mediatel, offer};
use crate::ledger::{Conclusion, IntentState, Led, OfferId, OfferState, Requested, Snapshot, SnapshotOf};

const STORE: &str = include_str!("../../../migrations/sqlite/0001_store.sql");
const APPROVALS: &str = include_str!("../../../migrations/sqlite/0002_approvals.sql");
const PRESENCE: &str = include_str!("../../../migrations/sqlite/0003_presence.sql");

/// What the first schema's store held, of all that the second one touches.
const BEFORE_APPROVALS: [&str; 3] = [
    "INSERT INTO intents (id, actor, interaction, connection, act, state, recorded_at, concluded_at, outcome) \
     VALUES (5, 11, 700, 'mediatel', '{}', 'done', 1790000000000, 1790000000001, '{}'), \
     (6, 11, 701, 'mediatel', '{}', 'doubt', 1790000000000, NULL, NULL)",
    "INSERT INTO offers (id, actor, body, expires_at, state, intent) VALUES \
     (1, 11, '{\"a\":1}', 1790000600000, 'open', NULL), (2, 11, '{}', 1790000600000, 'taken', 5), \
     (3, 12, '{}', 1790000600000, 'cancelled', NULL)",
    "INSERT INTO notices (kind, target, body, created_at, next_at) VALUES ('person', 11, '{}', 1, 1)",
];

/// What the second schema's store held, of all that the third one touches.
const BEFORE_PRESENCE: [&str; 2] = [
    "INSERT INTO intents (id, actor, interaction, connection, act, state, attempts, recorded_at, sent_at, made) \
     VALUES (5, 11, 700, 'mediatel', '{\"a\":1}', 'sent', 2, 1790000000000, 1790000000001, '42')",
    "INSERT INTO kept (intent, connection, agent, login, name) VALUES (5, 'mediatel', '42', 'ivan.ivanov', '')",
];

/// What the third schema's store held, of all that the fourth one touches.
const BEFORE_LISTS: [&str; 1] = ["INSERT INTO snapshots (connection, taken_at, body) VALUES \
     ('mediatel', 1790000000000, '{\"version\":1,\"agents\":[]}'), ('erix-br', 1790000000001, '[1]')"];

/// Makes the file as the migrations so far left it, by a Rollcall that knew no others.
async fn old_store(room: &Room, migrations: &[&'static str], rows: &[&'static str]) {
    // Today's store tells what sqlx writes of the migrations, and how the key's check looks.
    let today = Room { folder: tempfile::tempdir().unwrap(), clock: room.clock.clone(), key: room.key.clone() };
    today.open().await.close().await;
    std::fs::write(room.path(), "").unwrap();
    let mut file = room.attacker().await;
    for sql in migrations {
        file.execute(*sql).await.unwrap();
    }
    let path = today.path().display().to_string();
    sqlx::query("ATTACH DATABASE $1 AS today").bind(path).execute(&mut file).await.unwrap();
    for sql in [
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
         checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
        "INSERT INTO meta SELECT * FROM today.meta",
    ] {
        sqlx::query(sql).execute(&mut file).await.unwrap();
    }
    let known = "INSERT INTO _sqlx_migrations SELECT * FROM today._sqlx_migrations WHERE version <= $1";
    let version = i64::try_from(migrations.len()).unwrap();
    sqlx::query(known).bind(version).execute(&mut file).await.unwrap();
    for sql in rows {
        sqlx::query(*sql).execute(&mut file).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_from_before_approvals_is_brought_up_to_date() {
    let room = Room::new();
    old_store(&room, &[STORE], &BEFORE_APPROVALS).await;
    let ledger = room.open().await;
    let intent = ledger.intent(IntentId(5)).await.unwrap().unwrap();
    assert_eq!((intent.state, intent.request), (IntentState::Done, None));
    assert_eq!(ledger.open_intents().await.unwrap().len(), 1);
    for (id, state) in
        [(1, OfferState::Open), (2, OfferState::Taken(Led::Intent(IntentId(5)))), (3, OfferState::Cancelled)]
    {
        assert_eq!(ledger.get_offer(OfferId(id)).await.unwrap().unwrap().state, state);
    }
    assert_eq!(ledger.get_offer(OfferId(1)).await.unwrap().unwrap().body, r#"{"a":1}"#);
    assert_eq!(ledger.due_notices(9).await.unwrap().len(), 1);
    // And it is as good as a new one.
    ledger.offer(&offer(4, LEAD)).await.unwrap();
    ask(&ledger, LEAD, Some(702), Some(1), None).await.unwrap();
    let request = asked(&ledger, "42").await;
    assert_eq!((request.created_at, entries(&ledger).await), (START, 2));
    ledger.close().await;
    assert_eq!(room.open().await.open_requests().await.unwrap(), [request]);
}

#[tokio::test]
async fn a_store_from_before_presence_is_brought_up_to_date() {
    let room = Room::new();
    old_store(&room, &[STORE, APPROVALS], &BEFORE_PRESENCE).await;
    let ledger = room.open().await;
    let [intent] = <[_; 1]>::try_from(ledger.open_intents().await.unwrap()).unwrap();
    assert_eq!((intent.id, intent.state, intent.attempts), (IntentId(5), IntentState::Sent, 2));
    assert_eq!((intent.act.as_str(), intent.sent_at), (r#"{"a":1}"#, Some(START + Duration::from_millis(1))));
    assert_eq!((intent.made.as_ref().map(AgentId::as_str), &intent.progress), (Some("42"), &None));
    assert_eq!(ledger.requested().await.unwrap(), []);
    // And it is as good as a new one.
    ledger.progress(intent.id, "[]").await.unwrap();
    let agent = AgentRef::new(mediatel(), AgentId::new("42"));
    let requested = Requested { agent, at: START, actor: LEAD, body: "{}".to_owned() };
    let done = Conclusion { requested: vec![requested.clone()], ..conclusion(IntentState::Failed, None) };
    ledger.conclude(intent.id, done).await.unwrap();
    ledger.close().await;
    assert_eq!(room.open().await.requested().await.unwrap(), [requested]);
}

#[tokio::test]
async fn a_store_from_before_lists_of_extensions_is_brought_up_to_date() {
    let room = Room::new();
    old_store(&room, &[STORE, APPROVALS, PRESENCE], &BEFORE_LISTS).await;
    let ledger = room.open().await;
    let snapshot = |connection: &str, of, taken_at, body: &str| {
        let connection = ConnectionName::new(connection).unwrap();
        Snapshot { connection, of, taken_at, body: body.to_owned() }
    };
    let erix = snapshot("erix-br", SnapshotOf::Agents, START + Duration::from_millis(1), "[1]");
    let agents = snapshot("mediatel", SnapshotOf::Agents, START, r#"{"version":1,"agents":[]}"#);
    assert_eq!(ledger.snapshots().await.unwrap(), [erix.clone(), agents.clone()], "what was kept are agents");
    // And it is as good as a new one.
    let extensions = snapshot("mediatel", SnapshotOf::Extensions, START, "[2]");
    ledger.save_snapshot(&extensions).await.unwrap();
    let agents = Snapshot { body: "[3]".to_owned(), ..agents };
    ledger.save_snapshot(&agents).await.unwrap();
    ledger.close().await;
    assert_eq!(room.open().await.snapshots().await.unwrap(), [erix, agents, extensions]);
    let other = "INSERT INTO snapshots (connection, kind, taken_at, body) VALUES ('mediatel', 'lines', 1, '')";
    assert!(sqlx::query(other).execute(&mut room.attacker().await).await.is_err());
}

#[tokio::test]
async fn an_offer_leads_to_an_act_or_a_request_and_never_to_both() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.offer(&offer(1, LEAD)).await.unwrap();
    asked(&ledger, "42").await;
    super::begun(&ledger, None).await;
    let mut file = room.attacker().await;
    for sql in [
        "UPDATE offers SET state = 'taken'",
        "UPDATE offers SET intent = 1",
        "UPDATE offers SET request = 1",
        "UPDATE offers SET state = 'taken', intent = 1, request = 1",
        "UPDATE offers SET state = 'taken', request = 99",
        "UPDATE requests SET state = 'executing', settlement = '{}', remind_at = NULL",
        "UPDATE requests SET state = 'gone'",
        "UPDATE requests SET intent = 1",
        "UPDATE requests SET state = 'denied', settlement = '{}', settled_at = 1, remind_at = NULL",
        "INSERT INTO copies (request, kind, channel, created_at, reacted) VALUES (1, 'reminder', 1, 1, 'due')",
    ] {
        assert!(sqlx::query(sql).execute(&mut file).await.is_err(), "{sql}");
    }
}
