//! Logins: offered, refused, taken; and a phone system that says no.

use std::sync::Arc;

use rollcall_sandbox::mediatel::{ErrorShape, Grants, Moment, Numbers, Options, Statuses};

use crate::world::{Setup, VIRA, World};

const CLONE: &str = "/agent clone source:mediatel:900 login:";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_any_script_and_order_becomes_a_login() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    for typed in ["Іван Іванов", "ivanov ivan", "Ivan Ivanov", "ivan.ivanov", "  ІВАН   ІВАНОВ "] {
        let offers = lead.completes(&format!("{CLONE}{typed}")).await;
        assert!(offers.iter().any(|offer| offer.value == "ivan.ivanov"), "{typed}: {offers:?}");
    }
    assert_eq!(lead.completes(&format!("{CLONE}Юрій Згурський")).await[0].value, "yurii.zghurskyi");
    world.lead_clones("ivan.ivanov", "").await;
    let offers = lead.completes(&format!("{CLONE}Іван Іванов")).await;
    assert_eq!(offers[0].value, "ivan.ivanov2", "{offers:?}");
    assert!(offers.iter().all(|offer| offer.value != "ivan.ivanov"), "{offers:?}");
    world.passwords_are_read().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_does_not_fit_or_is_taken_is_refused_with_offers() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types(&format!("{CLONE}Zoriana Hnatiuk")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That login does not fit
    “Zoriana Hnatiuk” must match `^[a-z][a-z-]*\.[a-z][a-z-]*[0-9]*$`.
    Free and fitting: `zoriana.hnatiuk` or `hnatiuk.zoriana`.
    Nothing was changed.
    "#);
    let reply = lead.types(&format!("{CLONE}vira.luhova")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That login is taken
    “vira.luhova” belongs to `mediatel:900` already.
    Free and fitting: `vira.luhova2` or `luhova.vira`.
    Nothing was changed.
    "#);
    assert_eq!(world.asked("POST"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_taken_between_preview_and_press_is_refused() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let preview = lead.types(&format!("{CLONE}zoriana.hnatiuk")).await;
    let other = VIRA.replace("900", "950").replace("vira.luhova", "zoriana.hnatiuk");
    world.phones.mediatel.put_agent(&other).unwrap();
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let reply = reply.changes_until(|text| !text.contains("On it")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That login is taken
    “zoriana.hnatiuk” belongs to `mediatel:950` already.
    Free and fitting: `zoriana.hnatiuk2` or `hnatiuk.zoriana`.
    Nothing was changed.
    "#);
    assert_eq!(world.asked("POST"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_taken_in_the_last_moment_is_told() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let twin = Arc::downgrade(&world.phones.mediatel);
    world.phones.mediatel.on_request(Arc::new(move |moment, seen| {
        if let Some(twin) = twin.upgrade()
            && (moment, seen.method.as_str()) == (Moment::Before, "POST")
        {
            twin.put_agent(&VIRA.replace("900", "950").replace("vira.luhova", "zoriana.hnatiuk")).unwrap();
        }
        Box::pin(async {})
    }));
    let lead = world.sandbox.lead();
    let preview = lead.types(&format!("{CLONE}zoriana.hnatiuk")).await;
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let reply = reply.changes_until(|text| text.contains("not done")).await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    Creating zoriana.hnatiuk on mediatel — not done
    mediatel refused: that login is already taken.
    Nothing was changed. You can ask again.
    "#);
    let line = world.log_says("not done").await;
    insta::assert_snapshot!(world.heard(line.text()), @"❌ @Olha Koval: creating zoriana.hnatiuk on mediatel — not done, nothing changed: mediatel refused: that login is already taken.");
    assert_eq!(world.phones.mediatel.mutations(), [], "nothing was changed");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_system_that_forbids_is_told_the_same_in_every_shape() {
    let shapes = [
        (Statuses::AsCode, Numbers::Plain, "detail", "entity"),
        (Statuses::Always200, Numbers::Plain, "details", "entityType"),
        (Statuses::AsCode, Numbers::Texts, "subcode", "type"),
        (Statuses::Always200, Numbers::Texts, "detail", "entity"),
    ];
    let mut said = std::collections::BTreeSet::new();
    for (statuses, numbers, detail, entity) in shapes {
        let errors = ErrorShape { statuses, numbers, detail, entity };
        let setup = Setup::default().mediatel(Options { errors, grants: Grants::ReadOnly, ..Options::default() });
        let world = World::of_agents(&[VIRA], setup).await;
        let lead = world.sandbox.lead();
        let preview = lead.types(&format!("{CLONE}zoriana.hnatiuk")).await;
        let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
        said.insert(world.heard(reply.changes_until(|text| text.contains("not done")).await.text()));
        world.log_says("not done").await;
        let reply = lead.types("/agent disable agent:mediatel:900").await;
        said.insert(world.heard(reply.changes_until(|text| text.contains("not done")).await.text()));
        world.log_says("not done").await;
        world.ends().await;
    }
    insta::assert_snapshot!(said.into_iter().collect::<Vec<_>>().join("\n----\n"), @r#"
    Creating zoriana.hnatiuk on mediatel — not done
    mediatel refused: the bot's account there has no permission for this.
    Nothing was changed. You can ask again.
    ----
    Disabling vira.luhova on mediatel — not done
    mediatel refused: the bot's account there has no permission for this.
    Nothing was changed. You can ask again.
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_newer_than_the_list_is_found() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let hire = |id: &str, login: &str| {
        world.phones.mediatel.put_agent(&VIRA.replace("900", id).replace("vira.luhova", login)).unwrap();
    };
    hire("950", "zoriana.hnatiuk");
    let card = lead.types("/agent show agent:mediatel:zoriana.hnatiuk").await;
    assert!(card.text().contains("mediatel:950"), "{}", card.text());
    hire("951", "taras.melnyk");
    let found = lead.types("/agent search query:taras").await;
    assert!(found.text().contains("taras.melnyk"), "{}", found.text());
    let asked = world.asked("GET");
    let nobody = lead.types("/agent search query:nobody").await;
    assert!(nobody.text().contains("Nobody matches"), "{}", nobody.text());
    assert_eq!(world.asked("GET"), asked + 1, "once more, before saying no");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn below_two_characters_what_was_used_last_is_offered() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let (lead, trainee) = (world.sandbox.lead(), world.sandbox.trainee());
    assert_eq!(lead.completes("/agent clone source:").await, []);
    lead.types("/agent show agent:mediatel:2").await;
    lead.types("/agent show agent:vira.luhova").await;
    let asked = world.asked("GET");
    let offers = lead.completes("/agent clone source:").await;
    assert_eq!(offers.iter().map(|offer| offer.value.as_str()).collect::<Vec<_>>(), ["mediatel:900", "mediatel:2"]);
    assert_eq!(offers[0].name, "vira.luhova · vira.luhova@… · enabled · mediatel");
    assert_eq!(lead.completes("/agent disable agent:v").await.len(), 2, "one character is not enough to search");
    let offers = lead.completes("/agent disable agent:LU").await;
    assert_eq!(offers.iter().map(|offer| offer.value.as_str()).collect::<Vec<_>>(), ["mediatel:900"]);
    assert_eq!(world.asked("GET"), asked, "memory answers");
    assert_eq!(trainee.completes("/agent disable agent:luhova").await, [], "a trainee may not, and is offered nothing");
    assert_eq!(trainee.completes("/agent disable agent:").await, []);
    world.ends().await;
}
