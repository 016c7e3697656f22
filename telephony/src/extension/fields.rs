//! A table of an extension's members for people: the name they type, the name on the wire, the label they read, the kind.
//!
//! The table itself is a vendor's; here is what every such table can do. Nothing here asks a phone system.

use super::Extension;
use crate::{FieldKey, FieldKind, FieldSpec, FieldValue, Held, Line, Record, Section};

/// How much of a value of an unexpected type is shown, in characters.
const SHOWN: usize = 200;

/// One member of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionField {
    /// Its name on the wire: `E_Extension`.
    pub wire: &'static str,
    /// What people know of it; its key is what `/extension create` calls it.
    pub spec: FieldSpec,
}

/// The members of a vendor's extensions that people read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionFields {
    /// The member that holds the number: `E_ID`. It is never written by people.
    pub id: &'static str,
    /// Every other documented member, group by group; at most five in a group, as many as a modal holds.
    pub all: &'static [ExtensionField],
    /// Members, by their names on the wire, that a new extension needs and that are never empty.
    pub needed: &'static [&'static str],
}

/// A value that extensions have already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownValue {
    /// The value, as a person would type it.
    pub value: String,
    /// How many extensions have it.
    pub times: usize,
}

impl ExtensionFields {
    /// The member that people call `key`.
    #[must_use]
    pub fn by_key(&self, key: &FieldKey) -> Option<&'static ExtensionField> {
        self.all.iter().find(|field| field.spec.key == key.0)
    }

    /// The member with this name on the wire.
    #[must_use]
    pub fn by_wire(&self, wire: &str) -> Option<&'static ExtensionField> {
        self.all.iter().find(|field| field.wire == wire)
    }

    /// A member's value; `None` when the record lacks it or holds something else there.
    #[must_use]
    pub fn value(&self, extension: &Extension, key: &FieldKey) -> Option<FieldValue> {
        value(&extension.record, self.by_key(key)?)
    }

    /// What people typed, as the members that are sent: names on the wire, in the order that was typed. An empty text
    /// empties a text, a single comma a list.
    ///
    /// # Errors
    /// One sentence for each value that does not fit.
    pub fn read(&self, typed: &[(FieldKey, String)]) -> Result<Record, Vec<String>> {
        let (mut members, mut problems) = (Record::default(), Vec::new());
        for (key, text) in typed {
            match self.by_key(key) {
                None => problems.push(format!("An extension has no field \"{key}\" here.")),
                Some(field) => match self.read_one(field, text) {
                    Ok(value) => put(&mut members, field.wire, &value),
                    Err(problem) => problems.push(problem),
                },
            }
        }
        if problems.is_empty() { Ok(members) } else { Err(problems) }
    }

    /// One typed value.
    pub(super) fn read_one(&self, field: &ExtensionField, typed: &str) -> Result<FieldValue, String> {
        let value = field.spec.read(typed)?;
        if self.needed.contains(&field.wire) && matches!(&value, FieldValue::Text(text) if text.is_empty()) {
            return Err(format!("{} must not be empty.", field.spec.label));
        }
        Ok(value)
    }

    /// The members among those needed that a new extension lacks or has empty.
    #[must_use]
    pub fn lacking(&self, members: &Record) -> Vec<&'static ExtensionField> {
        let needed = self.all.iter().filter(|field| self.needed.contains(&field.wire));
        needed
            .filter(|field| match value(members, field) {
                Some(FieldValue::Text(text)) => text.trim().is_empty(),
                Some(FieldValue::Number(_) | FieldValue::Flag(_) | FieldValue::List(_)) => false,
                None => true,
            })
            .collect()
    }

    /// The extension's card: every documented member in words, then the unknown ones by name and size.
    #[must_use]
    pub fn describe(&self, extension: &Extension) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for field in self.all {
            let title = field.spec.group.title;
            if sections.last().is_none_or(|last| last.title != title) {
                sections.push(Section { title: title.to_owned(), lines: Vec::new() });
            }
            if let Some(section) = sections.last_mut() {
                let (value, held) = match in_words(&extension.record, field) {
                    Some(value) => (value, Held::There),
                    None => ("not told".to_owned(), Held::Absent),
                };
                section.lines.push(Line { label: field.spec.label.to_owned(), value, held });
            }
        }
        if let Some(first) = sections.first_mut() {
            first.lines.push(Line { label: "Id".to_owned(), value: extension.id.to_string(), held: Held::Given });
        }
        let unknown = self.unknown(extension);
        if !unknown.is_empty() {
            let size = |size| format!("{size} {}", if size == 1 { "byte" } else { "bytes" });
            let lines = unknown
                .into_iter()
                .map(|(label, bytes)| Line { label, value: size(bytes), held: Held::There })
                .collect();
            sections.push(Section { title: "Not in the documents, carried along".to_owned(), lines });
        }
        sections
    }

    /// Members that the documents do not tell of: name and size in bytes.
    #[must_use]
    pub fn unknown(&self, extension: &Extension) -> Vec<(String, usize)> {
        let members = extension.record.iter();
        members
            .filter(|(name, _)| *name != self.id && self.by_wire(name).is_none())
            .map(|(name, raw)| (name.to_owned(), raw.get().len()))
            .collect()
    }

    /// What people call a member that [`Record::differences`] names.
    #[must_use]
    pub fn label(&self, path: &str) -> String {
        match self.by_wire(path) {
            Some(field) => field.spec.label.to_owned(),
            None if path == self.id => "Id".to_owned(),
            None => path.to_owned(),
        }
    }

    /// What people call a value of such a member, given as JSON.
    #[must_use]
    pub fn words(&self, path: &str, json: &str) -> String {
        match (self.by_wire(path).map(|field| field.spec.kind), json) {
            (Some(FieldKind::Text { .. }), r#""""#) => "empty".to_owned(),
            _ => crate::agent::words_of_json(json),
        }
    }

    /// The values that `extensions` have for a member, those of most extensions first; of a list, each entry by itself.
    #[must_use]
    pub fn known<'a>(&self, extensions: impl IntoIterator<Item = &'a Extension>, key: &FieldKey) -> Vec<KnownValue> {
        let mut known: Vec<KnownValue> = Vec::new();
        for extension in extensions {
            let mut own = match self.value(extension, key) {
                Some(FieldValue::List(list)) => list,
                Some(value) => vec![value.to_string()],
                None => Vec::new(),
            };
            own.sort_unstable();
            own.dedup();
            for value in own.into_iter().filter(|value| !value.is_empty() && !value.chars().any(char::is_control)) {
                match known.iter_mut().find(|other| other.value == value) {
                    Some(other) => other.times += 1,
                    None => known.push(KnownValue { value, times: 1 }),
                }
            }
        }
        known.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| natural(&a.value).cmp(&natural(&b.value))));
        known
    }
}

/// Numbers by size, then texts by their letters.
fn natural(value: &str) -> (i64, &str) {
    (value.parse().unwrap_or(i64::MAX), value)
}

/// A member's value where it is of its kind; numbers are taken as texts, too, and texts as numbers.
fn value(record: &Record, field: &ExtensionField) -> Option<FieldValue> {
    let raw = record.raw(field.wire)?.get();
    match field.spec.kind {
        FieldKind::Text { .. } => {
            let number = || record.number(field.wire).map(|_| raw.to_owned());
            record.text(field.wire).or_else(number).map(FieldValue::Text)
        }
        FieldKind::Number { .. } => record.number(field.wire).map(FieldValue::Number),
        FieldKind::List => record.texts(field.wire).map(FieldValue::List),
        FieldKind::Flag => serde_json::from_str(raw).ok().map(FieldValue::Flag),
    }
}

/// Sets a member to a value.
pub(super) fn put(record: &mut Record, wire: &str, value: &FieldValue) {
    match value {
        FieldValue::Flag(on) => record.set(wire, on),
        FieldValue::Number(number) => record.set(wire, number),
        FieldValue::Text(text) => record.set(wire, text),
        FieldValue::List(list) => record.set(wire, list),
    }
}

/// A member in words; `None` where the record lacks it.
fn in_words(record: &Record, field: &ExtensionField) -> Option<String> {
    match value(record, field) {
        Some(FieldValue::List(list)) if list.is_empty() => Some("none".to_owned()),
        Some(FieldValue::Text(text)) if text.is_empty() => Some("empty".to_owned()),
        Some(value) => Some(value.to_string()),
        None => record.raw(field.wire).map(|raw| shown(raw.get())),
    }
}

/// JSON text, cut.
fn shown(json: &str) -> String {
    let mut shown: String = json.chars().take(SHOWN).collect();
    if shown.len() < json.len() {
        shown.push('…');
    }
    shown
}
