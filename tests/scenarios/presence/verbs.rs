//! The four verbs on either system, as they reach it and as they are told.

use rollcall_sandbox::erix::Presence;

use super::{erix_got, reports, voicenter_got};
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_erix() {
    let world = World::begins().await;
    let reply = reports(&world, "/agent login agent:erix-br:rafael").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"Rafael Souza on erix-br is logged in at 2004, queue suporte");
    let line = world.log_says("logged in **Rafael Souza**").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval logged in **Rafael Souza** (`erix-br:rafael`).");

    let reply = reports(&world, "/agent pause agent:erix-br:rafael reason:almoço").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"Rafael Souza on erix-br is paused (Almoço)");
    let line = world.log_says("paused **Rafael Souza**").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval paused **Rafael Souza** (`erix-br:rafael`). Reason: “Almoço”.");

    let reply = reports(&world, "/agent unpause agent:rafael").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"Rafael Souza on erix-br is available again");
    world.log_says("unpaused **Rafael Souza**").await;
    let reply = reports(&world, "/agent logout agent:erix-br:rafael").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"Rafael Souza on erix-br is logged out");
    world.log_says("logged out **Rafael Souza**").await;

    assert_eq!(
        erix_got(&world),
        [
            "agent=rafael&command=login&exten=2004&queue=suporte",
            "agent=rafael&command=pause&reason=Almo%C3%A7o",
            "agent=rafael&command=unpause",
            "agent=rafael&command=logoff",
        ]
    );
    assert_eq!(world.phones.erix.presence("rafael"), Some(Presence::LoggedOut));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_voicenter() {
    let world = World::begins().await;
    for (line, status, told) in [
        ("/agent login agent:voicenter:204518733", 1, "Yossi Cohen on voicenter is logged in"),
        ("/agent pause agent:voicenter:204518733 reason:team meeting", 12, "is paused (Team meeting)"),
        ("/agent pause agent:voicenter:sipyossi reason:Lunch", 3, "is paused (Lunch)"),
        ("/agent unpause agent:voicenter:204518733", 1, "is available again"),
        ("/agent logout agent:sipyossi", 2, "is logged out"),
    ] {
        let reply = reports(&world, line).await;
        assert!(reply.text().contains(told), "{line}: {}", reply.text());
        let sent = serde_json::json!({
            "Code": "(the code)", "UserId": "204518733", "ExtensionUser": "sipyossi", "Status": status
        });
        assert_eq!(voicenter_got(&world), sent, "{line}");
        world.log_says("**Yossi Cohen** (`voicenter:204518733`)").await;
    }
    // Ending a pause is the login status there, and that is said.
    let reply = reports(&world, "/agent unpause agent:voicenter:204518733").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Yossi Cohen on voicenter is available again
    Voicenter has no unpause of its own: it is the login status (1), so it also logs in an agent who was logged out.
    ");
    world.log_says("unpaused").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_get_where_the_settings_say_so() {
    let world = World::with(Setup::default().setting("method = \"post\"", "method = \"get\"")).await;
    reports(&world, "/agent login agent:erix-br:rafael").await;
    world.log_says("logged in").await;
    reports(&world, "/agent login agent:voicenter:204518733").await;
    world.log_says("logged in").await;
    let erix = world.phones.erix.seen();
    assert_eq!((erix[0].method.as_str(), erix[0].body.as_str()), ("GET", ""));
    let voicenter = world.phones.voicenter.seen();
    assert_eq!((voicenter[0].method.as_str(), voicenter[0].body.as_str()), ("GET", ""));
    assert_eq!(world.phones.voicenter.mutations().len(), 1);
    let (_, code) = world.phones.environment().remove(0);
    assert!(!world.log().contains(&code), "the code stands in an address, and in no log");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_no_settings_name_is_remembered() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    assert_eq!(lead.completes("/agent login agent:carl").await, []);
    // A login that is mistyped is no agent, and is not offered afterwards either.
    let reply = reports(&world, "/agent login agent:erix-br:carlo extension:2005 queue:cobranca").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Logging in carlo on erix-br — not done
    erix-br refused: it has no agent with the login carlo; it goes by logins, not by names: check the login, or have the agent created in Erix.
    Nothing was changed.
    ");
    world.log_says("carlo").await;
    assert_eq!(lead.completes("/agent login agent:carl").await, []);

    let reply = reports(&world, "/agent login agent:erix-br:carlos extension:2005 queue:cobranca").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"carlos on erix-br is logged in at 2005, queue cobranca");
    world.log_says("logged in **carlos** (`erix-br:carlos`)").await;
    let offered = lead.completes("/agent logout agent:carl").await;
    assert_eq!(offered.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(), ["erix-br:carlos"]);

    world.bot_stops().await;
    world.bot_starts().await;
    let offered = lead.completes("/agent logout agent:carl").await;
    assert_eq!(offered.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(), ["erix-br:carlos"]);
    reports(&world, "/agent logout agent:carlos").await;
    world.log_says("logged out **carlos**").await;

    // He leaves, and is deleted there: the first command that learns of it forgets him.
    world.phones.erix.take_agent("carlos").expect("he was there");
    let reply = reports(&world, "/agent login agent:erix-br:carlos extension:2005 queue:cobranca").await;
    assert!(reply.text().contains("it has no agent with the login carlos"), "{}", reply.text());
    world.log_says("it has no agent with the login carlos").await;
    assert_eq!(lead.completes("/agent logout agent:carl").await, []);
    let list = reports(&world, "/agent status connection:erix-br").await;
    assert!(!list.text().contains("carlos"), "{}", list.text());
    let status = reports(&world, "/agent status agent:erix-br:carlos").await;
    insta::assert_snapshot!(world.heard(status.text()), @r"
    Status of carlos
    🚫 **carlos** (`erix-br:carlos`): not found: no agent there has this login · erix-br said so at <time:t>, when @Olha Koval asked
    [Log in carlos (erix-br)]
    ");
    // An agent of the settings stays offered: whoever looks after them is to learn of it.
    world.phones.erix.take_agent("rafael").expect("he was there");
    reports(&world, "/agent pause agent:erix-br:rafael").await;
    world.log_says("it has no agent with the login rafael").await;
    assert_eq!(lead.completes("/agent logout agent:rafa").await.len(), 1);
    let list = reports(&world, "/agent status connection:erix-br").await;
    assert!(list.text().contains("1 not found"), "{}", list.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reason_is_a_button() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    reports(&world, "/agent login agent:erix-br:rafael").await;
    world.log_says("logged in").await;
    reports(&world, "/agent pause agent:erix-br:rafael reason:Almoço").await;
    world.log_says("paused").await;
    let reply = reports(&world, "/agent pause agent:erix-br:rafael reason:Treinamento").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Rafael Souza on erix-br was paused already
    Nothing was changed. For which reason it pauses erix-br does not tell, so it may not be Treinamento.
    The button below works until <time:t>.
    [Unpause Rafael Souza, then pause: Treinamento]
    ");
    let line = world.log_says("was paused already").await;
    insta::assert_snapshot!(world.heard(line.text()), @"@Olha Koval asked to pause **Rafael Souza** on erix-br. ☑️ **Rafael Souza** on erix-br was paused already.");
    let anew = lead.presses(&reply, "Unpause Rafael Souza, then pause: Treinamento").await;
    anew.changes_until(|text| text.contains("is paused (Treinamento)")).await;
    world.log_says("paused **Rafael Souza**").await;
    assert_eq!(
        erix_got(&world).split_off(3),
        ["agent=rafael&command=unpause", "agent=rafael&command=pause&reason=Treinamento"]
    );
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_while_typing() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let values = |choices: Vec<rollcall_sandbox::Choice>| choices.into_iter().map(|it| it.value).collect::<Vec<_>>();
    assert_eq!(values(lead.completes("/agent pause agent:erix-br:joao reason:").await), ["Almoço", "Treinamento"]);
    assert_eq!(values(lead.completes("/agent pause agent:erix-br:joao reason:almoco").await), ["Almoço"]);
    assert_eq!(
        values(lead.completes("/agent pause agent:voicenter:123456789 reason:").await),
        ["Lunch", "Administrative", "Private", "Other", "Training", "Team meeting", "Brief"]
    );
    assert_eq!(values(lead.completes("/agent login agent:erix-br:joao extension:").await), ["2002"]);
    assert_eq!(values(lead.completes("/agent login agent:erix-br:joao queue:").await), ["suporte", "vendas"]);
    // Only agents that can log in are offered, on either system.
    assert_eq!(values(lead.completes("/agent logout agent:silva").await), ["erix-br:maria", "voicenter:318840127"],);
    assert_eq!(values(lead.completes("/agent status connection:").await), ["erix-br", "voicenter"]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_of_the_cards() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    reports(&world, "/agent login agent:erix-br:rafael").await;
    world.log_says("logged in").await;
    let card = reports(&world, "/agent status agent:erix-br:rafael").await;
    assert_eq!(card.buttons(), ["Pause Rafael Souza (erix-br)", "Log out Rafael Souza (erix-br)"]);
    let paused = lead.presses(&card, "Pause Rafael Souza (erix-br)").await;
    paused.changes_until(|text| text.contains("is paused")).await;
    world.log_says("paused").await;
    let card = reports(&world, "/agent show agent:erix-br:rafael").await;
    assert_eq!(card.buttons(), ["Unpause Rafael Souza (erix-br)", "Log out Rafael Souza (erix-br)"]);
    let back = lead.presses(&card, "Unpause Rafael Souza (erix-br)").await;
    back.changes_until(|text| text.contains("is available again")).await;
    world.log_says("unpaused").await;
    world.ends().await;
}
