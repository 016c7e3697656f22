//! Extensions compared: with what is asked for, with what was shown, by name. Nothing here asks a phone system.

use rollcall_telephony::{Extension, ExtensionField, ExtensionFields, ExtensionId, FieldKey, FieldValue, Record};

use crate::desk::report::Differs;

/// What people call the member that holds an extension's name.
const NAME: &str = "name";
/// What is said of a member that a record lacks.
const NOT_TOLD: &str = "not told";

/// The name that these members give an extension.
pub(super) fn name_in(fields: &ExtensionFields, members: &Record) -> Option<String> {
    match fields.value(&bare(members), &FieldKey(NAME.to_owned()))? {
        FieldValue::Text(name) => Some(name),
        FieldValue::Number(number) => Some(number.to_string()),
        FieldValue::Flag(_) | FieldValue::List(_) => None,
    }
}

/// What the member that holds the name is called on the wire.
pub(super) fn name_column(fields: &ExtensionFields) -> Option<String> {
    fields.by_key(&FieldKey(NAME.to_owned())).map(|field| field.wire.to_owned())
}

/// Whether two extensions cannot both have these names: phone systems are blind to case there.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A name as it is compared.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Of these members, those that the extension does not have so already; and before → after, in words.
pub(super) fn changing(fields: &ExtensionFields, extension: &Extension, members: &Record) -> (Record, Vec<Differs>) {
    let (mut changing, mut differs) = (Record::default(), Vec::new());
    for (wire, raw) in members.iter() {
        if !has(fields, extension, wire, members) {
            changing.set(wire, raw);
            differs.push(Differs {
                label: fields.label(wire),
                before: words(fields, &extension.record, wire),
                after: fields.words(wire, raw.get()),
            });
        }
    }
    (changing, differs)
}

/// Where an extension is not as it was asked for: asked → as it is.
pub(super) fn not_as_asked(fields: &ExtensionFields, asked: &Record, extension: &Extension) -> Vec<Differs> {
    let other = asked.iter().filter(|(wire, _)| !has(fields, extension, wire, asked));
    other
        .map(|(wire, raw)| Differs {
            label: fields.label(wire),
            before: fields.words(wire, raw.get()),
            after: words(fields, &extension.record, wire),
        })
        .collect()
}

/// What differs between extensions as they were shown and as they are now, in words.
pub(in crate::desk) fn differences(fields: &ExtensionFields, shown: &[Extension], now: &[Extension]) -> Vec<Differs> {
    let several = shown.len() > 1;
    let mut found = Vec::new();
    for before in shown {
        let Some(after) = now.iter().find(|after| after.id == before.id) else {
            found.push(Differs { label: titled(before), before: "there".to_owned(), after: "gone".to_owned() });
            continue;
        };
        let words = |path: &str, json: Option<&String>| json.map_or_else(String::new, |json| fields.words(path, json));
        found.extend(before.record.differences(&after.record).into_iter().map(|d| Differs {
            label: if several {
                format!("{}: {}", titled(before), fields.label(&d.path))
            } else {
                fields.label(&d.path)
            },
            before: words(&d.path, d.before.as_ref()),
            after: words(&d.path, d.after.as_ref()),
        }));
    }
    found
}

/// An extension, for people: "15 Sales".
pub(in crate::desk) fn titled(extension: &Extension) -> String {
    format!("{} {}", extension.id, extension.name)
}

/// One fingerprint for several extensions, in whichever order they come.
pub(super) fn fingerprint_of(extensions: &[Extension]) -> String {
    let mut all = Record::default();
    for extension in extensions {
        all.set(&extension.id.to_string(), &extension.record.fingerprint());
    }
    all.fingerprint()
}

/// Whether an extension has a member as it is asked for; one without it has what is empty.
fn has(fields: &ExtensionFields, extension: &Extension, wire: &str, asked: &Record) -> bool {
    let Some(field) = fields.by_wire(wire) else {
        return extension.record.raw(wire).map(ToString::to_string) == asked.raw(wire).map(ToString::to_string);
    };
    value(fields, field, extension) == value(fields, field, &bare(asked))
}

/// A member's value; `None` where it is absent or empty.
fn value(fields: &ExtensionFields, field: &ExtensionField, extension: &Extension) -> Option<FieldValue> {
    match fields.value(extension, &FieldKey(field.spec.key.to_owned()))? {
        FieldValue::Text(text) if text.is_empty() => None,
        FieldValue::List(list) if list.is_empty() => None,
        value => Some(value),
    }
}

fn words(fields: &ExtensionFields, record: &Record, wire: &str) -> String {
    record.raw(wire).map_or_else(|| NOT_TOLD.to_owned(), |raw| fields.words(wire, raw.get()))
}

/// Members as an extension that has no number yet.
fn bare(members: &Record) -> Extension {
    Extension { id: ExtensionId(0), name: String::new(), record: members.clone(), withheld: Vec::new() }
}
