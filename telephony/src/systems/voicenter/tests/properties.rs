//! What holds for any answer.

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::json;

use crate::http::Answer;
use crate::systems::voicenter::outcome::{Asked, MESSAGES};
use crate::systems::voicenter::wire::judge;
use crate::{Effect, ErrorKind, Refusal};

const CODE: &str = "c0de";

fn open(status: u16, body: Vec<u8>) -> Result<(), (ErrorKind, Effect)> {
    let asked = Asked { extension: "sipsip".into(), status: "Lunch (3)".into(), others: Vec::new() };
    let code = SecretString::from(CODE.to_owned());
    judge(&Answer { status, body, wait: None }, &asked, &code).map(|_| ()).map_err(|fault| (fault.kind, fault.effect))
}

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(MESSAGES.iter().map(|(text, _)| (*text).to_owned()).collect::<Vec<_>>()),
        Just("OK".to_owned()),
        ".{0,300}",
        ".{0,9}c0de.{0,9}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_the_client_panic(status in 200..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = open(status, body);
    }

    /// Success is 2xx, `Status` 1, `StatusError` 1 and no documented message of a failure; a failure's sentence is one
    /// bounded line without the code.
    #[test]
    fn success_is_a_whole(
        http in prop::sample::select(vec![200_u16, 204, 400, 403, 500]),
        status in -1..9_i64,
        error in -1..9_i64,
        message in message(),
        texts in any::<bool>(),
    ) {
        let number = |number: i64| if texts { json!(number.to_string()) } else { json!(number) };
        let body = json!({ "Status": number(status), "StatusError": number(error), "StatusErroMessage": message });
        let failing = MESSAGES.iter().any(|(text, _)| *text == message);
        let whole = http < 300 && status == 1 && error == 1 && !failing;
        match open(http, body.to_string().into_bytes()) {
            Ok(()) => prop_assert!(whole, "{} {}", http, body),
            Err((kind, effect)) => {
                prop_assert!(!whole, "{} {}", http, body);
                prop_assert!(effect == Effect::Unknown || http < 500, "{} {}", http, body);
                let sentence = match &kind {
                    ErrorKind::Refused(Refusal::Other(sentence)) => sentence.clone(),
                    other => format!("{other:?}"),
                };
                prop_assert!(sentence.chars().count() < 500 && !sentence.contains(char::is_control), "{}", sentence);
                prop_assert!(!sentence.contains(CODE), "{}", sentence);
            }
        }
    }
}
