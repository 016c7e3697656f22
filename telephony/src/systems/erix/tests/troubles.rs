//! A server or a network that misbehaves: typed errors, bounded waits, commands never sent twice.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Options, connect, login, set, twin};
use crate::systems::erix::twin::{Fault, Moment, Times, Trouble, Twin};
use crate::systems::tests::{Log, serve};
use crate::{Effect, ErrorKind, PresenceChange};

fn fault(moment: Moment, trouble: Trouble) -> Fault {
    Fault { method: None, path: "/api/agent.php", moment, times: Times::Always, trouble }
}

fn status(status: u16) -> Trouble {
    Trouble::Status { status, body: None, retry_after: Some("1".to_owned()) }
}

#[tokio::test]
async fn a_command_is_sent_once_and_says_what_is_unsure() {
    let cases = [
        (Moment::Before, status(500), 0),
        (Moment::After, status(503), 1),
        (Moment::Before, Trouble::Cut, 0),
        (Moment::After, Trouble::Cut, 1),
        (Moment::After, Trouble::Truncated, 1),
        (Moment::After, Trouble::Malformed, 1),
        (Moment::After, Trouble::Slow(Duration::from_secs(3)), 1),
        (Moment::After, Trouble::Drip(Duration::from_millis(200)), 1),
        (Moment::After, Trouble::Huge(1 << 40), 1),
        (Moment::After, Trouble::Redirect("http://169.254.169.254/".into()), 1),
    ];
    for method in ["post", "get"] {
        for (moment, trouble, done) in cases.clone() {
            let twin = Twin::new(Options::default());
            let client = connect(&serve(twin.router()).await, &json!({ "method": method }));
            twin.fault(fault(moment, trouble.clone()));
            let started = Instant::now();
            let error = set(&client, "maria", &login("2001", "suporte")).await.unwrap_err();
            assert_eq!(error.effect, Effect::Unknown, "{trouble:?}: {error}");
            assert_eq!((twin.seen().len(), twin.mutations().len()), (1, done), "{trouble:?}");
            assert!(started.elapsed() < Duration::from_secs(5), "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn faults_end_when_they_are_mended() {
    let (twin, client) = twin(Options::default()).await;
    twin.fault(Fault { times: Times::Next(1), ..fault(Moment::Before, status(500)) });
    let error = set(&client, "maria", &login("2001", "suporte")).await.unwrap_err();
    assert_eq!(error.to_string(), "desk failed on its side (status 500)");
    set(&client, "maria", &login("2001", "suporte")).await.unwrap();
    twin.fault(fault(Moment::Before, status(500)));
    twin.mend();
    set(&client, "maria", &PresenceChange::LogOut).await.unwrap();
}

#[tokio::test]
async fn a_stated_wait_and_the_quota_are_obeyed() {
    let (twin, client) = twin(Options::default()).await;
    let too_many = Trouble::Status { status: 429, body: None, retry_after: Some("600".to_owned()) };
    twin.fault(Fault { times: Times::Next(1), ..fault(Moment::Before, too_many) });
    for _ in 0..2 {
        let error = set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::RateLimited(Some(_))), "{error}");
        assert_eq!((error.effect, twin.seen().len()), (Effect::None, 1));
    }
    let twin = Twin::new(Options::default());
    let client = connect(&serve(twin.router()).await, &json!({ "rate": "1/h" }));
    set(&client, "maria", &login("2001", "suporte")).await.unwrap();
    let error = set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::RateLimited(Some(_))), "{error}");
    assert_eq!((error.effect, twin.seen().len()), (Effect::None, 1));
}

#[tokio::test]
async fn nobody_listens_or_somebody_else() {
    let client = connect("http://127.0.0.1:1", &json!({}));
    let error = set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreachable(_)), "{error}");
    assert_eq!(error.effect, Effect::None);
    assert!(!error.to_string().contains("127.0.0.1") && !format!("{error:?}").contains("agent.php"), "{error:?}");
    let (twin, _) = twin(Options::default()).await;
    let client = connect(&format!("{}/elsewhere", serve(twin.router()).await), &json!({}));
    let error = set(&client, "maria", &PresenceChange::LogOut).await.unwrap_err();
    assert!(error.to_string().contains("check base_url"), "{error}");
    assert_eq!(twin.unexpected(), ["POST /elsewhere/api/agent.php"]);
}

#[tokio::test]
async fn the_hook_sees_every_request_at_both_moments() {
    let (twin, client) = twin(Options::default()).await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let (keep, watched) = (Arc::clone(&log), Arc::downgrade(&twin));
    twin.on_request(Arc::new(move |moment, seen| {
        let done = watched.upgrade().map_or(0, |t| t.mutations().len());
        keep.lock().unwrap().push(format!("{} {} {moment:?} {done}", seen.number, seen.method));
        Box::pin(async {})
    }));
    set(&client, "maria", &login("2001", "suporte")).await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["1 POST Before 0", "1 POST After 1"]);
}

#[tokio::test]
async fn the_log_names_the_intent_and_no_reason() {
    let log = Log::start();
    let (_twin, client) = twin(Options::default()).await;
    set(&client, "maria", &login("2001", "suporte")).await.unwrap();
    set(&client, "maria", &super::pause("Consulta no hospital")).await.unwrap();
    let text = log.text();
    assert!(text.contains("pausing the agent") && text.contains("intent=1"), "{text}");
    assert!(!text.contains("hospital"), "{text}");
}
