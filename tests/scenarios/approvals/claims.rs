//! A claim that a dead bot left behind is looked up before anything is sent: gone, there as shown, or changed.

use std::sync::Arc;
use std::time::Duration;

use rollcall_sandbox::Posted;
use rollcall_sandbox::mediatel::Moment;
use tokio::sync::Notify;

use super::VIRA_DISABLED;
use super::watching::{SOON, card_waits, is_deleted, nothing_more_is_said, nothing_was_deleted, requester_reads};
use crate::kills::bot_comes_back;
use crate::world::{Setup, World};

/// The bot is killed at its first DELETE, on arrival or once it took effect.
async fn dies_at_the_delete(world: &World, card: &Posted, at: Moment) {
    let (bot, dead) = (world.bot.clone(), Arc::new(Notify::new()));
    let gone = Arc::clone(&dead);
    world.phones.mediatel.on_request(Arc::new(move |moment, seen| {
        let strikes = moment == at && seen.method == "DELETE";
        let (bot, gone) = (bot.clone(), Arc::clone(&gone));
        Box::pin(async move {
            if strikes {
                bot.is_killed();
                gone.notify_one();
                if at == Moment::Before {
                    // It never reaches whoever would do it.
                    std::future::pending::<()>().await;
                }
            }
        })
    }));
    world.sandbox.approver().reacts(card, "✅");
    tokio::time::timeout(SOON, dead.notified()).await.expect("a DELETE");
    world.bot_is_gone().await;
    world.phones.mediatel.on_request(Arc::new(|_, _| Box::pin(std::future::ready(()))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_agent_is_gone_is_done() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = card_waits(&world).await;
    dies_at_the_delete(&world, &card, Moment::After).await;
    let deletes = world.asked("DELETE");
    bot_comes_back(&world).await;
    is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), deletes, "looked up, not sent again");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_agent_is_there_as_shown_is_sent_again() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = card_waits(&world).await;
    dies_at_the_delete(&world, &card, Moment::Before).await;
    nothing_was_deleted(&world);
    bot_comes_back(&world).await;
    is_deleted(&world, &card).await;
    assert_eq!(world.asked("DELETE"), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_agent_was_changed_meanwhile_is_void() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = card_waits(&world).await;
    dies_at_the_delete(&world, &card, Moment::Before).await;
    world.phones.mediatel.change_agent(900, r#"{"DefaultSkill":3}"#).unwrap();
    bot_comes_back(&world).await;
    let card = card.changes_until(|text| text.contains("Void: Delete")).await;
    let shown = world.heard(card.text());
    assert!(shown.contains("so it was left alone") && shown.contains("7 → **3**"), "{shown}");
    assert_eq!(card.buttons(), Vec::<String>::new());
    assert_eq!(world.asked("DELETE"), 1, "nothing is sent again");
    nothing_was_deleted(&world);
    let told = requester_reads(&world, "void").await;
    assert!(told.text().contains("7 → **3**"), "{}", told.text());
    world.log_says("void, nothing changed").await;
    nothing_more_is_said(&world);
    // What was kept for a restore is dropped with it.
    let none = world.sandbox.lead().types("/agent restore agent:mediatel:900").await;
    assert!(none.buttons().is_empty(), "{}", none.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_agent_somebody_else_deleted_is_done() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = card_waits(&world).await;
    dies_at_the_delete(&world, &card, Moment::Before).await;
    world.phones.mediatel.take_agent(900).unwrap();
    bot_comes_back(&world).await;
    card.changes_until(|text| text.contains("Done: Delete")).await;
    assert_eq!(world.asked("DELETE"), 1, "nothing is sent again");
    requester_reads(&world, "done").await;
    world.log_says("deleted **vira").await;
    nothing_more_is_said(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_dies_again_and_again_deletes_once() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = card_waits(&world).await;
    dies_at_the_delete(&world, &card, Moment::Before).await;
    for _ in 0..2 {
        let (bot, dead) = (world.bot.clone(), Arc::new(Notify::new()));
        let gone = Arc::clone(&dead);
        world.phones.mediatel.on_request(Arc::new(move |moment, seen| {
            let strikes = moment == Moment::Before && seen.path.contains("900");
            let (bot, gone) = (bot.clone(), Arc::clone(&gone));
            Box::pin(async move {
                if strikes {
                    bot.is_killed();
                    gone.notify_one();
                    std::future::pending::<()>().await;
                }
            })
        }));
        world.bot_is_started();
        tokio::time::timeout(Duration::from_secs(30), dead.notified()).await.expect("a look at the agent");
        world.bot_is_gone().await;
    }
    world.phones.mediatel.on_request(Arc::new(|_, _| Box::pin(std::future::ready(()))));
    bot_comes_back(&world).await;
    is_deleted(&world, &card).await;
    world.ends().await;
}
