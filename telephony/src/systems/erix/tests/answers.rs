//! Every documented error as the sentence that people read, and every status.

use super::{Options, available, heard, login, pause, paused, set, twin};
use crate::systems::erix::texts::TEXTS;
use crate::systems::erix::twin::{Presence, Spelling, Statuses};
use crate::{Effect, ErrorKind, PresenceAnswer, PresenceChange};

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
    insta::assert_snapshot!(sentence().await, @"desk refused: maria is not logged in there, so there is nothing to log out of. The last 3 commands all failed: if every one does, have the CRM module switched off in Erix, since its agent API works only without it");
    // One success, and it was not the CRM module.
    twin.put_presence("maria", paused());
    assert_eq!(set(&client, "maria", &pause("x")).await.unwrap(), PresenceAnswer::Already);
    twin.put_agent("maria");
    assert_eq!(sentence().await, plain);
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
