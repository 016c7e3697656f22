//! The envelope that every answer comes in, and what its codes mean.
//!
//! `{"error": {"code": 200}, "result": [...]}`: `error` stands there on success, too, and `result` is always a list.
//! How an error looks is not documented beyond two tables of numbers; every shape that the tables allow is read.

use serde_json::value::RawValue;

use super::codes;
use crate::http::{Answer, Fault};
use crate::{Effect, ErrorKind, Record, RecordError, Refusal};

/// Names under which the "Error Details" number may stand, in order.
const DETAIL_NAMES: [&str; 5] = ["detail", "details", "detailCode", "subcode", "id"];

/// Names under which the "Entity Types" number may stand, in order.
const ENTITY_NAMES: [&str; 3] = ["entity", "entityType", "entity_type"];

/// "Entity Types": what an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entity {
    Queue,
    Agent,
    Group,
    Project,
    Pause,
}

impl Entity {
    const fn read(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Queue),
            1 => Some(Self::Agent),
            2 => Some(Self::Group),
            3 => Some(Self::Project),
            4 => Some(Self::Pause),
            _ => None,
        }
    }

    /// In words that begin a sentence in the middle: "a queue still uses it".
    const fn words(self) -> &'static str {
        match self {
            Self::Queue => "a queue",
            Self::Agent => "another agent",
            Self::Group => "a group",
            Self::Project => "a project",
            Self::Pause => "a pause",
        }
    }
}

/// What a request is about. "Entity Types" have no number for extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Agent,
    Extension,
}

/// Opens an answer about agents: the objects in `result`, each as it came.
pub(super) fn open(answer: &Answer) -> Result<Vec<Box<RawValue>>, Fault> {
    open_about(answer, Subject::Agent)
}

/// Opens an answer: the objects in `result`, each as it came.
pub(super) fn open_about(answer: &Answer, subject: Subject) -> Result<Vec<Box<RawValue>>, Fault> {
    let success = (200..300).contains(&answer.status);
    if answer.status == 204 && answer.body.is_empty() {
        return Ok(Vec::new());
    }
    let envelope = match read(&answer.body) {
        Ok(envelope) => envelope,
        Err(what) if success => return Err(Fault::unreadable(what)),
        Err(_) => return Err(failure(answer, None, None, subject)),
    };
    let error = Verdict::read(&envelope);
    match error {
        Verdict::Missing | Verdict::Code(200..300) if success => items(&envelope),
        Verdict::Missing | Verdict::Code(200..300) => Err(failure(answer, None, None, subject)),
        Verdict::Code(code) => Err(failure(answer, Some(code), envelope.record("error").as_ref(), subject)),
        Verdict::Unclear => {
            let error = envelope.record("error");
            if success && error.as_ref().and_then(|e| number(e, &DETAIL_NAMES, 100..=106)).is_none() {
                return Err(Fault::unreadable("error.code is neither a number nor missing"));
            }
            Err(failure(answer, None, error.as_ref(), subject))
        }
    }
}

/// What `error` says.
enum Verdict {
    /// There is none.
    Missing,
    /// Its code.
    Code(i64),
    /// It is there, without a code that can be read.
    Unclear,
}

impl Verdict {
    fn read(envelope: &Record) -> Self {
        let Some(name) = name_of(envelope, "error") else { return Self::Missing };
        if envelope.raw(name).is_none_or(|raw| raw.get() == "null") {
            return Self::Missing;
        }
        if let Some(code) = envelope.number(name) {
            return Self::Code(code);
        }
        let error = envelope.record(name).unwrap_or_default();
        name_of(&error, "code").and_then(|name| error.number(name)).map_or(Self::Unclear, Self::Code)
    }
}

/// A member's own spelling of its name.
fn name_of<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.iter().map(|(own, _)| own).find(|own| own.eq_ignore_ascii_case(name))
}

fn read(body: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(body).map_err(|e| format!("it is not UTF-8 (byte {})", e.valid_up_to()))?;
    // Some servers put a byte order mark in front.
    let text = text.trim_start_matches('\u{feff}');
    Record::parse(text).map_err(|e| format!("its top level {}", wrong_with(text, &e)))
}

fn items(envelope: &Record) -> Result<Vec<Box<RawValue>>, Fault> {
    let raw = envelope.raw("result").ok_or_else(|| Fault::unreadable("result is missing"))?;
    serde_json::from_str(raw.get()).map_err(|_| Fault::unreadable("result is not a list"))
}

/// What is wrong with a text that should be an object, in words that hold none of its values.
pub(super) fn wrong_with(text: &str, error: &RecordError) -> String {
    let RecordError::Malformed(error) = error;
    if error.is_data() && text.trim_start().starts_with('{') {
        "names a member twice".to_owned()
    } else if error.is_data() {
        "is not an object".to_owned()
    } else {
        format!("is not JSON (line {}, column {})", error.line(), error.column())
    }
}

/// The first of these members that holds a number in `range`, blind to case.
fn number(error: &Record, names: &[&str], range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    names.iter().filter_map(|name| error.number(name_of(error, name)?)).find(|n| range.contains(n))
}

/// What an answer that is no success means.
fn failure(answer: &Answer, code: Option<i64>, error: Option<&Record>, subject: Subject) -> Fault {
    let status = i64::from(answer.status);
    let code = code.unwrap_or(status);
    // Only a 4xx or a documented reason says that nothing was done, and only from a server that did not stumble.
    let stumbled = status >= 500 || code >= 500;
    let mut effect = if (400..500).contains(&code) && !stumbled { Effect::None } else { Effect::Unknown };
    let detail = error.and_then(|e| number(e, &DETAIL_NAMES, 100..=106));
    let entity = error.and_then(|e| number(e, &ENTITY_NAMES, 0..=4)).and_then(Entity::read);
    let kind = match code {
        _ if status == 401 || code == 401 => ErrorKind::SignedOut,
        _ if status == 429 || code == 429 => ErrorKind::RateLimited(answer.wait),
        404 | 410 => ErrorKind::NotFound,
        // 499 is "network or local error" here, or the usual "client closed request"; neither says what was done.
        408 | 444 | 499 | 599 => {
            effect = Effect::Unknown;
            ErrorKind::Unreachable(format!("it says that its own connection failed (code {code})"))
        }
        _ => match detail {
            Some(detail) => {
                if !stumbled {
                    effect = Effect::None;
                }
                ErrorKind::Refused(match subject {
                    Subject::Agent => refusal(detail, entity),
                    Subject::Extension => refusal_of_extension(detail, entity),
                })
            }
            None => by_code(code),
        },
    };
    Fault { kind, effect, source: None }
}

fn by_code(code: i64) -> ErrorKind {
    match code {
        400 | 422 => ErrorKind::Refused(Refusal::InvalidParameters),
        403 => ErrorKind::Refused(Refusal::NotPermitted),
        0 | 500..=599 => ErrorKind::Broken(u16::try_from(code).unwrap_or_default()),
        _ => ErrorKind::Refused(Refusal::Other(codes::sentence(code))),
    }
}

/// "Error Details" crossed with "Entity Types".
fn refusal(detail: i64, entity: Option<Entity>) -> Refusal {
    match (detail, entity) {
        (100, None | Some(Entity::Agent)) => Refusal::InvalidParameters,
        (100, Some(other)) => Refusal::Other(format!("it does not take what it was told about {}", other.words())),
        (101, None | Some(Entity::Agent)) => Refusal::InvalidName,
        (101, Some(other)) => Refusal::Other(format!("it does not take the name of {}", other.words())),
        (102, None | Some(Entity::Agent)) => Refusal::NameTaken,
        (102, Some(other)) => Refusal::Other(format!("{} already has that name", other.words())),
        (103, _) => Refusal::NotPermitted,
        (106, entity) => Refusal::InUse(entity.map(Entity::words)),
        (105, Some(Entity::Agent)) => {
            Refusal::Other("it has another reason to do with an agent, which it does not name (105)".to_owned())
        }
        (105, None) => Refusal::Other("it has another reason, which it does not name (105)".to_owned()),
        (105, Some(about)) => {
            Refusal::Other(format!("it has another reason to do with {}, which it does not name (105)", about.words()))
        }
        (unnamed, _) => Refusal::Other(format!("its reason ({unnamed}) is left blank in its own documents")),
    }
}

/// The same about an extension: no entity is one, so that an error without an entity is about the extension itself.
fn refusal_of_extension(detail: i64, entity: Option<Entity>) -> Refusal {
    let about = entity.map(|entity| if entity == Entity::Agent { "an agent" } else { entity.words() });
    Refusal::Other(match (detail, about) {
        (100, None) => return Refusal::InvalidParameters,
        (100, Some(about)) => {
            format!("it does not take what it was told about {about}; check what the extension names")
        }
        (101, None) => "it does not take that name; choose another".to_owned(),
        (101, Some(about)) => format!("it does not take the name of {about}; check what the extension names"),
        (102, None) => "another extension already has that name; choose another".to_owned(),
        (102, Some(about)) => format!("{about} already has that name; choose another"),
        (103, _) => return Refusal::NotPermitted,
        (106, about) => return Refusal::InUse(about),
        (105, None) => "it has a reason that it does not name (105); ask whoever looks after it".to_owned(),
        (105, Some(about)) => {
            format!("it has a reason to do with {about}, which it does not name (105); ask whoever looks after it")
        }
        (unnamed, _) => {
            format!("its reason ({unnamed}) is left blank in its own documents; ask whoever looks after it")
        }
    })
}
