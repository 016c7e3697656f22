//! Every documented outcome as the sentence that people read, every class by its numbers alone, and every status.

use serde_json::json;

use super::{DANA, connect, heard, login, set, twin};
use crate::systems::voicenter::outcome::MESSAGES;
use crate::systems::voicenter::twin::{Options, User};
use crate::{Effect, PresenceAnswer};

fn answer(status: i64, error: i64, message: &str) -> String {
    json!({ "Status": status, "StatusError": error, "StatusErroMessage": message }).to_string()
}

#[tokio::test]
async fn messages_become_sentences() {
    let mut lines = Vec::new();
    for (status, error, message) in [
        (1, 1, "OK"),
        (2, 6, "Authorization Failed"),
        (2, 0, "Authorization Failed"),
        (3, 3, "No extension found"),
        (4, 1, "Status not support"),
        (4, 1, "Extension is already in use"),
        (4, 4, "Error on update"),
        (0, 6, "Phone error."),
        // The message counts even where the numbers say success.
        (1, 1, "Extension is already in use"),
        (1, 1, "authorization  FAILED."),
        (1, 1, "הצלחה"),
    ] {
        lines.push(format!("{status}/{error}/{message}: {}", heard(200, answer(status, error, message)).await));
    }
    for (message, _) in MESSAGES {
        assert!(lines.iter().any(|line| line.contains(message)), "{message}");
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn numbers_alone_tell_the_class() {
    let mut lines = Vec::new();
    for status in [0, 1, 2, 3, 4, 5] {
        for error in [0, 1, 3, 4, 6, 9] {
            lines.push(format!("{status}/{error}: {}", heard(200, answer(status, error, "")).await));
        }
    }
    lines.push(format!("4/1/OK: {}", heard(200, answer(4, 1, "OK")).await));
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn statuses_of_http_become_sentences() {
    let mut lines = Vec::new();
    let taken = answer(4, 1, "Extension is already in use");
    let (ok, html) = (answer(1, 1, "OK"), "<html>who are you</html>");
    for (status, body) in [
        (200, html),
        (200, ""),
        (201, ok.as_str()),
        (400, html),
        (400, taken.as_str()),
        (400, ok.as_str()),
        (401, html),
        (403, html),
        (403, taken.as_str()),
        (404, html),
        (408, ""),
        (429, ""),
        (500, html),
        (500, taken.as_str()),
        (500, ok.as_str()),
        (302, ""),
    ] {
        lines.push(format!("{status} {body}: {}", heard(status, body).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_taken_extension_stays_with_whoever_sits_there() {
    let (twin, client) = twin(Options::default()).await;
    set(&client, "7", &login()).await.unwrap();
    let error = set(&client, DANA, &login()).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: somebody else is logged in at the extension sipsip ("Extension is already in use", Status 4, StatusError 1); ask Noa Cohen to log out first, then try again. Nobody was logged out"#);
    assert_eq!(error.effect, Effect::None);
    assert_eq!(twin.user("7"), Some(User { status: 1, extension: Some("sipsip".into()) }));
    assert_eq!((twin.mutations().len(), twin.seen().len()), (1, 2));
    // Who else could sit there is not known where nobody shares the extension in the settings.
    twin.put_extension("nowhere");
    twin.put_status("7", User { status: 1, extension: Some("nowhere".into()) });
    let error = set(&client, "8", &login()).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: somebody else is logged in at the extension nowhere ("Extension is already in use", Status 4, StatusError 1); ask whoever sits there to log out first, or the keeper of your Voicenter account who that is, then try again. Nobody was logged out"#);
}

#[tokio::test]
async fn settings_and_account_that_do_not_agree() {
    let (twin, _) = twin(Options::default()).await;
    let client = connect(&super::serve(twin.router()).await, &json!({ "statuses": { "4": "Coffee", "3": "Lunch" } }));
    let error = set(&client, DANA, &super::pause("coffee")).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: the account does not have the status Coffee (4), or the extension sipsip is not valid ("Status not support", Status 4, StatusError 1); have statuses of this connection compared with the account, and extension_user of this agent checked"#);
    twin.put_statuses(&[1, 2, 3, 4]);
    assert_eq!(set(&client, DANA, &super::pause("coffee")).await.unwrap(), PresenceAnswer::Done);
    let error = set(&client, "8", &login()).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: it has no extension nowhere ("No extension found", Status 3, StatusError 3); have extension_user of this agent checked"#);
    twin.take_user(DANA);
    let error = set(&client, DANA, &login()).await.unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"desk refused: it does not know the organisation's code or the agent's user id, and does not tell which ("Authorization Failed", Status 2, StatusError 0); have code and user_id of this connection checked"#);
    twin.put_user(DANA);
    twin.answers_next(4, 4, "Error on update");
    let error = set(&client, DANA, &login()).await.unwrap_err();
    assert_eq!(error.effect, Effect::Unknown, "{error}");
}
