//! Cards and channels that moderators delete.

use std::time::Duration;

use rollcall_sandbox::{Posted, Seen};

use super::VIRA_DISABLED;
use super::watching::{
    approvals, audited, card_waits, has_ours, is_deleted, nothing_more_is_said, nothing_was_deleted, requester_reads,
    until_audited,
};
use crate::kills::bot_comes_back;
use crate::world::{Setup, World};

/// How a card goes.
#[derive(Clone, Copy, Debug)]
enum Deleted {
    Alone,
    InBulk,
    WhileTheBotIsDown,
}

const EACH: [Deleted; 3] = [Deleted::Alone, Deleted::InBulk, Deleted::WhileTheBotIsDown];

/// A moderator deletes the card; answers the one that is posted in its place.
async fn card_is_deleted(world: &World, card: &Posted, how: Deleted) -> Posted {
    let channel = world.sandbox.approvals_channel();
    let id = card.id().expect("a card");
    match how {
        Deleted::Alone => world.sandbox.deletes_message(id),
        Deleted::InBulk => world.sandbox.bulk_deletes(&channel, &[id]),
        Deleted::WhileTheBotIsDown => {
            assert_eq!(world.bot_stops().await.code(), Some(0));
            world.sandbox.deletes_message(id);
            bot_comes_back(world).await;
        }
    }
    let again = channel.next_message().await;
    has_ours(world, &again).await;
    assert_ne!(again.id(), card.id());
    assert_eq!(again.buttons(), ["Approve: delete vira.luhova", "Deny with a reason", "I'm looking"]);
    assert_eq!(channel.messages().len(), 1, "cards");
    again
}

async fn of_threshold(threshold: u32) -> World {
    let world = World::of_agents(&[VIRA_DISABLED], approvals(&format!("threshold = {threshold}"))).await;
    // The bot may find the card gone before Discord tells it.
    world.sandbox.expects(10_008);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_card_is_posted_again_and_reactions_went_with_it() {
    for how in EACH {
        println!("{how:?}");
        let world = of_threshold(2).await;
        let card = card_waits(&world).await;
        let (first, second) = (world.sandbox.approver(), world.sandbox.second_approver());
        first.reacts(&card, "✅");
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        let card = card_is_deleted(&world, &card, how).await;
        assert!(!card.text().contains("1 of 2"), "what stood under the deleted card is gone: {}", card.text());
        second.reacts(&card, "✅");
        let card = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        assert!(card.text().contains(&second.mention()), "{}", card.text());
        assert!(!card.text().contains(&first.mention()), "{}", card.text());
        nothing_was_deleted(&world);
        first.reacts(&card, "✅");
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_button_gave_outlives_its_card() {
    for how in EACH {
        println!("{how:?}");
        let world = of_threshold(2).await;
        let card = card_waits(&world).await;
        let pressed = world.sandbox.approver().presses(&card, "Approve: delete vira.luhova").await;
        pressed.changes_until(|text| text.contains("Your approval counts")).await;
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        let card = card_is_deleted(&world, &card, how).await;
        assert!(card.text().contains("✅ 1 of 2"), "{}", card.text());
        world.sandbox.second_approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_can_be_deleted_again_and_again() {
    let world = of_threshold(1).await;
    let mut card = card_waits(&world).await;
    for _ in 0..3 {
        card = card_is_deleted(&world, &card, Deleted::Alone).await;
    }
    assert_eq!(audited(&world, "card deleted").await, 3);
    world.sandbox.approver().reacts(&card, "✅");
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_of_a_decided_request_is_not_posted_again() {
    let world = of_threshold(1).await;
    let card = card_waits(&world).await;
    world.sandbox.approver().reacts(&card, "✅");
    let card = is_deleted(&world, &card).await;
    world.sandbox.deletes_message(card.id().expect("a card"));
    // Whatever the bot does about it, it has done before the next request's card.
    world.phones.mediatel.put_agent(VIRA_DISABLED).unwrap();
    let other = card_waits(&world).await;
    assert!(other.text().contains("request 2"), "{}", other.text());
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 1, "cards");
    world.ends().await;
}

/// When the channel goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    WhileTheBotLooks,
    WhileTheBotIsDown,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_channel_voids_the_request_and_says_so_elsewhere() {
    for when in [Channel::WhileTheBotLooks, Channel::WhileTheBotIsDown] {
        println!("{when:?}");
        let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
        // The card in it cannot be edited any more.
        world.sandbox.expects(10_003);
        card_waits(&world).await;
        let channel = world.sandbox.approvals_channel();
        if when == Channel::WhileTheBotIsDown {
            assert_eq!(world.bot_stops().await.code(), Some(0));
        }
        world.sandbox.deletes_channel(&channel);
        if when == Channel::WhileTheBotIsDown {
            bot_comes_back(&world).await;
        }
        let told = requester_reads(&world, "void").await;
        assert!(told.text().contains("The channel of its card was deleted. Nothing was changed."), "{}", told.text());
        let line = world.log_says("The channel of its card was deleted.").await;
        assert!(line.text().contains("vira.luhova"), "{}", line.text());
        nothing_more_is_said(&world);
        nothing_was_deleted(&world);
        assert_eq!(audited(&world, "request void").await, 1);
        // A new one is refused before anybody is asked.
        let refused = world.sandbox.lead().types("/agent delete agent:mediatel:900 reason:leaver").await;
        assert!(refused.text().contains("approvals channel"), "{}", refused.text());
        assert!(!refused.text().contains("The approvers are asked"), "{}", refused.text());
        asks_no_more_about(&world, &channel.id().to_string()).await;
        world.ends().await;
    }
}

/// The bot leaves a channel alone that is gone: it asks a few times at most, and then no more.
async fn asks_no_more_about(world: &World, channel: &str) {
    let path = format!("/channels/{channel}/messages/");
    let edits = || {
        let refused = |it: &&Seen| it.method == "PATCH" && it.path.contains(&path) && it.code == Some(10_003);
        world.sandbox.requests().iter().filter(refused).count()
    };
    // Other work goes on meanwhile, a second's worth of it.
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        world.sandbox.lead().types("/approvals list").await;
    }
    assert!(edits() <= 2, "{} edits of a card in a channel that is gone", edits());
    let before = edits();
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        world.sandbox.lead().types("/approvals list").await;
    }
    assert_eq!(edits(), before, "it does not stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_deleted_while_an_act_is_under_way_stops_nothing() {
    use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    world.sandbox.expects(10_003);
    let card = card_waits(&world).await;
    let channel = world.sandbox.approvals_channel();
    let slow = Trouble::Slow(Duration::from_secs(2));
    world.phones.mediatel.fault(Fault {
        method: Some("DELETE"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Next(1),
        trouble: slow,
    });
    world.sandbox.approver().reacts(&card, "✅");
    until_audited(&world, "agent.delete recorded", 1).await;
    world.sandbox.deletes_channel(&channel);
    requester_reads(&world, "done").await;
    world.log_says("deleted **vira").await;
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    nothing_more_is_said(&world);
    asks_no_more_about(&world, &channel.id().to_string()).await;
    world.ends().await;
}
