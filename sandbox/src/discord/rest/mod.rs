//! REST v10: one request from arrival to answer. Which route does what stands in `routes.rs` and its siblings.
//! See [Discord Docs/API Reference].

mod call;
mod commands;
mod files;
mod interactions;
mod messages;
mod places;
mod reactions;
mod routes;
mod webhooks;

use call::Call;
pub(crate) use messages::{Standing, post};
pub(crate) use reactions::{clear, may_react, react, unreact};

use super::{
    Discord,
    files::FOLDER,
    permissions,
    refusal::{Asked, Refusal},
    server::Cut,
    state::{Channel, State},
    wire::{Fault, Moment, Seen},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Bodies beyond this are refused, as Discord refuses uploads.
const LONGEST_BODY: usize = 10 * 1024 * 1024;

/// What is answered.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    body: Option<Value>,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, body: Some(body) }
    }

    pub(crate) fn nothing() -> Self {
        Self { status: 204, body: None }
    }
}

/// Answers one HTTP request.
pub(crate) async fn answer(discord: Arc<Discord>, request: Request<Body>) -> Result<Response<Body>, Cut> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LONGEST_BODY).await.map_err(|_| Cut)?;
    let method = parts.method.as_str().to_owned();
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let body = read_body(&parts.headers, &bytes);
    let seen =
        discord.change(|state| state.wire.arrive(&method, &path, body.as_ref().ok().cloned().unwrap_or_default()));
    call_hook(&discord, Moment::Arrived, &seen).await;
    let fault = discord.change(|state| {
        let fault = state.wire.fault_for(&method, place(parts.uri.path()));
        if let Some(fault) = &fault {
            state.note(format!("{method} {path} meets {fault:?}"));
        }
        fault
    });
    let lost = match fault {
        Some(Fault::Cut) => return Err(Cut),
        Some(Fault::Status(status)) => return Ok(faulty(&discord, &seen, status, None)),
        Some(Fault::RateLimited(wait)) => return Ok(faulty(&discord, &seen, 429, Some((wait, "user")))),
        Some(Fault::GloballyRateLimited(wait)) => return Ok(faulty(&discord, &seen, 429, Some((wait, "global")))),
        Some(Fault::Slow(wait)) => {
            tokio::time::sleep(wait).await;
            false
        }
        Some(Fault::LostAnswer) => true,
        None => false,
    };
    if parts.uri.path().starts_with(FOLDER) {
        let response = files::answer(&discord, &seen, &parts.headers, &parts.uri).await;
        call_hook(&discord, Moment::Answering, &seen).await;
        return if lost { Err(Cut) } else { response };
    }
    let (status, body) = act(&discord, &seen, &parts.headers, parts.uri.path(), parts.uri.query(), body);
    call_hook(&discord, Moment::Answering, &seen).await;
    if lost {
        return Err(Cut);
    }
    Ok(respond(status, body, &[]))
}

async fn call_hook(discord: &Discord, moment: Moment, seen: &Seen) {
    if let Some(hook) = discord.on_request() {
        hook(moment, seen).await;
    }
}

/// The JSON of a body; `Null` for none.
fn read_body(headers: &HeaderMap, bytes: &Bytes) -> Result<Value, Refusal> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Refusal::NotModelled(format!("a body of type `{kind}`")));
    }
    serde_json::from_slice(bytes).map_err(|_| Refusal::NotJson)
}

/// What stands behind `/api/v10`, the only version modelled.
fn behind_prefix(path: &str) -> Option<&str> {
    path.strip_prefix("/api/v10").filter(|rest| rest.starts_with('/'))
}

/// The path that a test names when it orders a fault: behind `/api/v10`, or on the content host.
fn place(path: &str) -> &str {
    behind_prefix(path).unwrap_or(if path.starts_with(FOLDER) { path } else { "" })
}

/// Does what the request asks, under the lock, and notes how it ended.
fn act(
    discord: &Discord,
    seen: &Seen,
    headers: &HeaderMap,
    path: &str,
    query: Option<&str>,
    body: Result<Value, Refusal>,
) -> (u16, Option<Value>) {
    let findings = match (&discord.openapi, &body, behind_prefix(path)) {
        (Some(document), Ok(body), Some(path)) => document.check(&seen.method, path, body),
        _ => Vec::new(),
    };
    let header = |name: header::HeaderName| headers.get(name).and_then(|it| it.to_str().ok()).map(ToOwned::to_owned);
    discord.change(|state| {
        state.wire.findings.extend(findings);
        let result = body.and_then(|body| {
            let unknown = || Refusal::NotModelled(format!("{} {path}", seen.method));
            let call = Call {
                method: seen.method.clone(),
                parts: behind_prefix(path).ok_or_else(unknown)?.split('/').skip(1).map(decode).collect(),
                query: url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect(),
                body,
                authorization: header(header::AUTHORIZATION),
                gateway_url: discord.gateway_url.clone(),
            };
            if header(header::USER_AGENT).is_none_or(|agent| agent.trim().is_empty()) {
                state.wire.findings.push(format!("{} {path} carries no User-Agent", seen.method));
            }
            routes::route(state, &call)
        });
        finish(state, seen, result)
    })
}

fn finish(state: &mut State, seen: &Seen, result: Result<Answer, Refusal>) -> (u16, Option<Value>) {
    let line = format!("{} {}", seen.method, seen.path);
    match result {
        Ok(answer) => {
            state.note(format!("{line} {} → {}", brief(&seen.body), answer.status));
            state.wire.answer(seen.number, answer.status, None, Asked::ByNobody);
            (answer.status, answer.body)
        }
        Err(refusal) => {
            let (status, code, message) = refusal.parts();
            if let Refusal::NotModelled(what) = &refusal {
                state.wire.not_modelled(format!("{line}: {what}"));
            }
            let asked = asked(state, &refusal, &seen.path);
            state.note(format!("{line} {} → {status} {code} {message}", brief(&seen.body)));
            state.wire.answer(seen.number, status, Some(code), asked);
            (status, Some(refusal.body()))
        }
    }
}

/// Whether something that only tests do explains this refusal: a switch, or a person who took something away.
fn asked(state: &State, refusal: &Refusal, path: &str) -> Asked {
    let by_switch = matches!(
        refusal,
        Refusal::DirectMessagesClosed
            | Refusal::NoMutualGuild
            | Refusal::OpeningDirectMessagesTooFast
            | Refusal::InvalidWebhookToken
            | Refusal::UnknownMember
    );
    // That the portal's switch is off, a bot learns only by asking, or by the application's flags.
    let by_portal = matches!(refusal, Refusal::MissingAccess) && lists_members(path);
    let by_denial =
        matches!(refusal, Refusal::MissingPermissions | Refusal::MissingAccess | Refusal::ReplyWithoutHistory)
            && something_is_denied(state);
    let gone = matches!(refusal, Refusal::UnknownChannel | Refusal::UnknownMessage) && names_what_is_gone(state, path);
    if by_switch || by_portal || by_denial || gone { Asked::ByTheTest } else { Asked::ByNobody }
}

/// Whether a path names what people took away; an interaction's path does not tell which message it is about.
fn names_what_is_gone(state: &State, path: &str) -> bool {
    let by_token = path.contains("/interactions/") || path.contains("/webhooks/");
    let named = || path.split(['/', '?']).filter_map(|part| part.parse().ok()).any(|id| state.taken_away.contains(&id));
    named() || (by_token && !state.taken_away.is_empty())
}

/// Whether a channel or the bot's own role lacks what it had at first.
fn something_is_denied(state: &State) -> bool {
    let denies = |it: &Channel| match it {
        Channel::Text { overwrites, .. } => overwrites.iter().any(|it| it.deny != 0),
        Channel::Direct { .. } => false,
    };
    let installed = permissions::all_bits();
    let lost = state.roles.iter().any(|role| role.id == state.bot.role && role.permissions & installed != installed);
    lost || state.channels.values().any(denies)
}

/// Whether a path is that of the list of members.
fn lists_members(path: &str) -> bool {
    path.split('?').next().is_some_and(|path| path.ends_with("/members"))
}

/// A body cut to what a transcript can bear.
fn brief(body: &Value) -> String {
    const LONGEST: usize = 400;
    let text = if body.is_null() { String::new() } else { body.to_string() };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// An answer that a test ordered instead of the real one.
fn faulty(discord: &Discord, seen: &Seen, status: u16, limited: Option<(Duration, &str)>) -> Response<Body> {
    discord.change(|state| {
        state.note(format!("{} {} → {status}, as ordered", seen.method, seen.path));
        state.wire.answer(seen.number, status, None, Asked::ByTheTest);
    });
    let Some((wait, scope)) = limited else {
        return respond(status, Some(json!({ "message": format!("{status}: ordered by the test"), "code": 0 })), &[]);
    };
    let seconds = wait.as_secs_f64();
    let body = json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": scope == "global" });
    let mut headers = vec![("retry-after", seconds.ceil().to_string()), ("x-ratelimit-scope", scope.to_owned())];
    if scope == "global" {
        headers.push(("x-ratelimit-global", "true".to_owned()));
    }
    headers.push(("x-ratelimit-remaining", "0".to_owned()));
    headers.push(("x-ratelimit-reset-after", format!("{seconds:.3}")));
    respond(status, Some(body), &headers)
}

/// An HTTP response with the rate-limit headers that every answer of Discord carries.
fn respond(status: u16, body: Option<Value>, headers: &[(&str, String)]) -> Response<Body> {
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header("x-ratelimit-limit", "50")
        .header("x-ratelimit-bucket", "sandbox");
    let given = |name: &str| headers.iter().any(|(key, _)| *key == name);
    if !given("x-ratelimit-remaining") {
        let reset = time::OffsetDateTime::now_utc().unix_timestamp() + 1;
        response = response
            .header("x-ratelimit-remaining", "49")
            .header("x-ratelimit-reset", format!("{reset}.000"))
            .header("x-ratelimit-reset-after", "1.000");
    }
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    let response = match body {
        Some(body) => response.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => response.body(Body::empty()),
    };
    response.unwrap_or_else(|_| Response::new(Body::empty()))
}

/// Undoes percent-encoding; what is not valid stays as it came.
fn decode(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| part.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        decoded.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| part.to_owned())
}
