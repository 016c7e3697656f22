//! The code stands in what is sent and nowhere else: no log, no error, no Debug, whatever a server repeats.

use std::time::Duration;

use serde_json::json;

use super::{DANA, Options, Twin, connect, login, pause, set};
use crate::systems::tests::{Canned, Log, SECRET, serve};
use crate::systems::voicenter::twin::{Fault, Moment, Times, Trouble};

/// The code as it could be found: plain, as in an address, as in base64, as decimal bytes.
fn shapes() -> Vec<String> {
    use base64::Engine as _;
    let in_address: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let bytes: Vec<String> = SECRET.bytes().map(|byte| byte.to_string()).collect();
    vec![SECRET.to_owned(), in_address, base64::engine::general_purpose::STANDARD.encode(SECRET), bytes.join(", ")]
}

fn clean(text: &str, whence: &str) {
    for shape in shapes() {
        assert!(!text.contains(&shape), "{whence} holds the code: {text}");
    }
}

#[tokio::test]
async fn the_code_is_nowhere_but_in_the_request() {
    let log = Log::start();
    for method in ["post", "get"] {
        let twin = Twin::new(SECRET, Options::default());
        let origin = serve(twin.router()).await;
        let client = connect(&origin, &json!({ "method": method }));
        clean(&format!("{client:?}"), "the connection");
        set(&client, DANA, &login()).await.unwrap();
        set(&client, DANA, &pause("nothing")).await.unwrap_err();
        for trouble in [
            Trouble::Cut,
            Trouble::Truncated,
            Trouble::Malformed,
            Trouble::Slow(Duration::from_secs(3)),
            Trouble::Redirect(format!("{origin}/?Code={SECRET}")),
            Trouble::Status { status: 500, body: Some(format!("<a href='?Code={SECRET}'>")), retry_after: None },
            Trouble::Status { status: 403, body: Some(SECRET.into()), retry_after: None },
        ] {
            twin.fault(Fault { method: None, path: "", moment: Moment::After, times: Times::Next(1), trouble });
            let error = set(&client, DANA, &login()).await.unwrap_err();
            clean(&format!("{error} {error:?}"), "an error");
        }
        let sent: Vec<String> = twin.seen().into_iter().map(|seen| seen.path + &seen.body).collect();
        assert!(sent.iter().all(|sent| shapes()[..2].iter().any(|shape| sent.contains(shape))), "it is sent");
        clean(&format!("{:?} {twin:?}", twin.seen()), "what the twin shows");
        let nobody = connect("http://127.0.0.1:1", &json!({ "method": method }));
        let error = set(&nobody, DANA, &login()).await.unwrap_err();
        clean(&format!("{error} {error:?}"), "an error of the network");
    }
    let text = log.text();
    assert!(text.contains("logging the agent in") && text.contains("TRACE"), "the log was caught at trace: {text}");
    clean(&text, "the log");
}

#[tokio::test]
async fn a_server_that_repeats_the_code_is_not_quoted() {
    for repeated in &shapes()[..2] {
        let body = json!({ "Status": 7, "StatusError": 1, "StatusErroMessage": format!("no such code: {repeated}!") });
        let canned = Canned::saying(200, body.to_string()).await;
        let error = set(&connect(&canned.origin, &json!({})), DANA, &login()).await.unwrap_err();
        clean(&format!("{error} {error:?}"), "an error");
        assert!(error.to_string().contains("no such code: (the code)!"), "{error}");
    }
}
