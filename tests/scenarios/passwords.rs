//! Both encodings against every kind of server: what the person is told, and whether the password works.

use rollcall_sandbox::mediatel::{Fault, Moment, Options, Passwords, Times, Trouble};

use crate::world::{Setup, VIRA, World};

/// "No permissions", about an agent.
const REFUSED: &str = r#"{"error":{"code":403,"detail":103,"entity":1},"result":[]}"#;

const KINDS: [Passwords; 4] = [Passwords::AsSent, Passwords::Digests, Passwords::Masked, Passwords::Omitted];

/// What the reply says beyond the usual, and whether a login works, for each kind of server; after a clone, then after
/// a reset.
async fn told(encoding: &str) -> String {
    let mut lines = Vec::new();
    for passwords in KINDS {
        let setup = Setup::default().mediatel(Options { passwords, ..Options::default() });
        let world = World::of_agents(&[VIRA], setup.adding(format!("password_encoding = \"{encoding}\""))).await;
        let (lead, mediatel) = (world.sandbox.lead(), &world.phones.mediatel);

        let reply = world.lead_clones("zoriana.hnatiuk", "").await;
        let password = world.reveals(&lead, &lead.next_direct_message().await).await;
        assert!(password.len() >= 14, "{}", password.len());
        let works = mediatel.can_log_in("zoriana.hnatiuk", &password);
        lead.next_direct_message().await;
        lines.push(format!("{passwords:?}, clone, works: {works}: {}", remarks(&world.heard(&reply.now()))));

        let preview = lead.types("/agent reset-password agent:mediatel:901").await;
        let reply = lead.presses(&preview, "Reset the password of zoriana.hnatiuk").await;
        let reply = reply.changes_until(|text| text.contains("went to")).await;
        let fresh = world.reveals(&lead, &lead.next_direct_message().await).await;
        assert_ne!(password, fresh);
        let works = mediatel.can_log_in("zoriana.hnatiuk", &fresh);
        lead.next_direct_message().await;
        world.log_says("reset the password of **zoriana.hnatiuk**").await;
        lines.push(format!("{passwords:?}, reset, works: {works}: {}", remarks(&world.heard(reply.text()))));
        world.ends().await;
    }
    lines.join("\n")
}

fn remarks(text: &str) -> String {
    let remarks: Vec<&str> = text.lines().filter(|line| line.contains("⚠️")).collect();
    remarks.join(" / ")
}

#[tokio::test(flavor = "multi_thread")]
async fn digests_are_sent_to_every_kind_of_server() {
    insta::assert_snapshot!(told("md5-16").await, @r#"
    AsSent, clone, works: true: 
    AsSent, reset, works: true: 
    Digests, clone, works: true: ⚠️ mediatel hashes passwords by itself. I repaired this account; whoever installed me should set `password_encoding = "plain"` for mediatel.
    Digests, reset, works: true: ⚠️ mediatel hashes passwords by itself. I repaired this account; whoever installed me should set `password_encoding = "plain"` for mediatel.
    Masked, clone, works: true: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Masked, reset, works: true: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Omitted, clone, works: true: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Omitted, reset, works: true: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_passwords_are_sent_to_every_kind_of_server() {
    insta::assert_snapshot!(told("plain").await, @r#"
    AsSent, clone, works: false: ⚠️ mediatel stores the password exactly as I send it. If a login with it fails, whoever installed me should set `password_encoding = "md5-16"` for mediatel. Please try a login.
    AsSent, reset, works: false: ⚠️ mediatel stores the password exactly as I send it. If a login with it fails, whoever installed me should set `password_encoding = "md5-16"` for mediatel. Please try a login.
    Digests, clone, works: true: 
    Digests, reset, works: true: 
    Masked, clone, works: false: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Masked, reset, works: false: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Omitted, clone, works: false: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    Omitted, reset, works: false: ⚠️ mediatel does not show what it stored. Please try a login with the password.
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_repair_is_told_and_a_reset_helps() {
    let digests = Options { passwords: Passwords::Digests, ..Options::default() };
    let world = World::of_agents(&[VIRA], Setup::default().mediatel(digests)).await;
    let lead = world.sandbox.lead();
    let trouble = Trouble::Status { status: 403, body: Some(REFUSED.to_owned()), retry_after: None };
    let fault =
        Fault { method: Some("PUT"), path: "/v1/agents", moment: Moment::Before, times: Times::Next(1), trouble };
    world.phones.mediatel.fault(fault);
    let preview = lead.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let reply = reply.changes_until(|text| text.contains("exists on mediatel")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    zoriana.hnatiuk exists on mediatel
    Copied from vira.luhova, enabled, as `mediatel:901`.
    Read back: everything is as in vira.luhova, save what was replaced.
    ⚠️ mediatel hashes passwords by itself and refused the repair, so this account has no usable password. Whoever installed me should set `password_encoding = "plain"` for mediatel; then `/agent reset-password`.
    "#);
    world.log_says("created").await;
    for message in lead.direct_messages() {
        assert!(!message.text().contains("[Reveal]"), "a password that cannot work is offered: {}", message.text());
    }
    let preview = lead.types("/agent reset-password agent:mediatel:901").await;
    lead.presses(&preview, "Reset the password of zoriana.hnatiuk").await;
    let message = lead.next_direct_message().await;
    let password = world.reveals(&lead, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    world.log_says("reset the password").await;
    lead.next_direct_message().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_tells_the_recipient_and_the_requester() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let line = format!("/agent reset-password agent:vira.luhova recipient:{}", keeper.mention());
    let preview = lead.types(&line).await;
    insta::assert_snapshot!(world.heard(preview.text()), @r#"
    Give vira.luhova on mediatel a fresh password?
    The old one stops working at once. The fresh one goes to @Ivan Ivanov by direct message.
    This button works until <time:t>.
    [Reset the password of vira.luhova] [Cancel]
    "#);
    let reply = lead.presses(&preview, "Reset the password of vira.luhova").await;
    let reply = reply.changes_until(|text| text.contains("went to")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    vira.luhova on mediatel has a fresh password
    The old one no longer works.
    Its password went to @Ivan Ivanov by direct message and can be read until <time:f>. You get a receipt.
    "#);
    let body: serde_json::Value = serde_json::from_str(&world.last_body("PUT")).unwrap();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["Password"], "only the password is sent");
    let message = keeper.next_direct_message().await;
    let password = world.reveals(&keeper, &message).await;
    assert!(world.phones.mediatel.can_log_in("vira.luhova", &password));
    lead.next_direct_message().await.changes_until(|text| text.contains("Opened")).await;
    let line = world.log_says("reset the password").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval reset the password of **vira.luhova** (`mediatel:900`); it goes to @Ivan Ivanov.");
    world.ends().await;
}
