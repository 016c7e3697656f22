//! What people can and cannot do, as Discord's client would have it.

use crate::bot::{Bot, agent_commands, button};
use rollcall_sandbox::{Options, Sandbox, What};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn the_client_refuses_what_is_not_registered() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let lead = sandbox.lead();
    let trouble = lead.try_types("/agent show agent:3").await.unwrap_err();
    assert!(matches!(trouble.what(), What::NotSent { .. }), "{trouble}");
    let bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    for (line, why) in [
        ("/queue list", "there is no command /queue"),
        ("/agent sing", "is none of: show, clone, give"),
        ("/agent show", "`agent` is required"),
        ("/agent show name:3", "begins with no option"),
        ("/agent give to:@nobody", "there is nobody called"),
        ("/agent give to:@Olha Koval level:4", "takes 1 to 3"),
        ("/agent give to:@Olha Koval state:Maybe", "is none of: On, Off"),
        ("agent show agent:3", "begins with a slash"),
    ] {
        let trouble = lead.try_types(line).await.unwrap_err();
        assert!(trouble.to_string().contains(why), "{line}: {trouble}");
    }
    assert!(lead.try_completes("/agent clone source:a login:x").await.is_err(), "login has no autocomplete");
}

#[tokio::test]
async fn values_run_to_the_next_option() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    sandbox.lead().types_and_goes("/agent clone email:\"a login:b\" login:ivan the:second source:mediatel:3").unwrap();
    let options = bot.interaction().await["data"]["options"][0]["options"].clone();
    assert_eq!(options[0]["value"], "a login:b");
    assert_eq!(options[1]["value"], "ivan the:second");
    assert_eq!(options[2]["value"], "mediatel:3");
}

#[tokio::test]
async fn presses_may_be_double_forged_or_someone_elses() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    bot.registers(agent_commands()).await;
    let lead = sandbox.lead();
    let (card, ()) = tokio::join!(lead.types("/agent show agent:3"), async {
        let interaction = bot.interaction().await;
        let data = json!({ "content": "Card", "flags": 64, "components": [button("Create ivan", "create")] });
        bot.answers(&interaction, json!({ "type": 4, "data": data })).await;
    });
    assert!(lead.try_presses(&card, "OK").await.unwrap_err().to_string().contains("[Create ivan]"));
    let ([first, second], ()) = tokio::join!(lead.presses_twice(&card, "Create ivan"), async {
        let (first, second) = (bot.interaction().await, bot.interaction().await);
        assert_ne!(first["id"], second["id"]);
        bot.answers(&second, json!({ "type": 6 })).await;
        bot.answers(&first, json!({ "type": 7, "data": { "content": "Created", "components": [] } })).await;
    });
    assert_eq!((first.text(), second.text()), ("Created", "Created"));
    let trainee = sandbox.trainee();
    let (theirs, ()) = tokio::join!(trainee.presses_id(&card, "create"), async {
        let interaction = bot.interaction().await;
        assert_eq!(interaction["member"]["user"]["id"], sandbox.trainee().id().to_string());
        bot.answers(&interaction, json!({ "type": 4, "data": { "content": "Not yours.", "flags": 64 } })).await;
    });
    assert_eq!(theirs.text(), "Not yours.");
    lead.typed_again(&card);
    assert_eq!(bot.interaction().await["id"], card.interaction().to_string(), "the very same interaction");
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn direct_messages_change_before_ones_eyes() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut bot = Bot::connect(&sandbox).await;
    let keeper = sandbox.keeper();
    let path = format!("channels/{}/messages", bot.direct_channel(keeper.id()).await);
    let (_, sent) =
        bot.call("POST", &path, json!({ "content": "Hidden", "components": [button("Reveal", "reveal")] })).await;
    let dm = keeper.next_direct_message().await;
    let (shown, ()) = tokio::join!(keeper.presses(&dm, "Reveal"), async {
        let interaction = bot.interaction().await;
        assert_eq!((&interaction["context"], &interaction["member"]), (&json!(1), &json!(null)));
        assert_eq!(interaction["user"]["id"], keeper.id().to_string());
        bot.answers(&interaction, json!({ "type": 7, "data": { "content": "||secret||" } })).await;
    });
    assert!(shown.text().starts_with("||secret||"));
    let edit = format!("{path}/{}", sent["id"].as_str().unwrap());
    let (hidden, _) = tokio::join!(
        dm.changes_until(|text| text == "Gone"),
        bot.call("PATCH", &edit, json!({ "content": "Gone", "components": [] }))
    );
    assert_eq!(hidden.text(), "Gone");
    assert_eq!(dm.history().len(), 3);
    assert_eq!(bot.call("DELETE", &edit, json!(null)).await.0, 204);
    assert!(dm.is_deleted());
}

#[tokio::test]
async fn what_nobody_reads_is_told() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    let log = sandbox.log_channel();
    bot.call("POST", &format!("channels/{}/messages", log.id()), json!({ "content": "Unread" })).await;
    assert!(sandbox.finish().await.unwrap_err().to_string().contains("nobody has read"));
    let message = log.next_message().await;
    assert_eq!(message.text(), "Unread");
    sandbox.approver().reacts(&message, "✅");
    let reactions = format!("channels/{}/messages/{}/reactions/%E2%9C%85", log.id(), message.id().unwrap());
    let (_, users) = bot.call("GET", &reactions, json!(null)).await;
    assert_eq!(users[0]["id"], sandbox.approver().id().to_string());
    assert_eq!(bot.call("PUT", &format!("{reactions}/@me"), json!(null)).await.0, 204);
    assert_eq!(message.reactions().len(), 2);
    sandbox.assert_quiet().await;
    let impatient = log.messages()[0].clone();
    assert!(impatient.text().contains("Unread"));
    let lead = sandbox.lead().with_patience(Duration::from_millis(1));
    assert!(matches!(lead.try_next_direct_message().await.unwrap_err().what(), What::InVain(_)));
}
