//! What holds for any answer and any text.

use proptest::prelude::*;

use crate::http::Answer;
use crate::systems::erix::agents::{is_extension, is_word};
use crate::systems::erix::texts::{Asked, TEXTS, What, known};
use crate::systems::erix::wire::judge;
use crate::{Effect, ErrorKind, Refusal};

fn asked(what: What) -> Asked {
    Asked { agent: "maria".into(), what }
}

fn open(status: u16, body: Vec<u8>) -> Result<(), (ErrorKind, Effect)> {
    let answer = Answer { status, body, wait: None };
    judge(&answer, &asked(What::Pause { reason: None }))
        .map(|_| ())
        .map_err(|failed| (failed.fault.kind, failed.fault.effect))
}

/// One of the names, flags and texts that answers are made of, or anything else.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(TEXTS.iter().map(|(text, _)| format!("{text:?}")).collect::<Vec<_>>()),
        prop::sample::select(
            ["\"success\"", "\"error\"", "\"message\"", "true", "false", "null", "{}", "[]", "1", "0"]
                .map(str::to_owned)
                .to_vec()
        ),
        ".{0,8}".prop_map(|text| format!("{text:?}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_the_client_panic(status in 200..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = open(status, body);
    }

    /// Whatever is put together from the page's own words: a failure's sentence is bounded and on one line, only a 2xx
    /// succeeds, and never with a documented error in it.
    #[test]
    fn no_mixture_is_taken_for_more_than_it_says(
        status in prop::sample::select(vec![200_u16, 201, 400, 403, 500]),
        members in prop::collection::vec((word(), word()), 0..4),
        inner in prop::collection::vec((word(), word()), 0..3),
    ) {
        let object = |members: &[(String, String)]| {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", members.join(","))
        };
        let mut members = members;
        members.push(("\"result\"".to_owned(), object(&inner)));
        let body = object(&members);
        match open(status, body.clone().into_bytes()) {
            Ok(()) => {
                prop_assert!(status < 300, "{} {}", status, body);
                let errors = TEXTS.iter().skip(4).filter(|(text, _)| !text.contains("paused"));
                for (text, _) in errors {
                    prop_assert!(!body.contains(&format!(":{text:?}")), "{}", body);
                }
            }
            Err((kind, effect)) => {
                let sentence = match &kind {
                    ErrorKind::Refused(Refusal::Other(sentence)) => sentence.clone(),
                    ErrorKind::Unreadable(what) => what.clone(),
                    other => format!("{other:?}"),
                };
                prop_assert!(sentence.chars().count() < 400 && !sentence.contains(char::is_control), "{}", sentence);
                prop_assert!(effect == Effect::Unknown || status < 500, "{} {}", status, body);
            }
        }
    }

    #[test]
    fn documented_texts_are_known_however_they_are_spaced(
        (text, said) in prop::sample::select(TEXTS.to_vec()),
        gap in "[ \t\r\n]{1,4}",
        shout in any::<bool>(),
    ) {
        let spaced = text.split(' ').collect::<Vec<_>>().join(&gap);
        let spaced = if shout { spaced.to_uppercase() } else { spaced };
        prop_assert_eq!(known(&spaced), Some(said));
        prop_assert_eq!(known(&spaced.replace("alredy", "already").replace("ALREDY", "ALREADY")), Some(said));
        prop_assert_eq!(known(&format!("{spaced} now")), None);
    }

    #[test]
    fn what_is_sent_is_sound(text in "\\PC{0,80}|[0-9]{0,80}") {
        if is_word(&text) {
            prop_assert!(!text.is_empty() && text.trim() == text && !text.contains('\n'));
        }
        if is_extension(&text) {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit()) && is_word(&text));
        }
    }
}
