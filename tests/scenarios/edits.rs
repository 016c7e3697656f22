//! Edits: by options, by form, and what is refused.

use crate::world::{Setup, VIRA, World};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_sent_and_can_be_undone() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let line = "/agent edit agent:vira.luhova domain:MCC default-skill:7 personal-numbers:945, 946 supervisor:3";
    let preview = lead.types(line).await;
    insta::assert_snapshot!(world.heard(preview.text()), @r#"
    Change vira.luhova on mediatel?
    Only this is sent. This button works until <time:t>.
    Before → after: Supervisor (id, -1: none): 2 → **3**
    Domain: CALL → **MCC**
    Personal numbers: 945 → **945, 946**
    [Change vira.luhova] [Cancel]
    "#);
    let reply = lead.presses(&preview, "Change vira.luhova").await;
    let reply = reply.changes_until(|text| text.contains("was changed")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    vira.luhova on mediatel was changed
    Undo works until <time:t>.
    Before → after: Domain: CALL → **MCC**
    Personal numbers: 945 → **945, 946**
    Supervisor: 2 → **3**
    [Undo the change of vira.luhova]
    "#);
    insta::assert_snapshot!(world.last_body("PUT"), @r#"{"SupervisorID":3,"Domain":"MCC","PersNumbers":["945","946"]}"#);
    let line = world.log_says("changed **vira.luhova**").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval changed **vira.luhova** (`mediatel:900`): Domain: CALL → **MCC**; Personal numbers: 945 → **945, 946**; Supervisor: 2 → **3**");
    let undone = lead.presses(&reply, "Undo the change of vira.luhova").await;
    undone.changes_until(|text| text.contains("was changed")).await;
    world.log_says("changed").await;
    assert_eq!(serde_json::to_string(&world.phones.mediatel.agent(900).unwrap()).unwrap(), VIRA);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_changes_client_settings_and_keeps_what_it_does_not_know() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let menu = lead.types("/agent edit agent:vira.luhova").await;
    insta::assert_snapshot!(world.heard(menu.text()), @r#"
    Change what of vira.luhova on mediatel?
    Pick a group; a form opens with the values I know. You see before and after before anything is sent.
    ▾ Which fields?
      • Account (Login, E-mail or name, Supervisor (id, -1: none), Domain, Personal numbers)
      • Rights and skill (Rights, Rights as supervisor, Default skill)
      • Auto-answer (Predictive calls, Inbound calls, Manual calls, Other calls, Answer after)
      • What the client shows (Call centre tree, Full call centre tree, Valid CB list, Pause pop-up)
      • Calls and reminders (Time warning, Time for dialling out, Clerical reminder, Reset the voice channel, Ring file (id, -1:…)
      • Start page and clipboard (Start page, Number into the clipboard)
    "#);
    let form = lead.selects(&menu, &["Auto-answer"]).await;
    insta::assert_snapshot!(form.text(), @r#"
    Change vira.luhova
    Predictive calls: yes
    Inbound calls: yes
    Manual calls: no
    Other calls: no
    Answer after: 2200
    "#);
    let unchanged = lead.submits(&form, &[]).await;
    assert!(unchanged.text().contains("Nothing to change"), "{}", unchanged.text());
    let wrong = lead.submits(&form, &[("Answer after", "soon")]).await;
    insta::assert_snapshot!(world.heard(wrong.text()), @r#"
    That value does not go there
    Answer after is a whole number from 0 to 3600000.
    Nothing was changed.
    "#);
    let preview = lead.submits(&form, &[("Manual calls", "yes"), ("Answer after", "1500")]).await;
    insta::assert_snapshot!(world.heard(preview.text()), @r#"
    Change vira.luhova on mediatel?
    Only this is sent. This button works until <time:t>.
    Before → after: Manual calls: no → **yes**
    Answer after: 2200 → **1500**
    [Change vira.luhova] [Cancel]
    "#);
    let reply = lead.presses(&preview, "Change vira.luhova").await;
    reply.changes_until(|text| text.contains("was changed")).await;
    world.log_says("changed").await;
    let at = VIRA.find(r#""ClientApp":"#).unwrap();
    let client = VIRA[at..].split(r#","Serial""#).next().unwrap();
    let changed = client.replace(r#""Time":2200"#, r#""Time":1500"#).replace(r#""Manual":0"#, r#""Manual":1"#);
    assert_eq!(world.last_body("PUT"), format!("{{{changed}}}"), "whole, with members that nobody knows");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_group_of_fields_opens_a_form() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let menu = lead.types("/agent edit agent:vira.luhova").await;
    let mut labels = Vec::new();
    for group in menu.options() {
        let form = lead.selects(&menu, &[&group]).await;
        let fields = form.modal().unwrap().fields();
        labels.extend(fields.into_iter().map(|field| format!("{group}: {} = {}", field.label, field.value)));
    }
    insta::assert_snapshot!(labels.join("\n"), @r#"
    Account: Login = vira.luhova
    Account: E-mail or name = vira.luhova@example.com
    Account: Supervisor (id, -1: none) = 2
    Account: Domain = CALL
    Account: Personal numbers = 945
    Rights and skill: Rights = 0
    Rights and skill: Rights as supervisor = 0
    Rights and skill: Default skill = 7
    Auto-answer: Predictive calls = yes
    Auto-answer: Inbound calls = yes
    Auto-answer: Manual calls = no
    Auto-answer: Other calls = no
    Auto-answer: Answer after = 2200
    What the client shows: Call centre tree = yes
    What the client shows: Full call centre tree = yes
    What the client shows: Valid CB list = no
    What the client shows: Pause pop-up = yes
    Calls and reminders: Time warning = yes
    Calls and reminders: Time for dialling out = 15
    Calls and reminders: Clerical reminder = 20
    Calls and reminders: Reset the voice channel = yes
    Calls and reminders: Ring file (id, -1: none) = -1
    Start page and clipboard: Start page = https://crm.example.com/
    Start page and clipboard: Number into the clipboard = yes
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_login_and_nothing_to_change_are_refused() {
    let other = VIRA.replace("900", "901").replace("vira.luhova", "zoriana.hnatiuk");
    let world = World::of_agents(&[VIRA, &other], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent edit agent:vira.luhova login:zoriana.hnatiuk").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That login is taken
    “zoriana.hnatiuk” belongs to `mediatel:901` already.
    Free and fitting: `zoriana.hnatiuk2` or `hnatiuk.zoriana`.
    Nothing was changed.
    "#);
    let reply = lead.types("/agent edit agent:vira.luhova domain:CALL default-skill:7").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    Nothing to do
    vira.luhova is already as you want it. Nothing was changed.
    "#);
    assert_eq!(world.asked("PUT"), 0);

    // What changed between preview and press is not overwritten.
    let preview = lead.types("/agent edit agent:vira.luhova domain:MCC").await;
    let mut changed = world.phones.mediatel.agent(900).unwrap();
    changed.set("Domain", "NEW");
    world.phones.mediatel.put_agent(&serde_json::to_string(&changed).unwrap()).unwrap();
    let refused = lead.presses(&preview, "Change vira.luhova").await;
    let refused = refused.changes_until(|text| !text.contains("On it")).await;
    insta::assert_snapshot!(world.heard(refused.text()), @r#"
    The record changed meanwhile
    vira.luhova is not as it was shown to you any more; what changed: Domain.
    Nothing was changed. Type the command again to see it as it is now.
    "#);
    assert_eq!(world.asked("PUT"), 0);
    world.ends().await;
}
