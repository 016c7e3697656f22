//! Definitions of slash commands, and the choices of an autocomplete. See [Discord Docs/Application Commands].

use super::{
    super::refusal::{Form, Refusal},
    length, list, optional_bool, optional_text, text,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const NAME: usize = 32;
const DESCRIPTION: usize = 100;
const OPTIONS: usize = 25;
const CHOICES: usize = 25;
const CHOICE_TEXT: usize = 100;
/// Over names, descriptions and choices of a command and all its options.
const TOTAL: usize = 8000;
/// Commands of a guild.
pub(crate) const COMMANDS: usize = 100;
/// Characters of a string option's value.
pub(crate) const STRING: u64 = 6000;

pub(crate) const SUB_COMMAND: u64 = 1;
pub(crate) const SUB_COMMAND_GROUP: u64 = 2;
pub(crate) const TEXT: u64 = 3;
pub(crate) const INTEGER: u64 = 4;
const CHANNEL: u64 = 7;
pub(crate) const NUMBER: u64 = 10;
pub(crate) const ATTACHMENT: u64 = 11;

/// How deep in a command options stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Command,
    Group,
    Leaf,
}

/// Checks a command's definition; as Discord stores it, without what equals a default.
pub(crate) fn definition(form: &mut Form, at: &str, command: &Value) -> Value {
    let path = |member: &str| if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") };
    if !command.is_object() {
        form.fault(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return Value::Null;
    }
    match command["type"].as_u64().unwrap_or(1) {
        1 => {}
        kind => form.not_modelled(format!("commands of type {kind}")),
    }
    let mut total = named(form, at, command);
    total += options(form, &path("options"), &command["options"], Level::Command);
    if total > TOTAL {
        let message = format!("Command exceeds maximum size ({TOTAL})");
        form.fault(at, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
    stored(command)
}

fn named(form: &mut Form, at: &str, value: &Value) -> usize {
    let path = |member: &str| if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") };
    let mut total = 0;
    if let Some(name) = text(form, &path("name"), &value["name"], 1..=NAME) {
        name_is_valid(form, &path("name"), name);
        total += length(name);
    }
    total += text(form, &path("description"), &value["description"], 1..=DESCRIPTION).map_or(0, length);
    for (member, most) in [("name_localizations", NAME), ("description_localizations", DESCRIPTION)] {
        let localised: Option<&Map<String, Value>> = value[member].as_object();
        for (locale, translation) in localised.into_iter().flatten() {
            let here = format!("{}.{locale}", path(member));
            if !LOCALES.contains(&locale.as_str()) {
                form.fault(&here, "BASE_TYPE_CHOICES", "This locale is not one of Discord's.");
            }
            let translation = text(form, &here, translation, 1..=most);
            if let (Some(name), "name_localizations") = (translation, member) {
                name_is_valid(form, &here, name);
            }
        }
        total += localised.into_iter().flatten().filter_map(|(_, it)| it.as_str()).map(length).max().unwrap_or(0);
    }
    total
}

/// Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, and no letter that has a lower case.
fn name_is_valid(form: &mut Form, path: &str, name: &str) {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_'".contains(letter);
    if !name.chars().all(allowed) || name.to_lowercase() != name {
        form.fault(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn options(form: &mut Form, path: &str, value: &Value, level: Level) -> usize {
    let (mut names, mut total, mut optional_seen) = (BTreeSet::new(), 0, false);
    let options = list(form, path, value, 0..=OPTIONS);
    let is_nested = |option: &Value| matches!(option["type"].as_u64(), Some(SUB_COMMAND | SUB_COMMAND_GROUP));
    if options.iter().any(is_nested) && !options.iter().all(is_nested) {
        let message = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    for (index, option) in options.iter().enumerate() {
        let here = format!("{path}.{index}");
        total += named(form, &here, option);
        if !names.insert(option["name"].as_str().unwrap_or_default()) {
            let message = "Option names must be unique";
            form.fault(&here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message);
        }
        match (option["type"].as_u64(), level) {
            (Some(SUB_COMMAND), Level::Command | Level::Group) => {
                total += self::options(form, &format!("{here}.options"), &option["options"], Level::Leaf);
            }
            (Some(SUB_COMMAND_GROUP), Level::Command) => {
                total += self::options(form, &format!("{here}.options"), &option["options"], Level::Group);
            }
            (Some(3..=11), Level::Command | Level::Leaf) => {
                let required = optional_bool(form, &format!("{here}.required"), &option["required"]);
                if required && optional_seen {
                    let message = "Required options must be placed before non-required options";
                    form.fault(&here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
                }
                optional_seen |= !required;
                total += value_rules(form, &here, option);
            }
            _ => form.fault(&format!("{here}.type"), "BASE_TYPE_CHOICES", "This option type cannot stand here."),
        }
    }
    total
}

/// Choices, autocomplete, lengths and ranges of an option that takes a value.
fn value_rules(form: &mut Form, path: &str, option: &Value) -> usize {
    let kind = option["type"].as_u64().unwrap_or_default();
    let there = |member: &str| option.get(member).is_some_and(|value| !value.is_null());
    let choices = list(form, &format!("{path}.choices"), &option["choices"], 0..=CHOICES);
    let autocomplete = optional_bool(form, &format!("{path}.autocomplete"), &option["autocomplete"]);
    let free = matches!(kind, TEXT | INTEGER | NUMBER);
    if autocomplete && (!choices.is_empty() || !free) {
        let message = "Autocomplete is for text and numbers, and not together with choices";
        form.fault(path, "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", message);
    }
    if !choices.is_empty() && !free {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Only text and numbers have choices");
    }
    if kind != TEXT && (there("min_length") || there("max_length")) {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID", "Only text has a length");
    }
    if !matches!(kind, INTEGER | NUMBER) && (there("min_value") || there("max_value")) {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", "Only numbers have a range");
    }
    if kind != CHANNEL && there("channel_types") {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_CHANNEL_TYPES_INVALID", "Only channels are of such types");
    }
    super::optional_number(form, &format!("{path}.min_length"), &option["min_length"], 0..=STRING);
    super::optional_number(form, &format!("{path}.max_length"), &option["max_length"], 1..=STRING);
    let mut names = BTreeSet::new();
    let mut total = 0;
    for (index, choice) in choices.iter().enumerate() {
        let here = format!("{path}.choices.{index}");
        total += one_choice(form, &here, choice, kind);
        if !names.insert(choice["name"].as_str().unwrap_or_default()) {
            let message = "Choice names must be unique";
            form.fault(&here, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message);
        }
    }
    total
}

/// Checks a choice of an option of such a kind.
fn one_choice(form: &mut Form, path: &str, choice: &Value, kind: u64) -> usize {
    let mut total = text(form, &format!("{path}.name"), &choice["name"], 1..=CHOICE_TEXT).map_or(0, length);
    let (here, value) = (format!("{path}.value"), &choice["value"]);
    let fits = match kind {
        TEXT => value.is_string(),
        INTEGER => value.is_i64(),
        _ => value.is_number(),
    };
    match value {
        Value::Null => form.required(&here),
        Value::String(_) if kind == TEXT => {
            total += optional_text(form, &here, value, 1..=CHOICE_TEXT).map_or(0, length);
        }
        _ if !fits => form.fault(&here, "BASE_TYPE_CONVERT", "The value does not fit the option's type."),
        _ => total += value.to_string().len(),
    }
    total
}

/// Checks the answer of an autocomplete for an option of such a kind.
pub(crate) fn answer(data: &Value, kind: u64) -> Result<Vec<Value>, Refusal> {
    let mut form = Form::default();
    if data["choices"].is_null() {
        form.required("data.choices");
    }
    let choices = list(&mut form, "data.choices", &data["choices"], 0..=CHOICES);
    for (index, choice) in choices.iter().enumerate() {
        one_choice(&mut form, &format!("data.choices.{index}"), choice, kind);
    }
    form.verdict()?;
    Ok(choices.to_vec())
}

/// What Discord keeps of a definition: members that say nothing are dropped.
fn stored(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, value)| match name.as_str() {
                    "required" | "autocomplete" | "nsfw" => **value == json!(true),
                    "options" | "choices" | "channel_types" => value.as_array().is_some_and(|list| !list.is_empty()),
                    _ => !value.is_null(),
                })
                .map(|(name, value)| (name.clone(), stored(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(stored).collect()),
        other => other.clone(),
    }
}

/// See [Discord Docs/Reference, Locales].
const LOCALES: [&str; 32] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
];
