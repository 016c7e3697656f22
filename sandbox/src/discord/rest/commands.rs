//! Registered commands: those of the guild. See [Discord Docs/Application Commands].

use super::{
    super::{
        ids::CommandId,
        refusal::{Form, Refusal},
        state::State,
        validate::command::{COMMANDS, definition},
    },
    Answer, Call,
    places::the_guild,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Everything behind `/applications/{application}`.
pub(super) fn route(state: &mut State, call: &Call, rest: &[&str]) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("GET", ["commands"]) => Ok(Answer::ok(json!([]))),
        ("PUT", ["commands"]) if call.body == json!([]) => Ok(Answer::ok(json!([]))),
        (_, ["guilds", guild, "commands", rest @ ..]) => {
            the_guild(state, guild)?;
            of_guild(state, call, rest)
        }
        (method, _) => Err(Refusal::NotModelled(format!("{method} applications/…/{}", rest.join("/")))),
    }
}

fn of_guild(state: &mut State, call: &Call, rest: &[&str]) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(Answer::ok(all(state, call.says("with_localizations")))),
        ("PUT", []) => overwrite(state, &call.body),
        ("POST", []) => create(state, &call.body),
        ("GET", [id]) => Ok(Answer::ok(found(state, id)?.1)),
        ("DELETE", [id]) => {
            let (id, _) = found(state, id)?;
            state.commands.remove(&id);
            Ok(Answer::nothing())
        }
        ("PATCH", [id]) => {
            let (id, mut command) = found(state, id)?;
            for (name, value) in call.body.as_object().into_iter().flatten() {
                command[name.as_str()] = value.clone();
            }
            let checked = checked(&command)?;
            Ok(Answer::ok(keep(state, id, checked)))
        }
        (method, _) => Err(Refusal::NotModelled(format!("{method} of commands"))),
    }
}

fn found(state: &State, id: &str) -> Result<(CommandId, Value), Refusal> {
    let id: CommandId = id.parse().map_err(|_| Refusal::UnknownCommand)?;
    state.commands.get(&id).cloned().map(|command| (id, command)).ok_or(Refusal::UnknownCommand)
}

fn checked(command: &Value) -> Result<Value, Refusal> {
    let mut form = Form::default();
    let stored = definition(&mut form, "", command);
    form.verdict()?;
    Ok(stored)
}

fn all(state: &State, with_localizations: bool) -> Value {
    let mut commands: Vec<Value> = state.commands.values().cloned().collect();
    if !with_localizations {
        commands.iter_mut().for_each(without_localizations);
    }
    json!(commands)
}

/// Discord leaves translations out unless asked for them.
fn without_localizations(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| name != "name_localizations" && name != "description_localizations");
            members.values_mut().for_each(without_localizations);
        }
        Value::Array(items) => items.iter_mut().for_each(without_localizations),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `POST`: creates, or overwrites the one of the same name.
fn create(state: &mut State, body: &Value) -> Result<Answer, Refusal> {
    let stored = checked(body)?;
    let known = id_by_name(state, &stored);
    if known.is_none() && state.commands.len() >= COMMANDS {
        let mut form = Form::default();
        form.fault(
            "",
            "APPLICATION_COMMANDS_LIMIT",
            format!("Maximum number of application commands reached ({COMMANDS})"),
        );
        return Err(Refusal::InvalidForm(form));
    }
    let id = known.unwrap_or_else(|| CommandId(state.mint.next()));
    let command = keep(state, id, stored);
    Ok(if known.is_some() { Answer::ok(command) } else { Answer::created(command) })
}

/// `PUT`: these and no others.
fn overwrite(state: &mut State, body: &Value) -> Result<Answer, Refusal> {
    let mut form = Form::default();
    let commands = super::super::validate::list(&mut form, "", body, 0..=COMMANDS);
    let mut names = BTreeSet::new();
    let mut checked = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        checked.push(definition(&mut form, &index.to_string(), command));
        if !names.insert(command["name"].as_str().unwrap_or_default()) {
            let message = "Application command names must be unique";
            form.fault(&index.to_string(), "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
    }
    form.verdict()?;
    let mut kept = BTreeMap::new();
    for command in checked {
        let id = id_by_name(state, &command).unwrap_or_else(|| CommandId(state.mint.next()));
        keep(state, id, command);
        if let Some(stored) = state.commands.get(&id) {
            kept.insert(id, stored.clone());
        }
    }
    state.commands = kept;
    state.note(format!("{} command(s) are registered", state.commands.len()));
    Ok(Answer::ok(all(state, true)))
}

fn id_by_name(state: &State, command: &Value) -> Option<CommandId> {
    state.commands.iter().find(|(_, known)| known["name"] == command["name"]).map(|(id, _)| *id)
}

/// Stores a command under its id, with what Discord adds; a new version only if it says something new.
fn keep(state: &mut State, id: CommandId, mut command: Value) -> Value {
    let defaults = json!({
        "type": 1,
        "default_member_permissions": null,
        "nsfw": false,
        "contexts": null,
        "integration_types": [0],
        "dm_permission": true,
        "name_localizations": null,
        "description_localizations": null,
    });
    for (name, value) in defaults.as_object().into_iter().flatten() {
        if command.get(name).is_none() {
            command[name.as_str()] = value.clone();
        }
    }
    command["id"] = json!(id);
    command["application_id"] = json!(state.bot.application);
    command["guild_id"] = json!(state.guild);
    let version = state.commands.get(&id).map(|known| known["version"].clone());
    command["version"] = version.unwrap_or_else(|| json!(id));
    if state.commands.get(&id).is_some_and(|known| *known != command) {
        command["version"] = json!(state.mint.next().to_string());
    }
    state.commands.insert(id, command.clone());
    command
}
