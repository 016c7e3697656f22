//! What can go wrong when Discord is called. Nothing here ever holds a URL, a token or a body.

use serde::Deserialize;
use serde_json::Value;

/// Discord does not know the interaction (any more): more than three seconds passed.
pub const UNKNOWN_INTERACTION: u32 = 10_062;
/// The interaction was acknowledged before.
pub const ALREADY_ACKNOWLEDGED: u32 = 40_060;
/// The person takes no direct messages from the bot.
pub const CANNOT_MESSAGE: u32 = 50_007;
/// The person shares no guild with the bot.
pub const NO_MUTUAL_GUILD: u32 = 50_278;
/// There is no such channel.
pub const UNKNOWN_CHANNEL: u32 = 10_003;
/// There is no such message.
pub const UNKNOWN_MESSAGE: u32 = 10_008;
/// There is no such webhook: the interaction's token has expired.
pub const UNKNOWN_WEBHOOK: u32 = 10_015;
/// The bot cannot see it.
pub const MISSING_ACCESS: u32 = 50_001;
/// The bot lacks a permission there.
pub const MISSING_PERMISSIONS: u32 = 50_013;
/// Direct messages are opened too fast.
pub const OPENING_DMS_TOO_FAST: u32 = 40_003;

/// A call to Discord that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {kind}")]
pub struct RestError {
    /// What was tried: `post a message`.
    pub operation: &'static str,
    /// Why it failed.
    pub kind: RestErrorKind,
}

impl RestError {
    /// Discord's own error code, if it gave one: see the constants of this module.
    #[must_use]
    pub const fn code(&self) -> Option<u32> {
        match &self.kind {
            RestErrorKind::Refused { code, .. } => Some(*code),
            RestErrorKind::RateLimited
            | RestErrorKind::Unreachable
            | RestErrorKind::Unreadable
            | RestErrorKind::TokenRefused
            | RestErrorKind::Breaker => None,
        }
    }

    /// The HTTP status with which Discord refused.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match &self.kind {
            RestErrorKind::Refused { status, .. } => Some(*status),
            RestErrorKind::RateLimited
            | RestErrorKind::Unreachable
            | RestErrorKind::Unreadable
            | RestErrorKind::TokenRefused
            | RestErrorKind::Breaker => None,
        }
    }
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestErrorKind {
    /// Discord answered no: nothing changed.
    #[error("Discord refused it ({status}, code {code}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's JSON error code; 0 if it gave none.
        code: u32,
        /// Discord's words, shortened; for an invalid form also which members are wrong.
        message: String,
    },
    /// A rate limit would last longer than the call may take: nothing changed.
    #[error("Discord's rate limit lasts longer than this may take")]
    RateLimited,
    /// No answer, or a failure of Discord's own (5xx): whether it happened is unknown.
    #[error("Discord cannot be reached")]
    Unreachable,
    /// It was done, but the answer makes no sense.
    #[error("Discord's answer cannot be read")]
    Unreadable,
    /// The bot's token was refused; nothing is sent any more.
    #[error("Discord refused the bot's token")]
    TokenRefused,
    /// Too many calls were refused lately; to go on would have Discord shut this machine out.
    #[error("too many calls were refused lately, so none is sent for some minutes")]
    Breaker,
}

/// Why [`crate::discord::rest::Rest`] could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetUpError {
    /// The origin is no `http` or `https` address.
    #[error("the address of Discord must begin with https:// (or http://)")]
    Origin,
    /// The token holds characters that no token has.
    #[error("the bot's token holds characters that no token has")]
    Token,
    /// TLS could not be set up.
    #[error("the HTTP client cannot be set up")]
    Client,
}

/// Discord's JSON error.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Value,
}

const LONGEST: usize = 400;

/// Reads a refusal. For an invalid form Discord's per-member texts are left out, since they may quote what was sent;
/// the member's path and its error code are kept.
pub(super) fn refused(status: u16, body: &[u8]) -> RestErrorKind {
    let Ok(wire) = serde_json::from_slice::<Wire>(body) else {
        return RestErrorKind::Refused { status, code: 0, message: "without a reason".to_owned() };
    };
    let code = wire.code.as_u64().and_then(|code| u32::try_from(code).ok()).unwrap_or(0);
    let mut message = wire.message;
    let mut wrong = Vec::new();
    collect(&wire.errors, &mut String::new(), &mut wrong);
    if !wrong.is_empty() {
        message = format!("{message} ({})", wrong.join(", "));
    }
    RestErrorKind::Refused { status, code, message: shorten(message) }
}

/// Walks Discord's nested `errors` down to the `_errors` lists.
fn collect(errors: &Value, path: &mut String, wrong: &mut Vec<String>) {
    let Value::Object(members) = errors else { return };
    for (name, value) in members {
        if name == "_errors" {
            let codes = value.as_array().into_iter().flatten().filter_map(|error| error.get("code")?.as_str());
            wrong.extend(codes.map(|code| format!("{path}: {code}")));
            continue;
        }
        let before = path.len();
        if before > 0 {
            path.push('.');
        }
        path.push_str(name);
        collect(value, path, wrong);
        path.truncate(before);
    }
}

fn shorten(mut text: String) -> String {
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_form_names_the_members_but_quotes_nothing() {
        let body =
            br#"{"code":50035,"message":"Invalid Form Body","errors":{"data":{"embeds":{"0":{"title":{"_errors":[
            {"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer: hunter2"}]}}}}}}"#;
        let kind = refused(400, body);
        let message = "Invalid Form Body (data.embeds.0.title: BASE_TYPE_MAX_LENGTH)".to_owned();
        assert_eq!(kind, RestErrorKind::Refused { status: 400, code: 50_035, message });
    }

    #[test]
    fn a_refusal_that_is_no_json_is_still_a_refusal() {
        let message = "without a reason".to_owned();
        assert_eq!(refused(403, b"<html>"), RestErrorKind::Refused { status: 403, code: 0, message });
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let body = serde_json::json!({"code": 1, "message": "є".repeat(1000)}).to_string();
        let RestErrorKind::Refused { message, .. } = refused(400, body.as_bytes()) else { panic!("refused") };
        assert_eq!(message.chars().count(), LONGEST + 1);
    }
}
