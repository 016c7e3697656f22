//! Reactions: events with every documented member, and REST as strict as the real one.

use crate::bot::{Bot, button};
use rollcall_sandbox::{Options, Permission, Posted, Sandbox, Whom};
use serde_json::{Value, json};
use std::time::Duration;

const YES: &str = "%E2%9C%85";
const NO: &str = "%E2%9D%8C";

/// A card of the bot in the approvals channel.
pub(crate) async fn card(sandbox: &Sandbox, bot: &Bot) -> Posted {
    let body = json!({ "content": "Delete Ivan?", "components": [button("Approve", "approve")] });
    let path = format!("channels/{}/messages", sandbox.approvals_channel().id());
    assert_eq!(bot.call("POST", &path, body).await.0, 200);
    sandbox.approvals_channel().next_message().await
}

fn path(card: &Posted) -> String {
    format!("channels/{}/messages/{}/reactions", card.channel().unwrap(), card.id().unwrap())
}

fn code(answer: &(u16, Value)) -> (u16, u64) {
    (answer.0, answer.1["code"].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn an_added_reaction_carries_every_documented_member() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let (card, approver) = (card(&sandbox, &bot).await, sandbox.approver());
    approver.reacts(&card, "✅");
    let mut event = bot.event("MESSAGE_REACTION_ADD").await;
    let member = event["member"].take();
    assert_eq!(member["user"]["id"], approver.id().to_string());
    assert_eq!(member["roles"], json!([sandbox.approver_role()]));
    assert!(member.get("communication_disabled_until").is_some_and(Value::is_null), "{member}");
    let mut expected = json!({
        "user_id": approver.id(),
        "channel_id": sandbox.approvals_channel().id(),
        "message_id": card.id(),
        "guild_id": sandbox.guild(),
        "member": null,
        "emoji": { "id": null, "name": "✅" },
        "message_author_id": sandbox.bot(),
        "burst": false,
        "type": 0,
    });
    assert_eq!(event, expected);
    approver.super_reacts(&card, "✅");
    let event = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!((&event["burst"], &event["type"]), (&json!(true), &json!(1)));
    assert!(event["burst_colors"].as_array().is_some_and(|it| it.iter().all(|it| it.as_str().unwrap().len() == 7)));
    approver.unreacts(&card, "✅");
    for name in ["member", "message_author_id"] {
        expected.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE").await, expected, "neither member nor author");
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE").await["burst"], true);
    assert_eq!(card.reactions(), []);
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn bots_webhooks_and_namesakes_of_emoji_react_too() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let other = sandbox.person(sandbox.add_bot("Music box"));
    other.gets(sandbox.approver_role());
    other.reacts(&card, "✅");
    let event = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(event["member"]["user"]["bot"], true);
    let webhook = sandbox.add_webhook("Ticket system");
    webhook.reacts(&card, "✅");
    let event = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!((&event["user_id"], event.get("member")), (&json!(webhook.id()), None));
    let emoji = sandbox.add_custom_emoji("✅");
    sandbox.approver().reacts(&card, &emoji);
    let event = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(event["emoji"]["name"], "✅");
    assert!(event["emoji"]["id"].as_str().is_some_and(|id| emoji.ends_with(id)), "{event}");
    assert_eq!(card.reactions_of("✅"), [other.id(), webhook.id()]);
    assert_eq!(card.reactions_of(&emoji), [sandbox.approver().id()]);
    let (_, users) = bot.call("GET", &format!("{}/{YES}", path(&card)), json!(null)).await;
    assert_eq!(users.as_array().unwrap().len(), 2, "the custom one is another emoji");
    let custom = format!("{}/{YES}:{}", path(&card), emoji.rsplit(':').next().unwrap());
    assert_eq!(bot.call("GET", &custom, json!(null)).await.1[0]["id"], json!(sandbox.approver().id()));
    let gone = format!("{custom}/{}", sandbox.approver().id());
    assert_eq!(bot.call("DELETE", &gone, json!(null)).await.0, 204);
    assert_eq!(card.reactions_of(&emoji), []);
}

#[tokio::test]
async fn a_person_reacts_only_where_discords_client_lets_them() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let (card, person) = (card(&sandbox, &bot).await, sandbox.approver());
    let refused = |why: &str| {
        let trouble = person.try_reacts(&card, "✅").unwrap_err().to_string();
        assert!(trouble.contains(why), "{trouble}");
    };
    let hour = time::Duration::HOUR;
    person.is_timed_out_until(Some(time::OffsetDateTime::now_utc() + hour));
    refused("timed out");
    assert!(person.try_presses(&card, "Approve").await.unwrap_err().to_string().contains("timed out"));
    let (_, member) = bot.call("GET", &format!("guilds/{}/members/{}", bot.guild, person.id()), json!(null)).await;
    assert!(member["communication_disabled_until"].is_string(), "{member}");
    person.is_timed_out_until(Some(time::OffsetDateTime::now_utc() - hour));
    person.reacts(&card, "✅");
    person.unreacts(&card, "✅");
    let approvals = sandbox.approvals_channel();
    sandbox.denies_to(&approvals, Whom::Role(sandbox.approver_role()), Permission::ViewChannel);
    refused("do not see the channel");
    assert!(person.try_presses(&card, "Approve").await.unwrap_err().to_string().contains("do not see"));
    sandbox.trainee().reacts(&card, "❌");
    sandbox.no_longer_denies_to(&approvals, Whom::Role(sandbox.approver_role()), Permission::ViewChannel);
    sandbox.denies_to(&approvals, Whom::Member(person.id()), Permission::AddReactions);
    refused("may not react here");
    person.reacts(&card, "❌");
    assert!(person.try_reacts(&card, "yes").is_err());
    person.leaves();
    refused("not in the guild");
    person.comes_back();
    sandbox.deletes_message(card.id().unwrap());
    refused("the message is gone");
}

#[tokio::test]
async fn the_bot_reacts_with_the_permissions_it_has() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let put = async |emoji: &str| code(&bot.call("PUT", &format!("{}/{emoji}/@me", path(&card)), json!(null)).await);
    sandbox.bot_role_loses(Permission::AddReactions);
    assert_eq!(put(YES).await, (403, 50013), "nobody has reacted with it yet");
    sandbox.approver().reacts(&card, "✅");
    assert_eq!(put(YES).await, (204, 0), "the second of an emoji needs no permission to add");
    sandbox.bot_role_gets(Permission::AddReactions);
    assert_eq!(put(NO).await, (204, 0));
    sandbox.bot_role_loses(Permission::ReadMessageHistory);
    assert_eq!(put(NO).await, (403, 50013));
    let get = format!("{}/{YES}", path(&card));
    assert_eq!(code(&bot.call("GET", &get, json!(null)).await), (403, 50001));
    sandbox.bot_role_gets(Permission::ReadMessageHistory);
    sandbox.assert_quiet().await;
    assert_eq!(put("yes").await, (400, 10014));
    assert_eq!(put("party:1").await, (400, 10014), "a custom emoji of no guild of the bot");
    let emoji = "🍏🍎🍐🍊🍋🍌🍉🍇🍓🫐🍈🍒🍑🥭🍍🥥🥝🍅";
    emoji.chars().for_each(|it| sandbox.approver().reacts(&card, &it.to_string()));
    assert_eq!(put("%F0%9F%8D%86").await, (403, 30010), "twenty are there");
    assert!(sandbox.approver().try_reacts(&card, "🍆").is_err());
    assert_eq!(put(YES).await, (204, 0), "one that is there may be repeated");
}

#[tokio::test]
async fn taking_away_what_others_said_needs_a_permission() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let (card, approver) = (card(&sandbox, &bot).await, sandbox.approver());
    let path = path(&card);
    bot.call("PUT", &format!("{path}/{YES}/@me"), json!(null)).await;
    approver.reacts(&card, "✅");
    approver.reacts(&card, "❌");
    let theirs = format!("{path}/{YES}/{}", approver.id());
    sandbox.denies(&sandbox.approvals_channel(), Permission::ManageMessages);
    for refused in [&theirs, &format!("{path}/{YES}"), &path] {
        assert_eq!(code(&bot.call("DELETE", refused, json!(null)).await), (403, 50013), "{refused}");
    }
    assert_eq!(bot.call("DELETE", &format!("{path}/{YES}/@me"), json!(null)).await.0, 204, "one's own goes always");
    sandbox.allows(&sandbox.approvals_channel(), Permission::ManageMessages);
    assert_eq!(bot.call("DELETE", &theirs, json!(null)).await.0, 204);
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE").await["user_id"], json!(sandbox.bot()));
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE").await["user_id"], json!(approver.id()));
    assert_eq!(bot.call("DELETE", &theirs, json!(null)).await.0, 204, "gone already");
    assert_eq!(bot.call("DELETE", &format!("{path}/{NO}"), json!(null)).await.0, 204);
    let event = bot.event("MESSAGE_REACTION_REMOVE_EMOJI").await;
    assert_eq!((&event["emoji"]["name"], &event["guild_id"]), (&json!("❌"), &json!(bot.guild)));
    assert_eq!(bot.call("DELETE", &path, json!(null)).await.0, 204);
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE_ALL").await["message_id"], json!(card.id()));
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn who_reacted_comes_in_pages_by_id() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let crowd = sandbox.more_approvers(30);
    crowd.iter().rev().for_each(|person| person.reacts(&card, "✅"));
    crowd[3].super_reacts(&card, "✅");
    let get = async |query: &str| bot.call("GET", &format!("{}/{YES}{query}", path(&card)), json!(null)).await;
    let ids = |(status, users): (u16, Value)| -> Vec<String> {
        assert_eq!(status, 200, "{users}");
        users.as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect()
    };
    let all: Vec<String> = crowd.iter().map(|person| person.id().to_string()).collect();
    assert_eq!(ids(get("").await), all[..25], "25 unless told");
    assert_eq!(ids(get("?limit=100").await), all);
    assert_eq!(ids(get(&format!("?limit=2&after={}", all[9])).await), all[10..12]);
    assert_eq!(ids(get("?type=1").await), [all[3].clone()]);
    for wrong in ["?limit=0", "?limit=101", "?limit=x", "?type=2", "?after=x"] {
        assert_eq!(code(&get(wrong).await), (400, 50035), "{wrong}");
    }
    let (_, message) = bot.call("GET", path(&card).trim_end_matches("/reactions"), json!(null)).await;
    let reaction = &message["reactions"][0];
    assert_eq!((&reaction["count"], &reaction["count_details"]["burst"]), (&json!(31), &json!(1)));
}

#[tokio::test]
async fn moderators_take_reactions_and_messages_away() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let (first, second) = (card(&sandbox, &bot).await, card(&sandbox, &bot).await);
    let approver = sandbox.approver();
    approver.reacts(&first, "✅");
    approver.reacts(&first, "❌");
    sandbox.removes_reaction(&first, &approver, "✅");
    assert_eq!(bot.event("MESSAGE_REACTION_REMOVE").await["user_id"], json!(approver.id()));
    sandbox.clears_emoji(&first, "❌");
    bot.event("MESSAGE_REACTION_REMOVE_EMOJI").await;
    sandbox.clears_reactions(&first);
    bot.event("MESSAGE_REACTION_REMOVE_ALL").await;
    assert_eq!(first.reactions(), []);
    let ids = [first.id().unwrap(), second.id().unwrap()];
    sandbox.bulk_deletes(&sandbox.approvals_channel(), &ids);
    assert_eq!(bot.event("MESSAGE_DELETE_BULK").await["ids"], json!(ids));
    assert!(first.is_deleted() && second.is_deleted());
    let answer = bot.call("PUT", &format!("{}/{YES}/@me", path_of(&sandbox, ids[0])), json!(null)).await;
    assert_eq!(code(&answer), (404, 10008));
    sandbox.assert_quiet().await;
    let third = card(&sandbox, &bot).await;
    let path = path(&third);
    sandbox.deletes_channel(&sandbox.approvals_channel());
    bot.event("CHANNEL_DELETE").await;
    assert_eq!(code(&bot.call("GET", &format!("{path}/{YES}"), json!(null)).await), (404, 10003));
    assert!(third.is_deleted());
    sandbox.assert_quiet().await;
}

fn path_of(sandbox: &Sandbox, message: rollcall_sandbox::MessageId) -> String {
    format!("channels/{}/messages/{message}/reactions", sandbox.approvals_channel().id())
}

#[tokio::test]
async fn fifty_approvers_react_within_a_second() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let crowd = sandbox.more_approvers(50);
    for person in &crowd {
        person.reacts(&card, "✅");
    }
    let all = async {
        for person in &crowd {
            assert_eq!(bot.event("MESSAGE_REACTION_ADD").await["user_id"], json!(person.id()));
        }
    };
    tokio::time::timeout(Duration::from_secs(5), all).await.unwrap();
    assert_eq!(card.reactions_of("✅").len(), 50);
}
