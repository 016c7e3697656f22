//! A reaction decides: approving, denying, thresholds, withdrawing, what comes twice or at once, and who is told.

use rollcall_sandbox::{Mishap, Release};

use super::{
    VIRA_DISABLED, answered, approvals, deletes, disabled, first_lines, gone_is_told, heard, lead_asks,
    lead_asks_about, told, under_the_card,
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
    **Auto-answer**: Answer after 5
    **What the client shows**: Call centre tree yes
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
    The record as it was shown: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 · State disabled · Id 900
    **Rights and skill**: Rights 0 · Rights as supervisor 0 · Default skill 7
    **Auto-answer**: Answer after 5
    **What the client shows**: Call centre tree yes
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
    assert!(card.text().contains("2 ✅ approve, one ❌ denies"), "{}", card.text());
    iryna.reacts(&card, "✅");
    let one = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    insta::assert_snapshot!(heard(&world, &first_lines(one.text(), 7)), @r#"
    Delete vira.luhova on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: leaver
    Disabled; I have seen it so since <time:f>.
    **2 ✅ approve, one ❌ denies:** different people with @Approver (not who asked), until <time:f>.
    ✅ 1 of 2: @Iryna Shevchenko (<time:t>)
    Everything that goes: **Account**: Login vira.luhova · E-mail or name vira.luhova@example.com · Supervisor 2 · Domain CALL · Personal numbers +380 44 123 · State disabled · Id 900
    "#);
    // The button after the reaction is the same person again.
    let pressed = answered(iryna.presses(&card, "Approve: delete vira.luhova").await).await;
    insta::assert_snapshot!(heard(&world, pressed.text()), @r#"
    Your approval counts
    1 of 2 so far. The card tells what becomes of it.
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
