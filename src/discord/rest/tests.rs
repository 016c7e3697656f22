//! The REST place over real sockets, against a server that answers what a test tells it to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, UserId};
use tokio::net::TcpListener;
use tokio::time::Instant;
use url::Url;

use super::*;

const TOKEN: &str = "bot-token-that-nobody-may-see";
const SPOKEN: &str = "interaction-token-that-nobody-may-see";
const ONE: ChannelId = ChannelId::new(1);
const TWO: ChannelId = ChannelId::new(2);

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, headers: Vec::new(), body }
}

fn limited(retry_after: f64, scope: &str) -> Reply {
    let body = json!({ "message": "slow down", "retry_after": retry_after, "global": scope == "global" });
    Reply { status: 429, headers: vec![("x-ratelimit-scope", scope.to_owned())], body }
}

struct Seen {
    line: String,
    authorization: String,
    at: Instant,
}

/// Answers with the replies told, then with a message of id 9.
#[derive(Clone, Default)]
struct Server {
    replies: Arc<Mutex<VecDeque<Reply>>>,
    always: Arc<Mutex<Option<(u16, Value)>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    async fn start(replies: impl IntoIterator<Item = Reply>) -> (Self, Rest) {
        let server = Self { replies: Arc::new(Mutex::new(replies.into_iter().collect())), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, Rest::new(&origin, &SecretString::from(TOKEN)).unwrap())
    }

    fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| seen.line.clone()).collect()
    }

    /// The time between the first two requests to this path.
    fn gap(&self, line: &str) -> Duration {
        let seen = self.seen.lock().unwrap();
        let at: Vec<_> = seen.iter().filter(|seen| seen.line.starts_with(line)).map(|seen| seen.at).collect();
        at[1] - at[0]
    }
}

async fn answer(State(server): State<Server>, method: Method, uri: Uri, headers: HeaderMap, _body: Bytes) -> Response {
    let authorization = headers["authorization"].to_str().unwrap().to_owned();
    server.seen.lock().unwrap().push(Seen { line: format!("{method} {uri}"), authorization, at: Instant::now() });
    if let Some((status, body)) = server.always.lock().unwrap().clone() {
        return (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response();
    }
    let reply = server.replies.lock().unwrap().pop_front().unwrap_or_else(|| reply(200, json!({ "id": "9" })));
    let mut answer = (StatusCode::from_u16(reply.status).unwrap(), axum::Json(reply.body)).into_response();
    for (name, value) in reply.headers {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}

fn kind<T: fmt::Debug>(result: Result<T, RestError>) -> RestErrorKind {
    result.unwrap_err().kind
}

fn spoken() -> SecretString {
    SecretString::from(SPOKEN)
}

#[tokio::test]
async fn a_call_says_who_we_are_and_goes_to_version_ten() {
    let (server, rest) = Server::start([]).await;
    assert_eq!(rest.post(ONE, &json!({})).await, Ok(MessageId::new(9)));
    rest.edit_reply(ApplicationId::new(5), &SecretString::from("a/b ?"), &json!({})).await.unwrap();
    let lines = server.lines();
    assert_eq!(lines[0], "POST /api/v10/channels/1/messages");
    assert_eq!(lines[1], "PATCH /api/v10/webhooks/5/a%2Fb%20%3F/messages/@original");
    assert_eq!(server.seen.lock().unwrap()[0].authorization, format!("Bot {TOKEN}"));
}

#[tokio::test]
async fn a_route_that_is_limited_waits_and_others_go_on() {
    for scope in ["user", "shared"] {
        let (server, rest) = Server::start([limited(0.4, scope)]).await;
        let message = json!({});
        let (first, second) = tokio::join!(rest.post(ONE, &message), async {
            while server.lines().is_empty() {
                tokio::task::yield_now().await;
            }
            rest.post(TWO, &json!({})).await
        });
        assert!(first.is_ok() && second.is_ok());
        assert!(server.gap("POST /api/v10/channels/1/") >= Duration::from_millis(400));
        assert!(server.lines()[1].starts_with("POST /api/v10/channels/2/"), "{scope}");
    }
}

#[tokio::test]
async fn a_global_limit_stops_everything_but_callbacks() {
    let (server, rest) = Server::start([limited(0.6, "global")]).await;
    let hasty = rest.within(Duration::from_millis(100));
    assert_eq!(kind(hasty.post(ONE, &json!({})).await), RestErrorKind::RateLimited);
    let limited_at = Instant::now();
    let (other, before) = tokio::join!(
        async {
            rest.guild(GuildId::new(3)).await.unwrap();
            limited_at.elapsed()
        },
        async {
            rest.callback(InteractionId::new(7), &spoken(), &json!({ "type": 5 })).await.unwrap();
            server.lines().len()
        }
    );
    assert_eq!(before, 2, "the callback went out before anything else");
    assert!(other >= Duration::from_millis(500), "the other route waited: {other:?}");
    assert!(server.lines()[1].ends_with("/callback"));
}

#[tokio::test]
async fn an_empty_bucket_is_known_from_the_headers() {
    let headers = [("bucket", "abcd"), ("limit", "5"), ("remaining", "0"), ("reset-after", "0.4")];
    let mut first = reply(200, json!({ "id": "9" }));
    first.headers = vec![
        ("x-ratelimit-bucket", headers[0].1.to_owned()),
        ("x-ratelimit-limit", headers[1].1.to_owned()),
        ("x-ratelimit-remaining", headers[2].1.to_owned()),
        ("x-ratelimit-reset-after", headers[3].1.to_owned()),
    ];
    let (server, rest) = Server::start([first]).await;
    rest.post(ONE, &json!({})).await.unwrap();
    rest.post(TWO, &json!({})).await.unwrap();
    rest.post(ONE, &json!({})).await.unwrap();
    assert!(server.gap("POST /api/v10/channels/1/") >= Duration::from_millis(400));
}

#[tokio::test]
async fn a_limit_that_outlasts_the_deadline_is_told_at_once() {
    let (server, rest) = Server::start([limited(1e9, "user")]).await;
    let started = Instant::now();
    assert_eq!(kind(rest.post(ONE, &json!({})).await), RestErrorKind::RateLimited);
    assert_eq!(kind(rest.post(ONE, &json!({})).await), RestErrorKind::RateLimited);
    assert!(started.elapsed() < DEADLINE);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_limit_by_header_alone_is_global_and_obeyed() {
    let mut blocked = reply(429, json!("blocked"));
    blocked.headers = vec![("retry-after", "1".to_owned())];
    let (server, rest) = Server::start([blocked]).await;
    rest.post(ONE, &json!({})).await.unwrap();
    assert!(server.gap("POST") >= Duration::from_secs(1));
}

#[tokio::test]
async fn failures_of_discords_are_tried_again_only_where_that_is_harmless() {
    let failure = || reply(502, json!({}));
    let (server, rest) = Server::start([failure(), failure()]).await;
    rest.post(ONE, &json!({ "nonce": "n1", "enforce_nonce": true })).await.unwrap();
    assert_eq!(server.lines().len(), 3);

    for body in [json!({}), json!({ "nonce": "n1" }), json!({ "enforce_nonce": true })] {
        let (server, rest) = Server::start([failure()]).await;
        assert_eq!(kind(rest.post(ONE, &body).await), RestErrorKind::Unreachable);
        assert_eq!(server.lines().len(), 1);
    }

    let (server, rest) = Server::start([failure()]).await;
    rest.edit(ONE, MessageId::new(9), &json!({})).await.unwrap();
    assert_eq!(server.lines().len(), 2);

    let (server, rest) = Server::start([failure()]).await;
    let answered = rest.callback(InteractionId::new(7), &spoken(), &json!({})).await;
    assert_eq!(kind(answered), RestErrorKind::Unreachable);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_dead_token_stops_everything_for_good() {
    let (server, rest) = Server::start([reply(401, json!({ "code": 0, "message": "401: Unauthorized" }))]).await;
    let watching = tokio::spawn({
        let rest = rest.clone();
        async move { rest.token_refused().await }
    });
    assert_eq!(kind(rest.current_user().await), RestErrorKind::TokenRefused);
    watching.await.unwrap();
    assert_eq!(kind(rest.clone().post(ONE, &json!({})).await), RestErrorKind::TokenRefused);
    let answered = rest.callback(InteractionId::new(7), &spoken(), &json!({})).await;
    assert_eq!(kind(answered), RestErrorKind::TokenRefused);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn an_expired_interaction_token_says_nothing_of_the_bots() {
    let expired = reply(401, json!({ "code": 50027, "message": "Invalid Webhook Token" }));
    let (_server, rest) = Server::start([expired]).await;
    let edited = rest.edit_reply(ApplicationId::new(5), &spoken(), &json!({})).await;
    assert_eq!(edited.unwrap_err().code(), Some(50027));
    assert!(rest.post(ONE, &json!({})).await.is_ok());
}

#[tokio::test]
async fn too_many_refusals_open_the_breaker() {
    let (server, rest) = Server::start([]).await;
    *server.always.lock().unwrap() = Some((403, json!({ "code": 50013, "message": "Missing Permissions" })));
    for _ in 0..501 {
        let answered = rest.callback(InteractionId::new(7), &spoken(), &json!({})).await;
        assert_eq!(answered.unwrap_err().code(), Some(MISSING_PERMISSIONS));
    }
    assert_eq!(kind(rest.callback(InteractionId::new(7), &spoken(), &json!({})).await), RestErrorKind::Breaker);
    assert_eq!(kind(rest.guild(GuildId::new(3)).await), RestErrorKind::Breaker);
    assert_eq!(server.lines().len(), 501);
}

#[tokio::test]
async fn redirects_are_not_followed_and_refusals_keep_discords_code() {
    let mut moved = reply(302, json!({}));
    moved.headers = vec![("location", "/elsewhere".to_owned())];
    let closed = reply(403, json!({ "code": 50007, "message": "Cannot send messages to this user" }));
    let (server, rest) = Server::start([moved, closed]).await;
    assert_eq!(rest.gateway_url().await.unwrap_err().status(), Some(302));
    let error = rest.create_dm(UserId::new(4)).await.unwrap_err();
    assert_eq!(error.code(), Some(CANNOT_MESSAGE));
    assert_eq!(
        error.to_string(),
        "open direct messages: Discord refused it (403, code 50007): Cannot send messages to this user"
    );
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn errors_and_debug_hold_no_secret() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let rest = Rest::new(&origin, &SecretString::from(TOKEN)).unwrap().within(Duration::from_millis(300));
    let error = rest.edit_reply(ApplicationId::new(5), &spoken(), &json!({ "content": "hunter2" })).await.unwrap_err();
    assert_eq!(error.kind, RestErrorKind::Unreachable);
    let told = format!("{error} {error:?} {rest:?}");
    for secret in [TOKEN, SPOKEN, "hunter2", "127.0.0.1"] {
        assert!(!told.contains(secret), "{told}");
    }
    let broken = Rest::new(&origin, &SecretString::from("line\nbreak"));
    assert_eq!(broken.unwrap_err(), SetUpError::Token);
}
