//! What does not count: wrong people, wrong emoji, wrong messages. Nothing changes, the reaction goes where the bot may
//! take it, and its person is told once, in private.

use std::time::Duration;

use rollcall_sandbox::{Mishap, Permission, Person, Posted, Release};

use super::{VIRA_DISABLED, approvals, deletes, disabled, gone_is_told, heard, lead_asks, told, under_the_card};
use crate::world::{Setup, World};

/// Maksym decides, and everything is told as it should be: nobody who was wrong held anything up.
async fn maksym_approves(world: &World, card: &Posted) {
    assert_eq!((deletes(world), card.buttons().len()), (0, 3), "nothing was decided");
    world.sandbox.second_approver().reacts(card, "✅");
    let card = card.changes_until(|text| text.contains("is gone")).await;
    let by = format!("✅ Approved by {}.", world.sandbox.second_approver().mention());
    assert!(card.text().contains(&by), "{}", card.text());
    gone_is_told(world).await;
    assert_eq!(deletes(world), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_decide_is_told_once_why_not() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (lead, trainee) = (world.sandbox.lead(), world.sandbox.trainee());
    let card = lead_asks(&world).await;
    for emoji in ["✅", "❌", "✅"] {
        trainee.reacts(&card, emoji);
        under_the_card(&world, &card, &[]).await;
    }
    insta::assert_snapshot!(heard(&world, trainee.next_direct_message().await.text()), @r#"
    That does not count
    Only people with an approver role decide, and you have none; the card names the roles.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    // Who asks cannot approve, not even with the role.
    lead.gets(world.sandbox.approver_role());
    for emoji in ["✅", "✅", "❌"] {
        lead.reacts(&card, emoji);
        under_the_card(&world, &card, &[]).await;
    }
    insta::assert_snapshot!(heard(&world, lead.next_direct_message().await.text()), @r#"
    That does not count
    You asked for it yourself, so somebody else has to decide; `/approvals cancel` takes it back — request 1 (delete **vira.luhova** on mediatel for good).
    "#);
    maksym_approves(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_emoji_decide_nothing() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (iryna, trainee) = (world.sandbox.approver(), world.sandbox.trainee());
    let card = lead_asks(&world).await;
    for emoji in ["🎉", "👍"] {
        iryna.reacts(&card, emoji);
        under_the_card(&world, &card, &[]).await;
    }
    insta::assert_snapshot!(heard(&world, iryna.next_direct_message().await.text()), @r#"
    That does not count
    Only ✅ (approve) and ❌ (deny) decide.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    // The server's own emoji may be called anything.
    for name in ["✅", "white_check_mark"] {
        let named = world.sandbox.add_custom_emoji(name);
        trainee.reacts(&card, &named);
        under_the_card(&world, &card, &[]).await;
    }
    told(&trainee, "Only ✅").await;
    maksym_approves(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_super_reaction_decides_nothing() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let card = lead_asks(&world).await;
    for emoji in ["✅", "❌"] {
        iryna.super_reacts(&card, emoji);
        under_the_card(&world, &card, &[]).await;
    }
    insta::assert_snapshot!(heard(&world, iryna.next_direct_message().await.text()), @r#"
    That does not count
    Super-reactions do not count; react with a plain ✅ or ❌.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    assert!(!card.now().contains("1 of 2"), "{}", card.now());
    // Beside a plain ✅ it takes nothing from it.
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    iryna.super_reacts(&card, "✅");
    maksym.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_decide_nothing() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let robot = world.sandbox.person(world.sandbox.add_bot("Helper"));
    robot.gets(world.sandbox.approver_role());
    let hook = world.sandbox.add_webhook("Approver");
    let card = lead_asks(&world).await;
    for machine in [&robot, &hook] {
        for emoji in ["✅", "❌", "🎉"] {
            machine.reacts(&card, emoji);
            under_the_card(&world, &card, &[]).await;
        }
    }
    maksym_approves(&world, &card).await;
    world.ends().await;
}

/// Reacts, and has something happen before the bot hears of it.
async fn meanwhile(world: &World, person: &Person, card: &Posted, emoji: &str, happens: impl Fn(&Person)) {
    world.sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Held);
    person.reacts(card, emoji);
    happens(person);
    world.sandbox.releases_events(Release::AsTheyCame);
    under_the_card(world, card, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_is_counts_when_it_is_weighed() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let role = world.sandbox.approver_role();
    let iryna = world.sandbox.approver();
    let leaver = world.sandbox.add_person("Daryna Moroz", &[role]);
    let card = lead_asks(&world).await;
    meanwhile(&world, &leaver, &card, "✅", Person::leaves).await;
    let until = time::OffsetDateTime::now_utc() + Duration::from_secs(3_600);
    for emoji in ["✅", "❌"] {
        meanwhile(&world, &iryna, &card, emoji, |iryna| iryna.is_timed_out_until(Some(until))).await;
        iryna.is_timed_out_until(None);
    }
    insta::assert_snapshot!(heard(&world, iryna.next_direct_message().await.text()), @r#"
    That does not count
    You are timed out until <time:f>, so you cannot decide.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    meanwhile(&world, &iryna, &card, "✅", |iryna| iryna.loses(role)).await;
    told(&iryna, "Only people with an approver role").await;
    // Once she may again, she simply does it again.
    iryna.gets(role);
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    assert_eq!(deletes(&world), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_bot_may_not_manage_messages_wrong_reactions_stay_and_count_nothing() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (trainee, iryna) = (world.sandbox.trainee(), world.sandbox.approver());
    let approvals = world.sandbox.approvals_channel();
    world.sandbox.denies(&approvals, Permission::ManageMessages);
    let card = lead_asks(&world).await;
    trainee.reacts(&card, "✅");
    told(&trainee, "Only people with an approver role").await;
    iryna.reacts(&card, "🎉");
    told(&iryna, "Only ✅").await;
    under_the_card(&world, &card, &[("✅", &trainee), ("🎉", &iryna)]).await;
    maksym_approves(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_reminder_nothing_is_decided() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("remind = \"1s\"")).await;
    let iryna = world.sandbox.approver();
    let card = lead_asks(&world).await;
    let reminder = world.sandbox.approvals_channel().next_message().await;
    // The bot knows its message by now: it has posted the next one.
    assert_eq!(world.sandbox.approvals_channel().next_message().await.text(), reminder.text());
    insta::assert_snapshot!(heard(&world, reminder.text()), @"⏰ Request 1 still waits: delete **vira.luhova** on mediatel for good. Decide by <time:f>.");
    assert_eq!(reminder.replies_to(), card.id());
    for emoji in ["✅", "❌"] {
        iryna.reacts(&reminder, emoji);
        world
            .sandbox
            .until("the reaction under the reminder is gone", super::PATIENCE, |_| reminder.reactions().is_empty())
            .await;
    }
    insta::assert_snapshot!(heard(&world, iryna.next_direct_message().await.text()), @r#"
    That does not count
    A reaction to a reminder decides nothing; react to the card that it answers, or press its button.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    // Anything else under it is only talk.
    iryna.reacts(&reminder, "👀");
    maksym_approves(&world, &card).await;
    let said = reminder.changes_until(|text| text.contains("is settled")).await;
    insta::assert_snapshot!(heard(&world, said.text()), @"Request 1 (delete **vira.luhova** on mediatel for good) is settled — ✅ Approved by @Maksym Tkachenko. vira.luhova is gone; mediatel was asked again and does not have it any more. `/agent restore agent:mediatel:900` can bring it back until <time:f>.");
    // More may have come meanwhile.
    let _ = world.sandbox.approvals_channel().messages();
    assert_eq!(reminder.reactions_of("👀"), [iryna.id()]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_changes_nothing_and_brings_no_message() {
    let world = World::of_agents(&[VIRA_DISABLED, &disabled(901, "ivan.ivanov")], Setup::default()).await;
    let (lead, iryna) = (world.sandbox.lead(), world.sandbox.approver());
    let card = lead_asks(&world).await;
    maksym_approves(&world, &card).await;
    let settled = card.now();
    iryna.reacts(&card, "✅");
    iryna.reacts(&card, "❌");
    world.sandbox.trainee().reacts(&card, "✅");
    world.sandbox.trainee().reacts(&card, "🎉");
    lead.reacts(&card, "❌");
    // A further request goes all its way: what was to be said of the old card would have been said before.
    let other = super::lead_asks_about(&world, 901).await;
    iryna.reacts(&other, "❌");
    other.changes_until(|text| text.contains("Denied")).await;
    told(&lead, "Denied by").await;
    world.log_says("Denied by").await;
    assert_eq!((card.now(), deletes(&world)), (settled, 1));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_deleted_is_posted_again_and_the_old_one_is_over() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let iryna = world.sandbox.approver();
    let card = lead_asks(&world).await;
    // Her reaction reaches the bot after the card is gone.
    world.sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Held);
    iryna.reacts(&card, "✅");
    world.sandbox.deletes_message(card.id().unwrap());
    let again = world.sandbox.approvals_channel().next_message().await;
    under_the_card(&world, &again, &[]).await;
    world.sandbox.releases_events(Release::AsTheyCame);
    world.sandbox.second_approver().reacts(&again, "✅");
    let one = again.changes_until(|text| text.contains("✅ 1 of 2")).await;
    assert!(!one.text().contains(&iryna.mention()), "{}", one.text());
    iryna.reacts(&again, "✅");
    again.changes_until(|text| text.contains("is gone")).await;
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_apart_however_they_are_called() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let role = world.sandbox.approver_role();
    let same = "Iryna Shevchenko";
    let (first, second) = (world.sandbox.add_person(same, &[role]), world.sandbox.add_person(same, &[role]));
    let without = world.sandbox.add_person(same, &[]);
    world.sandbox.lead().is_called(same);
    let card = lead_asks(&world).await;
    without.reacts(&card, "✅");
    under_the_card(&world, &card, &[]).await;
    told(&without, "Only people with an approver role").await;
    first.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    second.reacts(&card, "✅");
    let done = card.changes_until(|text| text.contains("is gone")).await;
    let by = format!("Approved by {} and {}", first.mention(), second.mention());
    assert!(done.text().contains(&by), "{}", done.text());
    gone_is_told(&world).await;
    world.ends().await;
}
