//! The three values in an answer's JSON, wherever they stand, and what HTTP's status adds.

use secrecy::{ExposeSecret as _, SecretString};

use super::outcome::{Asked, Number, Said};
use crate::http::{Answer, Fault};
use crate::systems::reply::Reply;
use crate::{Effect, ErrorKind, PresenceAnswer, Record, Refusal};

/// What to look at first when an answer is not Voicenter's: other interfaces of the vendor answer so to strangers.
const NOT_ALLOWED: &str =
    "most likely the bot's public address is not allowed in: have it added in CPanel, API Settings";

/// Judges an answer to `asked`. The code is taken out of whatever is shown: a server may repeat what it was sent.
pub(super) fn judge(answer: &Answer, asked: &Asked, code: &SecretString) -> Result<PresenceAnswer, Fault> {
    let success = (200..300).contains(&answer.status);
    let said = match Reply::read(&answer.body) {
        Ok(Reply::Object { top, inner }) => std::iter::once(&top).chain(&inner).find_map(said),
        // Its own answer at such a length, or somebody else's: nobody can tell.
        Err(why) if success => return Err(Fault::unreadable(format!("{why}; whether it was done is not known"))),
        Ok(Reply::Text(_)) | Err(_) => None,
    };
    match said {
        Some(said) if success && said.is_success() => Ok(PresenceAnswer::Done),
        Some(said) if success || (answer.status < 500 && !said.is_success()) => Err(without(&said, code).fault(asked)),
        Some(said) if !said.is_success() => Err(Fault { effect: Effect::Unknown, ..without(&said, code).fault(asked) }),
        Some(_) | None => Err(by_status(answer)),
    }
}

/// The three values, if `Status` is among these members.
fn said(record: &Record) -> Option<Said> {
    let own = |name: &str| record.iter().map(|(own, _)| own).find(|own| own.eq_ignore_ascii_case(name));
    let number = |name: &str| match own(name) {
        None => Number::Absent,
        Some(own) if record.raw(own).is_none_or(|raw| raw.get() == "null") => Number::Absent,
        Some(own) => record.number(own).map_or(Number::Odd, Number::Is),
    };
    let text = |name: &str| own(name).and_then(|own| record.text(own)).filter(|text| !text.trim().is_empty());
    let status = number("Status");
    let status_error = number("StatusError");
    // As it is spelled there; the correct spelling in case that it is mended.
    let message = text("StatusErroMessage").or_else(|| text("StatusErrorMessage"));
    let tells = status != Number::Absent && (status_error != Number::Absent || message.is_some());
    // A `Status` alone may be an envelope's; an envelope's word for it ("ok") is none of ours.
    (tells || matches!(status, Number::Is(_)) && !has_objects(record)).then(|| Said {
        status,
        status_error,
        message: message.unwrap_or_default(),
    })
}

fn has_objects(record: &Record) -> bool {
    record.iter().any(|(_, raw)| raw.get().starts_with(['{', '[']))
}

/// The same without the code in its message, also as it stands in an address.
fn without(said: &Said, code: &SecretString) -> Said {
    let code = code.expose_secret();
    let in_address: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
    let spaced = in_address.replace('+', "%20");
    let message = [code, &in_address, &spaced].into_iter().fold(said.message.clone(), |message, secret| {
        if secret.is_empty() { message } else { message.replace(secret, "(the code)") }
    });
    Said { message, ..said.clone() }
}

/// An answer without the three values, or one whose HTTP status belies them. What it holds is not shown: it may repeat the address and with it the code.
fn by_status(answer: &Answer) -> Fault {
    let status = answer.status;
    let refused = |sentence: String| ErrorKind::Refused(Refusal::Other(sentence));
    let kind = match status {
        200..300 => ErrorKind::Unreadable(format!("it does not hold the documented JSON; {NOT_ALLOWED}")),
        401 | 407 => ErrorKind::SignedOut,
        403 => refused(format!("it turns the bot away (status 403); {NOT_ALLOWED}")),
        404 | 410 => refused(format!("there is nothing at this address (status {status}); have base_url checked")),
        408 => ErrorKind::Unreachable("it did not get the whole request in time (status 408)".to_owned()),
        429 => ErrorKind::RateLimited(answer.wait),
        500.. => ErrorKind::Broken(status),
        _ => refused(format!("it answered with status {status} and names no failure; {NOT_ALLOWED}")),
    };
    // Only a 4xx says that nothing was done.
    let effect = if (400..500).contains(&status) && status != 408 { Effect::None } else { Effect::Unknown };
    Fault { kind, effect, source: None }
}
