//! Buttons: whose they are, forged ones, pressed twice, delivered twice.

use crate::world::{Setup, VIRA, World};

const CLONE: &str = "/agent clone source:mediatel:900 login:zoriana.hnatiuk";

#[tokio::test(flavor = "multi_thread")]
async fn only_who_was_shown_a_button_can_press_it() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let colleague = world.sandbox.add_person("Daryna Moroz", &[world.sandbox.lead_role()]);
    let preview = lead.types(CLONE).await;
    let refused = colleague.presses(&preview, "Create zoriana.hnatiuk").await;
    insta::assert_snapshot!(world.heard(refused.text()), @r#"
    This button is over
    Only the person who was shown it can press it. Type the command yourself.
    "#);
    let refused = colleague.presses(&preview, "Cancel").await;
    assert!(refused.text().contains("Only the person who was shown it"), "{}", refused.text());
    let card = lead.types("/agent show agent:mediatel:900").await;
    let refused = colleague.presses(&card, "Disable vira.luhova").await;
    assert!(refused.text().contains("This button is not yours"), "{}", refused.text());
    assert_eq!(world.phones.mediatel.mutations(), []);
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    reply.changes_until(|text| text.contains("exists on mediatel")).await;
    world.log_says("created").await;
    world.passwords_are_read().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_button_does_nothing() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let (lead, trainee) = (world.sandbox.lead(), world.sandbox.trainee());
    let preview = lead.types(CLONE).await;
    let ours = preview.custom_ids();
    let garbage =
        ["", "x", "take:", "take:-1", "take:0", "take:99999999999999999999", "have:1", "reveal:-5", "handover:1"];
    let longest = "take:".repeat(20);
    for forged in garbage.into_iter().chain([longest.as_str()]) {
        let reply = lead.presses_id(&preview, forged).await;
        assert!(reply.is_ephemeral() && !reply.text().is_empty(), "{forged}: {}", reply.text());
        assert!(!reply.text().contains("On it"), "{forged}: {}", reply.text());
    }
    let whoami = trainee.types("/whoami").await;
    for stolen in &ours {
        let reply = trainee.presses_id(&whoami, stolen).await;
        assert!(reply.text().contains("Only the person who was shown it"), "{stolen}: {}", reply.text());
    }
    for aimed in [
        format!("card:{}:disable:mediatel:900", trainee.id()),
        format!("groups:{}:mediatel:900", trainee.id()),
        format!("page:{}:0:a::vira", trainee.id()),
    ] {
        let reply = trainee.presses_id(&whoami, &aimed).await;
        assert!(reply.modal().is_none() && !reply.text().contains("luhova@"), "{aimed}: {}", reply.text());
        assert!(reply.text().contains("You may not do that"), "{aimed}: {}", reply.text());
    }
    assert_eq!(world.phones.mediatel.mutations(), []);
    assert!(preview.buttons().contains(&"Create zoriana.hnatiuk".to_owned()), "the preview stands as it was");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_button_is_over() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let preview = lead.types(CLONE).await;
    let create = preview.custom_ids().first().cloned().unwrap();
    let reply = lead.presses(&preview, "Cancel").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    Cancelled
    Nothing was changed.
    "#);
    let reply = lead.presses_id(&preview, &create).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    This button is over
    It was cancelled; nothing was changed. Type the command again if you want it.
    "#);
    assert_eq!(world.asked("POST"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_and_a_redelivery_create_one_agent() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let preview = lead.types(CLONE).await;
    lead.typed_again(&preview);
    let create = preview.custom_ids().first().cloned().unwrap();
    let [first, second] = lead.presses_twice(&preview, "Create zoriana.hnatiuk").await;
    preview.changes_until(|text| text.contains("exists on mediatel") && text.contains("went to")).await;
    world.log_says("created").await;
    lead.typed_again(&first);
    lead.typed_again(&second);
    let late = lead.presses_id(&preview, &create).await;
    insta::assert_snapshot!(world.heard(late.text()), @r#"
    This button was pressed already
    It is done once, however often it is pressed. The message it stood on tells what came of it.
    "#);
    world.passwords_are_read().await;
    assert!(preview.now().contains("exists on mediatel"), "what came of it still stands there: {}", preview.now());
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    assert_eq!(world.asked("POST"), 1);
    world.ends().await;
}
