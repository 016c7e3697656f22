//! What these scenarios do again and again: a world with a patient quota, a decision, the audit log, words read aloud.

use std::path::Path;

use rollcall_sandbox::{Person, Posted, Reply};
use serde_json::Value;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::world::{Setup, World};

/// A world with these keys in `[approvals]`, in which a person may do as much in a minute as a test needs.
pub fn approvals(keys: &str) -> Setup {
    Setup::default()
        .setting("[approvals]\n", format!("[approvals]\n{keys}\n"))
        .adding("[limits]\nper_person = \"1000/min\"")
}

/// A text as a person reads it, approvers and their role by name as well.
pub fn aloud(world: &World, text: &str) -> String {
    let sandbox = &world.sandbox;
    let named = [sandbox.second_approver(), sandbox.owner()]
        .iter()
        .fold(world.heard(text), |text, person| text.replace(&person.mention(), &format!("@{}", person.name())));
    let named = named.replace(&format!("<@&{}>", sandbox.approver_role()), "@Approver");
    // The fingerprint is of no interest to whoever reads a test.
    regex::Regex::new(r"record [0-9a-f]{12}").unwrap().replace_all(&named, "record (hash)").into_owned()
}

/// A card without the record and the rules of voting, which `deciding.rs` reads.
pub fn gist(world: &World, card: &str) -> String {
    let said = aloud(world, card);
    let parts = ["Everything that goes", "The record", "What comes back", "What is copied"];
    let lines = said.lines().take_while(|line| !parts.iter().any(|part| line.starts_with(part)));
    lines.filter(|line| !line.starts_with("**✅ approves")).collect::<Vec<_>>().join("\n")
}

/// The card that comes next.
pub async fn next_card(world: &World) -> Posted {
    world.sandbox.approvals_channel().next_message().await
}

/// An approver reacts ✅; answers the card once it says so.
pub async fn approved(world: &World, card: &Posted, until: &str) -> Posted {
    world.sandbox.approver().reacts(card, "✅");
    card.changes_until(|text| text.contains(until)).await
}

/// The lead presses a button that changes something, and waits for these words.
pub async fn presses(person: &Person, reply: &Posted, label: &str, until: &str) -> Reply {
    let pressed = person.presses(reply, label).await;
    pressed.changes_until(|text| text.contains(until)).await;
    pressed
}

/// What somebody is told next by direct message.
pub async fn told(world: &World, person: &Person) -> String {
    aloud(world, person.next_direct_message().await.text())
}

/// The audit log: what happened, in order, with its target.
pub async fn audited(world: &World) -> Vec<Value> {
    let exported = world.rollcall(&["audit", "export"]).output().await.expect("rollcall audit export runs");
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    String::from_utf8_lossy(&exported.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

/// The audit log's steps, as "what target".
pub fn steps(audited: &[Value]) -> Vec<String> {
    let of = |entry: &Value| format!("{} {}", entry["what"].as_str().unwrap(), entry["target"].as_str().unwrap());
    audited.iter().map(of).collect()
}

/// The one number that a query of the bot's store answers.
pub async fn stored(world: &World, sql: &'static str) -> i64 {
    let file = format!("sqlite:{}", world.folder().join("rollcall.db").display());
    let mut store = SqliteConnection::connect(&file).await.expect("the store");
    let row = sqlx::query(sql).fetch_one(&mut store).await.expect("an answer");
    row.get(0)
}

/// The files of a folder that hold these bytes.
pub fn files_with(folder: &Path, bytes: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    files
        .filter(|file| {
            let held = std::fs::read(file).unwrap_or_default();
            held.windows(bytes.len()).any(|window| window == bytes.as_bytes())
        })
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}
