//! Presence under fire: options and ids that no client sends, and phone systems that answer with anything at all.

use std::time::Duration;

use rollcall_sandbox::erix::{Fault, Moment, Times, Trouble};
use rollcall_sandbox::{Forged, Posted, Reply};
use serde_json::{Value, json};

use super::{nothing_got_through, patient_world};
use crate::world::{Setup, World};

/// Texts that want to be more than a text.
const MARKED: &str = "@everyone <@1> **bold** ||spoiler|| `code` [a](https://evil.example) </agent clone:4>";

fn command(verb: &str, options: &[(&str, Value)]) -> Value {
    let option = |(name, value): &(&str, Value)| {
        let kind = if value.is_string() { 3 } else { 4 };
        json!({ "name": name, "type": kind, "value": value })
    };
    let options: Vec<Value> = options.iter().map(option).collect();
    json!({ "id": "1", "name": "agent", "type": 1, "options": [{ "name": verb, "type": 1, "options": options }] })
}

async fn answered(reply: Reply) -> Posted {
    assert!(reply.modal().is_none(), "no form opens");
    reply.changes_until(|text| !text.contains("On it") && !text.contains("One moment")).await
}

/// How often the two systems were asked.
fn asked(world: &World) -> (usize, usize) {
    (world.phones.erix.seen().len(), world.phones.voicenter.seen().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_options_get_a_sentence_and_ask_nobody() {
    let world = patient_world().await;
    let lead = world.sandbox.lead();
    let rafael = ("agent", json!("erix-br:rafael"));
    let login = |more: &[(&'static str, Value)]| command("login", &[&[rafael.clone()], more].concat());
    for data in [
        command("login", &[("agent", json!("x".repeat(6_000)))]),
        command("logout", &[("agent", json!(format!("erix-br:{}", "x".repeat(6_000))))]),
        command("logout", &[("agent", json!("erix-br:ra\u{0}fa\u{1b}el\n"))]),
        command("pause", &[("agent", json!(MARKED))]),
        command("pause", &[("agent", json!(7))]),
        command("pause", &[("agent", json!(""))]),
        command("unpause", &[]),
        command("logout", &[("agent", json!("nowhere:rafael"))]),
        command("logout", &[("agent", json!("voicenter:nobody"))]),
        login(&[("extension", json!("20o4"))]),
        login(&[("extension", json!("2004&command=logoff"))]),
        login(&[("extension", json!("٢٠٠٤"))]),
        login(&[("extension", json!("2".repeat(6_000)))]),
        login(&[("queue", json!("x".repeat(6_000)))]),
        login(&[("queue", json!("a\u{0}b\nc"))]),
        command("pause", &[rafael.clone(), ("reason", json!("x".repeat(6_000)))]),
        command("pause", &[rafael.clone(), ("reason", json!("a\u{0}b\nc"))]),
        command("pause", &[("agent", json!("voicenter:204518733")), ("reason", json!(MARKED))]),
        command("status", &[("connection", json!(MARKED))]),
        command("status", &[("agent", json!("x".repeat(6_000)))]),
    ] {
        let reply = answered(lead.forges(Forged::Command, None, data.clone(), Value::Null).await).await;
        let shown: String = data.to_string().chars().take(160).collect();
        assert!(reply.is_ephemeral() && !reply.text().is_empty(), "{shown}");
        // Some is found out by the half that would ask.
        if reply.text().contains("not done") {
            world.log_says("Nothing was changed").await;
        }
        assert_eq!(asked(&world), (0, 0), "{shown}\n{}", reply.text());
        assert!(
            !reply.text().contains("is logged") && !reply.text().contains("is paused"),
            "{shown}\n{}",
            reply.text()
        );
        println!("{shown}\n  {}\n", reply.seen());
    }
    // What can be a login or a queue is asked, and Erix knows of none such.
    let hidden = "\u{200b}\u{200d}\u{2060}\u{feff}";
    for data in [
        command("logout", &[("agent", json!("erix-br:\u{202e}leafar"))]),
        command("logout", &[("agent", json!(format!("erix-br:x{hidden}")))]),
        login(&[("queue", json!(format!("x{hidden}")))]),
    ] {
        let reply = answered(lead.forges(Forged::Command, None, data.clone(), Value::Null).await).await;
        assert!(reply.text().contains("Nothing was changed"), "{data}: {}", reply.text());
        world.log_says("erix-br").await;
    }
    assert!(world.phones.erix.mutations().is_empty() && world.phones.voicenter.mutations().is_empty());
    nothing_got_through(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn free_words_travel_as_they_are_and_are_shown_as_text() {
    let world = patient_world().await;
    let lead = world.sandbox.lead();
    for reason in [
        "@everyone <@1> **bold** ||s|| [a](https://x.example)",
        "a&command=logoff&agent=maria",
        "50% \"off\" + ünïcödé",
        "<script>alert(1)</script>",
    ] {
        let data = command("pause", &[("agent", json!("erix-br:rafael")), ("reason", json!(reason))]);
        let reply = answered(lead.forges(Forged::Command, None, data, Value::Null).await).await;
        let line = world.sandbox.log_channel().next_message().await;
        let sent = world.phones.erix.seen().pop().expect("it was asked").body;
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
        let expected = [("agent", "rafael"), ("command", "pause"), ("reason", reason)];
        assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())), "nothing was added");
        for text in [reply.text(), line.text()] {
            assert!(!text.contains("**bold**") && !text.contains("[a](https"), "{text}");
        }
        assert_eq!(line.pings(), rollcall_sandbox::Pings::default(), "{}", line.text());
    }
    lead.types("/agent status agent:erix-br:rafael").await;
    nothing_got_through(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_ids_change_nobodys_presence() {
    let world = patient_world().await;
    let (lead, trainee) = (world.sandbox.lead(), world.sandbox.trainee());
    let other = world.sandbox.add_person("Bohdan", &[world.sandbox.lead_role()]);
    let (mine, theirs) = (lead.id(), other.id());
    let card = lead.types("/agent status agent:erix-br:rafael").await;
    let true_id = card.custom_ids().into_iter().find(|id| id.contains(":login:")).expect("a button");
    for id in [
        format!("card:{theirs}:login:erix-br:rafael"),
        format!("card:0:login:erix-br:rafael"),
        format!("card:{mine}:login:nowhere:rafael"),
        format!("card:{mine}:logout:voicenter:nobody"),
        format!("card:{mine}:pause:mediatel:4"),
        format!("card:{mine}:unpause:mediatel:999999"),
        format!("card:{mine}:LOGIN:erix-br:rafael"),
        format!("card:{mine}:login:"),
        format!("card:{mine}:login:erix-br:ra\u{0}fael"),
        format!("card:{mine}:login:erix-br:{}", "x".repeat(70)),
        format!("card:{mine}:login"),
        format!("turn:1:{}", u32::MAX),
        "take:9999".to_owned(),
    ] {
        let reply = answered(lead.presses_id(&card, &id).await).await;
        assert!(!reply.text().is_empty(), "{id}");
        assert_eq!(asked(&world), (0, 0), "{id}: {}", reply.text());
        println!("{id}\n  {}\n", reply.seen());
    }
    // The true id of somebody else's button, and one with the own name on it without the permission.
    let own = format!("card:{}:login:erix-br:rafael", trainee.id());
    for (person, id) in [(&other, &true_id), (&trainee, &true_id), (&trainee, &own)] {
        let reply = answered(person.presses_id(&card, id).await).await;
        assert!(!reply.text().is_empty());
        assert_eq!(asked(&world), (0, 0), "{id}: {}", reply.text());
    }
    // Somebody else's offer: "on all of them".
    let reply = answered(lead.types("/agent login agent:erix-br:maria").await).await;
    world.log_says("logged in").await;
    let take = reply.custom_ids().into_iter().find(|id| id.starts_with("take:")).expect("an offer");
    for person in [&other, &trainee] {
        let refused = answered(person.presses_id(&reply, &take).await).await;
        assert!(!refused.text().is_empty() && !refused.text().contains("of 2"), "{}", refused.text());
        assert_eq!(asked(&world), (1, 0), "{}", refused.text());
    }
    nothing_got_through(&world);
    world.ends().await;
}

/// What a system may answer that no document tells of.
fn answers() -> Vec<Trouble> {
    let body = |status, body: String| Trouble::Status { status, body: Some(body), retry_after: None };
    let quoted = serde_json::to_string(MARKED).expect("JSON");
    let unknown =
        |text: &str| format!("{{\"Status\":9,\"StatusError\":9,\"StatusErroMessage\":{text},\"error\":{text}}}");
    let hidden = "\"\\u202egnp.exe \\u200bzero\\ufeff\\n\\u0000\\u001b[31m\"";
    vec![
        body(200, unknown(&quoted)),
        body(400, unknown(&quoted)),
        body(200, unknown(hidden)),
        body(200, unknown(&format!("\"{}\"", "Z\\u0301".repeat(10_000)))),
        body(200, unknown(&format!("\"{}\"", "x".repeat(1_000_000)))),
        body(200, MARKED.to_owned()),
        body(200, format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
        body(200, format!("{}1{}", "{\"Status\":".repeat(50_000), "}".repeat(50_000))),
        body(200, "\u{0}\u{1}\u{2}".to_owned()),
        body(200, String::new()),
        body(200, "{\"Status\":1e400,\"StatusError\":[1],\"StatusErroMessage\":{}}".to_owned()),
        body(200, "{\"success\":\" \",\"Status\":null}".to_owned()),
        Trouble::Huge(u64::MAX),
        // Byte by byte, and no end.
        Trouble::Drip(Duration::from_millis(50)),
        Trouble::Slow(Duration::from_secs(2)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_answers_are_told_as_no_success() {
    // Of Erix and of Voicenter.
    let setup = Setup::default()
        .setting("method = \"post\"", "method = \"post\"\ntimeout = \"1s\"")
        .adding("[limits]\nper_person = \"1000/min\"");
    let world = World::with(setup).await;
    let lead = world.sandbox.lead();
    for agent in ["erix-br:rafael", "voicenter:204518733"] {
        for trouble in answers() {
            let name: String = format!("{trouble:?}").chars().take(80).collect();
            let fault = Fault { method: None, path: "", moment: Moment::Before, times: Times::Next(1), trouble };
            if agent.starts_with("erix") {
                world.phones.erix.fault(fault)
            } else {
                world.phones.voicenter.fault(fault)
            }
            let reply = answered(lead.types(&format!("/agent logout agent:{agent}")).await).await;
            let line = world.sandbox.log_channel().next_message().await;
            for text in [reply.text(), line.text()] {
                assert!(!text.contains("is logged out.") && !text.ends_with("is logged out"), "{agent} {name}: {text}");
                assert!(text.chars().count() < 1_500, "{agent} {name}: {text}");
            }
            let told = reply.text();
            let told = told.contains("not done") || told.contains("nobody can tell");
            assert!(told, "{agent} {name}: {}", reply.text());
            assert_eq!(line.pings(), rollcall_sandbox::Pings::default(), "{}", line.text());
            println!("{agent} {name}\n  {}\n", reply.seen());
        }
    }
    assert!(world.phones.erix.mutations().is_empty() && world.phones.voicenter.mutations().is_empty());
    // Both still work.
    for agent in ["erix-br:rafael", "voicenter:204518733"] {
        let reply = answered(lead.types(&format!("/agent login agent:{agent}")).await).await;
        assert!(reply.text().contains("is logged in"), "{}", reply.text());
        world.log_says("logged in").await;
    }
    nothing_got_through(&world);
    world.ends().await;
}
