//! Stores that cannot be opened, written or read: a sentence, and nothing changed.

use std::sync::Arc;

use serenity::model::id::{InteractionId, UserId};
use sqlx::Connection as _;

use super::{Hands, LEAD, Room, ask, entry};
use crate::ledger::store::Store;
use crate::ledger::{Began, Key, Ledger, LedgerError, Verified};

async fn refused(room: &Room, url: &str) -> String {
    match Ledger::open(url, &room.key, room.clock.clone() as Arc<Hands>).await {
        Err(LedgerError::Open(why)) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("{url} was opened"),
    }
}

/// Runs a setting on the connection that writes.
async fn set(ledger: &Ledger, sql: &'static str) {
    match &ledger.store {
        Store::Sqlite { writer, .. } => sqlx::query(sql).execute(writer).await.map(drop).unwrap(),
    }
}

#[tokio::test]
async fn what_is_not_a_store_is_named() {
    let room = Room::new();
    let at = |name: &str| format!("sqlite:{}", room.folder.path().join(name).display());
    let postgres = refused(&room, "postgres://rollcall:hunter2@db.example/rollcall").await;
    assert!(postgres.contains("PostgreSQL is not built yet") && postgres.contains("sqlite:PATH"), "{postgres}");
    assert!(!postgres.contains("hunter2"));
    assert!(refused(&room, "mysql://hunter2").await.contains("sqlite:PATH"));
    assert!(refused(&room, "sqlite::memory:").await.contains("name a file"));
    assert!(refused(&room, "sqlite:").await.contains("name a file"));
    assert!(refused(&room, &at("missing/rollcall.db")).await.contains("does not exist"));
    assert!(!room.folder.path().join("missing").exists());
    assert!(refused(&room, &format!("sqlite:{}", room.folder.path().display())).await.contains("is not a file"));

    std::fs::write(room.folder.path().join("text.db"), "Dear diary, ".repeat(200)).unwrap();
    assert!(refused(&room, &at("text.db")).await.contains("is not an SQLite database"));
    assert_eq!(std::fs::read_to_string(room.folder.path().join("text.db")).unwrap(), "Dear diary, ".repeat(200));
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let room = Room::new();
    std::fs::write(room.path(), "").unwrap();
    room.attack(&["CREATE TABLE cats (name TEXT)", "INSERT INTO cats VALUES ('Murka')"]).await;
    let before = std::fs::read(room.path()).unwrap();
    assert!(refused(&room, &room.url()).await.contains("another program's"));
    assert_eq!(std::fs::read(room.path()).unwrap(), before);
}

#[tokio::test]
async fn a_newer_store_is_left_alone() {
    let room = Room::new();
    room.open().await.close().await;
    room.attack(&["INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                   VALUES (99, 'tomorrow', TRUE, x'00', 1)"])
        .await;
    let why = refused(&room, &room.url()).await;
    assert!(why.contains("newer Rollcall (schema 99)"), "{why}");
}

#[tokio::test]
async fn another_key_opens_nothing_and_changes_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.audit(entry("agent.clone done")).await.unwrap();
    ledger.close().await;
    let before = std::fs::read(room.path()).unwrap();
    let other = Key::parse(&Key::generate()).unwrap();
    let refused = Ledger::open(&room.url(), &other, room.clock.clone()).await;
    assert!(matches!(refused, Err(LedgerError::WrongKey)), "{refused:?}");
    assert_eq!(std::fs::read(room.path()).unwrap(), before);
    assert_eq!(room.open().await.verify_audit().await.unwrap(), Verified::Whole { entries: 1 });
}

#[tokio::test]
async fn a_removed_key_check_does_not_let_another_key_in() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.audit(entry("agent.clone done")).await.unwrap();
    ledger.close().await;
    room.attack(&["DELETE FROM meta WHERE name = 'key_check'"]).await;
    assert!(refused(&room, &room.url()).await.contains("was removed from outside"));
}

#[tokio::test]
async fn a_damaged_store_is_refused_and_never_made_anew() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.audit(entry("agent.clone done")).await.unwrap();
    ledger.close().await;
    let mut bytes = std::fs::read(room.path()).unwrap();
    for byte in &mut bytes[4096..] {
        *byte ^= 0xa5;
    }
    std::fs::write(room.path(), &bytes).unwrap();
    let why = refused(&room, &room.url()).await;
    assert!(why.contains("is damaged"), "{why}");
    assert_eq!(std::fs::read(room.path()).unwrap(), bytes);
}

/// Writes fail with this sentence, reads go on, and nothing was written.
async fn only_reads(ledger: &Ledger, why: &str) {
    let intents = ledger.open_intents().await.unwrap();
    let verified = ledger.verify_audit().await.unwrap();
    for refused in [
        ask(ledger, LEAD, Some(77), None, None).await.map(drop),
        ledger.check_writable().await,
        ledger.first_sight(InteractionId::new(78), UserId::new(5), &"token".into()).await.map(drop),
        ledger.tidy().await,
    ] {
        match refused {
            Err(LedgerError::Unwritable(said)) => assert_eq!(said, why),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ledger.open_intents().await.unwrap(), intents);
    assert_eq!(ledger.verify_audit().await.unwrap(), verified);
    assert!(ledger.unanswered().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_read_only_store_refuses_writes_and_recovers() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.audit(entry("agent.clone done")).await.unwrap();
    set(&ledger, "PRAGMA query_only = ON").await;
    only_reads(&ledger, "its file is read-only").await;
    set(&ledger, "PRAGMA query_only = OFF").await;
    assert!(matches!(ask(&ledger, LEAD, Some(77), None, None).await.unwrap(), Began::New(_)));
}

#[tokio::test]
async fn a_file_without_write_permission_is_named_at_the_start() {
    let room = Room::new();
    room.open().await.close().await;
    let mut rights = std::fs::metadata(room.path()).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(room.path(), rights).unwrap();
    if std::fs::OpenOptions::new().append(true).open(room.path()).is_ok() {
        println!("skipped: this user may write every file");
        return;
    }
    match Ledger::open(&room.url(), &room.key, room.clock.clone()).await {
        Err(LedgerError::Open(_)) => {}
        Err(other) => panic!("{other:?}"),
        Ok(ledger) => assert!(matches!(ledger.check_writable().await, Err(LedgerError::Unwritable(_)))),
    }
}

#[tokio::test]
async fn a_full_store_refuses_writes_and_recovers_by_itself() {
    let room = Room::new();
    let ledger = room.open().await;
    // Less than it has: as many as it has.
    set(&ledger, "PRAGMA max_page_count = 1").await;
    let mut failed = 0;
    let mut written = 0;
    // The last page fills up, whatever is tried; after the first failure each try has to fail alike, not differently.
    for n in 0..400 {
        let long = crate::ledger::AuditEntry { target: "x".repeat(500), ..entry("agent.clone done") };
        match ledger.audit(long).await {
            Ok(()) => written += 1,
            Err(LedgerError::Unwritable(why)) => {
                assert_eq!(why, "the disk is full", "at {n}");
                failed += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
        if failed == 3 {
            break;
        }
    }
    assert_eq!(failed, 3);
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: written });
    set(&ledger, "PRAGMA max_page_count = 100000").await;
    assert!(matches!(ask(&ledger, LEAD, Some(77), None, None).await.unwrap(), Began::New(_)));
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: written + 1 });
}

#[tokio::test]
async fn a_store_that_another_program_keeps_locked_is_waited_for_and_then_refused() {
    let room = Room::new();
    let ledger = room.open().await;
    let mut other = room.attacker().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let begun = std::time::Instant::now();
    let refused = ledger.check_writable().await;
    assert!(begun.elapsed().as_secs() >= 4, "it did not wait");
    match refused {
        Err(LedgerError::Unwritable(why)) => assert_eq!(why, "another program keeps it locked"),
        other => panic!("{other:?}"),
    }
    assert!(ledger.open_intents().await.unwrap().is_empty());
    other.close().await.unwrap();
    ledger.check_writable().await.unwrap();
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.close().await;
    assert!(matches!(ledger.check_writable().await, Err(LedgerError::Unwritable(why)) if why == "it is closed"));
    assert!(matches!(ledger.open_intents().await, Err(LedgerError::Unreadable(why)) if why == "it is closed"));
}
