//! A support lead clones an agent.

use rollcall_sandbox::mediatel::Moment;

use crate::world::{Setup, VIRA, World};

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

/// The source's own JSON with the four members that a clone replaces.
fn replaced(source: &str, login: &str, details: &str, password: &str) -> String {
    source
        // As in the documented body, the password stands first; everything else keeps its place.
        .replace(r#""Password":"c4ca4238a0b92382","#, "")
        .replacen('{', &format!(r#"{{"Password":"{password}","#), 1)
        .replace(r#""ID":900"#, r#""ID":-1"#)
        .replace(r#""Login":"vira.luhova""#, &format!(r#""Login":"{login}""#))
        .replace(r#""Details":"vira.luhova@example.com""#, &format!(r#""Details":"{details}""#))
}

fn member(body: &str, name: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body[name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_travels_as_it_came_save_what_is_replaced() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:vira.luhova login:zoriana.hnatiuk").await;
    insta::assert_snapshot!(world.heard(preview.text()), @r#"
    Create zoriana.hnatiuk on mediatel as a copy of vira.luhova?
    ⚠️ The personal numbers of vira.luhova go with it: 945. Numbers belong to a person; check them.
    ⚠️ No document says what this means, so it is copied as it is: x-Crm, QueueIDs, ClientApp.Theme, ClientApp.AutoAnswer.x-Ramp and Serial. Check it in the phone system.
    What is not under “Replaced” is copied from vira.luhova as it is. This button works until <time:t>.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Olha Koval
    ID: given by mediatel
    State: enabled
    From vira.luhova: Account: Supervisor: 2
    Domain: CALL
    Personal numbers: 945
    From vira.luhova: Rights and skill: Rights: 0
    Rights as supervisor: 0
    Default skill: 7
    From vira.luhova: Auto-answer: Predictive calls: yes
    Inbound calls: yes
    Manual calls: no
    Other calls: no
    Answer after: 2200
    From vira.luhova: What the client shows: Call centre tree: yes
    Full call centre tree: yes
    Valid CB list: no
    Pause pop-up: yes
    From vira.luhova: Calls and reminders: Time warning: yes
    Time for dialling out: 15
    Clerical reminder: 20
    Reset the voice channel: yes
    Ring file: none
    From vira.luhova: Start page and clipboard: Start page: https://crm.example.com/
    Number into the clipboard: yes
    From vira.luhova: Not in the documents: x-Crm: 42 bytes
    QueueIDs: 7 bytes
    ClientApp.Theme: 6 bytes
    ClientApp.AutoAnswer.x-Ramp: 4 bytes
    Serial: 23 bytes
    [Create zoriana.hnatiuk] [Cancel]
    "#);
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let told = reply.changes_until(|text| text.contains("went to")).await;
    insta::assert_snapshot!(world.heard(told.text()), @r#"
    zoriana.hnatiuk exists on mediatel
    Copied from vira.luhova, enabled, as `mediatel:901`.
    Read back: everything is as in vira.luhova, save what was replaced.
    Its password went to @Olha Koval by direct message and can be read until <time:f>. You get a receipt.
    "#);

    let sent = world.last_body("POST");
    let password = member(&sent, "Password");
    assert_ne!(password, "c4ca4238a0b92382");
    assert_eq!(sent, replaced(VIRA, "zoriana.hnatiuk", "zoriana.hnatiuk@example.com", &password));

    let message = lead.next_direct_message().await;
    let plain = world.reveals(&lead, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &plain));
    let receipt = lead.next_direct_message().await;
    receipt.changes_until(|text| text.contains("Opened")).await;
    let line = world.log_says("created **zoriana.hnatiuk**").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval created **zoriana.hnatiuk** (`mediatel:901`) as a copy of vira.luhova; password to @Olha Koval.");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_source_is_pointed_out_and_its_copy_is_enabled() {
    let disabled = VIRA.replace(r#""State":1"#, r#""State":0"#).replace(r#""RightID":0,"#, r#""RightID":3,"#);
    let world = World::of_agents(&[&disabled], Setup::default().adding("personal_numbers = \"clear\"")).await;
    let preview = world.sandbox.lead().types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    let warnings: Vec<&str> = preview.text().lines().filter(|line| line.contains("⚠️")).collect();
    insta::assert_snapshot!(world.heard(&warnings.join("\n")), @r#"
    ⚠️ vira.luhova is disabled; zoriana.hnatiuk will be enabled.
    ⚠️ vira.luhova has higher rights than usual (rights 3, as supervisor 0; usual is up to 0). zoriana.hnatiuk will have them too.
    ⚠️ The personal numbers of vira.luhova (945) are left out.
    ⚠️ No document says what this means, so it is copied as it is: x-Crm, QueueIDs, ClientApp.Theme, ClientApp.AutoAnswer.x-Ramp and Serial. Check it in the phone system.
    "#);
    assert!(preview.text().contains("Personal numbers: none"), "{}", preview.text());
    world.lead_clones("zoriana.hnatiuk", "").await;
    let sent = world.last_body("POST");
    assert!(sent.contains(r#""State":1"#) && sent.contains(r#""PersNumbers":[]"#), "{sent}");
    let made = world.phones.mediatel.agent_by_login("zoriana.hnatiuk").unwrap();
    assert_eq!(made.number("State"), Some(1));
    assert_eq!(world.phones.mediatel.agent(900).unwrap().number("State"), Some(0), "the source is left alone");
    world.passwords_are_read().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn details_are_made_by_their_template_and_an_email_can_be_named() {
    let setup = Setup::default().adding(r#"details = "{name} <{email}>""#);
    let world = World::of_agents(&[VIRA], setup).await;
    let lead = world.sandbox.lead();
    let refused = lead.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    insta::assert_snapshot!(world.heard(refused.text()), @r#"
    That value does not go there
    This connection's details need the option “name:”. Type the command again with it.
    Nothing was changed.
    "#);
    let refused = lead.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk name:Z email:nowhere").await;
    insta::assert_snapshot!(world.heard(refused.text()), @r#"
    That value does not go there
    “nowhere” is not an e-mail address: it needs one @ and no spaces.
    Nothing was changed.
    "#);
    assert_eq!(world.asked("POST"), 0);
    world.lead_clones("zoriana.hnatiuk", "name:\"Зоряна {email}\" email:zo@other.example").await;
    assert_eq!(member(&world.last_body("POST"), "Details"), "Зоряна {email} <zo@other.example>");
    world.passwords_are_read().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_made_different_is_shown() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    // The server has a mind of its own: right after creating, the skill and the login are others.
    let twin = std::sync::Arc::downgrade(&world.phones.mediatel);
    world.phones.mediatel.on_request(std::sync::Arc::new(move |moment, seen| {
        if let Some(twin) = twin.upgrade()
            && (moment, seen.method.as_str()) == (Moment::After, "POST")
            && let Some(mut made) = twin.agent_by_login("zoriana.hnatiuk")
        {
            made.set("DefaultSkill", &5);
            made.set("Login", "zoriana.hnatiuk9");
            twin.put_agent(&serde_json::to_string(&made).unwrap()).unwrap();
        }
        Box::pin(async {})
    }));
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let told = reply.changes_until(|text| text.contains("went to")).await;
    insta::assert_snapshot!(world.heard(told.text()), @r#"
    zoriana.hnatiuk9 exists on mediatel
    Copied from vira.luhova, enabled, as `mediatel:901`.
    ⚠️ mediatel named it zoriana.hnatiuk9, not zoriana.hnatiuk as asked.
    Its password went to @Olha Koval by direct message and can be read until <time:f>. You get a receipt.
    ⚠️ Not as asked (asked → made); check it: Default skill: 7 → **5**
    Login: zoriana.hnatiuk → **zoriana.hnatiuk9**
    "#);
    world.log_says("created **zoriana.hnatiuk9**").await;
    let message = lead.next_direct_message().await;
    assert!(message.text().contains("zoriana.hnatiuk9"), "{}", message.text());
    let password = world.reveals(&lead, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk9", &password));
    lead.next_direct_message().await.changes_until(|text| text.contains("Opened")).await;
    world.ends().await;
}
