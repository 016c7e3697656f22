//! Discord's limits: messages, components, commands, nonces, permissions.

use crate::bot::{Bot, agent_commands, button};
use rollcall_sandbox::{DirectMessages, Options, Permission, Sandbox};
use serde_json::{Value, json};

async fn refused(bot: &Bot, channel: impl ToString, body: Value) -> Value {
    let (status, answer) = bot.call("POST", &format!("channels/{}/messages", channel.to_string()), body.clone()).await;
    assert!((400..500).contains(&status), "{body} was taken: {answer}");
    answer
}

#[tokio::test]
async fn messages_are_held_to_the_limits() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let channel = sandbox.log_channel().id();
    let field = json!({ "name": "n", "value": "v" });
    let option = |n: usize| json!({ "label": "l", "value": n.to_string() });
    let select = |options: Vec<Value>| json!([{ "type": 1, "components": [{ "type": 3, "custom_id": "s", "options": options }] }]);
    for (body, at) in [
        (json!({ "content": "x".repeat(2001) }), "/content"),
        (json!({ "embeds": vec![json!({ "title": "t" }); 11] }), "/embeds"),
        (json!({ "embeds": [{ "title": "x".repeat(257) }] }), "/embeds/0/title"),
        (json!({ "embeds": [{ "description": "x".repeat(4097) }] }), "/embeds/0/description"),
        (json!({ "embeds": [{ "fields": vec![field.clone(); 26] }] }), "/embeds/0/fields"),
        (json!({ "embeds": [{ "fields": [{ "name": "", "value": "v" }] }] }), "/embeds/0/fields/0/name"),
        (json!({ "embeds": [{ "fields": [{ "name": "n", "value": "x".repeat(1025) }] }] }), "/embeds/0/fields/0/value"),
        (json!({ "embeds": [{ "footer": { "text": "x".repeat(2049) } }] }), "/embeds/0/footer/text"),
        (json!({ "embeds": [{ "description": "x".repeat(4000) }, { "description": "x".repeat(2001) }] }), "/embeds"),
        (json!({ "embeds": [{ "title": "t", "fields": ["x"] }] }), "/embeds/0/fields/0"),
        (json!({ "embeds": [{ "title": "t", "footer": "x" }] }), "/embeds/0/footer"),
        (json!({ "embeds": [{ "author": { "name": "x", "icon_url": "ftp://x" } }] }), "/embeds/0/author/icon_url"),
        (
            json!({ "embeds": [{ "footer": { "text": "x".repeat(1001) }, "author": { "name": "x".repeat(250) },
            "fields": vec![json!({ "name": "x".repeat(250), "value": "x".repeat(700) }); 5] }] }),
            "/embeds",
        ),
        (json!({ "content": "x", "components": vec![button("a", "b"); 6] }), "/components"),
        (
            json!({ "content": "x", "components": [button("a", "b"), button("c", "b")] }),
            "/components/1/components/0/custom_id",
        ),
        (json!({ "content": "x", "components": [button(&"a".repeat(81), "b")] }), "/components/0/components/0/label"),
        (
            json!({ "content": "x", "components": [button("a", &"b".repeat(101))] }),
            "/components/0/components/0/custom_id",
        ),
        (
            json!({ "content": "x", "components": select((0..26).map(option).collect()) }),
            "/components/0/components/0/options",
        ),
        (
            json!({ "content": "x", "components": select(vec![option(1), option(1)]) }),
            "/components/0/components/0/options/1/value",
        ),
        (
            json!({ "content": "x", "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "custom_id": "e", "emoji": { "name": ":tick:" } }] }] }),
            "/components/0/components/0/emoji",
        ),
        (json!({ "content": "x", "nonce": "x".repeat(26) }), "/nonce"),
        (json!({ "content": "x", "flags": 64 }), "/flags"),
        (json!({ "content": "x", "allowed_mentions": { "parse": ["users"], "users": ["1"] } }), "/allowed_mentions"),
    ] {
        let answer = refused(&bot, channel, body.clone()).await;
        assert_eq!(answer["code"], 50035, "{answer}");
        assert!(answer["errors"].pointer(at).is_some_and(|it| it["_errors"].is_array()), "{body}: {answer}");
    }
    assert_eq!(refused(&bot, channel, json!({ "content": "  \n " })).await["code"], 50006);
    assert_eq!(refused(&bot, channel, json!({})).await["code"], 50006);
    assert_eq!(refused(&bot, 1, json!({ "content": "x" })).await["code"], 10003);
}

#[tokio::test]
async fn embeds_count_to_six_thousand_over_all() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let log = sandbox.log_channel();
    let path = format!("channels/{}/messages", log.id());
    let half = json!({ "title": "t".repeat(100), "description": "d".repeat(2900) });
    let (status, sent) = bot.call("POST", &path, json!({ "embeds": [half, half] })).await;
    assert_eq!(status, 200, "6000 are allowed: {sent}");
    let more = json!({ "embeds": [half, half, { "title": "t" }] });
    let (status, answer) = bot.call("PATCH", &format!("{path}/{}", sent["id"].as_str().unwrap()), more).await;
    assert_eq!((status, &answer["errors"]["embeds"]["_errors"][0]["code"]), (400, &json!("MAX_EMBED_SIZE_EXCEEDED")));
}

#[tokio::test]
async fn files_of_the_bots_own_are_not_modelled() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let path = format!("channels/{}/messages", sandbox.log_channel().id());
    for body in [
        json!({ "content": "x", "attachments": [{ "id": "0", "filename": "a.csv" }] }),
        json!({ "embeds": [{ "image": { "url": "attachment://a.png" } }] }),
    ] {
        let (status, answer) = bot.call("POST", &path, body.clone()).await;
        assert_eq!(status, 501, "{body}: {answer}");
    }
    let form = "--x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.csv\"\r\n\r\n1\r\n--x--\r\n";
    let upload = bot.http.post(format!("{}/{path}", bot.api)).header("Content-Type", "multipart/form-data; boundary=x");
    let upload = upload.header("Authorization", format!("Bot {}", bot.token)).body(form);
    assert_eq!(upload.send().await.unwrap().status(), 501);
    assert_eq!(sandbox.unexpected().len(), 3);
    assert_eq!(bot.call("POST", &path, json!({ "content": "x", "attachments": [] })).await.0, 200);
    assert!(sandbox.finish().await.unwrap_err().to_string().contains("multipart/form-data"));
}

#[tokio::test]
async fn commands_are_held_to_the_limits() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let path = format!("applications/{}/guilds/{}/commands", bot.application, bot.guild);
    let option =
        |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
    let with = |options: Value| json!([{ "name": "a", "description": "d", "options": options }]);
    let mut both = option("o", false);
    both["autocomplete"] = json!(true);
    both["choices"] = json!([{ "name": "n", "value": "v" }]);
    let file = |member: &str, value: Value| {
        let mut file = json!({ "type": 11, "name": "file", "description": "d", "required": true });
        file[member] = value;
        with(json!([file]))
    };
    for wrong in [
        json!([{ "name": "Upper", "description": "d" }]),
        json!([{ "name": "two words", "description": "d" }]),
        json!([{ "name": "a", "description": "" }]),
        json!([{ "name": "a", "description": "x".repeat(101) }]),
        json!([{ "name": "a", "description": "d" }, { "name": "a", "description": "d" }]),
        with(json!([option("o", false), option("r", true)])),
        with(json!([option("o", true), option("o", true)])),
        with(json!((0..26).map(|n| option(&format!("o{n}"), false)).collect::<Vec<_>>())),
        with(json!([both])),
        file("autocomplete", json!(true)),
        file("choices", json!([{ "name": "n", "value": "v" }])),
        file("max_length", json!(5)),
        file("min_value", json!(1)),
        file("channel_types", json!([0])),
        with(json!([{ "type": 1, "name": "s", "description": "d" }, option("o", false)])),
        with(json!([{ "type": 2, "name": "g", "description": "d", "options": [{ "type": 2, "name": "g", "description": "d" }] }])),
        with(json!((0..25).map(|n| json!({ "type": 1, "name": format!("s{n}"), "description": "d".repeat(100), "options":
            (0..4).map(|o| json!({ "type": 3, "name": format!("o{o}"), "description": "d".repeat(100) })).collect::<Vec<_>>() })).collect::<Vec<_>>())),
    ] {
        let (status, answer) = bot.call("PUT", &path, wrong.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50035)), "{wrong} was taken: {answer}");
    }
    let first = bot.registers(agent_commands()).await;
    let again = bot.registers(agent_commands()).await;
    assert_eq!(first, again, "what says the same keeps id and version");
    assert_eq!(bot.call("GET", &path, json!(null)).await.0, 200);
}

#[tokio::test]
async fn a_nonce_is_enforced() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let keeper = sandbox.keeper();
    let path = format!("channels/{}/messages", bot.direct_channel(keeper.id()).await);
    let body = json!({ "content": "Password", "nonce": "op-1", "enforce_nonce": true });
    let (_, first) = bot.call("POST", &path, body.clone()).await;
    let (_, second) = bot.call("POST", &path, body).await;
    assert_eq!(first["id"], second["id"]);
    assert_eq!(keeper.direct_messages().len(), 1);
    let (_, third) = bot.call("POST", &path, json!({ "content": "Password", "nonce": "op-1" })).await;
    assert_ne!(first["id"], third["id"], "without enforce_nonce a nonce is only a mark");
}

#[tokio::test]
async fn doors_can_be_closed() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let keeper = sandbox.keeper();
    let direct = bot.direct_channel(keeper.id()).await;
    for (door, code) in [(DirectMessages::Closed, 50007), (DirectMessages::NoMutualGuild, 50278)] {
        keeper.sets_direct_messages(door);
        assert_eq!(refused(&bot, &direct, json!({ "content": "x" })).await["code"], code);
    }
    let log = sandbox.log_channel();
    sandbox.denies(&log, Permission::SendMessages);
    assert_eq!(refused(&bot, log.id(), json!({ "content": "x" })).await["code"], 50013);
    sandbox.denies(&log, Permission::ViewChannel);
    assert_eq!(refused(&bot, log.id(), json!({ "content": "x" })).await["code"], 50001);
    let member = format!("guilds/{}/members/{}", bot.guild, keeper.id());
    assert_eq!(bot.call("GET", &member, json!(null)).await.0, 200);
    keeper.leaves();
    assert_eq!(bot.call("GET", &member, json!(null)).await.1["code"], 10007);
    sandbox.expects(10007);
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn mentions_ping_only_whom_they_may() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let log = sandbox.log_channel();
    let content = format!("@everyone {} <@&{}>", sandbox.lead().mention(), sandbox.approver_role());
    let path = format!("channels/{}/messages", log.id());
    bot.call("POST", &path, json!({ "content": content, "allowed_mentions": { "parse": [] } })).await;
    let quiet = log.next_message().await;
    assert!(!quiet.pinged_everyone() && quiet.pinged_users().is_empty() && quiet.pinged_roles().is_empty());
    bot.call(
        "POST",
        &path,
        json!({ "content": content, "allowed_mentions": { "parse": [], "roles": [sandbox.approver_role()] } }),
    )
    .await;
    let loud = log.next_message().await;
    assert_eq!((loud.pinged_everyone(), loud.pinged_roles()), (false, vec![sandbox.approver_role()]));
}
