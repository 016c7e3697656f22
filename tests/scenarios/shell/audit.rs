//! `rollcall audit`: whole, exported, and tampered with.

use sqlx::{Connection as _, SqliteConnection};

use super::{errors, out};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_log_is_exported_and_a_changed_one_is_noticed() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    for verb in ["disable", "enable"] {
        let reply = lead.types(&format!("/agent {verb} agent:mediatel:4")).await;
        reply.changes_until(|text| text.contains(&format!("{verb}d"))).await;
        world.sandbox.log_channel().next_message().await;
    }
    assert_eq!(world.bot_stops().await.code(), Some(0));

    let exported = world.rollcall(&["audit", "export"]).output().await.expect("rollcall audit export runs");
    assert_eq!(exported.status.code(), Some(0), "{}", errors(&exported));
    let entries: Vec<serde_json::Value> =
        out(&exported).lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect();
    let numbers: Vec<i64> = entries.iter().filter_map(|entry| entry["seq"].as_i64()).collect();
    assert_eq!(numbers, (1..=i64::try_from(entries.len()).expect("few")).collect::<Vec<_>>());
    for verb in ["agent.disable", "agent.enable"] {
        let told = |entry: &&serde_json::Value| entry["what"].as_str().is_some_and(|what| what.starts_with(verb));
        assert!(entries.iter().filter(told).count() >= 2, "asked and done of {verb}: {entries:?}");
    }
    let verified = world.rollcall(&["audit", "verify"]).output().await.expect("rollcall audit verify runs");
    assert_eq!(verified.status.code(), Some(0));
    assert_eq!(out(&verified), format!("All {} entries of the audit log are as they were written.\n", entries.len()));

    // Somebody who can write the file takes the locks off and changes who it was.
    let file = format!("sqlite:{}", world.folder().join("rollcall.db").display());
    let mut store = SqliteConnection::connect(&file).await.expect("the store");
    let guarded = sqlx::query("UPDATE audit SET actor = 1 WHERE seq = 2").execute(&mut store).await;
    assert!(guarded.is_err(), "entries cannot be changed by mistake");
    for statement in ["DROP TRIGGER audit_no_update", "UPDATE audit SET actor = 1 WHERE seq = 2"] {
        sqlx::query(statement).execute(&mut store).await.expect("an attacker's statement");
    }
    store.close().await.expect("closed");
    let verified = world.rollcall(&["audit", "verify"]).output().await.expect("rollcall audit verify runs");
    assert_eq!(verified.status.code(), Some(1));
    assert!(errors(&verified).contains("Entry 2 of the audit log is not as it was written"), "{}", errors(&verified));
}
