//! Components of messages, and modals. See [Discord Docs/Component Reference].

use super::{
    super::{emoji::Emoji, refusal::Form},
    length, list, optional_bool, optional_number, optional_text, text,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ROWS: usize = 5;
const BUTTONS: usize = 5;
const LABEL: usize = 80;
const CUSTOM_ID: usize = 100;
const SELECT_OPTIONS: usize = 25;
const OPTION_TEXT: usize = 100;
const PLACEHOLDER: usize = 150;
const BUTTON_URL: usize = 512;
const MODAL_TITLE: usize = 45;
const TEXT_INPUTS: usize = 5;
const TEXT_INPUT_LABEL: usize = 45;
const TEXT_INPUT_PLACEHOLDER: usize = 100;
/// Characters of a text input's value.
pub(crate) const TEXT_INPUT_VALUE: u64 = 4000;

pub(crate) const ROW: u64 = 1;
pub(crate) const BUTTON: u64 = 2;
pub(crate) const STRING_SELECT: u64 = 3;
pub(crate) const TEXT_INPUT: u64 = 4;
/// User, role, mentionable and channel select.
pub(crate) const OTHER_SELECTS: std::ops::RangeInclusive<u64> = 5..=8;
/// A button's style that opens a page instead of acting.
pub(crate) const LINK: u64 = 5;

/// Checks a message's rows; as Discord stores them, each component with its number.
pub(crate) fn rows(form: &mut Form, path: &str, value: &Value) -> Vec<Value> {
    let mut custom_ids = BTreeSet::new();
    let rows = list(form, path, value, 0..=ROWS);
    for (index, row) in rows.iter().enumerate() {
        let here = format!("{path}.{index}");
        match row["type"].as_u64() {
            Some(ROW) => one_row(form, &here, row, &mut custom_ids),
            Some(kind @ 9..) => form.not_modelled(format!("components of type {kind} (Components V2)")),
            _ => form.fault(
                &format!("{here}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            ),
        }
    }
    numbered(rows)
}

/// Discord gives each component the next number as its `id`.
fn numbered(rows: &[Value]) -> Vec<Value> {
    let mut number = 0;
    let mut give = |component: &mut Value| {
        number += 1;
        if component.get("id").is_none_or(Value::is_null) && component.is_object() {
            component["id"] = json!(number);
        }
    };
    let mut rows = rows.to_vec();
    for row in &mut rows {
        give(row);
        for component in row.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten() {
            give(component);
        }
    }
    rows
}

fn one_row(form: &mut Form, path: &str, row: &Value, custom_ids: &mut BTreeSet<String>) {
    let components = list(form, &format!("{path}.components"), &row["components"], 1..=BUTTONS);
    for (index, component) in components.iter().enumerate() {
        let here = format!("{path}.components.{index}");
        match component["type"].as_u64() {
            Some(BUTTON) => button(form, &here, component, custom_ids),
            Some(kind) if kind == STRING_SELECT || OTHER_SELECTS.contains(&kind) => {
                if components.len() > 1 {
                    let message = "A select menu must be the only component of its row.";
                    form.fault(&here, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
                }
                select(form, &here, component, custom_ids);
            }
            _ => {
                let message = "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).";
                form.fault(&format!("{here}.type"), "UNION_TYPE_CHOICES", message);
            }
        }
    }
}

fn custom_id(form: &mut Form, path: &str, component: &Value, taken: &mut BTreeSet<String>) {
    let here = format!("{path}.custom_id");
    let Some(id) = text(form, &here, &component["custom_id"], 1..=CUSTOM_ID) else { return };
    if !taken.insert(id.to_owned()) {
        form.fault(&here, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }
}

fn button(form: &mut Form, path: &str, button: &Value, taken: &mut BTreeSet<String>) {
    let label = optional_text(form, &format!("{path}.label"), &button["label"], 0..=LABEL);
    let emoji = &button["emoji"];
    if label.is_none_or(|label| label.trim().is_empty()) && !emoji.is_object() {
        form.fault(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji");
    }
    icon(form, &format!("{path}.emoji"), emoji);
    optional_bool(form, &format!("{path}.disabled"), &button["disabled"]);
    match button["style"].as_u64() {
        Some(1..=4) => {
            custom_id(form, path, button, taken);
            if button.get("url").is_some_and(|url| !url.is_null()) {
                form.fault(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(LINK) => {
            text(form, &format!("{path}.url"), &button["url"], 1..=BUTTON_URL);
            if button.get("custom_id").is_some_and(|id| !id.is_null()) {
                form.fault(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(6) => form.not_modelled("premium buttons"),
        _ => form.fault(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}."),
    }
}

/// An emoji beside a label, if it is there: one of Unicode's by its name, a custom one by its id.
fn icon(form: &mut Form, path: &str, emoji: &Value) {
    let custom = emoji["id"].as_str().is_some_and(|id| id.parse::<u64>().is_ok());
    let of_unicode = || emoji["name"].as_str().and_then(Emoji::parse).is_some();
    if !emoji.is_null() && !custom && !of_unicode() {
        form.fault(path, "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

fn select(form: &mut Form, path: &str, select: &Value, taken: &mut BTreeSet<String>) {
    custom_id(form, path, select, taken);
    optional_text(form, &format!("{path}.placeholder"), &select["placeholder"], 0..=PLACEHOLDER);
    optional_bool(form, &format!("{path}.disabled"), &select["disabled"]);
    let least = optional_number(form, &format!("{path}.min_values"), &select["min_values"], 0..=25).unwrap_or(1);
    let most = optional_number(form, &format!("{path}.max_values"), &select["max_values"], 1..=25).unwrap_or(1);
    if least > most {
        form.fault(&format!("{path}.min_values"), "BASE_TYPE_MAX", "min_values must not exceed max_values.");
    }
    if select["type"].as_u64() != Some(STRING_SELECT) {
        return;
    }
    let options = list(form, &format!("{path}.options"), &select["options"], 1..=SELECT_OPTIONS);
    if usize::try_from(most).unwrap_or(usize::MAX) > options.len() {
        let message = format!("max_values must not exceed the number of options, {}.", options.len());
        form.fault(&format!("{path}.max_values"), "BASE_TYPE_MAX", message);
    }
    let (mut values, mut chosen) = (BTreeSet::new(), 0);
    for (index, option) in options.iter().enumerate() {
        let here = format!("{path}.options.{index}");
        text(form, &format!("{here}.label"), &option["label"], 1..=OPTION_TEXT);
        optional_text(form, &format!("{here}.description"), &option["description"], 0..=OPTION_TEXT);
        if let Some(value) = text(form, &format!("{here}.value"), &option["value"], 1..=OPTION_TEXT)
            && !values.insert(value)
        {
            let message = "The specified option value is already used";
            form.fault(&format!("{here}.value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
        }
        icon(form, &format!("{here}.emoji"), &option["emoji"]);
        chosen += u64::from(optional_bool(form, &format!("{here}.default"), &option["default"]));
    }
    if chosen > most {
        form.fault(path, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values.");
    }
}

/// Checks a modal; as Discord stores it.
pub(crate) fn modal(form: &mut Form, path: &str, data: &Value) -> Value {
    if !data.is_object() {
        form.fault(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return Value::Null;
    }
    text(form, &format!("{path}.custom_id"), &data["custom_id"], 1..=CUSTOM_ID);
    text(form, &format!("{path}.title"), &data["title"], 1..=MODAL_TITLE);
    let mut custom_ids = BTreeSet::new();
    let rows = list(form, &format!("{path}.components"), &data["components"], 1..=TEXT_INPUTS);
    for (index, row) in rows.iter().enumerate() {
        let here = format!("{path}.components.{index}");
        match row["type"].as_u64() {
            Some(ROW) => {
                for (index, input) in
                    list(form, &format!("{here}.components"), &row["components"], 1..=1).iter().enumerate()
                {
                    text_input(form, &format!("{here}.components.{index}"), input, &mut custom_ids);
                }
            }
            Some(kind @ 9..) => form.not_modelled(format!("components of type {kind} in a modal")),
            _ => form.fault(
                &format!("{here}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1, 10, 18).",
            ),
        }
    }
    let mut stored = data.clone();
    stored["components"] = json!(numbered(rows));
    stored
}

fn text_input(form: &mut Form, path: &str, input: &Value, taken: &mut BTreeSet<String>) {
    if input["type"].as_u64() != Some(TEXT_INPUT) {
        form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4,).");
        return;
    }
    custom_id(form, path, input, taken);
    text(form, &format!("{path}.label"), &input["label"], 1..=TEXT_INPUT_LABEL);
    optional_text(form, &format!("{path}.placeholder"), &input["placeholder"], 0..=TEXT_INPUT_PLACEHOLDER);
    optional_bool(form, &format!("{path}.required"), &input["required"]);
    if !matches!(input["style"].as_u64(), Some(1 | 2)) {
        form.fault(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.");
    }
    let least = optional_number(form, &format!("{path}.min_length"), &input["min_length"], 0..=TEXT_INPUT_VALUE);
    let most = optional_number(form, &format!("{path}.max_length"), &input["max_length"], 1..=TEXT_INPUT_VALUE);
    let (least, most) = (least.unwrap_or_default(), most.unwrap_or(TEXT_INPUT_VALUE));
    if least > most {
        form.fault(&format!("{path}.min_length"), "BASE_TYPE_MAX", "min_length must not exceed max_length.");
    }
    if let Some(value) = input["value"].as_str() {
        let found = u64::try_from(length(value)).unwrap_or(u64::MAX);
        if found > most || (found > 0 && found < least) {
            let message = format!("Must be between {least} and {most} in length.");
            form.fault(&format!("{path}.value"), "BASE_TYPE_BAD_LENGTH", message);
        }
    }
}
