//! An agent's card: every documented member in words, the rest by name and size, the password never.

use std::collections::BTreeSet;

use super::fields::{self, FIXED, MEMBERS, Member};
use crate::{Agent, FieldKey, FieldKind, FieldValue, Held, Line, Record, Section};

/// How much of a value of an unexpected type is shown, in characters.
const SHOWN: usize = 200;

/// The card.
pub(super) fn describe(agent: &Agent) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for member in MEMBERS {
        let title = member.spec.group.title;
        if sections.last().is_none_or(|last| last.title != title) {
            sections.push(Section { title: title.to_owned(), lines: Vec::new() });
        }
        let (value, held) = match in_words(agent, member) {
            Some(value) => (value, Held::There),
            None => ("not told".to_owned(), Held::Absent),
        };
        let line = Line { label: label_on_card(member).to_owned(), value, held };
        if let Some(section) = sections.last_mut() {
            section.lines.push(line);
        }
    }
    if let Some(account) = sections.first_mut() {
        account.lines.push(Line { label: "State".to_owned(), value: state(agent), held: Held::There });
        account.lines.push(Line { label: "Id".to_owned(), value: agent.id.to_string(), held: Held::Given });
    }
    let unknown = unknown(agent);
    if !unknown.is_empty() {
        let lines = unknown
            .into_iter()
            .map(|(label, size)| {
                let value = format!("{size} {}", if size == 1 { "byte" } else { "bytes" });
                Line { label, value, held: Held::There }
            })
            .collect();
        sections.push(Section { title: "Not in the documents".to_owned(), lines });
    }
    sections
}

/// Members that the documents do not tell of: path and size in bytes.
pub(super) fn unknown(agent: &Agent) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    collect_unknown(&agent.record, "", &mut found);
    found
}

fn collect_unknown(record: &Record, prefix: &str, found: &mut Vec<(String, usize)>) {
    let documented: BTreeSet<String> =
        MEMBERS.iter().map(|m| m.path.join(".")).chain(FIXED.iter().map(|(name, _)| (*name).to_owned())).collect();
    for (name, raw) in record.iter() {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let inside = format!("{path}.");
        if documented.iter().any(|known| known.starts_with(&inside)) {
            if let Some(inner) = record.record(name) {
                collect_unknown(&inner, &path, found);
            }
        } else if !documented.contains(&path) {
            found.push((path, raw.get().len()));
        }
    }
}

/// What people call a path.
pub(super) fn label(path: &str) -> String {
    let known = MEMBERS.iter().find(|m| m.path.iter().copied().eq(path.split('.')));
    match known {
        Some(member) if member.path.len() > 1 => {
            format!("{}: {}", member.spec.group.title, label_on_card(member))
        }
        Some(member) => label_on_card(member).to_owned(),
        None if path == "ClientApp.AutoAnswer" => "Auto-answer".to_owned(),
        None => FIXED
            .iter()
            .find(|(name, _)| *name == path)
            .map_or_else(|| path.to_owned(), |(_, label)| (*label).to_owned()),
    }
}

/// What people call a value, given as JSON.
pub(super) fn words(path: &str, json: &str) -> String {
    let known = MEMBERS.iter().find(|m| m.path.iter().copied().eq(path.split('.')));
    match (known.map(|member| (member.spec.kind, member.spec.key)), json) {
        (Some((FieldKind::Flag, _)), "0") => "no".to_owned(),
        (Some((FieldKind::Flag, _)), "1") => "yes".to_owned(),
        (Some((_, "supervisor" | "ring-file")), "-1") => "none".to_owned(),
        _ if path == "State" && json == "0" => "disabled".to_owned(),
        _ if path == "State" && json == "1" => "enabled".to_owned(),
        _ => crate::agent::words_of_json(json),
    }
}

/// A field's label without its hint for whoever types a value.
fn label_on_card(member: &Member) -> &'static str {
    member.spec.label.split_once(" (").map_or(member.spec.label, |(label, _)| label)
}

/// A member's value in words; `None` when the record has no such member.
fn in_words(agent: &Agent, member: &Member) -> Option<String> {
    let none_is_minus_one = matches!(member.spec.key, "supervisor" | "ring-file");
    match fields::value(agent, &FieldKey(member.spec.key.to_owned())) {
        Some(FieldValue::Number(-1)) if none_is_minus_one => Some("none".to_owned()),
        Some(FieldValue::List(list)) if list.is_empty() => Some("none".to_owned()),
        Some(FieldValue::Text(text)) if text.is_empty() => Some("empty".to_owned()),
        Some(value) => Some(value.to_string()),
        None => {
            let (holder, name) = fields::holder(&agent.record, member.path)?;
            holder.raw(name).map(|raw| as_json(raw.get()))
        }
    }
}

fn state(agent: &Agent) -> String {
    match (agent.state, agent.record.raw("State")) {
        (crate::AgentState::Unknown, Some(raw)) => format!("unknown ({})", as_json(raw.get())),
        (state, _) => state.to_string(),
    }
}

/// JSON text, cut.
fn as_json(json: &str) -> String {
    let mut shown: String = json.chars().take(SHOWN).collect();
    if shown.len() < json.len() {
        shown.push('…');
    }
    shown
}
