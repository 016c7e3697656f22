//! Approvals under fire: hostile records and reasons on cards, forged custom ids, forged forms, forged options.

use rollcall_sandbox::{Forged, Posted};
use serde_json::{Value, json};

use super::nothing_got_through;
use crate::world::{Setup, World};

/// A disabled agent whose every text wants to be more than a text.
fn hostile(id: u64, text: &str) -> String {
    let mut agent = json!({
        "Password": "c4ca4238a0b92382", "ID": id, "RightID": 0, "Domain": text, "SupervisorRightID": 0, "State": 0,
        "DefaultSkill": 5, "Login": format!("hostile.agent{id}"), "SupervisorID": 1, "Details": text, "PersNumbers": [text],
        "ClientApp": { "StartURL": text, "AutoAnswer": { "Time": 1 } },
    });
    agent[text.chars().take(200).collect::<String>()] = json!({ "hostile": text });
    agent.to_string()
}

/// A world with these agents, in which a person may do as much in a minute as a test needs.
async fn world_of(agents: &[String]) -> World {
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    World::of_agents(&agents, Setup::default().adding("[limits]\nper_person = \"1000/min\"")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_records_stand_on_cards_as_text() {
    let texts = super::names::names();
    let agents: Vec<String> = (900..).zip(&texts).map(|(id, text)| hostile(id, text)).collect();
    let world = world_of(&agents).await;
    let (lead, approver) = (world.sandbox.lead(), world.sandbox.approver());
    for (id, text) in (900..).zip(&texts) {
        let name: String = text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\0')).take(32).collect();
        lead.is_called(&name);
        let reason: String = text.chars().filter(|c| *c != '"' && !c.is_control()).take(150).collect();
        let reply = lead.types(&format!("/agent delete agent:mediatel:{id} reason:\"x{reason}\"")).await;
        reply.changes_until(|text| text.contains("The approvers are asked")).await;
        let card = world.sandbox.approvals_channel().next_message().await;
        assert!(card.text().contains(&format!("Delete hostile.agent{id} on mediatel for good?")), "{}", card.text());
        assert_eq!(card.pings(), rollcall_sandbox::Pings::default(), "{}", card.text());
        lead.types("/approvals list").await;
        lead.completes("/approvals cancel request:").await;
        match id % 3 {
            0 => {
                let form = approver.presses(&card, "Deny with a reason").await;
                let words: String = text.chars().take(190).collect();
                approver.submits(&form, &[("reason", &format!("no {words}"))]).await;
                card.changes_until(|text| text.contains("Denied")).await;
                world.log_says("Denied").await;
            }
            1 => {
                let member = json!({ "Domain": format!("{text} changed") }).to_string();
                world.phones.mediatel.change_agent(id, &member).unwrap();
                approver.reacts(&card, "✅");
                card.changes_until(|text| text.contains("Void")).await;
                world.log_says("What changed").await;
            }
            _ => {
                approver.reacts(&card, "✅");
                card.changes_until(|text| text.contains("is gone")).await;
                world.log_says("deleted").await;
                let preview = lead.types(&format!("/agent restore agent:mediatel:{id}")).await;
                assert!(preview.text().contains("What cannot come back"), "{}", preview.text());
                lead.completes("/agent restore agent:hostile").await;
            }
        }
        lead.next_direct_message().await;
        lead.types(&format!("/approvals history agent:mediatel:{id}")).await;
    }
    nothing_got_through(&world);
    world.ends().await;
}

/// Ids that nobody was given, or that belong elsewhere.
const FORGED: [&str; 29] = [
    "take:1",
    "cancel:1",
    "reveal:1",
    "have:1",
    "page:1:0:a::x",
    "approve:1",
    "approve:1:",
    "approve::1",
    "approve:01:1",
    "approve:+1:1",
    "approve:99:1",
    "approve:-1:1",
    "approve:9223372036854775807:9223372036854775807",
    "approve:9223372036854775808:1",
    "approve:1:1:1",
    "deny:",
    "deny:99",
    "deny:x",
    "deny:1:1",
    "look:99",
    "look:",
    "look:1 ",
    "why:1",
    "why:99",
    "why:@everyone",
    "turn:1:0",
    "turn:99:4294967295",
    "turn:1",
    "turn:1:4294967296",
];

async fn asked(world: &World) -> Posted {
    let reply = world.sandbox.lead().types("/agent delete agent:mediatel:900 reason:leaver").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    world.sandbox.approvals_channel().next_message().await
}

/// The answer once it is no longer being checked.
async fn answered(reply: rollcall_sandbox::Reply) -> Posted {
    assert!(reply.modal().is_none(), "no form opens");
    reply.changes_until(|text| !text.contains("One moment")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_ids_under_a_card_decide_nothing() {
    let world = world_of(&[hostile(900, "plain")]).await;
    let card = asked(&world).await;
    let before = card.now();
    for id in FORGED {
        let reply = answered(world.sandbox.approver().presses_id(&card, id).await).await;
        let said = reply.text().to_lowercase();
        assert!(reply.is_ephemeral());
        let refused =
            ["nothing was", "no such request", "this button is over"].iter().any(|words| said.contains(words));
        assert!(refused, "{id}: {said}");
    }
    // A search's page, with an owner who presses it, would take the card's place.
    let page = format!("page:{}:0:a::hostile", world.sandbox.lead().id());
    let reply = world.sandbox.lead().presses_id(&card, &page).await;
    assert!(reply.text().contains("Nothing was done"), "{}", reply.text());
    // Whoever may not decide is refused on the very ids of the card, wherever they press them.
    let trainee = world.sandbox.trainee();
    let elsewhere = trainee.types("/whoami").await;
    for id in card.custom_ids() {
        for place in [&card, &*elsewhere] {
            let reply = answered(trainee.presses_id(place, &id).await).await;
            assert!(reply.text().contains("That does not count"), "{id}: {}", reply.text());
        }
    }
    // Nor does the requester approve by a form of their own making.
    for (person, id) in [(trainee, "deny:1"), (world.sandbox.lead(), "deny:1")] {
        let field = json!({ "type": 4, "id": 2, "custom_id": "reason", "value": "no" });
        let form = json!({ "custom_id": id, "components": [{ "type": 1, "id": 1, "components": [field] }] });
        let reply = answered(person.forges(Forged::Modal, Some(&card), form, Value::Null).await).await;
        assert!(reply.text().contains("That does not count"), "{}", reply.text());
    }
    for id in ["approve:1:1", "look:1", "turn:1:0", "why:1", "deny:99"] {
        let form = json!({ "custom_id": id, "components": [] });
        let reply =
            answered(world.sandbox.approver().forges(Forged::Modal, Some(&card), form, Value::Null).await).await;
        assert!(!reply.text().is_empty() && !reply.text().contains("decided it"), "{id}: {}", reply.text());
    }
    assert_eq!(card.now(), before, "the card stands as it was");
    assert_eq!(world.phones.mediatel.mutations(), []);
    nothing_got_through(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_and_its_pages_belong_to_who_opened_them() {
    let world = world_of(&[hostile(900, "plain")]).await;
    let (lead, other) = (world.sandbox.lead(), world.sandbox.add_person("Bohdan", &[world.sandbox.lead_role()]));
    let form = lead.types("/agent delete agent:mediatel:900 reason:other").await;
    assert!(form.modal().is_some());
    // Forged by somebody else with the right number, and sent with what no client sends.
    let id = form_id(&world);
    let sent = |components: Value| json!({ "custom_id": id.clone(), "components": components });
    let field = |value: &str| json!([{ "type": 1, "id": 1, "components": [{ "type": 4, "id": 2, "custom_id": "reason", "value": value }] }]);
    let foreign = other.forges(Forged::Modal, None, sent(field("mine")), Value::Null).await;
    assert!(foreign.text().contains("Only the person who was shown it"), "{}", foreign.text());
    for components in [json!([]), field(""), field("   \n "), field(&"x".repeat(5_000)), field("\u{0}")] {
        let reply = lead.forges(Forged::Modal, None, sent(components), Value::Null).await;
        assert!(reply.text().contains("Nothing was changed"), "{}", reply.text());
    }
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 0);
    // The true one still works, once.
    let reply = lead.submits(&form, &[("reason", "@everyone **left**")]).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = world.sandbox.approvals_channel().next_message().await;
    assert!(card.text().contains(r"Reason: \@everyone \*\*left\*\*"), "{}", card.text());
    let again = lead.forges(Forged::Modal, None, sent(field("again")), Value::Null).await;
    assert!(again.text().contains("waits for approvers already"), "{}", again.text());
    nothing_got_through(&world);
    world.ends().await;
}

/// The custom id of the last form that the bot opened, as it sent it.
fn form_id(world: &World) -> String {
    let opened = world.sandbox.requests();
    let form = opened.iter().rev().find(|seen| seen.body["type"] == 9).expect("a form");
    form.body["data"]["custom_id"].as_str().expect("an id").to_owned()
}

/// `/approvals cancel` and `/approvals history` with options that no client sends.
#[tokio::test(flavor = "multi_thread")]
async fn forged_options_get_a_sentence() {
    let world = world_of(&[hostile(900, "plain")]).await;
    let card = asked(&world).await;
    let lead = world.sandbox.lead();
    let command = |name: &str, options: Value| json!({ "id": "1", "name": "approvals", "type": 1, "options": [{ "name": name, "type": 1, "options": options }] });
    for data in [
        command("cancel", json!([])),
        command("cancel", json!([{ "name": "request", "type": 4, "value": 1 }])),
        command("cancel", json!([{ "name": "request", "type": 3, "value": "\u{202e}1" }])),
        command("cancel", json!([{ "name": "request", "type": 3, "value": "9".repeat(4_000) }])),
        command("history", json!([{ "name": "state", "type": 3, "value": "**gone**" }])),
        command("history", json!([{ "name": "since", "type": 3, "value": "@everyone" }])),
        command("history", json!([{ "name": "agent", "type": 3, "value": "x".repeat(5_000) }])),
        command("history", json!([{ "name": "nothing", "type": 3, "value": "x" }])),
        command("approve", json!([{ "name": "request", "type": 3, "value": "1" }])),
    ] {
        let reply = lead.forges(Forged::Command, None, data.clone(), Value::Null).await;
        assert!(
            reply.is_ephemeral() && reply.text().to_lowercase().contains("nothing was"),
            "{data}: {}",
            reply.text()
        );
    }
    assert!(card.now().contains("[Approve: delete hostile.agent900]"), "{}", card.now());
    assert_eq!(world.phones.mediatel.mutations(), []);
    nothing_got_through(&world);
    world.ends().await;
}
