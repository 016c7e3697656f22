//! The documented members as fields: what they are called, where they stand, what they hold, how they are changed.
//!
//! Units and ranges are not documented. Times are "unit as in the phone system"; ranges only keep out what no member
//! of their kind can mean.

use crate::{Agent, Change, FieldKey, FieldKind, FieldSpec, FieldValue, Group, Record, Refusal};

const ACCOUNT: Group = Group { key: "account", title: "Account" };
const RIGHTS: Group = Group { key: "rights", title: "Rights and skill" };
const AUTO_ANSWER: Group = Group { key: "auto-answer", title: "Auto-answer" };
const WINDOW: Group = Group { key: "window", title: "What the client shows" };
const CALLS: Group = Group { key: "calls", title: "Calls and reminders" };
const DESKTOP: Group = Group { key: "desktop", title: "Start page and clipboard" };

/// The widest number that fits what these servers store.
const MAX: i64 = i32::MAX as i64;
const ID: FieldKind = FieldKind::Number { min: -1, max: MAX };
const LEVEL: FieldKind = FieldKind::Number { min: 0, max: 9999 };
const TIME: FieldKind = FieldKind::Number { min: 0, max: 3_600_000 };

/// A field and where it stands in the record.
pub(super) struct Member {
    /// The field.
    pub(super) spec: FieldSpec,
    /// Member names from the outside in.
    pub(super) path: &'static [&'static str],
}

/// The fields alone, as the port hands them out.
pub(super) const SPECS: &[FieldSpec] = &{
    let mut specs = [MEMBERS[0].spec; MEMBERS.len()];
    let mut at = 0;
    while at < MEMBERS.len() {
        specs[at] = MEMBERS[at].spec;
        at += 1;
    }
    specs
};

const fn member(
    key: &'static str,
    label: &'static str,
    group: Group,
    kind: FieldKind,
    path: &'static [&'static str],
) -> Member {
    Member { spec: FieldSpec { key, label, group, kind }, path }
}

/// Every field, in the order of its group. "Retrieve specific agent" shows the members.
pub(super) const MEMBERS: &[Member] = &[
    member("login", "Login", ACCOUNT, FieldKind::Text { max: 64 }, &["Login"]),
    member("email", "E-mail or name", ACCOUNT, FieldKind::Text { max: 255 }, &["Details"]),
    member("supervisor", "Supervisor (id, -1: none)", ACCOUNT, ID, &["SupervisorID"]),
    member("domain", "Domain", ACCOUNT, FieldKind::Text { max: 64 }, &["Domain"]),
    member("personal-numbers", "Personal numbers", ACCOUNT, FieldKind::List, &["PersNumbers"]),
    member("rights", "Rights", RIGHTS, LEVEL, &["RightID"]),
    member("supervisor-rights", "Rights as supervisor", RIGHTS, LEVEL, &["SupervisorRightID"]),
    member("default-skill", "Default skill", RIGHTS, LEVEL, &["DefaultSkill"]),
    member(
        "auto-answer-predictive",
        "Predictive calls",
        AUTO_ANSWER,
        FieldKind::Flag,
        &["ClientApp", "AutoAnswer", "Predictive"],
    ),
    member(
        "auto-answer-inbound",
        "Inbound calls",
        AUTO_ANSWER,
        FieldKind::Flag,
        &["ClientApp", "AutoAnswer", "Inbound"],
    ),
    member("auto-answer-manual", "Manual calls", AUTO_ANSWER, FieldKind::Flag, &["ClientApp", "AutoAnswer", "Manual"]),
    member("auto-answer-other", "Other calls", AUTO_ANSWER, FieldKind::Flag, &["ClientApp", "AutoAnswer", "Other"]),
    member("auto-answer-time", "Answer after", AUTO_ANSWER, TIME, &["ClientApp", "AutoAnswer", "Time"]),
    member("show-tree", "Call centre tree", WINDOW, FieldKind::Flag, &["ClientApp", "ShowTreeCC"]),
    member("show-full-tree", "Full call centre tree", WINDOW, FieldKind::Flag, &["ClientApp", "ShowFullTreeCC"]),
    member("show-valid-cb", "Valid CB list", WINDOW, FieldKind::Flag, &["ClientApp", "ShowValidCB"]),
    member("show-pause-popup", "Pause pop-up", WINDOW, FieldKind::Flag, &["ClientApp", "ShowPopupPause"]),
    member("time-warning", "Time warning", CALLS, FieldKind::Flag, &["ClientApp", "TimeWarning"]),
    member("dial-out-time", "Time for dialling out", CALLS, TIME, &["ClientApp", "TimeForDialOut"]),
    member("clerical-reminder", "Clerical reminder", CALLS, TIME, &["ClientApp", "ClericalReminder"]),
    member(
        "reset-voice-channel",
        "Reset the voice channel",
        CALLS,
        FieldKind::Flag,
        &["ClientApp", "ResetVoiceChannel"],
    ),
    member("ring-file", "Ring file (id, -1: none)", CALLS, ID, &["ClientApp", "RingFileID"]),
    member("start-url", "Start page", DESKTOP, FieldKind::Text { max: 2000 }, &["ClientApp", "StartURL"]),
    member(
        "number-to-clipboard",
        "Number into the clipboard",
        DESKTOP,
        FieldKind::Flag,
        &["ClientApp", "AddNrInClipboard"],
    ),
];

/// Documented members that are no fields, and what people call them.
pub(super) const FIXED: &[(&str, &str)] =
    &[("ID", "Id"), ("State", "State"), ("Password", "Password"), ("ClientApp", "Client settings")];

/// A field's value in `agent`.
pub(super) fn value(agent: &Agent, key: &FieldKey) -> Option<FieldValue> {
    let member = MEMBERS.iter().find(|m| m.spec.key == key.0)?;
    let (holder, name) = holder(&agent.record, member.path)?;
    match member.spec.kind {
        FieldKind::Text { .. } => holder.text(name).map(FieldValue::Text),
        FieldKind::Number { .. } => holder.number(name).map(FieldValue::Number),
        FieldKind::List => holder.texts(name).map(FieldValue::List),
        FieldKind::Flag => match (holder.number(name), holder.raw(name)?.get()) {
            (Some(1), _) | (_, "true") => Some(FieldValue::Flag(true)),
            (Some(0), _) | (_, "false") => Some(FieldValue::Flag(false)),
            (Some(_) | None, _) => None,
        },
    }
}

/// The object that holds the last name of `path`, and that name.
pub(super) fn holder<'p>(record: &Record, path: &'p [&'static str]) -> Option<(Record, &'p str)> {
    let (name, outer) = path.split_last()?;
    let mut holder = record.clone();
    for step in outer {
        holder = holder.record(step)?;
    }
    Some((holder, name))
}

/// The body of a partial update: the members that `change` sets to something new.
///
/// `ClientApp` is sent whole, as it stands in `current`: whether the server merges or replaces it is not documented,
/// and this is right either way.
///
/// # Errors
/// A value that cannot be sent.
pub(super) fn change_body(current: &Agent, change: &Change) -> Result<Record, Refusal> {
    let mut body = Record::default();
    for (key, wanted) in change {
        let member = MEMBERS
            .iter()
            .find(|m| m.spec.key == key.0)
            .ok_or_else(|| Refusal::Other(format!("it has no field \"{key}\"")))?;
        check(&member.spec, wanted)?;
        if value(current, key).as_ref() == Some(wanted) {
            continue;
        }
        match member.path {
            [] => {}
            [name] => put(&mut body, name, wanted),
            [outer, inner @ ..] => {
                let held = if body.raw(outer).is_some() { &body } else { &current.record };
                let changed = replaced(nested(held, outer)?, inner, wanted)?;
                body.set(outer, &changed);
            }
        }
    }
    Ok(body)
}

/// `record` with the value at `path` replaced; every other member stays as it is.
fn replaced(mut record: Record, path: &[&'static str], wanted: &FieldValue) -> Result<Record, Refusal> {
    match path {
        [] => {}
        [name] => put(&mut record, name, wanted),
        [outer, inner @ ..] => {
            let changed = replaced(nested(&record, outer)?, inner, wanted)?;
            record.set(outer, &changed);
        }
    }
    Ok(record)
}

/// The object that a member holds; an empty one where there is none.
fn nested(record: &Record, name: &str) -> Result<Record, Refusal> {
    match record.raw(name) {
        None => Ok(Record::default()),
        Some(raw) if raw.get() == "null" => Ok(Record::default()),
        Some(_) => record.record(name).ok_or_else(|| {
            Refusal::Other(format!("its {name} is not a set of members, so that no part of it can be changed"))
        }),
    }
}

fn put(record: &mut Record, name: &str, wanted: &FieldValue) {
    match wanted {
        // Flags are numbers here, never booleans.
        FieldValue::Flag(on) => record.set(name, &u8::from(*on)),
        FieldValue::Number(number) => record.set(name, number),
        FieldValue::Text(text) => record.set(name, text),
        FieldValue::List(list) => record.set(name, list),
    }
}

/// Whether a value is one of its field's kind and range.
fn check(spec: &FieldSpec, wanted: &FieldValue) -> Result<(), Refusal> {
    let fits = match (spec.kind, wanted) {
        (FieldKind::Text { max }, FieldValue::Text(text)) => {
            text.chars().count() <= max && !text.chars().any(char::is_control)
        }
        (FieldKind::Number { min, max }, FieldValue::Number(number)) => (min..=max).contains(number),
        (FieldKind::Flag, FieldValue::Flag(_)) | (FieldKind::List, FieldValue::List(_)) => true,
        (FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Flag | FieldKind::List, _) => false,
    };
    if !fits {
        return Err(Refusal::Other(format!("\"{}\" does not take that value", spec.label)));
    }
    match (spec.key, wanted) {
        ("login", FieldValue::Text(login)) if login.is_empty() => Err(Refusal::InvalidName),
        ("start-url", FieldValue::Text(url))
            if !(url.is_empty() || url.starts_with("http://") || url.starts_with("https://")) =>
        {
            Err(Refusal::Other("the start page must be empty or begin with http:// or https://".to_owned()))
        }
        _ => Ok(()),
    }
}
