//! Attached files: as an option of a command, and as the content host serves them.

use crate::bot::Bot;
use rollcall_sandbox::{Fault, FileFault, Options, Person, Sandbox, What};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path, time::Duration};

const SHEET: &[u8] = b"\xEF\xBB\xBFE_ID,E_Extension\r\n-1,Lviv\r\n";

/// `/extension batch file* [connection]`.
fn batch_command() -> Value {
    let file = json!({ "type": 11, "name": "file", "description": "The sheet", "required": true });
    let connection = json!({ "type": 3, "name": "connection", "description": "Where", "autocomplete": true });
    let batch = json!({ "type": 1, "name": "batch", "description": "Many", "options": [file, connection] });
    json!([{ "name": "extension", "description": "Extensions", "options": [batch] }])
}

async fn world() -> (Sandbox, Bot, Person) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::connect(&sandbox).await;
    bot.registers(batch_command()).await;
    let lead = sandbox.lead();
    (sandbox, bot, lead)
}

/// The option and the attachment object of the next interaction, which is answered.
async fn attached(bot: &mut Bot) -> (Value, Value) {
    let interaction = bot.interaction().await;
    bot.answers(&interaction, json!({ "type": 4, "data": { "content": "Thank you.", "flags": 64 } })).await;
    let option = interaction["data"]["options"][0]["options"][0].clone();
    let attachment = interaction["data"]["resolved"]["attachments"][option["value"].as_str().unwrap()].clone();
    (option, attachment)
}

/// The lead attaches the sheet; the attachment object that the bot is told of.
async fn sends(lead: &Person, bot: &mut Bot) -> Value {
    lead.attaches("extensions.csv", SHEET);
    let (_, (_, attachment)) = tokio::join!(lead.types("/extension batch file:extensions.csv"), attached(bot));
    attachment
}

async fn fetched(bot: &Bot, url: &str) -> (u16, String) {
    let response = bot.http.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_file_is_announced_and_served() {
    let (sandbox, mut bot, lead) = world().await;
    lead.attaches("Нові lines 2.csv", SHEET);
    let line = "/extension batch file:Нові lines 2.csv connection:mediatel";
    let (_, (option, attachment)) = tokio::join!(lead.types(line), attached(&mut bot));
    assert_eq!((&option["type"], &option["name"]), (&json!(11), &json!("file")));
    assert_eq!(option["value"], attachment["id"]);
    assert_eq!(attachment["filename"], "_lines_2.csv");
    assert_eq!(attachment["title"], "Нові lines 2");
    assert_eq!((&attachment["size"], &attachment["ephemeral"]), (&json!(SHEET.len()), &json!(true)));
    assert_eq!(attachment["content_type"], "text/csv; charset=utf-8");
    let url = attachment["url"].as_str().unwrap();
    let id = attachment["id"].as_str().unwrap();
    let place = format!("{}/attachments/{}/{id}/_lines_2.csv?ex=", sandbox.discord_url(), sandbox.team_chat().id());
    assert!(url.starts_with(&place), "{url}");
    let response = bot.http.get(url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(response.bytes().await.unwrap(), SHEET);
    assert_eq!(bot.http.get(attachment["proxy_url"].as_str().unwrap()).send().await.unwrap().status(), 200);
    let seen = sandbox.files_fetched();
    assert_eq!(seen.iter().map(|it| it.status).collect::<Vec<_>>(), [Some(200), Some(200)]);
    assert!(url.ends_with(&seen[0].path) && sandbox.requests().iter().any(|it| it.number == seen[0].number));
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn an_attachment_is_as_discords_document_has_it() {
    // Beside the checkout, as in CI.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/discord/openapi.json");
    let Ok(document) = std::fs::read(path) else {
        println!("skipped: Discord's OpenAPI document is not here");
        return;
    };
    let document: Value = serde_json::from_slice(&document).unwrap();
    let schema = &document["components"]["schemas"]["AttachmentResponse"];
    let (_sandbox, mut bot, lead) = world().await;
    lead.attaches("a sheet.csv", SHEET);
    let line = "/extension batch file:a sheet.csv";
    let (_, (_, attachment)) = tokio::join!(lead.types(line), attached(&mut bot));
    for (name, value) in attachment.as_object().unwrap() {
        let kind = &schema["properties"][name]["type"];
        let is = match value {
            Value::String(_) => "string",
            Value::Number(_) => "integer",
            _ => "boolean",
        };
        let fits = name == "id" || *kind == is || kind.as_array().is_some_and(|kinds| kinds.contains(&json!(is)));
        assert!(fits, "{name}: {value}, where the document has {kind}");
    }
    for name in schema["required"].as_array().unwrap() {
        assert!(attachment.get(name.as_str().unwrap()).is_some(), "{name}");
    }
}

#[tokio::test]
async fn each_upload_is_a_file_of_its_own() {
    let (sandbox, mut bot, lead) = world().await;
    let urls: BTreeSet<String> =
        [sends(&lead, &mut bot).await, sends(&lead, &mut bot).await].iter().map(|it| it["url"].to_string()).collect();
    assert_eq!(urls.len(), 2);
    let (choices, ()) = tokio::join!(lead.completes("/extension batch file:extensions.csv connection:m"), async {
        let typing = bot.interaction().await;
        let options = &typing["data"]["options"][0]["options"];
        assert_eq!(options[0]["name"], "connection", "a file is uploaded when the line is sent");
        assert_eq!(typing["data"]["resolved"], Value::Null);
        bot.answers(&typing, json!({ "type": 8, "data": { "choices": [] } })).await;
    });
    assert!(choices.is_empty());
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn the_client_attaches_only_what_is_there_and_not_too_large() {
    let (sandbox, _bot, lead) = world().await;
    lead.attaches("huge.csv", vec![b'x'; 10 * 1024 * 1024 + 1]);
    sandbox.trainee().attaches("theirs.csv", SHEET);
    for (line, why) in [
        ("/extension batch file:lost.csv", "there is no file"),
        ("/extension batch file:theirs.csv", "there is no file"),
        ("/extension batch file:huge.csv", "too large"),
        ("/extension batch connection:mediatel", "`file` is required"),
    ] {
        let trouble = lead.try_types(line).await.unwrap_err();
        assert!(matches!(trouble.what(), What::NotSent { .. }) && trouble.to_string().contains(why), "{trouble}");
    }
}

#[tokio::test]
async fn without_the_signature_nothing_is_served() {
    let (sandbox, mut bot, lead) = world().await;
    let url = sends(&lead, &mut bot).await["url"].as_str().unwrap().to_owned();
    let (bare, query) = url.split_once('?').unwrap();
    let part = |name: &str| query.split('&').find(|it| it.starts_with(name)).unwrap().to_owned();
    let (ex, is, hm) = (part("ex="), part("is="), part("hm="));
    for wrong in [
        bare.to_owned(),
        format!("{bare}?{ex}&{is}"),
        format!("{bare}?{ex}&{hm}"),
        format!("{bare}?ex=7fffffff&{is}&{hm}"),
        format!("{bare}?{ex}&{is}&hm=00"),
        format!("{}?{query}", bare.replace("extensions.csv", "other.csv")),
        format!("{}?{query}", bare.replace("/attachments/", "/attachments/1")),
    ] {
        let answer = fetched(&bot, &wrong).await;
        assert_eq!(answer, (404, "This content is no longer available.".to_owned()), "{wrong}");
    }
    assert_eq!(sandbox.refusals().len(), 7, "each one fails a test that does not expect it");
    assert_eq!(fetched(&bot, &format!("{bare}?{hm}&{is}&{ex}")).await.0, 200, "the order says nothing");
    assert_eq!(sandbox.files_fetched().len(), 8);
}

#[tokio::test]
async fn the_content_host_wants_no_token_and_only_gives() {
    let (sandbox, mut bot, lead) = world().await;
    let url = sends(&lead, &mut bot).await["url"].as_str().unwrap().to_owned();
    let with_token = bot.http.get(&url).header("Authorization", format!("Bot {}", bot.token));
    assert_eq!(with_token.send().await.unwrap().status(), 403);
    assert_eq!(bot.http.delete(&url).send().await.unwrap().status(), 501);
    let trouble = sandbox.finish().await.unwrap_err().to_string();
    assert!(
        trouble.contains("was answered 403") && trouble.contains("not modelled: DELETE /attachments/"),
        "{trouble}"
    );
}

#[tokio::test]
async fn a_file_may_be_other_than_it_was_announced() {
    let (sandbox, mut bot, lead) = world().await;
    let url = sends(&lead, &mut bot).await["url"].as_str().unwrap().to_owned();
    sandbox.next_files(1, FileFault::OtherBytes(b"other".to_vec()));
    assert_eq!(fetched(&bot, &url).await, (200, "other".to_owned()));
    sandbox.next_files(1, FileFault::MoreBytes(100_000));
    let more = bot.http.get(&url).send().await.unwrap();
    assert_eq!(more.headers().get("content-length"), None);
    let more = more.bytes().await.unwrap();
    assert!(more.starts_with(SHEET) && more.len() == SHEET.len() + 100_000);
    sandbox.next_files(1, FileFault::HalfThenCut);
    assert!(bot.http.get(&url).send().await.unwrap().bytes().await.is_err());
    sandbox.next_files(1, FileFault::Slow(Duration::from_mins(1)));
    let hasty = bot.http.get(&url).timeout(Duration::from_millis(50)).send().await;
    assert!(hasty.unwrap_err().is_timeout());
    sandbox.next_files(1, FileFault::Redirected("http://127.0.0.1:9/elsewhere".to_owned()));
    let stays = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let sent_on = stays.get(&url).send().await.unwrap();
    assert_eq!(
        (sent_on.status().as_u16(), &sent_on.headers()["location"]),
        (302, &"http://127.0.0.1:9/elsewhere".parse().unwrap())
    );
    sandbox.next_files(2, FileFault::Gone);
    assert_eq!(fetched(&bot, &url).await.0, 404);
    sandbox.heals();
    sandbox.next_requests(1, "GET", "/attachments/", Fault::Status(503));
    assert_eq!(fetched(&bot, &url).await.0, 503);
    sandbox.next_requests(1, "GET", "/attachments/", Fault::LostAnswer);
    assert!(bot.http.get(&url).send().await.is_err());
    assert_eq!(fetched(&bot, &url).await.0, 200);
    sandbox.links_expire();
    assert_eq!(fetched(&bot, &url).await, (404, "This content is no longer available.".to_owned()));
    sandbox.assert_quiet().await;
}

#[tokio::test]
async fn an_announcement_can_be_forged() {
    let (sandbox, mut bot, lead) = world().await;
    let elsewhere = json!({ "url": "http://127.0.0.1:9/extensions.csv", "size": 7 });
    lead.forges_file("extensions.csv", SHEET, elsewhere);
    let (_, (_, forged)) = tokio::join!(lead.types("/extension batch file:extensions.csv"), attached(&mut bot));
    assert_eq!((&forged["url"], &forged["size"]), (&json!("http://127.0.0.1:9/extensions.csv"), &json!(7)));
    assert_eq!(forged["filename"], "extensions.csv");
    assert_eq!(fetched(&bot, forged["proxy_url"].as_str().unwrap()).await.0, 200);
    let honest = sends(&lead, &mut bot).await;
    assert!(honest["url"].as_str().unwrap().starts_with(sandbox.discord_url()), "attaching anew is honest again");
    sandbox.assert_quiet().await;
}
