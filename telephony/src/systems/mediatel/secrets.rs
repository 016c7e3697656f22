//! Members that are named as a password is, taken out of records before anything sees them. The documents show one such
//! member, an agent's `Password`; a server may have more, at any depth.

use serde_json::value::{RawValue, to_raw_value};

use crate::Record;

/// How deep a member's value is looked through.
const DEEPEST: usize = 8;

/// Takes every member out that is a secret or holds one, whole; their names.
pub(super) fn withhold(record: &mut Record) -> Vec<String> {
    let names: Vec<String> = held(record, DEEPEST);
    for name in &names {
        record.remove(name);
    }
    names
}

/// Takes out what is a secret, wherever it stands; what stands beside it stays as it came.
pub(super) fn strip(record: &mut Record) {
    strip_to(record, DEEPEST);
}

fn strip_to(record: &mut Record, depth: usize) {
    for name in held(record, depth) {
        let rest = if is_secret(&name) { None } else { record.raw(&name).and_then(|raw| without(raw, depth)) };
        match rest {
            Some(rest) => record.set(&name, &rest),
            None => drop(record.remove(&name)),
        }
    }
}

/// A value without the secrets inside it; `None` where it is too deep to be looked through.
fn without(raw: &RawValue, depth: usize) -> Option<Box<RawValue>> {
    let deeper = depth.checked_sub(1)?;
    match raw.get().as_bytes().first() {
        Some(b'{') => {
            let mut inner = Record::parse(raw.get()).ok()?;
            strip_to(&mut inner, deeper);
            to_raw_value(&inner).ok()
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
            let kept = |item: &&RawValue| {
                if holds_secret(item.get(), deeper) { without(item, deeper) } else { Some((*item).to_owned()) }
            };
            to_raw_value(&items.iter().filter_map(kept).collect::<Vec<_>>()).ok()
        }
        Some(_) | None => Some(raw.to_owned()),
    }
}

/// The names of the members that are a secret or hold one.
fn held(record: &Record, depth: usize) -> Vec<String> {
    let holds = |(name, raw): &(&str, &RawValue)| is_secret(name) || holds_secret(raw.get(), depth);
    record.iter().filter(holds).map(|(name, _)| name.to_owned()).collect()
}

/// Whether a secret stands inside a value. What is too deep to be looked through, or cannot be, counts as one where the
/// word may stand anywhere in it.
fn holds_secret(json: &str, depth: usize) -> bool {
    // Most values are plain to see without reading them; a name may be written with escapes.
    if !is_secret(json) && !json.contains("\\u") {
        return false;
    }
    match json.as_bytes().first() {
        Some(b'{') if depth > 0 => Record::parse(json).map_or(true, |inner| !held(&inner, depth - 1).is_empty()),
        Some(b'[') if depth > 0 => serde_json::from_str::<Vec<&RawValue>>(json)
            .map_or(true, |items| items.iter().any(|item| holds_secret(item.get(), depth - 1))),
        Some(b'{' | b'[') => true,
        Some(_) | None => false,
    }
}

fn is_secret(name: &str) -> bool {
    name.to_ascii_lowercase().contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(json: &str) -> String {
        let mut record = Record::parse(json).unwrap();
        strip(&mut record);
        serde_json::to_string(&record).unwrap()
    }

    #[test]
    fn a_secret_goes_and_what_stands_beside_it_stays_as_it_came() {
        let json =
            r#"{"ID":1,"SipPassword":"x","ClientApp":{"Rate":1.50,"Web":[{"PASSWORD":"y","b":2},7]},"Z":{ "a" :1}}"#;
        assert_eq!(stripped(json), r#"{"ID":1,"ClientApp":{"Rate":1.50,"Web":[{"b":2},7]},"Z":{ "a" :1}}"#);
    }

    #[test]
    fn a_name_written_with_escapes_is_known() {
        assert_eq!(stripped(r#"{"A":{"pass\u0077ord":"x","b":"\\"}}"#), r#"{"A":{"b":"\\"}}"#);
    }

    #[test]
    fn what_is_too_deep_to_be_looked_through_goes_whole() {
        let deep = |inner: &str| format!("{}{inner}{}", r#"{"a":"#.repeat(12), "}".repeat(12));
        let text = stripped(&format!(r#"{{"A":{},"B":{},"C":"my password"}}"#, deep(r#"{"password":"x"}"#), deep("1")));
        let escaped = stripped(&format!(r#"{{"A":{}}}"#, deep(r#"{"pass\u0077ord":"x"}"#)));
        assert!(!escaped.contains("\"x\""), "{escaped}");
        assert!(!text.contains("\"x\"") && text.contains(&deep("1")) && text.contains("my password"), "{text}");
    }

    #[test]
    fn a_member_that_holds_a_secret_is_withheld_whole() {
        let mut record = Record::parse(r#"{"E_ID":1,"Account":{"user":"a","password":"b"},"sippassword":1}"#).unwrap();
        assert_eq!(withhold(&mut record), ["Account", "sippassword"]);
        assert_eq!(serde_json::to_string(&record).unwrap(), r#"{"E_ID":1}"#);
    }
}
