//! A reaction decides: approving, denying, thresholds, withdrawing, what comes twice or at once, and who is told.

use rollcall_sandbox::{DirectMessages, Mishap, Pings, Release};

use super::{
    VIRA_DISABLED, answered, approvals, deletes, disabled, gone_is_told, heard, lead_asks, lead_asks_about, told,
    under_the_card,
};
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_reacts_and_the_agent_is_gone() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = lead_asks(&world).await;
    insta::assert_snapshot!(heard(&world, card.text()), @r#"
    Delete vira.luhova on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    **✅ approves, ❌ denies:** one person with @Approver (not who asked), until <time:f>.
    Everything that goes: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 · State disabled · Id 900
    **Rights and skill**: Rights 0 · Rights as supervisor 0 · Default skill 7
    **Auto-answer**: Predictive calls not told · Inbound calls not told · Manual calls not told · Other calls not told · Answer after 5
    **What the client shows**: Call centre tree yes · Full call centre tree not told · Valid CB list not told · Pause pop-up not told
    **Calls and reminders**: Time warning not told · Time for dialling out not told · Clerical reminder not told · Reset the voice channel not told · Ring file not told
    **Start page and clipboard**: Start page not told · Number into the clipboard not told
    **Not in the documents**: Zone 7 bytes
    request 1 · record c70614ff2518
    [Approve: delete vira.luhova] [Deny with a reason] [I'm looking]
    "#);
    world.sandbox.approver().reacts(&card, "✅");
    let card = card.changes_until(|text| text.contains("is gone")).await;
    insta::assert_snapshot!(heard(&world, card.text()), @r#"
    Done: Delete vira.luhova on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is gone; mediatel was asked again and does not have it any more.
    `/agent restore agent:mediatel:900` can bring it back until <time:f>.
    Settled <time:f>.
    Everything that goes: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 · State disabled · Id 900
    **Rights and skill**: Rights 0 · Rights as supervisor 0 · Default skill 7
    **Auto-answer**: Predictive calls not told · Inbound calls not told · Manual calls not told · Other calls not told · Answer after 5
    **What the client shows**: Call centre tree yes · Full call centre tree not told · Valid CB list not told · Pause pop-up not told
    **Calls and reminders**: Time warning not told · Time for dialling out not told · Clerical reminder not told · Reset the voice channel not told · Ring file not told
    **Start page and clipboard**: Start page not told · Number into the clipboard not told
    **Not in the documents**: Zone 7 bytes
    request 1 · record c70614ff2518
    "#);
    assert_eq!(card.buttons(), Vec::<String>::new(), "nothing is left to press");
    assert_eq!((world.phones.mediatel.deleted_agents(), deletes(&world)), (vec![900], 1));
    let message = world.sandbox.lead().next_direct_message().await;
    insta::assert_snapshot!(heard(&world, message.text()), @r#"
    Your request 1 — done
    You asked to delete **vira.luhova** on mediatel for good.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is gone; mediatel was asked again and does not have it any more.
    `/agent restore agent:mediatel:900` can bring it back until <time:f>.
    "#);
    let line = world.sandbox.log_channel().next_message().await;
    insta::assert_snapshot!(heard(&world, line.text()), @"🗑️ @Olha Koval deleted **vira.luhova** (`mediatel:900`) for good. Reason: “leaver”. Request 1, approved by @Iryna Shevchenko.");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_says_no_and_the_agent_stays() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = lead_asks(&world).await;
    world.sandbox.approver().reacts(&card, "❌");
    let card = card.changes_until(|text| text.contains("Denied")).await;
    insta::assert_snapshot!(heard(&world, &first_lines(card.text(), 6)), @r#"
    Denied: Delete vira.luhova on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ❌ Denied by @Iryna Shevchenko. Nothing was changed.
    Settled <time:f>.
    "#);
    assert_eq!(card.buttons(), Vec::<String>::new());
    let message = world.sandbox.lead().next_direct_message().await;
    insta::assert_snapshot!(heard(&world, message.text()), @r#"
    Your request 1 — denied
    You asked to delete **vira.luhova** on mediatel for good.
    ❌ Denied by @Iryna Shevchenko. Nothing was changed.
    "#);
    let line = world.sandbox.log_channel().next_message().await;
    insta::assert_snapshot!(heard(&world, line.text()), @"🗳️ @Olha Koval: request 1 to delete **vira.luhova** on mediatel for good — ❌ Denied by @Iryna Shevchenko. Nothing was changed.");
    // Who comes late with a ✅ reads the card and needs no message.
    world.sandbox.second_approver().reacts(&card, "✅");
    assert!(world.phones.mediatel.agent(900).is_some());
    // It can be asked for again, and then it is a new question.
    let again = lead_asks(&world).await;
    assert!(again.text().contains("request 2"), "{}", again.text());
    world.sandbox.second_approver().reacts(&again, "✅");
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_approvals_are_two_different_people() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    assert!(card.text().contains("2 different people"), "{}", card.text());
    iryna.reacts(&card, "✅");
    let one = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    insta::assert_snapshot!(heard(&world, &first_lines(one.text(), 7)), @r#"
    Delete vira.luhova on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    **✅ approves, ❌ denies:** 2 different people with @Approver (not who asked), until <time:f>.
    ✅ 1 of 2: @Iryna Shevchenko (<time:t>)
    Everything that goes: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 · State disabled · Id 900
    "#);
    // The button after the reaction is the same person again.
    let pressed = answered(iryna.presses(&card, "Approve: delete vira.luhova").await).await;
    insta::assert_snapshot!(heard(&world, pressed.text()), @r#"
    Your approval counts
    1 of 2 approve. The card tells what becomes of it.
    "#);
    assert_eq!((deletes(&world), card.buttons().len()), (0, 3), "it still waits");
    maksym.reacts(&card, "✅");
    let done = card.changes_until(|text| text.contains("is gone")).await;
    let by = format!("Approved by {} and {}", iryna.mention(), maksym.mention());
    assert!(done.text().contains(&by), "{}", done.text());
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_can_be_taken_back_until_it_is_decided() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    iryna.unreacts(&card, "✅");
    card.changes_until(|text| !text.contains("1 of 2")).await;
    maksym.reacts(&card, "✅");
    let only = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    assert!(!only.text().contains(&iryna.mention()), "{}", only.text());
    assert_eq!(deletes(&world), 0);
    iryna.reacts(&card, "✅");
    let done = card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    // Decided is decided: what is taken back now changes nothing.
    iryna.unreacts(&card, "✅");
    maksym.unreacts(&card, "✅");
    let next = world.sandbox.lead().types("/approvals list").await;
    assert!(next.text().contains("There is none"), "{}", next.text());
    assert_eq!((card.now(), deletes(&world)), (done.text().to_owned(), 1));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_haste_counts_as_it_was_said_last() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    for _ in 0..5 {
        // All of it reaches the bot in one go.
        world.sandbox.all_events("MESSAGE_REACTION", Mishap::Held);
        for _ in 0..4 {
            iryna.reacts(&card, "✅");
            iryna.unreacts(&card, "✅");
        }
        iryna.reacts(&card, "✅");
        world.sandbox.events_flow();
        world.sandbox.releases_events(Release::AsTheyCame);
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        iryna.unreacts(&card, "✅");
        card.changes_until(|text| !text.contains("1 of 2")).await;
    }
    iryna.reacts(&card, "✅");
    maksym.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_button_gave_no_reaction_takes_away() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    let pressed = answered(iryna.presses(&card, "Approve: delete vira.luhova").await).await;
    assert!(pressed.text().contains("1 of 2"), "{}", pressed.text());
    iryna.reacts(&card, "✅");
    under_the_card(&world, &card, &[("✅", &iryna)]).await;
    iryna.unreacts(&card, "✅");
    under_the_card(&world, &card, &[]).await;
    world.sandbox.clears_reactions(&card);
    under_the_card(&world, &card, &[]).await;
    maksym.reacts(&card, "✅");
    let done = card.changes_until(|text| text.contains("is gone")).await;
    assert!(done.text().contains(&iryna.mention()) && done.text().contains(&maksym.mention()), "{}", done.text());
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bots_own_come_back_and_what_a_moderator_clears_is_withdrawn() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let bot = world.sandbox.person(world.sandbox.bot());
    let card = lead_asks(&world).await;
    for emoji in ["✅", "❌"] {
        world.sandbox.removes_reaction(&card, &bot, emoji);
        under_the_card(&world, &card, &[]).await;
    }
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    world.sandbox.clears_reactions(&card);
    card.changes_until(|text| !text.contains("1 of 2")).await;
    under_the_card(&world, &card, &[]).await;
    maksym.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    // ❌ may be cleared: nobody's yes stands on it.
    world.sandbox.clears_emoji(&card, "❌");
    under_the_card(&world, &card, &[("✅", &maksym)]).await;
    assert!(card.now().contains("✅ 1 of 2"), "{}", card.now());
    world.sandbox.clears_emoji(&card, "✅");
    card.changes_until(|text| !text.contains("1 of 2")).await;
    under_the_card(&world, &card, &[]).await;
    assert_eq!(deletes(&world), 0);
    // Whoever was cleared says it again.
    iryna.reacts(&card, "✅");
    maksym.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn yes_and_no_at_once_have_one_outcome() {
    let agents: Vec<String> = (0..6).map(|n| disabled(910 + n, &format!("agent.{n}"))).collect();
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    let world = World::of_agents(&agents, Setup::default()).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let mut gone = Vec::new();
    for n in 0..6 {
        let card = lead_asks_about(&world, 910 + n).await;
        world.sandbox.next_events(2, "MESSAGE_REACTION_ADD", Mishap::Held);
        iryna.reacts(&card, "✅");
        maksym.reacts(&card, "❌");
        world.sandbox.releases_events(if n % 2 == 0 { Release::AsTheyCame } else { Release::Backwards });
        let settled = card.changes_until(|text| text.contains("Settled")).await;
        let (yes, no) = (settled.text().contains("is gone"), settled.text().contains("Denied by"));
        assert!(yes != no, "one of the two: {}", settled.text());
        gone.extend(yes.then_some(910 + n));
        told(&world.sandbox.lead(), if yes { "is gone" } else { "Denied by" }).await;
        world.log_says(if yes { "deleted **agent" } else { "Denied by" }).await;
    }
    let mut deleted = world.phones.mediatel.deleted_agents();
    deleted.sort_unstable();
    assert_eq!((deletes(&world), deleted), (gone.len(), gone));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_tells_twice_counts_once() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    world.sandbox.all_events("MESSAGE_REACTION", Mishap::Doubled);
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    for _ in 0..3 {
        assert!(world.sandbox.redelivers_last("MESSAGE_REACTION_ADD"));
    }
    // Behind all of them: hers is still one.
    let pressed = answered(iryna.presses(&card, "Approve: delete vira.luhova").await).await;
    assert!(pressed.text().contains("1 of 2"), "{}", pressed.text());
    maksym.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    assert!(world.sandbox.redelivers_last("MESSAGE_REACTION_ADD"));
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_outcome_is_told_to_who_asked() {
    let agents: Vec<String> = (0..4).map(|n| disabled(910 + n, &format!("agent.{n}"))).collect();
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    let world = World::of_agents(&agents, Setup::default()).await;
    let (lead, iryna) = (world.sandbox.lead(), world.sandbox.approver());
    // The record changed: void, and the card says which members.
    let card = lead_asks_about(&world, 910).await;
    world.phones.mediatel.change_agent(910, r#"{"Domain":"SALES","Login":"agent.zero"}"#).unwrap();
    iryna.reacts(&card, "✅");
    let void = card.changes_until(|text| text.contains("Void")).await;
    insta::assert_snapshot!(heard(&world, &first_lines(void.text(), 8)), @r#"
    Void: Delete agent.0 on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ⚠️ agent.0 is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: Domain: CALL → **SALES**; Login: agent.0 → **agent.zero**
    Next: look at it, and ask again if it still should be done.
    Settled <time:f>.
    "#);
    insta::assert_snapshot!(heard(&world, told(&lead, "void").await.text()), @r#"
    Your request 1 — void
    You asked to delete **agent.0** on mediatel for good.
    ⚠️ agent.0 is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: Domain: CALL → **SALES**; Login: agent.0 → **agent.zero**
    Next: look at it, and ask again if it still should be done.
    "#);
    world.log_says("somebody changed it").await;
    // Somebody deleted the agent elsewhere.
    let card = lead_asks_about(&world, 911).await;
    world.phones.mediatel.take_agent(911);
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is not on mediatel any more")).await;
    told(&lead, "is not on mediatel any more").await;
    world.log_says("is not on mediatel any more").await;
    // The phone system refuses.
    world.phones.mediatel.hold(912, 3);
    let card = lead_asks_about(&world, 912).await;
    iryna.reacts(&card, "✅");
    let failed = card.changes_until(|text| text.contains("Not done")).await;
    insta::assert_snapshot!(heard(&world, &first_lines(failed.text(), 6)), @r#"
    Not done: Delete agent.2 on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    Not done: mediatel refused: a project still uses it. Nothing was changed; it can be asked for again.
    "#);
    insta::assert_snapshot!(heard(&world, told(&lead, "not done").await.text()), @r#"
    Your request 3 — not done
    You asked to delete **agent.2** on mediatel for good.
    ✅ Approved by @Iryna Shevchenko.
    Not done: mediatel refused: a project still uses it. Nothing was changed; it can be asked for again.
    "#);
    insta::assert_snapshot!(heard(&world, world.log_says("agent.2").await.text()), @"❌ @Olha Koval: deleting agent.2 from mediatel — not done, nothing changed: mediatel refused: a project still uses it. Request 3, approved by @Iryna Shevchenko.");
    // Taken back by an approver.
    let card = lead_asks_about(&world, 913).await;
    let taken = iryna.types("/approvals cancel request:4").await;
    insta::assert_snapshot!(heard(&world, taken.text()), @r#"
    Request 4 is taken back
    agent.3 stays as it is. The card says so, too.
    "#);
    card.changes_until(|text| text.contains("Cancelled")).await;
    insta::assert_snapshot!(heard(&world, told(&lead, "cancelled").await.text()), @r#"
    Your request 4 — cancelled
    You asked to delete **agent.3** on mediatel for good.
    ↩️ Taken back by @Iryna Shevchenko. Nothing was changed.
    "#);
    world.log_says("Taken back by").await;
    assert_eq!(world.phones.mediatel.deleted_agents(), Vec::<u64>::new());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_decides_expires() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("expires = \"1s\"")).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = world.sandbox.approvals_channel().next_message().await;
    let card = card.changes_until(|text| text.contains("Expired")).await;
    assert_eq!(card.buttons(), Vec::<String>::new());
    insta::assert_snapshot!(heard(&world, told(&lead, "expired").await.text()), @r#"
    Your request 1 — expired
    You asked to delete **vira.luhova** on mediatel for good.
    ⌛ Nobody decided it in time. Nothing was changed; it can be asked for again.
    "#);
    insta::assert_snapshot!(heard(&world, world.log_says("in time").await.text()), @"🗳️ @Olha Koval: request 1 to delete **vira.luhova** on mediatel for good — ⌛ Nobody decided it in time. Nothing was changed; it can be asked for again.");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_direct_messages_is_told_in_the_log_channel() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (lead, log) = (world.sandbox.lead(), world.sandbox.log_channel());
    lead.sets_direct_messages(DirectMessages::Closed);
    let card = lead_asks(&world).await;
    world.sandbox.approver().reacts(&card, "❌");
    card.changes_until(|text| text.contains("Denied")).await;
    let lines = [log.next_message().await, log.next_message().await];
    let instead = lines.iter().find(|line| line.text().contains("takes no direct messages")).expect("a line instead");
    insta::assert_snapshot!(heard(&world, instead.text()), @"✉️ Olha Koval takes no direct messages from me, so here: request 1 to delete **vira.luhova** on mediatel for good — denied. The card tells more.");
    assert!(!instead.raw()["content"].as_str().unwrap().contains("<@"), "it mentions nobody: {}", instead.text());
    let card = lead_asks(&world).await;
    world.sandbox.approver().reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    let lines = [log.next_message().await, log.next_message().await];
    let instead = lines.iter().find(|line| line.text().contains("takes no direct messages")).expect("a line instead");
    insta::assert_snapshot!(heard(&world, instead.text()), @"✉️ Olha Koval takes no direct messages from me, so here: request 2 to delete **vira.luhova** on mediatel for good — done. The card tells more.");
    assert!(lines.iter().all(|line| line.pings().is_empty()));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_pings_the_roles_of_notify_and_nothing_pings_anybody_else() {
    // Those who are to be pinged are the approvers themselves.
    let notified = Setup::default().rewriting(|settings| {
        let role = settings.lines().find_map(|line| line.strip_prefix("approvers = ")).expect("approvers").to_owned();
        settings.replace("[approvals]\n", &format!("[approvals]\nthreshold = 2\nnotify = {role}\n"))
    });
    let world = World::of_agents(&[VIRA_DISABLED], notified).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    // Names are no mentions.
    world.sandbox.lead().is_called(&format!("<@&{}> @everyone", world.sandbox.lead_role()));
    let card = lead_asks(&world).await;
    let approvers = Pings { roles: vec![world.sandbox.approver_role()], ..Pings::default() };
    assert_eq!(card.pings(), approvers);
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    maksym.reacts(&card, "✅");
    let card = card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    assert_eq!(card.pings(), approvers, "an edit pings nobody again");
    assert!(card.raw()["content"].as_str().unwrap().is_empty(), "a settled card calls nobody: {}", card.text());
    let log = world.sandbox.log_channel().messages();
    let direct = world.sandbox.direct_messages();
    for message in log.iter().chain(direct.iter().map(|(_, message)| message)) {
        assert!(message.pings().is_empty(), "{}", message.text());
    }
    world.ends().await;
}

/// A whole record as Mediatel keeps it, with what no document tells of.
const WHOLE: &str = r#"{"x-Crm":{"seat":"900.50","quota":1.50,"scale":1e2},"Password":"c4ca4238a0b92382","ID":900,"RightID":10,"Domain":"CALL","SupervisorRightID":0,"State":0,"DefaultSkill":7,"Login":"vira.luhova","QueueIDs":[3, 11],"SupervisorID":2,"Details":"vira.luhova@example.com","PersNumbers":["+380 44 123 45 67"],"ClientApp":{"Theme":"dark","ShowTreeCC":1,"ShowValidCB":0,"ShowFullTreeCC":1,"AutoAnswer":{"Predictive":1,"Other":0,"Time":2200,"Inbound":1,"Manual":0,"x-Ramp":0.10},"ShowPopupPause":1,"StartURL":"https://crm.example.com/","TimeWarning":1,"TimeForDialOut":15,"AddNrInClipboard":1,"ClericalReminder":20,"ResetVoiceChannel":1,"RingFileID":-1},"Note":"sw0rdf1sh in a member nobody knows"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_decision_fits_on_a_phone() {
    let supervised = r#"{"ID":901,"Login":"ivan.ivanov","SupervisorID":900,"State":1,"RightID":0,"Domain":"CALL"}"#;
    let world = World::of_agents(&[WHOLE, supervised], approvals("threshold = 2")).await;
    let card = lead_asks(&world).await;
    insta::assert_snapshot!(heard(&world, card.text()), @r#"
    Delete vira.luhova on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    ⚠️ Supervisor of ivan.ivanov.
    **✅ approves, ❌ denies:** 2 different people with @Approver (not who asked), until <time:f>.
    Everything that goes: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 45 67 · State disabled · Id 900
    **Rights and skill**: Rights 10 · Rights as supervisor 0 · Default skill 7
    **Auto-answer**: Predictive calls yes · Inbound calls yes · Manual calls no · Other calls no · Answer after 2200
    **What the client shows**: Call centre tree yes · Full call centre tree yes · Valid CB list no · Pause pop-up yes
    **Calls and reminders**: Time warning yes · Time for dialling out 15 · Clerical reminder 20 · Reset the voice channel yes · Ring file none
    **Start page and clipboard**: Start page https://crm.example.com/ · Number into the clipboard yes
    **Not in the documents**: x-Crm 42 bytes · QueueIDs 7 bytes · ClientApp.Theme 6 bytes · ClientApp.AutoAnswer.x-Ramp 4 bytes · Note 36 bytes
    request 1 · record 6905a3741091
    [Approve: delete vira.luhova] [Deny with a reason] [I'm looking]
    "#);
    let seen = card.seen();
    for secret in ["c4ca4238", "sw0rdf1sh", "900.50"] {
        assert!(!seen.contains(secret), "{secret} stands on the card: {seen}");
    }
    let lines = lines_on_a_phone(seen);
    assert!(lines < 40, "{lines} lines on a phone:\n{seen}");
    world.sandbox.approver().reacts(&card, "❌");
    card.changes_until(|text| text.contains("Denied")).await;
    told(&world.sandbox.lead(), "denied").await;
    world.log_says("Denied by").await;
    world.ends().await;
}

/// How many lines a text takes where 38 characters fit on one, broken at words.
fn lines_on_a_phone(text: &str) -> usize {
    let of_line = |line: &str| {
        let (mut lines, mut used) = (1, 0);
        for word in line.split(' ') {
            let long = word.chars().count();
            if used > 0 && used + 1 + long > 38 {
                (lines, used) = (lines + 1, 0);
            }
            used += long + usize::from(used > 0);
            (lines, used) = (lines + used.saturating_sub(1) / 38, (used.max(1) - 1) % 38 + 1);
        }
        lines
    };
    text.lines().map(str::trim).map(of_line).sum()
}

/// The first so many lines.
fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}
