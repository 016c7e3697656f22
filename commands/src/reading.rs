//! Reads Discord's options into a [`Command`], or says in one sentence what is wrong with them.
//!
//! Everything here was typed by people or made up by their clients: nothing is taken on trust, and nothing is echoed
//! that could be markup.

use std::fmt;

use serenity::model::application::{
    CommandData, CommandDataOption, CommandDataOptionValue, CommandDataResolved, CommandType,
};

use crate::command::ROSTER;
use crate::surface::{Blank, Entry, Need, OptionSpec, Raw, Shape, Value};
use crate::{AttachedFile, Command, RequestNumber, Since};

/// Why an interaction is not a command. Its text is one sentence or two for the person who typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Discord has a command registered that this version does not have.
    #[error(
        "This version of Rollcall does not know /{command}. Ask whoever installed it whether it was updated; \
         nothing was changed."
    )]
    UnknownCommand {
        /// The command, without its slash; letters, digits, `-`, `_` and spaces only.
        command: String,
    },
    /// An option is wrong.
    #[error("{problem} Nothing was changed; please send {command} again.")]
    Option {
        /// The command, as people type it.
        command: &'static str,
        /// The option; letters, digits, `-` and `_` only.
        option: String,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with an option; its text is one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The command has no such option.
    Unknown {
        /// Which option.
        option: String,
        /// The ones it has.
        takes: Vec<&'static str>,
    },
    /// It must be filled in and is not.
    Missing {
        /// Which option.
        option: &'static str,
        /// What it takes: "at most 64 characters".
        takes: String,
    },
    /// It came more than once.
    Twice {
        /// Which option.
        option: &'static str,
    },
    /// It holds something that it does not take: another type, too long, out of range.
    Unfit {
        /// Which option.
        option: &'static str,
        /// What it takes: "at most 64 characters".
        takes: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { option, takes } if takes.is_empty() => {
                write!(f, "There is no option {option} here; this command takes none.")
            }
            Self::Unknown { option, takes } => {
                write!(f, "There is no option {option} here; this command takes {}.", listed(takes, "and"))
            }
            Self::Missing { option, takes } => write!(f, "The option {option} must be filled in; it takes {takes}."),
            Self::Twice { option } => write!(f, "The option {option} came twice; it takes one value."),
            Self::Unfit { option, takes } => write!(f, "The option {option} takes {takes}."),
        }
    }
}

/// Reads a slash command.
///
/// # Errors
/// [`ReadError`] when the command is unknown to this version or an option is unknown, missing, doubled or does not hold
/// what it takes.
pub fn read(data: &CommandData) -> Result<Command, ReadError> {
    let entry = entry_of(data).ok_or_else(|| ReadError::UnknownCommand { command: path(data) })?;
    let mut given = Given::check(entry, leaf_options(data), &data.resolved)?;
    (entry.read)(&mut given)
}

/// The roster's line for an interaction.
pub(crate) fn entry_of(data: &CommandData) -> Option<&'static Entry> {
    if data.kind != CommandType::ChatInput {
        return None;
    }
    let subcommand = match data.options.as_slice() {
        [CommandDataOption { name, value: CommandDataOptionValue::SubCommand(_), .. }] => Some(name.as_str()),
        [CommandDataOption { value: CommandDataOptionValue::SubCommandGroup(_), .. }] => return None,
        _ => None,
    };
    ROSTER.iter().find(|entry| match (entry.group, subcommand) {
        (Some(group), Some(leaf)) => data.name == group.name && leaf == entry.leaf(),
        (None, None) => data.name == entry.leaf(),
        (Some(_), None) | (None, Some(_)) => false,
    })
}

/// The options of the command or subcommand itself.
pub(crate) fn leaf_options(data: &CommandData) -> &[CommandDataOption] {
    match data.options.as_slice() {
        [CommandDataOption { value: CommandDataOptionValue::SubCommand(options), .. }] => options,
        options => options,
    }
}

/// What was typed, as far as it can be named: `agent delete`.
fn path(data: &CommandData) -> String {
    let mut path = shown(&data.name);
    let mut options = data.options.as_slice();
    while let [
        CommandDataOption {
            name,
            value: CommandDataOptionValue::SubCommand(inner) | CommandDataOptionValue::SubCommandGroup(inner),
            ..
        },
    ] = options
    {
        if path.split(' ').count() == 3 {
            break;
        }
        path = format!("{path} {}", shown(name));
        options = inner;
    }
    path
}

/// A name that came from outside, safe to print: at most 32 characters, as Discord's names have.
fn shown(name: &str) -> String {
    name.chars().take(32).map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '?' }).collect()
}

/// Options that were checked against their shapes.
#[derive(Debug)]
pub(crate) struct Given {
    command: &'static str,
    values: Vec<(&'static OptionSpec, Raw)>,
}

impl Given {
    /// Checks every option; afterwards each one is known, single, and holds what its shape says, and none is missing.
    fn check(
        entry: &'static Entry,
        options: &[CommandDataOption],
        resolved: &CommandDataResolved,
    ) -> Result<Self, ReadError> {
        let mut given = Self { command: entry.name, values: Vec::new() };
        for option in options {
            let Some(spec) = entry.options.iter().find(|spec| spec.name == option.name) else {
                let takes = entry.options.iter().map(|spec| spec.name).collect();
                let option = shown(&option.name);
                return Err(given.refuse(option.clone(), Problem::Unknown { option, takes }));
            };
            if given.values.iter().any(|(seen, _)| seen.name == spec.name) {
                return Err(given.refuse(spec.name, Problem::Twice { option: spec.name }));
            }
            let raw = spec.shape.accept(&option.value, resolved);
            let raw = raw.map_err(|takes| given.refuse(spec.name, Problem::Unfit { option: spec.name, takes }))?;
            given.values.push((spec, raw));
        }
        for spec in entry.options {
            if spec.need == Need::Required && !given.values.iter().any(|(seen, _)| seen.name == spec.name) {
                let problem = Problem::Missing { option: spec.name, takes: spec.shape.takes() };
                return Err(given.refuse(spec.name, problem));
            }
        }
        Ok(given)
    }

    /// Takes one option out.
    pub(crate) fn take<T: Value>(&mut self, name: &'static str) -> Result<T, ReadError> {
        let raw = self.values.iter().position(|(spec, _)| spec.name == name).map(|at| self.values.swap_remove(at).1);
        T::from_raw(raw).ok_or_else(|| {
            self.refuse(name, Problem::Unfit { option: name, takes: "another kind of value".to_owned() })
        })
    }

    fn refuse(&self, option: impl Into<String>, problem: Problem) -> ReadError {
        ReadError::Option { command: self.command, option: option.into(), problem }
    }
}

impl Shape {
    /// The value, if it fits; otherwise what would fit.
    fn accept(&self, value: &CommandDataOptionValue, resolved: &CommandDataResolved) -> Result<Raw, String> {
        match (self, value) {
            (Self::Text { max, blank, .. }, CommandDataOptionValue::String(text)) => {
                let text = text.trim();
                let length = text.chars().count();
                if length > usize::from(*max) {
                    Err(format!("{}; this one has {length}", self.takes()))
                } else if text.chars().any(char::is_control) {
                    Err(format!("{}, none of them a control character", self.takes()))
                } else if text.is_empty() && *blank == Blank::Refused {
                    Err(format!("{}; this one is empty", self.takes()))
                } else {
                    Ok(Raw::Text(text.to_owned()))
                }
            }
            (Self::Choice(words), CommandDataOptionValue::String(word)) if words.contains(&word.as_str()) => {
                Ok(Raw::Text(word.clone()))
            }
            (Self::Number { min, max }, CommandDataOptionValue::Integer(number)) if (min..=max).contains(&number) => {
                Ok(Raw::Number(*number))
            }
            (Self::User, CommandDataOptionValue::User(user)) => Ok(Raw::User(*user)),
            (Self::Request, CommandDataOptionValue::String(text)) => {
                let text = text.trim();
                text.parse::<RequestNumber>().map_err(|right| format!("a request's number; {right}"))?;
                Ok(Raw::Text(text.to_owned()))
            }
            (Self::Since, CommandDataOptionValue::String(text)) => {
                let text = text.trim();
                text.parse::<Since>().map_err(|right| format!("a time back or a day; {right}"))?;
                Ok(Raw::Text(text.to_owned()))
            }
            (Self::File { max }, CommandDataOptionValue::Attachment(id)) => {
                let file = resolved.attachments.get(id).map(AttachedFile::from);
                let file = file.ok_or_else(|| format!("{}; Discord did not say what this one is", self.takes()))?;
                if file.size > *max {
                    Err(format!("{}; this one has {}", self.takes(), bytes(file.size)))
                } else if file.size == 0 {
                    Err(format!("{}; this one is empty", self.takes()))
                } else {
                    Ok(Raw::File(file))
                }
            }
            (
                Self::Text { .. }
                | Self::Choice(_)
                | Self::Number { .. }
                | Self::User
                | Self::Request
                | Self::Since
                | Self::File { .. },
                _,
            ) => Err(self.takes()),
        }
    }

    /// What it takes, to follow "The option login takes".
    pub(crate) fn takes(&self) -> String {
        match self {
            Self::Text { max, blank: Blank::Refused, .. } => {
                format!("one line of 1 to {max} characters")
            }
            Self::Text { max, blank: Blank::Clears, .. } => {
                format!("one line of at most {max} characters")
            }
            Self::Choice(words) => listed(words, "or"),
            Self::Number { min, max } => format!("a whole number from {min} to {max}"),
            Self::User => "a member of this server".to_owned(),
            Self::Request => "a request's number: 12 or #12".to_owned(),
            Self::Since => "a time back or a day: 7d, 24h, 30m or 2026-11-01".to_owned(),
            Self::File { max } => format!("a file of at most {}", bytes(*max)),
        }
    }
}

/// A size as people say it, rounded up: a file that is a byte too large is not told the size that it may have.
fn bytes(count: u32) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count.div_ceil(1_000)),
        1_000_000.. if count.is_multiple_of(1_000_000) => format!("{} MB", count / 1_000_000),
        1_000_000.. => {
            let tenths = count.div_ceil(100_000);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// "a, b and c".
pub(crate) fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
