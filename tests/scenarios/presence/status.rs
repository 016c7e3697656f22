//! The list at the end of the day, and what is said of somebody.

use rollcall_sandbox::erix::Presence;

use super::reports;
use crate::world::{Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_list_at_the_end_of_the_day() {
    let world = World::begins().await;
    for line in [
        "/agent login agent:erix-br:maria",
        "/agent login agent:erix-br:rafael",
        "/agent pause agent:erix-br:rafael reason:Treinamento",
        "/agent login agent:erix-br:joao queue:suporte",
        "/agent login agent:erix-br:joao queue:vendas",
        "/agent login agent:erix-br:carlos extension:2005 queue:cobranca",
        "/agent logout agent:erix-br:carlos",
    ] {
        reports(&world, line).await;
        world.log_says("erix-br").await;
    }
    let list = reports(&world, "/agent status connection:erix-br").await;
    insta::assert_snapshot!(world.heard(list.text()), @r"
    Who is logged in on erix-br
    2 logged in, 1 paused, 1 logged out, 1 not known.
    🟢 **João Pereira** (`erix-br:joao`): logged in since <time:t>, extension 2002, queues suporte and vendas · last requested <time:t> by @Olha Koval, not confirmed by the phone system
    🟢 **Maria Silva** (`erix-br:maria`): logged in since <time:t>, extension 2001, queue suporte · last requested <time:t> by @Olha Koval, not confirmed by the phone system
    🟡 **Rafael Souza** (`erix-br:rafael`): paused (Treinamento) since <time:t>, extension 2004, queue suporte · last requested <time:t> by @Olha Koval, not confirmed by the phone system
    ⚫ **carlos** (`erix-br:carlos`): logged out since <time:t> · last requested <time:t> by @Olha Koval, not confirmed by the phone system
    ⚪ **Ana Beatriz Conceição** (`erix-br:ana.beatriz`): not known, since nobody has asked me for a login, logout or pause yet.
    ");
    // It is kept.
    world.bot_stops().await;
    world.bot_starts().await;
    let again = reports(&world, "/agent status connection:erix-br").await;
    assert_eq!(world.heard(again.text()), world.heard(list.text()));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_evidence() {
    let world = World::begins().await;
    reports(&world, "/agent login agent:erix-br:rafael").await;
    world.log_says("logged in").await;
    // He logs out at the phone, and nobody tells the bot.
    world.phones.erix.put_presence("rafael", Presence::LoggedOut);
    let reply = reports(&world, "/agent pause agent:erix-br:rafael").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Pausing Rafael Souza on erix-br — not done
    erix-br refused: rafael is not logged in there; log the agent in first.
    Nothing was changed.
    ");
    world.log_says("not logged in").await;
    let status = reports(&world, "/agent status agent:erix-br:rafael").await;
    insta::assert_snapshot!(world.heard(status.text()), @r"
    Status of Rafael Souza
    ⚫ **Rafael Souza** (`erix-br:rafael`): logged out · erix-br said so at <time:t>, when @Olha Koval asked
    [Log in Rafael Souza (erix-br)]
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_has_pages() {
    let many: String = (0..40).fold(String::new(), |text, number| {
        format!("{text}    {{ login = \"agente{number:02}\", name = \"Agente {number:02}\" }},\n")
    });
    let setup = Setup::default()
        .rewriting(move |settings| settings.replacen("agents = [\n", &format!("agents = [\n{many}"), 1));
    let world = World::with(setup).await;
    let lead = world.sandbox.lead();
    let list = reports(&world, "/agent status connection:erix-br").await;
    assert!(list.text().contains("44 agents · page 1 of 5"), "{}", list.text());
    let mut page = list;
    for at in 2..=5 {
        page =
            lead.presses(&page, "Further").await.changes_until(|text| text.contains(&format!("page {at} of 5"))).await;
    }
    assert_eq!(page.buttons(), ["Back"]);
    let fourth = lead.presses(&page, "Back").await;
    let fourth = fourth.changes_until(|text| text.contains("page 4 of 5")).await;
    assert_eq!(fourth.buttons(), ["Back", "Further"]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_look_or_change() {
    let setup = Setup::default().setting("\"presence.*\"", "\"presence.read\"");
    let world = World::with(setup).await;
    let refused = reports(&world, "/agent pause agent:erix-br:maria").await;
    insta::assert_snapshot!(world.heard(refused.text()), @r"
    You may not do that
    It needs the permission `presence.write`.
    No role has it here. Whoever installed the bot can give `presence.write` to a role.
    ");
    let trainee = world.sandbox.trainee();
    let refused = trainee.types("/agent status").await;
    let refused = refused.changes_until(|text| text.contains("permission")).await;
    assert!(refused.text().contains("presence.read"), "{}", refused.text());
    // Whoever may look but not change has no buttons.
    let status = reports(&world, "/agent status agent:erix-br:maria").await;
    assert!(status.buttons().is_empty(), "{:?}", status.buttons());
    // A system without presence is named.
    let refused = reports(&world, "/agent status connection:mediatel").await;
    assert!(refused.text().contains("mediatel has no login"), "{}", refused.text());
    assert!(world.phones.erix.seen().is_empty());
    world.ends().await;
}
