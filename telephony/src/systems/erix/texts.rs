//! The texts that the documents name, and what each means for the person who asked.

use crate::systems::reply::plain;

/// A command as it stands on the wire. It is `logoff` there, not "logout".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Login,
    Logoff,
    Pause,
    Unpause,
}

/// What is asked: checked, and as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) agent: String,
    pub(super) what: What,
}

/// A command with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Login { extension: String, queue: String },
    Logoff,
    Pause { reason: Option<String> },
    Unpause,
}

/// What a documented text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The command was done.
    Done(Command),
    /// It was not.
    No(No),
}

/// The documented errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum No {
    ArgumentsInvalid,
    AgentNotLogged,
    AgentNotSpecified,
    AgentNotExists,
    CommandNotSpecified,
    QueueNotExists,
    ExtensionNotExists,
    QueueNotCallCentre,
    ExtensionNotCallCentre,
    AlreadyPaused,
    AlreadyAvailable,
}

/// Both tables of the page, as it spells them ("alredy").
pub(super) const TEXTS: [(&str, Said); 15] = [
    ("Login OK", Said::Done(Command::Login)),
    ("Logoff OK", Said::Done(Command::Logoff)),
    ("Pause OK", Said::Done(Command::Pause)),
    ("Unpause OK", Said::Done(Command::Unpause)),
    ("Argument list invalid", Said::No(No::ArgumentsInvalid)),
    ("Agent not logged", Said::No(No::AgentNotLogged)),
    ("Agent not specified", Said::No(No::AgentNotSpecified)),
    ("Agent not exists", Said::No(No::AgentNotExists)),
    ("Command not specified", Said::No(No::CommandNotSpecified)),
    ("Queue not exists", Said::No(No::QueueNotExists)),
    ("Exten not exists", Said::No(No::ExtensionNotExists)),
    ("Queue Call Center false", Said::No(No::QueueNotCallCentre)),
    ("Exten Call Center false", Said::No(No::ExtensionNotCallCentre)),
    ("Agent alredy paused", Said::No(No::AlreadyPaused)),
    ("Agent alredy available", Said::No(No::AlreadyAvailable)),
];

/// What a text says, if it is one of the documented ones: blind to case, spacing, a full stop, and to the misspelling,
/// which may be mended one day.
pub(super) fn known(text: &str) -> Option<Said> {
    let text = folded(text);
    TEXTS.iter().find(|(documented, _)| folded(documented) == text).map(|(_, said)| *said)
}

fn folded(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.trim_end_matches(['.', '!']).to_lowercase())
        .filter(|word| !word.is_empty())
        .map(|word| if word == "alredy" { "already".to_owned() } else { word })
        .collect();
    words.join(" ")
}

impl Command {
    /// Its word on the wire.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Logoff => "logoff",
            Self::Pause => "pause",
            Self::Unpause => "unpause",
        }
    }
}

impl Asked {
    /// The command.
    pub(super) const fn command(&self) -> Command {
        match self.what {
            What::Login { .. } => Command::Login,
            What::Logoff => Command::Logoff,
            What::Pause { .. } => Command::Pause,
            What::Unpause => Command::Unpause,
        }
    }

    /// The parameters, in the order of the documented examples.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut parameters = vec![("agent", self.agent.as_str()), ("command", self.command().word())];
        match &self.what {
            What::Login { extension, queue } => {
                parameters.extend([("exten", extension.as_str()), ("queue", queue.as_str())]);
            }
            What::Pause { reason: Some(reason) } => parameters.push(("reason", reason)),
            What::Pause { reason: None } | What::Logoff | What::Unpause => {}
        }
        parameters
    }
}

impl No {
    /// Whether it only says that what was asked was so already.
    pub(super) const fn is_already(self, command: Command) -> bool {
        matches!((self, command), (Self::AlreadyPaused, Command::Pause) | (Self::AlreadyAvailable, Command::Unpause))
    }

    /// Whether the page names it for this command.
    pub(super) const fn belongs_to(self, command: Command) -> bool {
        match self {
            Self::ArgumentsInvalid | Self::AgentNotSpecified | Self::AgentNotExists | Self::CommandNotSpecified => true,
            Self::AgentNotLogged => !matches!(command, Command::Login),
            Self::QueueNotExists
            | Self::ExtensionNotExists
            | Self::QueueNotCallCentre
            | Self::ExtensionNotCallCentre => matches!(command, Command::Login),
            Self::AlreadyPaused | Self::AlreadyAvailable => self.is_already(command),
        }
    }

    /// As the page spells it.
    fn text(self) -> &'static str {
        TEXTS.iter().find(|(_, said)| *said == Said::No(self)).map_or("", |(text, _)| text)
    }

    /// What happened and what to do, to follow "erix refused: ".
    pub(super) fn sentence(self, asked: &Asked) -> String {
        let text = self.text();
        if !self.belongs_to(asked.command()) {
            return format!(
                "it answered \"{text}\", which its documents do not name for the command {}; look at the agent in Erix",
                asked.command().word()
            );
        }
        let agent = plain(&asked.agent);
        let (extension, queue) = match &asked.what {
            What::Login { extension, queue } => (plain(extension), plain(queue)),
            What::Logoff | What::Pause { .. } | What::Unpause => (String::new(), String::new()),
        };
        match self {
            Self::ArgumentsInvalid | Self::AgentNotSpecified | Self::CommandNotSpecified => format!(
                "it found something missing in the request (\"{text}\"), which is no mistake of yours: have base_url and \
                 method (post or get) of this connection checked, and tell whoever looks after the bot"
            ),
            Self::AgentNotLogged => match asked.command() {
                Command::Logoff => format!("{agent} is not logged in there, so there is nothing to log out of"),
                Command::Login | Command::Pause | Command::Unpause => {
                    format!("{agent} is not logged in there; log the agent in first")
                }
            },
            Self::AgentNotExists => format!(
                "it has no agent with the login {agent}; it goes by logins, not by names: check the login, or have the \
                 agent created in Erix"
            ),
            Self::QueueNotExists => {
                format!("it has no queue \"{queue}\"; check how its name is spelled in Erix, or name another")
            }
            Self::ExtensionNotExists => {
                format!("it has no extension {extension}; check the number, or have it created in Erix")
            }
            Self::QueueNotCallCentre => format!(
                "the queue \"{queue}\" is not set up as a call-centre queue, so no agent can log in to it; have it set \
                 up as Call Center in Erix, or name another queue"
            ),
            Self::ExtensionNotCallCentre => format!(
                "the extension {extension} is not set up as a call-centre extension, so no agent can log in at it; have \
                 it set up as Call Center in Erix, or name another extension"
            ),
            Self::AlreadyPaused => format!("{agent} is paused there already"),
            Self::AlreadyAvailable => format!("{agent} is available there already"),
        }
    }
}
