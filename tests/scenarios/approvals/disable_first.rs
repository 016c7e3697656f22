//! Asking for a delete: only what is disabled can go, so disabling is offered; and the record must stay as it was seen.

use serde_json::{Value, json};

use rollcall_sandbox::Forged;

use super::VIRA_DISABLED;
use super::steps::{aloud, approvals, approved, audited, gist, next_card, presses, steps, told};
use crate::world::{Setup, VIRA, World};

const DISABLES_AND_ASKS: &str = "Disable vira.luhova now and ask for the delete";

#[tokio::test(flavor = "multi_thread")]
async fn disable_and_delete_are_two_recorded_steps() {
    let world = World::of_agents(&[VIRA], approvals("")).await;
    let lead = world.sandbox.lead();
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, offered.text()), @r#"
    vira.luhova on mediatel still works
    mediatel deletes only what is disabled, and nothing has been changed yet.
    The button disables it now and then asks the approvers to delete it: two steps, both recorded.
    This button works until <time:t>.
    [Disable vira.luhova now and ask for the delete] [Cancel]
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    let reply = lead.presses(&offered, DISABLES_AND_ASKS).await;
    let reply = reply.changes_until(|text| text.contains("The approvers are asked")).await;
    insta::assert_snapshot!(aloud(&world, reply.text()), @r#"
    vira.luhova on mediatel is disabled
    Reason: leaver
    The approvers are asked to delete vira.luhova.
    One person with @Approver has to approve it by <time:f>. You cannot approve it yourself.
    I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.
    Undo works until <time:t>.
    [Undo: enable vira.luhova]
    "#);
    world.log_says("disabled").await;
    let card = next_card(&world).await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Delete vira.luhova on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    "#);
    let card = approved(&world, &card, "is gone").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Delete vira.luhova on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is gone; mediatel was asked again and does not have it any more.
    `/agent restore agent:mediatel:900` can bring it back until <time:f>.
    Settled <time:f>.
    "#);
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 1 — done
    You asked to delete **vira.luhova** on mediatel for good.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is gone; mediatel was asked again and does not have it any more.
    `/agent restore agent:mediatel:900` can bring it back until <time:f>.
    "#);
    world.log_says("deleted").await;
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    let log = audited(&world).await;
    insta::assert_snapshot!(steps(&log).join("\n"), @r#"
    agent.disable recorded mediatel:900
    agent.disable done mediatel:900
    agent.delete requested mediatel:900
    ballot cast mediatel:900
    ballot counted mediatel:900
    agent.delete recorded mediatel:900
    agent.delete done mediatel:900
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_disable_is_told_who_could() {
    let asks_only = |settings: String| {
        let approver = settings.split("approvers = [\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let role = format!("\n[[role]]\nid = \"{approver}\"\nmay = [\"agent.disable\"]\n");
        format!("{}{role}", settings.replace("\"agent.disable\", ", ""))
    };
    let world = World::of_agents(&[VIRA], Setup::default().rewriting(asks_only)).await;
    let reply = world.sandbox.lead().types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, reply.text()), @r#"
    It still works
    vira.luhova is not disabled, and only a disabled agent can be deleted.
    Nothing was changed. People with @Approver could disable it.
    "#);
    // Nor may people without the permission to ask.
    let reply = world.sandbox.trainee().types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, reply.text()), @r#"
    You may not do that
    It needs the permission `agent.delete`.
    People with @Support lead could do it.
    "#);
    let reply = world.sandbox.trainee().types("/agent delete agent:mediatel:900 reason:other").await;
    assert!(reply.modal().is_none() && reply.text().contains("You may not do that"), "{}", reply.text());
    assert_eq!(world.phones.mediatel.mutations(), []);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_stays_disabled_for_a_while_first() {
    let world = World::of_agents(&[VIRA], approvals("min_disabled = \"2s\"")).await;
    let lead = world.sandbox.lead();
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, offered.text()), @r#"
    vira.luhova on mediatel still works
    mediatel deletes only what is disabled, and nothing has been changed yet.
    Here an agent stays disabled for 2 seconds before its delete can be asked for.
    This button works until <time:t>.
    [Disable vira.luhova now] [Cancel]
    "#);
    let reply = presses(&lead, &offered, "Disable vira.luhova now", "is disabled").await;
    assert!(!reply.now().contains("approvers"), "{}", reply.now());
    world.log_says("disabled").await;
    let early = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, early.text()), @r#"
    It has not been disabled for long enough
    I have seen vira.luhova disabled since <time:f>.
    Its delete can be asked for from <time:f> on. Nothing was changed.
    "#);
    // It goes as soon as the time is over: people try until it does.
    let mut tries = 0;
    loop {
        let reply = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
        let reply =
            reply.changes_until(|text| text.contains("approvers are asked") || text.contains("long enough")).await;
        if reply.text().contains("The approvers are asked") {
            break;
        }
        tries += 1;
        assert!(tries < 900, "{}", reply.text());
    }
    let card = next_card(&world).await;
    approved(&world, &card, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    world.ends().await;
}

/// "since …, from … on", as Discord gets the two times.
fn times(text: &str) -> Vec<String> {
    regex::Regex::new(r"<t:\d+:f>").unwrap().find_iter(text).map(|time| time.as_str().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn since_when_it_is_disabled_survives_a_restart() {
    let world = World::of_agents(
        &[VIRA, &VIRA_DISABLED.replace("900", "901").replace("vira.", "mira.")],
        approvals("min_disabled = \"1h\""),
    )
    .await;
    let lead = world.sandbox.lead();
    lead.types("/agent disable agent:mediatel:900").await.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    let mut before = Vec::new();
    for agent in [900, 901] {
        let refused = lead.types(&format!("/agent delete agent:mediatel:{agent} reason:leaver")).await;
        before.push(times(refused.text()));
        assert_eq!(before.last().unwrap().len(), 2, "{}", refused.text());
    }
    // The next second: a bot that had forgotten would tell another time.
    let second = before[0][0].clone();
    world.bot.is_killed();
    world.bot_is_gone().await;
    // Time itself is what is waited for here.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    world.bot_starts().await;
    for (agent, before) in [900, 901].into_iter().zip(before) {
        let refused = lead.types(&format!("/agent delete agent:mediatel:{agent} reason:leaver")).await;
        assert_eq!(times(refused.text()), before);
    }
    // Enabled by somebody else and disabled again: it counts from there.
    world.phones.mediatel.change_agent(900, r#"{"State":1}"#).unwrap();
    lead.types("/agent show agent:mediatel:900").await;
    world.phones.mediatel.change_agent(900, r#"{"State":0}"#).unwrap();
    let refused = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    assert_ne!(times(refused.text())[0], second, "{}", refused.text());
    world.ends().await;
}

/// A world in which Vira is disabled and her delete waits; answers it with the card.
async fn asked() -> (World, rollcall_sandbox::Posted) {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("")).await;
    let card = super::lead_asks(&world).await;
    (world, card)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_enabled_meanwhile_is_not_deleted() {
    let (world, card) = asked().await;
    world.phones.mediatel.change_agent(900, r#"{"State":1}"#).unwrap();
    let card = approved(&world, &card, "Void").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Void: Delete vira.luhova on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ⚠️ vira.luhova is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: State: disabled → **enabled**.
    Next: look at it, and ask again if it still should be done.
    Settled <time:f>.
    "#);
    insta::assert_snapshot!(told(&world, &world.sandbox.lead()).await, @r#"
    Your request 1 — void
    You asked to delete **vira.luhova** on mediatel for good.
    ⚠️ vira.luhova is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: State: disabled → **enabled**.
    Next: look at it, and ask again if it still should be done.
    "#);
    world.log_says("What changed: State").await;
    assert_eq!(world.asked("DELETE"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_member_that_changed_voids_the_request() {
    let mut said = Vec::new();
    for change in [
        r#"{"DefaultSkill":9}"#,
        r#"{"Zone":"south"}"#,
        r#"{"ClientApp":{"ShowTreeCC":1,"AutoAnswer":{"Time":6}}}"#,
        r#"{"Login":"vira.novak","Details":"**vira**"}"#,
        r#"{"New":1}"#,
    ] {
        let (world, card) = asked().await;
        world.phones.mediatel.change_agent(900, change).unwrap();
        let card = approved(&world, &card, "Void").await;
        let what = card.text().lines().find(|line| line.contains("What changed"));
        said.push(format!("{change}\n{}", aloud(&world, what.unwrap_or_else(|| panic!("{}", card.text())))));
        told(&world, &world.sandbox.lead()).await;
        world.log_says("request 1").await;
        assert_eq!(world.asked("DELETE"), 0);
        world.ends().await;
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    {"DefaultSkill":9}
    What changed: Default skill: 7 → **9**.
    {"Zone":"south"}
    What changed: Zone: north → **south**.
    {"ClientApp":{"ShowTreeCC":1,"AutoAnswer":{"Time":6}}}
    What changed: Auto-answer: Answer after: 5 → **6**.
    {"Login":"vira.novak","Details":"**vira**"}
    What changed: E-mail or name: vira.luhova@example.com → ****vira****; Login: vira.luhova → **vira.novak**.
    {"New":1}
    What changed: New: — → **1**.
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_deleted_is_not_deleted_again() {
    let (world, card) = asked().await;
    world.phones.mediatel.take_agent(900).unwrap();
    let card = approved(&world, &card, "Void").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Void: Delete vira.luhova on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ⚠️ vira.luhova is not on mediatel any more. Nothing was changed.
    Settled <time:f>.
    "#);
    insta::assert_snapshot!(told(&world, &world.sandbox.lead()).await, @r#"
    Your request 1 — void
    You asked to delete **vira.luhova** on mediatel for good.
    ⚠️ vira.luhova is not on mediatel any more. Nothing was changed.
    "#);
    world.log_says("request 1").await;
    assert_eq!(world.asked("DELETE"), 0);
    world.ends().await;
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
    Delete mediatel:900
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
async fn an_offer_to_disable_goes_stale_and_can_be_left() {
    let world = World::of_agents(&[VIRA], approvals("")).await;
    let lead = world.sandbox.lead();
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    let left = lead.presses(&offered, "Cancel").await;
    assert!(left.text().contains("Nothing was changed"), "{}", left.text());
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    world.phones.mediatel.change_agent(900, r#"{"DefaultSkill":9}"#).unwrap();
    let stale = lead.presses(&offered, DISABLES_AND_ASKS).await;
    let stale = stale.changes_until(|text| text.contains("changed")).await;
    insta::assert_snapshot!(aloud(&world, stale.text()), @r#"
    The record changed meanwhile
    vira.luhova is not as it was shown to you any more.
    Nothing was changed. Type the command again to see it as it is now.
    "#);
    // Somebody else cannot press it, and two presses do it once.
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    let foreign = world.sandbox.keeper().presses(&offered, DISABLES_AND_ASKS).await;
    assert!(foreign.text().contains("Only the person who was shown it"), "{}", foreign.text());
    lead.presses_twice(&offered, DISABLES_AND_ASKS).await;
    offered.changes_until(|text| text.contains("The approvers are asked")).await;
    world.log_says("disabled").await;
    next_card(&world).await;
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
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

fn forged(reason: &str) -> Value {
    json!({ "id": "1", "name": "agent", "type": 1, "options": [{ "name": "delete", "type": 1, "options": [
        { "name": "agent", "type": 3, "value": "mediatel:900" }, { "name": "reason", "type": 3, "value": reason },
    ] }] })
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
