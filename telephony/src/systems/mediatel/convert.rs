//! Between Mediatel's records and our agents, and the bodies of what is written. No I/O.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::value::RawValue;

use super::password::Stored;
use super::secrets::strip;
use super::wire::wrong_with;
use crate::{Agent, AgentId, AgentState, Difference, NewAgent, PersonalNumbers, Record, Rights};

/// An agent as it was read, and apart from it what its `Password` held.
#[derive(Debug)]
pub(super) struct Read {
    /// The agent, without the password.
    pub(super) agent: Agent,
    /// The password's stored form.
    pub(super) stored: Stored,
}

/// Reads one record of `result`; `path` says where it stood.
///
/// # Errors
/// What is wrong, with its path and without its value.
pub(super) fn read(raw: &RawValue, path: &str) -> Result<Read, String> {
    let mut record = Record::parse(raw.get()).map_err(|e| format!("{path} {}", wrong_with(raw.get(), &e)))?;
    let stored = take_password(&mut record);
    let id = record.number("ID").filter(|id| *id >= 0).ok_or_else(|| format!("{path}.ID is not an id"))?;
    let login = record.text("Login").ok_or_else(|| format!("{path}.Login is not text"))?;
    let state = match record.number("State") {
        Some(1) => AgentState::Enabled,
        Some(0) => AgentState::Disabled,
        Some(_) | None => AgentState::Unknown,
    };
    let agent = Agent {
        id: AgentId::new(id.to_string()),
        login,
        name: record.text("Details").unwrap_or_default(),
        state,
        rights: Rights { agent: record.number("RightID"), supervisor: record.number("SupervisorRightID") },
        personal_numbers: record.texts("PersNumbers").unwrap_or_default(),
        record,
    };
    Ok(Read { agent, stored })
}

/// Takes the password out, however its name is spelled, and any other, so that nothing which leaves the client holds one.
fn take_password(record: &mut Record) -> Stored {
    let mut names: Vec<String> =
        record.iter().map(|(name, _)| name.to_owned()).filter(|name| name.eq_ignore_ascii_case("password")).collect();
    // The documented spelling decides where there are several.
    names.sort_by_key(|name| name != "Password");
    let mut stored = None;
    for name in names {
        let raw = record.remove(&name);
        stored = stored.or(raw);
    }
    strip(record);
    Stored::from_json(stored.as_deref().map(RawValue::get))
}

/// The body that creates an agent: the source, member for member, save what is replaced.
///
/// See "Add new agent": the documented body begins with the password and has the id -1.
pub(super) fn create_body(new: &NewAgent<'_>, password: &SecretString) -> Record {
    let mut body = Record::default();
    body.set("Password", password.expose_secret());
    for (name, value) in new.source.record.iter() {
        body.set(name, value);
    }
    body.set("ID", &-1);
    replace(&mut body, new.login, new.details, new.personal_numbers);
    body
}

/// What a clone replaces, beside the id and the password.
fn replace(record: &mut Record, login: &str, details: &str, personal_numbers: PersonalNumbers) {
    record.set("Login", login);
    record.set("Details", details);
    record.set("State", &1);
    match personal_numbers {
        PersonalNumbers::Copy => {}
        PersonalNumbers::Clear => record.set("PersNumbers", &[(); 0]),
    }
}

/// The members that a clone replaces.
pub(super) const fn replaced(personal_numbers: PersonalNumbers) -> &'static [&'static str] {
    match personal_numbers {
        PersonalNumbers::Copy => &["ID", "Login", "Details", "State"],
        PersonalNumbers::Clear => &["ID", "Login", "Details", "State", "PersNumbers"],
    }
}

/// Where a created agent is not what was asked for.
pub(super) fn deviations(
    source: &Agent,
    created: &Agent,
    login: &str,
    details: &str,
    personal_numbers: PersonalNumbers,
) -> Vec<Difference> {
    let mut asked = source.record.clone();
    replace(&mut asked, login, details, personal_numbers);
    let mut differences = asked.differences(&created.record);
    differences.retain(|d| d.path != "ID");
    differences
}
