//! Acknowledging interactions: once, in time, in a fitting form; follow-ups and the life of tokens.

use crate::bot::{Bot, agent_commands, button};
use rollcall_sandbox::{Options, Sandbox, What};
use serde_json::json;
use std::time::Duration;

async fn started(options: Options) -> (Sandbox, Bot) {
    let sandbox = Sandbox::start(options).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    (sandbox, bot)
}

#[tokio::test]
async fn a_command_is_answered_once() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let lead = sandbox.lead();
    let (reply, ()) = tokio::join!(lead.types("/agent show agent:mediatel:3"), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["data"]["options"][0]["options"][0]["value"], "mediatel:3");
        let answer = json!({ "type": 4, "data": { "content": "Found.", "flags": 64 } });
        assert_eq!(bot.answers(&interaction, answer.clone()).await.0, 204);
        let (status, refusal) = bot.answers(&interaction, answer).await;
        assert_eq!((status, &refusal["code"]), (400, &json!(40060)));
    });
    assert_eq!(reply.text(), "Found.");
    assert!(reply.is_ephemeral());
    assert_eq!(sandbox.refusals().len(), 1, "an unexpected refusal is counted");
    assert!(sandbox.finish().await.is_err());
    sandbox.expects(40060);
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn an_interaction_carries_every_documented_member() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let keeper = sandbox.keeper();
    let id = sandbox.lead().types_and_goes(&format!("/agent give level:2 to:{} state:On", keeper.mention())).unwrap();
    let event = bot.interaction().await;
    for member in [
        "id",
        "application_id",
        "type",
        "data",
        "guild",
        "guild_id",
        "channel",
        "channel_id",
        "member",
        "token",
        "version",
        "app_permissions",
        "locale",
        "guild_locale",
        "entitlements",
        "authorizing_integration_owners",
        "context",
        "attachment_size_limit",
    ] {
        assert!(!event[member].is_null(), "{member}");
    }
    assert_eq!(event["id"], id.to_string());
    let options = &event["data"]["options"][0]["options"];
    assert_eq!(options[0], json!({ "name": "level", "type": 4, "value": 2 }));
    assert_eq!(options[2]["value"], "on");
    let keeper_id = keeper.id().to_string();
    assert_eq!(event["data"]["resolved"]["users"][&keeper_id]["id"], keeper_id);
    assert!(event["data"]["resolved"]["members"][&keeper_id]["permissions"].is_string());
}

#[tokio::test]
async fn too_late_is_unknown() {
    let (sandbox, mut bot) =
        started(Options { acknowledge_within: Duration::from_millis(1), ..Options::default() }).await;
    let trouble = sandbox.lead().try_types("/agent show agent:3").await.unwrap_err();
    assert!(matches!(trouble.what(), What::NotAnswered(_)), "{trouble}");
    let interaction = bot.interaction().await;
    let (status, refusal) = bot.answers(&interaction, json!({ "type": 5 })).await;
    assert_eq!((status, &refusal["code"]), (404, &json!(10062)));
}

#[tokio::test]
async fn the_kind_of_answer_must_fit() {
    let (sandbox, mut bot) = started(Options::default()).await;
    sandbox.lead().types_and_goes("/agent show agent:3").unwrap();
    let interaction = bot.interaction().await;
    for kind in [1, 6, 7, 8] {
        let (status, refusal) =
            bot.answers(&interaction, json!({ "type": kind, "data": { "content": "x", "choices": [] } })).await;
        assert_eq!((status, &refusal["code"]), (400, &json!(50035)), "type {kind}");
    }
    let mut forged = interaction.clone();
    forged["token"] = json!("forged");
    assert_eq!(bot.answers(&forged, json!({ "type": 5 })).await.1["code"], 10062);
    assert_eq!(bot.answers(&interaction, json!({ "type": 5, "data": { "flags": 64 } })).await.0, 204);
}

#[tokio::test]
async fn a_deferred_answer_is_awaited_until_it_is_edited() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let lead = sandbox.lead();
    let (reply, ()) = tokio::join!(lead.types("/agent show agent:3"), async {
        let interaction = bot.interaction().await;
        let (status, answer) = bot.follows("POST", &interaction, "", json!({ "content": "too early" })).await;
        assert_eq!((status, &answer["code"]), (404, &json!(10015)));
        bot.answers(&interaction, json!({ "type": 5, "data": { "flags": 64 } })).await;
        let (_, shown) = bot.follows("GET", &interaction, "/messages/@original", json!(null)).await;
        assert_eq!(shown["flags"], 64 | 128);
        let body = json!({ "content": "Card", "components": [button("Create ivan.ivanov", "create")] });
        let (status, edited) = bot.follows("PATCH", &interaction, "/messages/@original", body).await;
        assert_eq!((status, &edited["flags"]), (200, &json!(64)));
    });
    assert_eq!(reply.text(), "Card\n[Create ivan.ivanov]");
    let (_, by_token) = bot
        .call("GET", &format!("channels/{}/messages/{}", sandbox.team_chat().id(), reply.id().unwrap()), json!(null))
        .await;
    assert_eq!(by_token["code"], 10008, "an ephemeral message is beyond the bot's own token");
}

#[tokio::test]
async fn a_deferral_without_an_end_is_told() {
    let (sandbox, mut bot) =
        started(Options { acknowledge_within: Duration::from_millis(300), ..Options::default() }).await;
    sandbox.lead().types_and_goes("/agent show agent:3").unwrap();
    let interaction = bot.interaction().await;
    bot.answers(&interaction, json!({ "type": 5 })).await;
    let trouble = sandbox.finish().await.unwrap_err();
    assert!(trouble.to_string().contains("never answered to the end: Olha Koval: /agent show agent:3"), "{trouble}");
}

#[tokio::test]
async fn tokens_die() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let lead = sandbox.lead();
    let mut seen = json!(null);
    let (reply, ()) = tokio::join!(lead.types("/agent show agent:3"), async {
        seen = bot.interaction().await;
        bot.answers(&seen, json!({ "type": 4, "data": { "content": "Done" } })).await;
    });
    assert_eq!(bot.follows("POST", &seen, "", json!({ "content": "More", "flags": 64 })).await.0, 200);
    assert_eq!(reply.followups()[0].text(), "More");
    reply.token_expires();
    let (status, refusal) = bot.follows("PATCH", &seen, "/messages/@original", json!({ "content": "x" })).await;
    assert_eq!((status, &refusal["code"]), (401, &json!(50027)));
}

#[tokio::test]
async fn buttons_selects_and_modals_work() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let lead = sandbox.lead();
    let menu = json!({ "type": 1, "components": [{ "type": 3, "custom_id": "pick", "options": [
        { "label": "Ivan", "value": "3" }, { "label": "Olha", "value": "4", "description": "enabled" },
    ] }] });
    let (card, ()) = tokio::join!(lead.types("/agent show agent:3"), async {
        let interaction = bot.interaction().await;
        let data = json!({ "content": "Card", "flags": 64, "components": [button("Edit", "edit:3"), menu] });
        assert_eq!(bot.answers(&interaction, json!({ "type": 4, "data": data })).await.0, 204);
    });
    let (chosen, ()) = tokio::join!(lead.selects(&card, &["Olha"]), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["data"]["values"], json!(["4"]));
        assert_eq!(interaction["message"]["id"], card.id().unwrap().to_string());
        bot.answers(&interaction, json!({ "type": 6 })).await;
        bot.follows("PATCH", &interaction, "/messages/@original", json!({ "content": "Olha's card" })).await;
    });
    assert!(chosen.text().starts_with("Olha's card"));
    let (opened, ()) = tokio::join!(lead.presses(&chosen, "Edit"), async {
        let interaction = bot.interaction().await;
        let input =
            json!({ "type": 4, "style": 1, "custom_id": "login", "label": "Login", "value": "olha", "max_length": 10 });
        let data =
            json!({ "custom_id": "edit:4", "title": "Edit", "components": [{ "type": 1, "components": [input] }] });
        assert_eq!(bot.answers(&interaction, json!({ "type": 9, "data": "edit" })).await.0, 400);
        assert_eq!(bot.answers(&interaction, json!({ "type": 9, "data": data })).await.0, 204);
    });
    assert_eq!(opened.modal().unwrap().fields()[0].value, "olha");
    let modal = opened.modal().unwrap();
    assert!(lead.try_submits(modal, &[("Login", "much too long for this")]).await.is_err());
    let (done, ()) = tokio::join!(lead.submits(&opened, &[("Login", "olha.koval")]), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["type"], 5);
        assert_eq!(interaction["data"]["components"][0]["components"][0]["value"], "olha.koval");
        let (status, _) = bot.answers(&interaction, json!({ "type": 9, "data": {} })).await;
        assert_eq!(status, 400, "a modal does not answer a modal");
        bot.answers(&interaction, json!({ "type": 7, "data": { "content": "Renamed", "components": [] } })).await;
    });
    assert_eq!(done.text(), "Renamed");
    assert_eq!(done.id(), card.id());
    sandbox.expects(50035);
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn autocomplete_offers_choices() {
    let (sandbox, mut bot) = started(Options::default()).await;
    let lead = sandbox.lead();
    let (choices, ()) = tokio::join!(lead.completes("/agent clone login:x source:iv"), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["type"], 4);
        assert_eq!(interaction["data"]["options"][0]["options"][1]["focused"], true);
        let many: Vec<_> = (0..26).map(|n| json!({ "name": format!("a{n}"), "value": "v" })).collect();
        assert_eq!(bot.answers(&interaction, json!({ "type": 8, "data": { "choices": many } })).await.0, 400);
        let long = json!([{ "name": "n".repeat(101), "value": "v" }]);
        assert_eq!(bot.answers(&interaction, json!({ "type": 8, "data": { "choices": long } })).await.0, 400);
        let good = json!([{ "name": "ivan.ivanov · mediatel", "value": "mediatel:3" }]);
        assert_eq!(bot.answers(&interaction, json!({ "type": 8, "data": { "choices": good } })).await.0, 204);
    });
    assert_eq!(choices[0].value, "mediatel:3");
}
