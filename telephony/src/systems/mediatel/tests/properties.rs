//! What holds for any input: no panic on any answer, and what is written reads back.

use proptest::prelude::*;

use crate::http::Answer;
use crate::systems::mediatel::{card, convert, fields, wire};
use crate::{Change, FieldKey, FieldKind, FieldValue, Record};

const AGENT: &str = r#"{"ID":5,"Login":"a.b","x":1.50,"ClientApp":{"y":[ ],"AutoAnswer":{"z":1e400}}}"#;

fn read(record: &Record) -> crate::Agent {
    let raw = serde_json::value::to_raw_value(record).unwrap();
    convert::read(&raw, "result[0]").unwrap().agent
}

fn open(status: u16, body: Vec<u8>) {
    if let Ok(items) = wire::open(&Answer { status, body, wait: None }) {
        for item in items {
            if let Ok(read) = convert::read(&item, "result[0]") {
                card::describe(&read.agent);
            }
        }
    }
}

/// A value that fits the field number `at`.
fn change() -> impl Strategy<Value = (FieldKey, FieldValue)> {
    (0..fields::SPECS.len()).prop_flat_map(|at| {
        let spec = fields::SPECS[at];
        let value: BoxedStrategy<FieldValue> = match spec.kind {
            FieldKind::Text { max: 2000 } => "(https://[a-z]{1,9}/[^\\p{C}]{0,20})?".prop_map(FieldValue::Text).boxed(),
            FieldKind::Text { .. } => "[^\\p{C}]{1,60}".prop_map(FieldValue::Text).boxed(),
            FieldKind::Number { min, max } => (min..=max).prop_map(FieldValue::Number).boxed(),
            FieldKind::Flag => any::<bool>().prop_map(FieldValue::Flag).boxed(),
            FieldKind::List => prop::collection::vec("[0-9]{1,8}", 0..5).prop_map(FieldValue::List).boxed(),
        };
        value.prop_map(move |value| (FieldKey(spec.key.to_owned()), value))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_answer_makes_the_client_panic(status in 100..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        open(status, body);
    }

    #[test]
    fn no_envelope_makes_the_client_panic(status in 100..600_u16, code in "[-0-9\"a-z.{}\\[\\]]{0,6}", rest in ".{0,40}") {
        open(status, format!(r#"{{"error":{{"code":{code},"detail":{code}}},"result":[{{"ID":1,"Login":"a","{rest}":{code}}}]}}"#).into_bytes());
    }

    #[test]
    fn what_is_written_reads_back_and_the_rest_stays(change in prop::collection::vec(change(), 1..6)) {
        let before = read(&Record::parse(AGENT).unwrap());
        let change: Change = change;
        let body = fields::change_body(&before, &change).unwrap();
        let mut record = before.record.clone();
        for (name, value) in body.iter() {
            record.set(name, value);
        }
        let after = read(&record);
        for (at, (key, value)) in change.iter().enumerate() {
            if change.iter().skip(at + 1).all(|(later, _)| later != key) {
                prop_assert_eq!(fields::value(&after, key), Some(value.clone()));
            }
        }
        let text = serde_json::to_string(&record).unwrap();
        for kept in ["\"x\":1.50", "\"y\":[ ]", "\"z\":1e400"] {
            prop_assert!(text.contains(kept), "{}", text);
        }
    }
}

#[test]
fn deep_nesting_and_broken_text_are_errors() {
    for deep in [
        "[".repeat(1_000_000),
        format!(r#"{{"error":{{"code":200}},"result":[{{"ID":1,"Login":"a","d":{}"#, "[".repeat(1_000_000)),
    ] {
        open(200, deep.into_bytes());
    }
    let balanced = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    open(200, format!(r#"{{"error":{{"code":200}},"result":[{{"ID":1,"Login":"a","d":{balanced}}}]}}"#).into_bytes());
    let Err(fault) = wire::open(&Answer { status: 200, body: b"{\"error\":\xff}".to_vec(), wait: None }) else {
        panic!()
    };
    assert_eq!(fault.kind, crate::ErrorKind::Unreadable("it is not UTF-8 (byte 9)".into()));
}
