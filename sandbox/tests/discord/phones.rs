//! The phone systems of the sandbox: who works there, and the settings that a bot is given.

use rollcall_sandbox::{Options, PhoneOptions, Phones, Sandbox, erix::Presence};
use serde_json::{Value, json};
use toml::Table;

async fn at_erix(phones: &Phones, form: &[(&str, &str)]) -> String {
    let answer = reqwest::Client::new().post(phones.erix_url()).form(form).send().await.unwrap();
    answer.text().await.unwrap()
}

async fn at_voicenter(phones: &Phones, code: &str, user: &str, extension: &str, status: u8) -> Value {
    let body = json!({ "Code": code, "UserId": user, "ExtensionUser": extension, "Status": status });
    let answer = reqwest::Client::new().post(phones.voicenter_url()).json(&body).send().await.unwrap();
    answer.json().await.unwrap()
}

/// The settings, read; and the connections in them by name.
fn read(settings: &str) -> (Table, impl Fn(&str) -> Table + use<>) {
    let settings: Table = settings.parse().unwrap();
    let connections = settings["connection"].as_array().unwrap().clone();
    let named = move |name: &str| {
        let found = connections.iter().find(|it| it["name"].as_str() == Some(name)).unwrap();
        found.as_table().unwrap().clone()
    };
    (settings, named)
}

#[tokio::test]
async fn whoever_the_settings_list_can_log_in_where_they_sit() {
    let (sandbox, phones) =
        (Sandbox::start(Options::default()).await.unwrap(), Phones::start(PhoneOptions::default()).await.unwrap());
    let (_, connection) = read(&sandbox.settings(&phones));
    let erix = connection("erix-br");
    assert_eq!(erix["base_url"].as_str(), Some(phones.erix_url()));
    let agents = erix["agents"].as_array().unwrap();
    assert!(agents.len() >= 3);
    for agent in agents {
        let (login, extension) = (agent["login"].as_str().unwrap(), agent["extension"].as_str().unwrap());
        for queue in agent["queues"].as_array().unwrap() {
            let form =
                [("command", "login"), ("agent", login), ("exten", extension), ("queue", queue.as_str().unwrap())];
            assert!(at_erix(&phones, &form).await.contains("Login OK"), "{login}");
        }
        let form = [("command", "pause"), ("agent", login), ("reason", erix["pause_reasons"][0].as_str().unwrap())];
        assert!(at_erix(&phones, &form).await.contains("Pause OK"), "{login}");
    }
    let voicenter = connection("voicenter");
    assert_eq!(voicenter["base_url"].as_str(), Some(phones.voicenter_url()));
    let agents = voicenter["agents"].as_array().unwrap();
    assert!(agents.len() >= 3);
    for agent in agents {
        let (user, extension) = (agent["user_id"].as_str().unwrap(), agent["extension_user"].as_str().unwrap());
        for status in voicenter["statuses"].as_table().unwrap().keys().map(|it| it.parse().unwrap()).chain([1, 2]) {
            let answer = at_voicenter(&phones, phones.voicenter_code(), user, extension, status).await;
            assert_eq!(answer["StatusErroMessage"], "OK", "{user} {status}");
        }
    }
    assert!(phones.erix.unexpected().is_empty() && phones.voicenter.unexpected().is_empty());
}

#[tokio::test]
async fn what_the_settings_do_not_say_is_there_as_well() {
    let phones = Phones::start(PhoneOptions::default()).await.unwrap();
    assert_eq!(phones.erix.presence("carlos"), Some(Presence::LoggedOut));
    for (extension, queue, said) in [
        ("2005", "cobranca", "Login OK"),
        ("2090", "suporte", "Exten Call Center false"),
        ("2001", "diretoria", "Queue Call Center false"),
        ("2999", "suporte", "Exten not exists"),
        ("2001", "nada", "Queue not exists"),
    ] {
        let form = [("command", "login"), ("agent", "carlos"), ("exten", extension), ("queue", queue)];
        let answer = at_erix(&phones, &form).await;
        assert!(answer.contains(said), "{extension} {queue}: {answer}");
    }
    let code = phones.voicenter_code();
    assert_eq!(at_voicenter(&phones, "made up", "123456789", "sipsip", 1).await["Status"], 2);
    assert_eq!(at_voicenter(&phones, code, "123456789", "sipsip", 1).await["Status"], 1);
    let taken = at_voicenter(&phones, code, "207733914", "sipsip", 1).await;
    assert_eq!(taken["StatusErroMessage"], "Extension is already in use");
    let lines = phones.mediatel.extensions();
    assert!(lines.len() >= 5);
    let answer = reqwest::get(format!("{}/extensions", phones.mediatel_url())).await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["result"].as_array().unwrap().len(), lines.len());
    let kinds: std::collections::BTreeSet<_> = lines.iter().map(|(_, line)| line.number("E_Type")).collect();
    assert_eq!(kinds.len(), 5, "each type that the documents show");
}

#[tokio::test]
async fn one_person_is_joined_from_agents_that_are_there() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for agents in [0, 40] {
        let phones = Phones::start(PhoneOptions { agents, ..PhoneOptions::default() }).await.unwrap();
        let text = sandbox.settings(&phones);
        let (settings, connection) = read(&text);
        let person = &settings["person"][0];
        let is: Vec<&str> = person["is"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
        assert_eq!(is.len(), 3, "{is:?}");
        for agent in is {
            let (name, id) = agent.split_once(':').unwrap();
            let known = match connection(name)["kind"].as_str().unwrap() {
                "mediatel" => phones.mediatel.agent_by_login(id).is_some(),
                "erix" => phones.erix.presence(id).is_some(),
                _ => phones.voicenter.user(id).is_some(),
            };
            assert!(known, "{agent}");
        }
        assert_eq!(connection("voicenter")["code"].as_str(), Some("env:VOICENTER_CODE"));
        assert_eq!(phones.environment(), [("VOICENTER_CODE".to_owned(), phones.voicenter_code().to_owned())]);
        assert!(!text.contains(phones.voicenter_code()), "a secret comes from the environment");
        assert!(format!("{text}rate = \"9/s\"").parse::<Table>().unwrap()["connection"][2]["rate"].is_str());
    }
    let [one, other] =
        [Phones::start(PhoneOptions::default()).await.unwrap(), Phones::start(PhoneOptions::default()).await.unwrap()];
    assert_ne!(one.voicenter_code(), other.voicenter_code());
}
