//! `[[connection]]`: each table is held against the settings of its kind, which are data in the kind's own folder.

use std::collections::BTreeMap;
use std::ops::Range;

use rollcall_telephony::ConnectionName;
use rollcall_telephony::settings::{COMMON, Need, Setting, Shape};
use rollcall_telephony::systems::System;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::ConnectionSettings;
use super::problem::{hint, shown};
use super::reader::{Entry, Reader, Section, Variables, a};
use super::values::Least;

/// A connection with the place of its table, for what is found wrong later.
pub(super) struct Placed {
    pub(super) settings: ConnectionSettings,
    pub(super) span: Range<usize>,
    /// Whether its table passed every check, so that the connection can be made.
    pub(super) soundness: Soundness,
}

/// Whether a connection's table passed every check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Soundness {
    Sound,
    Unsound,
}

/// The connections as far as they could be read, and the names of all of them, so that a role which names a broken
/// one is not blamed as well.
#[derive(Default)]
pub(super) struct Connections {
    pub(super) read: Vec<Placed>,
    pub(super) names: BTreeMap<ConnectionName, Range<usize>>,
}

impl Reader<'_> {
    /// Reads every `[[connection]]`.
    pub(super) fn connections(&mut self, root: &mut Section<'_>, roster: &'static [System]) -> Connections {
        let mut connections = Connections::default();
        for mut table in self.tables(root, "connection") {
            let before = self.problems.len();
            let name = self.need(&mut table, "name").and_then(|entry| self.new_name(&entry, &mut connections.names));
            let system = self.need(&mut table, "kind").and_then(|entry| self.kind(&entry, roster));
            // Without its kind, nobody knows what the other keys should be.
            let Some(system) = system else { continue };
            self.variables = if system.connect.is_some() { Variables::Needed } else { Variables::Later };
            self.settings(&mut table, &[COMMON, system.settings]);
            self.variables = Variables::Needed;
            let (Some(name), Some(json)) = (name, table.json()) else { continue };
            let soundness = if self.problems.len() == before { Soundness::Sound } else { Soundness::Unsound };
            let settings = ConnectionSettings { name, system, table: json };
            connections.read.push(Placed { settings, span: table.span(), soundness });
        }
        connections
    }

    fn new_name(
        &mut self,
        entry: &Entry<'_>,
        names: &mut BTreeMap<ConnectionName, Range<usize>>,
    ) -> Option<ConnectionName> {
        let text = self.text(entry)?;
        let name = match ConnectionName::new(text) {
            Ok(name) => name,
            Err(why) => {
                self.wrong_at(entry, format!("{} is no name: {why}", shown(text)));
                return None;
            }
        };
        if let Some(first) = names.get(&name) {
            let line = self.line_of(first);
            self.wrong_at(entry, format!("another connection is named \"{name}\" already, on line {line}"));
            return None;
        }
        names.insert(name.clone(), entry.value.span());
        Some(name)
    }

    fn kind(&mut self, entry: &Entry<'_>, roster: &'static [System]) -> Option<&'static System> {
        let text = self.text(entry)?;
        let found = roster.iter().find(|system| system.kind == text);
        if found.is_none() {
            let kinds: Vec<&str> = roster.iter().map(|system| system.kind).collect();
            let text = format!("{} is no kind of phone system{}", shown(text), hint(text, &kinds));
            self.wrong_at(entry, text);
        }
        found
    }

    /// Holds a table against its settings; every other key is unknown.
    fn settings(&mut self, table: &mut Section<'_>, settings: &[&[Setting]]) {
        for setting in settings.iter().copied().flatten() {
            let entry = match setting.need {
                Need::Required => self.need(table, setting.key),
                Need::Optional => table.get(setting.key),
            };
            if let Some(entry) = entry {
                self.shape(&entry, setting.shape);
            }
        }
        self.close(table);
    }

    fn shape(&mut self, entry: &Entry<'_>, shape: Shape) {
        // The values themselves are read by the system; here counts only what is wrong with them.
        match shape {
            Shape::Text | Shape::Path => {
                self.text(entry);
            }
            Shape::Url => {
                self.url(entry);
            }
            Shape::Pattern => {
                self.pattern(entry);
            }
            Shape::Duration => {
                self.duration(entry, Least::Second);
            }
            Shape::Rate => {
                self.rate(entry);
            }
            Shape::Number => {
                self.number(entry, i64::MIN..=i64::MAX);
            }
            Shape::OneOf(words) => {
                self.word(entry, words);
            }
            Shape::Secret => {
                self.secret(entry);
            }
            Shape::Snowflake => {
                self.snowflake(entry);
            }
            Shape::Texts => {
                self.texts(entry);
            }
            Shape::Auth(ways) => self.auth(entry, ways),
            Shape::Numbers => self.numbers(entry),
            Shape::TextTable => self.text_table(entry),
            Shape::Tables(settings) => self.list_of_tables(entry, settings),
        }
    }

    fn numbers(&mut self, entry: &Entry<'_>) {
        for item in self.items(entry) {
            self.number(&item, i64::MIN..=i64::MAX);
        }
    }

    fn list_of_tables(&mut self, entry: &Entry<'_>, settings: &'static [Setting]) {
        for item in self.items(entry) {
            let mut section = self.section(&item);
            self.settings(&mut section, &[settings]);
        }
    }

    fn text_table(&mut self, entry: &Entry<'_>) {
        let DeValue::Table(table) = entry.value.get_ref() else {
            let kind = a(entry.value.get_ref());
            self.wrong_at(entry, format!("it should be a table, as {{ \"3\" = \"Lunch\" }}, but is {kind}"));
            return;
        };
        for (key, value) in table {
            self.text(&Entry { path: format!("{}.{}", entry.path, key.get_ref()), value });
        }
    }

    /// `"none"`, or a table with exactly one way. What stands here instead is not printed: it may be a secret.
    fn auth(&mut self, entry: &Entry<'_>, ways: &'static [&'static str]) {
        let forms = ways.iter().filter(|way| **way != "none").map(|way| match *way {
            "basic" => "{ basic = { username = \"…\", password = \"env:NAME\" } }",
            "bearer" => "{ bearer = \"env:NAME\" }",
            "header" => "{ header = { name = \"…\", value = \"env:NAME\" } }",
            "oauth" => "{ oauth = { client_id = \"…\", client_secret = \"env:NAME\", token_url = \"…\" } }",
            other => other,
        });
        let forms = std::iter::once("\"none\"").chain(forms).collect::<Vec<_>>().join(", or ");
        let is_none = matches!(entry.value.get_ref(), DeValue::String(text) if text == "none");
        if is_none {
            return;
        }
        if !matches!(entry.value.get_ref(), DeValue::Table(_)) {
            self.wrong_at(entry, format!("write {forms}"));
            return;
        }
        let mut table = self.section(entry);
        let mut found = 0;
        for way in ways.iter().copied().filter(|way| *way != "none") {
            if let Some(inner) = table.get(way) {
                found += 1;
                self.way(&inner, way);
            }
        }
        let before = self.problems.len();
        self.close(&table);
        // A misspelt way was just named; that it is missing goes without saying.
        if found > 1 || (found == 0 && self.problems.len() == before) {
            self.wrong_at(entry, format!("it should name exactly one way: {forms}"));
        }
    }

    fn way(&mut self, entry: &Entry<'_>, way: &str) {
        const fn required(key: &'static str, shape: Shape) -> Setting {
            Setting { key, shape, need: Need::Required }
        }
        const BASIC: &[Setting] = &[required("username", Shape::Text), required("password", Shape::Secret)];
        const HEADER: &[Setting] = &[required("name", Shape::Text), required("value", Shape::Secret)];
        const OAUTH: &[Setting] = &[
            required("client_id", Shape::Text),
            required("client_secret", Shape::Secret),
            required("token_url", Shape::Url),
        ];
        let settings = match way {
            "bearer" => {
                self.secret(entry);
                return;
            }
            "basic" => BASIC,
            "header" => HEADER,
            "oauth" => OAUTH,
            // A way that a system's folder added and reads by itself.
            _ => return,
        };
        let mut section = self.section(entry);
        self.settings(&mut section, &[settings]);
    }
}

/// A table as JSON, without a connection's own `name` and `kind`.
pub(super) fn json(table: &DeTable<'_>) -> Value {
    let members = table
        .iter()
        .filter(|(key, _)| !matches!(key.get_ref().as_ref(), "name" | "kind"))
        .map(|(key, value)| (key.get_ref().to_string(), member(value.get_ref())));
    Value::Object(members.collect())
}

fn member(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(float) => float.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(boolean) => Value::Bool(*boolean),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| member(item.get_ref())).collect(),
        DeValue::Table(table) => {
            Value::Object(table.iter().map(|(k, v)| (k.get_ref().to_string(), member(v.get_ref()))).collect())
        }
    }
}
