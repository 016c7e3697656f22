//! Every documented error as the sentence that people read, and every status.

use serde_json::json;

use super::{Canned, Options, available, connect, heard, login, pause, paused, set, twin};
use crate::systems::erix::texts::TEXTS;
use crate::systems::erix::twin::{Presence, Spelling, Statuses};
use crate::{AgentId, Effect, ErrorKind, PresenceAnswer, PresenceChange, Refusal};

fn changes() -> [(&'static str, PresenceChange); 4] {
    [
        ("login", login("2001", "suporte")),
        ("logoff", PresenceChange::LogOut),
        ("pause", pause("Almoço")),
        ("unpause", PresenceChange::Unpause),
    ]
}

#[tokio::test]
async fn texts_become_sentences() {
    let mut lines = Vec::new();
    for (text, _) in TEXTS {
        lines.push(text.to_owned());
        for (command, change) in changes() {
            let key = if text.ends_with("OK") { "success" } else { "error" };
            let answer = heard(200, format!(r#"{{"{key}":"{text}"}}"#), &change).await;
            lines.push(format!("  {command}: {answer}"));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn statuses_become_sentences() {
    let mut lines = Vec::new();
    for (status, body) in [
        (400, r#"{"error":"Agent not specified"}"#),
        (400, r#"{"error":"Argument list invalid"}"#),
        (400, ""),
        (400, r#"{"success":"Logoff OK"}"#),
        (401, "<html>Authorization Required</html>"),
        (403, "<html>Forbidden</html>"),
        (404, "<html>Not Found</html>"),
        (405, ""),
        (408, ""),
        (429, ""),
        (500, ""),
        (500, r#"{"error":"Agent not logged"}"#),
        (502, r#"{"success":"Logoff OK"}"#),
        (301, ""),
        (201, r#"{"success":"Logoff OK"}"#),
    ] {
        lines.push(format!("{status} {body}: {}", heard(status, body, &PresenceChange::LogOut).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// The same through the twin: each wrong order brings the documented error, however it is spelled.
#[tokio::test]
async fn a_wrong_order_is_told_from_a_repetition() {
    for spelling in [Spelling::AsDocumented, Spelling::Mended] {
        let (twin, client) = twin(Options { spelling, ..Options::default() }).await;
        let log_out = PresenceChange::LogOut;
        for (before, change, answer) in [
            (Presence::LoggedOut, &log_out, None),
            (Presence::LoggedOut, &pause("x"), None),
            (Presence::LoggedOut, &PresenceChange::Unpause, None),
            (paused(), &pause("x"), Some(PresenceAnswer::Already)),
            (available(), &PresenceChange::Unpause, Some(PresenceAnswer::Already)),
            (available(), &login("2090", "suporte"), None),
            (available(), &login("2001", "geral"), None),
        ] {
            twin.put_presence("maria", before.clone());
            let got = set(&client, "maria", change).await;
            assert!(got.as_ref().err().is_none_or(|error| error.effect == Effect::None), "{got:?}");
            assert_eq!(got.ok(), answer, "{before:?} {change:?}");
            assert_eq!(twin.presence("maria"), Some(before), "{change:?}");
        }
        assert!(twin.mutations().is_empty());
    }
}

#[tokio::test]
async fn after_several_failures_the_crm_module_is_named() {
    let (twin, client) = twin(Options { statuses: Statuses::Always200, ..Options::default() }).await;
    let sentence = async || set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err().to_string();
    let plain = "desk refused: maria is not logged in there, so there is nothing to log out of";
    assert_eq!([sentence().await, sentence().await], [plain, plain]);
    insta::assert_snapshot!(sentence().await, @"desk refused: maria is not logged in there, so there is nothing to log out of. That makes 3 such failures without a success in between: if no command works, have the CRM module switched off in Erix, since its agent API works only without it");
    // One success, and it was not the CRM module.
    twin.put_presence("maria", paused());
    assert_eq!(set(&client, "maria", &pause("x")).await.unwrap(), PresenceAnswer::Already);
    twin.put_agent("maria");
    assert_eq!(sentence().await, plain);
}

/// "CRM" after so many of them in a row, each answered with this body.
async fn names_the_crm_module(status: u16, body: &str, change: &PresenceChange, times: usize) -> bool {
    let canned = Canned::saying(status, body).await;
    let client = connect(&canned.origin, &json!({}));
    let mut last = String::new();
    for _ in 0..times {
        last = set(&client, "maria", change).await.unwrap_err().to_string();
    }
    last.contains("CRM module")
}

#[tokio::test]
async fn a_failure_that_explains_itself_is_not_blamed_on_the_crm_module() {
    let login = login("2001", "suporte");
    for text in [
        "Argument list invalid",
        "Agent not specified",
        "Agent not exists",
        "Command not specified",
        "Queue not exists",
        "Exten not exists",
        "Queue Call Center false",
        "Exten Call Center false",
    ] {
        let body = json!({ "error": text }).to_string();
        assert!(!names_the_crm_module(200, &body, &login, 5).await, "{text}");
    }
    for (status, body) in [(400, ""), (401, ""), (403, "<html>no</html>"), (404, ""), (500, ""), (429, "")] {
        assert!(!names_the_crm_module(status, body, &login, 5).await, "{status}");
    }
    for body in [
        r#"{"error":"Agent not logged"}"#,
        r#"{"error":"Ramal ocupado"}"#,
        r#"{"error":true}"#,
        r#"{"success":"Logoff OK"}"#,
        "<html>CRM</html>",
        "",
    ] {
        assert!(!names_the_crm_module(200, body, &login, 2).await, "{body}");
        assert!(names_the_crm_module(200, body, &login, 3).await, "{body}");
    }
}

#[tokio::test]
async fn those_that_explain_themselves_neither_count_nor_begin_anew() {
    let (twin, client) = twin(Options::default()).await;
    let says = async |text: &str| {
        twin.refuses_next(text);
        set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err().to_string()
    };
    for text in ["Agent not logged", "Agent not exists", "Agent not logged", "Agent not exists"] {
        assert!(!says(text).await.contains("CRM"), "{text}");
    }
    assert!(says("Agent not logged").await.contains("That makes 3 such failures"));
}

#[tokio::test]
async fn that_there_is_no_such_agent_is_told_apart() {
    for body in [r#"{"error":"Agent not exists"}"#, r#"{"error":"agent  NOT exists."}"#, "Agent not exists"] {
        for (command, change) in changes() {
            for status in [200, 400] {
                let canned = Canned::saying(status, body).await;
                let client = connect(&canned.origin, &json!({}));
                let error = set(&client, "maria", &change).await.unwrap_err();
                assert!(matches!(error.kind, ErrorKind::Refused(Refusal::NoSuchAgent(_))), "{command}: {error:?}");
                assert_eq!(error.effect, Effect::None);
            }
        }
    }
}

/// Whatever the client would refuse by itself it tells before, in the same words, and asks nobody.
#[tokio::test]
async fn what_would_not_be_sent_is_known_without_asking() {
    let (twin, client) = twin(Options::default()).await;
    let at = |extension: &str, queue: &str| login(extension, queue);
    let long = "ç".repeat(65);
    let mut told = Vec::new();
    for (who, change) in [
        ("maria", pause(&long)),
        ("maria", pause("a\u{0}b")),
        ("maria", pause("two\nlines")),
        ("maria", at("20a1", "suporte")),
        ("maria", at("٢٠٠١", "suporte")),
        ("maria", at(&"1".repeat(65), "suporte")),
        ("maria", at("2001", &long)),
        ("carlos", at("", "suporte")),
        ("carlos", at("2001", " ")),
    ] {
        let presence = client.presence.as_ref().unwrap();
        let unfit = presence.check(&AgentId::new(who), &change).unwrap_err();
        let error = set(&client, who, &change).await.unwrap_err();
        assert_eq!(error.to_string(), format!("desk refused: {unfit}"));
        assert_eq!(error.effect, Effect::None);
        told.push(unfit.to_string());
    }
    told.dedup();
    insta::assert_snapshot!(told.join("\n"), @r"
    a pause's reason is one line of at most 64 characters, without control characters
    an extension is written in digits only, at most 64 of them, such as 2001
    a queue's name is one line of at most 64 characters, without control characters
    a login names an extension: the number of a call-centre extension
    a login names a queue: one call-centre queue, by its name
    ");
    for nobody in ["", " maria", "a\tb", &"x".repeat(65)] {
        let presence = client.presence.as_ref().unwrap();
        assert!(presence.check(&AgentId::new(nobody), &PresenceChange::LogOut).is_err(), "{nobody:?}");
    }
    assert!(twin.seen().is_empty());
    for change in [pause(&"ç".repeat(64)), at("2001", "suporte"), at("", ""), PresenceChange::Unpause] {
        assert_eq!(client.presence.as_ref().unwrap().check(&AgentId::new("maria"), &change), Ok(()), "{change:?}");
    }
}

#[tokio::test]
async fn a_text_of_nobodys_is_shown() {
    let (twin, client) = twin(Options::default()).await;
    twin.refuses_next("Ramal  ocupado\r\n`@everyone` \u{202e}\"x\" <b>");
    let error = set(&client, "maria", &login("2001", "suporte")).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: it answered "Ramal ocupado `@everyone` 'x' <b>", which its documents do not name; look at the agent in Erix"#);
    assert_eq!(error.effect, Effect::None);
    twin.refuses_next(&"á".repeat(30_000));
    let error = set(&client, "maria", &login("2001", "suporte")).await.unwrap_err();
    assert!(error.to_string().chars().count() < 300 && error.to_string().contains("áá…\""), "{error}");
    assert!(matches!(error.kind, ErrorKind::Refused(_)) && twin.mutations().is_empty());
}
