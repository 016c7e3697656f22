//! What is read, what is refused, and with which words; what is completed.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::id::UserId;

use super::{agent, approvals, data};
use crate::{
    Command, CompletedOption, Completing, Permission, ReadError, RequestNumber, RequestState, Since, StateFilter,
    agent, approvals, completing, read,
};

#[test]
fn a_clone_is_read() {
    let typed = agent(
        "clone",
        &json!([
            { "type": 3, "name": "source", "value": "mediatel:42" },
            { "type": 3, "name": "login", "value": "  ivan.ivanov " },
            { "type": 6, "name": "recipient", "value": "81" },
        ]),
    );
    let Ok(Command::AgentClone(clone)) = read(&typed) else { panic!("{:?}", read(&typed)) };
    assert_eq!(clone.source.to_string(), "mediatel:42");
    assert_eq!(clone.login, "ivan.ivanov");
    assert_eq!(clone.recipient, Some(UserId::new(81)));
    assert_eq!((clone.email, clone.name), (None, None));
}

#[test]
fn a_delete_takes_the_offered_reasons_and_any_other() {
    for reason in agent::delete::REASONS.into_iter().chain(["замінено на ivan.ivanov2"]) {
        let typed = [("agent", "mediatel:42"), ("reason", reason)]
            .map(|(name, value)| json!({ "type": 3, "name": name, "value": value }));
        let typed = agent("delete", &json!(typed));
        let expected = agent::Delete { agent: "mediatel:42".into(), reason: reason.to_owned() };
        assert_eq!(read(&typed), Ok(Command::AgentDelete(expected)));
    }
}

#[test]
fn a_history_is_read() {
    let typed = approvals(
        "history",
        &json!([
            { "type": 3, "name": "since", "value": " 7d " },
            { "type": 3, "name": "state", "value": "denied" },
            { "type": 6, "name": "person", "value": "81" },
        ]),
    );
    let week = Duration::from_hours(7 * 24);
    let expected = approvals::History {
        agent: None,
        person: Some(UserId::new(81)),
        state: Some(RequestState::Denied),
        since: Some(Since::Ago(week)),
    };
    assert_eq!(read(&typed), Ok(Command::ApprovalsHistory(expected)));
    assert_eq!(read(&approvals("list", &json!([]))), Ok(Command::ApprovalsList(approvals::List {})));
}

#[test]
fn a_request_is_named_by_its_number_with_or_without_its_mark() {
    for typed in ["12", "#12", " #12 ", "0012"] {
        let typed = approvals("cancel", &json!([{ "type": 3, "name": "request", "value": typed }]));
        let request = RequestNumber::new(12).expect("a number");
        assert_eq!(read(&typed), Ok(Command::ApprovalsCancel(approvals::Cancel { request })));
    }
}

#[test]
fn a_number_or_time_that_cannot_be_read_is_refused_with_what_can() {
    let refused = |leaf: &str, name: &str, value: &str| {
        let typed = json!([{ "type": 3, "name": name, "value": value }]);
        read(&approvals(leaf, &typed)).expect_err(value).to_string()
    };
    let refusals = [
        refused("cancel", "request", "twelve"),
        refused("cancel", "request", "-12"),
        refused("cancel", "request", "##12"),
        refused("history", "since", "yesterday **@everyone**"),
        refused("history", "since", "2026-02-29"),
        refused("history", "since", "36501d"),
        read(&approvals("cancel", &json!([{ "type": 4, "name": "request", "value": 12 }]))).expect_err("").to_string(),
        read(&approvals("cancel", &json!([]))).expect_err("missing").to_string(),
        read(&approvals("history", &json!([{ "type": 4, "name": "since", "value": 7 }]))).expect_err("").to_string(),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    The option since takes a time back or a day; write 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    The option since takes a time back or a day; that day is not in the calendar. Nothing was changed; please send /approvals history again.
    The option since takes a time back or a day; at most 36500d back. Nothing was changed; please send /approvals history again.
    The option request takes a request's number: 12 or #12. Nothing was changed; please send /approvals cancel again.
    The option request must be filled in; it takes a request's number: 12 or #12. Nothing was changed; please send /approvals cancel again.
    The option since takes a time back or a day: 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    "#);
}

#[test]
fn options_are_known_by_name_whatever_their_order() {
    let typed = agent(
        "search",
        &json!([
            { "type": 3, "name": "state", "value": "enabled" },
            { "type": 3, "name": "query", "value": "ivan" },
        ]),
    );
    let Ok(Command::AgentSearch(search)) = read(&typed) else { panic!("{:?}", read(&typed)) };
    assert_eq!((search.query.as_str(), search.state), ("ivan", Some(StateFilter::Enabled)));
}

#[test]
fn an_edit_becomes_changes_by_the_options_names() {
    let typed = agent(
        "edit",
        &json!([
            { "type": 3, "name": "agent", "value": "mediatel:42" },
            { "type": 3, "name": "personal-numbers", "value": "945, 946" },
            { "type": 4, "name": "supervisor", "value": -1 },
            { "type": 4, "name": "default-skill", "value": 7 },
            { "type": 3, "name": "start-url", "value": " " },
        ]),
    );
    let Ok(Command::AgentEdit(edit)) = read(&typed) else { panic!("{:?}", read(&typed)) };
    let changes: Vec<_> = edit.changes.iter().map(|(key, value)| (key.0.as_str(), value.as_str())).collect();
    assert_eq!(
        changes,
        [("supervisor", "-1"), ("default-skill", "7"), ("personal-numbers", "945, 946"), ("start-url", "")]
    );
}

fn refusal(leaf: &str, options: &Value) -> String {
    read(&agent(leaf, options)).expect_err("refused").to_string()
}

#[test]
fn a_refusal_says_what_would_be_right() {
    let text = |name: &str, value: &str| json!({ "type": 3, "name": name, "value": value });
    let long = "я".repeat(51);
    let refusals = [
        refusal("vanish", &json!([text("agent", "mediatel:1")])),
        refusal("delete", &json!([text("agent", "mediatel:1")])),
        refusal("show", &json!([])),
        refusal("show", &json!([text("agent", "mediatel:1"), text("login", "x")])),
        refusal("show", &json!([text("agent", "mediatel:1"), text("agent", "mediatel:2")])),
        refusal("show", &json!([{ "type": 4, "name": "agent", "value": 1 }])),
        refusal("show", &json!([{ "type": 3, "name": "agent", "value": "iv", "focused": true }])),
        refusal("show", &json!([text("agent", " \t ")])),
        refusal("search", &json!([text("query", &long)])),
        refusal("search", &json!([text("query", "a\nb")])),
        refusal("search", &json!([text("query", "a"), text("state", "Enabled")])),
        refusal("edit", &json!([text("agent", "a"), { "type": 4, "name": "rights", "value": -1 }])),
        refusal("edit", &json!([text("agent", "a"), { "type": 10, "name": "rights", "value": 1.5 }])),
        refusal("edit", &json!([text("agent", "a"), { "type": 4, "name": "rights", "value": i64::MAX }])),
        refusal("reset-password", &json!([text("agent", "a"), text("recipient", "81")])),
        refusal("show", &json!([text("agent", "a"), text("*@everyone* `\u{202e}x`", "1")])),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    This version of Rollcall does not know /agent vanish. Ask whoever installed it whether it was updated; nothing was changed.
    The option reason must be filled in; it takes one line of 1 to 200 characters. Nothing was changed; please send /agent delete again.
    The option agent must be filled in; it takes one line of 1 to 100 characters. Nothing was changed; please send /agent show again.
    There is no option login here; this command takes agent. Nothing was changed; please send /agent show again.
    The option agent came twice; it takes one value. Nothing was changed; please send /agent show again.
    The option agent takes one line of 1 to 100 characters. Nothing was changed; please send /agent show again.
    The option agent takes one line of 1 to 100 characters. Nothing was changed; please send /agent show again.
    The option agent takes one line of 1 to 100 characters; this one is empty. Nothing was changed; please send /agent show again.
    The option query takes one line of 1 to 50 characters; this one has 51. Nothing was changed; please send /agent search again.
    The option query takes one line of 1 to 50 characters, none of them a control character. Nothing was changed; please send /agent search again.
    The option state takes enabled, disabled or all. Nothing was changed; please send /agent search again.
    The option rights takes a whole number from 0 to 2147483647. Nothing was changed; please send /agent edit again.
    The option rights takes a whole number from 0 to 2147483647. Nothing was changed; please send /agent edit again.
    The option rights takes a whole number from 0 to 2147483647. Nothing was changed; please send /agent edit again.
    The option recipient takes a member of this server. Nothing was changed; please send /agent reset-password again.
    There is no option ??everyone????x? here; this command takes agent. Nothing was changed; please send /agent show again.
    "#);
}

#[test]
fn commands_of_another_version_are_named_but_never_echoed() {
    let unknown = |typed: Value| match read(&data(&typed)) {
        Err(ReadError::UnknownCommand { command }) => command,
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown(json!({ "type": 1, "name": "queue" })), "queue");
    assert_eq!(unknown(json!({ "type": 1, "name": "agent" })), "agent");
    assert_eq!(
        unknown(json!({ "type": 1, "name": "agent", "options": [
        { "type": 2, "name": "list", "options": [{ "type": 1, "name": "all", "options": [] }] },
    ] })),
        "agent list all"
    );
    assert_eq!(
        unknown(json!({ "type": 1, "name": "agent", "options": [
        { "type": 1, "name": "show", "options": [] }, { "type": 1, "name": "show", "options": [] },
    ] })),
        "agent"
    );
    // A message's or user's context menu is not a slash command, whatever it is called.
    assert_eq!(unknown(json!({ "type": 3, "name": "doctor", "target_id": "5" })), "doctor");
    assert_eq!(unknown(json!({ "type": 1, "name": "@everyone **x**" })), "?everyone???x??");
    assert_eq!(unknown(json!({ "type": 1, "name": "x".repeat(5000) })).len(), 32);
    // A command without subcommands does not take one.
    let inner = json!({ "type": 1, "name": "doctor", "options": [{ "type": 1, "name": "now", "options": [] }] });
    assert_eq!(unknown(inner), "doctor now");
}

#[test]
fn a_deep_nest_of_options_is_refused() {
    let mut nest = json!({ "type": 1, "name": "show", "options": [] });
    for _ in 0..30 {
        nest = json!({ "type": 2, "name": "show", "options": [nest] });
    }
    let refused = read(&data(&json!({ "type": 1, "name": "agent", "options": [nest] })));
    assert_eq!(refused, Err(ReadError::UnknownCommand { command: "agent show show".to_owned() }));
}

#[test]
fn what_is_typed_is_completed_with_what_else_matters() {
    let typed = agent(
        "clone",
        &json!([
            { "type": 3, "name": "source", "value": "mediatel:42" },
            { "type": 3, "name": "login", "value": "Іван", "focused": true },
        ]),
    );
    assert_eq!(
        completing(&typed),
        Some(Completing {
            option: CompletedOption::Login,
            permission: Some(Permission::AgentClone),
            typed: "Іван".to_owned(),
            connection: None,
            source: Some("mediatel:42".to_owned()),
            agent: None,
            extension: None,
        })
    );
    let option = |leaf: &str, name: &str| {
        let typed = json!([{ "type": 3, "name": name, "value": "iv", "focused": true }]);
        completing(&agent(leaf, &typed)).map(|completing| (completing.option, completing.permission))
    };
    assert_eq!(option("clone", "source"), Some((CompletedOption::Source, Some(Permission::AgentClone))));
    assert_eq!(option("search", "connection"), Some((CompletedOption::Connection, Some(Permission::AgentRead))));
    assert_eq!(option("delete", "reason"), Some((CompletedOption::Reason, Some(Permission::AgentDelete))));
    assert_eq!(option("restore", "agent"), Some((CompletedOption::Deleted, Some(Permission::AgentRestore))));
    for (leaf, permission) in [
        ("show", Permission::AgentRead),
        ("edit", Permission::AgentEdit),
        ("disable", Permission::AgentDisable),
        ("enable", Permission::AgentDisable),
        ("reset-password", Permission::AgentResetPassword),
        ("delete", Permission::AgentDelete),
    ] {
        assert_eq!(option(leaf, "agent"), Some((CompletedOption::Agent, Some(permission))), "{leaf}");
    }
    assert_eq!(option("edit", "login"), None, "an edit's login has no suggestions");
    assert_eq!(option("search", "query"), None);
    assert_eq!(option("show", "source"), None);
    assert_eq!(option("vanish", "agent"), None);
}

#[test]
fn what_needs_no_permission_is_completed_too() {
    let option = |leaf: &str, name: &str| {
        let typed = json!([{ "type": 3, "name": name, "value": "1", "focused": true }]);
        completing(&approvals(leaf, &typed)).map(|completing| (completing.option, completing.permission))
    };
    assert_eq!(option("history", "agent"), Some((CompletedOption::Requested, None)));
    assert_eq!(option("cancel", "request"), Some((CompletedOption::Request, None)));
    assert_eq!(option("history", "since"), None);
    assert_eq!(option("history", "state"), None);
    assert_eq!(option("list", "agent"), None);
}

#[test]
fn a_text_of_any_length_is_cut_before_it_is_searched_for() {
    let typed = json!([{ "type": 3, "name": "agent", "value": "ї".repeat(5000), "focused": true }]);
    let completing = completing(&agent("show", &typed)).expect("completes");
    assert_eq!(completing.typed.chars().count(), 100);
}
