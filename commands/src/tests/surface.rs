//! What is registered: one snapshot, Discord's limits, and the comparison with what is registered already.

use rollcall_telephony::FieldKey;
use serde_json::{Value, json};
use serenity::model::id::{AttachmentId, UserId};

use crate::command::ROSTER;
use crate::surface::{Need, Shape};
use crate::{
    AttachedFile, Command, Doctor, RequestNumber, RequestState, StateFilter, Whoami, agent, approvals, definitions,
    differs, extension, reference, surface_json,
};

fn fields(pairs: &[(&str, &str)]) -> Vec<(FieldKey, String)> {
    pairs.iter().map(|(key, value)| (FieldKey((*key).to_owned()), (*value).to_owned())).collect()
}

/// One of every command, with every option filled in.
fn one_of_each() -> Vec<Command> {
    let recipient = Some(UserId::new(81));
    vec![
        Command::AgentSearch(agent::Search {
            query: "ivan".into(),
            state: Some(StateFilter::Disabled),
            connection: Some("mediatel".into()),
        }),
        Command::AgentShow(agent::Show { agent: "mediatel:42".into() }),
        Command::AgentClone(agent::Clone {
            source: "mediatel:42".into(),
            login: "ivan.ivanov".into(),
            email: Some("ivan@example.com".into()),
            name: Some("Іван Іванов".into()),
            recipient,
        }),
        Command::AgentEdit(agent::Edit {
            agent: "mediatel:42".into(),
            changes: vec![(FieldKey("supervisor".into()), "-1".into()), (FieldKey("start-url".into()), String::new())],
        }),
        Command::AgentDisable(agent::Disable { agent: "mediatel:42".into(), reason: Some("left".into()) }),
        Command::AgentEnable(agent::Enable { agent: "mediatel:42".into() }),
        Command::AgentResetPassword(agent::ResetPassword { agent: "mediatel:42".into(), recipient }),
        Command::AgentDelete(agent::Delete { agent: "mediatel:42".into(), reason: "leaver".into() }),
        Command::AgentRestore(agent::Restore { agent: "mediatel:42".into() }),
        Command::AgentLogin(agent::Login {
            agent: "erix-br:maria".into(),
            extension: Some("2001".into()),
            queue: Some("suporte".into()),
        }),
        Command::AgentLogout(agent::Logout { agent: "erix-br:maria".into() }),
        Command::AgentPause(agent::Pause { agent: "erix-br:maria".into(), reason: Some("lunch".into()) }),
        Command::AgentUnpause(agent::Unpause { agent: "erix-br:maria".into() }),
        Command::AgentStatus(agent::Status { agent: Some("erix-br:maria".into()), connection: Some("erix-br".into()) }),
        Command::ExtensionList(extension::List { connection: Some("mediatel".into()) }),
        Command::ExtensionShow(extension::Show { extension: "mediatel:13".into() }),
        Command::ExtensionCreate(extension::Create {
            name: "SIP2".into(),
            kind: "2".into(),
            connection: Some("mediatel".into()),
            fields: fields(&[("protocol", "SIP"), ("codecs", "g7231_6, g726_40")]),
        }),
        Command::ExtensionEdit(extension::Edit {
            extension: "mediatel:13".into(),
            changes: fields(&[("type", "6"), ("description", ""), ("dtmf", ",")]),
        }),
        Command::ExtensionDelete(extension::Delete { extension: "mediatel:13".into(), reason: "unused".into() }),
        Command::ExtensionBatch(extension::Batch {
            file: AttachedFile {
                id: AttachmentId::new(1500),
                filename: "lines.csv".into(),
                size: 512,
                url: "https://cdn.discordapp.com/ephemeral-attachments/1/1500/lines.csv".into(),
            },
            connection: Some("mediatel".into()),
        }),
        Command::ApprovalsList(approvals::List {}),
        Command::ApprovalsHistory(approvals::History {
            agent: Some("mediatel:42".into()),
            person: recipient,
            state: Some(RequestState::Void),
            since: Some("2026-11-01".parse().expect("a day")),
        }),
        Command::ApprovalsCancel(approvals::Cancel { request: RequestNumber::new(12).expect("a number") }),
        Command::Whoami(Whoami {}),
        Command::Doctor(Doctor {}),
    ]
}

#[test]
fn the_surface_is_this() {
    insta::assert_json_snapshot!(surface_json());
}

#[test]
fn the_reference_is_this() {
    insta::assert_snapshot!(reference());
}

#[test]
fn stored_commands_keep_their_shape() {
    let stored: Vec<String> =
        one_of_each().iter().map(|command| serde_json::to_string(command).expect("writes")).collect();
    insta::assert_snapshot!(stored.join("\n"), @r#"
    {"command":"agent.search","query":"ivan","state":"disabled","connection":"mediatel"}
    {"command":"agent.show","agent":"mediatel:42"}
    {"command":"agent.clone","source":"mediatel:42","login":"ivan.ivanov","email":"ivan@example.com","name":"Іван Іванов","recipient":"81"}
    {"command":"agent.edit","agent":"mediatel:42","changes":[["supervisor","-1"],["start-url",""]]}
    {"command":"agent.disable","agent":"mediatel:42","reason":"left"}
    {"command":"agent.enable","agent":"mediatel:42"}
    {"command":"agent.reset-password","agent":"mediatel:42","recipient":"81"}
    {"command":"agent.delete","agent":"mediatel:42","reason":"leaver"}
    {"command":"agent.restore","agent":"mediatel:42"}
    {"command":"agent.login","agent":"erix-br:maria","extension":"2001","queue":"suporte"}
    {"command":"agent.logout","agent":"erix-br:maria"}
    {"command":"agent.pause","agent":"erix-br:maria","reason":"lunch"}
    {"command":"agent.unpause","agent":"erix-br:maria"}
    {"command":"agent.status","agent":"erix-br:maria","connection":"erix-br"}
    {"command":"extension.list","connection":"mediatel"}
    {"command":"extension.show","extension":"mediatel:13"}
    {"command":"extension.create","name":"SIP2","type":"2","connection":"mediatel","fields":[["protocol","SIP"],["codecs","g7231_6, g726_40"]]}
    {"command":"extension.edit","extension":"mediatel:13","changes":[["type","6"],["description",""],["dtmf",","]]}
    {"command":"extension.delete","extension":"mediatel:13","reason":"unused"}
    {"command":"extension.batch","file":{"id":"1500","filename":"lines.csv","size":512,"url":"https://cdn.discordapp.com/ephemeral-attachments/1/1500/lines.csv"},"connection":"mediatel"}
    {"command":"approvals.list"}
    {"command":"approvals.history","agent":"mediatel:42","person":"81","state":"void","since":"2026-11-01"}
    {"command":"approvals.cancel","request":12}
    {"command":"whoami"}
    {"command":"doctor"}
    "#);
    for (command, text) in one_of_each().iter().zip(&stored) {
        assert_eq!(*command, serde_json::from_str::<Command>(text).expect("reads"));
    }
    let bare: Command =
        serde_json::from_str(r#"{"command":"agent.clone","source":"mediatel:1","login":"a.b"}"#).expect("reads");
    assert_eq!(
        serde_json::to_string(&bare).expect("writes"),
        r#"{"command":"agent.clone","source":"mediatel:1","login":"a.b"}"#
    );
}

#[test]
fn a_stored_command_with_something_unknown_is_refused_not_half_read() {
    for text in [
        r#"{"command":"agent.vanish","agent":"mediatel:1"}"#,
        r#"{"command":"agent.show","agent":"mediatel:1","twice":true}"#,
        r#"{"command":"agent.show"}"#,
        r#"{"command":"approvals.cancel","request":0}"#,
        r#"{"command":"approvals.history","since":"2026-02-30"}"#,
        r#"{"command":"approvals.history","state":"Done"}"#,
        r#"{"agent":"mediatel:1"}"#,
    ] {
        serde_json::from_str::<Command>(text).expect_err(text);
    }
}

#[test]
fn stored_names_follow_the_typed_ones() {
    let commands = one_of_each();
    assert_eq!(commands.len(), ROSTER.len(), "one of every command");
    for (command, entry) in commands.iter().zip(ROSTER) {
        assert_eq!(command.name(), entry.name);
        assert_eq!(command.key(), entry.name[1..].replace(' ', "."));
        assert_eq!(command.permission(), entry.permission);
        let stored = serde_json::to_value(command).expect("writes");
        assert_eq!(stored["command"], command.key());
    }
}

#[test]
fn who_may_do_what_is_as_agreed() {
    let needed: Vec<_> = ROSTER
        .iter()
        .map(|entry| format!("{} {}", entry.name, entry.permission.map_or("everybody", crate::Permission::as_str)))
        .collect();
    insta::assert_snapshot!(needed.join("\n"), @r#"
    /agent search agent.read
    /agent show agent.read
    /agent clone agent.clone
    /agent edit agent.edit
    /agent disable agent.disable
    /agent enable agent.disable
    /agent reset-password agent.reset-password
    /agent delete agent.delete
    /agent restore agent.restore
    /agent login presence.write
    /agent logout presence.write
    /agent pause presence.write
    /agent unpause presence.write
    /agent status presence.read
    /extension list extension.read
    /extension show extension.read
    /extension create extension.write
    /extension edit extension.write
    /extension delete extension.delete
    /extension batch extension.write
    /approvals list everybody
    /approvals history everybody
    /approvals cancel everybody
    /whoami everybody
    /doctor doctor
    "#);
}

/// Everything in a definition that has a name, with Discord's characters that count towards the 8000.
fn walk(at: &Value, visit: &mut impl FnMut(&Value)) {
    visit(at);
    for option in at["options"].as_array().into_iter().flatten() {
        walk(option, visit);
    }
}

#[test]
fn definitions_fit_discords_limits() {
    let surface = surface_json();
    let commands = surface.as_array().expect("an array");
    assert!(commands.len() <= 100, "a guild has at most 100 slash commands");
    assert_eq!(definitions().len(), commands.len());
    let length = |value: &Value| value.as_str().unwrap_or_default().chars().count();
    for command in commands {
        let mut total = 0;
        walk(command, &mut |at| {
            let name = at["name"].as_str().expect("a name");
            assert!((1..=32).contains(&name.len()), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
            assert!((1..=100).contains(&length(&at["description"])), "{name}: {}", at["description"]);
            assert_eq!(at["description"], at["description"].as_str().unwrap_or_default().trim());
            let options = at["options"].as_array().map_or(&[][..], Vec::as_slice);
            assert!(options.len() <= 25, "{name}");
            let mut names: Vec<_> = options.iter().map(|option| option["name"].to_string()).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), options.len(), "{name}: options have names of their own");
            assert!(options.is_sorted_by_key(|option| option["required"] != true), "{name}: required first");
            let choices = at["choices"].as_array().map_or(&[][..], Vec::as_slice);
            assert!(choices.len() <= 25 && (choices.is_empty() || at["autocomplete"].is_null()), "{name}");
            assert!(at["max_length"].as_u64().unwrap_or(1) <= 6000);
            total += length(&at["name"]) + length(&at["description"]);
            total += choices.iter().map(|choice| length(&choice["name"]) + length(&choice["value"])).sum::<usize>();
        });
        assert!(total <= 8000, "{}: {total} characters", command["name"]);
    }
}

#[test]
fn requests_are_a_group_of_their_own() {
    let surface = surface_json();
    let groups: Vec<_> = surface.as_array().expect("an array").iter().map(|command| &command["name"]).collect();
    assert_eq!(groups, ["agent", "extension", "approvals", "whoami", "doctor"]);
    let leaves: Vec<_> = surface[2]["options"].as_array().expect("options").iter().map(|leaf| &leaf["name"]).collect();
    assert_eq!(leaves, ["list", "history", "cancel"]);
}

#[test]
fn the_roster_is_well_formed() {
    for entry in ROSTER {
        let words = entry.name[1..].split(' ').count();
        assert_eq!(words, 1 + usize::from(entry.group.is_some()), "{}", entry.name);
        if let Some(group) = entry.group {
            assert!(entry.name[1..].starts_with(group.name), "{}", entry.name);
        }
        for option in entry.options {
            if let Shape::Number { min, max } = option.shape {
                assert!(min <= max && max < (1 << 53), "{} {}", entry.name, option.name);
            }
            if option.need == Need::Required {
                assert!(!matches!(option.shape, Shape::Text { blank: crate::surface::Blank::Clears, .. }));
            }
        }
    }
}

/// Our commands as Discord answers them: with ids of its own and every default spelt out.
fn answered() -> Vec<Value> {
    fn spell_out(option: &mut Value) {
        let kind = option["type"].as_u64();
        option["name_localizations"] = Value::Null;
        option["description_localizations"] = Value::Null;
        if option["required"].is_null() && kind != Some(1) {
            option["required"] = json!(false);
        }
        if let Some(max) = option["max_value"].as_f64() {
            option["max_value"] = json!(max);
        }
        for inner in option["options"].as_array_mut().into_iter().flatten() {
            spell_out(inner);
        }
    }
    let Value::Array(mut commands) = surface_json() else { panic!("an array") };
    for (at, command) in commands.iter_mut().enumerate() {
        for option in command["options"].as_array_mut().into_iter().flatten() {
            spell_out(option);
        }
        let own = json!({
            "id": format!("130{at}"), "application_id": "12", "version": "1309", "guild_id": "1111", "type": 1,
            "default_member_permissions": null, "dm_permission": true, "nsfw": false, "contexts": null,
            "integration_types": [0, 1], "name_localizations": null, "description_localizations": {},
        });
        for (member, value) in own.as_object().expect("an object") {
            command[member] = value.clone();
        }
        if command["options"].is_null() {
            command["options"] = json!([]);
        }
    }
    commands.reverse();
    commands
}

#[test]
fn what_discord_answers_to_our_commands_is_no_difference() {
    assert!(!differs(&answered()));
    let Value::Array(ours) = surface_json() else { panic!("an array") };
    assert!(!differs(&ours));
}

#[test]
fn every_real_difference_is_seen() {
    assert!(differs(&[]), "nothing registered");
    assert!(differs(&answered()[1..]), "a command is missing");
    let changed = |change: fn(&mut Value)| {
        let mut answer = answered();
        let at = answer.iter().position(|command| command["name"] == "agent").expect("/agent");
        change(&mut answer[at]);
        differs(&answer)
    };
    assert!(changed(|agent| agent["description"] = json!("Something else")));
    assert!(changed(|agent| agent["options"][2]["options"].as_array_mut().expect("options").swap(0, 1)));
    assert!(changed(|agent| agent["options"][2]["options"][0]["required"] = json!(false)));
    assert!(changed(|agent| agent["options"][0]["options"][0]["max_length"] = json!(49)));
    assert!(changed(|agent| agent["options"][0]["options"][1]["choices"][0]["value"] = json!("on")));
    assert!(changed(|agent| agent["default_member_permissions"] = json!("8")));
    assert!(changed(|agent| agent["nsfw"] = json!(true)));
    assert!(changed(|agent| agent["name_localizations"] = json!({ "uk": "агент" })));
    let mut more = answered();
    more.push(json!({ "id": "9", "type": 1, "name": "old", "description": "From an older version" }));
    assert!(differs(&more), "a command too many");
    assert!(differs(&[json!(7), json!(null)]), "not even commands");
}
