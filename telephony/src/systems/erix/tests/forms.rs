//! Odd but allowed forms of an answer, and bytes that mean no good.

use super::{Options, heard, login, pause, set, twin};
use crate::systems::erix::twin::{Keys, Numbers, Opening, Presence, Shape, Spelling, Statuses};
use crate::{PresenceAnswer, PresenceChange};

/// A shift with a wrong step or two comes out the same, whatever the twin's answers look like.
#[tokio::test]
async fn every_form_says_the_same() {
    for shape in [
        Shape::Flat,
        Shape::Nested,
        Shape::List,
        Shape::SuccessFlag,
        Shape::ErrorFlag,
        Shape::MessageOnly,
        Shape::BareText,
    ] {
        for keys in [Keys::Lower, Keys::Upper] {
            for numbers in [Numbers::Plain, Numbers::Texts] {
                let (spelling, statuses, opening) = match numbers {
                    Numbers::Plain => (Spelling::AsDocumented, Statuses::AsDocumented, Opening::None),
                    Numbers::Texts => (Spelling::Mended, Statuses::Always200, Opening::ByteOrderMark),
                };
                let options = Options { shape, keys, numbers, opening, spelling, statuses };
                let (twin, client) = twin(options).await;
                let mut answers = Vec::new();
                for change in [
                    PresenceChange::LogOut,
                    login("2001", "nowhere"),
                    login("2001", "suporte"),
                    pause("x"),
                    pause("y"),
                    PresenceChange::Unpause,
                    PresenceChange::Unpause,
                    PresenceChange::LogOut,
                ] {
                    answers.push(set(&client, "maria", &change).await.map_err(|error| error.to_string()));
                }
                let no = |sentence: &str| Err(format!("desk refused: {sentence}"));
                let expected = [
                    no("maria is not logged in there, so there is nothing to log out of"),
                    no("it has no queue \"nowhere\"; check how its name is spelled in Erix, or name another"),
                    Ok(PresenceAnswer::Done),
                    Ok(PresenceAnswer::Done),
                    Ok(PresenceAnswer::Already),
                    Ok(PresenceAnswer::Done),
                    Ok(PresenceAnswer::Already),
                    Ok(PresenceAnswer::Done),
                ];
                assert_eq!(answers, expected, "{options:?}");
                assert_eq!(twin.presence("maria"), Some(Presence::LoggedOut));
                // In another form from now on: nothing is remembered about the last one.
                twin.set_options(Options::default());
                assert_eq!(set(&client, "maria", &login("2001", "suporte")).await.unwrap(), PresenceAnswer::Done);
            }
        }
    }
}

#[tokio::test]
async fn forms_that_only_somebody_else_would_write() {
    let mut lines = Vec::new();
    for body in [
        r#"{"Success":" pause  ok "}"#,
        r#"{"success":"Pausa efetuada"}"#,
        r#"{"success":true}"#,
        r#"{"success":"1","message":"Pause OK"}"#,
        r#"{"success":1,"error":""}"#,
        r#"{"success":"Pause OK","error":null}"#,
        r#"{"error":false,"success":"Pause OK"}"#,
        r#"{"status":200,"data":{"success":"Pause OK"}}"#,
        r#"{"status":"success","message":"Pause OK"}"#,
        r#""Pause OK""#,
        "success: Pause OK",
        "error: Agent not logged",
        "error",
        r#"{"error":"agent  ALREADY paused."}"#,
        r#"{"error":"Agent alredy paused","result":{"error":"Agent not exists"}}"#,
        r#"{"error":["Agent not logged"]}"#,
        r#"{"error":{"message":"Agent not logged"}}"#,
        r#"{"success":false,"message":"Agent not logged"}"#,
        r#"{"status":"error","message":"Agent not logged"}"#,
        r#"{"error":true}"#,
        r#"{"error":17}"#,
        r#"{"success":17}"#,
        r#"{"success":{"message":"Pause OK"}}"#,
        r#"{"success":{"message":"Pausa"}}"#,
        r#"{"success":false,"error":"Base de dados indisponível"}"#,
        // Both at once is a failure, and nobody knows what was done.
        r#"{"success":"Pause OK","error":"Agent not logged"}"#,
        r#"{"success":"Agent not logged"}"#,
        r#"{"success":true,"error":true}"#,
        r#"{"success":"Logoff OK"}"#,
        // Nothing that is recognised.
        "",
        "null",
        "[]",
        "{}",
        "42",
        "{\"success\":",
        r#"{"success":""}"#,
        r#"{"ok":"yes"}"#,
        r#"{"success":"Pause OK","success":"Pause OK"}"#,
        r#"[{"success":"Pause OK"},{"success":"Pause OK"}]"#,
        "<html><body>Entrar no CRM</body></html>",
    ] {
        lines.push(format!("{body}: {}", heard(200, body, &pause("x")).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn hostile_bytes_are_an_answer_that_cannot_be_read() {
    let unreadable = |answer: &str| answer.starts_with("desk sent an answer that cannot be read: ");
    let ten_megabytes = 10 * 1024 * 1024;
    for body in [
        vec![b'a'; ten_megabytes],
        [br#"{"success":""#.as_slice(), &vec![b'a'; ten_megabytes], br#""}"#].concat(),
        "[".repeat(60_000).into_bytes(),
        "{\"a\":".repeat(10_000).into_bytes(),
        format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into_bytes(),
        b"\xff\xfe\x00\x01".to_vec(),
        vec![0; 1000],
    ] {
        let answer = heard(200, body, &pause("x")).await;
        assert!(unreadable(&answer) && answer.ends_with("(Unknown)") && answer.len() < 400, "{answer}");
        assert!(!answer.contains(char::is_control), "{answer:?}");
    }
    // Text in another encoding beside the words that count does no harm.
    assert_eq!(
        heard(200, b"{\"success\":\"Pause OK\",\"msg\":\"Pausa de almo\xe7o\"}".to_vec(), &pause("x")).await,
        "Done"
    );
    let too_long = heard(200, vec![b' '; 17 * 1024 * 1024], &pause("x")).await;
    assert!(unreadable(&too_long), "{too_long}");
}
