//! The whole clone against a Discord and a Mediatel that somebody else wrote from the documents: nothing optional,
//! nothing of our sandbox's habits.

mod discord;
mod mediatel;

use std::process::Stdio;
use std::time::Duration;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use self::discord::{APPROVER, APPROVER_ROLE, Asked, CARDS, Discord, GUILD, LEAD_ROLE, LOG, NEWCOMER};
use self::mediatel::Mediatel;
use crate::world::KEY;

/// How long a sign of the bot is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bot, with its log when it dies too early.
struct Bot {
    child: tokio::process::Child,
    folder: tempfile::TempDir,
}

impl Bot {
    fn starts(discord: &Discord, mediatel: &Mediatel) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[discord]\nguild = \"{GUILD}\"\nlog_channel = \"{LOG}\"\napprovals_channel = \"{CARDS}\"\n\n[[role]]\nid = \"{LEAD_ROLE}\"\n\
             may = [\"agent.*\"]\n\n[approvals]\napprovers = [\"{APPROVER_ROLE}\"]\n\n[[connection]]\nname = \"hes\"\nkind = \"mediatel\"\nbase_url = \"{}\"\n\
             auth = \"none\"\nemail = \"{{login}}@example.com\"\n",
            mediatel.url()
        );
        std::fs::write(folder.path().join("rollcall.toml"), settings).expect("the settings are written");
        let log = std::fs::File::create(folder.path().join("bot.log")).expect("a log");
        let child = tokio::process::Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .arg("run")
            .env_clear()
            .envs([
                ("DISCORD_TOKEN", discord::TOKEN),
                ("DISCORD_API_URL", discord.url()),
                ("ROLLCALL_KEY", KEY),
                ("RUST_LOG", "debug"),
            ])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the bot starts");
        Self { child, folder }
    }

    async fn ends(mut self) {
        let id = self.child.id().expect("a bot that runs").to_string();
        assert!(tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.expect("kill").success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends").expect("its status");
        assert_eq!(ended.code(), Some(0), "{}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("bot.log")).unwrap_or_default()
    }
}

/// The first custom id in a message whose button has this label.
fn button(message: &Value, label: &str) -> Option<String> {
    let rows = message["components"].as_array()?.iter().filter_map(|row| row["components"].as_array()).flatten();
    rows.filter(|it| it["label"] == label).find_map(|it| Some(it["custom_id"].as_str()?.to_owned()))
}

/// What `find` finds in a request of the bot.
async fn seen<T>(discord: &Discord, bot: &Bot, what: &str, find: impl Fn(&Asked) -> Option<T>) -> T {
    match tokio::time::timeout(PATIENCE, discord.until(find)).await {
        Ok(found) => found,
        Err(_) => panic!("no sign of {what}; requests:\n{}\nlog:\n{}", discord.requests(), bot.log()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_works_with_servers_written_from_the_documents_alone() {
    let (discord, mediatel) = (Discord::starts().await, Mediatel::starts().await);
    let bot = Bot::starts(&discord, &mediatel);
    macro_rules! sees {
        ($what:expr, $find:expr) => {
            seen(&discord, &bot, $what, $find).await
        };
    }
    sees!("the commands", |request| (request.method == "PUT" && request.path.ends_with("/commands")).then_some(()));

    // Suggestions first, as Discord asks for them while somebody types.
    discord.command(4, &json!([{ "name": "source", "type": 3, "value": "bas", "focused": true }]));
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
    discord.command(2, &options("stranger.taken"));
    let press = sees!("a preview", |request| button(&request.body, "Create stranger.taken"));
    discord.press_in_guild(&press);
    sees!("the refusal", |request| {
        (request.method == "PATCH" && request.body.to_string().contains("not done")).then_some(())
    });
    assert_eq!(mediatel.count(), 2);

    discord.command(2, &options("stranger.danger"));
    let press = sees!("a preview", |request| button(&request.body, "Create stranger.danger"));
    discord.press_in_guild(&press);
    let reveal = sees!("the direct message", |request| button(&request.body, "Reveal"));
    discord.press_in_direct_messages(&reveal);
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

    bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_is_approved_with_servers_written_from_the_documents_alone() {
    let (discord, mediatel) = (Discord::starts().await, Mediatel::starts().await);
    let bot = Bot::starts(&discord, &mediatel);
    macro_rules! sees {
        ($what:expr, $find:expr) => {
            seen(&discord, &bot, $what, $find).await
        };
    }
    let says = |request: &Asked, words: &str| request.body.to_string().contains(words);
    sees!("the commands", |request| (request.method == "PUT" && request.path.ends_with("/commands")).then_some(()));
    // No list of members, no permissions told, no reactions to be read: what is not told is not held against anybody.
    discord.types(
        "delete",
        &json!([{ "name": "agent", "type": 3, "value": "hes:7" }, { "name": "reason", "type": 3, "value": "leaver" }]),
    );
    let press =
        sees!("the offer", |request| button(&request.body, "Disable basil.basilenko now and ask for the delete"));
    discord.press_in_guild(&press);
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
    discord.reacts(APPROVER, &card);
    sees!("the settled card", |request| {
        (request.method == "PATCH" && request.path.ends_with(&card) && says(request, "is gone")).then_some(())
    });
    sees!("the log line", |request| (request.path.contains(LOG) && says(request, "deleted **basil")).then_some(()));
    assert_eq!(mediatel.count(), 1);

    discord.types("restore", &json!([{ "name": "agent", "type": 3, "value": "hes:7" }]));
    let press = sees!("the preview", |request| button(&request.body, "Restore basil.basilenko"));
    discord.press_in_guild(&press);
    sees!("the new agent", |request| says(request, "exists on hes").then_some(()));
    let back = mediatel.agent("basil.basilenko").expect("the agent");
    assert_eq!(back["Wallpaper"], json!({ "Colour": "blue", "Tiles": [1.50, null] }), "unknown members come back");
    assert_ne!(back["Password"], "c81e728d9d4c2f63");
    bot.ends().await;
}
