//! Passwords whose time is over.

use rollcall_sandbox::DirectMessages;
use rollcall_sandbox::mediatel::{Fault, Moment, Options, Passwords, Times, Trouble};

use sqlx::Connection as _;

use crate::world::{Setup, VIRA, World, password_in};

fn soon(expires: &str) -> Setup {
    Setup::default().adding(format!("[passwords]\nexpires = \"{expires}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_opened_is_replaced_and_told() {
    let world = World::of_agents(&[VIRA], soon("3s")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let stored = || world.phones.mediatel.agent_by_login("zoriana.hnatiuk").unwrap().text("Password").unwrap();
    let first = stored();
    let message = keeper.next_direct_message().await;
    let receipt = lead.next_direct_message().await;
    let gone = message.changes_until(|text| !text.contains("[Reveal]")).await;
    let over = receipt.changes_until(|text| text.contains("Never opened")).await;
    let told = lead.next_direct_message().await;
    let line = world.log_says("never opened").await;
    let said = [gone.text(), over.text(), told.text(), line.text()].map(|text| world.heard(text));
    insta::assert_snapshot!(said.join("\n----\n"), @r#"
    The password of **zoriana.hnatiuk** on mediatel was not opened in time, so it was replaced and does not work any more. Ask @Olha Koval for a fresh one.
    ----
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    Never opened; expired at <time:t> and replaced by a password that nobody knows. `/agent reset-password` makes a fresh one.
    ----
    The password of zoriana.hnatiuk on mediatel was replaced
    Nobody opened it in time, so it was replaced by one that nobody knows.
    Next: `/agent reset-password` gives a fresh one to whoever needs it.
    ----
    ♻️ The password of **zoriana.hnatiuk** (`mediatel:901`) was never opened and was replaced.
    "#);
    assert_ne!(stored(), first, "a fresh one is set");
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_is_erased_and_goes_on_working() {
    let world = World::of_agents(&[VIRA], soon("4s")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    let reveal = message.custom_ids().remove(0);
    let password = world.reveals(&keeper, &message).await;
    let receipt = lead.next_direct_message().await;
    let gone = message.changes_until(|text| !text.contains("```")).await;
    let over = receipt.changes_until(|text| text.contains("Expired")).await;
    let late = keeper.presses_id(&message, &reveal).await;
    let said = [gone.text(), over.text(), late.text()].map(|text| world.heard(text));
    insta::assert_snapshot!(said.join("\n----\n"), @r#"
    The time to read the password of **zoriana.hnatiuk** on mediatel is over; my copy is erased. If you need it again, ask @Olha Koval for a fresh one.
    ----
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    Opened at <time:t>.
    Expired at <time:t>; my copy is erased.
    ----
    This password cannot be shown
    Its time is over. Ask for a fresh one: `/agent reset-password`.
    "#);
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_meanwhile_is_left_alone() {
    let world = World::of_agents(&[VIRA], soon("3s")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let mut changed = world.phones.mediatel.agent_by_login("zoriana.hnatiuk").unwrap();
    changed.set("Password", "0123456789abcdef");
    world.phones.mediatel.put_agent(&serde_json::to_string(&changed).unwrap()).unwrap();
    let message = keeper.next_direct_message().await;
    let receipt = lead.next_direct_message().await;
    let gone = message.changes_until(|text| !text.contains("[Reveal]")).await;
    let over = receipt.changes_until(|text| text.contains("Never opened")).await;
    let told = lead.next_direct_message().await;
    let line = world.log_says("never opened").await;
    let said = [gone.text(), over.text(), told.text(), line.text()].map(|text| world.heard(text));
    insta::assert_snapshot!(said.join("\n----\n"), @r#"
    The password of **zoriana.hnatiuk** on mediatel was not opened in time; my copy is erased. If you need one, ask @Olha Koval for a fresh one.
    ----
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    Never opened; expired at <time:t>. The phone system was left as it is; my copy is erased.
    ----
    The password of zoriana.hnatiuk on mediatel was not opened in time
    mediatel holds another one by now, so nothing was changed there. My copy is erased.
    ----
    ⌛ The password of **zoriana.hnatiuk** (`mediatel:901`) was never opened; mediatel was left as it is.
    "#);
    let stored = world.phones.mediatel.agent_by_login("zoriana.hnatiuk").unwrap();
    assert_eq!(stored.text("Password").as_deref(), Some("0123456789abcdef"));
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_a_message_is_deleted_when_its_time_is_over() {
    let setup = Setup::default().adding("[passwords]\nexpires = \"3s\"\ndelivery = \"message\"");
    let world = World::of_agents(&[VIRA], setup).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    let password = password_in(message.text());
    message.changes_until(str::is_empty).await;
    lead.next_direct_message().await.changes_until(|text| text.contains("Expired")).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_never_handed_over_is_replaced() {
    let world = World::of_agents(&[VIRA], soon("3s")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    keeper.sets_direct_messages(DirectMessages::Closed);
    let reply = world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let show = reply.changes_until(|text| text.contains("hand over")).await.custom_ids().remove(0);
    lead.next_direct_message().await.changes_until(|text| text.contains("Never opened")).await;
    let told = lead.next_direct_message().await;
    assert!(told.text().contains("was replaced"), "{}", told.text());
    world.log_says("never opened").await;
    let late = lead.presses_id(&reply, &show).await;
    assert!(late.text().contains("Its time is over"), "{}", late.text());
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_show_is_not_replaced_blindly() {
    let masked = Options { passwords: Passwords::Masked, ..Options::default() };
    let world = World::of_agents(&[VIRA], soon("3s").mediatel(masked)).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    world.lead_clones("zoriana.hnatiuk", &format!("recipient:{}", keeper.mention())).await;
    let message = keeper.next_direct_message().await;
    let receipt = lead.next_direct_message().await;
    message.changes_until(|text| !text.contains("[Reveal]")).await;
    receipt.changes_until(|text| text.contains("Never opened")).await;
    let told = lead.next_direct_message().await;
    insta::assert_snapshot!(world.heard(told.text()), @r#"
    The password of zoriana.hnatiuk on mediatel was not opened in time
    mediatel does not show whether it is still in use, so nothing was changed there. My copy is erased.
    Next: if nobody else set one, `/agent reset-password` makes the old one useless.
    "#);
    world.log_says("never opened").await;
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_kept_beyond_its_time_while_the_phone_system_is_silent() {
    let world = World::of_agents(&[VIRA], soon("4s")).await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    let twin = std::sync::Arc::clone(&world.phones.mediatel);
    world.phones.mediatel.on_request(std::sync::Arc::new(move |moment, seen| {
        if (moment, seen.method.as_str()) == (Moment::Before, "POST") {
            for method in ["POST", "GET"] {
                let trouble = Trouble::Status { status: 503, body: None, retry_after: None };
                let times = Times::Always;
                twin.fault(Fault { method: Some(method), path: "/v1/agents", moment, times, trouble });
            }
        }
        Box::pin(async {})
    }));
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let over = reply.changes_until(|text| text.contains("nobody can tell")).await;
    assert!(over.text().contains("look for zoriana.hnatiuk in mediatel"), "{}", over.text());
    world.log_says("nobody can tell").await;
    let mut store = world.store().await;
    let kept = sqlx::query("SELECT id FROM intents WHERE secret IS NOT NULL").fetch_all(&mut store).await;
    assert!(kept.expect("a list").is_empty(), "sealed passwords are left");
    store.close().await.expect("closed");
    world.phones.mediatel.mend();
    world.ends().await;
}
