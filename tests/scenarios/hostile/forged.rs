//! Interactions that Discord's client would not send, and more than a person may.

use rollcall_sandbox::Forged;
use serde_json::{Value, json};

use super::{nothing_got_through, patient_world};
use crate::world::World;

fn clone(options: &Value) -> Value {
    json!({ "id": "1", "name": "agent", "type": 1, "options": [{ "name": "clone", "type": 1, "options": options }] })
}

fn right() -> Value {
    clone(&json!([
        { "name": "source", "type": 3, "value": "mediatel:4" },
        { "name": "login", "type": 3, "value": "forged.one" },
    ]))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_gets_a_sentence_and_changes_nothing() {
    let world = patient_world().await;
    let lead = world.sandbox.lead();
    let before = world.phones.mediatel.mutations().len();

    let elsewhere = lead.forges(Forged::Command, None, right(), json!({ "guild_id": "424242" })).await;
    assert!(elsewhere.text().contains("I only work in the server I was set up for"), "{}", elsewhere.text());
    let direct = lead.in_direct_messages().forges(Forged::Command, None, right(), Value::Null).await;
    assert!(direct.text().contains("I only work in the server I was set up for"), "{}", direct.text());
    let unknown = json!({ "id": "1", "name": "launch", "type": 1, "options": [] });
    let verb =
        json!({ "id": "1", "name": "agent", "type": 1, "options": [{ "name": "explode", "type": 1, "options": [] }] });
    let odd =
        clone(&json!([{ "name": "source", "type": 4, "value": 7 }, { "name": "login", "type": 3, "value": "a.b" }]));
    let missing = clone(&json!([{ "name": "source", "type": 3, "value": "mediatel:4" }]));
    let stray = clone(&json!([
        { "name": "source", "type": 3, "value": "mediatel:4" },
        { "name": "login", "type": 3, "value": "forged.two" },
        { "name": "@everyone", "type": 3, "value": "**x**" },
    ]));
    let bare = json!({ "id": "1", "name": "agent", "type": 1 });
    for data in [unknown, verb, odd, missing, stray, bare] {
        let reply = lead.forges(Forged::Command, None, data.clone(), Value::Null).await;
        assert!(reply.is_ephemeral() && !reply.text().is_empty(), "{data}");
        assert_eq!(reply.buttons(), Vec::<String>::new(), "{data}: {}", reply.text());
        println!("{data}\n  {}\n", reply.seen());
    }

    let card = lead.types("/agent show agent:mediatel:4").await;
    for id in ["", "x", "rc1:take:999999", "@everyone", &"9".repeat(100)] {
        let reply = lead.presses_id(&card, id).await;
        assert!(
            reply.text().contains("Nothing was done") || reply.text().contains("nothing was done"),
            "{id:?}: {}",
            reply.text()
        );
        println!("{id}\n  {}\n", reply.seen());
    }
    let form = json!({ "custom_id": "nobody:knows", "components": [] });
    let reply = lead.forges(Forged::Modal, Some(&card), form, Value::Null).await;
    assert!(reply.text().contains("does not know that"), "{}", reply.text());

    // While something is typed, no sentence fits: nothing is offered.
    let typing = |name: &str, option: &str| {
        let option = json!({ "name": option, "type": 3, "value": "iv", "focused": true });
        json!({ "id": "1", "name": name, "type": 1, "options": [{ "name": "clone", "type": 1, "options": [option] }] })
    };
    for (name, option) in [("agent", "nothing"), ("launch", "source"), ("agent", "name")] {
        let reply = lead.forges(Forged::Autocomplete, None, typing(name, option), Value::Null).await;
        assert_eq!(reply.text(), "", "{name} {option}");
    }
    let offered =
        lead.forges(Forged::Autocomplete, None, typing("agent", "source"), json!({ "guild_id": "424242" })).await;
    assert_eq!(offered.text(), "");
    assert_eq!(world.phones.mediatel.mutations().len(), before, "nothing was changed");
    nothing_got_through(&world);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_person_may_ask_is_refused_politely() {
    let world = World::begins().await;
    let (lead, trainee) = (world.sandbox.lead(), world.sandbox.trainee());
    lead.types("/agent search query:ko").await;
    let mut refused = None;
    for _ in 0..40 {
        let reply = lead.types("/whoami").await;
        if reply.text().contains("A little slower, please") {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("a refusal within 40 commands");
    assert!(refused.is_ephemeral());
    assert!(
        refused.text().contains("Try again in") && refused.text().contains("nothing was done"),
        "{}",
        refused.text()
    );
    // Keystrokes do not count, and nobody else is held up.
    assert!(!lead.completes("/agent show agent:ko").await.is_empty());
    let other = trainee.types("/whoami").await;
    assert!(!other.text().contains("slower"), "{}", other.text());
    world.ends().await;
}
