//! People, and other bots, are quick: they react before Discord's answer to the posting reached the bot.

use std::sync::Arc;

use rollcall_sandbox::Moment;

use super::{VIRA_DISABLED, gone_is_told};
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_before_the_bot_knows_its_own_card_counts() {
    let world = World::of_agents(&[VIRA_DISABLED], Setup::default()).await;
    let (channel, approver) = (world.sandbox.approvals_channel(), world.sandbox.approver());
    let path = format!("/channels/{}/messages", channel.id());
    world.sandbox.on_request(Arc::new(move |moment, seen| {
        if moment != Moment::Arrived && seen.method == "POST" && seen.path.ends_with(&path) {
            // It stands there; the bot is about to be told under which id.
            let card = channel.messages().pop().expect("the card");
            approver.reacts(&card, "✅");
        }
        Box::pin(std::future::ready(()))
    }));
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = world.sandbox.approvals_channel().messages().pop().expect("the card");
    card.changes_until(|text| text.contains("is gone")).await;
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    gone_is_told(&world).await;
    world.sandbox.off_request();
    world.ends().await;
}
