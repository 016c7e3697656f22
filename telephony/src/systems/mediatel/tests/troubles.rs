//! A server or a network that misbehaves: typed errors, bounded waits, writes never sent twice.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{permit, twin, twin_with};
use crate::systems::mediatel::twin::{Fault, Moment, Options, Times, Trouble, What};
use crate::{AgentId, Effect, ErrorKind};
use serde_json::json;

const OTHER: &str = r#"{"ID":5,"Login":"a.b","State":1}"#;

fn fault(method: &'static str, moment: Moment, times: Times, trouble: Trouble) -> Fault {
    Fault { method: Some(method), path: "/v1/agents", moment, times, trouble }
}

fn status(status: u16, retry_after: Option<&str>) -> Trouble {
    Trouble::Status { status, body: None, retry_after: retry_after.map(str::to_owned) }
}

#[tokio::test]
async fn a_read_survives_failures_that_pass() {
    for trouble in [status(500, None), status(499, None), status(429, None), Trouble::Cut, Trouble::Truncated] {
        let (twin, client) = twin(Options::default()).await;
        twin.fault(fault("GET", Moment::After, Times::Next(2), trouble.clone()));
        assert_eq!(client.reading.agents().await.unwrap().len(), 1, "{trouble:?}");
        assert_eq!(twin.seen().len(), 3, "{trouble:?}");
    }
}

#[tokio::test]
async fn a_read_gives_up_after_two_repeats() {
    let (twin, client) = twin(Options::default()).await;
    twin.fault(fault("GET", Moment::Before, Times::Always, status(503, None)));
    let error = client.reading.agents().await.unwrap_err();
    assert_eq!((error.kind, error.effect), (ErrorKind::Broken(503), Effect::None));
    assert_eq!(twin.seen().len(), 3);
}

#[tokio::test]
async fn a_write_is_sent_once_and_says_what_is_unsure() {
    let cases = [
        (Moment::Before, status(500, None), 0),
        (Moment::After, status(500, None), 1),
        (Moment::After, Trouble::Cut, 1),
        (Moment::After, Trouble::Truncated, 1),
        (Moment::After, Trouble::Malformed, 1),
        (Moment::Before, Trouble::Cut, 0),
        (Moment::After, Trouble::Slow(Duration::from_secs(3)), 1),
        (Moment::After, Trouble::Redirect("http://169.254.169.254/".into()), 1),
    ];
    for (moment, trouble, done) in cases {
        let (twin, client) = twin(Options::default()).await;
        twin.put_agent(OTHER).unwrap();
        twin.fault(fault("PUT", moment, Times::Always, trouble.clone()));
        let error = client.writing.disable_agent(&permit(), &AgentId::new("5")).await.unwrap_err();
        assert_eq!(error.effect, Effect::Unknown, "{trouble:?}");
        assert_eq!((twin.seen().len(), twin.mutations().len()), (1, done), "{trouble:?}");
    }
}

#[tokio::test]
async fn what_never_ends_is_bounded() {
    for trouble in [Trouble::Slow(Duration::from_mins(1)), Trouble::Drip(Duration::from_millis(50))] {
        let (twin, client) = twin(Options::default()).await;
        twin.fault(fault("GET", Moment::After, Times::Always, trouble.clone()));
        let started = Instant::now();
        let error = client.reading.agents().await.unwrap_err();
        assert_eq!(error.to_string(), "mediatel could not be reached: it did not answer within 1 s", "{trouble:?}");
        assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    }
    let (twin, client) = twin(Options::default()).await;
    twin.fault(fault("GET", Moment::After, Times::Always, Trouble::Huge(1 << 40)));
    let error = client.reading.agents().await.unwrap_err();
    // A slow machine may reach the deadline before the cap; either way it ends.
    assert!(matches!(error.kind, ErrorKind::Unreadable(_) | ErrorKind::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (other, _) = twin(Options::default()).await;
    let to = super::serve(other.router()).await;
    let (twin, client) = twin(Options::default()).await;
    twin.fault(fault("GET", Moment::Before, Times::Always, Trouble::Redirect(format!("{to}/agents"))));
    let error = client.reading.agents().await.unwrap_err();
    assert!(error.to_string().contains("redirects are never followed"), "{error}");
    assert!(other.seen().is_empty() && twin.seen().len() == 1);
}

#[tokio::test]
async fn a_stated_wait_is_obeyed() {
    let (twin, client) = twin(Options::default()).await;
    let body = Some(r#"{"error":{"code":429},"result":[]}"#.to_owned());
    let too_many = Trouble::Status { status: 200, body, retry_after: Some("600".to_owned()) };
    twin.fault(fault("GET", Moment::Before, Times::Next(1), too_many));
    let error = client.reading.agents().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited(Some(Duration::from_mins(10))));
    // Until then nobody is asked, writes least of all.
    let error = client.writing.disable_agent(&permit(), &AgentId::new("1")).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::RateLimited(Some(_))), "{error}");
    assert_eq!((error.effect, twin.seen().len()), (Effect::None, 1));

    let (twin, client) = twin_with(Options::default(), json!({ "timeout": "4s" })).await;
    twin.fault(fault("GET", Moment::Before, Times::Next(1), status(429, Some("1"))));
    let started = Instant::now();
    client.reading.agents().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_quota_waits_and_then_refuses_without_asking() {
    let (twin, client) = twin_with(Options::default(), json!({ "rate": "2/h" })).await;
    for _ in 0..2 {
        client.reading.agents().await.unwrap();
    }
    let error = client.writing.enable_agent(&permit(), &AgentId::new("1")).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::RateLimited(Some(_))), "{error}");
    assert_eq!((error.effect, twin.seen().len()), (Effect::None, 2));
}

#[tokio::test]
async fn nobody_listens() {
    let client = super::connect("http://127.0.0.1:1/v1", &json!({}));
    let error = client.writing.disable_agent(&permit(), &AgentId::new("1")).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreachable(_)), "{error}");
    assert_eq!(error.effect, Effect::None);
    assert!(!error.to_string().contains("127.0.0.1") && !format!("{error:?}").contains("/v1"), "{error:?}");
}

#[tokio::test]
async fn a_new_agent_that_comes_late_is_not_created_again() {
    let (twin, client) = twin(Options::default()).await;
    twin.fault(fault("POST", Moment::After, Times::Next(1), Trouble::AppearLate(1)));
    let source = client.reading.agent(&AgentId::new("1")).await.unwrap();
    let plain = super::secret("1");
    let new = crate::NewAgent {
        source: &source,
        login: "ivan.ivanov",
        details: "",
        personal_numbers: crate::PersonalNumbers::Copy,
        password: super::sent(&plain),
    };
    let (agent, _) = client.writing.create_agent(&permit(), new).await.unwrap();
    assert_eq!(client.reading.agent(&agent.id).await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(client.reading.agent(&agent.id).await.unwrap().login, "ivan.ivanov");
    assert_eq!(twin.mutations().iter().filter(|m| m.what == What::AgentCreated).count(), 1);
}

#[tokio::test]
async fn the_hook_sees_every_request_at_both_moments() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(OTHER).unwrap();
    let log = Arc::new(Mutex::new(Vec::new()));
    let (keep, watched) = (Arc::clone(&log), Arc::downgrade(&twin));
    twin.on_request(Arc::new(move |moment, seen| {
        let done = watched.upgrade().map_or(0, |t| t.mutations().len());
        keep.lock().unwrap().push(format!("{} {} {moment:?} {done}", seen.number, seen.method));
        Box::pin(async {})
    }));
    client.writing.disable_agent(&permit(), &AgentId::new("5")).await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["1 PUT Before 0", "1 PUT After 1"]);
}
