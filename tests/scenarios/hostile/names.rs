//! Hostile names of agents and people, everywhere that a name is shown.

use std::fmt::Write as _;

use serde_json::json;

use super::{nothing_got_through, patient_world};
use crate::world::World;

/// Names that want to be more than a name.
pub(super) fn names() -> Vec<String> {
    vec![
        "@everyone @here <@1> <@&2> <#3> </agent clone:4>".to_owned(),
        "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block``` [a](https://evil.example) # > - *".to_owned(),
        "\u{202e}gnp.exe \u{200b}zero\u{200d}width\u{feff} \u{2066}isolated\u{2069}".to_owned(),
        format!("Z{}", "\u{301}".repeat(10_000)),
        "x".repeat(5_000),
        "\\".repeat(3_000),
        "two\nlines\r\nand\ttabs\u{0}and nul".to_owned(),
        "👩‍👩‍👧‍👦🏳️‍🌈".repeat(40),
        String::new(),
    ]
}

/// Puts an agent with this name into the phone system; its login is plain, so that it can be typed.
fn put(world: &World, id: u64, login: &str, details: &str) {
    let mut agent = json!({
        "Password": "c4ca4238a0b92382", "ID": id, "RightID": 0, "Domain": details, "SupervisorRightID": 0, "State": 1,
        "DefaultSkill": 5, "Login": login, "SupervisorID": 1, "Details": details, "PersNumbers": [details],
        "ClientApp": { "StartURL": details, "AutoAnswer": { "Time": 1 } },
    });
    agent[details.chars().take(200).collect::<String>()] = json!({ "hostile": details });
    world.phones.mediatel.put_agent(&agent.to_string()).expect("an agent");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_only_text() {
    let world = patient_world().await;
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let login = |number: u64| format!("hostile.agent{number}");
    for (number, name) in (900..).zip(names()) {
        put(&world, number, &login(number), &name);
    }
    for (number, name) in (900..).zip(names()) {
        let login = login(number);
        let shown: String = name.chars().filter(|c| !matches!(c, '\n' | '\r' | '\0')).take(32).collect();
        keeper.is_called(&shown);
        let found = lead.types(&format!("/agent search query:{login}")).await;
        assert!(found.text().contains(&login), "{}", found.text());
        let card = lead.selects(&found, &[&format!("mediatel:{number}")]).await;
        assert!(card.text().contains(&login), "{}", card.text());
        let choices = lead.completes(&format!("/agent show agent:{login}")).await;
        assert!(choices.iter().any(|choice| choice.value == format!("mediatel:{number}")), "{choices:?}");
        let new = format!("cloned.agent{number}");
        let line = format!("/agent clone source:mediatel:{number} login:{new} recipient:{}", keeper.mention());
        let preview = lead.types(&line).await;
        let reply = lead.presses(&preview, &format!("Create {new}")).await;
        reply.changes_until(|text| text.contains("exists on mediatel")).await;
        let reply = lead.types(&format!("/agent disable agent:{login} reason:{}", reason(&name))).await;
        reply.changes_until(|text| text.contains("is disabled")).await;
        edits(&world, number, &login).await;
        // The same where people type: a search for it, and a clone that would bear it.
        let typed = reason(&name);
        let found = lead.types(&format!("/agent search query:{}", short(&typed))).await;
        assert!(!found.text().is_empty());
        let line = format!("/agent clone source:mediatel:{number} login:typed.agent{number} name:{}", short(&typed));
        let preview = lead.types(&line).await;
        assert!(preview.text().contains(&format!("typed.agent{number}")), "{}", preview.text());
        let refused = lead.types(&format!("/agent clone source:mediatel:{number} login:{}", short(&typed))).await;
        assert!(refused.buttons().iter().all(|button| !button.starts_with("Create")), "{}", refused.text());
    }
    // The log lines and receipts come by themselves.
    let wanted = names().len() * 2;
    world
        .sandbox
        .until("the log", std::time::Duration::from_secs(30), |it| it.log_channel().messages().len() >= wanted)
        .await;
    world
        .sandbox
        .until("the receipts", std::time::Duration::from_secs(30), |it| it.lead().direct_messages().len() >= wanted / 2)
        .await;
    world
        .sandbox
        .until("the passwords", std::time::Duration::from_secs(30), |it| {
            it.keeper().direct_messages().len() >= wanted / 2
        })
        .await;
    nothing_got_through(&world);
    world.ends().await;
}

/// A reason as far as an option takes it.
fn reason(name: &str) -> String {
    let reason: String = name.chars().filter(|c| *c != '"' && !c.is_control()).take(150).collect();
    format!("\"x{reason}\"")
}

/// As far as a name or a login takes it.
fn short(typed: &str) -> String {
    format!("\"{}\"", typed.trim_matches('"').chars().take(30).collect::<String>())
}

/// The form is filled with what is known, and what is typed over it is shown as text.
async fn edits(world: &World, number: u64, login: &str) {
    let lead = world.sandbox.lead();
    let menu = lead.types(&format!("/agent edit agent:mediatel:{number}")).await;
    let group = menu.options().first().expect("a group of fields").clone();
    let form = lead.selects(&menu, &[&group]).await;
    let modal = form.modal().unwrap_or_else(|| panic!("no form for {login}: {}", form.text()));
    assert!(!modal.fields().is_empty(), "{login}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_with_five_hundred_unknown_members_is_cloned_whole() {
    let world = patient_world().await;
    let lead = world.sandbox.lead();
    let mut members = String::new();
    for number in 0..500 {
        let _ = write!(members, ",\"@everyone **{number}** \\u202e\":{{\"n\":1.{number:03}0e+2,\"t\":\"<@1>\"}}");
    }
    let agent = format!(
        "{{\"Login\":\"many.members\",\"ID\":950,\"State\":1,\"Password\":\"c4ca4238a0b92382\",\"Details\":\"m\"{members}}}"
    );
    world.phones.mediatel.put_agent(&agent).expect("an agent");
    let preview = lead.types("/agent clone source:mediatel:950 login:many.more").await;
    assert!(preview.text().contains("No document says what this means"), "{}", preview.text());
    lead.presses(&preview, "Create many.more").await.changes_until(|text| text.contains("exists on mediatel")).await;
    let made = world.phones.mediatel.agent_by_login("many.more").expect("the new agent");
    let carried: String =
        made.iter().skip_while(|(name, _)| !name.starts_with('@')).fold(String::new(), |mut all, (name, raw)| {
            let _ = write!(all, ",{}:{}", json!(name).to_string().replace('\u{202e}', "\\u202e"), raw.get());
            all
        });
    assert_eq!(carried, members, "byte for byte");
    lead.types("/agent show agent:mediatel:many.more").await;
    let message = lead.next_direct_message().await;
    assert!(!message.text().is_empty());
    lead.next_direct_message().await;
    world.sandbox.log_channel().next_message().await;
    nothing_got_through(&world);
    world.ends().await;
}
