//! A delete takes a second person, and happens to what was shown.

use super::{asked, at_mediatel, says};
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_reacts_and_the_extension_is_gone() {
    let world = World::begins().await;
    let reply = says(&world, "/extension delete extension:18 reason:billed for nothing").await;
    assert!(reply.text().contains("The approvers are asked"), "{}", reply.text());
    let card = world.sandbox.approvals_channel().next_message().await;
    insta::assert_snapshot!(world.heard(card.text()), @"
    Delete extension Lviv trunk (18) on mediatel for good?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: billed for nothing
    **✅ approves, ❌ denies:** one person with @Approver (not who asked), until <time:f>.
    Everything that goes: **Extension**: Name Lviv trunk · Type 6 · Description Spare trunk, billed per minute · Dial-out identities 380322000 · Protocol SIP · Id 18
    **Addresses**: Contact empty · From empty · Destination address trunk.example:5060 · Destination ~
    **Codecs and tones**: Codecs g7231_5 · Connection type 3 · DTMF inband · Payload 127
    request 1 · record 456792758653
    [Approve: delete extension Lviv trunk (18)] [Deny with a reason] [I'm looking]
    ");
    assert_eq!(asked(&world, "DELETE"), 0);
    world.sandbox.approver().reacts(&card, "✅");
    let card = card.changes_until(|text| text.starts_with("Done")).await;
    insta::assert_snapshot!(world.heard(card.text()), @"
    Done: Delete extension Lviv trunk (18) on mediatel for good
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: billed for nothing
    ✅ Approved by @Iryna Shevchenko.
    Extension Lviv trunk (18) is deleted; mediatel was asked again and does not have it any more.
    Settled <time:f>.
    The record as it was shown: **Extension**: Name Lviv trunk · Type 6 · Description Spare trunk, billed per minute · Dial-out identities 380322000 · Protocol SIP · Id 18
    **Addresses**: Contact empty · From empty · Destination address trunk.example:5060 · Destination ~
    **Codecs and tones**: Codecs g7231_5 · Connection type 3 · DTMF inband · Payload 127
    request 1 · record 456792758653
    ");
    let message = world.sandbox.lead().next_direct_message().await;
    insta::assert_snapshot!(world.heard(message.text()), @"
    Your request 1 — done
    You asked to delete extension **Lviv trunk** (18) on mediatel for good.
    ✅ Approved by @Iryna Shevchenko.
    Extension Lviv trunk (18) is deleted; mediatel was asked again and does not have it any more.
    ");
    let line = world.log_says("Lviv trunk").await;
    insta::assert_snapshot!(world.heard(line.text()), @"🗑️ @Olha Koval deleted extension **Lviv trunk** (`mediatel:18`) for good. Reason: “billed for nothing”. Request 1, approved by @Iryna Shevchenko.");
    assert_eq!(at_mediatel(&world, 18), None);
    assert_eq!(asked(&world, "DELETE"), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_is_left_alone() {
    let world = World::begins().await;
    says(&world, "/extension delete extension:mediatel:18 reason:x").await;
    let card = world.sandbox.approvals_channel().next_message().await;
    let mut changed = world.phones.mediatel.extension(18).unwrap();
    changed.set("E_Description", &"In use again");
    world.phones.mediatel.put_extension(&serde_json::to_string(&changed).unwrap()).unwrap();
    world.sandbox.approver().reacts(&card, "✅");
    let card = card.changes_until(|text| text.starts_with("Void")).await;
    assert!(card.text().contains("In use again"), "{}", card.text());
    world.sandbox.lead().next_direct_message().await;
    world.log_says("is no longer as the card shows it").await;
    assert_eq!(asked(&world, "DELETE"), 0);
    assert!(at_mediatel(&world, 18).is_some());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_second_person_a_button_confirms_it() {
    let world = World::with(Setup::default().setting("[approvals]\n", "[approvals]\nrequire = []\n")).await;
    let lead = world.sandbox.lead();
    let preview = says(&world, "/extension delete extension:Night line reason:closed").await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    Delete extension Night line (21) on mediatel for good?
    Reason: closed
    Nothing brings an extension back. `/extension show extension:mediatel:21` shows all that goes. This button works until <time:t>.
    [Delete extension Night line (21)] [Cancel]
    ");
    assert_eq!(asked(&world, "DELETE"), 0);
    let gone = lead.presses(&preview, "Delete extension Night line (21)").await;
    gone.changes_until(|text| text.contains("is deleted from mediatel")).await;
    world.log_says("Night line").await;
    assert_eq!(at_mediatel(&world, 21), None);
    world.ends().await;
}
