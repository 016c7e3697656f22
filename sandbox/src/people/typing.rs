//! A typed line becomes an interaction's data, or is refused, as Discord's client does it against what the bot has
//! registered.

use crate::discord::{
    events,
    files::{File, LARGEST},
    ids::{ChannelId, RoleId, UserId},
    state::{Channel, State},
    validate::{
        command::{ATTACHMENT, INTEGER, NUMBER, STRING, SUB_COMMAND, SUB_COMMAND_GROUP, TEXT},
        length,
    },
};
use serde_json::{Value, json};

/// One choice of an autocomplete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the person reads.
    pub name: String,
    /// What is sent when it is picked; numbers as text.
    pub value: String,
}

/// Whether a line is sent or still being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Sent,
    /// The last option is the one that is being filled.
    Typing,
}

#[derive(Default)]
struct Named {
    users: Vec<UserId>,
    roles: Vec<RoleId>,
    channels: Vec<ChannelId>,
    files: Vec<File>,
}

/// Who types, and where.
pub(super) struct Typist<'a> {
    pub(super) user: UserId,
    pub(super) channel: ChannelId,
    /// Where this Discord listens: the files lie there, too.
    pub(super) origin: &'a str,
}

/// The data of a typed command. Files that it names are uploaded if it is sent.
pub(super) fn read(state: &mut State, typist: &Typist<'_>, line: &str, how_far: Stage) -> Result<Value, String> {
    let line = line.strip_prefix('/').ok_or("a command begins with a slash")?;
    let (name, mut rest) = word(line);
    let command = state.commands.values().find(|command| command["name"] == name);
    let known = || names(state.commands.values());
    let command = command.ok_or_else(|| format!("there is no command /{name}; there are: {}", known()))?.clone();
    let mut path: Vec<&Value> = Vec::new();
    let mut level = &command;
    while let Some(nested) = nested(level) {
        let (name, after) = word(rest);
        let found = nested.iter().find(|option| option["name"] == name);
        level = found.ok_or_else(|| format!("{:?} is none of: {}", name, names(nested.iter())))?;
        path.push(level);
        rest = after;
    }
    let mut named = Named::default();
    let mut options = values(state, typist, level, rest, how_far, &mut named)?;
    for option in path.iter().rev() {
        options = vec![json!({ "name": option["name"], "type": option["type"], "options": options })];
    }
    let mut data = json!({
        "id": command["id"],
        "name": command["name"],
        "type": 1,
        "guild_id": state.guild,
        "options": options,
    });
    if !(named.users.is_empty() && named.roles.is_empty() && named.channels.is_empty()) {
        data["resolved"] = events::resolved(state, &named.users, &named.roles, &named.channels);
    }
    for file in named.files {
        data["resolved"]["attachments"][file.id.to_string()] = file.json(typist.origin);
        state.files.uploaded.insert(file.id, file);
    }
    Ok(data)
}

fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn names<'a>(things: impl Iterator<Item = &'a Value>) -> String {
    things.filter_map(|thing| thing["name"].as_str()).collect::<Vec<_>>().join(", ")
}

/// The subcommands or groups of a level, if it has any.
fn nested(level: &Value) -> Option<&Vec<Value>> {
    let options = level["options"].as_array()?;
    let first = options.first()?["type"].as_u64()?;
    matches!(first, SUB_COMMAND | SUB_COMMAND_GROUP).then_some(options)
}

fn values(
    state: &mut State,
    typist: &Typist<'_>,
    level: &Value,
    rest: &str,
    how_far: Stage,
    named: &mut Named,
) -> Result<Vec<Value>, String> {
    let definitions = level["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let typed = split(rest, definitions)?;
    let mut options: Vec<Value> = Vec::new();
    for (index, (definition, text)) in typed.iter().enumerate() {
        let name = definition["name"].as_str().unwrap_or_default();
        if options.iter().any(|option| option["name"] == name) {
            return Err(format!("`{name}` is given twice"));
        }
        let kind = definition["type"].as_u64().unwrap_or_default();
        if how_far == Stage::Typing && index + 1 == typed.len() {
            if definition["autocomplete"] != true {
                return Err(format!("`{name}` has no autocomplete"));
            }
            // While it is being typed, Discord sends whatever stands there, as text.
            options.push(json!({ "name": name, "type": kind, "value": text, "focused": true }));
        } else if kind == ATTACHMENT && how_far == Stage::Typing {
            // A file is uploaded when the line is sent, not before.
        } else if !text.is_empty() {
            let value = value(state, typist, definition, text, named).map_err(|why| format!("`{name}`: {why}"))?;
            options.push(json!({ "name": name, "type": kind, "value": value }));
        }
    }
    let given = |name: &Value| options.iter().any(|option| option["name"] == *name);
    let missing = definitions.iter().find(|it| it["required"] == true && !given(&it["name"]));
    match (missing, how_far) {
        (Some(missing), Stage::Sent) => Err(format!("`{}` is required", missing["name"].as_str().unwrap_or_default())),
        (None, Stage::Typing) if typed.is_empty() => Err("nothing is being typed".to_owned()),
        (Some(_), Stage::Typing) | (None, Stage::Sent | Stage::Typing) => Ok(options),
    }
}

/// Splits `name:value name:value`; a value runs to the next option's name, or to its closing quote.
fn split<'a>(text: &str, definitions: &'a [Value]) -> Result<Vec<(&'a Value, String)>, String> {
    let mut typed = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (definition, after) = option_at(rest, definitions).ok_or_else(|| {
            format!("{:?} begins with no option of this command; there are: {}", rest, names(definitions.iter()))
        })?;
        let (value, next) = quoted(after).unwrap_or_else(|| {
            let end = next_option(after, definitions);
            (after[..end].trim().to_owned(), &after[end..])
        });
        typed.push((definition, value));
        rest = next.trim_start();
    }
    Ok(typed)
}

fn option_at<'a, 'b>(text: &'b str, definitions: &'a [Value]) -> Option<(&'a Value, &'b str)> {
    let (name, after) = text.split_once(':')?;
    definitions.iter().find(|option| option["name"] == name).map(|option| (option, after))
}

/// A value in quotes, which must be followed by a blank or the end.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let (end, _) = inner.match_indices('"').find(|(at, _)| {
        let after = &inner[at + 1..];
        after.is_empty() || after.starts_with(char::is_whitespace)
    })?;
    Some((inner[..end].to_owned(), &inner[end + 1..]))
}

fn next_option(text: &str, definitions: &[Value]) -> usize {
    let starts =
        text.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(at, letter)| at + letter.len_utf8());
    starts.into_iter().find(|at| option_at(&text[*at..], definitions).is_some()).unwrap_or(text.len())
}

fn value(
    state: &mut State,
    typist: &Typist<'_>,
    definition: &Value,
    text: &str,
    named: &mut Named,
) -> Result<Value, String> {
    let kind = definition["type"].as_u64().unwrap_or_default();
    if let Some(choices) = definition["choices"].as_array().filter(|choices| !choices.is_empty()) {
        let number = |value: &Value| {
            value.as_f64().zip(text.parse::<f64>().ok()).is_some_and(|(choice, typed)| choice.total_cmp(&typed).is_eq())
        };
        let is = |it: &&Value| it["name"] == text || it["value"] == text || number(&it["value"]);
        let found = choices.iter().find(is);
        return found
            .map(|choice| choice["value"].clone())
            .ok_or_else(|| format!("{text:?} is none of: {}", names(choices.iter())));
    }
    match kind {
        TEXT => {
            let found = u64::try_from(length(text)).unwrap_or(u64::MAX);
            let least = definition["min_length"].as_u64().unwrap_or_default();
            let most = definition["max_length"].as_u64().unwrap_or(STRING);
            let fits = (least..=most).contains(&found);
            fits.then(|| json!(text)).ok_or_else(|| format!("takes {least} to {most} characters"))
        }
        INTEGER => number(definition, json!(text.parse::<i64>().map_err(|_| "is no whole number")?)),
        NUMBER => number(definition, json!(text.parse::<f64>().map_err(|_| "is no number")?)),
        5 => match text.to_lowercase().as_str() {
            "true" => Ok(json!(true)),
            "false" => Ok(json!(false)),
            _ => Err("is True or False".to_owned()),
        },
        6 => user(state, text, named),
        7 => channel(state, text, named),
        8 => role(state, text, named),
        9 => user(state, text, named).or_else(|_| role(state, text, named)),
        ATTACHMENT => file(state, typist, text, named),
        kind => Err(format!("options of type {kind} are not modelled")),
    }
}

fn number(definition: &Value, value: Value) -> Result<Value, String> {
    let found = value.as_f64().unwrap_or_default();
    let low = definition["min_value"].as_f64().is_some_and(|least| found < least);
    let high = definition["max_value"].as_f64().is_some_and(|most| found > most);
    if low || high {
        Err(format!("takes {} to {}", definition["min_value"], definition["max_value"]))
    } else {
        Ok(value)
    }
}

/// The inside of `<@…>`, `<@&…>` or `<#…>`.
fn inside<'a>(text: &'a str, opening: &str) -> Option<&'a str> {
    text.strip_prefix(opening)?.strip_suffix('>')
}

fn user(state: &State, text: &str, named: &mut Named) -> Result<Value, String> {
    let by_id = inside(text, "<@").and_then(|id| id.parse().ok()).filter(|id| state.accounts.contains_key(id));
    let name = text.trim_start_matches('@');
    let by_name = || state.accounts.values().find(|it| it.username == name || it.display_name == name).map(|it| it.id);
    let id = by_id.or_else(by_name).ok_or_else(|| format!("there is nobody called {text:?}"))?;
    named.users.push(id);
    Ok(json!(id))
}

fn role(state: &State, text: &str, named: &mut Named) -> Result<Value, String> {
    let wanted = inside(text, "<@&").unwrap_or_else(|| text.trim_start_matches(['@', '&']));
    let found = state.roles.iter().find(|role| role.name == wanted || role.id.to_string() == wanted);
    let id = found.map(|role| role.id).ok_or_else(|| format!("there is no role {text:?}"))?;
    named.roles.push(id);
    Ok(json!(id))
}

fn channel(state: &State, text: &str, named: &mut Named) -> Result<Value, String> {
    let wanted = inside(text, "<#").unwrap_or_else(|| text.trim_start_matches('#'));
    let found = state.channels.values().find(|channel| match channel {
        Channel::Text { id, name, .. } => name == wanted || id.to_string() == wanted,
        Channel::Direct { .. } => false,
    });
    let id = found.map(Channel::id).ok_or_else(|| format!("there is no channel {text:?}"))?;
    named.channels.push(id);
    Ok(json!(id))
}

/// A file that was put at hand under this name, as the client uploads it.
fn file(state: &mut State, typist: &Typist<'_>, name: &str, named: &mut Named) -> Result<Value, String> {
    let file = File::upload(state, typist.user, name, typist.channel);
    let file = file.ok_or_else(|| format!("there is no file {name:?} at hand; attach one first"))?;
    if file.bytes.len() > LARGEST {
        return Err(format!("{name:?} is too large: at most {LARGEST} bytes can be attached"));
    }
    let id = json!(file.id);
    named.files.push(file);
    Ok(id)
}
