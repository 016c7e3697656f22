//! What is registered with Discord. Commands belong to a guild and to nobody's direct messages, and hidden from nobody:
//! the bot alone decides and refuses.
//!
//! See [Discord docs/Application Commands], read 2026-11-21.

use serde_json::{Map, Value};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{CommandOptionType, CommandType, InstallationContext, InteractionContext};

use crate::command::ROSTER;
use crate::surface::{Blank, Entry, Need, OptionSpec, Shape};
use crate::{RequestNumber, Since};

/// Every command as serenity's builder. Send [`surface_json`] instead of these: serenity writes members that Discord's
/// own document does not have (`nsfw`, and `channel_types` or `choices` on options of every type).
#[must_use]
pub fn definitions() -> Vec<CreateCommand> {
    let mut commands: Vec<(&'static str, CreateCommand)> = Vec::new();
    for entry in ROSTER {
        let Some(group) = entry.group else {
            commands.push((entry.leaf(), command(entry.leaf(), entry.about).set_options(options_of(entry))));
            continue;
        };
        let leaf = CreateCommandOption::new(CommandOptionType::SubCommand, entry.leaf(), entry.about)
            .set_sub_options(options_of(entry));
        let at = commands.iter().position(|(name, _)| *name == group.name);
        let (_, whole) = match at {
            Some(at) => commands.remove(at),
            None => (group.name, command(group.name, group.about)),
        };
        commands.insert(at.unwrap_or(commands.len()), (group.name, whole.add_option(leaf)));
    }
    commands.into_iter().map(|(_, command)| command).collect()
}

fn command(name: &str, about: &str) -> CreateCommand {
    CreateCommand::new(name)
        .kind(CommandType::ChatInput)
        .description(about)
        .contexts(vec![InteractionContext::Guild])
        .integration_types(vec![InstallationContext::Guild])
}

fn options_of(entry: &Entry) -> Vec<CreateCommandOption> {
    entry.options.iter().map(option).collect()
}

fn option(spec: &OptionSpec) -> CreateCommandOption {
    let of = |kind| CreateCommandOption::new(kind, spec.name, spec.about).required(spec.need == Need::Required);
    match spec.shape {
        Shape::Text { max, blank, completes } => {
            let option = of(CommandOptionType::String).max_length(max).set_autocomplete(completes.is_some());
            match blank {
                Blank::Refused => option.min_length(1),
                Blank::Clears => option,
            }
        }
        Shape::Choice(words) => {
            words.iter().fold(of(CommandOptionType::String), |option, word| option.add_string_choice(*word, *word))
        }
        Shape::Number { min, max } => {
            // serenity has no negative limits for whole numbers: below zero only the reader refuses.
            let option = of(CommandOptionType::Integer).max_int_value(max.unsigned_abs());
            match u64::try_from(min) {
                Ok(min) => option.min_int_value(min),
                Err(_) => option,
            }
        }
        Shape::User => of(CommandOptionType::User),
        Shape::Request => of(CommandOptionType::String)
            .min_length(1)
            .max_length(RequestNumber::LONGEST)
            .set_autocomplete(spec.shape.completes().is_some()),
        Shape::Since => of(CommandOptionType::String).min_length(2).max_length(Since::LONGEST_TEXT),
        Shape::File { .. } => of(CommandOptionType::Attachment),
    }
}

/// The JSON array that Discord registers, as `rollcall commands` prints it: members that say nothing (null, false, empty)
/// are left out.
#[must_use]
pub fn surface_json() -> Value {
    // Built of texts, numbers and lists: writing it cannot fail, and the tests hold what it is.
    let whole = serde_json::to_value(definitions()).unwrap_or_default();
    spoken(whole).unwrap_or_default()
}

/// A value without the members that say nothing; `None` when nothing is left of it.
pub(crate) fn spoken(value: Value) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Array(items) => {
            let items: Vec<_> = items.into_iter().filter_map(spoken).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let members: Map<_, _> = members.into_iter().filter_map(|(k, v)| Some((k, spoken(v)?))).collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Value::Bool(true) | Value::Number(_) | Value::String(_) => Some(value),
    }
}
