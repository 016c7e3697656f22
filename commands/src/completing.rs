//! What a person is typing, for suggestions. Which suggestions is the directory's to say.

use serenity::model::application::{CommandData, CommandDataOptionValue};

use crate::Permission;
use crate::reading::{entry_of, leaf_options};

/// The most characters that are kept of a text that is being typed: as many as Discord allows a choice.
const TYPED_MAX: usize = 100;

/// The same of a list: as many as such an option takes.
const LIST_MAX: usize = 1000;

/// An option that has suggestions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletedOption {
    /// An agent to act on.
    Agent,
    /// An agent to copy.
    Source,
    /// A new agent's login.
    Login,
    /// A phone system by its connection's name.
    Connection,
    /// Why an agent is to be deleted: the offered reasons are [`agent::delete::REASONS`](crate::agent::delete::REASONS).
    Reason,
    /// A deleted agent that can come back.
    Deleted,
    /// An agent that there were requests about.
    Requested,
    /// The number of a pending request.
    Request,
    /// An extension to act on.
    Extension,
    /// The number of an extension's type, of those that extensions have.
    ExtensionType,
    /// An extension's protocol, of those that extensions have.
    Protocol,
    /// Codecs with commas between; the last one is being typed.
    Codecs,
    /// Ways to send tones with commas between; the last one is being typed.
    Dtmf,
    /// The extension that an agent logs in at: its own first.
    AgentExtension,
    /// A queue that an agent logs in to.
    Queue,
    /// Why an agent pauses, of those that its phone system knows.
    PauseReason,
}

/// What is being typed, and what else of it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completing {
    /// The option that is being typed.
    pub option: CompletedOption,
    /// What the command needs: only agents of connections on which this person may do it are offered. `None`: everybody
    /// may type it, and what is offered depends on whose it is.
    pub permission: Option<Permission>,
    /// What was typed so far; at most 100 characters of it, of a list 1000.
    pub typed: String,
    /// The `connection` option, if it was filled in.
    pub connection: Option<String>,
    /// The `source` option, if it was filled in.
    pub source: Option<String>,
    /// The `agent` option, if it was filled in.
    pub agent: Option<String>,
    /// The `extension` option, if it was filled in.
    pub extension: Option<String>,
}

/// Reads an autocomplete interaction. `None` when the command or the option is not one of ours with suggestions, or when
/// nothing is being typed.
#[must_use]
pub fn completing(data: &CommandData) -> Option<Completing> {
    let entry = entry_of(data)?;
    let options = leaf_options(data);
    let (name, typed) = options.iter().find_map(|option| match &option.value {
        CommandDataOptionValue::Autocomplete { value, .. } => Some((option.name.as_str(), value.as_str())),
        _ => None,
    })?;
    let spec = entry.options.iter().find(|spec| spec.name == name)?;
    let option = spec.shape.completes()?;
    let other = |wanted: &str| {
        options.iter().find(|option| option.name == wanted).and_then(|option| match &option.value {
            CommandDataOptionValue::String(value) => Some(cut(value)),
            _ => None,
        })
    };
    Some(Completing {
        option,
        permission: entry.permission,
        typed: match option {
            // Of a list, what is typed now stands at the end, and a suggestion keeps what stands before it.
            CompletedOption::Codecs | CompletedOption::Dtmf => typed.chars().take(LIST_MAX).collect(),
            CompletedOption::Agent
            | CompletedOption::Source
            | CompletedOption::Login
            | CompletedOption::Connection
            | CompletedOption::Reason
            | CompletedOption::Deleted
            | CompletedOption::Requested
            | CompletedOption::Request
            | CompletedOption::Extension
            | CompletedOption::ExtensionType
            | CompletedOption::Protocol
            | CompletedOption::AgentExtension
            | CompletedOption::Queue
            | CompletedOption::PauseReason => cut(typed),
        },
        connection: other("connection"),
        source: other("source"),
        agent: other("agent"),
        extension: other("extension"),
    })
}

fn cut(text: &str) -> String {
    text.chars().take(TYPED_MAX).collect()
}
