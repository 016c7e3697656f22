//! Who may ask and who may decide, and what becomes of a request when that changes: looked at when it is asked, when it is
//! weighed, and when too few are left.

use rollcall_sandbox::{Permission, PrivilegedIntent, Reply};

use super::{
    PATIENCE, VIRA_DISABLED, answered, approvals, deletes, disabled, gone_is_told, heard, lead_asks, lead_asks_about,
    told, under_the_card,
};
use crate::world::{Setup, World};

const ASKS: &str = "/agent delete agent:mediatel:900 reason:leaver";

/// A world with Vira in it, whose bot may list the server's members.
async fn listing(setup: Setup) -> World {
    let world = World::of_agents(&[VIRA_DISABLED], setup).await;
    world.sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    world
}

/// The lead asks, and is refused in so many words.
async fn is_refused(world: &World) -> Reply {
    let reply = world.sandbox.lead().types(ASKS).await;
    assert!(!reply.text().contains("The approvers are asked"), "{}", reply.text());
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 0, "nobody was asked");
    reply
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_role_before_the_threshold_no_longer_counts() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 2")).await;
    let (iryna, maksym) = (world.sandbox.approver(), world.sandbox.second_approver());
    let third = world.sandbox.add_person("Daryna Moroz", &[world.sandbox.approver_role()]);
    let card = lead_asks(&world).await;
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    iryna.loses(world.sandbox.approver_role());
    maksym.reacts(&card, "✅");
    let one = card.changes_until(|text| text.contains(&maksym.mention())).await;
    let one =
        if one.text().contains("2 of 2") { card.changes_until(|text| text.contains("1 of 2")).await } else { one };
    assert!(!one.text().contains(&iryna.mention()), "{}", one.text());
    assert_eq!(deletes(&world), 0);
    insta::assert_snapshot!(heard(&world, iryna.next_direct_message().await.text()), @r#"
    That does not count
    Only people with an approver role decide, and you have none; the card names the roles.
    It was under request 1: delete **vira.luhova** on mediatel for good.
    "#);
    third.reacts(&card, "✅");
    let done = card.changes_until(|text| text.contains("is gone")).await;
    let by = format!("Approved by {} and {}", maksym.mention(), third.mention());
    assert!(done.text().contains(&by), "{}", done.text());
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_no_longer_ask_gets_nothing_done() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let lead = world.sandbox.lead();
    let card = lead_asks(&world).await;
    lead.loses(world.sandbox.lead_role());
    world.sandbox.approver().reacts(&card, "✅");
    let void = card.changes_until(|text| text.contains("Void")).await;
    insta::assert_snapshot!(heard(&world, void.text().lines().nth(4).unwrap()), @"⚠️ The person who asked may no longer ask for this. Nothing was changed. Somebody who still may can ask again.");
    assert_eq!((void.buttons(), deletes(&world)), (Vec::new(), 0));
    insta::assert_snapshot!(heard(&world, lead.next_direct_message().await.text()), @r#"
    Your request 1 — void
    You asked to delete **vira.luhova** on mediatel for good.
    ⚠️ The person who asked may no longer ask for this. Nothing was changed. Somebody who still may can ask again.
    "#);
    world.log_says("may no longer ask").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_before_it_was_decided_gets_nothing_done() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let lead = world.sandbox.lead();
    let card = lead_asks(&world).await;
    lead.leaves();
    world.sandbox.approver().reacts(&card, "✅");
    card.changes_until(|text| text.contains("may no longer ask")).await;
    // No direct message reaches who shares no server with the bot.
    let lines = [world.log_says("request 1").await, world.log_says("request 1").await];
    assert!(lines.iter().any(|line| line.text().contains("may no longer ask")));
    assert!(lines.iter().any(|line| line.text().contains("takes no direct messages")));
    assert_eq!(deletes(&world), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_approver_role_approves_nothing_more() {
    let world = World::of_agents(&[VIRA_DISABLED, &disabled(901, "ivan.ivanov")], Setup::default()).await;
    let (lead, iryna) = (world.sandbox.lead(), world.sandbox.approver());
    let (vira, ivan) = (lead_asks(&world).await, lead_asks_about(&world, 901).await);
    world.sandbox.deletes_role(world.sandbox.approver_role());
    for card in [&vira, &ivan] {
        let void = card.changes_until(|text| text.contains("Void")).await;
        assert_eq!(void.buttons(), Vec::<String>::new());
        told(&lead, "none of the approver roles exists any more").await;
    }
    let mut lines =
        [world.log_says("request").await, world.log_says("request").await].map(|it| heard(&world, it.text()));
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    🗳️ @Olha Koval: request 1 to delete **vira.luhova** on mediatel for good — ⚠️ Nobody can decide it: none of the approver roles exists any more. Nothing was changed. Next: give people an approver role, then ask again.
    🗳️ @Olha Koval: request 2 to delete **ivan.ivanov** on mediatel for good — ⚠️ Nobody can decide it: none of the approver roles exists any more. Nothing was changed. Next: give people an approver role, then ask again.
    "#);
    iryna.reacts(&vira, "✅");
    let refused = lead.types(ASKS).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    Nobody could approve it
    None of the approver roles exists in this server any more. Nobody was asked, nothing was changed.
    Whoever runs this server can give people an approver role; whoever asks can never approve it themselves.
    "#);
    assert_eq!(deletes(&world), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_few_are_left_a_restart_says_so() {
    let world = listing(approvals("threshold = 2")).await;
    let (lead, iryna, maksym) = (world.sandbox.lead(), world.sandbox.approver(), world.sandbox.second_approver());
    let reply = lead.types(ASKS).await;
    let reply = reply.changes_until(|text| text.contains("The approvers are asked")).await;
    insta::assert_snapshot!(heard(&world, reply.text()), @r#"
    The approvers are asked
    You asked to delete **vira.luhova** on mediatel for good. Nothing has been changed yet.
    2 different people with @Approver have to approve it, until <time:f>. You cannot approve it yourself.
    Who could right now: @Iryna Shevchenko and @Maksym Tkachenko.
    I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.
    "#);
    let card = world.sandbox.approvals_channel().next_message().await;
    under_the_card(&world, &card, &[]).await;
    iryna.reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    world.bot_stops().await;
    maksym.leaves();
    world.bot_starts().await;
    let void = card.changes_until(|text| text.contains("Void")).await;
    insta::assert_snapshot!(heard(&world, void.text().lines().nth(4).unwrap()), @"⚠️ Nobody can decide it: it needs 2 approvers, and only 1 could. Nothing was changed. Next: give people an approver role, then ask again.");
    told(&lead, "Nobody can decide it").await;
    world.log_says("Nobody can decide it").await;
    assert_eq!(deletes(&world), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_is_left_the_next_reminder_says_so() {
    let world = listing(approvals("remind = \"2s\"")).await;
    let lead = world.sandbox.lead();
    let card = lead_asks(&world).await;
    world.sandbox.approver().leaves();
    world.sandbox.second_approver().loses(world.sandbox.approver_role());
    card.changes_until(|text| text.contains("Void")).await;
    insta::assert_snapshot!(heard(&world, told(&lead, "void").await.text()), @r#"
    Your request 1 — void
    You asked to delete **vira.luhova** on mediatel for good.
    ⚠️ Nobody can decide it: nobody is left who could approve it. Nothing was changed. Next: give people an approver role, then ask again.
    "#);
    world.log_says("nobody is left who could approve it").await;
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 1, "nobody is reminded of what nobody can decide");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_could_approve_is_refused_at_once() {
    let world = listing(approvals("threshold = 3")).await;
    let refused = is_refused(&world).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    Nobody could approve it
    It needs 3 different people with @Approver, and only 2 people besides you could. Nobody was asked, nothing was changed.
    Whoever runs this server can give people an approver role; whoever asks can never approve it themselves.
    "#);
    // Who is timed out cannot react; a bot is nobody.
    let robot = world.sandbox.person(world.sandbox.add_bot("Helper"));
    robot.gets(world.sandbox.approver_role());
    is_refused(&world).await;
    world.sandbox.lead().gets(world.sandbox.approver_role());
    let refused = is_refused(&world).await;
    assert!(refused.text().contains("only 2 people"), "{}", refused.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_approver_cannot_ask() {
    let world = listing(Setup::default()).await;
    let role = world.sandbox.approver_role();
    world.sandbox.approver().loses(role);
    world.sandbox.second_approver().leaves();
    world.sandbox.lead().gets(role);
    let refused = is_refused(&world).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    Nobody could approve it
    It needs one person with @Approver, and nobody besides you could. Nobody was asked, nothing was changed.
    Whoever runs this server can give people an approver role; whoever asks can never approve it themselves.
    "#);
    // As soon as there is a second one, they can.
    world.sandbox.trainee().gets(role);
    let card = lead_asks(&world).await;
    world.sandbox.trainee().reacts(&card, "✅");
    gone_is_told(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_server_members_switch_nobody_is_counted_and_the_doctor_names_it() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 3")).await;
    let lead = world.sandbox.lead();
    let reply = lead.types(ASKS).await;
    let reply = reply.changes_until(|text| text.contains("The approvers are asked")).await;
    insta::assert_snapshot!(heard(&world, reply.text()), @r#"
    The approvers are asked
    You asked to delete **vira.luhova** on mediatel for good. Nothing has been changed yet.
    3 different people with @Approver have to approve it, until <time:f>. You cannot approve it yourself.
    I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.
    "#);
    let card = world.sandbox.approvals_channel().next_message().await;
    let doctor = lead.types("/doctor").await;
    assert!(doctor.text().contains("Turn on Server Members Intent"), "{}", doctor.text());
    world.sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    let doctor = lead.types("/doctor").await;
    assert!(!doctor.text().contains("Server Members Intent"), "{}", doctor.text());
    lead.types("/approvals cancel request:1").await;
    card.changes_until(|text| text.contains("Cancelled")).await;
    told(&lead, "cancelled").await;
    world.log_says("Taken back by").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_card_can_be_posted_nobody_asks() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let channel = world.sandbox.approvals_channel();
    for permission in [Permission::SendMessages, Permission::AddReactions, Permission::EmbedLinks] {
        world.sandbox.denies(&channel, permission);
        is_refused(&world).await;
    }
    let refused = is_refused(&world).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    I cannot ask the approvers
    In the approvals channel I lack Send Messages, Embed Links and Add Reactions.
    Nothing was changed. Whoever runs this server can give me that; `/doctor` says more.
    "#);
    world.sandbox.deletes_channel(&channel);
    let refused = world.sandbox.lead().types(ASKS).await;
    insta::assert_snapshot!(heard(&world, refused.text()), @r#"
    There is nowhere to ask the approvers
    It needs a second person, and there is no approvals channel that I can see.
    Nothing was changed. Whoever installed me can set [discord] approvals_channel; `/doctor` says more.
    "#);
    assert_eq!(deletes(&world), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_channel_or_no_approver_is_set_nobody_asks() {
    let no_channel = Setup::default().rewriting(|settings| {
        settings.lines().filter(|line| !line.starts_with("approvals_channel")).collect::<Vec<_>>().join("\n")
    });
    let world = World::of_agents(&[VIRA_DISABLED], no_channel).await;
    assert!(is_refused(&world).await.text().contains("[discord] approvals_channel"));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_second_is_told_the_number_of_the_first() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let colleague = world.sandbox.add_person("Daryna Moroz", &[world.sandbox.lead_role()]);
    let card = lead_asks(&world).await;
    for person in [colleague, world.sandbox.lead()] {
        let second = person.types("/agent delete agent:mediatel:900 reason:duplicate").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(heard(&world, second.text()), @r#"
            That waits for approvers already
            Request 1 about vira.luhova is open; `/approvals list` shows it.
            Nothing more was asked.
            "#);
        }
    }
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 1);
    world.sandbox.approver().reacts(&card, "✅");
    gone_is_told(&world).await;
    world.ends().await;
}

/// So many agents wait at once.
const CROWD: u64 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_requests_wait_and_each_is_decided() {
    let agents: Vec<String> = (0..CROWD).map(|n| disabled(1_000 + n, &format!("agent.{n}"))).collect();
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    let world = World::of_agents(&agents, Setup::default().adding("[limits]\nper_person = \"1000/s\"")).await;
    let (lead, iryna, maksym) = (world.sandbox.lead(), world.sandbox.approver(), world.sandbox.second_approver());
    let mut cards = Vec::new();
    for n in 0..CROWD {
        cards.push(lead_asks_about(&world, 1_000 + n).await);
    }
    // Every one of them stands on exactly one page.
    let mut page = lead.types("/approvals list").await;
    let mut listed = String::new();
    for number in 1..=10 {
        assert!(page.text().contains(&format!("100 in all · page {number} of 10")), "{}", page.text());
        listed.push_str(page.text());
        if number < 10 {
            page = lead.presses(&page, "Older").await;
        }
    }
    for n in 0..CROWD {
        assert_eq!(listed.matches(&format!("**agent.{n}**")).count(), 1, "agent.{n} in:\n{listed}");
    }
    // Every third is approved by a reaction and every third denied, all at once; the others are approved by a button.
    for (n, card) in cards.iter().enumerate() {
        match n % 3 {
            0 => iryna.reacts(card, "✅"),
            1 => {}
            _ => maksym.reacts(card, "❌"),
        }
    }
    for n in (0..CROWD).filter(|n| n % 3 != 1) {
        let card = &cards[usize::try_from(n).unwrap()];
        card.changes_until(|text| text.contains("Settled")).await;
    }
    for n in (0..CROWD).filter(|n| n % 3 == 1) {
        let card = &cards[usize::try_from(n).unwrap()];
        let reply = answered(maksym.presses(card, &format!("Approve: delete agent.{n}")).await).await;
        assert!(reply.text().contains("approved by"), "{}", reply.text());
    }
    for (n, card) in cards.iter().enumerate() {
        let outcome = if n % 3 == 2 { "Denied by" } else { "is gone" };
        card.changes_until(|text| text.contains(outcome)).await;
    }
    let gone = (0..CROWD).filter(|n| n % 3 != 2).map(|n| 1_000 + n).collect::<Vec<_>>();
    let mut deleted = world.phones.mediatel.deleted_agents();
    deleted.sort_unstable();
    assert_eq!((deletes(&world), deleted), (gone.len(), gone));
    // Each outcome is told once to who asked, and once in the log channel.
    let all = usize::try_from(CROWD).unwrap();
    let told = |world: &World| (lead.direct_messages().len(), world.sandbox.log_channel().messages().len());
    world.sandbox.until("a hundred outcomes are told", PATIENCE, |_| told(&world) >= (all, all)).await;
    assert_eq!(told(&world), (all, all));
    let list = lead.types("/approvals list").await;
    assert!(list.text().contains("There is none"), "{}", list.text());
    world.ends().await;
}
