//! Acts that touch higher rights wait for an approver; what changed meanwhile is not done, and Undo takes back only what was
//! done.

use super::VIRA_DISABLED;
use super::behind::{asks, asks_at_once, told_each};
use super::steps::{aloud, approvals, approved, gist, next_card, presses, told};
use crate::world::{VIRA, World};

/// Vira with rights of level 3, number 910.
fn senior() -> String {
    VIRA.replace("900", "910").replace("vira.", "senior.").replace(r#""RightID":0"#, r#""RightID":3"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_touches_higher_rights_waits_for_an_approver() {
    let world = World::of_agents(&[VIRA, &senior()], approvals("require_above_rights = 2")).await;
    let (lead, twin) = (world.sandbox.lead(), &world.phones.mediatel);
    let mut cards = Vec::new();
    // The source's rights, the old value, the new value, the agent's own.
    for (line, button) in [
        ("/agent clone source:mediatel:910 login:zoriana.hnatiuk", "Ask to create zoriana.hnatiuk"),
        ("/agent edit agent:mediatel:910 rights:0", "Ask to change senior.luhova"),
        ("/agent edit agent:mediatel:900 supervisor-rights:4", "Ask to change vira.luhova"),
        ("/agent reset-password agent:mediatel:910", "Ask to reset the password of senior.luhova"),
    ] {
        cards.push(asks(&world, line, button).await);
    }
    let said: Vec<String> = cards.iter().map(|card| gist(&world, card.text())).collect();
    insta::assert_snapshot!(said.join("\n--\n"), @r#"
    Create zoriana.hnatiuk on mediatel as a copy of senior.luhova?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 3; above 2 a second person has to agree.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Olha Koval
    ID: given by mediatel
    State: enabled
    --
    Change senior.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 3; above 2 a second person has to agree.
    Before → after: Rights: 3 → **0**
    --
    Change vira.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 4; above 2 a second person has to agree.
    Before → after: Rights as supervisor: 0 → **4**
    --
    Give senior.luhova on mediatel a fresh password?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 3; above 2 a second person has to agree.
    Given anew: Password: a fresh one, by direct message to @Olha Koval
    "#);
    assert_eq!(twin.mutations(), []);
    for request in 1..=4 {
        let taken_back = lead.types(&format!("/approvals cancel request:{request}")).await;
        assert!(taken_back.text().contains("is taken back"), "{}", taken_back.text());
        told(&world, &lead).await;
        world.log_says("request").await;
    }
    // What stays below needs nobody: one button, one person.
    let preview = lead.types("/agent edit agent:mediatel:900 rights:2").await;
    assert!(preview.buttons().contains(&"Change vira.luhova".to_owned()), "{}", preview.text());
    // To disable takes rights away; to enable, by Undo as well, gives them back, and is asked for.
    let reply = lead.types("/agent disable agent:mediatel:910").await;
    let reply = reply.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    presses(&lead, &reply, "Undo: enable senior.luhova", "The approvers are asked").await;
    let card = next_card(&world).await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Enable senior.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 3; above 2 a second person has to agree.
    "#);
    approved(&world, &card, "Done").await;
    told(&world, &lead).await;
    world.log_says("enabled").await;
    assert_eq!(twin.agent(910).unwrap().number("State"), Some(1));
    // Deleted, and back: with the rights it had.
    lead.types("/agent disable agent:mediatel:910").await.changes_until(|text| text.contains("is disabled")).await;
    world.log_says("disabled").await;
    let card = asks_at_once(&world, "/agent delete agent:mediatel:910 reason:leaver").await;
    approved(&world, &card, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    let card = asks(&world, "/agent restore agent:mediatel:910", "Ask to restore senior.luhova").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Restore senior.luhova on mediatel (it was `mediatel:910`)?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    It touches rights of level 3; above 2 a second person has to agree.
    Given anew: State: enabled
    ID: given by mediatel
    Password: a fresh one, by direct message to @Olha Koval
    "#);
    approved(&world, &card, "Done").await;
    world.log_says("restored").await;
    told_each(&world, &lead, 3).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_before_the_approval_is_not_done() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"agent.clone\", \"agent.edit\"]")).await;
    let (lead, twin) = (world.sandbox.lead(), &world.phones.mediatel);
    let edit = asks(&world, "/agent edit agent:mediatel:900 default-skill:9", "Ask to change vira.luhova").await;
    let clone =
        asks(&world, "/agent clone source:mediatel:900 login:zoriana.hnatiuk", "Ask to create zoriana.hnatiuk").await;
    twin.change_agent(900, r#"{"Domain":"SALES"}"#).unwrap();
    let edit = approved(&world, &edit, "Void").await;
    insta::assert_snapshot!(gist(&world, edit.text()), @r#"
    Void: Change vira.luhova on mediatel
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ⚠️ vira.luhova is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: Domain: CALL → **SALES**.
    Next: look at it, and ask again if it still should be done.
    Settled <time:f>.
    Before → after: Default skill: 7 → **9**
    "#);
    let clone = approved(&world, &clone, "Void").await;
    insta::assert_snapshot!(gist(&world, clone.text()), @r#"
    Void: Create zoriana.hnatiuk on mediatel as a copy of vira.luhova
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ⚠️ vira.luhova is no longer as the card shows it: somebody changed it after this was asked. I have done nothing.
    What changed: Domain: CALL → **SALES**.
    Next: look at it, and ask again if it still should be done.
    Settled <time:f>.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Olha Koval
    ID: given by mediatel
    State: enabled
    "#);
    for _ in 0..2 {
        told(&world, &lead).await;
        world.log_says("request").await;
    }
    // The login is taken by the time it is approved.
    let clone =
        asks(&world, "/agent clone source:mediatel:900 login:zoriana.hnatiuk", "Ask to create zoriana.hnatiuk").await;
    twin.put_agent(&VIRA_DISABLED.replace("900", "951").replace("vira.luhova", "zoriana.hnatiuk")).unwrap();
    let clone = approved(&world, &clone, "Void").await;
    insta::assert_snapshot!(gist(&world, clone.text()), @r#"
    Void: Create zoriana.hnatiuk on mediatel as a copy of vira.luhova
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ⚠️ It can no longer be done: the login zoriana.hnatiuk is taken meanwhile. Nothing was changed.
    Settled <time:f>.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Olha Koval
    ID: given by mediatel
    State: enabled
    "#);
    told(&world, &lead).await;
    world.log_says("request").await;
    assert_eq!(twin.mutations(), []);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_what_was_done_and_nothing_else() {
    let world = World::of_agents(&[VIRA], approvals("")).await;
    let (lead, twin) = (world.sandbox.lead(), &world.phones.mediatel);
    let before = twin.agent(900).unwrap();
    let reply = lead.types("/agent disable agent:mediatel:900").await;
    let reply = reply.changes_until(|text| text.contains("is disabled")).await;
    let reply = presses(&lead, &reply, "Undo: enable vira.luhova", "is enabled").await;
    let reply = presses(&lead, &reply, "Undo: disable vira.luhova", "is disabled").await;
    presses(&lead, &reply, "Undo: enable vira.luhova", "is enabled").await;
    let preview = lead.types("/agent edit agent:mediatel:900 default-skill:9 domain:SALES").await;
    let reply = presses(&lead, &preview, "Change vira.luhova", "was changed").await;
    let reply = presses(&lead, &reply, "Undo the change of vira.luhova", "was changed").await;
    assert_eq!(twin.agent(900).unwrap().fingerprint(), before.fingerprint());
    for words in ["disabled", "enabled", "disabled", "enabled", "changed", "changed"] {
        world.log_says(words).await;
    }
    // Somebody else changed the record meanwhile.
    twin.change_agent(900, r#"{"Zone":"south"}"#).unwrap();
    let refused = lead.presses(&reply, "Undo the change of vira.luhova").await;
    let refused = refused.changes_until(|text| text.contains("The record changed meanwhile")).await;
    insta::assert_snapshot!(aloud(&world, refused.text()), @r#"
    The record changed meanwhile
    vira.luhova is not as it was shown to you any more.
    Nothing was changed. Type the command again to see it as it is now.
    "#);
    assert_eq!(twin.mutations().len(), 6);
    world.ends().await;
}
