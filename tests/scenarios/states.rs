//! Disable, enable, and back again.

use crate::world::{Setup, VIRA, World};

#[tokio::test(flavor = "multi_thread")]
async fn disabled_with_a_reason_and_undone() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:vira.luhova reason:left on *Friday*").await;
    let reply = reply.changes_until(|text| text.contains("is disabled")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    vira.luhova on mediatel is disabled
    Reason: left on *Friday*
    Undo works until <time:t>.
    [Undo: enable vira.luhova]
    "#);
    assert_eq!(world.last_body("PUT"), r#"{"State":0}"#);
    let line = world.log_says("disabled **vira.luhova**").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval disabled **vira.luhova** (`mediatel:900`). Reason: “left on *Friday*”.");

    let undo = reply.custom_ids().remove(0);
    let undone = lead.presses(&reply, "Undo: enable vira.luhova").await;
    undone.changes_until(|text| text.contains("is enabled")).await;
    assert_eq!(world.last_body("PUT"), r#"{"State":1}"#);
    world.log_says("enabled **vira.luhova**").await;
    let again = lead.presses_id(&reply, &undo).await;
    insta::assert_snapshot!(world.heard(again.text()), @r#"
    This button was pressed already
    It is done once, however often it is pressed. The message it stood on tells what came of it.
    "#);
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_of_what_changed_since_is_refused() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:mediatel:900").await;
    let reply = reply.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    let mut changed = world.phones.mediatel.agent(900).unwrap();
    changed.set("DefaultSkill", &3);
    world.phones.mediatel.put_agent(&serde_json::to_string(&changed).unwrap()).unwrap();
    let refused = lead.presses(&reply, "Undo: enable vira.luhova").await;
    let refused = refused.changes_until(|text| !text.contains("On it")).await;
    insta::assert_snapshot!(world.heard(refused.text()), @r#"
    The record changed meanwhile
    vira.luhova is not as it was shown to you any more.
    Nothing was changed. Type the command again to see it as it is now.
    "#);
    assert_eq!(world.asked("PUT"), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_so_already_is_not_done_again() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent enable agent:vira.luhova").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    Nothing to do
    vira.luhova is already enabled. Nothing was changed.
    "#);
    assert_eq!(world.asked("PUT"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redelivered_disable_and_a_double_undo_happen_once() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:mediatel:900").await;
    lead.typed_again(&reply);
    reply.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    lead.typed_again(&reply);
    lead.presses_twice(&reply, "Undo: enable vira.luhova").await;
    reply.changes_until(|text| text.contains("is enabled")).await;
    world.log_says("enabled").await;
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cards_buttons_act_on_its_agent() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let card = lead.types("/agent show agent:vira.luhova").await;
    let reply = lead.presses(&card, "Disable vira.luhova").await;
    reply.changes_until(|text| text.contains("vira.luhova on mediatel is disabled")).await;
    world.log_says("disabled").await;
    let card = lead.types("/agent show agent:vira.luhova").await;
    let reply = lead.presses(&card, "Enable vira.luhova").await;
    reply.changes_until(|text| text.contains("vira.luhova on mediatel is enabled")).await;
    world.log_says("enabled").await;
    let menu = lead.presses(&card, "Edit vira.luhova").await;
    assert!(menu.options().contains(&"Auto-answer".to_owned()), "{}", menu.text());
    let preview = lead.presses(&card, "Reset the password of vira.luhova").await;
    lead.presses(&preview, "Cancel").await;
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}
