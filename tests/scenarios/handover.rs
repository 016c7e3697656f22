//! The password's way to its recipient.

use rollcall_sandbox::DirectMessages;

use crate::world::{Setup, VIRA, World, password_in};

const CLONE: &str = "/agent clone source:mediatel:900 login:zoriana.hnatiuk";

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_opens_it_twice_and_confirms() {
    let world = World::of_agents(&[VIRA], Setup::default().adding("[passwords]\nshown = \"2s\"")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    let mut states = vec![world.heard(message.text())];
    let receipt = lead.next_direct_message().await;
    let mut receipts = vec![world.heard(receipt.text())];

    keeper.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    let password = password_in(shown.text());
    states.push(world.heard(shown.text()));
    let opened = receipt.changes_until(|text| text.contains("Opened")).await;
    receipts.push(world.heard(opened.text()));

    let hidden = message.changes_until(|text| !text.contains("```")).await;
    states.push(world.heard(hidden.text()));
    keeper.presses(&message, "Reveal").await;
    let again = message.changes_until(|text| text.contains("```")).await;
    assert_eq!(password_in(again.text()), password);

    // The requester cannot read what is for somebody else, nor say that it was received.
    for button in again.custom_ids() {
        let refused = lead.presses_id(&receipt, &button).await;
        assert!(refused.text().contains("This password cannot be shown"), "{}", refused.text());
    }
    keeper.presses(&again, "I have it").await;
    let over = message.changes_until(|text| text.contains("You have")).await;
    states.push(world.heard(over.text()));
    let confirmed = receipt.changes_until(|text| text.contains("Confirmed")).await;
    receipts.push(world.heard(confirmed.text()));
    insta::assert_snapshot!(states.join("\n----\n"), @r#"
    @Olha Koval asked for **zoriana.hnatiuk** on mediatel; its password is for you. Press Reveal when nobody looks over your shoulder. It can be read until <time:f>.
    [Reveal]
    ----
    The password of **zoriana.hnatiuk** on mediatel. It hides again <time:R>.
    ||``` (the password) ```||
    [I have it]
    ----
    @Olha Koval asked for **zoriana.hnatiuk** on mediatel; its password is for you. Opened at <time:t>. If that was not you, tell @Olha Koval. It can be read until <time:f>.
    [Reveal] [I have it]
    ----
    You have the password of **zoriana.hnatiuk** on mediatel. My copy is erased; nobody can read it here any more.
    "#);
    insta::assert_snapshot!(receipts.join("\n----\n"), @r#"
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    It can be read until <time:f>.
    ----
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    Opened at <time:t>.
    It can be read until <time:f>.
    ----
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    Opened at <time:t>, 2 times by now.
    Confirmed at <time:t>; my copy is erased.
    "#);
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_recipient_is_refused_before_anything_is_created() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let gone = world.sandbox.keeper();
    gone.leaves();
    world.sandbox.expects(10_007);
    let reply = lead.types(&format!("{CLONE} recipient:{}", gone.mention())).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    The recipient is not here
    @Ivan Ivanov is not a member of this server. Name one who is.
    Nothing was changed.
    "#);
    assert!(reply.buttons().is_empty());
    let bot = world.sandbox.add_bot("Music box");
    let reply = lead.types(&format!("{CLONE} recipient:<@{bot}>")).await;
    insta::assert_snapshot!(world.heard(reply.text()).replace(&bot.to_string(), "Music box"), @r#"
    A bot cannot receive a password
    <@Music box> is a bot. Name a person of this server as recipient.
    Nothing was changed.
    "#);
    let reply = lead.types(&format!("/agent reset-password agent:mediatel:900 recipient:<@{bot}>")).await;
    assert!(reply.text().contains("A bot cannot receive a password"), "{}", reply.text());
    assert_eq!(world.phones.mediatel.mutations(), []);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn delivered_as_a_message_it_is_deleted_once_received() {
    let world = World::of_agents(&[VIRA], Setup::default().adding("[passwords]\ndelivery = \"message\"")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    insta::assert_snapshot!(world.heard(message.text()), @r#"
    The password of **zoriana.hnatiuk** on mediatel. This message is deleted <time:R>.
    ||``` (the password) ```||
    [I have it]
    "#);
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password_in(message.text())));
    keeper.presses(&message, "I have it").await;
    message.changes_until(str::is_empty).await;
    assert!(message.is_deleted());
    lead.next_direct_message().await.changes_until(|text| text.contains("Confirmed")).await;
    world.ends().await;
}

/// The recipient's direct messages are closed in this way: the requester hands the password over.
async fn handed_over(closed: DirectMessages) {
    let world = World::of_agents(&[VIRA], Setup::default().adding("[passwords]\nshown = \"2s\"")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    keeper.sets_direct_messages(closed);
    let reply = world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let reply = reply.changes_until(|text| text.contains("hand over")).await;
    let receipt = lead.next_direct_message().await;
    let button = "Show the password of zoriana.hnatiuk";
    let stolen = world.sandbox.trainee().presses(&reply, button).await;
    assert!(stolen.text().contains("This password cannot be shown"), "{}", stolen.text());

    let shown = lead.presses(&reply, button).await;
    assert!(shown.is_ephemeral());
    let password = password_in(shown.text());
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    let hidden = shown.changes_until(|text| !text.contains("```")).await;
    if closed == DirectMessages::Closed {
        let said = [reply.text(), shown.text(), hidden.text(), &receipt.now()].map(|text| world.heard(text));
        insta::assert_snapshot!(said.join("\n----\n"), @r#"
        zoriana.hnatiuk exists on mediatel
        Copied from vira.luhova, enabled, as `mediatel:901`.
        Read back: everything is as in vira.luhova, save what was replaced.
        @Ivan Ivanov takes no direct messages from me, so the password is yours to hand over: press the button. It can be read until <time:f>, from `/whoami` too.
        [Show the password of zoriana.hnatiuk]
        ----
        The password of **zoriana.hnatiuk** on mediatel, to be handed to @Ivan Ivanov. It hides again <time:R>.
        ||``` (the password) ```||
        [I have it]
        ----
        The password of **zoriana.hnatiuk** on mediatel is hidden again. It can be read until <time:f>.
        [Show the password of zoriana.hnatiuk]
        ----
        Receipt: the password of zoriana.hnatiuk on mediatel
        @Ivan Ivanov takes no direct messages from me: it is yours to hand over, with the button in my reply or in `/whoami`.
        Opened at <time:t>.
        It can be read until <time:f>.
        "#);
    }

    let whoami = lead.types("/whoami").await;
    assert!(whoami.text().contains("yours to hand over"), "{}", whoami.text());
    let again = lead.presses(&whoami, button).await;
    assert_eq!(password_in(again.text()), password);
    lead.presses(&again, "I have it").await;
    again.changes_until(|text| !text.contains("```")).await;
    receipt.changes_until(|text| text.contains("Confirmed")).await;
    let late = lead.presses(&whoami, button).await;
    assert!(late.text().contains("This password cannot be shown"), "{}", late.text());
    assert!(keeper.direct_messages().is_empty());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_direct_messages_make_the_requester_hand_it_over() {
    handed_over(DirectMessages::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_common_server_the_requester_hands_it_over() {
    handed_over(DirectMessages::NoMutualGuild).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_conversations_at_once_only_delay_it() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    keeper.sets_direct_messages(DirectMessages::TooFast);
    let reply = world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let waiting = reply.changes_until(|text| text.contains("on its way")).await;
    insta::assert_snapshot!(world.heard(waiting.text()).lines().last().unwrap_or_default(), @"Its password is on its way to @Ivan Ivanov; this message changes when it is there.");
    keeper.sets_direct_messages(DirectMessages::Open);
    let message = keeper.next_direct_message().await;
    let password = world.reveals(&keeper, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    reply.changes_until(|text| text.contains("went to")).await;
    lead.next_direct_message().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requester_without_direct_messages_finds_everything_in_whoami() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    lead.sets_direct_messages(DirectMessages::Closed);
    let reply = world.lead_clones("zoriana.hnatiuk", "").await;
    reply.changes_until(|text| text.contains("[Show the password of zoriana.hnatiuk]")).await;
    let whoami = lead.types("/whoami").await;
    insta::assert_snapshot!(world.heard(whoami.text()), @r#"
    Who you are here
    You are @Olha Koval.
    You may: Through @Support lead: `agent.read`, `agent.clone`, `agent.edit`, `agent.disable`, `agent.reset-password`, `agent.restore`, `presence.write`, `presence.read`, `extension.read`, `extension.write`, `doctor`
    Through @Support lead, once a second person agrees: `agent.delete`, `extension.delete`
    You may not: No role here has: `agent.create`, `queue.read`, `queue.write`, `event.read`, `event.write`, `user.read`, `user.write`, `user.delete`, `user.check-password`, `callback.read`, `callback.write`, `callback.delete`, `meeting-room.read`, `meeting-room.write`, `meeting-room.delete`, `approvals.read`, `audit.read`
    The phone systems take me for: erix-br: it has no way to tell
    mediatel: root (rights 4, as supervisor 4)
    voicenter: it has no way to tell
    Passwords: **zoriana.hnatiuk** on mediatel: you take no direct messages, so it waits here, until <time:f>
    [Show the password of zoriana.hnatiuk]
    "#);
    let shown = lead.presses(&whoami, "Show the password of zoriana.hnatiuk").await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password_in(shown.text())));
    lead.presses(&shown, "I have it").await;
    assert!(lead.direct_messages().is_empty());

    // For somebody who can be reached, the receipt stands in `/whoami`.
    let keeper = world.sandbox.keeper();
    world.lead_clones("zoriana.hnatiuk2", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    let opened = world.reveals(&keeper, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk2", &opened));
    let whoami = lead.types("/whoami").await;
    let line = whoami.text().lines().find(|line| line.contains("hnatiuk2")).unwrap_or_default().to_owned();
    insta::assert_snapshot!(world.heard(&line), @"Passwords: **zoriana.hnatiuk2** on mediatel for @Ivan Ivanov: delivered, opened at <time:t>, until <time:f>");
    world.ends().await;
}
