//! A delete that is approved and a restore: the record that goes, and the password of what comes back.

use super::Read;
use crate::world::World;

/// Deletes an agent with an approver's ✅, and restores it; its new password is read and confirmed.
pub(super) async fn deleted_and_restored(world: &World, read: &mut Read) {
    let (lead, approver, twin) = (world.sandbox.lead(), world.sandbox.approver(), &world.phones.mediatel);
    let login = twin.agent(10).and_then(|agent| agent.text("Login")).expect("an agent");
    let offered = lead.types("/agent delete agent:mediatel:10 reason:other").await;
    let offered = lead.submits(&offered, &[("reason", "left for good")]).await;
    let button = offered.buttons().first().expect("a button").clone();
    if button.starts_with("Disable") {
        let reply = lead.presses(&offered, &button).await;
        reply.changes_until(|text| text.contains("The approvers are asked")).await;
    }
    let card = world.sandbox.approvals_channel().next_message().await;
    approver.presses(&card, "I'm looking").await;
    approver.reacts(&card, "✅");
    card.changes_until(|text| text.contains("is gone")).await;
    assert!(twin.agent(10).is_none());
    let preview = lead.types("/agent restore agent:mediatel:10").await;
    lead.presses(&preview, &format!("Restore {login}")).await;
    loop {
        let message = lead.next_direct_message().await;
        if message.buttons().contains(&"Reveal".to_owned()) {
            lead.presses(&message, "Reveal").await;
            let shown = message.changes_until(|text| text.contains("```")).await;
            assert!(twin.can_log_in(&login, &read.from(&shown)));
            lead.presses(&shown, "I have it").await;
            break;
        }
    }
    lead.types("/approvals history").await;
}
