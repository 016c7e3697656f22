//! The connection's table, what it offers, and what is refused without asking.

use serde_json::{Value, json};

use super::{agent, connect, login, pause, set};
use crate::systems::tests::Canned;
use crate::{
    Ability, AgentId, AgentState, ErrorKind, LoginNeeds, LoginOffers, OtherPauses, PresenceChange, PresenceRules,
};

fn problems(table: &Value) -> Vec<String> {
    crate::systems::tests::connect(crate::systems::erix::SYSTEM, table).unwrap_err()
}

#[tokio::test]
async fn what_the_settings_name_is_offered() {
    let client = connect(
        "http://127.0.0.1:1",
        &json!({ "agents": [
        { "login": "maria", "name": "Maria Silva", "extension": "2001", "queues": ["suporte", "vendas"] },
        { "login": "joão", "queues": ["vendas", "geral"] },
    ] }),
    );
    let agents = client.reading.agents().await.unwrap();
    let told: Vec<_> = agents.iter().map(|a| (a.id.as_str(), a.login.as_str(), a.name.as_str(), a.state)).collect();
    assert_eq!(
        told,
        [("maria", "maria", "Maria Silva", AgentState::Unknown), ("joão", "joão", "", AgentState::Unknown)]
    );
    assert_eq!(agent(&client, "maria").await, agents[0]);
    assert_eq!(
        (agent(&client, "ana.b").await.login, agent(&client, "ana.b").await.name),
        ("ana.b".into(), String::new())
    );

    let presence = client.presence.as_ref().unwrap();
    let rules = PresenceRules {
        login: LoginNeeds::ExtensionAndQueue,
        pauses: vec!["Almoço".into(), "Treinamento".into()],
        also_called: Vec::new(),
        other_pauses: OtherPauses::Any,
        unpause_also: "",
    };
    assert_eq!(presence.rules(), &rules);
    let offers = |login: &str| presence.login_offers(&AgentId::new(login));
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected =
        LoginOffers { extensions: texts(&["2001"]), queues: texts(&["suporte", "vendas", "geral"]), queue: None };
    assert_eq!(offers("maria"), expected);
    assert_eq!(offers("joão").queues, ["vendas", "geral", "suporte"]);
    assert_eq!(
        offers("ana"),
        LoginOffers { extensions: vec![], queues: texts(&["suporte", "vendas", "geral"]), queue: None }
    );

    let card = client.reading.describe(&agents[0]);
    let lines: Vec<String> = card[0].lines.iter().map(|line| format!("{}: {}", line.label, line.value)).collect();
    assert_eq!(lines, ["Login: maria", "Name: Maria Silva", "Extension: 2001", "Queues: suporte, vendas"]);
}

#[tokio::test]
async fn it_can_log_in_and_pause_and_says_no_to_the_rest() {
    let client = connect("http://127.0.0.1:1", &json!({}));
    let abilities: Vec<Ability> = client.reading.abilities().iter().collect();
    assert_eq!(abilities, [Ability::Login, Ability::Pause]);
    assert!(
        client.reading.provisioning().is_none() && client.reading.fields().is_empty() && client.extensions.is_none()
    );
    let error = client.reading.own_account().await.unwrap_err();
    assert_eq!(error.to_string(), "desk has no account of its own for us");
    let error = client.writing.delete_agent(&super::permit(), &AgentId::new("maria")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported(Ability::DeleteAgent));
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_without_asking() {
    let canned = Canned::saying(200, r#"{"success":"Login OK"}"#).await;
    let client = connect(&canned.origin, &json!({}));
    let mut lines = Vec::new();
    for (who, change) in [
        ("maria", login("20-01", "suporte")),
        ("maria", login("٢٠٠١", "suporte")),
        ("maria", login(&"1".repeat(65), "suporte")),
        ("maria", login("2001", "a\nb")),
        ("maria", pause("a\0b")),
        ("maria", pause(&"a".repeat(65))),
        ("ana", PresenceChange::LogIn { extension: None, queue: Some("suporte".into()) }),
        ("ana", PresenceChange::LogIn { extension: Some("2001".into()), queue: None }),
    ] {
        let error = set(&client, who, &change).await.unwrap_err();
        lines.push(format!("{error} ({:?})", error.effect));
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    desk refused: an extension is written in digits only, at most 64 of them, such as 2001 (None)
    desk refused: an extension is written in digits only, at most 64 of them, such as 2001 (None)
    desk refused: an extension is written in digits only, at most 64 of them, such as 2001 (None)
    desk refused: a queue's name is one line of at most 64 characters, without control characters (None)
    desk refused: a pause's reason is one line of at most 64 characters, without control characters (None)
    desk refused: a pause's reason is one line of at most 64 characters, without control characters (None)
    desk refused: a login names an extension: the number of a call-centre extension (None)
    desk refused: a login names a queue: one call-centre queue, by its name (None)
    ");
    for no_login in ["", " maria", "ma\nria", &"m".repeat(65), &"я".repeat(33)] {
        let error = client.reading.agent(&AgentId::new(no_login)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{no_login:?}");
    }
    assert!(canned.seen().is_empty());
}

#[test]
fn every_problem_is_told() {
    let table = json!({
        "base_url": "ftp://erix.example/",
        "method": "put",
        "timeout": "0s",
        "rate": "fast",
        "ca_file": "/nowhere/ca.pem",
        "pause_reasons": ["Almoço", "almoço", "", "a\nb"],
        "agents": [
            { "login": " " },
            { "name": "Maria" },
            { "login": "maria", "extension": "20a", "queues": ["suporte", ""] },
            { "login": "maria" },
        ],
    });
    insta::assert_snapshot!(problems(&table).join("\n"), @r#"
    base_url must be an http:// or https:// address without credentials, query or fragment, such as "https://hes.example/v1".
    timeout = "0s" is not a duration of one second or more, such as "10s".
    rate = "fast" is not a rate such as "10/s" or "300/min".
    ca_file = "/nowhere/ca.pem" cannot be read: No such file or directory (os error 2).
    method = "put" must be "post" or "get".
    pause_reasons names "almoço" twice; reports go by the text, so keep one.
    pause_reasons: a reason is one line of 1 to 64 characters.
    pause_reasons: a reason is one line of 1 to 64 characters.
    agents: entry 1 needs a login of 1 to 64 bytes: what the agent logs in with, not the name.
    agents: entry 2 needs a login of 1 to 64 bytes: what the agent logs in with, not the name.
    agents: the extension of maria must be digits only, in quotes, such as "2001".
    agents: a queue of maria must have a name of 1 to 64 characters.
    agents names the login "maria" twice.
    "#);
    // The least that is needed.
    let client = crate::systems::tests::connect(
        crate::systems::erix::SYSTEM,
        &json!({ "base_url": "http://erix.example/api/agent.php" }),
    )
    .unwrap();
    assert!(client.presence.unwrap().rules().pauses.is_empty());
}
