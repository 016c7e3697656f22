//! Every documented exchange and status, through the client and through the twin; neither knows the other.
//!
//! The vendor's page "Login/Logout API": the example of a GET, of a POST and of an answer, and its list of statuses.

use serde_json::json;

use super::{DANA, connect, login, pause, set};
use crate::systems::tests::{Canned, SECRET, serve};
use crate::systems::voicenter::twin::{Mutation, Options, Twin, User};
use crate::{PresenceAnswer, PresenceChange};

const ADDRESS: &str = "/UserLogin/SetStatusFromAPI";
const QUERY: &str = "Code=XXXXXXXXXXX&UserId=123456789&ExtensionUser=sipsip&Status=1";
const REQUEST: &str = r#"{
"Code": "XXXXXXXXXXX",
"UserId": "123456789",
"ExtensionUser": "sipsip",
"Status": 1
}"#;
const ANSWER: &str = r#"{
"Status": 1,
"StatusError": 1,
"StatusErroMessage": "OK"
}"#;

/// The list of statuses, as people ask for them.
fn statuses() -> Vec<(PresenceChange, i64)> {
    vec![
        (login(), 1),
        (PresenceChange::LogOut, 2),
        (pause("Lunch"), 3),
        (pause("Administrative"), 5),
        (pause("Private"), 7),
        (pause("Other"), 9),
        (pause("Training"), 11),
        (pause("Team meeting"), 12),
        (pause("Brief"), 13),
        (pause(" lunch "), 3),
        (pause("13"), 13),
        (PresenceChange::Unpause, 1),
    ]
}

#[tokio::test]
async fn the_client_asks_as_documented() {
    for (change, status) in statuses() {
        let canned = Canned::saying(200, ANSWER).await;
        let client = connect(&canned.origin, &json!({}));
        assert_eq!(set(&client, DANA, &change).await.unwrap(), PresenceAnswer::Done);
        let [asked] = canned.seen().try_into().unwrap();
        assert_eq!(asked.line, format!("POST {ADDRESS}"));
        assert_eq!(asked.headers["content-type"], "application/json; charset=utf-8");
        let documented = REQUEST.replace(['\n', ' '], "").replace("XXXXXXXXXXX", SECRET);
        assert_eq!(asked.body, documented.replace("\"Status\":1", &format!("\"Status\":{status}")));

        let client = connect(&canned.origin, &json!({ "method": "get" }));
        assert_eq!(set(&client, DANA, &change).await.unwrap(), PresenceAnswer::Done);
        let asked = canned.seen().pop().unwrap();
        let documented =
            QUERY.replace("XXXXXXXXXXX", "t0p-secret%2FC0de%2B7").replace("Status=1", &format!("Status={status}"));
        assert_eq!((asked.line, asked.body), (format!("GET {ADDRESS}?{documented}"), String::new()));
    }
}

#[tokio::test]
async fn the_twin_answers_as_documented() {
    let twin = Twin::new("XXXXXXXXXXX", Options::default());
    let origin = serve(twin.router()).await;
    let squeezed = ANSWER.replace(['\n', ' '], "");
    let got = reqwest::get(format!("{origin}{ADDRESS}?{QUERY}")).await.unwrap();
    assert_eq!((got.status().as_u16(), got.text().await.unwrap()), (200, squeezed.clone()));
    let post = reqwest::Client::new().post(format!("{origin}{ADDRESS}")).header("content-type", "application/json");
    let got = post.body(REQUEST).send().await.unwrap();
    assert_eq!(got.headers()["content-type"], "application/json");
    assert_eq!(got.text().await.unwrap(), squeezed);
    let logged_in = User { status: 1, extension: Some("sipsip".into()) };
    assert_eq!((twin.user(DANA), twin.mutations().len()), (Some(logged_in), 2));
    // As older clients wrote it.
    let older = QUERY.replace("Code", "code").replace("UserId", "userid").replace("ExtensionUser", "sipid");
    let got = reqwest::get(format!("{origin}{ADDRESS}?{older}")).await.unwrap();
    assert_eq!(got.text().await.unwrap(), squeezed);
    assert!(twin.unexpected().is_empty());
}

/// Each row of the tables of outcomes, asked for by a request that brings it about.
#[tokio::test]
async fn the_twin_has_every_outcome_of_the_tables() {
    let twin = Twin::new("XXXXXXXXXXX", Options::default());
    twin.put_status("7", User { status: 1, extension: Some("taken".into()) });
    twin.put_extension("taken");
    let origin = serve(twin.router()).await;
    let ask = async |body: String| {
        let post = reqwest::Client::new().post(format!("{origin}{ADDRESS}"));
        post.body(body).send().await.unwrap().text().await.unwrap()
    };
    for (from, to, status, error, message) in [
        ("\"Code\"", "\"Cod\"", 2, 6, "Authorization Failed"),
        ("\"UserId\"", "\"User\"", 2, 6, "Authorization Failed"),
        ("XXXXXXXXXXX", "YYY", 2, 0, "Authorization Failed"),
        ("123456789", "12", 2, 0, "Authorization Failed"),
        ("{", "[", 2, 0, "Authorization Failed"),
        ("\"ExtensionUser\"", "\"Extension\"", 3, 6, "No extension found"),
        ("sipsip", "sip", 3, 3, "No extension found"),
        ("\"Status\": 1", "\"Status\": 4", 4, 1, "Status not support"),
        ("\"Status\": 1", "\"Status\": \"x\"", 4, 1, "Status not support"),
        ("\"Status\": 1", "\"Status\": null", 4, 6, "Status not support"),
        ("sipsip", "taken", 4, 1, "Extension is already in use"),
    ] {
        let expected = json!({ "Status": status, "StatusError": error, "StatusErroMessage": message }).to_string();
        assert_eq!(ask(REQUEST.replace(from, to)).await, expected, "{to}");
    }
    twin.answers_next(4, 4, "Error on update");
    assert_eq!(ask(REQUEST.into()).await, r#"{"Status":4,"StatusError":4,"StatusErroMessage":"Error on update"}"#);
    assert!(twin.mutations().is_empty());
    assert_eq!(twin.user("7").unwrap().status, 1, "nobody is logged out to make room");
}

#[tokio::test]
async fn every_status_through_client_and_twin() {
    for method in ["post", "get"] {
        let twin = Twin::new(SECRET, Options::default());
        let client = connect(&serve(twin.router()).await, &json!({ "method": method }));
        for (change, status) in statuses() {
            assert_eq!(set(&client, DANA, &change).await.unwrap(), PresenceAnswer::Done, "{change:?}");
            assert_eq!(twin.user(DANA).unwrap().status, status, "{change:?}");
        }
        let mutation = Mutation { request: 3, user: DANA.into(), extension: "sipsip".into(), status: 3 };
        assert_eq!((twin.mutations().len(), &twin.mutations()[2]), (statuses().len(), &mutation));
    }
}
