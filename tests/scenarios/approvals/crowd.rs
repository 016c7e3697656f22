//! Fifty approvers at once: one delete, and for each of them it is written what became of what they said.

use std::collections::BTreeMap;

use rollcall_sandbox::{Person, Posted, PrivilegedIntent};
use sqlx::{Connection as _, Row as _, SqliteConnection};

use super::VIRA_DISABLED;
use super::watching::{approvals, audit_log, audited, card_waits, has_ours, is_deleted};
use crate::world::World;

const CROWD: usize = 50;
/// So many of them press the button, too.
const PRESSING: usize = 20;

/// What the ledger says of each person's ballot made in this way.
async fn ballots(world: &World, via: &str) -> BTreeMap<String, String> {
    let url = format!("sqlite:{}?mode=ro", world.folder().join("rollcall.db").display());
    let mut store = SqliteConnection::connect(&url).await.unwrap();
    let sql = "SELECT person, state FROM ballots WHERE via = $1 AND verdict = 'approve'";
    let rows = sqlx::query(sql).bind(via).fetch_all(&mut store).await.unwrap();
    store.close().await.unwrap();
    let person = |id: i64| u64::from_ne_bytes(id.to_ne_bytes()).to_string();
    rows.iter().map(|row| (person(row.get("person")), row.get("state"))).collect()
}

/// Every ballot of the crowd is written, once.
async fn all_are_written(world: &World, via: &str, people: &[Person]) -> BTreeMap<String, String> {
    let deadline = std::time::Instant::now() + super::watching::SOON;
    loop {
        let written = ballots(world, via).await;
        let missing: Vec<String> =
            people.iter().filter(|it| !written.contains_key(&it.id().to_string())).map(Person::name).collect();
        if missing.is_empty() {
            return written;
        }
        assert!(std::time::Instant::now() < deadline, "nothing is written of {missing:?}");
    }
}

/// What each press is told, once it was answered.
async fn told(presses: Vec<rollcall_sandbox::Reply>) -> Vec<String> {
    let mut told = Vec::new();
    for reply in presses {
        told.push(reply.changes_until(|text| !text.contains("One moment")).await.text().to_owned());
    }
    told
}

async fn a_crowd_decides(threshold: u32) {
    let world = World::of_agents(&[VIRA_DISABLED], approvals(&format!("threshold = {threshold}"))).await;
    // Else Discord refuses, with 403, to list who could approve.
    world.sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    let people = world.sandbox.more_approvers(CROWD);
    let card = card_waits(&world).await;
    let begun = std::time::Instant::now();
    for person in &people {
        person.reacts(&card, "✅");
    }
    let presses = people.iter().take(PRESSING).map(|person| person.presses(&card, "Approve: delete vira.luhova"));
    let presses = futures_util::future::join_all(presses);
    assert!(begun.elapsed().as_secs() < 1, "they react within one second");
    let presses = told(presses.await).await;
    let card = is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), 1);
    written_of_each(&world, &people, &card, threshold).await;
    for told in presses {
        let decided = told.contains("pproved by <@") || told.contains("Your approval counts");
        assert!(decided, "a press in the crowd is told: {told}");
    }
    // Whoever presses now is late, and is told by whom it was approved.
    assert_eq!(card.buttons(), Vec::<String>::new());
    for person in &people {
        assert_eq!(person.direct_messages().len(), 0, "a late ✅ needs no message: the card tells");
    }
    let shut_out = |status| matches!(status, Some(401 | 403 | 429));
    let requests = world.sandbox.requests();
    let refused: Vec<_> = requests.iter().filter(|it| shut_out(it.status)).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    println!("threshold {threshold}: {} requests to Discord in all", requests.len());
    world.ends().await;
}

/// For each of the fifty: counted, or late. Those who are named on the card counted.
async fn written_of_each(world: &World, people: &[Person], card: &Posted, threshold: u32) {
    let written = all_are_written(world, "reaction", people).await;
    assert_eq!(written.len(), CROWD);
    let of = |state: &str| written.values().filter(|it| *it == state).count();
    let (counted, late) = (of("counted"), of("late"));
    assert_eq!(counted + late, CROWD, "{written:#?}");
    let pressed = ballots(world, "button").await;
    assert!(pressed.values().all(|state| state == "counted" || state == "late"), "{pressed:#?}");
    let named: Vec<&Person> = people.iter().filter(|it| card.text().contains(&it.mention())).collect();
    assert!(named.len() >= threshold as usize, "{}", card.text());
    for person in named {
        let id = person.id().to_string();
        let counts = |ballots: &BTreeMap<String, String>| ballots.get(&id).is_some_and(|state| state == "counted");
        assert!(counts(&written) || counts(&pressed), "{} is named on the card", person.name());
    }
    // The audit log has each of them, too: what was cast, and what counted.
    let entries = audit_log(world).await;
    for person in people {
        let theirs = entries.iter().filter(|entry| {
            entry["what"] == "ballot cast"
                && entry["actor"].as_str().map_or_else(|| entry["actor"].to_string(), ToOwned::to_owned)
                    == person.id().to_string()
        });
        assert!(theirs.count() >= 1, "the audit log has nothing of {}", person.name());
    }
    assert_eq!(audited(world, "agent.delete recorded").await, 1);
    assert_eq!(audited(world, "agent.delete done").await, 1);
    println!("threshold {threshold}: {counted} counted, {late} came late");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_reactions_within_a_second_lead_to_one_delete() {
    a_crowd_decides(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_reactions_reach_a_threshold_of_three_once() {
    a_crowd_decides(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_comes_late_is_told_who_approved() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 1")).await;
    let card = card_waits(&world).await;
    let held = world.sandbox.message(card.id().expect("a card")).expect("a card");
    // The card keeps its buttons until Discord takes the edit: whoever presses meanwhile is late.
    let messages = format!("/channels/{}/messages/", world.sandbox.approvals_channel().id());
    let slow = rollcall_sandbox::Fault::Slow(std::time::Duration::from_secs(3));
    world.sandbox.next_requests(1, "PATCH", &messages, slow);
    world.sandbox.approver().reacts(&card, "✅");
    super::watching::until_audited(&world, "agent.delete recorded", 1).await;
    let pressed = world.sandbox.second_approver().presses(&held, "Approve: delete vira.luhova").await;
    let told = pressed.changes_until(|text| text.contains("already")).await;
    let wanted = format!("already approved by {}", world.sandbox.approver().mention());
    assert!(told.text().contains(&wanted), "{}", told.text());
    let looked = world.sandbox.second_approver().presses(&held, "I'm looking").await;
    looked.changes_until(|text| text.contains(&wanted)).await;
    let denied = world.sandbox.second_approver().presses(&held, "Deny with a reason").await;
    denied.changes_until(|text| text.contains(&wanted)).await;
    is_deleted(&world, &card).await;
    assert_eq!(ballots(&world, "button").await.values().collect::<Vec<_>>(), ["late"]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_reacts_and_thinks_again_decides_once() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 3")).await;
    let people = world.sandbox.more_approvers(CROWD);
    let card = card_waits(&world).await;
    for person in &people {
        person.reacts(&card, "✅");
        person.unreacts(&card, "✅");
    }
    super::watching::nothing_was_deleted(&world);
    has_ours(&world, &card).await;
    card.changes_until(|text| !text.contains(" of 3")).await;
    for person in &people {
        person.reacts(&card, "✅");
    }
    is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), 1);
    world.ends().await;
}
