//! Odd but allowed forms of an answer, and bytes that mean no good.

use super::{DANA, heard, login, pause, set, twin};
use crate::systems::voicenter::twin::{ErrorNumber, Numbers, Opening, Options, Shape, Spelling};
use crate::{AgentId, PresenceAnswer, PresenceChange};

#[tokio::test]
async fn every_form_says_the_same() {
    for shape in [Shape::Flat, Shape::Nested, Shape::List] {
        for numbers in [Numbers::Plain, Numbers::Texts] {
            for spelling in [Spelling::AsDocumented, Spelling::Mended] {
                let (opening, error_number) = match spelling {
                    Spelling::AsDocumented => (Opening::ByteOrderMark, ErrorNumber::Omitted),
                    Spelling::Mended => (Opening::None, ErrorNumber::AsDocumented),
                };
                let options = Options { shape, numbers, opening, spelling, error_number };
                let (twin, client) = twin(options).await;
                for change in [login(), pause("Lunch"), PresenceChange::Unpause, PresenceChange::LogOut, login()] {
                    assert_eq!(set(&client, DANA, &change).await.unwrap(), PresenceAnswer::Done, "{options:?}");
                }
                let error = set(&client, "7", &login()).await.unwrap_err();
                assert!(error.to_string().contains("ask Dana Levi to log out first"), "{options:?}: {error}");
                twin.set_options(Options::default());
                assert!(set(&client, "8", &login()).await.unwrap_err().to_string().contains("no extension nowhere"));
            }
        }
    }
}

#[tokio::test]
async fn forms_that_only_somebody_else_would_write() {
    let mut lines = Vec::new();
    for body in [
        r#"{"Status":1}"#,
        r#"{"Status":"1","StatusErroMessage":"OK"}"#,
        r#"{"status":1,"statuserror":1,"statuserromessage":"OK"}"#,
        r#"{"Status":1.0,"StatusError":null}"#,
        r#"{"Status":200,"Data":{"Status":1,"StatusError":1}}"#,
        r#"{"Status":"ok","Data":{"Status":4,"StatusErroMessage":"Status not support"}}"#,
        r#"{"Status":1,"StatusError":1,"StatusErrorMessage":"No extension found"}"#,
        r#"{"Status":1,"StatusError":1,"StatusErroMessage":"OK","StatusErrorMessage":"No extension found"}"#,
        r#"{"Status":1,"StatusError":6,"StatusErroMessage":"OK"}"#,
        r#"{"Status":1,"StatusError":"none","StatusErroMessage":"OK"}"#,
        r#"{"Status":"one","StatusError":1,"StatusErroMessage":"OK"}"#,
        r#"{"Status":true,"StatusError":1}"#,
        r#"{"Status":99999999999999999999,"StatusError":1,"StatusErroMessage":"OK"}"#,
        r#"{"Status":7,"StatusError":1,"StatusErroMessage":"Out of \"luck\"\r\n\u202e@everyone"}"#,
        r#"{"StatusError":1,"StatusErroMessage":"OK"}"#,
        r#"{"Status":null}"#,
        r#"{"Status":1,"Status":1}"#,
        r#""OK""#,
        "OK",
        "{}",
        "[]",
        "null",
        "1",
    ] {
        lines.push(format!("{body}: {}", heard(200, body).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn hostile_bytes_are_an_answer_that_cannot_be_read() {
    let ten_megabytes = 10 * 1024 * 1024;
    for body in [
        vec![b'a'; ten_megabytes],
        [br#"{"Status":1,"StatusError":1,"StatusErroMessage":""#.as_slice(), &vec![b'a'; ten_megabytes], br#""}"#]
            .concat(),
        "[".repeat(60_000).into_bytes(),
        "{\"Status\":".repeat(6_000).into_bytes(),
        format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into_bytes(),
        b"\xff\xfe\x00\x01".to_vec(),
        vec![b' '; 17 * 1024 * 1024],
    ] {
        let answer = heard(200, body).await;
        assert!(
            answer.starts_with("desk sent an answer that cannot be read: ") && answer.ends_with("(Unknown)"),
            "{answer}"
        );
        assert!(answer.len() < 400 && !answer.contains(char::is_control), "{answer:?}");
    }
    let long = format!(r#"{{"Status":9,"StatusErroMessage":"{}"}}"#, "ש".repeat(20_000));
    let answer = heard(200, long).await;
    assert!(answer.chars().count() < 400 && answer.contains("שש…\""), "{answer}");
}

/// Longer than anything that is read: whose answer it is cannot be told, so nobody is sent to look at the address.
#[tokio::test]
async fn an_answer_that_is_too_long_is_told_as_that() {
    for message in ["a".repeat(70_000), "\\u05d0".repeat(11_000)] {
        let long = format!(r#"{{"Status":1,"StatusError":1,"StatusErroMessage":"{message}"}}"#);
        assert_eq!(
            heard(200, long.clone()).await,
            "desk sent an answer that cannot be read: it is longer than 64 KiB, which is too long to be read; whether it \
             was done is not known (Unknown)"
        );
        // The status alone tells that nothing was done.
        assert!(heard(403, long).await.contains("turns the bot away"));
    }
}

#[tokio::test]
async fn what_would_not_be_sent_is_known_without_asking() {
    let (twin, client) = twin(Options::default()).await;
    let at = |extension: Option<&str>, queue: Option<&str>| PresenceChange::LogIn {
        extension: extension.map(str::to_owned),
        queue: queue.map(str::to_owned),
    };
    let mut told = Vec::new();
    for change in [
        pause("Siesta\u{202e}\"\n"),
        pause(" "),
        PresenceChange::Pause { reason: None },
        at(Some("2001"), None),
        at(None, Some("suporte")),
    ] {
        let unfit = client.presence.as_ref().unwrap().check(&AgentId::new(DANA), &change).unwrap_err();
        let error = set(&client, DANA, &change).await.unwrap_err();
        assert_eq!(error.to_string(), format!("desk refused: {unfit}"));
        told.push(unfit.to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    there is no break "Siesta '", but there are: Lunch, Administrative, Private, Other, Training, Team meeting, Brief
    a pause names its reason, one of: Lunch, Administrative, Private, Other, Training, Team meeting, Brief
    a pause names its reason, one of: Lunch, Administrative, Private, Other, Training, Team meeting, Brief
    an agent logs in at its own extension, here sipsip; leave extension out
    a login is for every queue of the agent; leave queue out
    "#);
    assert!(client.presence.as_ref().unwrap().check(&AgentId::new("999"), &login()).is_err(), "in no settings");
    assert!(twin.seen().is_empty());
    for change in [pause("lunch"), pause("3"), at(Some("SIPSIP"), Some("")), PresenceChange::Unpause] {
        assert_eq!(client.presence.as_ref().unwrap().check(&AgentId::new(DANA), &change), Ok(()), "{change:?}");
    }
}
