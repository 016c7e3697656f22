//! The buttons of a card run the very same path as a reaction.

use rollcall_sandbox::{Fault, Forged, Person, Posted};
use serde_json::{Value, json};

use super::{
    VIRA_DISABLED, answered, approvals, deletes, disabled, gone_is_told, heard, lead_asks, lead_asks_about, told,
};
use crate::world::{Setup, World};

const APPROVE: &str = "Approve: delete vira.luhova";
const DENY: &str = "Deny with a reason";
const LOOK: &str = "I'm looking";

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_presses_and_the_agent_is_gone() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    assert_eq!(card.buttons(), [APPROVE, DENY, LOOK]);
    let [approve, deny, look]: [String; 3] = card.custom_ids().try_into().expect("three buttons");
    let looks = answered(maksym.presses(&card, LOOK).await).await;
    insta::assert_snapshot!(heard(&world, looks.text()), @r#"
    The card says that you are looking
    It decides nothing; the others just know.
    "#);
    let looked = card.changes_until(|text| text.contains("Looking")).await;
    insta::assert_snapshot!(heard(&world, looked.text().lines().nth(5).unwrap()), @"👀 Looking: @Maksym Tkachenko (since <time:t>)");
    let pressed = answered(iryna.presses(&card, APPROVE).await).await;
    assert!(pressed.is_ephemeral());
    insta::assert_snapshot!(heard(&world, pressed.text()), @r#"
    That decided it
    It is approved by @Iryna Shevchenko. The card tells what comes of it.
    "#);
    let done = card.changes_until(|text| text.contains("is gone")).await;
    assert_eq!(done.buttons(), Vec::<String>::new());
    gone_is_told(&world).await;
    // Presses that come late: from a client that still shows the buttons.
    let late = answered(maksym.presses_id(&card, &approve).await).await;
    insta::assert_snapshot!(heard(&world, late.text()), @r#"
    It is decided already
    It is already approved by @Iryna Shevchenko. The card tells what comes of it.
    "#);
    for id in [&deny, &look] {
        let late = answered(maksym.presses_id(&card, id).await).await;
        assert!(late.text().contains("already approved by"), "{id}: {}", late.text());
    }
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_twice_counts_once() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    for reply in iryna.presses_twice(&card, APPROVE).await {
        let reply = answered(reply).await;
        assert!(reply.text().contains("1 of 2"), "{}", reply.text());
    }
    let one = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    assert_eq!(one.text().matches(&iryna.mention()).count(), 1, "{}", one.text());
    assert_eq!(deletes(&world), 0);
    for reply in maksym.presses_twice(&card, APPROVE).await {
        let reply = answered(reply).await;
        assert!(reply.text().contains("approved by"), "{}", reply.text());
    }
    card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

/// Opens the form of "Deny with a reason" and sends these words.
async fn denies(person: &Person, card: &Posted, words: &str) -> Posted {
    let form = person.presses(card, DENY).await;
    let field = form.modal().expect("a form").fields()[0].custom_id.clone();
    answered(person.submits(&form, &[(&field, words)]).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_with_a_reason_reaches_the_card_and_who_asked() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    let form = iryna.presses(&card, DENY).await;
    insta::assert_snapshot!(form.text(), @r#"
    Deny: vira.luhova
    Why not? The requester reads it.:
    "#);
    let late_form = maksym.presses(&card, DENY).await;
    let words = "She is on leave, **not** gone. <@&1> @everyone\nAsk HR first, please.";
    let denied = denies(&iryna, &card, words).await;
    insta::assert_snapshot!(heard(&world, denied.text()), @r#"
    That decided it
    It is denied by @Iryna Shevchenko; nothing was changed.
    "#);
    let card = card.changes_until(|text| text.contains("Denied by")).await;
    let line = card.text().lines().find(|line| line.contains("Denied by")).unwrap().to_owned();
    insta::assert_snapshot!(line.replace(&iryna.mention(), "@Iryna Shevchenko"), @r#"
    ❌ Denied by @Iryna Shevchenko. “She is on leave, \*\*not\*\* gone. \<@&1> \@everyone Ask HR first, please.” Nothing was changed.
    "#);
    assert!(card.pings().is_empty());
    let message = world.sandbox.lead().next_direct_message().await;
    insta::assert_snapshot!(heard(&world, message.seen()), @r#"
    Your request 1 — denied
    You asked to delete vira.luhova on mediatel for good.
    ❌ Denied by @Iryna Shevchenko. “She is on leave, **not** gone. <@&1> @everyone Ask HR first, please.” Nothing was changed.
    "#);
    let line = world.sandbox.log_channel().next_message().await;
    insta::assert_snapshot!(heard(&world, line.seen()), @"🗳️ @Olha Koval: request 1 to delete vira.luhova on mediatel for good — ❌ Denied by @Iryna Shevchenko. “She is on leave, **not** gone. <@&1> @everyone Ask HR first, please.” Nothing was changed.");
    // Whoever was still typing is told who was quicker.
    let late = answered(maksym.submits(&late_form, &[("reason", "No.")]).await).await;
    insta::assert_snapshot!(heard(&world, late.text()), @r#"
    It is decided already
    It is already denied by @Iryna Shevchenko; nothing was changed.
    "#);
    assert!(world.phones.mediatel.agent(900).is_some());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_decide_learns_it_from_the_answer() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (lead, trainee, iryna) = (world.sandbox.lead(), world.sandbox.trainee(), world.sandbox.approver());
    let card = lead_asks(&world).await;
    let refused = answered(trainee.presses(&card, APPROVE).await).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    That does not count
    Only people with an approver role decide, and you have none; the card names the roles.
    "#);
    for label in [DENY, LOOK] {
        let refused = answered(trainee.presses(&card, label).await).await;
        assert!(refused.text().contains("you have none"), "{label}: {}", refused.text());
    }
    lead.gets(world.sandbox.approver_role());
    let refused = answered(lead.presses(&card, APPROVE).await).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    That does not count
    You asked for it yourself, so somebody else has to decide; `/approvals cancel` takes it back.
    "#);
    for label in [DENY, LOOK] {
        let refused = answered(lead.presses(&card, label).await).await;
        assert!(refused.text().contains("You asked for it yourself"), "{}", refused.text());
    }
    // Who opened the form with the role and sent it without does not decide either.
    let form = iryna.presses(&card, DENY).await;
    iryna.loses(world.sandbox.approver_role());
    let refused = answered(iryna.submits(&form, &[("reason", "No.")]).await).await;
    assert!(refused.text().contains("you have none"), "{}", refused.text());
    assert_eq!((deletes(&world), card.now()), (0, card.text().to_owned()), "nothing changed");
    world.sandbox.second_approver().presses(&card, APPROVE).await;
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_presses_and_forms_do_nothing_more_than_true_ones() {
    let agents = [VIRA_DISABLED.to_owned(), disabled(901, "ivan.ivanov")];
    let world = World::of_agents(&agents.each_ref().map(String::as_str), Setup::default()).await;
    let (trainee, iryna) = (world.sandbox.trainee(), world.sandbox.approver());
    let (vira, ivan) = (lead_asks(&world).await, lead_asks_about(&world, 901).await);
    let before = (vira.now(), ivan.now());
    let garbage = [
        "approve:999999:1",
        "approve:1",
        "approve:01:1",
        "approve:-1:1",
        "approve:0:0",
        "approve:1:1:1",
        "approve::",
        "approve:99999999999999999999:1",
        "deny:999999",
        "deny:x",
        "look:999999",
        "look:",
        "why:1",
    ];
    for forged in garbage {
        let reply = answered(iryna.presses_id(&vira, forged).await).await;
        assert!(reply.is_ephemeral() && !reply.text().is_empty(), "{forged}");
    }
    let none = answered(iryna.presses_id(&vira, "approve:999999:1").await).await;
    insta::assert_snapshot!(heard(&world, none.text()), @r#"
    No such request
    There is no request “999999”.
    `/approvals list` shows those that wait.
    "#);
    // Another's button is no key: who presses it is who is weighed.
    for stolen in ivan.custom_ids() {
        let reply = answered(trainee.presses_id(&vira, &stolen).await).await;
        assert!(reply.text().contains("you have none"), "{stolen}: {}", reply.text());
    }
    let form = |id: &str, words: &str| {
        let input = json!({ "type": 4, "id": 2, "custom_id": "reason", "value": words });
        json!({ "custom_id": id, "components": [{ "type": 1, "id": 1, "components": [input] }] })
    };
    let reply = answered(trainee.forges(Forged::Modal, Some(&vira), form("deny:1", "No."), Value::Null).await).await;
    assert!(reply.text().contains("you have none"), "{}", reply.text());
    let reply = answered(iryna.forges(Forged::Modal, Some(&vira), form("deny:999999", "No."), Value::Null).await).await;
    assert!(reply.text().contains("There is no request"), "{}", reply.text());
    assert_eq!((vira.now(), ivan.now(), deletes(&world)), (before.0, before.1, 0));
    // An approver's own forms work, however odd their words: an empty one says nothing, a long one is cut.
    iryna.forges(Forged::Modal, Some(&vira), form("deny:1", "  \n "), Value::Null).await;
    let denied = vira.changes_until(|text| text.contains("Denied by")).await;
    assert!(!denied.text().contains('“'), "no words, no quotation: {}", denied.text());
    told(&world.sandbox.lead(), "Denied by").await;
    world.log_says("Denied by").await;
    iryna.forges(Forged::Modal, Some(&ivan), form("deny:2", &"no ".repeat(1_700)), Value::Null).await;
    let denied = ivan.changes_until(|text| text.contains("Denied by")).await;
    assert!(denied.text().chars().count() < 2_000 && denied.text().contains("no no no"), "{}", denied.text());
    told(&world.sandbox.lead(), "Denied by").await;
    world.log_says("Denied by").await;
    assert_eq!(deletes(&world), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_discord_does_not_tell_who_somebody_is_a_press_waits() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let iryna = world.sandbox.approver();
    let card = lead_asks(&world).await;
    let member = format!("/guilds/{}/members/{}", world.sandbox.guild(), iryna.id());
    world.sandbox.next_requests(1_000, "GET", &member, Fault::Status(503));
    let waits = answered(iryna.presses(&card, APPROVE).await).await;
    insta::assert_snapshot!(heard(&world, waits.text()), @r#"
    I have it, but cannot check it yet
    Discord gave no answer that I can use (read a member: Discord cannot be reached). It is written down and counts as soon as that can be checked; the card tells.
    "#);
    assert_eq!((deletes(&world), card.buttons().len()), (0, 3), "it is not decided");
    world.sandbox.heals();
    let done = card.changes_until(|text| text.contains("is gone")).await;
    assert!(done.text().contains(&iryna.mention()), "{}", done.text());
    gone_is_told(&world).await;
    world.ends().await;
}
