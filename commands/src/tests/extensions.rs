//! Presence and extensions: what is read, what is refused, what is completed.

use serde_json::{Value, json};
use serenity::model::application::CommandData;

use super::{agent, data, extension};
use crate::{AttachedFile, Command, CompletedOption, Permission, agent, completing, extension, read};

fn text(name: &str, value: &str) -> Value {
    json!({ "type": 3, "name": name, "value": value })
}

/// `/extension batch` with an attachment, as Discord tells of it.
fn batch(resolved: &Value) -> CommandData {
    data(&json!({
        "type": 1, "name": "extension", "guild_id": "1111",
        "options": [{ "type": 1, "name": "batch", "options": [{ "type": 11, "name": "file", "value": "1500" }] }],
        "resolved": resolved,
    }))
}

fn attachment(size: u32) -> Value {
    json!({ "attachments": { "1500": {
        "id": "1500", "filename": "lines.csv", "size": size, "content_type": "text/csv; charset=utf-8", "ephemeral": true,
        "url": "https://cdn.discordapp.com/ephemeral-attachments/1/1500/lines.csv?ex=1&is=2&hm=3&",
        "proxy_url": "https://media.discordapp.net/ephemeral-attachments/1/1500/lines.csv?ex=1&is=2&hm=3&",
    } } })
}

#[test]
fn a_file_is_what_discord_resolved() {
    let Ok(Command::ExtensionBatch(read)) = read(&batch(&attachment(512))) else { panic!("not a batch") };
    assert_eq!(
        read.file,
        AttachedFile {
            id: 1500.into(),
            filename: "lines.csv".into(),
            size: 512,
            url: "https://cdn.discordapp.com/ephemeral-attachments/1/1500/lines.csv?ex=1&is=2&hm=3&".into(),
        }
    );
    assert_eq!(read.connection, None);
    assert!(super::super::read(&batch(&attachment(AttachedFile::LARGEST))).is_ok());
}

#[test]
fn a_file_that_is_none_or_too_large_is_refused() {
    let mut other = attachment(512);
    other["attachments"] = json!({ "1501": other["attachments"]["1500"] });
    let options = |options: Value| extension("batch", &options);
    let refusals = [
        batch(&attachment(AttachedFile::LARGEST + 1)),
        batch(&attachment(u32::MAX)),
        batch(&attachment(0)),
        batch(&json!({})),
        batch(&other),
        options(json!([])),
        options(json!([text("file", "lines.csv")])),
        options(json!([{ "type": 6, "name": "file", "value": "1500" }])),
    ]
    .map(|typed| read(&typed).expect_err("refused").to_string());
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    The option file takes a file of at most 1 MB; this one has 1.1 MB. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB; this one has 4295.0 MB. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB; this one is empty. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB; Discord did not say what this one is. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB; Discord did not say what this one is. Nothing was changed; please send /extension batch again.
    The option file must be filled in; it takes a file of at most 1 MB. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB. Nothing was changed; please send /extension batch again.
    The option file takes a file of at most 1 MB. Nothing was changed; please send /extension batch again.
    "#);
}

#[test]
fn a_new_extension_has_a_name_and_a_type_and_whatever_else_was_typed() {
    let typed = json!([
        text("codecs", "g7231_6, g726_40"),
        text("type", "2"),
        text("name", " SIP2 "),
        text("dial-out", "555"),
        text("connection-type", "3"),
    ]);
    let Ok(Command::ExtensionCreate(create)) = read(&extension("create", &typed)) else { panic!("not a create") };
    assert_eq!((create.name.as_str(), create.kind.as_str(), create.connection.as_ref()), ("SIP2", "2", None));
    let all: Vec<_> = create.all_fields().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(all, ["name=SIP2", "type=2", "dial-out=555", "codecs=g7231_6, g726_40", "connection-type=3"]);
    for lacking in
        [json!([text("name", "a")]), json!([text("type", "2")]), json!([text("name", " "), text("type", "2")])]
    {
        read(&extension("create", &lacking)).expect_err("both are needed");
    }
}

#[test]
fn an_edit_of_an_extension_sets_and_clears() {
    let typed =
        json!([text("extension", "mediatel:13"), text("description", ""), text("dtmf", ","), text("name", "x")]);
    let Ok(Command::ExtensionEdit(edit)) = read(&extension("edit", &typed)) else { panic!("not an edit") };
    let changes: Vec<_> = edit.changes.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(changes, ["name=x", "description=", "dtmf=,"]);
    let refused = |option: Value| read(&extension("edit", &json!([text("extension", "13"), option]))).expect_err("");
    insta::assert_snapshot!(
        [
            refused(text("name", "")),
            refused(text("type", "123456789012")),
            refused(text("contact", "a\nb")),
            refused(text("connection", "mediatel")),
            refused(json!({ "type": 4, "name": "type", "value": 2 })),
        ]
        .map(|refused| refused.to_string())
        .join("\n"),
        @r#"
        The option name takes one line of 1 to 64 characters; this one is empty. Nothing was changed; please send /extension edit again.
        The option type takes one line of 1 to 11 characters; this one has 12. Nothing was changed; please send /extension edit again.
        The option contact takes one line of at most 255 characters, none of them a control character. Nothing was changed; please send /extension edit again.
        There is no option connection here; this command takes extension, name, type, description, dial-out, protocol, contact, from, address, destination, codecs, connection-type, dtmf and payload. Nothing was changed; please send /extension edit again.
        The option type takes one line of 1 to 11 characters. Nothing was changed; please send /extension edit again.
        "#
    );
}

#[test]
fn presence_is_read() {
    let typed = json!([text("agent", "maria"), text("queue", "suporte"), text("extension", "2001")]);
    let login = agent::Login { agent: "maria".into(), extension: Some("2001".into()), queue: Some("suporte".into()) };
    assert_eq!(read(&agent("login", &typed)), Ok(Command::AgentLogin(login)));
    let paused = read(&agent("pause", &json!([text("agent", "maria")])));
    assert_eq!(paused, Ok(Command::AgentPause(agent::Pause { agent: "maria".into(), reason: None })));
    assert_eq!(
        read(&agent("status", &json!([]))),
        Ok(Command::AgentStatus(agent::Status { agent: None, connection: None }))
    );
    read(&agent("logout", &json!([]))).expect_err("whom?");
}

#[test]
fn a_stored_command_with_half_a_file_is_refused() {
    for text in [
        r#"{"command":"extension.batch"}"#,
        r#"{"command":"extension.batch","file":"lines.csv"}"#,
        r#"{"command":"extension.batch","file":{"id":"1","filename":"a","size":-1,"url":"u"}}"#,
        r#"{"command":"extension.batch","file":{"id":"1","filename":"a","size":1}}"#,
        r#"{"command":"extension.batch","file":{"id":"1","filename":"a","size":1,"url":"u","more":1}}"#,
        r#"{"command":"extension.create","name":"a","fields":[]}"#,
        r#"{"command":"extension.create","name":"a","type":"2","fields":[],"more":1}"#,
    ] {
        serde_json::from_str::<Command>(text).expect_err(text);
    }
}

#[test]
fn what_is_typed_is_completed_by_what_exists() {
    let option = |leaf: &str, name: &str| {
        let typed = json!([{ "type": 3, "name": name, "value": "s", "focused": true }]);
        completing(&extension(leaf, &typed)).map(|completing| (completing.option, completing.permission))
    };
    let (read, write) = (Some(Permission::ExtensionRead), Some(Permission::ExtensionWrite));
    assert_eq!(option("show", "extension"), Some((CompletedOption::Extension, read)));
    assert_eq!(option("list", "connection"), Some((CompletedOption::Connection, read)));
    assert_eq!(option("batch", "connection"), Some((CompletedOption::Connection, write)));
    assert_eq!(option("delete", "extension"), Some((CompletedOption::Extension, Some(Permission::ExtensionDelete))));
    for leaf in ["create", "edit"] {
        for (name, completed) in [
            ("type", CompletedOption::ExtensionType),
            ("protocol", CompletedOption::Protocol),
            ("codecs", CompletedOption::Codecs),
            ("dtmf", CompletedOption::Dtmf),
        ] {
            assert_eq!(option(leaf, name), Some((completed, write)), "{leaf} {name}");
        }
        assert_eq!(option(leaf, "payload"), None);
    }
    let option = |leaf: &str, name: &str| {
        let typed = json!([text("agent", "erix-br:maria"), { "type": 3, "name": name, "value": "s", "focused": true }]);
        completing(&agent(leaf, &typed)).map(|it| (it.option, it.agent, it.permission))
    };
    let (of, write) = (Some("erix-br:maria".to_owned()), Some(Permission::PresenceWrite));
    assert_eq!(option("login", "extension"), Some((CompletedOption::AgentExtension, of.clone(), write)));
    assert_eq!(option("login", "queue"), Some((CompletedOption::Queue, of.clone(), write)));
    assert_eq!(option("pause", "reason"), Some((CompletedOption::PauseReason, of.clone(), write)));
    assert_eq!(option("status", "connection"), Some((CompletedOption::Connection, of, Some(Permission::PresenceRead))));
}

#[test]
fn a_list_is_completed_with_all_that_stands_before() {
    let list = format!("{}g726", "g7231_6, ".repeat(40));
    let typed = json!([
        text("extension", "mediatel:13"),
        { "type": 3, "name": "codecs", "value": list, "focused": true },
    ]);
    let completing = completing(&extension("edit", &typed)).expect("completes");
    assert_eq!((completing.typed, completing.extension.as_deref()), (list, Some("mediatel:13")));
}

#[test]
fn the_options_are_the_keys_of_the_table() {
    let keys = |command: &Value| -> Vec<String> {
        let options = command["options"].as_array().expect("options");
        options.iter().filter_map(|option| option["name"].as_str().map(str::to_owned)).collect()
    };
    let surface = crate::surface_json();
    let leaf = |leaf: &str| {
        let leaves = surface[1]["options"].as_array().expect("leaves").iter();
        keys(leaves.into_iter().find(|it| it["name"] == leaf).expect("the leaf"))
    };
    let known =
        "name type description dial-out protocol contact from address destination codecs connection-type dtmf payload";
    let without =
        |names: Vec<String>, own: &str| names.into_iter().filter(|name| name != own).collect::<Vec<_>>().join(" ");
    assert_eq!(without(leaf("create"), "connection"), known);
    assert_eq!(without(leaf("edit"), "extension"), known);
    let _: extension::List = serde_json::from_str("{}").expect("everything is optional");
}
