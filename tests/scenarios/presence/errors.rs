//! Every error that either system documents, as the person reads it.

use std::fmt::Write as _;

use super::reports;
use crate::world::World;

/// Erix's table of errors, with a command for which the page names each.
const ERIX: [(&str, &str); 11] = [
    ("Argument list invalid", "/agent logout agent:erix-br:rafael"),
    ("Agent not logged", "/agent logout agent:erix-br:rafael"),
    ("Agent not specified", "/agent logout agent:erix-br:rafael"),
    ("Agent not exists", "/agent logout agent:erix-br:rafael"),
    ("Command not specified", "/agent logout agent:erix-br:rafael"),
    ("Queue not exists", "/agent login agent:erix-br:rafael"),
    ("Exten not exists", "/agent login agent:erix-br:rafael"),
    ("Queue Call Center false", "/agent login agent:erix-br:rafael"),
    ("Exten Call Center false", "/agent login agent:erix-br:rafael"),
    ("Agent alredy paused", "/agent pause agent:erix-br:rafael"),
    ("Agent alredy available", "/agent unpause agent:erix-br:rafael"),
];

#[tokio::test(flavor = "multi_thread")]
async fn of_erix() {
    let world = World::begins().await;
    let mut told = String::new();
    for (text, line) in ERIX {
        world.phones.erix.refuses_next(text);
        let reply = reports(&world, line).await;
        writeln!(told, "{text}\n    {}", world.heard(reply.text()).replace('\n', "\n    ")).unwrap();
        world.log_says("erix-br").await;
        // A success between them: three failures in a row would be told as something else.
        reports(&world, "/agent login agent:erix-br:joao queue:suporte").await;
        world.log_says("logged in").await;
    }
    insta::assert_snapshot!(told);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_failures_in_a_row_name_the_crm_module() {
    let world = World::begins().await;
    // What explains itself does not count.
    for text in ["Queue not exists", "Exten not exists", "Queue Call Center false", "Exten Call Center false"] {
        world.phones.erix.refuses_next(text);
        let reply = reports(&world, "/agent login agent:erix-br:rafael").await;
        assert!(!reply.text().contains("CRM"), "{}", reply.text());
        world.log_says("Nothing was changed").await;
    }
    for _ in 0..2 {
        world.phones.erix.refuses_next("Agent not logged");
        let reply = reports(&world, "/agent logout agent:erix-br:rafael").await;
        assert!(!reply.text().contains("CRM"), "{}", reply.text());
        world.log_says("is not logged in there").await;
    }
    world.phones.erix.refuses_next("Agent not logged");
    let reply = reports(&world, "/agent logout agent:erix-br:rafael").await;
    assert!(reply.text().contains("CRM module switched off in Erix"), "{}", reply.text());
    world.log_says("CRM").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_voicenter() {
    let world = World::begins().await;
    let mut told = String::new();
    for (status, error, message) in [
        (2, 6, "Authorization Failed"),
        (2, 0, "Authorization Failed"),
        (3, 3, "No extension found"),
        (4, 1, "Status not support"),
        (4, 1, "Extension is already in use"),
        (4, 4, "Error on update"),
        (1, 4, "OK"),
        (1, 1, "Phone error."),
        (1, 1, "Something new"),
    ] {
        world.phones.voicenter.answers_next(status, error, message);
        let reply = reports(&world, "/agent login agent:voicenter:123456789").await;
        let heard = world.heard(reply.text()).replace('\n', "\n    ");
        writeln!(told, "{status}/{error}/{message}\n    {heard}").unwrap();
        world.log_says("voicenter").await;
    }
    insta::assert_snapshot!(told);
    assert!(world.phones.voicenter.mutations().is_empty(), "nobody was logged out or in by itself");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_asked_of_nobody() {
    let world = World::begins().await;
    let mut told = String::new();
    for line in [
        "/agent login agent:erix-br:joao",
        "/agent login agent:erix-br:carlos",
        "/agent login agent:erix-br:joao queue:suporte extension:20a1",
        &format!("/agent pause agent:erix-br:joao reason:{}", "a".repeat(65)),
        "/agent pause agent:voicenter:123456789",
        "/agent pause agent:voicenter:123456789 reason:Siesta",
        "/agent login agent:voicenter:123456789 extension:2001",
        "/agent login agent:voicenter:123456789 queue:suporte",
        "/agent login agent:voicenter:999",
        "/agent login agent:nobody",
        "/agent logout agent:\"erix-br:maria silva; drop\"",
    ] {
        let reply = reports(&world, line).await;
        writeln!(told, "{line}\n    {}", world.heard(reply.text()).replace('\n', "\n    ")).unwrap();
    }
    insta::assert_snapshot!(told);
    let asked = world.phones.erix.seen().len() + world.phones.voicenter.seen().len();
    assert_eq!(asked, 1, "only the login that nobody has: a system without a list takes any");
    // Of everything else nothing was recorded, and so nothing is logged.
    world.log_says("maria silva").await;
    world.ends().await;
}
