//! How a delete is asked for: by command or from the card, with a reason of one's own, which is only text.

use rollcall_sandbox::Forged;
use serde_json::{Value, json};

use super::VIRA_DISABLED;
use super::disable_first::DISABLES_AND_ASKS;
use super::steps::{aloud, approvals, next_card};
use crate::world::{VIRA, World};

fn forged(reason: &str) -> Value {
    json!({ "id": "1", "name": "agent", "type": 1, "options": [{ "name": "delete", "type": 1, "options": [
        { "name": "agent", "type": 3, "value": "mediatel:900" }, { "name": "reason", "type": 3, "value": reason },
    ] }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_for_another_reason() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("")).await;
    let lead = world.sandbox.lead();
    let offered = lead.completes("/agent delete agent:mediatel:900 reason:").await;
    let offered: Vec<String> = offered.into_iter().map(|choice| choice.value).collect();
    assert_eq!(offered, ["leaver", "duplicate", "created by mistake", "other"]);
    let offered = lead.completes("/agent delete agent:mediatel:900 reason:DUP").await;
    assert_eq!(offered.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(), ["duplicate"]);
    let form = lead.types("/agent delete agent:mediatel:900 reason:other").await;
    let modal = form.modal().unwrap();
    insta::assert_snapshot!(modal.text(), @r#"
    Delete vira.luhova
    Why? The approvers read it.:
    "#);
    let words = "moved to billing,\nher seat is given up";
    let reply = lead.submits(&form, &[("reason", words)]).await;
    let reply = reply.changes_until(|text| text.contains("The approvers are asked")).await;
    insta::assert_snapshot!(aloud(&world, reply.text()), @r#"
    The approvers are asked
    You asked to delete **vira.luhova** on mediatel for good. Nothing has been changed yet.
    One person with @Approver has to approve it by <time:f>. You cannot approve it yourself.
    I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.
    "#);
    let card = next_card(&world).await;
    assert!(card.text().contains("Reason: moved to billing, her seat is given up"), "{}", card.text());
    // Once asked for, it waits; it is not asked for twice.
    let again = lead.types("/agent delete agent:mediatel:900 reason:duplicate").await;
    insta::assert_snapshot!(aloud(&world, again.text()), @r#"
    That waits for approvers already
    Request 1 about vira.luhova is open; `/approvals list` shows it.
    Nothing more was asked.
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_card_asks_too() {
    let world = World::of_agents(&[VIRA], approvals("")).await;
    let lead = world.sandbox.lead();
    let shown = lead.types("/agent show agent:mediatel:900").await;
    let form = lead.presses(&shown, "Ask to delete vira.luhova").await;
    let modal = form.modal().unwrap();
    assert_eq!(modal.title(), "Delete vira.luhova");
    let offered = lead.submits(&form, &[("reason", "she left")]).await;
    let offered = offered.changes_until(|text| text.contains(DISABLES_AND_ASKS)).await;
    let reply = lead.presses(&offered, DISABLES_AND_ASKS).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    world.log_says("disabled").await;
    let card = next_card(&world).await;
    assert!(card.text().contains("Reason: she left"), "{}", card.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_agent_is_asked_back() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("")).await;
    let lead = world.sandbox.lead();
    let meant = lead.types("/agent delete agent:vira.lugova reason:duplicate").await;
    insta::assert_snapshot!(aloud(&world, meant.text()), @r#"
    No such agent
    Nobody here is called “vira.lugova”.
    Did you mean:
    [Ask to delete vira.luhova (mediatel)]
    "#);
    let reply = lead.presses(&meant, "Ask to delete vira.luhova (mediatel)").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    assert!(next_card(&world).await.text().contains("Reason: duplicate"));
    let nobody = lead.types("/agent delete agent:qqqq.wwww reason:leaver").await;
    assert!(nobody.text().contains("No such agent"), "{}", nobody.text());
    let nobody = lead.types("/agent delete agent:mediatel:77777 reason:leaver").await;
    assert!(nobody.text().contains("no such agent"), "{}", nobody.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_only_text() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("")).await;
    let lead = world.sandbox.lead();
    let mut said = Vec::new();
    for reason in ["", "   ", &"x".repeat(5_000), "two\nlines", "\u{202e}\u{200b}\0"] {
        let reply = lead.forges(Forged::Command, None, forged(reason), Value::Null).await;
        said.push(format!(
            "{:?}: {}",
            reason.chars().take(9).collect::<String>(),
            aloud(&world, &reply.now()).replace('\n', " / ")
        ));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    "": I cannot read that command / The option reason takes one line of 1 to 200 characters; this one is empty. Nothing was changed; please send /agent delete again.
    "   ": I cannot read that command / The option reason takes one line of 1 to 200 characters; this one is empty. Nothing was changed; please send /agent delete again.
    "xxxxxxxxx": I cannot read that command / The option reason takes one line of 1 to 200 characters; this one has 5000. Nothing was changed; please send /agent delete again.
    "two\nlines": I cannot read that command / The option reason takes one line of 1 to 200 characters, none of them a control character. Nothing was changed; please send /agent delete again.
    "\u{202e}\u{200b}\0": I cannot read that command / The option reason takes one line of 1 to 200 characters, none of them a control character. Nothing was changed; please send /agent delete again.
    "#);
    let reason =
        format!("@everyone <@{}> <@&{}> **bold** [a](https://evil.example)", lead.id(), world.sandbox.approver_role());
    let reply = lead.types(&format!("/agent delete agent:mediatel:900 reason:\"{reason}\"")).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = next_card(&world).await;
    insta::assert_snapshot!(card.text().lines().find(|line| line.starts_with("Reason")).unwrap().replace(&lead.id().to_string(), "(lead)").replace(&world.sandbox.approver_role().to_string(), "(role)"), @r#"Reason: \@everyone \<@(lead)> \<@&(role)> \*\*bold\*\* \[a\](https\://evil.example)"#);
    assert_eq!(card.pings(), rollcall_sandbox::Pings::default());
    world.ends().await;
}
