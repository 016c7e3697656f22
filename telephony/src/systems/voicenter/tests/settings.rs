//! The connection's table, what it offers, and what is refused without asking.

use serde_json::{Value, json};

use super::{DANA, connect, pause, set};
use crate::systems::tests::{Canned, SECRET};
use crate::{Ability, AgentId, ErrorKind, LoginNeeds, OtherPauses, PresenceChange, PresenceRules};

fn problems(table: &Value) -> Vec<String> {
    crate::systems::tests::connect(crate::systems::voicenter::SYSTEM, table).unwrap_err()
}

#[tokio::test]
async fn what_the_settings_name_is_offered() {
    let client = connect("http://127.0.0.1:1", &json!({}));
    let agents = client.reading.agents().await.unwrap();
    let told: Vec<_> = agents.iter().map(|a| (a.id.as_str(), a.login.as_str(), a.name.as_str())).collect();
    assert_eq!(told, [(DANA, "sipsip", "Dana Levi"), ("7", "sipsip", "Noa Cohen"), ("8", "nowhere", "")]);
    assert_eq!(client.reading.agent(&AgentId::new(DANA)).await.unwrap(), agents[0]);
    assert_eq!(client.reading.agent(&AgentId::new("9")).await.unwrap_err().kind, ErrorKind::NotFound);
    let rules = client.presence.as_ref().unwrap().rules().clone();
    let labels = ["Lunch", "Administrative", "Private", "Other", "Training", "Team meeting", "Brief"];
    let expected = PresenceRules {
        login: LoginNeeds::Nothing,
        pauses: labels.map(str::to_owned).to_vec(),
        also_called: [3, 5, 7, 9, 11, 12, 13]
            .map(|n: u32| n.to_string())
            .into_iter()
            .zip(labels.map(str::to_owned))
            .collect(),
        other_pauses: OtherPauses::None,
        unpause_also: rules.unpause_also,
    };
    assert_eq!(rules, expected);
    assert!(rules.unpause_also.contains("login status (1)"));
    // What is told is what is sent, also where the number was typed.
    let typed = |reason: &str| rules.in_its_words(PresenceChange::Pause { reason: Some(reason.to_owned()) });
    assert_eq!([typed(" 3 "), typed("LUNCH")], [typed("Lunch"), typed("Lunch")]);
    assert_eq!(typed("4"), PresenceChange::Pause { reason: Some("4".to_owned()) });
    let card = client.reading.describe(&agents[0]);
    let lines: Vec<String> = card[0].lines.iter().map(|line| format!("{}: {}", line.label, line.value)).collect();
    assert_eq!(lines, ["User id: 123456789", "Extension (SIP): sipsip", "Name: Dana Levi"]);
    let abilities: Vec<Ability> = client.reading.abilities().iter().collect();
    assert_eq!(abilities, [Ability::Login, Ability::Pause]);
    let error = client.writing.disable_agent(&super::permit(), &AgentId::new(DANA)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported(Ability::DisableAgent));
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_without_asking() {
    let canned = Canned::saying(200, r#"{"Status":1}"#).await;
    let client = connect(&canned.origin, &json!({ "statuses": { "13": "Siesta", "3": "Lunch" } }));
    let none = connect(&canned.origin, &json!({ "statuses": {} }));
    let at = |extension: &str, queue: &str| PresenceChange::LogIn {
        extension: Some(extension.into()),
        queue: Some(queue.into()),
    };
    let mut lines = Vec::new();
    for (client, change) in [
        (&client, PresenceChange::Pause { reason: None }),
        (&client, pause(" ")),
        (&client, pause("Brief")),
        (&client, pause("1")),
        (&client, pause("2")),
        (&client, pause("03")),
        (&none, pause("Lunch")),
        (&client, at("2001", "")),
        (&client, at("sipsip", "sales")),
    ] {
        let error = set(client, DANA, &change).await.unwrap_err();
        lines.push(format!("{error} ({:?})", error.effect));
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    desk refused: a pause names its reason, one of: Lunch, Siesta (None)
    desk refused: a pause names its reason, one of: Lunch, Siesta (None)
    desk refused: there is no break "Brief", but there are: Lunch, Siesta (None)
    desk refused: there is no break "1", but there are: Lunch, Siesta (None)
    desk refused: there is no break "2", but there are: Lunch, Siesta (None)
    desk refused: there is no break "03", but there are: Lunch, Siesta (None)
    desk refused: there are no breaks: whoever installed the bot can set them as statuses (None)
    desk refused: an agent logs in at its own extension, here sipsip; leave extension out (None)
    desk refused: a login is for every queue of the agent; leave queue out (None)
    "#);
    assert!(canned.seen().is_empty());
    set(&client, DANA, &at(" SIPSIP ", "")).await.unwrap();
}

#[test]
fn every_problem_is_told_and_no_secret_repeated() {
    let table = json!({
        "base_url": "https://user:pw@api.voicenter.example/",
        "code": SECRET,
        "method": "put",
        "timeout": "0s",
        "rate": "fast",
        "ca_file": "/nowhere/ca.pem",
        "statuses": { "x": "Lunch", "03": "Lunch", "1": "In", "2": "Out", "3": "Lunch", "5": "lunch", "7": "", "9": "11", "11": "a" },
        "agents": [
            { "extension_user": "sipsip" },
            { "user_id": "5", "extension_user": " " },
            { "user_id": "6", "extension_user": "a" },
            { "user_id": "6", "extension_user": "b" },
        ],
    });
    let found = problems(&table).join("\n");
    assert!(!found.contains(SECRET) && !found.contains("pw@"), "{found}");
    insta::assert_snapshot!(found, @r#"
    base_url must be an http:// or https:// address without credentials, query or fragment, such as "https://hes.example/v1".
    timeout = "0s" is not a duration of one second or more, such as "10s".
    rate = "fast" is not a rate such as "10/s" or "300/min".
    ca_file = "/nowhere/ca.pem" cannot be read: No such file or directory (os error 2).
    code must be written "env:NAME"; the secret itself belongs in the environment.
    method = "put" must be "post" or "get".
    statuses: "x" is no status; the keys are numbers, such as "3".
    statuses: "03" is no status; the keys are numbers, such as "3".
    statuses: 1 is not a break (1 is the login, 2 the logout); name the breaks only.
    statuses: 2 is not a break (1 is the login, 2 the logout); name the breaks only.
    statuses: the label "lunch" stands there twice; nobody could tell which is meant.
    statuses: the label of 7 must be one line of 1 to 64 characters.
    statuses: the label of 9 must not be the number of another status.
    agents: entry 1 needs user_id, the agent's user id at Voicenter; it goes with every status.
    agents: entry 2 needs extension_user, the SIP code of the agent's extension; it goes with every status.
    agents names the user_id "6" twice.
    "#);
    let unset = json!({ "base_url": "https://api.voicenter.example/x", "code": "env:NOWHERE" });
    assert_eq!(problems(&unset), ["code names the variable NOWHERE, which is not set."]);
}
