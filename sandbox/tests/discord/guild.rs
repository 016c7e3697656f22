//! Members, roles, channels, replies and mentions, as REST answers them.

use crate::{
    bot::{Bot, agent_commands},
    reactions::card,
};
use rollcall_sandbox::{Options, Permission, PrivilegedIntent, Sandbox};
use serde_json::{Value, json};

#[tokio::test]
async fn members_are_listed_only_with_the_portals_switch() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let list = format!("guilds/{}/members", bot.guild);
    let (status, answer) = bot.call("GET", &format!("{list}?limit=1000"), json!(null)).await;
    assert_eq!((status, &answer["code"], &answer["message"]), (403, &json!(50001), &json!("Missing Access")));
    sandbox.assert_quiet().await;
    sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    let ids = async |query: &str| -> Vec<String> {
        let (status, members) = bot.call("GET", &format!("{list}{query}"), json!(null)).await;
        assert_eq!(status, 200, "{members}");
        members.as_array().unwrap().iter().map(|it| it["user"]["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("").await.len(), 1, "one unless told");
    let all = ids("?limit=1000").await;
    assert!(all.is_sorted_by_key(|id| id.parse::<u64>().unwrap()));
    assert!(all.contains(&sandbox.approver().id().to_string()) && all.contains(&sandbox.bot().to_string()));
    assert_eq!(ids(&format!("?limit=2&after={}", all[1])).await, all[2..4]);
    let _ = sandbox.add_webhook("No member");
    sandbox.approver().leaves();
    assert_eq!(ids("?limit=1000").await.len(), all.len() - 1);
    for wrong in ["?limit=0", "?limit=1001", "?after=x"] {
        assert_eq!(bot.call("GET", &format!("{list}{wrong}"), json!(null)).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_member_is_read_as_they_are_now() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let namesakes = [(); 2].map(|()| sandbox.add_person("Iryna Shevchenko", &[sandbox.approver_role()]));
    assert_ne!(namesakes[0].id(), namesakes[1].id());
    let [person, other] = namesakes;
    let get = async |id: String| bot.call("GET", &format!("guilds/{}/members/{id}", bot.guild), json!(null)).await;
    let of = async || get(person.id().to_string()).await;
    assert_eq!(of().await.1["roles"], json!([sandbox.approver_role()]));
    person.is_called("Iryna K.");
    assert_eq!(of().await.1["user"]["global_name"], "Iryna K.");
    assert_eq!(get(other.id().to_string()).await.1["user"]["global_name"], "Iryna Shevchenko");
    sandbox.deletes_role(sandbox.approver_role());
    assert_eq!(of().await.1["roles"], json!([]), "a deleted role is nobody's");
    person.gets(sandbox.lead_role());
    person.leaves();
    let (status, answer) = of().await;
    assert_eq!((status, &answer["code"]), (404, &json!(10007)));
    sandbox.assert_quiet().await;
    person.comes_back();
    assert_eq!(of().await.1["roles"], json!([]), "whoever leaves leaves the roles behind");
    assert_eq!(get("1".to_owned()).await.1["code"], 10013);
}

#[tokio::test]
async fn a_reply_names_what_it_replies_to() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let card = card(&sandbox, &bot).await;
    let channel = sandbox.approvals_channel();
    let path = format!("channels/{}/messages", channel.id());
    let reply_to = async |to: &str, more: Value| {
        let mut body = json!({ "content": "Still waiting", "message_reference": { "message_id": to } });
        more.as_object().unwrap().iter().for_each(|(name, value)| body["message_reference"][name] = value.clone());
        bot.call("POST", &path, body).await
    };
    let (status, sent) = reply_to(&card.id().unwrap().to_string(), json!({})).await;
    assert_eq!((status, &sent["type"]), (200, &json!(19)), "{sent}");
    assert_eq!(sent["referenced_message"]["id"], json!(card.id()));
    assert_eq!(sent["message_reference"]["message_id"], json!(card.id()));
    let reply = channel.next_message().await;
    assert_eq!(reply.replies_to(), card.id());
    assert!(reply.pings().is_empty(), "the bot does not notify itself");
    let link = card.link().unwrap();
    assert_eq!(link, format!("https://discord.com/channels/{}/{}/{}", bot.guild, channel.id(), card.id().unwrap()));
    let listed = channel.all_messages();
    assert_eq!(listed.iter().map(rollcall_sandbox::Posted::id).collect::<Vec<_>>(), [card.id(), reply.id()]);
    sandbox.deletes_message(card.id().unwrap());
    let id = card.id().unwrap().to_string();
    let (status, answer) = reply_to(&id, json!({})).await;
    assert_eq!((status, &answer["code"]), (400, &json!(50035)));
    assert!(answer["errors"]["message_reference"]["_errors"].is_array(), "{answer}");
    assert_eq!(reply_to("x", json!({})).await.0, 400);
    let (status, sent) = reply_to(&id, json!({ "fail_if_not_exists": false })).await;
    assert_eq!((status, sent.get("message_reference")), (200, None), "{sent}");
    let reply = format!("{path}/{}", reply.id().unwrap());
    assert_eq!(bot.call("GET", &reply, json!(null)).await.1["referenced_message"], json!(null));
    sandbox.denies(&channel, Permission::ReadMessageHistory);
    assert_eq!(reply_to(&id, json!({})).await.1["code"], 160_002);
}

#[tokio::test]
async fn only_allowed_roles_and_repliers_are_notified() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let channel = sandbox.team_chat();
    let (asked, role) = (sandbox.lead().says("Please"), sandbox.approver_role());
    let post = async |allowed: Value| {
        let content = format!("<@&{role}> <@&{}> <@{}> @everyone", sandbox.lead_role(), sandbox.trainee().id());
        let reference = json!({ "message_id": asked.id() });
        let body = json!({ "content": content, "allowed_mentions": allowed, "message_reference": reference });
        let (status, answer) = bot.call("POST", &format!("channels/{}/messages", channel.id()), body).await;
        assert_eq!(status, 200, "{answer}");
        channel.next_message().await
    };
    assert!(post(json!({ "parse": [] })).await.pings().is_empty());
    let card = post(json!({ "parse": [], "roles": [role] })).await;
    assert_eq!((card.pinged_roles(), card.pinged_users(), card.pinged_everyone()), (vec![role], vec![], false));
    let edit = format!("channels/{}/messages/{}", channel.id(), card.id().unwrap());
    bot.call("PATCH", &edit, json!({ "content": "Settled", "allowed_mentions": { "parse": [] } })).await;
    assert_eq!(card.pings().roles, [role], "an edit takes no notification back");
    assert_eq!(post(json!({ "parse": [], "replied_user": true })).await.pinged_users(), [sandbox.lead().id()]);
    sandbox.forbids_mentions_of(role);
    assert!(post(json!({ "parse": [], "roles": [role] })).await.pings().is_empty());
    sandbox.bot_role_gets(Permission::MentionEveryone);
    assert_eq!(post(json!({ "parse": [], "roles": [role] })).await.pings().roles, [role]);
    sandbox.deletes_role(role);
    assert!(post(json!({ "parse": [], "roles": [role] })).await.pings().is_empty());
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn a_nonce_counts_in_channels_too() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let channel = sandbox.approvals_channel();
    let path = format!("channels/{}/messages", channel.id());
    let body = json!({ "content": "Card", "nonce": "request-12", "enforce_nonce": true });
    let (first, again) = (bot.call("POST", &path, body.clone()).await, bot.call("POST", &path, body).await);
    assert_eq!(first.1["id"], again.1["id"]);
    assert_eq!(channel.messages().len(), 1);
    let theirs = sandbox.lead().in_channel(&channel).says("Mine");
    let edit = format!("{path}/{}", theirs.id().unwrap());
    let (status, answer) = bot.call("PATCH", &edit, json!({ "content": "Ours" })).await;
    assert_eq!((status, &answer["code"]), (403, &json!(50005)));
    assert_eq!(bot.call("PATCH", &format!("{path}/1"), json!({ "content": "x" })).await.1["code"], 10008);
    sandbox.bot_role_loses(Permission::SendMessages);
    assert_eq!(bot.call("POST", &path, json!({ "content": "x" })).await.1["code"], 50013);
    sandbox.denies(&channel, Permission::ViewChannel);
    assert_eq!(bot.call("POST", &path, json!({ "content": "x" })).await.1["code"], 50001);
    assert_eq!(bot.call("GET", &path, json!(null)).await.1["code"], 50001);
}

#[tokio::test]
async fn anyone_who_sees_a_card_may_press_its_buttons_and_submit_its_form() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    let (card, trainee) = (card(&sandbox, &bot).await, sandbox.trainee());
    let input = json!({ "type": 1, "components": [{ "type": 4, "custom_id": "why", "label": "Why", "style": 1 }] });
    let (form, ()) = tokio::join!(trainee.presses(&card, "Approve"), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["member"]["user"]["id"], json!(sandbox.trainee().id()));
        let data = json!({ "custom_id": "deny", "title": "Deny", "components": [input] });
        bot.answers(&interaction, json!({ "type": 9, "data": data })).await;
    });
    sandbox.denies_to(
        &sandbox.approvals_channel(),
        rollcall_sandbox::Whom::Member(trainee.id()),
        Permission::ViewChannel,
    );
    let modal = form.modal().unwrap();
    assert!(trainee.try_submits(modal, &[("Why", "No")]).await.is_err(), "the channel is out of sight");
    let guild = rollcall_sandbox::Whom::Member(trainee.id());
    sandbox.no_longer_denies_to(&sandbox.approvals_channel(), guild, Permission::ViewChannel);
    let (told, ()) = tokio::join!(trainee.submits(&form, &[("Why", "No")]), async {
        let interaction = bot.interaction().await;
        bot.answers(&interaction, json!({ "type": 4, "data": { "content": "Not yours.", "flags": 64 } })).await;
    });
    assert_eq!(told.text(), "Not yours.");
    assert_eq!(sandbox.message(card.id().unwrap()).unwrap().raw()["components"][0]["type"], 1);
    let inbox = bot.direct_channel(trainee.id()).await;
    bot.call("POST", &format!("channels/{inbox}/messages"), json!({ "content": "Not counted" })).await;
    assert!(sandbox.finish().await.is_err());
    let told = sandbox.direct_messages();
    assert_eq!((told.len(), told[0].0, told[0].1.text()), (1, trainee.id(), "Not counted"));
    trainee.leaves();
    assert!(trainee.try_types("/agent show agent:3").await.unwrap_err().to_string().contains("not in the guild"));
    sandbox.assert_quiet().await;
}
