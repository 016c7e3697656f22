//! The whole clone against a Discord and a Mediatel that somebody else wrote from the documents: nothing optional,
//! nothing of our sandbox's habits.

mod bot;
mod discord;
mod erix;
mod extending;
mod extensions;
mod mediatel;
mod presence;
mod voicenter;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use self::bot::Team;
use self::discord::{APPROVER, Asked, CARDS, LOG, NEWCOMER};
use self::mediatel::Mediatel;

/// The Mediatel as a connection, as the person who installs the bot writes it.
fn hes(mediatel: &Mediatel) -> String {
    format!(
        "[[connection]]\nname = \"hes\"\nkind = \"mediatel\"\nbase_url = \"{}\"\nauth = \"none\"\nemail = \"{{login}}@example.com\"\n",
        mediatel.url()
    )
}

/// The first custom id in a message whose button has this label.
fn button(message: &Value, label: &str) -> Option<String> {
    let rows = message["components"].as_array()?.iter().filter_map(|row| row["components"].as_array()).flatten();
    rows.filter(|it| it["label"] == label).find_map(|it| Some(it["custom_id"].as_str()?.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_works_with_servers_written_from_the_documents_alone() {
    let mediatel = Mediatel::starts().await;
    let mut team = Team::with("[\"agent.*\"]", &hes(&mediatel), &[]).await;
    macro_rules! sees {
        ($what:expr, $find:expr) => {
            team.asks($what, $find).await
        };
    }

    // Suggestions first, as Discord asks for them while somebody types.
    team.discord.command(4, &json!([{ "name": "source", "type": 3, "value": "bas", "focused": true }]));
    sees!("suggestions", |request| (request.body["type"] == 8).then_some(()));

    let options = |login: &str| {
        json!([
            { "name": "source", "type": 3, "value": "hes:7" },
            { "name": "login", "type": 3, "value": login },
            { "name": "recipient", "type": 6, "value": NEWCOMER },
        ])
    };
    // What the server already has is refused, however it says so.
    mediatel.refuses_next();
    team.discord.command(2, &options("stranger.taken"));
    let press = sees!("a preview", |request| button(&request.body, "Create stranger.taken"));
    team.discord.press_in_guild(&press);
    sees!("the refusal", |request| {
        (request.method == "PATCH" && request.body.to_string().contains("not done")).then_some(())
    });
    assert_eq!(mediatel.count(), 2);

    team.discord.command(2, &options("stranger.danger"));
    let press = sees!("a preview", |request| button(&request.body, "Create stranger.danger"));
    team.discord.press_in_guild(&press);
    let reveal = sees!("the direct message", |request| button(&request.body, "Reveal"));
    team.discord.press_in_direct_messages(&reveal);
    let shown = sees!("the password", |request| {
        request.body["data"]["content"].as_str().filter(|text| text.contains("```")).map(ToOwned::to_owned)
    });
    sees!("the log line", |request| {
        let told = request.body.to_string().contains("created **stranger.danger**");
        (request.path.contains(LOG) && told).then_some(())
    });
    let password = shown.split("```").nth(1).expect("a password").trim();
    let digest = format!("{:x}", Md5::digest(password))[..16].to_owned();
    let made = mediatel.agent("stranger.danger").expect("the new agent");
    assert_eq!(made["Password"], digest);
    assert_eq!(made["Details"], "stranger.danger@example.com");
    assert_eq!(made["Wallpaper"], json!({ "Colour": "blue", "Tiles": [1.50, null] }), "unknown members go with it");
    assert_eq!(made["DefaultSkill"], "7", "and numbers stay as they were written");

    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_is_approved_with_servers_written_from_the_documents_alone() {
    let mediatel = Mediatel::starts().await;
    let mut team = Team::with("[\"agent.*\"]", &hes(&mediatel), &[]).await;
    macro_rules! sees {
        ($what:expr, $find:expr) => {
            team.asks($what, $find).await
        };
    }
    let says = |request: &Asked, words: &str| request.body.to_string().contains(words);
    // No list of members, no permissions told, no reactions to be read: what is not told is not held against anybody.
    team.discord.types(
        "delete",
        &json!([{ "name": "agent", "type": 3, "value": "hes:7" }, { "name": "reason", "type": 3, "value": "leaver" }]),
    );
    let press =
        sees!("the offer", |request| button(&request.body, "Disable basil.basilenko now and ask for the delete"));
    team.discord.press_in_guild(&press);
    sees!("the card", |request| {
        let posted = request.method == "POST" && request.path == format!("channels/{CARDS}/messages");
        (posted && says(request, "basil.basilenko")).then_some(())
    });
    let card = sees!("the bot's own reaction", |request| {
        let path: Vec<&str> = request.path.split('/').collect();
        match path.as_slice() {
            ["channels", CARDS, "messages", card, "reactions", ..] if request.method == "PUT" => {
                Some((*card).to_owned())
            }
            _ => None,
        }
    });
    assert_eq!(mediatel.count(), 2);
    team.discord.reacts(APPROVER, &card);
    sees!("the settled card", |request| {
        (request.method == "PATCH" && request.path.ends_with(&card) && says(request, "is gone")).then_some(())
    });
    sees!("the log line", |request| (request.path.contains(LOG) && says(request, "deleted **basil")).then_some(()));
    assert_eq!(mediatel.count(), 1);

    team.discord.types("restore", &json!([{ "name": "agent", "type": 3, "value": "hes:7" }]));
    let press = sees!("the preview", |request| button(&request.body, "Restore basil.basilenko"));
    team.discord.press_in_guild(&press);
    sees!("the new agent", |request| says(request, "exists on hes").then_some(()));
    let back = mediatel.agent("basil.basilenko").expect("the agent");
    assert_eq!(back["Wallpaper"], json!({ "Colour": "blue", "Tiles": [1.50, null] }), "unknown members come back");
    assert_ne!(back["Password"], "c81e728d9d4c2f63");
    team.bot.ends().await;
}
