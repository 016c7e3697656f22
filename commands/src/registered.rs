//! Whether what Discord has registered is what we would register, so that it is only sent when it differs.

use serde_json::{Map, Value};

use crate::definitions::{spoken, surface_json};

/// The members of a command that say what it is. The rest of Discord's answer is its own (`id`, `application_id`,
/// `version`, `guild_id`) or means nothing on a guild's command (`contexts`, `integration_types`, `dm_permission`).
const MEMBERS: &[&str] = &[
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "options",
    "default_member_permissions",
    "nsfw",
    "handler",
];

/// Whether the guild's commands, as Discord answers them, are other than ours. Absent members count as their defaults;
/// the order of commands does not matter, that of options does, as people see it.
#[must_use]
pub fn differs(registered: &[Value]) -> bool {
    let ours = match surface_json() {
        Value::Array(commands) => commands,
        _ => Vec::new(),
    };
    normalised(&ours) != normalised(registered)
}

/// Commands with nothing but what they are, sorted by name.
fn normalised(commands: &[Value]) -> Vec<Value> {
    let mut commands: Vec<Value> = commands.iter().map(command).collect();
    commands.sort_by_cached_key(|command| (command["name"].to_string(), command["type"].to_string()));
    commands
}

fn command(answer: &Value) -> Value {
    let mut said = Map::new();
    for member in MEMBERS {
        if let Some(value) = answer.get(member).cloned().and_then(spoken) {
            said.insert((*member).to_owned(), whole_numbers(value));
        }
    }
    // A slash command, Discord's default.
    said.entry("type").or_insert(Value::from(1));
    Value::Object(said)
}

/// Limits of options as whole numbers: `1.0` is `1`.
fn whole_numbers(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(whole_numbers).collect()),
        Value::Object(members) => Value::Object(members.into_iter().map(|(k, v)| (k, whole_numbers(v))).collect()),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => {
                format!("{float:.0}").parse::<i64>().map_or(Value::Number(number), Value::from)
            }
            _ => Value::Number(number),
        },
        Value::Null | Value::Bool(_) | Value::String(_) => value,
    }
}
