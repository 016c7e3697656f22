//! Intents, and what may happen to an event on its way: lost, doubled, held back, or made while the bot is away.

use crate::{
    bot::{Bot, INTENTS},
    reactions::card,
};
use rollcall_sandbox::{Mishap, Options, PrivilegedIntent, Release, Sandbox};
use serde_json::json;
use std::time::Duration;

const REACTIONS: u64 = 1 << 10;

/// The next event that is about a reaction: its name and who reacted.
async fn reaction(bot: &mut Bot) -> (String, String) {
    loop {
        let payload = bot.payload().await;
        let name = payload["t"].as_str().unwrap_or_default().to_owned();
        if name.starts_with("MESSAGE_REACTION") {
            return (name, payload["d"]["user_id"].as_str().unwrap_or_default().to_owned());
        }
    }
}

async fn away(sandbox: &Sandbox) {
    sandbox.gateway_drops();
    sandbox.until("the bot to be away", Duration::from_secs(5), |it| !it.bot_is_connected()).await;
}

#[tokio::test]
async fn without_an_intent_nothing_of_it_comes() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    bot.redial(&url).await;
    bot.identify(0).await;
    bot.event("READY").await;
    sandbox.approver().reacts(&card, "✅");
    let _ = (sandbox.approver().says("hello"), sandbox.add_role("New"), sandbox.add_channel("new"));
    sandbox.deletes_message(card.id().unwrap());
    bot.registers(crate::bot::agent_commands()).await;
    sandbox.lead().types_and_goes("/agent show agent:3").unwrap();
    assert_eq!(bot.payload().await["t"], "INTERACTION_CREATE", "not even GUILD_CREATE");
    bot.redial(&url).await;
    bot.identify(1).await;
    bot.event("GUILD_CREATE").await;
    let channel = sandbox.add_channel("newer");
    assert_eq!(bot.payload().await["t"], "CHANNEL_CREATE");
    sandbox.deletes_channel(&channel);
    assert_eq!(bot.payload().await["t"], "CHANNEL_DELETE");
    let role = sandbox.add_role("Newer");
    assert_eq!(bot.payload().await["d"]["role"]["name"], "Newer");
    sandbox.renames_role(role, "Newest");
    let payload = bot.payload().await;
    assert_eq!((&payload["t"], &payload["d"]["role"]["name"]), (&json!("GUILD_ROLE_UPDATE"), &json!("Newest")));
    sandbox.deletes_role(role);
    assert_eq!(bot.payload().await["d"]["role_id"], json!(role));
}

#[tokio::test]
async fn members_are_told_of_only_with_the_portals_switch() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    bot.redial(&url).await;
    bot.identify(1 << 1).await;
    bot.event("READY").await;
    let person = sandbox.add_person("New One", &[]);
    assert_eq!(bot.payload().await["t"], "GUILD_MEMBER_ADD");
    person.gets(sandbox.approver_role());
    assert_eq!(bot.payload().await["d"]["roles"], json!([sandbox.approver_role()]));
    person.leaves();
    assert_eq!(bot.payload().await["t"], "GUILD_MEMBER_REMOVE");
    sandbox.portal_forbids(PrivilegedIntent::ServerMembers);
    sandbox.until("4014", Duration::from_secs(5), |it| it.gateway_closed_with() == [4014]).await;
}

#[tokio::test]
async fn what_people_write_is_hidden_without_the_privileged_intent() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let said = sandbox.lead().says("a secret");
    assert_eq!(bot.event("MESSAGE_CREATE").await["content"], "");
    let path = format!("channels/{}/messages/{}", sandbox.team_chat().id(), said.id().unwrap());
    assert_eq!(bot.call("GET", &path, json!(null)).await.1["content"], "");
    sandbox.portal_allows(PrivilegedIntent::MessageContent);
    assert_eq!(bot.call("GET", &path, json!(null)).await.1["content"], "a secret");
}

#[tokio::test]
async fn events_are_lost_doubled_and_held_back() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let (one, other) = (sandbox.approver(), sandbox.second_approver());
    sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Lost);
    one.reacts(&card, "✅");
    sandbox.next_events(1, "MESSAGE_REACTION", Mishap::Doubled);
    other.reacts(&card, "✅");
    let add = |person: &rollcall_sandbox::Person| ("MESSAGE_REACTION_ADD".to_owned(), person.id().to_string());
    let remove = |person: &rollcall_sandbox::Person| ("MESSAGE_REACTION_REMOVE".to_owned(), person.id().to_string());
    assert_eq!(reaction(&mut bot).await, add(&other));
    assert_eq!(reaction(&mut bot).await, add(&other), "the very same once more");
    assert_eq!(card.reactions().len(), 2, "what is lost is the event only");
    sandbox.all_events("MESSAGE_REACTION", Mishap::Held);
    one.unreacts(&card, "✅");
    other.unreacts(&card, "✅");
    assert_eq!(sandbox.held_events(), ["MESSAGE_REACTION_REMOVE"; 2]);
    sandbox.events_flow();
    one.reacts(&card, "❌");
    assert_eq!(reaction(&mut bot).await, add(&one), "what is held does not hinder what follows");
    sandbox.releases_events(Release::Backwards);
    assert_eq!(reaction(&mut bot).await, remove(&other));
    assert_eq!(reaction(&mut bot).await, remove(&one));
    assert!(sandbox.redelivers_last("MESSAGE_REACTION_ADD") && !sandbox.redelivers_last("CHANNEL_DELETE"));
    assert_eq!(reaction(&mut bot).await, add(&one), "the last that came, long after");
    sandbox.next_events(2, "MESSAGE_REACTION", Mishap::Held);
    one.reacts(&card, "✅");
    one.unreacts(&card, "✅");
    sandbox.releases_events(Release::AsTheyCame);
    assert_eq!(reaction(&mut bot).await, add(&one));
    assert_eq!(reaction(&mut bot).await, remove(&one));
}

#[tokio::test]
async fn a_lost_event_is_lost_for_a_resume_too() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    bot.event("MESSAGE_CREATE").await;
    away(&sandbox).await;
    sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Lost);
    sandbox.approver().reacts(&card, "✅");
    sandbox.second_approver().reacts(&card, "✅");
    let url = bot.resume_url.clone();
    bot.resume(&url).await;
    assert_eq!(reaction(&mut bot).await.1, sandbox.second_approver().id().to_string(), "made while the bot was away");
    bot.event("RESUMED").await;
}

#[tokio::test]
async fn a_fresh_session_hears_nothing_of_before() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    sandbox.next_events(1, "MESSAGE_REACTION_ADD", Mishap::Held);
    sandbox.approver().reacts(&card, "✅");
    away(&sandbox).await;
    sandbox.second_approver().reacts(&card, "✅");
    bot.redial(&url).await;
    bot.identify(INTENTS).await;
    bot.event("GUILD_CREATE").await;
    sandbox.releases_events(Release::AsTheyCame);
    sandbox.lead().reacts(&card, "❌");
    assert_eq!(reaction(&mut bot).await.1, sandbox.lead().id().to_string());
    assert_eq!(card.reactions().len(), 3, "all were made");
}

#[tokio::test]
async fn reactions_in_direct_messages_have_an_intent_of_their_own() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = sandbox.discord_url().replace("http", "ws");
    let mut bot = Bot::connect(&sandbox).await;
    let channel = bot.direct_channel(sandbox.lead().id()).await;
    bot.call("POST", &format!("channels/{channel}/messages"), json!({ "content": "Hello" })).await;
    let hello = sandbox.lead().next_direct_message().await;
    bot.redial(&url).await;
    bot.identify(REACTIONS).await;
    bot.event("READY").await;
    let card = card(&sandbox, &bot).await;
    sandbox.lead().reacts(&hello, "✅");
    sandbox.lead().reacts(&card, "❌");
    assert_eq!(bot.payload().await["d"]["emoji"]["name"], "❌");
    bot.redial(&url).await;
    bot.identify(1 << 13).await;
    bot.event("READY").await;
    sandbox.lead().reacts(&card, "🍏");
    sandbox.lead().reacts(&hello, "❌");
    let event = bot.payload().await["d"].clone();
    assert_eq!((&event["channel_id"], event.get("guild_id"), event.get("member")), (&json!(channel), None, None));
    let theirs =
        format!("channels/{channel}/messages/{}/reactions/%E2%9C%85/{}", hello.id().unwrap(), sandbox.lead().id());
    assert_eq!(bot.call("DELETE", &theirs, json!(null)).await.1["code"], 50003);
}
