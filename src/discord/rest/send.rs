//! The one `send`: limits, deadline, repeating, and reading the answer.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::call::{Authority, Call, Lane, Repeat};
use super::error::{RestError, RestErrorKind, refused};
use super::limits::{Leave, Limits, Scope, Told};
use super::{Rest, Token};

/// No answer that the bot asks for is longer (a page of 1,000 members stays below 2 MiB).
const LONGEST_ANSWER: usize = 8 << 20;
const FIRST_BACK_OFF: Duration = Duration::from_millis(250);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(4);
/// How long to wait after a 429 that does not say.
const UNSAID_WAIT: Duration = Duration::from_secs(1);

/// What became of one try.
enum Tried {
    Done(Vec<u8>),
    Failed(RestErrorKind),
    /// Not done; try again no sooner than then.
    Later(Instant),
    /// No answer or a 5xx; it may have been done.
    Transient,
    /// It never arrived.
    Unsent,
}

impl Rest {
    /// Sends a call and reads its answer.
    pub(super) async fn read<T: DeserializeOwned>(&self, call: Call) -> Result<T, RestError> {
        let operation = call.operation;
        let body = self.send(call).await?;
        serde_json::from_slice(&body).map_err(|_| RestError { operation, kind: RestErrorKind::Unreadable })
    }

    /// Sends a call whose answer does not matter.
    pub(super) async fn act(&self, call: Call) -> Result<(), RestError> {
        self.send(call).await.map(drop)
    }

    async fn send(&self, call: Call) -> Result<Vec<u8>, RestError> {
        let operation = call.operation;
        let result = self.send_until_done(&call).await.map_err(|kind| RestError { operation, kind });
        if let Err(error) = &result {
            tracing::debug!(operation, kind = %error.kind, "a call to Discord did not succeed");
        }
        result
    }

    async fn send_until_done(&self, call: &Call) -> Result<Vec<u8>, RestErrorKind> {
        let deadline = Instant::now() + call.deadline.unwrap_or(self.deadline);
        let mut back_off = FIRST_BACK_OFF;
        loop {
            self.await_leave(call, deadline).await?;
            let resume_at = match self.attempt(call, deadline).await {
                Tried::Done(body) => return Ok(body),
                Tried::Failed(kind) => return Err(kind),
                Tried::Later(at) if at >= deadline => return Err(RestErrorKind::RateLimited),
                Tried::Later(at) => at,
                Tried::Transient if call.repeat == Repeat::Harmful => return Err(RestErrorKind::Unreachable),
                Tried::Transient | Tried::Unsent => {
                    let at = Instant::now() + back_off.mul_f64(rand::rng().random_range(0.5..1.0));
                    back_off = (back_off * 2).min(LONGEST_BACK_OFF);
                    if at >= deadline {
                        return Err(RestErrorKind::Unreachable);
                    }
                    at
                }
            };
            tracing::debug!(operation = call.operation, "a call to Discord is tried again");
            tokio::time::sleep_until(resume_at).await;
        }
    }

    /// Waits for a place under the limits, unless that would last beyond the deadline.
    async fn await_leave(&self, call: &Call, deadline: Instant) -> Result<(), RestErrorKind> {
        loop {
            if *self.shared.token.borrow() == Token::Refused {
                return Err(RestErrorKind::TokenRefused);
            }
            let now = Instant::now();
            let leave = match call.lane {
                Lane::Ordinary => self.limits().take(call.route, now),
                Lane::Callback if self.limits().is_broken(now) => Leave::Broken,
                Lane::Callback => Leave::Go,
            };
            match leave {
                Leave::Go => return Ok(()),
                Leave::Broken => return Err(RestErrorKind::Breaker),
                Leave::Wait(until) if until >= deadline => return Err(RestErrorKind::RateLimited),
                Leave::Wait(until) => tokio::time::sleep_until(until).await,
            }
        }
    }

    async fn attempt(&self, call: &Call, deadline: Instant) -> Tried {
        let mut url = self.shared.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&call.segments);
        }
        let mut request = self
            .shared
            .client
            .request(call.method.clone(), url)
            .header(AUTHORIZATION, self.shared.authorization.clone())
            .timeout(deadline.saturating_duration_since(Instant::now()));
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body.clone());
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            // reqwest's errors carry the URL, and with it tokens: they go no further than here.
            Err(error) if error.is_connect() => return Tried::Unsent,
            Err(_) => return Tried::Transient,
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = match read_capped(answer).await {
            Ok(body) => body,
            Err(Cut::TooLong) => return Tried::Failed(RestErrorKind::Unreadable),
            Err(Cut::Lost) => return Tried::Transient,
        };
        self.judge(call, status, &headers, body)
    }

    fn judge(&self, call: &Call, status: StatusCode, headers: &HeaderMap, body: Vec<u8>) -> Tried {
        let now = Instant::now();
        if let (Lane::Ordinary, Some(told)) = (call.lane, told(headers)) {
            self.limits().learn(call.route, &told, now);
        }
        match status {
            status if status.is_success() => Tried::Done(body),
            status if status.is_server_error() => Tried::Transient,
            StatusCode::TOO_MANY_REQUESTS => {
                let limited = Limited::read(headers, &body);
                tracing::warn!(operation = call.operation, scope = ?limited.scope, "Discord's rate limit was met");
                match call.lane {
                    Lane::Ordinary => Tried::Later(self.limits().pause(call.route, limited.scope, limited.wait, now)),
                    Lane::Callback => {
                        if limited.scope != Scope::Shared {
                            self.limits().count_invalid(now);
                        }
                        Tried::Later(now + limited.wait)
                    }
                }
            }
            StatusCode::UNAUTHORIZED => {
                self.limits().count_invalid(now);
                match call.authority {
                    Authority::Bot => {
                        tracing::error!("Discord refused the bot's token (401): nothing more is sent");
                        self.shared.token.send_replace(Token::Refused);
                        Tried::Failed(RestErrorKind::TokenRefused)
                    }
                    Authority::Interaction => Tried::Failed(refused(status.as_u16(), &body)),
                }
            }
            status => {
                if status == StatusCode::FORBIDDEN {
                    self.limits().count_invalid(now);
                }
                Tried::Failed(refused(status.as_u16(), &body))
            }
        }
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        // Book-keeping stays usable even if a thread panicked over it.
        self.shared.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Cut {
    TooLong,
    Lost,
}

async fn read_capped(mut answer: Response) -> Result<Vec<u8>, Cut> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Cut::Lost)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Cut::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A 429.
struct Limited {
    scope: Scope,
    wait: Duration,
}

impl Limited {
    fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Wire {
            retry_after: Option<f64>,
            #[serde(default)]
            global: bool,
        }
        let wire = serde_json::from_slice::<Wire>(body).ok();
        let scope = match text(headers, "x-ratelimit-scope") {
            Some("shared") => Scope::Shared,
            Some("global") => Scope::Global,
            // An answer that is not Discord's own comes from what stands before it and is about everything.
            _ if wire.is_none() || text(headers, "x-ratelimit-global").is_some() => Scope::Global,
            _ if wire.as_ref().is_some_and(|wire| wire.global) => Scope::Global,
            _ => Scope::Route,
        };
        let wait = wire.and_then(|wire| wire.retry_after).and_then(seconds);
        let wait = wait.or_else(|| seconds(text(headers, RETRY_AFTER.as_str())?.parse().ok()?));
        Self { scope, wait: wait.unwrap_or(UNSAID_WAIT) }
    }
}

fn told(headers: &HeaderMap) -> Option<Told> {
    Some(Told {
        bucket: text(headers, "x-ratelimit-bucket").map(ToOwned::to_owned),
        limit: text(headers, "x-ratelimit-limit")?.parse().ok()?,
        remaining: text(headers, "x-ratelimit-remaining")?.parse().ok()?,
        reset_after: seconds(text(headers, "x-ratelimit-reset-after")?.parse().ok()?)?,
    })
}

/// Discord's seconds, whole or broken. Absent for what is no length of time.
fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
