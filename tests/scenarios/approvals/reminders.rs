//! Reminders come after `remind`, then after twice and four times that, until the request expires; settled, they say so.

use std::time::Duration;

use rollcall_sandbox::{Posted, RoleId};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::VIRA_DISABLED;
use super::watching::{
    approvals, audited, card_waits, is_deleted, nothing_more_is_said, nothing_was_deleted, requester_reads,
};
use crate::world::{Setup, World};

fn posted_at(message: &Posted) -> OffsetDateTime {
    let raw = message.raw();
    OffsetDateTime::parse(raw["timestamp"].as_str().expect("a timestamp"), &Rfc3339).expect("a time")
}

/// How long after the request was made a message was posted, in seconds; the card tells when that was, by the second.
fn seconds_after(card: &Posted, message: &Posted) -> i64 {
    let (_, asked) = card.text().split_once("<t:").expect("a time");
    let asked: i64 = asked.split(':').next().and_then(|it| it.parse().ok()).expect("a time");
    posted_at(message).unix_timestamp() - asked
}

/// The approvers' role is pinged by what waits.
async fn notifying(keys: &str) -> (World, RoleId) {
    let setup: Setup = approvals(keys).rewriting(|settings| {
        let line = settings.lines().find(|line| line.starts_with("approvers = ")).expect("approvers").to_owned();
        settings.replace(&line, &format!("{line}\n{}", line.replace("approvers", "notify")))
    });
    let world = World::of_agents(&[VIRA_DISABLED], setup).await;
    let role = world.sandbox.approver_role();
    (world, role)
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_double_until_the_request_is_decided() {
    let (world, notify) = notifying("remind = \"1s\"").await;
    let channel = world.sandbox.approvals_channel();
    let card = card_waits(&world).await;
    assert_eq!(card.pings().roles, [notify]);
    assert_eq!(card.pings().users, []);
    let mut reminders = Vec::new();
    for wanted in [1, 3, 7] {
        let reminder = channel.next_message().await;
        let heard = world.heard(reminder.text());
        assert!(heard.contains("⏰ Request 1 still waits: delete **vira.luhova** on mediatel for good."), "{heard}");
        assert!(heard.contains("Decide by <time:f>."), "{heard}");
        assert_eq!(reminder.replies_to(), card.id(), "a reminder answers the card");
        assert_eq!(reminder.pings().roles, [notify]);
        assert_eq!((reminder.pings().users, reminder.pings().everyone), (Vec::new(), false));
        assert_eq!(reminder.buttons(), Vec::<String>::new());
        assert!(reminder.reactions().is_empty(), "people react to the card");
        let after = seconds_after(&card, &reminder);
        assert!(after >= wanted, "the reminder after {wanted} s came after {after} s");
        reminders.push(reminder);
    }
    // A ✅ under a reminder is nobody's approval, and whoever gave it is told where it belongs.
    world.sandbox.approver().reacts(&reminders[0], "✅");
    let told = world.sandbox.approver().next_direct_message().await;
    assert!(told.text().contains("reminder"), "{}", told.text());
    nothing_was_deleted(&world);
    world.sandbox.approver().reacts(&card, "✅");
    is_deleted(&world, &card).await;
    for reminder in &reminders {
        let settled = reminder.changes_until(|text| text.contains("is gone")).await;
        let heard = world.heard(settled.text());
        assert!(heard.contains("Approved by @"), "{heard}");
        assert!(heard.contains("is settled") && heard.contains("vira.luhova is gone"), "{heard}");
        assert_eq!(settled.pings().users, [], "an edit pings nobody");
    }
    assert_eq!(channel.messages().len(), 4, "the card and three reminders");
    assert_eq!(audited(&world, "ballot cast").await, 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_decides_expires_on_every_copy() {
    let (world, _) = notifying("remind = \"1s\"\nexpires = \"4s\"").await;
    let channel = world.sandbox.approvals_channel();
    let card = card_waits(&world).await;
    let reminders = [channel.next_message().await, channel.next_message().await];
    let card = card.changes_until(|text| text.contains("Expired: Delete")).await;
    assert!(card.text().contains("⌛ Nobody decided it in time. Nothing was changed"), "{}", card.text());
    assert!(card.text().contains("vira.luhova"), "the card keeps what was asked: {}", card.text());
    assert!(card.text().contains(&world.sandbox.lead().mention()), "and by whom: {}", card.text());
    assert_eq!(card.buttons(), Vec::<String>::new());
    for reminder in reminders {
        reminder.changes_until(|text| text.contains("is settled — ⌛ Nobody decided it in time.")).await;
    }
    let told = requester_reads(&world, "expired").await;
    assert!(told.text().contains("it can be asked for again"), "{}", told.text());
    world.log_says("⌛ Nobody decided it in time.").await;
    nothing_more_is_said(&world);
    // Too late: nothing happens, and nobody is told anything.
    world.sandbox.approver().reacts(&card, "✅");
    super::watching::until_audited(&world, "ballot cast", 1).await;
    nothing_was_deleted(&world);
    assert_eq!(world.sandbox.approver().direct_messages().len(), 0);
    assert_eq!(channel.messages().len(), 3, "the card and the reminders after 1 and 3 s");
    assert_eq!(audited(&world, "request expired").await, 1);
    // It can be asked for again.
    let again = card_waits(&world).await;
    assert!(again.text().contains("request 2"), "{}", again.text());
    again.changes_until(|text| text.contains("Expired: Delete")).await;
    requester_reads(&world, "expired").await;
    world.log_says("⌛").await;
    settles_reminders(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_that_were_missed_are_not_made_up_for() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("remind = \"1s\"")).await;
    let channel = world.sandbox.approvals_channel();
    let card = card_waits(&world).await;
    assert_eq!(world.bot_stops().await.code(), Some(0));
    let before = channel.messages().len();
    super::watching::time_passes(Duration::from_secs(5)).await;
    crate::kills::bot_comes_back(&world).await;
    // Those of the first, third and (if it was slow) seventh second come as one.
    let late = channel.next_message().await;
    assert!(seconds_after(&card, &late) >= 5, "{}", late.text());
    assert_eq!(channel.messages().len(), before + 1);
    world.sandbox.approver().reacts(&card, "✅");
    is_deleted(&world, &card).await;
    settles_reminders(&world).await;
    world.ends().await;
}

/// Every reminder says in the end what became of its request.
async fn settles_reminders(world: &World) {
    for message in world.sandbox.approvals_channel().messages() {
        message.changes_until(|text| !text.contains("still waits")).await;
    }
}
