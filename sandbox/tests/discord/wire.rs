//! Hooks, faults, authorisation, and Discord's own document.

use crate::bot::{Bot, agent_commands};
use rollcall_sandbox::{Fault, Moment, Options, Sandbox, Seen};
use serde_json::json;
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

#[tokio::test]
async fn strangers_and_unknown_routes_are_refused() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    assert_eq!(bot.call("GET", "users/@me", json!(null)).await.1["bot"], true);
    assert_eq!(bot.call("GET", "voice/regions", json!(null)).await.0, 501);
    assert_eq!(sandbox.unexpected().len(), 1);
    bot.token = "wrong".to_owned();
    let (status, answer) = bot.call("GET", "users/@me", json!(null)).await;
    assert_eq!((status, answer), (401, json!({ "message": "401: Unauthorized", "code": 0 })));
    let trouble = sandbox.finish().await.unwrap_err().to_string();
    assert!(trouble.contains("not modelled: GET /api/v10/voice/regions"), "{trouble}");
}

#[tokio::test]
async fn faults_happen_as_ordered() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let log = sandbox.log_channel();
    let path = format!("channels/{}/messages", log.id());
    sandbox.next_requests(1, "POST", &format!("/{path}"), Fault::Status(503));
    assert_eq!(bot.call("POST", &path, json!({ "content": "a" })).await.0, 503);
    sandbox.next_requests(1, "POST", "/channels/", Fault::RateLimited(Duration::from_millis(1500)));
    let url = format!("{}/{path}", bot.api);
    let post =
        || bot.http.post(&url).header("Authorization", format!("Bot {}", bot.token)).json(&json!({ "content": "b" }));
    let limited = post().send().await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"2".parse().unwrap()));
    assert_eq!(limited.json::<serde_json::Value>().await.unwrap()["retry_after"], 1.5);
    sandbox.next_requests(1, "POST", "/channels/", Fault::Cut);
    assert!(post().send().await.is_err());
    assert!(log.messages().is_empty(), "nothing was done so far");
    sandbox.next_requests(1, "POST", "/channels/", Fault::LostAnswer);
    assert!(post().send().await.is_err());
    assert_eq!(log.next_message().await.text(), "b", "done, but nobody was told");
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn a_hook_sees_every_request_twice() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let seen: Arc<Mutex<Vec<(Moment, u64)>>> = Arc::default();
    let record = Arc::clone(&seen);
    sandbox.on_request(Arc::new(move |moment, request: &Seen| {
        let (record, number) = (Arc::clone(&record), request.number);
        Box::pin(async move { record.lock().unwrap().push((moment, number)) })
    }));
    bot.call("GET", "users/@me", json!(null)).await;
    assert_eq!(*seen.lock().unwrap(), [(Moment::Arrived, 2), (Moment::Answering, 2)]);
}

#[tokio::test]
async fn requests_are_checked_against_discords_document() {
    // Beside the checkout, as in CI.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/discord/openapi.json");
    if !path.exists() {
        println!("skipped: Discord's OpenAPI document is not here");
        return;
    }
    let sandbox = Sandbox::start(Options { openapi: Some(path), ..Options::default() }).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    let lead = sandbox.lead();
    tokio::join!(lead.types("/agent show agent:3"), async {
        let interaction = bot.interaction().await;
        bot.answers(&interaction, json!({ "type": 5, "data": { "flags": 64 } })).await;
        let body = json!({ "content": "Card", "embeds": [{ "title": "T", "fields": [{ "name": "n", "value": "v", "inline": true }] }], "allowed_mentions": { "parse": [] }, "components": [crate::bot::button("a", "b")] });
        bot.follows("PATCH", &interaction, "/messages/@original", body).await;
    });
    sandbox.assert_quiet().await;
    let log = format!("channels/{}/messages", sandbox.log_channel().id());
    bot.call("POST", &log, json!({ "content": "x", "contents": "y" })).await;
    let findings = sandbox.findings().join("\n");
    assert!(findings.contains("body.contents: the document does not know this member"), "{findings}");
}
