//! Restoring: what was deleted comes back from its sealed record, once, as long as it is kept.

use rollcall_sandbox::Posted;

use super::steps::{aloud, approvals, approved, audited, files_with, presses, stored, told};
use super::{VIRA_DISABLED, lead_asks};
use crate::world::{Setup, World, password_in};

/// Stands in a member that no document tells of.
const MARKER: &str = "zone-kestrel-4471";

/// Vira, disabled, with the marker in an unknown member.
fn marked() -> String {
    VIRA_DISABLED.replace("north", MARKER)
}

/// A world in which Vira was just deleted.
async fn deleted(setup: Setup) -> World {
    let world = World::of_agents(&[&marked()], setup).await;
    let card = lead_asks(&world).await;
    approved(&world, &card, "is gone").await;
    told(&world, &world.sandbox.lead()).await;
    world.log_says("deleted").await;
    world
}

/// The lead types `/agent restore`; answers the preview.
async fn previewed(world: &World) -> Posted {
    (*world.sandbox.lead().types("/agent restore agent:mediatel:900").await).clone()
}

/// Nobody reads the record in the store: once the list of agents was read again, nothing plain is left of it.
async fn only_the_kept_record_is_left(world: &World) {
    let plain = "SELECT count(*) FROM snapshots WHERE body LIKE '%zone-kestrel-4471%'";
    let begun = std::time::Instant::now();
    while stored(world, plain).await != 0 {
        world.sandbox.lead().types("/agent search query:root").await;
        assert!(begun.elapsed().as_secs() < 30, "the list still has the deleted agent");
    }
    assert_eq!(world.bot_stops().await.code(), Some(0));
    assert_eq!(stored(world, "SELECT count(*) FROM kept WHERE secret IS NOT NULL").await, 1);
    assert_eq!(files_with(world.folder(), MARKER), Vec::<String>::new(), "the kept record is sealed");
    assert_eq!(files_with(world.folder(), "c4ca4238a0b92382"), Vec::<String>::new(), "no password is kept");
    world.bot_starts().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_agent_comes_back() {
    let world = deleted(approvals("").adding("[directory]\nrefresh = \"1s\"")).await;
    let (lead, twin) = (world.sandbox.lead(), &world.phones.mediatel);
    only_the_kept_record_is_left(&world).await;
    for typed in ["", "vira", "900"] {
        let offered = lead.completes(&format!("/agent restore agent:{typed}")).await;
        let offered: Vec<(&str, &str)> = offered.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        assert_eq!(
            offered,
            [("vira.luhova · vira.luhova@example.com · deleted · mediatel", "mediatel:900")],
            "{typed}"
        );
    }
    let preview = previewed(&world).await;
    let said = aloud(&world, preview.text());
    insta::assert_snapshot!(said.split("What comes back: Rights").next().unwrap(), @r#"
    Restore vira.luhova on mediatel?
    It was `mediatel:900` and was deleted <time:f>. It comes back enabled, as its record was then.
    Password: a fresh one, by direct message to @Olha Koval.
    This button works until <time:t>.
    What cannot come back: its id (`900`): mediatel gives a new one
    its old password
    what other systems held under its id, and its place as supervisor of other agents
    What comes back: Account: Login: vira.luhova
    E-mail or name: vira.luhova@example.com
    Supervisor: 2
    Domain: CALL
    Personal numbers: +380 44 123
    State: enabled
    "#);
    assert!(said.contains("Zone: 19 bytes"), "{said}");
    let reply = presses(&lead, &preview, "Restore vira.luhova", "exists on mediatel").await;
    insta::assert_snapshot!(aloud(&world, &reply.now()), @r#"
    vira.luhova exists on mediatel
    Restored, enabled, as `mediatel:901`; it was `mediatel:900`.
    Its password went to @Olha Koval by direct message and can be read until <time:f>. You get a receipt.
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("restored").await.text()), @"✅ @Olha Koval restored **vira.luhova** (`mediatel:901`, it was `mediatel:900`); password to @Olha Koval.");
    let password = lead.next_direct_message().await;
    insta::assert_snapshot!(aloud(&world, password.text()), @r#"
    Here is the password of **vira.luhova** on mediatel, as you asked. Press Reveal when nobody looks over your shoulder. It can be read until <time:f>.
    [Reveal]
    "#);
    let password = world.reveals(&lead, &password).await;
    assert!(twin.can_log_in("vira.luhova", &password));
    told(&world, &lead).await;
    let made = twin.agent_by_login("vira.luhova").unwrap();
    let new = made.number("ID").unwrap();
    assert_ne!(new, 900);
    assert_eq!((made.number("State"), made.text("Zone").as_deref()), (Some(1), Some(MARKER)));
    let client = made.iter().find(|(name, _)| *name == "ClientApp").unwrap().1.get();
    assert_eq!(client, r#"{"ShowTreeCC":1,"AutoAnswer":{"Time":5}}"#);
    assert_eq!(twin.deleted_agents(), [900]);
    // Both ids are on record, and the sealed record is erased.
    let log = audited(&world).await;
    let done = log.iter().find(|entry| entry["what"] == "agent.restore done").unwrap();
    assert_eq!(done["target"], format!("mediatel:{new}"));
    let asked = log.iter().find(|entry| entry["what"] == "agent.restore recorded").unwrap();
    let detail: serde_json::Value = serde_json::from_str(asked["detail"].as_str().unwrap()).unwrap();
    assert_eq!(detail["act"]["was"], "mediatel:900", "{asked}");
    assert_eq!(stored(&world, "SELECT count(*) FROM kept WHERE secret IS NOT NULL").await, 0);
    // Twice is refused.
    let again = previewed(&world).await;
    insta::assert_snapshot!(aloud(&world, again.text()), @r#"
    It is back already
    vira.luhova (it was `mediatel:900`) was restored as `mediatel:901`. Nothing was changed.
    "#);
    assert!(lead.completes("/agent restore agent:").await.is_empty());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_taken_meanwhile_is_refused() {
    let world = deleted(approvals("")).await;
    let lead = world.sandbox.lead();
    let preview = previewed(&world).await;
    world.phones.mediatel.put_agent(&VIRA_DISABLED.replace("900", "950")).unwrap();
    let refused = lead.presses(&preview, "Restore vira.luhova").await;
    let refused = refused.changes_until(|text| text.contains("taken")).await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    Its login is taken
    “vira.luhova” belongs to `mediatel:950` by now, and who comes back gets the old login.
    Nothing was changed. Give that one another login with `/agent edit`, or delete it; then restore this one.
    "#);
    let refused = previewed(&world).await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    Its login is taken
    “vira.luhova” belongs to `mediatel:950` by now, and who comes back gets the old login.
    Nothing was changed. Give that one another login with `/agent edit`, or delete it; then restore this one.
    "#);
    // Free again, it comes back.
    world.phones.mediatel.take_agent(950).unwrap();
    lead.types("/agent show agent:mediatel:950").await;
    let preview = previewed(&world).await;
    presses(&lead, &preview, "Restore vira.luhova", "exists on mediatel").await;
    world.log_says("restored").await;
    world.passwords_are_read().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_kept_for_a_while_only() {
    let world = deleted(approvals("keep_deleted = \"2s\"")).await;
    let lead = world.sandbox.lead();
    let preview = previewed(&world).await;
    assert!(preview.text().contains("Restore vira.luhova"), "{}", preview.text());
    // Erased by itself, when its time is over.
    let erased = async {
        while stored(&world, "SELECT count(*) FROM kept WHERE secret IS NOT NULL").await != 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), erased).await.expect("the record is erased");
    let refused = lead.presses(&preview, "Restore vira.luhova").await;
    let refused = refused.changes_until(|text| text.contains("No deleted agent")).await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    Nothing to restore
    No deleted agent “vira.luhova” can be restored.
    Pick one from the suggestions; a record is kept for a while after a delete, then erased.
    "#);
    assert!(lead.completes("/agent restore agent:vira").await.is_empty());
    let refused = previewed(&world).await;
    assert!(refused.text().contains("Nothing to restore"), "{}", refused.text());
    assert_eq!(world.asked("POST"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_restore_one_agent() {
    let world = deleted(approvals("")).await;
    let lead = world.sandbox.lead();
    let (preview, second) = (previewed(&world).await, previewed(&world).await);
    lead.presses_twice(&preview, "Restore vira.luhova").await;
    preview.changes_until(|text| text.contains("exists on mediatel")).await;
    world.log_says("restored").await;
    world.passwords_are_read().await;
    // Another preview of the same, too.
    let refused = lead.presses(&second, "Restore vira.luhova").await;
    let refused = refused.changes_until(|text| text.contains("It is back already")).await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    It is back already
    vira.luhova (it was `mediatel:900`) was restored as `mediatel:901`. Nothing was changed.
    "#);
    let created =
        world.phones.mediatel.mutations().iter().filter(|m| format!("{:?}", m.what) == "AgentCreated").count();
    assert_eq!(created, 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_restore_is_told_who_could() {
    let world = deleted(approvals("")).await;
    let trainee = world.sandbox.trainee();
    let refused = trainee.types("/agent restore agent:mediatel:900").await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    You may not do that
    It needs the permission `agent.restore`.
    People with @Support lead could do it.
    "#);
    assert!(trainee.completes("/agent restore agent:vira").await.is_empty());
    let lead = world.sandbox.lead();
    let nobody = lead.types("/agent restore agent:\"**x** <@1> nobody\"").await;
    insta::assert_snapshot!(aloud(&world, nobody.text()), @r#"
    Nothing to restore
    No deleted agent “**x** <@1> nobody” can be restored.
    Pick one from the suggestions; a record is kept for a while after a delete, then erased.
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_without_the_bot_cannot_come_back() {
    let world = World::of_agents(&[&marked()], approvals("")).await;
    let card = lead_asks(&world).await;
    world.phones.mediatel.take_agent(900).unwrap();
    approved(&world, &card, "Void").await;
    told(&world, &world.sandbox.lead()).await;
    world.log_says("request 1").await;
    let refused = previewed(&world).await;
    assert!(refused.text().contains("Nothing to restore"), "{}", refused.text());
    assert_eq!(stored(&world, "SELECT count(*) FROM kept").await, 0);
    assert_eq!(stored(&world, "SELECT count(*) FROM requests WHERE record IS NOT NULL").await, 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_agent_can_be_deleted_and_restored_again() {
    let world = deleted(approvals("")).await;
    let lead = world.sandbox.lead();
    let preview = previewed(&world).await;
    presses(&lead, &preview, "Restore vira.luhova", "exists on mediatel").await;
    world.log_says("restored").await;
    let message = lead.next_direct_message().await;
    lead.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    assert!(world.phones.mediatel.can_log_in("vira.luhova", &password_in(shown.text())));
    told(&world, &lead).await;
    let offered = lead.types("/agent delete agent:vira.luhova reason:leaver").await;
    let reply = lead.presses(&offered, "Disable vira.luhova now and ask for the delete").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    world.log_says("disabled").await;
    let card = world.sandbox.approvals_channel().next_message().await;
    approved(&world, &card, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    let offered = lead.completes("/agent restore agent:vira").await;
    assert_eq!(offered.len(), 1);
    assert_ne!(offered[0].value, "mediatel:900");
    world.ends().await;
}
