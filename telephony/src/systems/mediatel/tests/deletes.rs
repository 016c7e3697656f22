//! The twin's permanent deletes, asked over plain HTTP: which work, which are refused, what stays.

use serde_json::Value;

use super::serve;
use crate::systems::mediatel::twin::{Fault, Moment, Options, Supervisors, Times, Trouble, Twin};

/// Status and body of a request for one agent.
async fn ask(base: &str, method: &str, id: u64, body: &str) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.request(method.parse().unwrap(), format!("{base}/agents/{id}")).body(body.to_owned());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn refused(answer: &(u16, Value), code: u16, detail: u8, entity: u8) {
    let error = &answer.1["error"];
    let found = (answer.0, error["code"].as_u64(), error["detail"].as_u64(), error["entity"].as_u64());
    assert_eq!(found, (code, Some(code.into()), Some(detail.into()), Some(entity.into())));
}

async fn twin_of_two(options: Options) -> (std::sync::Arc<Twin>, String) {
    let twin = Twin::new(options);
    twin.put_agent(r#"{"ID":5,"Login":"boss","State":1,"SupervisorID":1}"#).unwrap();
    twin.put_agent(r#"{"ID":6,"Login":"ivan","State":1,"SupervisorID":5}"#).unwrap();
    let base = serve(twin.router()).await;
    (twin, base)
}

#[tokio::test]
async fn only_what_is_logically_deleted_can_be_deleted_and_only_once() {
    let (twin, base) = twin_of_two(Options::default()).await;
    refused(&ask(&base, "DELETE", 6, "").await, 409, 106, 1);
    assert_eq!(ask(&base, "PUT", 6, r#"{"State":0}"#).await.0, 200);
    twin.hold(6, 0);
    refused(&ask(&base, "DELETE", 6, "").await, 409, 106, 0);
    twin.let_go(6);
    let (status, answer) = ask(&base, "DELETE", 6, "").await;
    assert_eq!((status, answer.to_string().as_str()), (200, r#"{"error":{"code":200},"result":[]}"#));
    for method in ["DELETE", "GET", "PUT"] {
        refused(&ask(&base, method, 6, r#"{"State":1}"#).await, 404, 101, 1);
    }
    assert_eq!(twin.deleted_agents(), [6]);
    twin.put_agent(r#"{"ID":0,"Login":"new"}"#).unwrap();
    assert_eq!(twin.agent_by_login("new").unwrap().number("ID"), Some(7), "an id is not used again");
}

#[tokio::test]
async fn a_supervisor_is_in_use_where_the_system_says_so() {
    let (twin, base) = twin_of_two(Options { supervisors: Supervisors::InUse, ..Options::default() }).await;
    twin.change_agent(5, r#"{"State":0}"#).unwrap();
    refused(&ask(&base, "DELETE", 5, "").await, 409, 106, 1);
    twin.change_agent(6, r#"{"SupervisorID":-1}"#).unwrap();
    assert_eq!(ask(&base, "DELETE", 5, "").await.0, 200);
    let (twin, base) = twin_of_two(Options::default()).await;
    twin.change_agent(5, r#"{"State":0}"#).unwrap();
    assert_eq!(ask(&base, "DELETE", 5, "").await.0, 200);
    assert_eq!(ask(&base, "GET", 6, "").await.1["result"][0]["SupervisorID"], 5, "the id stays, whoever is gone");
}

#[tokio::test]
async fn what_somebody_else_does_is_no_mutation_of_ours() {
    let (twin, base) = twin_of_two(Options::default()).await;
    assert!(twin.change_agent(5, "[]").is_err());
    twin.change_agent(5, r#"{"Details":"new"}"#).unwrap();
    assert_eq!(ask(&base, "GET", 5, "").await.1["result"][0]["Details"], "new");
    let taken = twin.take_agent(5).unwrap();
    refused(&ask(&base, "GET", 5, "").await, 404, 101, 1);
    assert_eq!((taken.text("Login").as_deref(), twin.take_agent(5)), (Some("boss"), None));
    assert!(twin.mutations().is_empty() && twin.deleted_agents().is_empty());
}

#[tokio::test]
async fn a_delete_whose_answer_is_lost_took_effect() {
    let (twin, base) = twin_of_two(Options::default()).await;
    twin.change_agent(6, r#"{"State":0}"#).unwrap();
    let fault = |moment| Fault {
        method: Some("DELETE"),
        path: "/v1/agents/6",
        moment,
        times: Times::Next(1),
        trouble: Trouble::Cut,
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    twin.fault(fault(Moment::Before));
    assert!(http.delete(format!("{base}/agents/6")).send().await.is_err());
    assert!(twin.deleted_agents().is_empty(), "it never arrived");
    twin.fault(fault(Moment::After));
    assert!(http.delete(format!("{base}/agents/6")).send().await.is_err());
    assert_eq!(twin.deleted_agents(), [6]);
    refused(&ask(&base, "GET", 6, "").await, 404, 101, 1);
}
