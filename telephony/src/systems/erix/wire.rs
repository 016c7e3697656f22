//! What an answer means. HTTP's 200 proves nothing: it comes with errors, too.
//!
//! The page says that "success" or "error" follows, and shows no JSON. So everything that could be meant is read: either
//! as a member's name, a flag with a text beside it, one level down, in a list of one, or a bare text.

use super::texts::{Asked, Command, No, Said, known};
use crate::http::{Answer, Fault};
use crate::systems::reply::{Reply, plain};
use crate::{Effect, ErrorKind, PresenceAnswer, Record, Refusal};

/// What an answer claims, before anything is believed.
#[derive(Debug, Default)]
struct Claims {
    /// It says that it was done.
    good: bool,
    /// It says that it was not.
    bad: bool,
    /// The texts that came with it, those of an error first.
    texts: Vec<String>,
}

/// An answer that is no success.
#[derive(Debug)]
pub(super) struct Failed {
    /// What went wrong.
    pub(super) fault: Fault,
    /// Whether that says why.
    pub(super) cause: Cause,
}

/// Whether a failure says why it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// It does: there is one thing to be mended, and it is named.
    Told,
    /// It does not, so it may be that the agent API cannot work at all. "Agent not logged" is such a one: where the CRM
    /// module is on, agents log in through its screen, and the API knows nothing of that.
    Open,
}

/// Judges an answer to `asked`.
pub(super) fn judge(answer: &Answer, asked: &Asked) -> Result<PresenceAnswer, Failed> {
    let heard = Reply::read(&answer.body).map(Claims::of).map_err(|why| open(Fault::unreadable(why)));
    match answer.status {
        200..300 => heard?.verdict(asked),
        // "Somente em caso de falha no envio dos requisitos": whatever else it says, nothing was done.
        400 => Err(match heard.ok().and_then(|claims| claims.documented_no(asked.command())) {
            Some(no) => no.failed(asked),
            None => told(refused(No::ArgumentsInvalid.sentence(asked))),
        }),
        status => {
            let no = heard.ok().and_then(|claims| claims.documented_no(asked.command()));
            Err(told(by_status(status, answer, no, asked)))
        }
    }
}

impl Claims {
    fn of(reply: Reply) -> Self {
        let mut claims = Self::default();
        match reply {
            Reply::Object { top, inner } => {
                claims.collect(&top);
                for record in &inner {
                    claims.collect(record);
                }
            }
            Reply::Text(text) => claims.hear(&text),
        }
        claims.texts.retain(|text| !text.trim().is_empty());
        claims
    }

    /// Takes in a bare text: "success" or "error" may stand before it.
    fn hear(&mut self, text: &str) {
        let (first, rest) = text.split_once(|c: char| c == ':' || c.is_whitespace()).unwrap_or((text, ""));
        let rest = rest.trim_start_matches(|c: char| c == ':' || c.is_whitespace()).to_owned();
        match first.to_lowercase().as_str() {
            "success" => self.claim(Claim::Good, rest),
            "error" => self.claim(Claim::Bad, rest),
            _ => self.texts.push(text.to_owned()),
        }
    }

    /// Takes in what an object's own members say.
    fn collect(&mut self, record: &Record) {
        for (name, raw) in record.iter() {
            let value = Value::of(raw.get());
            match (name.to_lowercase().as_str(), value) {
                ("success", Value::Text(text)) => self.claim(Claim::Good, text),
                ("success", Value::Yes) | ("error", Value::No) => self.good = true,
                ("error", Value::Text(text)) => self.claim(Claim::Bad, text),
                // A code or an object under "error" is an error; what an object holds is read by itself.
                ("error", Value::Yes | Value::Other) | ("success", Value::No) => self.bad = true,
                (_, Value::Text(text)) if text.eq_ignore_ascii_case("success") => self.good = true,
                (_, Value::Text(text)) if text.eq_ignore_ascii_case("error") => self.bad = true,
                (_, Value::Text(text)) => self.texts.push(text),
                ("success" | "error", Value::Nothing) | (_, Value::Yes | Value::No | Value::Nothing | Value::Other) => {
                }
            }
        }
    }

    fn claim(&mut self, claim: Claim, text: String) {
        match claim {
            Claim::Good => {
                self.good = true;
                self.texts.push(text);
            }
            Claim::Bad => {
                self.bad = true;
                self.texts.insert(0, text);
            }
        }
    }

    /// The documented error that some text is. Of several, one that only says "already" counts least.
    fn documented_no(&self, command: Command) -> Option<No> {
        let mut found = self.texts.iter().filter_map(|text| match known(text) {
            Some(Said::No(no)) => Some(no),
            Some(Said::Done(_)) | None => None,
        });
        let first = found.next()?;
        Some(std::iter::once(first).chain(found).find(|no| !no.is_already(command)).unwrap_or(first))
    }

    /// What it comes to.
    fn verdict(self, asked: &Asked) -> Result<PresenceAnswer, Failed> {
        let shown = plain(&self.texts.join(", "));
        let done = self.texts.iter().find_map(|text| match known(text) {
            Some(Said::Done(command)) => Some(command),
            Some(Said::No(_)) | None => None,
        });
        match self.documented_no(asked.command()) {
            Some(_) if self.good || done.is_some() => Err(open(both(&shown))),
            Some(no) if no.is_already(asked.command()) => Ok(PresenceAnswer::Already),
            Some(no) => Err(no.failed(asked)),
            None if self.bad && (self.good || done.is_some()) => Err(open(both(&shown))),
            None if self.bad && shown.is_empty() => {
                Err(open(refused("it says that it failed and not why; look at the agent in Erix".to_owned())))
            }
            None if self.bad => Err(open(refused(format!(
                "it answered \"{shown}\", which its documents do not name; look at the agent in Erix"
            )))),
            None => match done {
                Some(command) if command == asked.command() => Ok(PresenceAnswer::Done),
                Some(_) => Err(open(Fault::unreadable(format!("it answered \"{shown}\" to another command")))),
                None if self.good => Ok(PresenceAnswer::Done),
                None if shown.is_empty() => Err(open(Fault::unreadable("it says neither success nor error"))),
                None => Err(open(Fault::unreadable(format!("it says neither success nor error, but \"{shown}\"")))),
            },
        }
    }
}

/// Which of the two a member names.
#[derive(Debug, Clone, Copy)]
enum Claim {
    Good,
    Bad,
}

/// A member's value, as far as it can claim anything.
#[derive(Debug, PartialEq, Eq)]
enum Value {
    Yes,
    No,
    Text(String),
    /// Null, or empty.
    Nothing,
    /// Anything else.
    Other,
}

impl Value {
    fn of(json: &str) -> Self {
        let json = json.trim();
        let text = serde_json::from_str::<String>(json)
            .or_else(|_| serde_json::from_str::<[String; 1]>(json).map(|[only]| only))
            .map(|text| text.trim().to_owned());
        match text.as_deref().unwrap_or(json) {
            "true" | "1" | "True" | "TRUE" => Self::Yes,
            "false" | "0" | "False" | "FALSE" => Self::No,
            "" | "null" | "[]" | "{}" => Self::Nothing,
            _ => text.map_or(Self::Other, Self::Text),
        }
    }
}

fn both(shown: &str) -> Fault {
    Fault::unreadable(if shown.is_empty() {
        "it claims success and failure at once".to_owned()
    } else {
        format!("it claims success and failure at once (\"{shown}\")")
    })
}

const fn told(fault: Fault) -> Failed {
    Failed { fault, cause: Cause::Told }
}

const fn open(fault: Fault) -> Failed {
    Failed { fault, cause: Cause::Open }
}

impl No {
    /// It, as what went wrong: nothing was done.
    fn failed(self, asked: &Asked) -> Failed {
        let fault = self.fault(asked);
        match self {
            Self::AgentNotLogged => open(fault),
            Self::ArgumentsInvalid
            | Self::AgentNotSpecified
            | Self::AgentNotExists
            | Self::CommandNotSpecified
            | Self::QueueNotExists
            | Self::ExtensionNotExists
            | Self::QueueNotCallCentre
            | Self::ExtensionNotCallCentre
            | Self::AlreadyPaused
            | Self::AlreadyAvailable => {
                if self.belongs_to(asked.command()) {
                    told(fault)
                } else {
                    open(fault)
                }
            }
        }
    }

    fn fault(self, asked: &Asked) -> Fault {
        let sentence = self.sentence(asked);
        Fault::unsent(ErrorKind::Refused(match self {
            Self::AgentNotLogged => Refusal::LoggedOut(sentence),
            Self::AgentNotExists => Refusal::NoSuchAgent(sentence),
            Self::ArgumentsInvalid
            | Self::AgentNotSpecified
            | Self::CommandNotSpecified
            | Self::QueueNotExists
            | Self::ExtensionNotExists
            | Self::QueueNotCallCentre
            | Self::ExtensionNotCallCentre
            | Self::AlreadyPaused
            | Self::AlreadyAvailable => Refusal::Other(sentence),
        }))
    }
}

/// A no: nothing was done.
pub(super) fn refused(sentence: String) -> Fault {
    Fault::unsent(ErrorKind::Refused(Refusal::Other(sentence)))
}

/// A status that its documents do not have: something in front of it, or a fault.
fn by_status(status: u16, answer: &Answer, no: Option<No>, asked: &Asked) -> Fault {
    // Only a 4xx says that nothing was done.
    let effect = if (400..500).contains(&status) && status != 408 { Effect::None } else { Effect::Unknown };
    let kind = match (status, no) {
        (_, Some(no)) => no.fault(asked).kind,
        (401 | 407, None) => ErrorKind::SignedOut,
        (403, None) => ErrorKind::Refused(Refusal::Other(
            "something in front of it turns the bot away (status 403); have the bot's address allowed there".to_owned(),
        )),
        (404 | 410, None) => ErrorKind::Refused(Refusal::Other(
            "there is no agent API at this address; check base_url, which ends in api/agent.php".to_owned(),
        )),
        (408, None) => ErrorKind::Unreachable("it did not get the whole request in time (status 408)".to_owned()),
        (429, None) => ErrorKind::RateLimited(answer.wait),
        (500.., None) => ErrorKind::Broken(status),
        (_, None) => ErrorKind::Refused(Refusal::Other(format!(
            "it answered with status {status} and gave no reason; check base_url"
        ))),
    };
    Fault { kind, effect, source: None }
}
