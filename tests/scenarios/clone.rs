//! A support lead clones an agent.

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_clones_an_agent_and_reads_its_password() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
    assert!(preview.is_ephemeral());
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    reply.changes_until(|text| text.contains("zoriana.hnatiuk exists on mediatel")).await;

    let message = lead.next_direct_message().await;
    lead.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    let password = shown.text().split("```").nth(1).unwrap().trim().to_owned();
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    lead.presses(&shown, "I have it").await;
    message.changes_until(|text| !text.contains(&password)).await;

    lead.next_direct_message().await.changes_until(|text| text.contains("Confirmed")).await;
    let line = world.sandbox.log_channel().next_message().await;
    assert!(line.text().contains("created **zoriana.hnatiuk**"), "{}", line.text());
    world.ends().await;
}
