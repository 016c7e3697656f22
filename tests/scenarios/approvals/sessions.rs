//! Connections that drop, sessions that end, events that are lost, doubled or late: each reaction counts as it stands under
//! the card, once.

use std::sync::Arc;
use std::time::Duration;

use rollcall_sandbox::mediatel::{Fault as PhoneFault, Moment, Times, Trouble};
use rollcall_sandbox::{Mishap, Sandbox};

use super::VIRA_DISABLED;
use super::watching::{
    SOON, approvals, audited, card_waits, goes_down, is_deleted, nothing_more_is_said, nothing_was_deleted, of,
    until_audited,
};
use crate::kills::bot_comes_back;
use crate::world::World;

fn sessions(sandbox: &Sandbox) -> usize {
    sandbox.identified().len() + sandbox.resumed().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_reaction_counts_once() {
    let world = of("stale_after = \"1h\"").await;
    let card = card_waits(&world).await;
    let resumed = world.sandbox.resumed().len();
    world.sandbox.gateway_drops();
    world.sandbox.approver().reacts(&card, "✅");
    world.sandbox.until("a resume", SOON, |s| s.resumed().len() > resumed).await;
    is_deleted(&world, &card).await;
    assert!(world.sandbox.redelivers_last("MESSAGE_REACTION_ADD"));
    world.sandbox.gateway_drops();
    world.sandbox.until("another resume", SOON, |s| s.resumed().len() > resumed + 1).await;
    assert_eq!(audited(&world, "ballot cast").await, 1);
    assert_eq!(audited(&world, "ballot counted").await, 1);
    assert_eq!(audited(&world, "agent.delete recorded").await, 1);
    nothing_more_is_said(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_session_reads_what_nobody_told_it() {
    let world = of("stale_after = \"1h\"").await;
    let card = card_waits(&world).await;
    world.sandbox.gateway_refuses_resumes();
    world.sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Lost);
    world.sandbox.gateway_drops();
    world.sandbox.approver().reacts(&card, "✅");
    world.sandbox.until("a new session", SOON, |s| s.identified().len() == 2).await;
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_event_is_made_up_for_when_a_new_session_begins() {
    let world = of("stale_after = \"1h\"").await;
    let card = card_waits(&world).await;
    world.sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Lost);
    world.sandbox.approver().reacts(&card, "✅");
    // A command comes and goes: the connection is fine, and nobody told the bot of the reaction.
    world.sandbox.lead().types("/approvals list").await;
    assert_eq!(audited(&world, "ballot cast").await, 0);
    nothing_was_deleted(&world);
    world.sandbox.gateway_invalidates();
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doubled_and_held_events_count_once() {
    for mishap in [Mishap::Doubled, Mishap::Held] {
        println!("{mishap:?}");
        let world = of("threshold = 2").await;
        let card = card_waits(&world).await;
        world.sandbox.all_events("MESSAGE_REACTION_ADD", mishap);
        world.sandbox.approver().reacts(&card, "✅");
        world.sandbox.second_approver().reacts(&card, "✅");
        world.sandbox.events_flow();
        world.sandbox.releases_events(rollcall_sandbox::Release::Backwards);
        is_deleted(&world, &card).await;
        assert_eq!(audited(&world, "ballot cast").await, 2);
        assert_eq!(audited(&world, "ballot counted").await, 2);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_taken_back_and_made_again_at_once_stand_as_they_do_under_the_card() {
    let world = of("threshold = 30").await;
    let people = world.sandbox.more_approvers(30);
    let card = card_waits(&world).await;
    let (standing, others) = people.split_at(29);
    for person in standing {
        person.reacts(&card, "✅");
        for _ in 0..3 {
            person.unreacts(&card, "✅");
            person.reacts(&card, "✅");
        }
    }
    others[0].reacts(&card, "✅");
    others[0].unreacts(&card, "✅");
    let card = card.changes_until(|text| text.contains("✅ 29 of 30")).await;
    assert!(!card.text().contains(&others[0].mention()), "{}", card.text());
    nothing_was_deleted(&world);
    others[0].reacts(&card, "✅");
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_heard_while_the_phone_system_takes_its_time() {
    let world = of("threshold = 3").await;
    let people = world.sandbox.more_approvers(3);
    let card = card_waits(&world).await;
    // Mediatel answers no sooner than the test lets it.
    let (answers, held) = tokio::sync::watch::channel(false);
    world.phones.mediatel.on_request(Arc::new(move |moment, _| {
        let mut held = held.clone();
        Box::pin(async move {
            if moment == Moment::Before {
                let _ = held.wait_for(|answers| *answers).await;
            }
        })
    }));
    for person in &people {
        person.reacts(&card, "✅");
    }
    until_audited(&world, "ballot cast", 3).await;
    assert_eq!(audited(&world, "ballot counted").await, 0, "nobody could be checked yet");
    answers.send_replace(true);
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_in_the_middle_of_a_delete_loses_nothing() {
    let world = of("stale_after = \"1h\"").await;
    let card = card_waits(&world).await;
    world.phones.mediatel.fault(PhoneFault {
        method: Some("DELETE"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Next(1),
        trouble: Trouble::Slow(Duration::from_secs(2)),
    });
    world.sandbox.approver().reacts(&card, "✅");
    until_audited(&world, "agent.delete recorded", 1).await;
    goes_down(&world).await;
    bot_comes_back(&world).await;
    is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_while_a_reaction_waits_for_the_phone_system_loses_nothing() {
    let world = of("stale_after = \"1h\"").await;
    let card = card_waits(&world).await;
    let silent = Trouble::Status { status: 503, body: None, retry_after: None };
    world.phones.mediatel.fault(PhoneFault {
        method: Some("GET"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Always,
        trouble: silent,
    });
    world.sandbox.approver().reacts(&card, "✅");
    until_audited(&world, "ballot cast", 1).await;
    goes_down(&world).await;
    bot_comes_back(&world).await;
    nothing_was_deleted(&world);
    world.phones.mediatel.mend();
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnecting_again_and_again_never_counts_twice() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("threshold = 3")).await;
    let people = world.sandbox.more_approvers(3);
    let card = card_waits(&world).await;
    for (number, person) in people.iter().enumerate() {
        let before = sessions(&world.sandbox);
        match number {
            0 => world.sandbox.gateway_drops(),
            1 => world.sandbox.gateway_asks_to_reconnect(),
            _ => world.sandbox.gateway_invalidates(),
        }
        person.reacts(&card, "✅");
        world.sandbox.until("a session", SOON, |s| sessions(s) > before && s.bot_is_connected()).await;
        if number < 2 {
            card.changes_until(|text| text.contains(&format!("✅ {} of 3", number + 1))).await;
        }
    }
    is_deleted(&world, &card).await;
    assert_eq!(audited(&world, "ballot counted").await, 3);
    world.ends().await;
}
