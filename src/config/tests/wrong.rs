//! Wrong files, and what people are told of them.

use std::sync::Arc;

use rollcall_telephony::Clock;

use super::super::*;
use super::{SMALL, load_as, variables, without_folder};
use crate::clock::SystemClock;

fn wrong(toml: &str) -> String {
    load_as(toml, &[]).unwrap_err().to_string()
}

/// What is wrong with these lines beside the least that a file must hold; the lines begin at 4.
fn wrong_with(lines: &str) -> String {
    wrong(&format!("{SMALL}{lines}"))
}

#[test]
fn everything_wrong_is_told_at_once() {
    let toml = r#"
[discord]
guild = 1111
log_chanel = "3333"

[[role]]
id = "leads"
may = ["agent.reed", "presence.*", "fly"]
connections = ["mediatell"]

[aprovals]
threshold = 0

[passwords]
length = 8
delivery = "pigeon"
shown = "10"
expires = 24

[approvals]
min_disabled = "0s"
remind = "0s"
expires = "soon"

[limits]
per_person = "30 a minute"

[[connection]]
name = "mediatel"
kind = "mediatell"

[[connection]]
name = "mediatel"

[[connection]]
name = "Phone System"
kind = "xivo"
base_url = "ftp://user:hunter2@xivo.example"
token = "hunter2"
period = ["all day"]

[[person]]
name = "Maria"
is = ["mediatel", "mediatel:maria", "ringme:maria", "mediatel:maria"]
"#;
    insta::assert_snapshot!(wrong(toml), @r#"
    25 things in the settings have to be mended first:

      1. rollcall.toml:2:1 `discord.log_channel`: it is missing; is "log_chanel" meant to be it?
      2. rollcall.toml:3:9 `discord.guild`: write Discord's numbers in quotes: "1234567890"
      3. rollcall.toml:4:1 `discord.log_chanel`: there is no such key; did you mean "log_channel"?
      4. rollcall.toml:7:6 `role.id`: "leads" is no Discord ID, which is digits only; right-click the thing in Discord with developer mode on and choose Copy ID
      5. rollcall.toml:8:8 `role.may`: there is no permission "agent.reed"; did you mean "agent.read"?
      6. rollcall.toml:8:36 `role.may`: there is no permission "fly"; permissions are written like "agent.read" or "presence.*"
      7. rollcall.toml:9:16 `role.connections`: there is no connection named "mediatell"; did you mean "mediatel"?
      8. rollcall.toml:11:2 `aprovals`: there is no such key; did you mean "approvals"?
      9. rollcall.toml:15:10 `passwords.length`: it should be from 14 to 64
     10. rollcall.toml:16:12 `passwords.delivery`: "pigeon" is not known here; it can be "reveal" or "message"
     11. rollcall.toml:17:9 `passwords.shown`: "10" has no unit; a duration is a whole number with a unit, in quotes: "30s", "15m", "24h" or "30d"
     12. rollcall.toml:18:11 `passwords.expires`: the unit is missing; a duration is a whole number with a unit, in quotes: "30s", "15m", "24h" or "30d"
     13. rollcall.toml:22:10 `approvals.remind`: it should be at least "1s"
     14. rollcall.toml:23:11 `approvals.expires`: "soon" is no duration; a duration is a whole number with a unit, in quotes: "30s", "15m", "24h" or "30d"
     15. rollcall.toml:26:14 `limits.per_person`: "30 a minute" is no rate; write "10/s" or "300/min"
     16. rollcall.toml:30:8 `connection.kind`: "mediatell" is no kind of phone system; did you mean "mediatel"?
     17. rollcall.toml:32:1 `connection.kind`: it is missing
     18. rollcall.toml:33:8 `connection.name`: another connection is named "mediatel" already, on line 29
     19. rollcall.toml:36:8 `connection.name`: "Phone System" is no name: a connection's name is 1 to 32 lowercase letters, digits or hyphens
     20. rollcall.toml:38:12 `connection.base_url`: it should begin with https:// or http://
     21. rollcall.toml:39:9 `connection.token`: a secret stands in the file itself, and is taken for known now; write env:NAME here, and the secret itself into that variable of the environment or .env
     22. rollcall.toml:40:1 `connection.period`: there is no such key; did you mean "periods"?
     23. rollcall.toml:44:7 `person.is`: "mediatel" is no agent; write "connection:login"
     24. rollcall.toml:44:37 `person.is`: there is no connection named "ringme"; it can be "mediatel"
     25. rollcall.toml:44:53 `person.is`: "mediatel:maria" is listed twice: one agent is one person
    "#);
}

#[test]
fn what_is_wrong_with_connections_is_told_by_their_kinds_settings() {
    let toml = r#"
[[connection]]
name = "one"
kind = "mediatel"
base_url = "https://rollcall:hunter2@hes.example/v1"
auth = "hunter2"
login_pattern = '^[a-z'
personal_numbers = "clera"
rate = "ten"
timeout = "0s"
ca_file = 5

[[connection]]
name = "two"
kind = "mediatel"
base_url = "https://hes.example/v1?key=hunter2"
auth = { basic = { username = "env:MEDIATEL_USER", passwort = "hunter2" } }

[[connection]]
name = "three"
kind = "mediatel"
auth = { bearer = "env:NO_SUCH_VARIABLE", header = { name = "X", value = "env:hunter2!" } }

[[connection]]
name = "four"
kind = "voicenter"
base_url = "https://api.example"
code = 5
statuses = { "3" = 7 }
agents = [{ user_idd = "1" }, "dana"]
"#;
    let told = wrong_with(toml);
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told, @r#"
    19 things in the settings have to be mended first:

      1. rollcall.toml:8:12 `connection.base_url`: it holds credentials; they belong into `auth`, with env:NAME
      2. rollcall.toml:9:8 `connection.auth`: write "none", or { basic = { username = "…", password = "env:NAME" } }, or { bearer = "env:NAME" }, or { header = { name = "…", value = "env:NAME" } }
      3. rollcall.toml:10:17 `connection.login_pattern`: it is no regular expression: unclosed character class
      4. rollcall.toml:11:20 `connection.personal_numbers`: "clera" is not known here; did you mean "clear"?
      5. rollcall.toml:12:8 `connection.rate`: "ten" is no rate; write "10/s" or "300/min"
      6. rollcall.toml:13:11 `connection.timeout`: it should be at least "1s"
      7. rollcall.toml:14:11 `connection.ca_file`: it should be text, in quotes, but is a whole number
      8. rollcall.toml:19:12 `connection.base_url`: it should have no query (from "?" on)
      9. rollcall.toml:20:18 `connection.auth.basic.password`: it is missing; is "passwort" meant to be it?
     10. rollcall.toml:20:31 `connection.auth.basic.username`: env:NAME is for secrets; here the value itself is written
     11. rollcall.toml:20:52 `connection.auth.basic.passwort`: there is no such key; did you mean "password"?
     12. rollcall.toml:22:1 `connection.base_url`: it is missing
     13. rollcall.toml:25:8 `connection.auth`: it should name exactly one way: "none", or { basic = { username = "…", password = "env:NAME" } }, or { bearer = "env:NAME" }, or { header = { name = "…", value = "env:NAME" } }
     14. rollcall.toml:25:19 `connection.auth.bearer`: the variable NO_SUCH_VARIABLE is not set, neither in the environment nor in .env
     15. rollcall.toml:25:74 `connection.auth.header.value`: after env: comes a variable's name: letters, digits and _, not the secret itself
     16. rollcall.toml:31:8 `connection.code`: it should be "env:NAME", but is a whole number; write env:NAME here, and the secret itself into that variable of the environment or .env
     17. rollcall.toml:32:20 `connection.statuses.3`: it should be text, in quotes, but is a whole number
     18. rollcall.toml:33:13 `connection.agents.user_idd`: there is no such key; did you mean "user_id"?
     19. rollcall.toml:33:31 `connection.agents`: it should be a table, but is text
    "#);
}

#[test]
fn a_torn_file_is_told_without_its_lines() {
    let told = wrong("[discord]\nguild = \"1\nlog_channel = \"2\"\n[[role]]\nmay = [\"agent.reed\"]\ntoken hunter2\n");
    assert!(!told.contains("hunter2"), "{told}");
    assert!(!told.contains("missing"), "what the torn lines may have held is not asked for: {told}");
    assert!(told.contains("rollcall.toml:2:"), "{told}");
    assert!(told.contains("agent.read"), "{told}");
}

#[test]
fn a_missing_file_is_named() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut set = variables();
    set.push(("ROLLCALL_CONFIG", "no/such/file.toml".into()));
    let told = load(&Environment::of(set), &clock).unwrap_err().to_string();
    assert!(told.contains("no/such/file.toml: there is no such file"), "{told}");
}

#[test]
fn variables_belong_to_the_same_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rollcall.toml");
    std::fs::write(&file, "[discord]\nguild = \"1\"\nlog_channel = \"x\"\n").unwrap();
    let set = [
        ("ROLLCALL_CONFIG", file.display().to_string()),
        ("DISCORD_TOKEN", "  ".into()),
        ("ROLLCALL_KEY", "aHVudGVyMg==".into()),
        ("DATABASE_URL", "mysql://root:hunter2@host".into()),
        ("RUST_LOG", "info,rollcall=loud".into()),
        ("ROLLCALL_INSECURE_DISCORD", "yes".into()),
        ("DISCORD_API_URL", "http://discord.example".into()),
    ];
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let problems = without_folder(&load(&Environment::of(set), &clock).unwrap_err(), folder.path());
    insta::assert_snapshot!(problems, @r#"
    7 things in the settings have to be mended first:

      1. DISCORD_TOKEN: it is set, but empty
      2. ROLLCALL_INSECURE_DISCORD: it is 1 to allow http: and ws: beyond this machine, or not set
      3. DISCORD_API_URL: http: is for this machine only, since the token would cross the network in the clear; use https:, or set ROLLCALL_INSECURE_DISCORD=1 if you must
      4. ROLLCALL_KEY: it holds 7 bytes instead of 32; `rollcall key` makes one
      5. DATABASE_URL: it should be sqlite:PATH or postgres://…
      6. RUST_LOG: it is no log filter; write info, or info,rollcall::desk=debug
      7. rollcall.toml:3:15 `discord.log_channel`: "x" is no Discord ID, which is digits only; right-click the thing in Discord with developer mode on and choose Copy ID
    "#);
    assert!(!problems.to_string().contains("hunter2"));
}

#[test]
fn the_widest_numbers_are_refused_politely() {
    for lines in [
        "[approvals]\nexpires = \"99999999999999999999s\"",
        "[approvals]\nexpires = \"9999999999999999999d\"",
        "[approvals]\nexpires = \"-1s\"",
        "[approvals]\nexpires = \"\"",
        "[approvals]\nthreshold = 99999999999999999999",
        "[approvals]\napprovers = [\"0\"]",
        "[approvals]\napprovers = [\"99999999999999999999\"]",
        "[approvals]\napprovers = [\"+5\"]",
        "[limits]\nper_person = \"0/s\"",
        "[limits]\nper_person = \"+1/s\"",
        "[limits]\nper_person = \"/s\"",
        "[web]\npublic_url = \"https://bot.example\"",
        "[web]\nlisten = \"localhost\"",
        "role = 5",
        "[role]\nid = \"5\"",
        "[[passwords]]\nlength = 20",
    ] {
        let told = wrong_with(lines);
        assert!(told.contains("rollcall.toml:"), "{lines}: {told}");
    }
}

#[test]
fn what_a_phone_system_finds_wrong_itself_belongs_to_the_same_list() {
    let told = wrong_with(
        "[[connection]]\nname = \"hes\"\nkind = \"mediatel\"\nbase_url = \"https://hes.example\"\n\
         email = \"{nam}@example.com\"\n[limits]\nper_person = \"much\"\n",
    );
    assert!(told.contains("rollcall.toml:4:1 `connection hes`"), "{told}");
    assert!(told.contains("{nam}") && told.contains("limits.per_person"), "{told}");
}
