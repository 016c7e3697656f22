//! A reaction decides.

use super::{VIRA_DISABLED, lead_asks};
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_reacts_and_the_agent_is_gone() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let card = lead_asks(&world).await;
    println!("{}", world.heard(card.text()));
    let approver = world.sandbox.approver();
    approver.reacts(&card, "✅");
    let card = card.changes_until(|text| text.contains("is gone")).await;
    println!("{}", world.heard(card.text()));
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    let told = world.sandbox.lead().next_direct_message().await;
    println!("{}", world.heard(told.text()));
    world.log_says("deleted **vira").await;
    world.ends().await;
}
