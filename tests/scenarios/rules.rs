//! Who may, and who may not.

use crate::world::{Setup, VIRA, World};

/// The same phone system once more under the name "second"; the lead's role works on that one only.
fn limited(settings: &str) -> String {
    // Mediatel's is the last one.
    let at = settings.rfind("[[connection]]").unwrap();
    let second = settings[at..].replace("name = \"mediatel\"", "name = \"second\"");
    let settings = settings.replace("may = [\"agent.read\", ", "connections = [\"second\"]\nmay = [\"agent.read\", ");
    format!("{settings}\n{second}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainee_is_told_which_roles_could() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let trainee = world.sandbox.trainee();
    let reply = trainee.types("/agent clone source:mediatel:900 login:zoriana.hnatiuk").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    You may not do that
    It needs the permission `agent.clone`.
    People with @Support lead could do it.
    "#);
    for line in [
        "/agent search query:vira",
        "/agent show agent:mediatel:900",
        "/agent show agent:vira.luhov",
        "/agent disable agent:mediatel:900",
        "/agent enable agent:vira.luhova",
        "/agent edit agent:mediatel:900",
        "/agent edit agent:mediatel:900 domain:X",
        "/agent reset-password agent:mediatel:900",
        "/doctor",
    ] {
        let reply = trainee.types(line).await;
        assert!(reply.is_ephemeral(), "{line}");
        let said = world.heard(reply.text());
        assert!(said.contains("You may not do that") && said.contains("@Support lead"), "{line}: {said}");
        assert!(!said.contains("luhova@"), "{line} tells what it should not: {said}");
    }
    let reply = trainee.types("/whoami").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    Who you are here
    You are @Petro Melnyk.
    You may do nothing here yet, but ask `/whoami`.
    You may not: @Support lead could: `agent.read`, `agent.clone`, `agent.edit`, `agent.disable`, `agent.reset-password`, `agent.delete`, `agent.restore`, `presence.write`, `presence.read`, `extension.read`, `extension.write`, `extension.delete`, `doctor`
    No role here has: `agent.create`, `queue.read`, `queue.write`, `event.read`, `event.write`, `user.read`, `user.write`, `user.delete`, `user.check-password`, `callback.read`, `callback.write`, `callback.delete`, `meeting-room.read`, `meeting-room.write`, `meeting-room.delete`, `approvals.read`, `audit.read`
    The phone systems take me for: erix-br: it has no way to tell
    mediatel: root (rights 4, as supervisor 4)
    voicenter: it has no way to tell
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_on_its_own_connections_only() {
    let world = World::of_agents(&[VIRA], Setup::default().rewriting(|settings| limited(&settings))).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:mediatel:900").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    You may not do that
    It needs the permission `agent.disable` on mediatel.
    No role has it on mediatel. Whoever installed the bot can give `agent.disable` to a role.
    "#);
    let reply = lead.types("/agent search query:vira connection:mediatel").await;
    assert!(!reply.text().contains("vira.luhova@"), "{}", reply.text());
    // What is unique among the connections that count for them needs no connection's name.
    let reply = lead.types("/agent disable agent:vira.luhova").await;
    reply.changes_until(|text| text.contains("vira.luhova on second is disabled")).await;
    world.log_says("disabled **vira.luhova**").await;
    let offers = lead.completes("/agent enable agent:vira").await;
    assert_eq!(offers.iter().map(|offer| offer.value.as_str()).collect::<Vec<_>>(), ["second:900"]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_two_phone_systems_must_be_picked() {
    let both = |settings: String| limited(&settings).replace("connections = [\"second\"]\n", "");
    let world = World::of_agents(&[VIRA], Setup::default().rewriting(both)).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:vira.luhova").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That is not one agent
    2 agents are called “vira.luhova”.
    Pick the one you mean:
    [Disable vira.luhova (mediatel)] [Disable vira.luhova (second)]
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    let done = lead.presses(&reply, "Disable vira.luhova (second)").await;
    done.changes_until(|text| text.contains("vira.luhova on second is disabled")).await;
    world.log_says("`second:900`").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_second_person_is_previewed_saying_so() {
    let setup =
        Setup::default().setting("[approvals]", "[approvals]\nrequire = [\"agent.clone\"]\nrequire_above_rights = 2");
    let senior = VIRA.replace("900", "910").replace("vira.", "senior.").replace(r#""RightID":0"#, r#""RightID":3"#);
    let world = World::of_agents(&[VIRA, &senior], setup).await;
    let lead = world.sandbox.lead();
    let mut said = Vec::new();
    for line in [
        "/agent clone source:mediatel:900 login:zoriana.hnatiuk",
        "/agent reset-password agent:senior.luhova",
        "/agent edit agent:senior.luhova domain:X",
        "/agent edit agent:vira.luhova rights:3",
    ] {
        said.push(format!("{line}\n{}", world.heard(lead.types(line).await.text())));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    /agent clone source:mediatel:900 login:zoriana.hnatiuk
    Create zoriana.hnatiuk on mediatel as a copy of vira.luhova?
    ⚠️ The personal numbers of vira.luhova go with it: 945. Numbers belong to a person; check them.
    ⚠️ No document says what this means, so it is copied as it is: x-Crm, QueueIDs, ClientApp.Theme, ClientApp.AutoAnswer.x-Ramp and Serial. Check it in the phone system.
    What is not under “Replaced” is copied from vira.luhova as it is. This button works until <time:t>.
    👥 Here `agent.clone` takes a second person: the button asks the approvers.
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
    [Ask to create zoriana.hnatiuk] [Cancel]
    /agent reset-password agent:senior.luhova
    Give senior.luhova on mediatel a fresh password?
    The old one stops working at once. The fresh one goes to @Olha Koval by direct message.
    This button works until <time:t>.
    👥 It touches rights of level 3; above 2 a second person has to agree: the button asks the approvers.
    [Ask to reset the password of senior.luhova] [Cancel]
    /agent edit agent:senior.luhova domain:X
    Change senior.luhova on mediatel?
    Only this is sent. This button works until <time:t>.
    👥 It touches rights of level 3; above 2 a second person has to agree: the button asks the approvers.
    Before → after: Domain: CALL → **X**
    [Ask to change senior.luhova] [Cancel]
    /agent edit agent:vira.luhova rights:3
    Change vira.luhova on mediatel?
    Only this is sent. This button works until <time:t>.
    👥 It touches rights of level 3; above 2 a second person has to agree: the button asks the approvers.
    Before → after: Rights: 0 → **3**
    [Ask to change vira.luhova] [Cancel]
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    // To disable takes rights away, so it needs nobody else; to enable gives them back.
    let reply = lead.types("/agent disable agent:senior.luhova").await;
    let reply = reply.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    // To enable it again, by Undo or by a command, is asked for, once.
    let undone = lead.presses(&reply, "Undo: enable senior.luhova").await;
    undone.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = world.sandbox.approvals_channel().next_message().await;
    assert!(card.text().contains("Enable senior.luhova on mediatel?"), "{}", card.text());
    let enabled = lead.types("/agent enable agent:senior.luhova").await;
    assert!(enabled.text().contains("That waits for approvers already"), "{}", enabled.text());
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bots_own_account_cannot_be_changed_through_it() {
    let world = World::of_agents(&[], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:root").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That is the bot's own account
    root is who mediatel takes me for; it cannot be changed through me.
    Change it in the phone system itself.
    "#);
    for line in [
        "/agent edit agent:mediatel:1 domain:X",
        "/agent edit agent:root",
        "/agent reset-password agent:root",
        "/agent delete agent:root reason:leaver",
        "/agent delete agent:mediatel:1 reason:other",
    ] {
        let reply = lead.types(line).await;
        assert!(reply.text().contains("That is the bot's own account"), "{line}: {}", reply.text());
    }
    let card = lead.types("/agent show agent:root").await;
    for button in card.buttons() {
        let reply = lead.presses(&card, &button).await;
        assert!(reply.text().contains("That is the bot's own account"), "{button}: {}", reply.text());
    }
    assert_eq!(world.phones.mediatel.mutations(), []);
    world.ends().await;
}
