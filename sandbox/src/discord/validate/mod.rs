//! Discord's limits on what a bot may send, as named constants, and the checks. Lengths are Unicode code points.
//! See [Discord Docs/Message], [Discord Docs/Component Reference] and [Discord Docs/Application Commands].

pub(crate) mod command;
pub(crate) mod component;
pub(crate) mod message;

use super::refusal::Form;
use serde_json::Value;
use std::ops::RangeInclusive;

/// How long a text is, as Discord counts.
pub(crate) fn length(text: &str) -> usize {
    text.chars().count()
}

/// A member that must be text of such a length; `None` and a fault otherwise.
pub(crate) fn text<'a>(
    form: &mut Form,
    path: &str,
    value: &'a Value,
    allowed: RangeInclusive<usize>,
) -> Option<&'a str> {
    match value {
        Value::Null => {
            form.required(path);
            None
        }
        other => optional_text(form, path, other, allowed),
    }
}

/// As [`text`], but the member may be absent.
pub(crate) fn optional_text<'a>(
    form: &mut Form,
    path: &str,
    value: &'a Value,
    allowed: RangeInclusive<usize>,
) -> Option<&'a str> {
    match value {
        Value::Null => None,
        Value::String(text) => {
            let found = length(text);
            if found == 0 && *allowed.start() > 0 {
                form.required(path);
            } else if !allowed.contains(&found) && *allowed.start() == 0 {
                form.fault(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {} or fewer in length.", allowed.end()));
            } else if !allowed.contains(&found) {
                let message = format!("Must be between {} and {} in length.", allowed.start(), allowed.end());
                form.fault(path, "BASE_TYPE_BAD_LENGTH", message);
            }
            Some(text)
        }
        _ => {
            form.fault(path, "STRING_TYPE_CONVERT", "Could not interpret the value as a string.");
            None
        }
    }
}

/// A member that must be a whole number in such a range if it is there.
pub(crate) fn optional_number(form: &mut Form, path: &str, value: &Value, allowed: RangeInclusive<u64>) -> Option<u64> {
    match (value, value.as_u64()) {
        (Value::Null, _) => None,
        (_, Some(number)) if allowed.contains(&number) => Some(number),
        (_, Some(_)) => {
            let message = format!("int value should be between {} and {}.", allowed.start(), allowed.end());
            form.fault(path, "NUMBER_TYPE_RANGE", message);
            None
        }
        (_, None) => {
            form.fault(path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
            None
        }
    }
}

/// A member that must be a list of such a length; an absent one counts as empty.
pub(crate) fn list<'a>(form: &mut Form, path: &str, value: &'a Value, allowed: RangeInclusive<usize>) -> &'a [Value] {
    match value {
        Value::Null if *allowed.start() == 0 => &[],
        Value::Null => {
            form.required(path);
            &[]
        }
        Value::Array(items) => {
            if !allowed.contains(&items.len()) {
                let message = format!("Must be between {} and {} in length.", allowed.start(), allowed.end());
                form.fault(path, "BASE_TYPE_BAD_LENGTH", message);
            }
            items
        }
        _ => {
            form.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            &[]
        }
    }
}

/// A member that must be true or false if it is there.
pub(crate) fn optional_bool(form: &mut Form, path: &str, value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        _ => {
            form.fault(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
            false
        }
    }
}
