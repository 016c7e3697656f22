//! The gateway over real sockets.

mod fake;

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use serenity::model::application::Interaction;

use self::fake::{Discord, TIMINGS, TOKEN, until};
use super::*;

fn interaction() -> Value {
    json!({
        "id": "100", "application_id": "12", "type": 2, "token": "spoken", "version": 1, "guild_id": "3",
        "channel_id": "4", "locale": "en-US", "guild_locale": "en-US", "app_permissions": "0",
        "attachment_size_limit": 524_288, "entitlements": [], "authorizing_integration_owners": { "0": "3" },
        "context": 0, "channel": { "id": "4", "type": 0, "permissions": "0" },
        "member": {
            "user": {
                "id": "5", "username": "lead", "discriminator": "0", "global_name": null, "avatar": null,
                "public_flags": 0
            },
            "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0,
            "permissions": "0", "nick": null, "avatar": null, "premium_since": null, "pending": false,
            "communication_disabled_until": null
        },
        "data": { "id": "6", "name": "whoami", "type": 1 },
    })
}

fn deleted(id: u64) -> Value {
    json!({ "id": id.to_string(), "channel_id": "4", "guild_id": "3" })
}

fn packed(payload: &Value) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(payload.to_string().as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_new_session_is_identified_counted_and_saved() {
    let mut discord = Discord::start().await;
    let mut bot = discord.bot();
    let (mut peer, identify) = discord.greeted().await;
    assert_eq!(peer.uri, "/main/?v=10&encoding=json");
    assert_eq!(identify["op"], 2);
    assert_eq!(identify["d"]["token"], TOKEN);
    assert_eq!(identify["d"]["compress"], true);
    assert_eq!(identify["d"]["intents"], 1 | 1 << 10);
    assert_eq!(discord.keeper.identifies.lock().unwrap().len(), 1, "counted before it was sent");
    discord.make_ready(&mut peer).await;
    let Dispatch::Ready { application, user } = bot.event().await else { panic!("not ready") };
    assert_eq!((application.get(), user.get()), (12, 11));
    assert!(bot.stats.is_connected());
    assert_eq!(discord.saved_seq(), Some(1));
}

#[tokio::test]
async fn heartbeats_carry_the_sequence_and_requests_for_them_are_answered() {
    let mut discord = Discord::start().await;
    let mut bot = discord.bot();
    let mut peer = discord.peer().await;
    peer.hello(50).await;
    assert_eq!(peer.receive().await["op"], 2);
    discord.make_ready(&mut peer).await;
    bot.event().await;
    for _ in 0..4 {
        let beat = peer.receive().await;
        assert_eq!(beat["op"], 1);
        peer.send(json!({ "op": 11 })).await;
    }
    assert_eq!(peer.receive().await, json!({ "op": 1, "d": 1 }));
    peer.send(json!({ "op": 11 })).await;
    assert!(bot.stats.is_connected());

    let (_bot, mut peer) = Discord::start().await.ready().await;
    peer.send(json!({ "op": 1, "d": null })).await;
    assert_eq!(peer.receive().await, json!({ "op": 1, "d": 1 }));
}

#[tokio::test]
async fn a_connection_that_stops_answering_is_left_and_resumed_where_discord_said() {
    let mut discord = Discord::start().await;
    let mut bot = discord.bot();
    let mut peer = discord.peer().await;
    peer.hello(30).await;
    assert_eq!(peer.receive().await["op"], 2);
    discord.make_ready(&mut peer).await;
    assert_eq!(peer.closed_with().await, 4000);
    let (mut peer, resume) = discord.greeted().await;
    assert_eq!(peer.uri, "/resume/?v=10&encoding=json");
    assert_eq!(resume, json!({ "op": 6, "d": { "token": TOKEN, "session_id": "the-session", "seq": 1 } }));
    peer.dispatch("MESSAGE_DELETE", 2, deleted(77)).await;
    peer.dispatch("RESUMED", 3, json!({})).await;
    assert!(matches!(bot.event().await, Dispatch::Ready { .. }));
    let Dispatch::Happened(event) = bot.event().await else { panic!("not replayed") };
    assert!(matches!(event, Happening::MessagesGone { .. }));
    assert!(matches!(bot.event().await, Dispatch::Resumed { .. }));
    assert_eq!(discord.keeper.identifies.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stale_resume_url_does_not_trap() {
    let mut discord = Discord::start().await;
    let (_bot, peer) = discord.ready().await;
    peer.close(4000).await;
    for _ in 0..3 {
        let peer = discord.peer().await;
        assert!(peer.uri.starts_with("/resume/"));
        peer.close(1012).await;
    }
    let (peer, first) = discord.greeted().await;
    assert!(peer.uri.starts_with("/main/"));
    assert_eq!(first["op"], 6, "the session is still tried");
    drop(peer);
    for _ in 0..2 {
        let (peer, _) = discord.greeted().await;
        peer.close(4000).await;
    }
    assert_eq!(discord.greeted().await.1["op"], 2, "and given up in the end");
}

#[tokio::test]
async fn what_discord_asks_for_decides_between_resuming_and_identifying() {
    for (payload, op) in
        [(json!({ "op": 7, "d": null }), 6), (json!({ "op": 9, "d": true }), 6), (json!({ "op": 9, "d": false }), 2)]
    {
        let mut discord = Discord::start().await;
        let (_bot, mut peer) = discord.ready().await;
        peer.send(payload).await;
        assert_eq!(peer.closed_with().await, 4000);
        assert_eq!(discord.greeted().await.1["op"], op);
        assert_eq!(discord.saved_seq().is_some(), op == 6);
    }
    for (code, op) in [(4000, 6), (4001, 6), (4008, 6), (1001, 6), (4007, 2), (4009, 2)] {
        let mut discord = Discord::start().await;
        let (_bot, peer) = discord.ready().await;
        peer.close(code).await;
        assert_eq!(discord.greeted().await.1["op"], op, "{code}");
    }
}

#[tokio::test]
async fn a_refusal_ends_it() {
    for (code, fatal) in [
        (4004, Fatal::TokenRefused),
        (4014, Fatal::IntentsRefused),
        (4010, Fatal::Refused(4010)),
        (4012, Fatal::Refused(4012)),
        (4013, Fatal::Refused(4013)),
    ] {
        let mut discord = Discord::start().await;
        let bot = discord.bot();
        let (peer, _) = discord.greeted().await;
        peer.close(code).await;
        assert_eq!(bot.end().await, Err(fatal));
        assert!(discord.is_idle());
    }
}

#[tokio::test]
async fn packed_and_plain_interactions_are_read() {
    let mut discord = Discord::start().await;
    let (mut bot, mut peer) = discord.ready().await;
    peer.send_packed(packed(&json!({ "op": 0, "t": "INTERACTION_CREATE", "s": 2, "d": interaction() }))).await;
    peer.dispatch("INTERACTION_CREATE", 3, interaction()).await;
    for _ in 0..2 {
        let event = bot.event().await;
        assert_eq!(format!("{event:?}"), "Interaction", "no token in Debug");
        let Dispatch::Interaction(interaction) = event else { panic!("not read") };
        let Interaction::Command(command) = *interaction else { panic!("no command") };
        assert_eq!(command.data.name, "whoami");
    }
    until(|| discord.saved_seq() == Some(3)).await;
}

#[tokio::test]
async fn nothing_unreadable_vanishes() {
    let mut discord = Discord::start().await;
    let (mut bot, mut peer) = discord.ready().await;
    let mut odd = interaction();
    odd["type"] = json!(9);
    peer.dispatch("INTERACTION_CREATE", 2, odd).await;
    peer.dispatch("MESSAGE_DELETE", 3, json!({ "id": {} })).await;
    peer.dispatch("PRESENCE_UPDATE", 4, json!({})).await;
    peer.dispatch("MESSAGE_DELETE", 5, deleted(1)).await;
    let Dispatch::UnreadableInteraction { id, token, kind } = bot.event().await else { panic!("lost") };
    assert_eq!((id.get(), token.expose_secret(), kind), (100, "spoken", 9));
    assert!(matches!(bot.event().await, Dispatch::Happened(_)));
    let stats = &bot.stats;
    assert_eq!((stats.raw(), stats.read(), stats.unreadable(), stats.ignored()), (5, 2, 2, 1));
}

#[tokio::test]
async fn a_restart_resumes_without_an_identify() {
    let mut discord = Discord::start().await;
    let (mut bot, mut peer) = discord.ready().await;
    peer.dispatch("MESSAGE_DELETE", 2, deleted(1)).await;
    bot.event().await;
    bot.stop.send_replace(true);
    assert_eq!(peer.closed_with().await, 4000, "1000 and 1001 would end the session");
    assert_eq!(bot.end().await, Ok(()));
    assert_eq!(discord.saved_seq(), Some(2));

    let mut bot = discord.bot();
    let (mut peer, resume) = discord.greeted().await;
    assert_eq!((&resume["op"], &resume["d"]["seq"]), (&json!(6), &json!(2)));
    assert!(peer.uri.starts_with("/resume/"));
    peer.dispatch("RESUMED", 3, json!({})).await;
    assert!(matches!(bot.event().await, Dispatch::Resumed { .. }));
    assert_eq!(discord.keeper.identifies.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_spent_budget_waits_until_the_window_frees() {
    let mut discord = Discord::start().await;
    let now = discord.clock.now();
    let first = now - IDENTIFY_WINDOW + Duration::from_millis(300);
    let spent = std::iter::once(first).chain((1..IDENTIFY_BUDGET).map(|_| now));
    discord.keeper.identifies.lock().unwrap().extend(spent);
    let mut bot = discord.bot();
    let Dispatch::IdentifyBudgetSpent { until } = bot.event().await else { panic!("not told") };
    assert_eq!(until, now + Duration::from_millis(301));
    assert!(discord.is_idle());
    *discord.clock.0.lock().unwrap() = until;
    assert_eq!(discord.greeted().await.1["op"], 2);
}

#[tokio::test]
async fn discords_own_count_is_obeyed() {
    let mut discord = Discord::start().await;
    discord.set_session_limit(0, 200);
    let mut bot = discord.bot();
    let Dispatch::IdentifyBudgetSpent { until } = bot.event().await else { panic!("not told") };
    assert_eq!(until, discord.clock.now() + Duration::from_millis(200));
    assert!(discord.is_idle());
    discord.set_session_limit(1, 0);
    *discord.clock.0.lock().unwrap() = until;
    assert_eq!(discord.greeted().await.1["op"], 2);
}

#[tokio::test]
async fn an_identify_that_cannot_be_counted_is_not_sent() {
    let mut discord = Discord::start().await;
    *discord.keeper.writable.lock().unwrap() = false;
    let _bot = discord.bot();
    let mut peer = discord.peer().await;
    peer.hello(40_000).await;
    assert_eq!(peer.closed_with().await, 4000);
    *discord.keeper.writable.lock().unwrap() = true;
    // Whichever connection comes after the store is writable again identifies.
    loop {
        let mut peer = discord.peer().await;
        peer.hello(40_000).await;
        if !discord.keeper.identifies.lock().unwrap().is_empty() || peer.receive().await["op"] == 2 {
            break;
        }
    }
}

#[tokio::test]
async fn a_full_channel_drops_interactions_but_nothing_else() {
    let mut discord = Discord::start().await;
    let mut bot = discord.bot_with(TIMINGS, 1);
    let (mut peer, _) = discord.greeted().await;
    discord.make_ready(&mut peer).await;
    peer.dispatch("INTERACTION_CREATE", 2, interaction()).await;
    until(|| bot.stats.dropped() == 1).await;
    peer.dispatch("MESSAGE_DELETE", 3, deleted(1)).await;
    assert_eq!(peer.closed_with().await, 4000);
    let (mut peer, resume) = discord.greeted().await;
    assert_eq!(resume["d"]["seq"], 2, "the event that was not taken is asked for again");
    assert!(matches!(bot.event().await, Dispatch::Ready { .. }));
    peer.dispatch("MESSAGE_DELETE", 3, deleted(1)).await;
    assert!(matches!(bot.event().await, Dispatch::Happened(_)));
}

#[tokio::test]
async fn a_ready_that_nobody_took_is_told_after_resuming() {
    let mut discord = Discord::start().await;
    let mut bot = discord.bot_with(TIMINGS, 1);
    let (mut peer, _) = discord.greeted().await;
    discord.make_ready(&mut peer).await;
    // A second READY, as after a session that Discord began anew: the channel's one place is taken by the first.
    discord.make_ready(&mut peer).await;
    assert_eq!(peer.closed_with().await, 4000);
    assert!(matches!(bot.event().await, Dispatch::Ready { .. }));
    let (mut peer, _) = discord.greeted().await;
    peer.dispatch("RESUMED", 2, json!({})).await;
    assert!(matches!(bot.event().await, Dispatch::Ready { .. }));
    assert!(matches!(bot.event().await, Dispatch::Resumed { .. }));
}

#[tokio::test]
async fn a_token_that_rest_learns_is_dead_ends_it() {
    let mut discord = Discord::start().await;
    discord.refuse_token();
    assert_eq!(discord.bot().end().await, Err(Fatal::TokenRefused));
    assert!(discord.is_idle());
}

#[tokio::test]
async fn a_discord_that_is_never_reached_ends_it() {
    let mut discord = Discord::start().await;
    discord.origin.set_port(Some(1)).unwrap();
    let timings = Timings { start: Duration::from_millis(50), hello: Duration::from_millis(200), ..TIMINGS };
    let bot = discord.bot_with(timings, 1);
    assert_eq!(bot.end().await, Err(Fatal::OutOfReach));
}
