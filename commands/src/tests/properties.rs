//! Whatever is typed survives reading, storing and writing; whatever does not fit is refused, and nothing panics.

use proptest::prelude::*;
use serde_json::{Value, json};
use serenity::model::application::CommandData;

use super::data;
use super::values::since;
use crate::command::ROSTER;
use crate::surface::{Blank, Entry, Need, OptionSpec, Shape};
use crate::{Command, completing, read};

/// A text without control characters and without blanks around it.
fn line(least: usize, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>().prop_filter("no control", |c| !c.is_control()), least..=most)
        .prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
        .prop_filter("not blank", move |text| text.chars().count() >= least)
}

/// A value that fits the option.
fn value(spec: &'static OptionSpec) -> BoxedStrategy<Value> {
    let whole = |kind: u8, value: Value| json!({ "type": kind, "name": spec.name, "value": value });
    match spec.shape {
        Shape::Text { max, blank, .. } => {
            let least = usize::from(blank == Blank::Refused);
            line(least, usize::from(max)).prop_map(move |text| whole(3, json!(text))).boxed()
        }
        Shape::Choice(words) => prop::sample::select(words).prop_map(move |word| whole(3, json!(word))).boxed(),
        Shape::Number { min, max } => (min..=max).prop_map(move |number| whole(4, json!(number))).boxed(),
        Shape::Request => (1..=i64::MAX).prop_map(move |number| whole(3, json!(number.to_string()))).boxed(),
        Shape::Since => since().prop_map(move |since| whole(3, json!(since.to_string()))).boxed(),
        Shape::File { max } => (1..u64::MAX, 1..=max, line(1, 40))
            .prop_map(move |(id, size, name)| {
                let mut option = whole(11, json!(id.to_string()));
                option["file"] = json!({
                    "id": id.to_string(), "filename": name, "size": size,
                    "url": "https://cdn.example/1", "proxy_url": "https://cdn.example/1",
                });
                option
            })
            .boxed(),
        Shape::User => (1..u64::MAX).prop_map(move |user| whole(6, json!(user.to_string()))).boxed(),
    }
}

/// A command as a person may type it: the required options and any of the others.
fn typed() -> impl Strategy<Value = Value> {
    prop::sample::select((0..ROSTER.len()).collect::<Vec<_>>()).prop_flat_map(|at| {
        let entry = &ROSTER[at];
        let options: Vec<BoxedStrategy<Option<Value>>> = entry
            .options
            .iter()
            .map(|spec| match spec.need {
                Need::Required => value(spec).prop_map(Some).boxed(),
                Need::Optional => prop::option::of(value(spec)).boxed(),
            })
            .collect();
        options.prop_map(move |options| whole(entry, &options.into_iter().flatten().collect::<Vec<_>>()))
    })
}

/// The interaction's data; files that stand in the options move to where Discord tells of them.
fn whole(entry: &Entry, options: &[Value]) -> Value {
    let (mut options, mut attachments) = (options.to_vec(), serde_json::Map::new());
    for option in &mut options {
        if let Some(file) = option.as_object_mut().and_then(|option| option.remove("file")) {
            attachments.insert(file["id"].as_str().expect("an id").to_owned(), file);
        }
    }
    let mut typed = match entry.group {
        None => json!({ "type": 1, "name": entry.leaf(), "options": options }),
        Some(group) => json!({ "type": 1, "name": group.name, "options": [
            { "type": 1, "name": entry.leaf(), "options": options },
        ] }),
    };
    if !attachments.is_empty() {
        typed["resolved"] = json!({ "attachments": attachments });
    }
    typed
}

/// An option of any kind and content, often with a name that exists.
fn junk() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        prop::sample::select(vec![
            "agent",
            "source",
            "login",
            "query",
            "state",
            "rights",
            "recipient",
            "connection",
            "reason",
            "person",
            "since",
            "request",
            "extension",
            "type",
            "codecs",
            "file",
            "queue"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let content = prop_oneof![
        any::<String>().prop_map(|text| (3, json!(text))),
        any::<i64>().prop_map(|number| (4, json!(number))),
        any::<bool>().prop_map(|flag| (5, json!(flag))),
        (1..u64::MAX).prop_map(|id| (6, json!(id.to_string()))),
        (1..u64::MAX).prop_map(|id| (8, json!(id.to_string()))),
        (1..u64::MAX).prop_map(|id| (11, json!(id.to_string()))),
        (-1e9..1e9).prop_map(|number: f64| (10, json!(number))),
        Just((99, json!(null))),
    ];
    (name, content, prop::bool::weighted(0.1)).prop_map(|(name, (kind, value), focused)| {
        let mut option = json!({ "type": kind, "name": name, "value": value });
        if focused && value.is_string() {
            option["focused"] = json!(true);
        }
        option
    })
}

proptest! {
    #[test]
    fn a_typed_command_survives_reading_storing_and_writing(typed in typed()) {
        let command = read(&data(&typed)).map_err(|refused| TestCaseError::fail(refused.to_string()))?;
        prop_assert_eq!(&command.write(), &typed);
        let stored = serde_json::to_string(&command).expect("writes");
        prop_assert_eq!(&serde_json::from_str::<Command>(&stored).expect("reads"), &command);
        prop_assert_eq!(read(&data(&command.write())), Ok(command));
    }

    #[test]
    fn one_more_option_is_refused(typed in typed(), more in junk()) {
        let mut typed = typed;
        let leaf = if typed["options"][0]["type"] == 1 { &mut typed["options"][0]["options"] } else { &mut typed["options"] };
        let given = leaf.as_array_mut().expect("options");
        // A fitting value for an option that was left out would be no junk.
        prop_assume!(given.iter().any(|option| option["name"] == more["name"]) || more["type"] != 3 && more["type"] != 4 && more["type"] != 6);
        given.push(more);
        if let Ok(whole) = serde_json::from_value::<CommandData>({ typed["id"] = json!("1"); typed }) {
            prop_assert!(read(&whole).is_err());
        }
    }

    #[test]
    fn junk_never_panics_and_nothing_of_it_is_swallowed(
        group in prop_oneof![Just("agent".to_owned()), Just("approvals".to_owned()), Just("extension".to_owned()), Just("doctor".to_owned()), any::<String>()],
        leaf in prop_oneof![
            prop::sample::select(ROSTER.iter().map(|entry| entry.leaf().to_owned()).collect::<Vec<_>>()),
            any::<String>(),
        ],
        options in prop::collection::vec(junk(), 0..6),
        nested in any::<bool>(),
    ) {
        let given = options.len();
        let options = if nested { json!([{ "type": 1, "name": leaf, "options": options }]) } else { json!(options) };
        let whole = json!({ "id": "1", "type": 1, "name": group, "options": options });
        // What serenity itself cannot read never reaches us.
        if let Ok(whole) = serde_json::from_value::<CommandData>(whole) {
            let _ = completing(&whole);
            match read(&whole) {
                Ok(command) => {
                    let written = command.write();
                    let leaf = if written["options"][0]["type"] == 1 { &written["options"][0] } else { &written };
                    prop_assert_eq!(leaf["options"].as_array().map_or(0, Vec::len), given);
                }
                Err(refused) => {
                    let sentence = refused.to_string();
                    prop_assert!(sentence.chars().count() < 500 && !sentence.chars().any(char::is_control));
                }
            }
        }
    }
}
