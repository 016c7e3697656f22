//! The gateway: frames, resume and replay, and every way a connection ends.

use crate::bot::{Bot, INTENTS, agent_commands, dial};
use futures_util::StreamExt as _;
use rollcall_sandbox::{Options, Sandbox};
use serde_json::json;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

async fn closed_with(bot: &mut Bot) -> Option<u16> {
    loop {
        if let Message::Close(frame) = bot.frame().await {
            return frame.map(|frame| frame.code.into());
        }
    }
}

#[tokio::test]
async fn long_payloads_are_compressed_and_short_ones_are_not() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.send(json!({ "op": 1, "d": bot.seq })).await;
    assert_eq!(bot.payload().await["op"], 11);
    assert!(bot.compressed_frames > 0 && bot.plain_frames > 0, "{} {}", bot.compressed_frames, bot.plain_frames);
    assert_eq!(sandbox.heartbeats(), 1);
    let identified = sandbox.identified();
    assert_eq!((identified.len(), identified[0].intents, identified[0].compress), (1, INTENTS, true));
}

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    assert!(!sandbox.discord_url().contains(bot.resume_url.trim_start_matches("ws://")));
    sandbox.gateway_drops();
    assert_eq!(closed_with(&mut bot).await, None, "a cut wire says nothing");
    sandbox.until("the connection to be gone", Duration::from_secs(5), |it| !it.bot_is_connected()).await;
    let id = sandbox.lead().types_and_goes("/agent show agent:3").unwrap();
    let url = bot.resume_url.clone();
    bot.resume(&url).await;
    assert_eq!(bot.interaction().await["id"], id.to_string());
    bot.event("RESUMED").await;
    let resumed = sandbox.resumed();
    assert!(resumed[0].accepted && resumed[0].by_resume_url, "{resumed:?}");
    assert_eq!(sandbox.identified().len(), 1);
}

#[tokio::test]
async fn a_refused_resume_means_a_new_session() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    sandbox.gateway_refuses_resumes();
    let url = bot.resume_url.clone();
    bot.resume(&url).await;
    let answer = bot.payload().await;
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
    bot.identify(INTENTS).await;
    bot.event("READY").await;
    assert_eq!(sandbox.identified().len(), 2);
}

#[tokio::test]
async fn the_gateway_can_ask_to_leave() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    sandbox.gateway_asks_to_reconnect();
    assert_eq!(bot.payload().await["op"], 7);
    sandbox.gateway_invalidates_resumably();
    let answer = bot.payload().await;
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(true)));
    sandbox.gateway_closes(4000);
    assert_eq!(closed_with(&mut bot).await, Some(4000));
}

#[tokio::test]
async fn whoever_identifies_wrongly_is_shown_the_door() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    bot.redial(&url).await;
    bot.identify(1 << 1).await;
    assert_eq!(closed_with(&mut bot).await, Some(4014));
    bot.redial(&url).await;
    bot.identify(1 << 40).await;
    assert_eq!(closed_with(&mut bot).await, Some(4013));
    bot.redial(&url).await;
    bot.token = "wrong".to_owned();
    bot.identify(1).await;
    assert_eq!(closed_with(&mut bot).await, Some(4004));
    bot.redial(&url).await;
    bot.send(json!({ "op": 2, "d": "x".repeat(5000) })).await;
    assert_eq!(closed_with(&mut bot).await, Some(4002));
    assert_eq!(sandbox.gateway_closed_with(), [4014, 4013, 4004, 4002]);
}

#[tokio::test]
async fn a_zombie_does_not_acknowledge() {
    let sandbox =
        Sandbox::start(Options { heartbeat: Duration::from_millis(200), ..Options::default() }).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    sandbox.gateway_falls_silent();
    bot.send(json!({ "op": 1, "d": null })).await;
    assert_eq!(closed_with(&mut bot).await, Some(4009), "whoever stops beating times out");
}

#[tokio::test]
async fn intents_filter_events() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    bot.redial(&url).await;
    bot.identify(1 | 1 << 10).await;
    bot.event("GUILD_CREATE").await;
    let lead = sandbox.lead();
    let message = lead.says("hello");
    lead.super_reacts(&message, "✅");
    let payload = bot.payload().await;
    assert_eq!(payload["t"], "MESSAGE_REACTION_ADD", "no MESSAGE_CREATE without its intent");
    assert_eq!((&payload["d"]["burst"], &payload["d"]["type"]), (&json!(true), &json!(1)));
    assert_eq!(payload["d"]["member"]["user"]["id"], lead.id().to_string());
}

#[tokio::test]
async fn goodbye_ends_the_session() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let mut other = dial(&sandbox.discord_url().replace("http", "ws")).await;
    other.close(None).await.unwrap();
    while other.next().await.is_some() {}
    assert!(sandbox.bot_is_connected(), "another connection's end does not matter");
    let url = bot.resume_url.clone();
    let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code: 1000.into(), reason: "".into() };
    bot.close(frame).await;
    sandbox.until("the goodbye", Duration::from_secs(5), |it| it.bot_left_with().contains(&Some(1000))).await;
    bot.resume(&url).await;
    assert_eq!(bot.payload().await["op"], 9);
}
