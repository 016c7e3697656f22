//! The requests that the bot makes, and what they do to messages.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{
    APPLICATION, APPROVER, APPROVER_ROLE, Asked, BOT, CARDS, DIRECT, Fetched, GUILD, Held, Inner, LEAD, LEAD_ROLE, LOG,
    NEWCOMER, TOKEN, member, user,
};

pub(super) async fn rest(
    State(inner): State<Arc<Inner>>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let asked = Asked { method: method.to_string(), path: path.clone(), body: body.clone() };
    inner.requests.lock().unwrap().push(asked);
    let by_interaction = path.starts_with("interactions/") || path.starts_with("webhooks/");
    let token = headers.get("authorization").and_then(|it| it.to_str().ok());
    if !by_interaction && token != Some(&format!("Bot {TOKEN}")) {
        return refused(StatusCode::UNAUTHORIZED, 0, "401: Unauthorized");
    }
    let parts: Vec<&str> = path.split('/').collect();
    let fine = |value: Value| value.to_string().into_response();
    let answered = match (method.as_str(), parts.as_slice()) {
        ("GET", ["applications", APPLICATION, "guilds", GUILD, "commands"]) => fine(json!([])),
        ("PUT", ["applications", APPLICATION, "guilds", GUILD, "commands"]) => fine(body.clone()),
        ("GET", ["guilds", GUILD, "members", NEWCOMER]) => fine(member(NEWCOMER, &[])),
        ("GET", ["guilds", GUILD, "members", LEAD]) => fine(member(LEAD, &[LEAD_ROLE])),
        ("GET", ["guilds", GUILD, "members", APPROVER]) => fine(member(APPROVER, &[APPROVER_ROLE])),
        ("GET", ["guilds", GUILD, "roles"]) => {
            let role = |id: &str, name: &str| {
                json!({
                    "id": id, "name": name, "permissions": "0", "color": 0, "hoist": false, "position": 1,
                    "managed": false, "mentionable": false, "flags": 0,
                })
            };
            fine(json!([role(GUILD, "@everyone"), role(LEAD_ROLE, "Leads"), role(APPROVER_ROLE, "Approvers")]))
        }
        ("GET", ["users", "@me"]) => fine(user(BOT)),
        ("GET", ["channels", CARDS]) => fine(json!({ "id": CARDS, "type": 0, "guild_id": GUILD, "name": "cards" })),
        ("PUT", ["channels", CARDS, "messages", _, "reactions", ..]) => StatusCode::NO_CONTENT.into_response(),
        ("POST", ["users", "@me", "channels"]) => {
            fine(json!({ "id": DIRECT, "type": 1, "recipients": [user(NEWCOMER)] }))
        }
        _ => about_messages(&inner, method.as_str(), &parts, &body),
    };
    inner.grown.send_modify(|number| *number += 1);
    answered
}

/// What concerns messages and answers.
fn about_messages(inner: &Inner, method: &str, parts: &[&str], body: &Value) -> Response {
    let mut messages = inner.messages.lock().unwrap();
    let told = |held: Option<&Held>| match held {
        Some(held) => held.told().to_string().into_response(),
        None => refused(StatusCode::NOT_FOUND, 10008, "Unknown Message"),
    };
    match (method, parts) {
        ("POST", ["interactions", _, token, "callback"]) => match messages.answer(token, body) {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(code @ 10062) => refused(StatusCode::NOT_FOUND, code, "Unknown interaction"),
            Err(code) => refused(StatusCode::BAD_REQUEST, code, "Interaction callback refused"),
        },
        ("PATCH", ["webhooks", APPLICATION, token, "messages", name]) => {
            let id = messages.named(token, name);
            told(id.and_then(|id| messages.edit(&id, body)))
        }
        ("DELETE", ["webhooks", APPLICATION, token, "messages", name]) => {
            let id = messages.named(token, name);
            gone(id.is_some_and(|id| messages.delete(&id)))
        }
        ("POST", ["webhooks", APPLICATION, token]) => told(messages.follow_up(token, body)),
        ("POST", ["channels", channel, "messages"]) => told(Some(messages.post(channel, body))),
        ("PATCH", ["channels", _, "messages", id]) => told(messages.edit(id, body)),
        ("DELETE", ["channels", _, "messages", id]) => gone(messages.delete(id)),
        _ => refused(StatusCode::NOT_FOUND, 0, "404: Not Found"),
    }
}

fn gone(gone: bool) -> Response {
    if gone { StatusCode::NO_CONTENT.into_response() } else { refused(StatusCode::NOT_FOUND, 10008, "Unknown Message") }
}

fn refused(status: StatusCode, code: u32, message: &str) -> Response {
    (status, json!({ "message": message, "code": code }).to_string()).into_response()
}

/// A file, for whoever has the whole address.
pub(super) async fn attachment(
    State(inner): State<Arc<Inner>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    inner
        .fetched
        .lock()
        .unwrap()
        .push(Fetched { path: path.clone(), authorization: headers.contains_key("authorization") });
    let files = inner.files.lock().unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    let file = match parts.as_slice() {
        [LOG, id, name] => files.iter().find(|file| file.id == *id && file.name == *name),
        _ => None,
    };
    match file.filter(|file| file.kept && query.as_ref() == Some(&file.query)) {
        Some(file) => ([(CONTENT_TYPE, "application/octet-stream")], file.content.clone()).into_response(),
        None => (StatusCode::NOT_FOUND, "This content is no longer available.").into_response(),
    }
}
