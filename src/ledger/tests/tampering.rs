//! The audit log against somebody who can write the file but lacks the key.

use super::{Room, entry};
use crate::ledger::{AuditEntry, LedgerError, Verified};

const DROP: [&str; 3] =
    ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_no_replace"];

/// Six entries, then the attack, then what checking finds.
async fn after(attack: &[&'static str]) -> Verified {
    let room = Room::new();
    let ledger = room.open().await;
    for n in 1..=6 {
        ledger.audit(AuditEntry { target: format!("mediatel:{n}"), ..entry("agent.disable done") }).await.unwrap();
    }
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: 6 });
    ledger.close().await;
    room.attack(&DROP).await;
    room.attack(attack).await;
    room.open().await.verify_audit().await.unwrap()
}

async fn breaks_at(attack: &[&'static str], place: i64) {
    match after(attack).await {
        Verified::Broken { seq, .. } => assert_eq!(seq, place, "{attack:?}"),
        Verified::Whole { .. } => panic!("nobody noticed {attack:?}"),
    }
}

#[tokio::test]
async fn every_changed_member_is_noticed() {
    for attack in [
        "UPDATE audit SET at = at + 1 WHERE seq = 3",
        "UPDATE audit SET what = 'agent.enable done' WHERE seq = 3",
        "UPDATE audit SET actor = 12 WHERE seq = 3",
        "UPDATE audit SET actor = NULL WHERE seq = 3",
        "UPDATE audit SET target = 'mediatel:9' WHERE seq = 3",
        "UPDATE audit SET what = what || substr(target, 1, 1), target = substr(target, 2) WHERE seq = 3",
        "UPDATE audit SET intent = 1 WHERE seq = 3",
        "UPDATE audit SET detail = '{}' WHERE seq = 3",
        "UPDATE audit SET hash = x'00' WHERE seq = 3",
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 2) WHERE seq = 3",
    ] {
        breaks_at(&[attack], 3).await;
    }
}

#[tokio::test]
async fn a_removed_entry_is_noticed_wherever_it_stood() {
    breaks_at(&["DELETE FROM audit WHERE seq = 1"], 1).await;
    breaks_at(&["DELETE FROM audit WHERE seq = 4"], 4).await;
    // Closing the gap shows the next one as changed.
    breaks_at(&["DELETE FROM audit WHERE seq = 4", "UPDATE audit SET seq = seq - 1 WHERE seq > 4"], 4).await;
}

#[tokio::test]
async fn a_cut_tail_is_noticed() {
    breaks_at(&["DELETE FROM audit WHERE seq > 4"], 5).await;
    breaks_at(&["DELETE FROM audit"], 1).await;
    breaks_at(&["DELETE FROM audit WHERE seq > 4", "DELETE FROM meta WHERE name = 'audit_head'"], 5).await;
    breaks_at(&["UPDATE meta SET value = zeroblob(72) WHERE name = 'audit_head'"], 7).await;
}

#[tokio::test]
async fn added_and_reordered_entries_are_noticed() {
    let add = "INSERT INTO audit SELECT 7, at, what, actor, target, intent, detail, hash FROM audit WHERE seq = 6";
    breaks_at(&[add], 7).await;
    let below = "INSERT INTO audit SELECT -5, at, what, actor, target, intent, detail, hash FROM audit WHERE seq = 6";
    breaks_at(&[below], -5).await;
    let swap = [
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 99",
    ];
    breaks_at(&swap, 2).await;
}

#[tokio::test]
async fn a_cut_tail_stays_noticed_after_more_was_written() {
    let room = Room::new();
    let ledger = room.open().await;
    for _ in 0..4 {
        ledger.audit(entry("agent.disable done")).await.unwrap();
    }
    room.attack(&DROP).await;
    room.attack(&["DELETE FROM audit WHERE seq > 2"]).await;
    ledger.audit(entry("agent.enable done")).await.unwrap();
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Broken { seq: 3, why: "it is missing" });
}

#[tokio::test]
async fn nothing_is_added_behind_a_forged_end() {
    let room = Room::new();
    let ledger = room.open().await;
    room.attack(&["UPDATE meta SET value = zeroblob(72) WHERE name = 'audit_head'"]).await;
    let refused = ledger.audit(entry("agent.enable done")).await;
    assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
}

#[tokio::test]
async fn the_triggers_refuse_while_they_stand() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.audit(entry("agent.enable done")).await.unwrap();
    let mut file = room.attacker().await;
    for sql in [
        "UPDATE audit SET what = 'x'",
        "DELETE FROM audit",
        "REPLACE INTO audit SELECT seq, at, 'x', actor, target, intent, detail, hash FROM audit",
    ] {
        let refused = sqlx::query(sql).execute(&mut file).await.unwrap_err().to_string();
        assert!(refused.contains("entries of the audit log cannot be"), "{refused}");
    }
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: 1 });
}

#[tokio::test]
async fn a_log_of_more_than_one_page_is_checked_to_its_end() {
    let room = Room::new();
    let ledger = room.open().await;
    let mut work = ledger.store.write().await.unwrap();
    for _ in 0..1203 {
        crate::ledger::audit::append(&mut work, &ledger.chain, entry("many"), None, super::START).await.unwrap();
    }
    work.commit().await.unwrap();
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: 1203 });
    room.attack(&DROP).await;
    room.attack(&["UPDATE audit SET detail = '{}' WHERE seq = 1001"]).await;
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Broken { seq: 1001, why: "it was changed" });
    let rows = ledger.audit_rows(1200, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1201, 1202, 1203]);
    assert!(rows[0].hash.len() == 64 && rows[0].hash.bytes().all(|b| b.is_ascii_hexdigit()));
}
