//! A server or a network that misbehaves while it is asked about extensions, and answers that nobody can make sense of.

use std::time::Duration;

use proptest::prelude::*;

use super::{Canned, permit, twin};
use crate::http::Answer;
use crate::systems::mediatel::extension::{self, FIELDS};
use crate::systems::mediatel::twin::{Fault, Moment, Options, Times, Trouble};
use crate::systems::mediatel::wire::{self, Subject};
use crate::{Effect, ErrorKind, Extension, ExtensionBatch, ExtensionId, FieldKey, FieldKind, FieldValue, Record};

const SIP: &str = r#"{"E_ID":13,"E_Extension":"SIP","E_Type":5}"#;

fn fault(method: &'static str, moment: Moment, trouble: Trouble) -> Fault {
    Fault { method: Some(method), path: "/v1/extensions", moment, times: Times::Always, trouble }
}

fn status(status: u16) -> Trouble {
    Trouble::Status { status, body: None, retry_after: None }
}

#[tokio::test]
async fn a_write_is_sent_once_and_says_what_is_unsure() {
    let cases = [
        (Moment::Before, status(500), 0),
        (Moment::After, Trouble::Cut, 1),
        (Moment::After, Trouble::Truncated, 1),
        (Moment::After, Trouble::Malformed, 1),
        (Moment::After, Trouble::Slow(Duration::from_secs(3)), 1),
    ];
    for (moment, trouble, done) in cases {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let (twin, client) = twin(Options::default()).await;
            twin.put_extension(SIP).unwrap();
            twin.fault(fault(method, moment, trouble.clone()));
            let writing = client.extensions.unwrap();
            let new = Record::parse(r#"{"E_Extension":"new","E_Type":1}"#).unwrap();
            let error = match method {
                "POST" => writing.create_extension(&permit(), &new).await.unwrap_err(),
                "PUT" => writing.edit_extension(&permit(), ExtensionId(13), &new).await.unwrap_err(),
                "DELETE" => writing.delete_extension(&permit(), ExtensionId(13)).await.unwrap_err(),
                _ => {
                    let batch = ExtensionBatch { added: vec![new], ..ExtensionBatch::default() };
                    writing.batch_extensions(&permit(), &batch).await.unwrap_err()
                }
            };
            assert_eq!(error.effect, Effect::Unknown, "{method} {trouble:?}");
            assert_eq!((twin.seen().len(), twin.mutations().len()), (1, done), "{method} {trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_read_survives_what_passes_and_gives_up_in_time() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_extension(SIP).unwrap();
    twin.fault(Fault { times: Times::Next(2), ..fault("GET", Moment::After, Trouble::Cut) });
    assert_eq!(client.reading.extensions().await.unwrap().extensions.len(), 1);
    twin.fault(fault("GET", Moment::Before, status(503)));
    let error = client.reading.extension(ExtensionId(13)).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (ErrorKind::Broken(503), Effect::None));
    assert_eq!(twin.seen().len(), 6);
}

#[tokio::test]
async fn an_answer_about_something_else_is_not_taken() {
    let answer = |items: &str| format!(r#"{{"error":{{"code":200}},"result":[{items}]}}"#);
    let two = ExtensionBatch {
        deleted: vec![],
        changed: vec![
            (ExtensionId(13), Record::parse(r#"{"E_Type":1}"#).unwrap()),
            (ExtensionId(14), Record::parse(r#"{"E_Type":1}"#).unwrap()),
        ],
        added: vec![],
    };
    let other = r#"{"E_ID":14,"E_Extension":"other"}"#;
    let mut lines = Vec::new();
    for items in ["", other, &format!("{other},{SIP}"), &format!("{SIP},{other},{SIP}"), "null,null"] {
        let client = Canned::saying(200, answer(items)).await.client();
        let writing = client.extensions.clone().unwrap();
        let errors = [
            client.reading.extension(ExtensionId(13)).await.unwrap_err(),
            writing.edit_extension(&permit(), ExtensionId(13), &two.changed[0].1).await.unwrap_err(),
            writing.batch_extensions(&permit(), &two).await.unwrap_err(),
        ];
        assert_eq!(errors.each_ref().map(|e| e.effect), [Effect::None, Effect::Unknown, Effect::Unknown]);
        lines.extend(errors.map(|error| format!("{}: {error}", items.len())));
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    0: mediatel has no such extension (any more)
    0: mediatel sent an answer that cannot be read: result holds 0 extensions where one was expected
    0: mediatel sent an answer that cannot be read: result holds 0 where 2 extensions were changed or added
    33: mediatel sent an answer that cannot be read: it tells of another extension than the one asked for
    33: mediatel sent an answer that cannot be read: it tells of another extension than the one changed
    33: mediatel sent an answer that cannot be read: result holds 1 where 2 extensions were changed or added
    76: mediatel sent an answer that cannot be read: result holds 2 extensions where one was expected
    76: mediatel sent an answer that cannot be read: result holds 2 extensions where one was expected
    76: mediatel sent an answer that cannot be read: it does not tell of the changed extensions in their order
    119: mediatel sent an answer that cannot be read: result holds 3 extensions where one was expected
    119: mediatel sent an answer that cannot be read: result holds 3 extensions where one was expected
    119: mediatel sent an answer that cannot be read: result holds 3 where 2 extensions were changed or added
    9: mediatel sent an answer that cannot be read: result holds 2 extensions where one was expected
    9: mediatel sent an answer that cannot be read: result holds 2 extensions where one was expected
    9: mediatel sent an answer that cannot be read: result[0] is not an object
    "#);
    // What an answer holds where only deletes were asked for is nobody's business.
    let only = ExtensionBatch { deleted: vec![ExtensionId(13)], ..ExtensionBatch::default() };
    let client = Canned::saying(200, answer("7")).await.client();
    assert_eq!(client.extensions.unwrap().batch_extensions(&permit(), &only).await.unwrap(), []);
}

fn open(status: u16, body: Vec<u8>) {
    if let Ok(items) = wire::open_about(&Answer { status, body, wait: None }, Subject::Extension) {
        for item in items {
            if let Ok(extension) = extension::read(&item, "result[0]") {
                assert!(!FIELDS.describe(&extension).is_empty());
                let known = FIELDS.known(&[extension], &FieldKey("codecs".to_owned()));
                assert!(known.iter().all(|known| known.times == 1));
            }
        }
    }
}

/// A value that fits the field number `at`, as a person types it.
fn typed() -> impl Strategy<Value = (FieldKey, String)> {
    (0..FIELDS.all.len()).prop_flat_map(|at| {
        let spec = FIELDS.all[at].spec;
        let text: BoxedStrategy<String> = match spec.kind {
            FieldKind::Text { max } => {
                let least = usize::from(spec.key == "name");
                prop::collection::vec("[^\\p{C}\\p{Z}]", least..=max).prop_map(|chars| chars.concat()).boxed()
            }
            FieldKind::Number { min, max } => (min..=max).prop_map(|number| number.to_string()).boxed(),
            FieldKind::List => prop::collection::vec("[a-z0-9_]{1,8}", 0..5).prop_map(|list| list.join(" , ")).boxed(),
            FieldKind::Flag => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        };
        text.prop_map(move |text| (FieldKey(spec.key.to_owned()), text))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_answer_makes_the_client_panic(status in 100..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        open(status, body);
    }

    #[test]
    fn no_extension_makes_the_client_panic(name in "\\PC{0,12}", value in "[-0-9\"a-z.{}\\[\\],]{0,9}", member in prop::sample::select(vec!["E_Type", "Codecs", "Payload", "x"])) {
        let text = serde_json::to_string(&name).unwrap();
        open(200, format!(r#"{{"error":{{"code":200}},"result":[{{"E_ID":1,"E_Extension":{text},"{member}":{value}}}]}}"#).into_bytes());
    }

    #[test]
    fn what_is_typed_is_sent_and_reads_back(typed in prop::collection::vec(typed(), 1..8)) {
        let members = FIELDS.read(&typed).unwrap();
        let mut extension = Extension { id: ExtensionId(1), name: String::new(), record: Record::default(), withheld: Vec::new() };
        for (name, value) in members.iter() {
            extension.record.set(name, value);
        }
        for (at, (key, text)) in typed.iter().enumerate() {
            if typed.iter().skip(at + 1).all(|(later, _)| later != key) {
                let field = FIELDS.by_key(key).unwrap();
                prop_assert_eq!(FIELDS.value(&extension, key), Some(field.spec.read(text).unwrap()));
                let list = matches!(FIELDS.value(&extension, key), Some(FieldValue::List(_)));
                prop_assert_eq!(list, field.spec.kind == FieldKind::List);
            }
        }
    }
}
