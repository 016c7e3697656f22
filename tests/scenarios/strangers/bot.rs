//! The bot, configured by hand as the person who installs it does, and what it left behind: log, store, messages.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::discord::{APPROVER_ROLE, Asked, CARDS, Discord, GUILD, Held, LEAD_ROLE, LOG, TOKEN};
use crate::secrets::search::{Leak, Search};
use crate::world::KEY;

/// How long a sign of the bot is waited for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The bot, with its log when it dies too early.
pub struct Bot {
    child: tokio::process::Child,
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Bot {
    /// Starts it with what a lead may do and the connections, both as they stand in the TOML file.
    pub fn starts(discord: &Discord, may: &str, connections: &str, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[discord]\nguild = \"{GUILD}\"\nlog_channel = \"{LOG}\"\napprovals_channel = \"{CARDS}\"\n\n[[role]]\nid = \"{LEAD_ROLE}\"\n\
             may = {may}\n\n[approvals]\napprovers = [\"{APPROVER_ROLE}\"]\n\n{connections}"
        );
        std::fs::write(folder.path().join("rollcall.toml"), settings).expect("the settings are written");
        let own = [("DISCORD_TOKEN", TOKEN), ("DISCORD_API_URL", discord.url()), ("ROLLCALL_KEY", KEY)];
        let all = own.iter().chain(&[("RUST_LOG", "trace")]).chain(environment);
        let environment: Vec<(String, String)> =
            all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { child: runs(folder.path(), &environment), folder, environment }
    }

    /// Starts it again where it ended.
    fn starts_again(&mut self) {
        self.child = runs(self.folder.path(), &self.environment);
    }

    /// Asks it to end, and waits.
    pub async fn ends(&mut self) {
        let id = self.child.id().expect("a bot that runs").to_string();
        assert!(tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.expect("kill").success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends").expect("its status");
        assert_eq!(ended.code(), Some(0), "{}", self.log());
    }

    /// Everything it printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("bot.log")).unwrap_or_default()
    }

    /// Where its settings, its store and its log are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// `rollcall run` in a folder, its log appended there.
fn runs(folder: &Path, environment: &[(String, String)]) -> tokio::process::Child {
    let log = std::fs::File::options().create(true).append(true).open(folder.join("bot.log")).expect("a log");
    tokio::process::Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("run")
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .expect("the bot starts")
}

/// A Discord and the bot in it, and the voice of the one lead who uses both.
pub struct Team {
    pub discord: Discord,
    pub bot: Bot,
}

impl Team {
    /// Starts both, and waits until the commands are registered.
    pub async fn with(may: &str, connections: &str, environment: &[(&str, &str)]) -> Self {
        let discord = Discord::starts().await;
        let bot = Bot::starts(&discord, may, connections, environment);
        let team = Self { discord, bot };
        team.in_time("the commands", team.discord.registered(1)).await;
        team
    }

    /// The bot ends, and another one takes up what it left.
    pub async fn restarts(&mut self) {
        let before = self.discord.registrations();
        self.bot.ends().await;
        self.bot.starts_again();
        self.in_time("the commands again", self.discord.registered(before + 1)).await;
    }

    /// What `find` finds in a request of the bot.
    pub async fn asks<T>(&self, what: &str, find: impl Fn(&Asked) -> Option<T>) -> T {
        self.in_time(what, self.discord.until(find)).await
    }

    async fn in_time<T>(&self, what: &str, wanted: impl Future<Output = T>) -> T {
        let Ok(found) = tokio::time::timeout(PATIENCE, wanted).await else {
            let shown: Vec<String> = self.discord.everything().iter().map(Held::text).collect();
            panic!(
                "no sign of {what}; people see:\n{}\n\nrequests:\n{}\nlog:\n{}",
                shown.join("\n---\n"),
                self.discord.requests(),
                self.bot.log()
            );
        };
        found
    }

    /// The lead types a command, and it is answered with these words.
    pub async fn types(&self, command: &str, options: &[(&str, &str)], words: &str) -> Held {
        let token = self.discord.slash(command, options);
        let says = |held: &Held| held.text().contains(words);
        self.in_time(&format!("{words:?} after /{command} {options:?}"), self.discord.answer(&token, says)).await
    }

    /// What the lead is offered while typing the last of these options: names and values.
    pub async fn completes(&self, command: &str, options: &[(&str, &str)]) -> Vec<(String, String)> {
        let token = self.discord.typing(command, options);
        self.asks(&format!("suggestions for /{command} {options:?}"), |request| {
            let answers = request.path.split('/').nth(2) == Some(&token) && request.body["type"] == 8;
            let text = |choice: &Value, member: &str| choice[member].as_str().unwrap_or_default().to_owned();
            let choices = request.body["data"]["choices"].as_array().filter(|_| answers)?;
            Some(choices.iter().map(|it| (text(it, "name"), text(it, "value"))).collect())
        })
        .await
    }

    /// The lead presses a button, and the press is answered with these words.
    pub async fn presses(&self, held: &Held, label: &str, words: &str) -> Held {
        let token = self.discord.presses(held, label);
        let says = |held: &Held| held.text().contains(words);
        self.in_time(&format!("{words:?} after [{label}]"), self.discord.answer(&token, says)).await
    }

    /// A message stands in a channel with all these words.
    pub async fn posted(&self, channel: &str, words: &[&str]) -> Held {
        let says = |held: &Held| words.iter().all(|words| held.text().contains(words));
        self.in_time(&format!("{words:?} in channel {channel}"), self.discord.posted(channel, says)).await
    }

    /// Ends the bot and looks for a secret through everything it printed, stored, showed and asked of Discord, and in
    /// the audit export.
    pub async fn ends_without(mut self, what: &str, secret: &str) {
        self.bot.ends().await;
        let search = Search::new(&[(what.to_owned(), secret.to_owned()), ("the token".to_owned(), TOKEN.to_owned())]);
        let mut leaks: Vec<Leak> = search.look_in_folder(self.bot.folder());
        leaks.extend(search.look("what was asked of Discord", self.discord.requests().as_bytes()));
        for held in self.discord.everything() {
            leaks.extend(search.look(&format!("message {}", held.id), held.text().as_bytes()));
        }
        assert_eq!(leaks, Vec::new(), "secrets stand where they do not belong");
        let log = self.bot.log();
        assert!(log.contains("DEBUG") && log.len() > 2_000, "the log is at its most talkative");
    }
}
