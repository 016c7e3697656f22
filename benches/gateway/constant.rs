//! The peer: the smallest bot that answers, over the same libraries as ours (tokio-tungstenite, reqwest, tokio).
//!
//! It reads of an event what it must, knows nobody, searches nothing, keeps nothing, and answers every autocomplete
//! with the same choice. What it takes is what the wire, the runtime and the fake Discord take.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async_tls_with_config;
use tokio_tungstenite::tungstenite::Message;

#[derive(Deserialize)]
struct Payload<'a> {
    op: u8,
    #[serde(borrow)]
    t: Option<&'a str>,
    #[serde(borrow)]
    d: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Interaction<'a> {
    id: &'a str,
    token: &'a str,
    #[serde(rename = "type")]
    kind: u8,
}

/// Runs until the process is ended.
pub(crate) async fn run(origin: &str) {
    let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build().expect("a client");
    let answer = client.get(format!("{origin}/api/v10/gateway")).send().await.expect("where the gateway is");
    let gateway: Value = answer.json().await.expect("where the gateway is");
    let url = gateway["url"].as_str().expect("a URL");
    let (socket, _) = connect_async_tls_with_config(url, None, true, None).await.expect("the gateway");
    let (mut out, mut incoming) = socket.split();
    let identify = json!({ "op": 2, "d": { "token": "constant", "intents": 0, "properties": {} } });
    let mut beats = tokio::time::interval(Duration::from_secs(41));
    out.send(Message::Text(identify.to_string())).await.expect("the gateway listens");
    loop {
        let message = tokio::select! {
            _ = beats.tick() => {
                out.send(Message::Text(r#"{"op":1,"d":null}"#.to_owned())).await.expect("the gateway listens");
                continue;
            }
            message = incoming.next() => message,
        };
        let Some(Ok(Message::Text(text))) = message else { return };
        let Ok(Payload { op: 0, t: Some("INTERACTION_CREATE"), d: Some(data) }) = serde_json::from_str(&text) else {
            continue;
        };
        let interaction: Interaction<'_> = serde_json::from_str(data.get()).expect("an interaction");
        let url = format!("{origin}/api/v10/interactions/{}/{}/callback", interaction.id, interaction.token);
        let body = if interaction.kind == 4 {
            r#"{"type":8,"data":{"choices":[{"name":"ivan.ivanov","value":"mediatel:42"}]}}"#
        } else {
            r#"{"type":5,"data":{"flags":64}}"#
        };
        let request = client.post(url).header("content-type", "application/json").body(body);
        tokio::spawn(async move { request.send().await.expect("an answer is taken") });
    }
}
