//! The example file: what it comments out is sound as well, and it names every key of every phone system that is built.

use std::collections::BTreeSet;

use rollcall_telephony::settings::{COMMON, Setting, Shape};
use rollcall_telephony::systems::ROSTER;

use super::{EXAMPLE, load_as};

/// The example with every setting taken in that it comments out: lines such as `# key = …` and `# [[table]]`.
fn uncommented() -> String {
    let is_setting = |line: &str| {
        let key = line.split_once(" = ").map(|(key, _)| key);
        line.starts_with('[') || key.is_some_and(|key| key.chars().all(|it| it.is_ascii_lowercase() || it == '_'))
    };
    let taken = EXAMPLE.lines().map(|line| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line));
    taken.collect::<Vec<_>>().join("\n")
}

fn keys(settings: &[Setting], keys_of: &mut BTreeSet<&'static str>) {
    for setting in settings {
        keys_of.insert(setting.key);
        if let Shape::Tables(inner) = setting.shape {
            keys(inner, keys_of);
        }
    }
}

#[test]
fn what_is_commented_out_is_sound() {
    // No certificate lies there on this machine.
    let text: Vec<String> =
        uncommented().lines().filter(|line| !line.starts_with("ca_file")).map(str::to_owned).collect();
    let loaded = load_as(&text.join("\n"), &[]).unwrap();
    let kinds: Vec<&str> = loaded.config.connections.iter().map(|connection| connection.system.kind).collect();
    let built: Vec<&str> = ROSTER.iter().filter(|system| system.connect.is_some()).map(|system| system.kind).collect();
    assert_eq!(kinds, built, "every phone system that is built stands in the example, in the order of the roster");
    assert_eq!(loaded.config.people.len(), 1);
    assert!(loaded.config.web.is_some());
}

#[test]
fn every_key_of_a_built_system_is_named() {
    let example: toml::Value = toml::from_str(&uncommented()).unwrap();
    let tables = example["connection"].as_array().unwrap();
    for system in ROSTER.iter().filter(|system| system.connect.is_some()) {
        let table = tables.iter().find(|table| table["kind"].as_str() == Some(system.kind)).unwrap();
        let mut named: BTreeSet<&str> = table.as_table().unwrap().keys().map(String::as_str).collect();
        let entries = table.get("agents").and_then(toml::Value::as_array).into_iter().flatten();
        named.extend(entries.filter_map(toml::Value::as_table).flat_map(|entry| entry.keys().map(String::as_str)));
        let mut wanted = BTreeSet::new();
        keys(system.settings, &mut wanted);
        // Those of every kind are explained once.
        let common: BTreeSet<&str> = COMMON.iter().map(|setting| setting.key).collect();
        let missing: Vec<&&str> = wanted.difference(&named).filter(|key| !common.contains(**key)).collect();
        assert!(missing.is_empty(), "rollcall.example.toml does not name {missing:?} of {}", system.kind);
    }
    let first = tables.first().unwrap().as_table().unwrap();
    let missing: Vec<&str> = COMMON.iter().map(|setting| setting.key).filter(|key| !first.contains_key(*key)).collect();
    assert!(missing.is_empty(), "rollcall.example.toml does not name {missing:?}, which every kind has");
}
