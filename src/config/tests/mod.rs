//! Files as people write them; the wrong ones are in `wrong.rs`.

mod example;
mod wrong;

use std::sync::Arc;
use std::time::Duration;

use rollcall_telephony::Clock;
use serenity::model::id::{ChannelId, GuildId, RoleId};

use super::*;
use crate::clock::SystemClock;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const EXAMPLE: &str = include_str!("../../../rollcall.example.toml");

/// The systems of the example on the design's page beyond Mediatel, every key used.
const OTHERS: &str = r#"
[web]
listen = "127.0.0.1:9180"
public_url = "https://bot.example"

[[connection]]
name = "ringme"
kind = "ringme"
base_url = "https://pbx.example/api/ver1.0"
auth = { oauth = { client_id = "rollcall", client_secret = "env:RINGME_SECRET", token_url = "https://pbx.example/oauth/token" } }
client = "@me"
queues = [208]
events_channel = "6666"

[[connection]]
name = "erix-br"
kind = "erix"
base_url = "http://erix.example/api/agent.php"
method = "post"
pause_reasons = ["Almoço", "Treinamento"]
agents = [{ login = "maria", name = "Maria Silva", extension = "2001", queues = ["suporte"] }]

[[connection]]
name = "voicenter"
kind = "voicenter"
base_url = "https://api.voicenter.example/UserLogin/SetStatusFromAPI"
code = "env:VOICENTER_CODE"
method = "post"
statuses = { "3" = "Lunch", "5" = "Administrative", "13" = "Brief" }
agents = [{ user_id = "123456789", extension_user = "sipsip", name = "Dana Levi" }]

[[connection]]
name = "xivo"
kind = "xivo"
base_url = "http://xivo.example:9100/configmgt/api"
token = "env:XIVO_TOKEN"
users = [{ id = 1, name = "John Doe", login = "jdoe" }]
periods = ["Toute la journée"]

[[person]]
name = "Maria Silva"
is = ["mediatel:maria.silva", "erix-br:maria"]
"#;

const SMALL: &str = "[discord]\nguild = \"1\"\nlog_channel = \"2\"\n";

fn variables() -> Vec<(&'static str, String)> {
    let set = [
        ("DISCORD_TOKEN", "token"),
        ("ROLLCALL_KEY", KEY),
        ("MEDIATEL_PASSWORD", "hunter2"),
        ("RINGME_SECRET", "hunter2"),
        ("VOICENTER_CODE", "hunter2"),
        ("XIVO_TOKEN", "hunter2"),
    ];
    set.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

fn load_as(toml: &str, more: &[(&'static str, &str)]) -> Result<Loaded, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rollcall.toml");
    std::fs::write(&file, toml).unwrap();
    let mut set = variables();
    set.push(("ROLLCALL_CONFIG", file.display().to_string()));
    set.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    load(&Environment::of(set), &clock).map_err(|problems| without_folder(&problems, folder.path()))
}

/// The problems with the bare name of the file, so that they read the same on every machine.
fn without_folder(problems: &Problems, folder: &std::path::Path) -> Problems {
    let bare = |file: &String| file.replace(&format!("{}/", folder.display()), "");
    let renamed = problems.iter().map(|problem| match problem.place() {
        Place::Line { file, line, column, key } => {
            let place = Place::Line { file: bare(file), line: *line, column: *column, key: key.clone() };
            Problem::new(place, problem.text())
        }
        Place::File(file) => Problem::new(Place::File(bare(file)), problem.text()),
        Place::Variable(_) => problem.clone(),
    });
    Problems::check::<()>(renamed.collect(), None).unwrap_err()
}

#[test]
fn the_example_says_what_the_design_says() {
    let loaded = load_as(EXAMPLE, &[]).unwrap();
    let config = &loaded.config;
    assert_eq!(config.discord.guild, GuildId::new(1111));
    assert_eq!(config.discord.log_channel, ChannelId::new(3333));
    assert_eq!(config.discord.approvals_channel, Some(ChannelId::new(2222)));
    assert_eq!(config.roles[0].id, RoleId::new(4444));
    assert_eq!(config.approvals.require_above_rights, Some(3));
    assert_eq!(config.connections[0].table["auth"]["basic"]["password"], "env:MEDIATEL_PASSWORD");
    assert!(config.connections[0].table.get("kind").is_none());
    assert_eq!(config.left_out().count(), 0, "mediatel is built");
    assert_eq!(loaded.connected.len(), 1);
    assert_eq!(loaded.secrets.keys().collect::<Vec<_>>(), ["MEDIATEL_PASSWORD"]);
    assert_eq!(loaded.discord.origin.as_str(), "https://discord.com/");
    assert!(!format!("{loaded:?} {:?}", loaded.discord).contains("hunter2"));
}

#[test]
fn every_key_and_kind_is_accepted() {
    let loaded = load_as(&format!("{EXAMPLE}{OTHERS}"), &[]).unwrap();
    let left_out: Vec<&str> = loaded.config.left_out().map(|connection| connection.name.as_str()).collect();
    let unbuilt: Vec<&str> = loaded
        .config
        .connections
        .iter()
        .filter(|connection| connection.system.connect.is_none())
        .map(|connection| connection.name.as_str())
        .collect();
    assert_eq!(left_out, unbuilt);
    assert_eq!(loaded.config.connections.len(), 5);
    assert_eq!(loaded.config.people[0].is[1].login, "maria");
    assert_eq!(loaded.secrets.len(), 4);
    assert_eq!(loaded.config.web.unwrap().listen.port(), 9180);
}

#[test]
fn defaults_are_those_of_the_page() {
    let config = load_as(SMALL, &[]).unwrap().config;
    let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
    assert!(config.roles.is_empty() && config.connections.is_empty() && config.people.is_empty());
    assert!(config.approvals.approvers.is_empty() && config.approvals.notify.is_empty());
    assert_eq!(config.approvals.threshold, 1);
    assert_eq!((config.approvals.expires, config.approvals.remind), (hours(24), hours(1)));
    assert_eq!(config.approvals.stale_after, Duration::from_mins(15));
    assert_eq!(config.approvals.require.iter().map(Pattern::as_str).collect::<Vec<_>>(), ["*.delete"]);
    assert_eq!(config.approvals.require_above_rights, None);
    assert_eq!((config.approvals.min_disabled, config.approvals.keep_deleted), (Duration::ZERO, hours(30 * 24)));
    assert_eq!((config.passwords.length, config.passwords.delivery), (20, Delivery::Reveal));
    assert_eq!((config.passwords.shown, config.passwords.expires), (Duration::from_mins(10), hours(24)));
    assert_eq!(config.directory.refresh, Duration::from_mins(1));
    assert_eq!((config.limits.per_person.count.get(), config.limits.per_person.per.as_secs()), (30, 60));
    assert!(config.web.is_none() && config.discord.approvals_channel.is_none());
}

#[test]
fn audit_needs_only_the_store() {
    let store = load_store(&Environment::of([("ROLLCALL_KEY", KEY), ("DATABASE_URL", "postgres://u:p@h/db")])).unwrap();
    assert!(!format!("{store:?}").contains("postgres"));
    let told = load_store(&Environment::of([("DISCORD_TOKEN", "x")])).unwrap_err().to_string();
    assert!(told.contains("ROLLCALL_KEY: it is not set"), "{told}");
}

#[test]
fn discord_is_encrypted_or_local() {
    let accepts = |url: &str, insecure: &str| {
        load_as(SMALL, &[("DISCORD_API_URL", url), ("ROLLCALL_INSECURE_DISCORD", insecure)]).is_ok()
    };
    for url in ["https://discord.example", "https://discord.example:8443/", "http://127.0.0.1:80", "http://[::1]:80"] {
        assert!(accepts(url, ""), "{url}");
    }
    assert!(accepts("http://localhost:8080", "") && accepts("http://discord.example", "1"));
    let refused = [
        "http://discord.example",
        "http://127.0.0.1.evil.example",
        "https://u:p@discord.example",
        "https://discord.example/api",
        "https://discord.example/?a=b",
        "https://discord.example/#a",
        "ws://127.0.0.1",
        "discord.example",
    ];
    for url in refused {
        assert!(!accepts(url, ""), "{url}");
    }
}

#[test]
fn what_is_left_out_needs_no_secrets_yet() {
    let without =
        "[[connection]]\nname = \"x\"\nkind = \"xivo\"\nbase_url = \"http://xivo.example\"\ntoken = \"env:NO_SUCH\"\n";
    let built =
        rollcall_telephony::systems::ROSTER.iter().any(|system| system.kind == "xivo" && system.connect.is_some());
    assert_eq!(load_as(&format!("{SMALL}{without}"), &[]).is_err(), built);
}
