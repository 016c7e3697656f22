//! What the person who installs the bot meets in a shell: help, keys, commands, and everything wrong at once.

mod audit;
mod doctor;
mod sandbox;

use std::process::{Command, Output};

use crate::world::{KEY, Setup, World};

/// Runs `rollcall` in a folder with these variables and nothing else.
fn rollcall(folder: &tempfile::TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(arguments).env_clear().envs(variables.iter().copied()).current_dir(folder.path());
    command.output().expect("rollcall runs")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A settings file that is right, against nothing.
const SMALL: &str = r#"
[discord]
guild = "1111"
log_channel = "3333"
"#;

const VARIABLES: [(&str, &str); 2] = [("DISCORD_TOKEN", "a.b.c-token-of-nobody"), ("ROLLCALL_KEY", KEY)];

#[test]
fn without_arguments_it_helps() {
    let help = rollcall(&folder(), &[], &[]);
    assert_eq!((help.status.code(), errors(&help)), (Some(0), String::new()));
    for word in ["run", "sandbox", "doctor", "commands", "key", "audit"] {
        assert!(out(&help).lines().any(|line| line.trim_start().starts_with(word)), "{word} in:\n{}", out(&help));
    }
    let asked = rollcall(&folder(), &["--help"], &[]);
    assert_eq!((asked.status.code(), out(&asked)), (Some(0), out(&help)));
}

#[test]
fn wrong_usage_exits_2() {
    for wrong in [&["fly"][..], &["audit"], &["audit", "burn"], &["run", "--fast"], &["key", "now"]] {
        let answer = rollcall(&folder(), wrong, &[]);
        assert_eq!(answer.status.code(), Some(2), "{wrong:?}");
        assert!(errors(&answer).contains("Usage"), "{wrong:?}: {}", errors(&answer));
        assert_eq!(out(&answer), "", "{wrong:?}");
    }
}

#[test]
fn the_commands_are_printed_without_any_configuration() {
    let answer = rollcall(&folder(), &["commands"], &[]);
    assert_eq!((answer.status.code(), errors(&answer)), (Some(0), String::new()));
    let commands: serde_json::Value = serde_json::from_str(&out(&answer)).expect("JSON");
    let agent = commands.as_array().expect("a list").iter().find(|it| it["name"] == "agent").expect("/agent");
    let names: Vec<_> = agent["options"].as_array().expect("subcommands").iter().map(|it| &it["name"]).collect();
    for name in ["search", "show", "clone", "edit", "disable", "enable", "reset-password"] {
        assert!(names.contains(&&serde_json::json!(name)), "{name} in {names:?}");
    }
}

#[test]
fn a_key_is_fresh_each_time_and_fits() {
    let folder = folder();
    let [one, two] = [0, 1].map(|_| out(&rollcall(&folder, &["key"], &[])).trim().to_owned());
    assert_ne!(one, two);
    // A store written with it is opened with it, and with nothing else.
    let database = ("DATABASE_URL", "sqlite:fresh.db");
    let opens = |key: &str| rollcall(&folder, &["audit", "verify"], &[database, ("ROLLCALL_KEY", key)]);
    let opened = opens(&one);
    assert_eq!(opened.status.code(), Some(0), "{}", errors(&opened));
    let refused = opens(&two);
    assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
    assert!(errors(&refused).contains("Put back the key"), "{}", errors(&refused));
    assert!(!errors(&refused).contains(&two) && !errors(&refused).contains(&one));
    for wrong in ["", "short", "c2hvcnQ=", "not base64 at all!"] {
        let refused = opens(wrong);
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
        assert!(errors(&refused).contains("ROLLCALL_KEY"), "{wrong:?}: {}", errors(&refused));
    }
}

#[test]
fn everything_wrong_is_told_at_once_with_file_and_line() {
    let folder = folder();
    let toml = "[discord]\nguild = \"1111\"\nlog_chanel = \"3333\"\n\n[[role]]\nid = \"4444\"\nmay = [\"agent.reed\"]\n\n\
                [[connection]]\nname = \"ghost\"\n";
    std::fs::write(folder.path().join("rollcall.toml"), toml).expect("written");
    for verb in ["run", "doctor"] {
        let refused = rollcall(&folder, &[verb], &[("RUST_LOG", "info")]);
        assert_eq!(refused.status.code(), Some(2));
        let told = errors(&refused);
        for part in [
            "DISCORD_TOKEN",
            "ROLLCALL_KEY",
            "rollcall.toml:3:1 `discord.log_chanel`: there is no such key; did you mean \"log_channel\"?",
            "rollcall.toml:7:8 `role.may`: there is no permission \"agent.reed\"; did you mean \"agent.read\"?",
            "rollcall.toml:9",
            "kind",
        ] {
            assert!(told.contains(part), "{part:?} in:\n{told}");
        }
        assert!(!folder.path().join("rollcall.db").exists(), "nothing is made of a wrong configuration");
    }
}

#[test]
fn a_missing_file_and_missing_variables_are_named() {
    let folder = folder();
    let refused = rollcall(&folder, &["run"], &[("ROLLCALL_CONFIG", "elsewhere.toml")]);
    assert_eq!(refused.status.code(), Some(2));
    for part in ["elsewhere.toml: there is no such file", "DISCORD_TOKEN", "ROLLCALL_KEY"] {
        assert!(errors(&refused).contains(part), "{part:?} in:\n{}", errors(&refused));
    }
    let toml = format!(
        "{SMALL}\n[[connection]]\nname = \"mediatel\"\nkind = \"mediatel\"\nbase_url = \"http://127.0.0.1:9/v1\"\n\
         auth = {{ bearer = \"env:HES_TOKEN\" }}\n"
    );
    std::fs::write(folder.path().join("rollcall.toml"), toml).expect("written");
    let refused = rollcall(&folder, &["run"], &VARIABLES);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors(&refused).contains("HES_TOKEN"), "{}", errors(&refused));
    assert!(!errors(&refused).contains("token-of-nobody"), "{}", errors(&refused));
}

#[test]
fn postgres_is_refused_by_name() {
    let folder = folder();
    std::fs::write(folder.path().join("rollcall.toml"), SMALL).expect("written");
    let database = ("DATABASE_URL", "postgres://rollcall:hunter2-hunter2@db.example/rollcall");
    for arguments in [&["run"][..], &["doctor"], &["audit", "verify"]] {
        let refused = rollcall(&folder, arguments, &[VARIABLES[0], VARIABLES[1], database]);
        assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
        assert!(errors(&refused).contains("PostgreSQL"), "{}", errors(&refused));
        assert!(!errors(&refused).contains("hunter2"), "{}", errors(&refused));
    }
}

/// The value of a key in the sandbox's own settings.
pub(super) fn value<'a>(settings: &'a str, key: &str) -> &'a str {
    let rest = settings.split(&format!("{key} = ")).nth(1).unwrap_or_else(|| panic!("{key} in:\n{settings}"));
    rest.trim_start_matches('[').split('"').nth(1).expect("a value")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_runs_with_every_key_and_kind_there_is() {
    let full = |settings: String| {
        let role = settings.split("[[role]]").nth(1).expect("a role").to_owned();
        let mediatel = settings.split("[[connection]]").last().expect("a connection").to_owned();
        include_str!("full.toml")
            .replace("GUILD", value(&settings, "guild"))
            .replace("APPROVALS", value(&settings, "approvals_channel"))
            .replace("LOG", value(&settings, "log_channel"))
            .replace("LEAD", value(&role, "id"))
            .replace("SECOND", value(&settings, "approvers"))
            .replace("BASE", value(&mediatel, "base_url"))
    };
    let secret = "hes-full-91kQx";
    let mut setup = Setup { settings: Box::new(full), ..Setup::default() };
    setup.phones.mediatel.auth =
        rollcall_sandbox::mediatel::Auth::Basic { username: "rollcall".to_owned(), password: secret.to_owned() };
    for (name, value) in
        [("MEDIATEL_PASSWORD", secret), ("RINGME_SECRET", "r"), ("VOICENTER_CODE", "v"), ("XIVO_TOKEN", "x")]
    {
        setup.environment.push((name.to_owned(), value.to_owned()));
    }
    let world = World::with(setup).await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
    lead.presses(&preview, "Create zoriana.hnatiuk")
        .await
        .changes_until(|text| text.contains("exists on mediatel"))
        .await;
    let message = lead.next_direct_message().await;
    lead.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    let password = shown.text().split("```").nth(1).expect("a password").trim().to_owned();
    assert!(world.phones.mediatel.can_log_in("zoriana.hnatiuk", &password));
    lead.presses(&shown, "I have it").await;
    message.changes_until(|text| !text.contains("```")).await;
    lead.next_direct_message().await.changes_until(|text| text.contains("Confirmed")).await;
    world.sandbox.log_channel().next_message().await;
    let found = world.rollcall(&["doctor"]).output().await.expect("rollcall doctor runs");
    assert_eq!(found.status.code(), Some(0), "{}{}", out(&found), errors(&found));
    for (name, kind) in [("ringme", "ringme"), ("xivo", "xivo")] {
        let note = format!("note  {name}: the kind {kind} is not built yet; the connection is left out.");
        assert!(out(&found).contains(&note), "{note} in:\n{}", out(&found));
        assert!(world.log().lines().any(|line| line.contains("left out") && line.contains(name)), "{name} in the log");
    }
    world.ends().await;
}
