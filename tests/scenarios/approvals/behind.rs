//! Any command can be put behind approval, by its permission or by the rights it touches.

use rollcall_sandbox::{DirectMessages, Person, Posted};

use super::VIRA_DISABLED;
use super::steps::{aloud, approvals, approved, files_with, gist, next_card, presses, stored, told};
use crate::world::{VIRA, World};

/// The lead types a line and presses the button that asks; answers the card.
pub async fn asks(world: &World, line: &str, button: &str) -> Posted {
    let lead = world.sandbox.lead();
    let preview = lead.types(line).await;
    assert!(preview.text().contains('👥'), "{line}: {}", preview.text());
    presses(&lead, &preview, button, "The approvers are asked").await;
    next_card(world).await
}

/// The lead types a line that asks at once; answers the card.
pub async fn asks_at_once(world: &World, line: &str) -> Posted {
    world.sandbox.lead().types(line).await.changes_until(|text| text.contains("The approvers are asked")).await;
    next_card(world).await
}

/// The direct messages that the person gets next, so many, in the order of their titles.
pub async fn told_each(world: &World, person: &Person, how_many: usize) -> String {
    let mut all = Vec::new();
    for _ in 0..how_many {
        all.push(told(world, person).await);
    }
    all.sort();
    all.join("\n--\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_waits_for_an_approver() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"*.delete\", \"agent.clone\"]")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let line = format!("/agent clone source:mediatel:900 login:zoriana.hnatiuk recipient:{}", keeper.mention());
    let preview = lead.types(&line).await;
    assert!(preview.text().contains("Here `agent.clone` takes a second person"), "{}", preview.text());
    let reply = presses(&lead, &preview, "Ask to create zoriana.hnatiuk", "The approvers are asked").await;
    insta::assert_snapshot!(aloud(&world, &reply.now()), @r#"
    The approvers are asked
    You asked to create **zoriana.hnatiuk** on mediatel as a copy of vira.luhova. Nothing has been changed yet.
    One person with @Approver has to approve it by <time:f>. You cannot approve it yourself.
    I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.
    "#);
    let card = next_card(&world).await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Create zoriana.hnatiuk on mediatel as a copy of vira.luhova?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Ivan Ivanov
    ID: given by mediatel
    State: enabled
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    let card = approved(&world, &card, "Done").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Create zoriana.hnatiuk on mediatel as a copy of vira.luhova
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    zoriana.hnatiuk exists as `mediatel:901`.
    Settled <time:f>.
    Replaced: Login: **zoriana.hnatiuk**
    E-mail: zoriana.hnatiuk@example.com
    Details: zoriana.hnatiuk@example.com
    Password: a fresh one, by direct message to @Ivan Ivanov
    ID: given by mediatel
    State: enabled
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("created").await.text()), @"✅ @Olha Koval created **zoriana.hnatiuk** (`mediatel:901`) as a copy of vira.luhova; password to @Ivan Ivanov. Request 1, approved by @Iryna Shevchenko.");
    let message = keeper.next_direct_message().await;
    // Read before the password is: the receipt tells then that it was opened.
    insta::assert_snapshot!(told_each(&world, &lead, 2).await, @r#"
    Receipt: the password of zoriana.hnatiuk on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    It can be read until <time:f>.
    --
    Your request 1 — done
    You asked to create **zoriana.hnatiuk** on mediatel as a copy of vira.luhova.
    ✅ Approved by @Iryna Shevchenko.
    zoriana.hnatiuk exists as `mediatel:901`.
    "#);
    let password = world.reveals(&keeper, &message).await;
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    // What is stored of the request, and of anything else, holds no password.
    assert_eq!(
        stored(&world, "SELECT count(*) FROM requests WHERE act LIKE '%assword\"%' OR card LIKE '%assword\"%'").await,
        0
    );
    assert_eq!(files_with(world.folder(), &password), Vec::<String>::new());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_cannot_be_sent_is_handed_over_by_the_requester() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"agent.clone\", \"agent.reset-password\"]")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    keeper.sets_direct_messages(DirectMessages::Closed);
    world.sandbox.expects(50007);
    let line = format!("/agent clone source:mediatel:900 login:zoriana.hnatiuk recipient:{}", keeper.mention());
    let card = asks(&world, &line, "Ask to create zoriana.hnatiuk").await;
    approved(&world, &card, "Done").await;
    world.log_says("created").await;
    let mut offered = None;
    let mut said = Vec::new();
    for _ in 0..3 {
        let message = lead.next_direct_message().await;
        said.push(aloud(&world, message.text()));
        if !message.buttons().is_empty() {
            offered = Some(message);
        }
    }
    said.sort();
    insta::assert_snapshot!(said.join("\n--\n"), @r#"
    Receipt: the password of zoriana.hnatiuk on mediatel
    @Ivan Ivanov takes no direct messages from me: it is yours to hand over, with the button in my reply or in `/whoami`.
    It can be read until <time:f>.
    --
    Your request 1 — done
    You asked to create **zoriana.hnatiuk** on mediatel as a copy of vira.luhova.
    ✅ Approved by @Iryna Shevchenko.
    zoriana.hnatiuk exists as `mediatel:901`.
    --
    zoriana.hnatiuk exists on mediatel
    Copied from vira.luhova, enabled, as `mediatel:901`.
    Read back: everything is as in vira.luhova, save what was replaced.
    @Ivan Ivanov takes no direct messages from me, so the password is yours to hand over: press the button. It can be read until <time:f>, from `/whoami` too.
    [Show the password of zoriana.hnatiuk]
    "#);
    let shown = lead.presses(&offered.expect("a button"), "Show the password of zoriana.hnatiuk").await;
    assert!(shown.is_ephemeral());
    let password = crate::world::password_in(shown.text());
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disable_and_enable_wait_for_an_approver() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"agent.disable\"]")).await;
    let lead = world.sandbox.lead();
    let card = asks_at_once(&world, "/agent disable agent:mediatel:900 reason:\"long leave\"").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Disable vira.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: long leave
    "#);
    let card = approved(&world, &card, "Done").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Disable vira.luhova on mediatel
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Reason: long leave
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is disabled now.
    Settled <time:f>.
    "#);
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 1 — done
    You asked to disable **vira.luhova** on mediatel.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova is disabled now.
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("disabled").await.text()).split(" Reason").next().unwrap(), @"✅ @Olha Koval disabled **vira.luhova** (`mediatel:900`).");
    let card = asks_at_once(&world, "/agent enable agent:mediatel:900").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Enable vira.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    "#);
    approved(&world, &card, "Done").await;
    told(&world, &lead).await;
    world.log_says("enabled").await;
    assert_eq!(world.phones.mediatel.agent(900).unwrap().number("State"), Some(1));
    // The button of the card asks as well; so does "disable first" before a delete, which then asks for two.
    let shown = lead.types("/agent show agent:mediatel:900").await;
    let reply = lead.presses(&shown, "Disable vira.luhova").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    next_card(&world).await;
    assert_eq!(world.phones.mediatel.mutations().len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disable_first_waits_for_two_approvals_where_disabling_needs_one() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"agent.disable\"]")).await;
    let lead = world.sandbox.lead();
    let offered = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    insta::assert_snapshot!(aloud(&world, offered.text()), @r#"
    vira.luhova on mediatel still works
    mediatel deletes only what is disabled, and nothing has been changed yet.
    The button asks the approvers to disable it; once that is done, they are asked to delete it: two steps, each with its own card.
    👥 Here `agent.disable` takes a second person: the button asks the approvers.
    This button works until <time:t>.
    [Ask to disable vira.luhova, then for the delete] [Cancel]
    "#);
    let button = offered.buttons().first().expect("a button").clone();
    let reply = lead.presses(&offered, &button).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let disable = next_card(&world).await;
    assert!(disable.text().starts_with("Disable vira.luhova on mediatel?"), "{}", disable.text());
    assert!(disable.text().contains("its delete is asked for, with a card of its own"), "{}", disable.text());
    approved(&world, &disable, "Done").await;
    let said = told(&world, &lead).await;
    assert!(said.contains("Next: the approvers are asked to delete it"), "{said}");
    world.log_says("disabled").await;
    let delete = next_card(&world).await;
    assert!(delete.text().starts_with("Delete vira.luhova on mediatel for good?"), "{}", delete.text());
    approved(&world, &delete, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edit_and_reset_wait_for_an_approver() {
    let world = World::of_agents(&[VIRA], approvals("require = [\"agent.edit\", \"agent.reset-password\"]")).await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let card =
        asks(&world, "/agent edit agent:mediatel:900 default-skill:9 domain:SALES", "Ask to change vira.luhova").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Change vira.luhova on mediatel?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Before → after: Default skill: 7 → **9**
    Domain: CALL → **SALES**
    "#);
    let card = approved(&world, &card, "Done").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Change vira.luhova on mediatel
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova was changed, and read back.
    Settled <time:f>.
    Before → after: Default skill: 7 → **9**
    Domain: CALL → **SALES**
    "#);
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 1 — done
    You asked to change **vira.luhova** on mediatel.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova was changed, and read back.
    "#);
    world.log_says("changed").await;
    let vira = world.phones.mediatel.agent(900).unwrap();
    assert_eq!((vira.number("DefaultSkill"), vira.text("Domain").as_deref()), (Some(9), Some("SALES")));
    let line = format!("/agent reset-password agent:mediatel:900 recipient:{}", keeper.mention());
    let card = asks(&world, &line, "Ask to reset the password of vira.luhova").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Give vira.luhova on mediatel a fresh password?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Given anew: Password: a fresh one, by direct message to @Ivan Ivanov
    "#);
    let card = approved(&world, &card, "Done").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Give vira.luhova on mediatel a fresh password
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova has a fresh password.
    Settled <time:f>.
    Given anew: Password: a fresh one, by direct message to @Ivan Ivanov
    "#);
    let message = keeper.next_direct_message().await;
    let password = world.reveals(&keeper, &message).await;
    assert!(world.phones.mediatel.can_log_in("vira.luhova", &password));
    insta::assert_snapshot!(told_each(&world, &lead, 2).await, @r#"
    Receipt: the password of vira.luhova on mediatel
    Delivered to @Ivan Ivanov at <time:t>.
    It can be read until <time:f>.
    --
    Your request 2 — done
    You asked to give **vira.luhova** on mediatel a fresh password, for @Ivan Ivanov.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova has a fresh password.
    "#);
    world.log_says("reset the password").await;
    assert_eq!(files_with(world.folder(), &password), Vec::<String>::new());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_waits_for_an_approver() {
    let world = World::of_agents(&[VIRA_DISABLED], approvals("require = [\"agent.restore\"]")).await;
    let lead = world.sandbox.lead();
    let card = super::lead_asks(&world).await;
    approved(&world, &card, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    let card = asks(&world, "/agent restore agent:mediatel:900", "Ask to restore vira.luhova").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Restore vira.luhova on mediatel (it was `mediatel:900`)?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    Given anew: State: enabled
    ID: given by mediatel
    Password: a fresh one, by direct message to @Olha Koval
    "#);
    let card = approved(&world, &card, "Done").await;
    insta::assert_snapshot!(gist(&world, card.text()), @r#"
    Done: Restore vira.luhova on mediatel (it was `mediatel:900`)
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    vira.luhova exists again, as `mediatel:901`; it was `mediatel:900`.
    Settled <time:f>.
    Given anew: State: enabled
    ID: given by mediatel
    Password: a fresh one, by direct message to @Olha Koval
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("restored").await.text()), @"✅ @Olha Koval restored **vira.luhova** (`mediatel:901`, it was `mediatel:900`); password to @Olha Koval. Request 2, approved by @Iryna Shevchenko.");
    let mut password = None;
    for _ in 0..3 {
        let message = lead.next_direct_message().await;
        if message.buttons().iter().any(|button| button == "Reveal") {
            password = Some(world.reveals(&lead, &message).await);
        }
    }
    assert!(world.phones.mediatel.can_log_in("vira.luhova", &password.expect("a password")));
    world.ends().await;
}
