//! What the twin remembers and what each command does to it, with the page's own texts.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// A change that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// The number of the request that caused it.
    pub request: u64,
    /// Whose presence changed: the login.
    pub agent: String,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The agent logged in.
    LoggedIn {
        /// At this extension.
        extension: String,
        /// To this queue.
        queue: String,
    },
    /// The agent logged out of everything.
    LoggedOut,
    /// The agent was paused.
    Paused {
        /// Why, where that was said.
        reason: Option<String>,
    },
    /// The agent's pause ended.
    Unpaused,
}

/// How an agent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Not logged in.
    LoggedOut,
    /// Logged in and not paused.
    Available {
        /// Where it sits.
        extension: String,
        /// The queues it is logged in to, in order.
        queues: Vec<String>,
    },
    /// Logged in and paused.
    Paused {
        /// Where it sits.
        extension: String,
        /// The queues it is logged in to, in order.
        queues: Vec<String>,
        /// Why, where that was said.
        reason: Option<String>,
    },
}

/// What an extension or a queue is set up as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Call Center: agents log in there.
    CallCentre,
    /// Anything else.
    Plain,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// One of the texts of success.
    Done(&'static str),
    /// An error's text.
    No(String),
    /// An error's text about the request itself: these come with 400.
    BadRequest(&'static str),
}

/// What a request names. An empty value counts as not sent.
#[derive(Debug, Default)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn read(encoded: &str) -> Self {
        Self(form_urlencoded::parse(encoded.as_bytes()).into_owned().filter(|(_, value)| !value.is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A command that the page does not have.
    pub(super) fn unknown_command(&self) -> Option<&str> {
        self.get("command").filter(|command| !matches!(*command, "login" | "logoff" | "pause" | "unpause"))
    }
}

/// Agents by login, extensions by number, queues by name.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) agents: BTreeMap<String, Presence>,
    pub(super) extensions: BTreeMap<String, Kind>,
    pub(super) queues: BTreeMap<String, Kind>,
    pub(super) mutations: Vec<Mutation>,
}

impl Store {
    /// Does one command.
    pub(super) fn act(&mut self, request: u64, sent: &Parameters) -> Said {
        if sent.0.is_empty() {
            return Said::BadRequest("Argument list invalid");
        }
        let Some(agent) = sent.get("agent") else { return Said::BadRequest("Agent not specified") };
        let Some(command) = sent.get("command") else { return Said::BadRequest("Command not specified") };
        if command == "login" && (sent.get("exten").is_none() || sent.get("queue").is_none()) {
            return Said::BadRequest("Argument list invalid");
        }
        if sent.unknown_command().is_some() {
            return Said::BadRequest("Argument list invalid");
        }
        let Some(before) = self.agents.get(agent).cloned() else { return no("Agent not exists") };
        let outcome = match command {
            "login" => self.login(before, sent),
            "logoff" => logoff(&before),
            "pause" => pause(before, sent.get("reason")),
            _ => unpause(before),
        };
        match outcome {
            Ok((after, what, text)) => {
                self.agents.insert(agent.to_owned(), after);
                self.mutations.push(Mutation { request, agent: agent.to_owned(), what });
                Said::Done(text)
            }
            Err(text) => no(text),
        }
    }

    /// A login while logged in is not documented: another queue is added, and the extension is the one named last.
    fn login(&self, before: Presence, sent: &Parameters) -> Outcome {
        let (extension, queue) = (sent.get("exten").unwrap_or_default(), sent.get("queue").unwrap_or_default());
        let kind_of_queue = self.queues.get(queue).ok_or("Queue not exists")?;
        let kind_of_extension = self.extensions.get(extension).ok_or("Exten not exists")?;
        match (kind_of_queue, kind_of_extension) {
            (Kind::Plain, _) => return Err("Queue Call Center false"),
            (Kind::CallCentre, Kind::Plain) => return Err("Exten Call Center false"),
            (Kind::CallCentre, Kind::CallCentre) => {}
        }
        let (extension, queue) = (extension.to_owned(), queue.to_owned());
        let with = |mut queues: Vec<String>| {
            if !queues.contains(&queue) {
                queues.push(queue.clone());
            }
            queues
        };
        let after = match before {
            Presence::LoggedOut => Presence::Available { extension: extension.clone(), queues: with(Vec::new()) },
            Presence::Available { queues, .. } => {
                Presence::Available { extension: extension.clone(), queues: with(queues) }
            }
            Presence::Paused { queues, reason, .. } => {
                Presence::Paused { extension: extension.clone(), queues: with(queues), reason }
            }
        };
        Ok((after, What::LoggedIn { extension, queue }, "Login OK"))
    }
}

/// The presence afterwards, what happened and the text of success; or the text of the error.
type Outcome = Result<(Presence, What, &'static str), &'static str>;

fn no(text: &str) -> Said {
    Said::No(text.to_owned())
}

fn logoff(before: &Presence) -> Outcome {
    match before {
        Presence::LoggedOut => Err("Agent not logged"),
        Presence::Available { .. } | Presence::Paused { .. } => Ok((Presence::LoggedOut, What::LoggedOut, "Logoff OK")),
    }
}

fn pause(before: Presence, reason: Option<&str>) -> Outcome {
    let reason = reason.map(str::to_owned);
    match before {
        Presence::LoggedOut => Err("Agent not logged"),
        Presence::Paused { .. } => Err("Agent alredy paused"),
        Presence::Available { extension, queues } => {
            let after = Presence::Paused { extension, queues, reason: reason.clone() };
            Ok((after, What::Paused { reason }, "Pause OK"))
        }
    }
}

fn unpause(before: Presence) -> Outcome {
    match before {
        Presence::LoggedOut => Err("Agent not logged"),
        Presence::Available { .. } => Err("Agent alredy available"),
        Presence::Paused { extension, queues, .. } => {
            Ok((Presence::Available { extension, queues }, What::Unpaused, "Unpause OK"))
        }
    }
}
