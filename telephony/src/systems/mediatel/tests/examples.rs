//! Every documented exchange about agents, through the client and through the twin; neither knows the other.

use serde_json::Value;

use super::{Canned, permit, secret, sent, serve, twin};
use crate::systems::mediatel::twin::Twin;
use crate::{Agent, AgentId, Echo, FieldKey, FieldValue, NewAgent, PersonalNumbers, Record};

const EXAMPLES: [(&str, &str); 7] = [
    ("list", include_str!("../examples/list.json")),
    ("get", include_str!("../examples/get.json")),
    ("self", include_str!("../examples/self.json")),
    ("create", include_str!("../examples/create.json")),
    ("modify", include_str!("../examples/modify.json")),
    ("disable", include_str!("../examples/disable.json")),
    ("delete", include_str!("../examples/delete.json")),
];

fn example(name: &str) -> Value {
    let (_, text) = EXAMPLES.iter().find(|(n, _)| *n == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// The client in front of a server that answers the documented response.
async fn client_of(name: &str) -> (Canned, crate::Connected) {
    let canned = Canned::saying(200, example(name)["response"].to_string()).await;
    let client = canned.client();
    (canned, client)
}

/// What the client asked is what the document shows: line and body, member order included.
fn asked_as_documented(canned: &Canned, name: &str) {
    let (seen, example) = (canned.seen(), example(name));
    let line = format!("{} {}", example["method"].as_str().unwrap(), example["path"].as_str().unwrap());
    let [request] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(request.line, line);
    assert_eq!(request.headers["user-agent"], concat!("rollcall/", env!("CARGO_PKG_VERSION")));
    let kind = example.get("request").map(|_| "application/json; charset=utf-8");
    assert_eq!(request.headers.get("content-type").map(|v| v.to_str().unwrap()), kind);
    assert_eq!(request.body, example.get("request").map_or(String::new(), Value::to_string));
}

/// An agent as the client hands it out, from the documented object.
fn is_documented(agent: &Agent, documented: &Value) {
    let mut expected = documented.clone();
    expected.as_object_mut().unwrap().shift_remove("Password").unwrap();
    assert_eq!(serde_json::to_string(&agent.record).unwrap(), expected.to_string());
    assert_eq!(agent.id.as_str(), documented["ID"].to_string());
    assert_eq!(agent.login, documented["Login"].as_str().unwrap());
    assert_eq!(agent.name, documented["Details"].as_str().unwrap());
    assert_eq!(agent.rights.agent, documented["RightID"].as_i64());
}

#[tokio::test]
async fn the_client_reads_as_documented() {
    let (canned, client) = client_of("list").await;
    let agents = client.reading.agents().await.unwrap();
    asked_as_documented(&canned, "list");
    for (agent, documented) in agents.iter().zip(example("list")["response"]["result"].as_array().unwrap()) {
        is_documented(agent, documented);
    }
    assert_eq!(agents[1].personal_numbers, ["945"]);

    let (canned, client) = client_of("get").await;
    is_documented(&client.reading.agent(&AgentId::new("1")).await.unwrap(), &example("get")["response"]["result"][0]);
    asked_as_documented(&canned, "get");

    let (canned, client) = client_of("self").await;
    is_documented(&client.reading.own_account().await.unwrap(), &example("self")["response"]["result"][0]);
    asked_as_documented(&canned, "self");
}

#[tokio::test]
async fn the_client_writes_as_documented() {
    // The documented body of a new agent, made from a source with its settings.
    let (canned, client) = client_of("create").await;
    let mut source = example("create")["request"].clone();
    source.as_object_mut().unwrap().shift_remove("Password");
    let record = Record::parse(&source.to_string()).unwrap();
    let (_, other) = client_of("get").await;
    let mut source = other.reading.agent(&AgentId::new("1")).await.unwrap();
    source.record = record;
    let plain = secret("1");
    let new = NewAgent {
        source: &source,
        login: "NewAgent1",
        details: "New Agent",
        personal_numbers: PersonalNumbers::Clear,
        password: sent(&plain),
    };
    let (agent, echo) = client.writing.create_agent(&permit(), new).await.unwrap();
    asked_as_documented(&canned, "create");
    assert_eq!((agent.login.as_str(), agent.id.as_str(), echo), ("NewAgent5", "2", Echo::AsSent));

    let (canned, client) = client_of("modify").await;
    let change = vec![
        (FieldKey("supervisor-rights".into()), FieldValue::Number(4)),
        (FieldKey("supervisor".into()), FieldValue::Number(-1)),
    ];
    let mut before = agent.clone();
    before.record.set("SupervisorID", &1);
    let agent = client.writing.edit_agent(&permit(), &before, &change).await.unwrap();
    asked_as_documented(&canned, "modify");
    let unknown = client.reading.unknown_members(&agent);
    assert!(unknown.contains(&"ClientApp.AddNrlnClipboard".to_owned()) && unknown.contains(&"RingFileID".to_owned()));

    let (canned, client) = client_of("disable").await;
    let agent = client.writing.disable_agent(&permit(), &AgentId::new("2")).await.unwrap();
    asked_as_documented(&canned, "disable");
    is_documented(&agent, &example("disable")["response"]["result"][0]);
}

#[tokio::test]
async fn the_client_deletes_as_documented() {
    let bodies = ["disable", "delete"].map(|name| example(name)["response"].to_string());
    let answers = bodies.map(|body| axum::http::Response::new(body.into_bytes()));
    let canned = Canned::answering(answers.into()).await;
    canned.client().writing.delete_agent(&permit(), &AgentId::new("2")).await.unwrap();
    let lines: Vec<String> = canned.seen().into_iter().map(|r| r.line).collect();
    assert_eq!(lines, ["GET /v1/agents/2", "DELETE /v1/agents/2"]);
}

#[tokio::test]
async fn the_twin_answers_as_documented() {
    let twin = Twin::new(twin::Options::default());
    let base = serve(twin.router()).await;
    let origin = base.strip_suffix("/v1").unwrap();
    twin.put_agent(&example("list")["response"]["result"][1].to_string()).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (name, _) in EXAMPLES {
        let example = example(name);
        let mut expected = example["response"].clone();
        match name {
            // The document answers NewAgent5 and id 2 to NewAgent1; the twin keeps the login and counts on from 3.
            "create" => {
                expected["result"][0]["Login"] = "NewAgent1".into();
                expected["result"][0]["ID"] = 4.into();
            }
            // What the conversion of the document left behind is not the server's.
            "modify" => twin.put_agent(&expected["result"][0].to_string()).unwrap(),
            "disable" => {
                twin.put_agent(&expected["result"][0].to_string().replace("\"State\":0", "\"State\":1")).unwrap();
            }
            _ => {}
        }
        let method = example["method"].as_str().unwrap().parse().unwrap();
        let mut request = http.request(method, format!("{origin}{}", example["path"].as_str().unwrap()));
        if let Some(body) = example.get("request") {
            request = request.body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(answer.json::<Value>().await.unwrap(), expected, "{name}");
    }
    assert_eq!(twin.unexpected(), [""; 0]);
}

#[tokio::test]
async fn client_and_twin_meet() {
    let (twin, client) = twin(twin::Options::default()).await;
    twin.seed_agents(30, 7);
    let agents = client.reading.agents().await.unwrap();
    assert_eq!(agents.len(), twin.count());
    assert!(agents.iter().any(|a| !client.reading.unknown_members(a).is_empty()));
    assert_eq!(client.reading.own_account().await.unwrap().login, "root");
    assert_eq!(twin.unexpected(), [""; 0]);
    let base = serve(twin.router()).await;
    reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{base}/queues")).send().await.unwrap();
    assert_eq!(twin.unexpected(), ["GET /v1/queues"]);
}
