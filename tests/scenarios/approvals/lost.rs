//! Answers that never arrive, or that lie: what came of a delete is looked up; what cannot be checked waits.

use std::time::Duration;

use rollcall_sandbox::mediatel::{Fault as PhoneFault, Moment, Times, Trouble};
use rollcall_sandbox::{Fault, Posted};

use super::VIRA_DISABLED;
use super::watching::{
    SOON, card_waits, is_deleted, nothing_more_is_said, nothing_was_deleted, requester_reads, until_audited,
};
use crate::world::{Setup, World};

/// What Mediatel answers to a DELETE that it did.
const DELETED: &str = r#"{"error":{"code":200},"result":[]}"#;

fn fault(method: Option<&'static str>, moment: Moment, times: Times, trouble: Trouble) -> PhoneFault {
    PhoneFault { method, path: "/v1/agents", moment, times, trouble }
}

fn status(status: u16, body: Option<&str>) -> Trouble {
    Trouble::Status { status, body: body.map(ToOwned::to_owned), retry_after: None }
}

/// A bot that waits a second for Mediatel.
async fn impatient() -> World {
    let setup = Setup::default().setting("auth = \"none\"", "auth = \"none\"\ntimeout = \"1s\"");
    World::of_agents(&[VIRA_DISABLED], setup).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_whose_answer_is_spoilt_in_any_way_is_looked_up() {
    let slow = Trouble::Slow(Duration::from_secs(3));
    for trouble in [Trouble::Cut, status(500, None), status(502, None), Trouble::Malformed, Trouble::Truncated, slow] {
        println!("{trouble:?}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.phones.mediatel.fault(fault(Some("DELETE"), Moment::After, Times::Next(1), trouble));
        world.sandbox.approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        assert_eq!(world.asked("DELETE"), 1, "it is looked up, not sent again");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_that_never_arrived_is_sent_again() {
    let slow = Trouble::Slow(Duration::from_secs(3));
    for trouble in [Trouble::Cut, status(500, None), slow] {
        println!("{trouble:?}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.phones.mediatel.fault(fault(Some("DELETE"), Moment::Before, Times::Next(1), trouble));
        world.sandbox.approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_knows_the_card_says_so() {
    for moment in [Moment::Before, Moment::After] {
        println!("{moment:?}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.phones.mediatel.fault(fault(Some("DELETE"), moment, Times::Always, Trouble::Cut));
        // From the DELETE on, nothing is heard of Mediatel.
        world.phones.mediatel.on_request({
            let mediatel = std::sync::Arc::clone(&world.phones.mediatel);
            std::sync::Arc::new(move |at, seen| {
                if at == Moment::Before && seen.method == "DELETE" {
                    mediatel.fault(fault(Some("GET"), Moment::Before, Times::Always, Trouble::Cut));
                }
                Box::pin(std::future::ready(()))
            })
        });
        world.sandbox.approver().reacts(&card, "✅");
        let waiting = card.changes_until(|text| text.contains("No answer yet: Delete")).await;
        let said = "I am looking up whether it was done; the card changes when I know.";
        assert!(waiting.text().contains(said), "{}", waiting.text());
        assert!(waiting.text().contains(&world.sandbox.approver().mention()), "{}", waiting.text());
        assert_eq!(waiting.buttons(), Vec::<String>::new());
        world.phones.mediatel.on_request(std::sync::Arc::new(|_, _| Box::pin(std::future::ready(()))));
        world.phones.mediatel.mend();
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_deleted_nothing_is_not_believed() {
    let world = impatient().await;
    let card = card_waits(&world).await;
    world.phones.mediatel.fault(fault(Some("DELETE"), Moment::Before, Times::Next(1), status(200, Some(DELETED))));
    world.sandbox.approver().reacts(&card, "✅");
    is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_never_deletes_is_asked_a_few_times_and_then_nobody_can_tell() {
    let world = impatient().await;
    let card = card_waits(&world).await;
    world.phones.mediatel.fault(fault(Some("DELETE"), Moment::Before, Times::Always, status(200, Some(DELETED))));
    world.sandbox.approver().reacts(&card, "✅");
    let card = card.changes_until(|text| text.contains("Nobody can tell: Delete")).await;
    assert!(card.text().contains("asked 3 times and still has it"), "{}", card.text());
    assert!(card.text().contains("Next: look for vira.luhova"), "{}", world.heard(card.text()));
    assert_eq!(card.buttons(), Vec::<String>::new());
    requester_reads(&world, "nobody can tell").await;
    world.log_says("vira").await;
    nothing_more_is_said(&world);
    nothing_was_deleted(&world);
    assert_eq!(world.asked("DELETE"), 3);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_in_use_is_not_deleted_and_the_card_says_by_what() {
    // By the entity types of Mediatel's document.
    for (entity, what) in [(0, "a queue"), (1, "another agent"), (3, "a project")] {
        println!("{what}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.phones.mediatel.hold(900, entity);
        world.sandbox.approver().reacts(&card, "✅");
        let card = card.changes_until(|text| text.contains("Not done: Delete")).await;
        assert!(card.text().contains(&format!("{what} still uses it")), "{}", card.text());
        assert!(card.text().contains("Nothing was changed; it can be asked for again."), "{}", card.text());
        assert_eq!(card.buttons(), Vec::<String>::new());
        let told = requester_reads(&world, "not done").await;
        assert!(told.text().contains("still uses it"), "{}", told.text());
        world.log_says("not done").await;
        nothing_more_is_said(&world);
        nothing_was_deleted(&world);
        assert_eq!(world.asked("DELETE"), 1);
        // Once nothing uses it any more, the advice holds.
        world.phones.mediatel.let_go(900);
        let card = card_waits(&world).await;
        world.sandbox.approver().reacts(&card, "✅");
        card.changes_until(|text| text.contains("is gone")).await;
        assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
        requester_reads(&world, "done").await;
        world.log_says("deleted **vira").await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_waits_for_a_silent_phone_system() {
    let world = impatient().await;
    let card = card_waits(&world).await;
    world.phones.mediatel.fault(fault(Some("GET"), Moment::Before, Times::Always, status(503, None)));
    let asked = world.asked("GET");
    world.sandbox.approver().reacts(&card, "✅");
    still_waits_until_asked(&world, &card, || world.asked("GET") > asked).await;
    world.phones.mediatel.mend();
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_waits_for_a_silent_phone_system_and_says_so() {
    let world = impatient().await;
    let card = card_waits(&world).await;
    world.phones.mediatel.fault(fault(Some("GET"), Moment::Before, Times::Always, status(503, None)));
    let reply = world.sandbox.approver().presses(&card, "Approve: delete vira.luhova").await;
    let reply = reply.changes_until(|text| text.contains("I have it, but cannot check it yet")).await;
    assert!(reply.text().contains("counts as soon as that can be checked"), "{}", reply.text());
    nothing_was_deleted(&world);
    world.phones.mediatel.mend();
    is_deleted(&world, &card).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_waits_for_a_discord_that_does_not_tell_who_it_is() {
    // Refused at once, and out of reach for longer than one call may take.
    for fault in [Fault::Status(403), Fault::Status(500)] {
        println!("{fault:?}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.sandbox.expects(0);
        let members = format!("/guilds/{}/members/", world.sandbox.guild());
        world.sandbox.next_requests(1_000, "GET", &members, fault);
        let refused = || {
            let seen = world.sandbox.requests();
            seen.iter().any(|it| it.path.contains(&members) && it.status.is_some_and(|status| status >= 400))
        };
        world.sandbox.approver().reacts(&card, "✅");
        still_waits_until_asked(&world, &card, refused).await;
        assert_eq!(world.sandbox.approver().direct_messages().len(), 0, "nobody was told that it does not count");
        world.sandbox.heals();
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

/// The reaction is written and somebody was asked in vain; the card waits, and nothing was done.
async fn still_waits_until_asked(world: &World, card: &Posted, asked: impl Fn() -> bool) {
    until_audited(world, "ballot cast", 1).await;
    let deadline = std::time::Instant::now() + SOON;
    while !asked() {
        assert!(std::time::Instant::now() < deadline, "nobody is asked");
        tokio::task::yield_now().await;
    }
    assert!(card.now().contains("✅ approves, ❌ denies"), "{}", card.now());
    assert_eq!(card.reactions_of("✅"), [world.sandbox.bot(), world.sandbox.approver().id()]);
    nothing_was_deleted(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_cannot_be_edited_for_a_while_catches_up() {
    let short = Duration::from_millis(1_200);
    for fault in [Fault::Status(500), Fault::RateLimited(short), Fault::Cut, Fault::LostAnswer] {
        println!("{fault:?}");
        let world = impatient().await;
        let card = card_waits(&world).await;
        world.sandbox.expects(0);
        let messages = format!("/channels/{}/messages/", world.sandbox.approvals_channel().id());
        world.sandbox.next_requests(3, "PATCH", &messages, fault);
        world.sandbox.approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}
