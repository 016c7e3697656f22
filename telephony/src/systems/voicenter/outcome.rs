//! What Voicenter's three values say together, and the sentence for the person who asked. The message counts first, then
//! the numbers: the two languages of the page read the same numbers differently.

use crate::http::Fault;
use crate::systems::reply::plain;
use crate::{Effect, ErrorKind, Refusal};

/// What an answer said, as it said it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// `Status`: the outcome, not the agent's status.
    pub(super) status: Number,
    /// `StatusError`.
    pub(super) status_error: Number,
    /// `StatusErroMessage` (sic).
    pub(super) message: String,
}

/// A member that should be a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Number {
    /// It is not there, or null.
    #[default]
    Absent,
    /// As a number, or as text of one.
    Is(i64),
    /// Something else stands there.
    Odd,
}

/// What was asked, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The extension's SIP code.
    pub(super) extension: String,
    /// The status: "Lunch (3)".
    pub(super) status: String,
    /// Who else sits at the extension.
    pub(super) others: Vec<String>,
}

/// Classes of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The code or the user id: it cannot be told which.
    Credentials,
    /// The extension is not there.
    NoExtension,
    /// Somebody else is logged in at the extension.
    Taken,
    /// The account has no such status.
    NoStatus,
    /// A mistake of ours in the request.
    BadRequest,
    /// A fault on its side.
    Fault,
    /// Not in its documents, or at odds with itself.
    Unclear,
}

/// The documented messages.
pub(super) const MESSAGES: [(&str, Class); 6] = [
    ("Authorization Failed", Class::Credentials),
    ("Status not support", Class::NoStatus),
    ("Extension is already in use", Class::Taken),
    ("No extension found", Class::NoExtension),
    ("Error on update", Class::Fault),
    // The English page only, left over from another API: this one has no such field.
    ("Phone error.", Class::BadRequest),
];

/// Whether two messages are the same words, blind to case, spacing and a full stop.
fn same(a: &str, b: &str) -> bool {
    let words =
        |text: &str| text.trim().trim_end_matches('.').split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(a) == words(b)
}

impl Said {
    /// Success is a whole: `Status` 1, `StatusError` 1 or none, and no message of a failure.
    pub(super) fn is_success(&self) -> bool {
        self.status == Number::Is(1)
            && matches!(self.status_error, Number::Is(1) | Number::Absent)
            && self.documented().is_none()
    }

    /// The class of the message, where it is a documented one.
    fn documented(&self) -> Option<Class> {
        MESSAGES.iter().find(|(text, _)| same(text, &self.message)).map(|(_, class)| *class)
    }

    /// What kind of failure it is.
    pub(super) fn class(&self) -> Class {
        if let Some(class) = self.documented() {
            return class;
        }
        match (&self.status, &self.status_error) {
            (Number::Is(2), _) => Class::Credentials,
            (Number::Is(3), _) | (_, Number::Is(3)) => Class::NoExtension,
            (_, Number::Is(4)) => Class::Fault,
            (_, Number::Is(0 | 6)) => Class::BadRequest,
            (Number::Is(4), _) => Class::NoStatus,
            (Number::Absent | Number::Is(_) | Number::Odd, Number::Absent | Number::Is(_) | Number::Odd) => {
                Class::Unclear
            }
        }
    }

    /// The failure.
    pub(super) fn fault(&self, asked: &Asked) -> Fault {
        let (extension, status) = (plain(&asked.extension), plain(&asked.status));
        let said = self.words();
        let sentence = match self.class() {
            Class::Credentials => format!(
                "it does not know the organisation's code or the agent's user id, and does not tell which ({said}); \
                 have code and user_id of this connection checked"
            ),
            Class::NoExtension => {
                format!("it has no extension {extension} ({said}); have extension_user of this agent checked")
            }
            Class::Taken => format!(
                "somebody else is logged in at the extension {extension} ({said}); {}, then try again. Nobody was \
                 logged out",
                whom_to_ask(&asked.others)
            ),
            Class::NoStatus => format!(
                "the account does not have the status {status}, or the extension {extension} is not valid ({said}); \
                 have statuses of this connection compared with the account, and extension_user of this agent checked"
            ),
            Class::BadRequest => format!(
                "it found a mistake in the request ({said}), which is no mistake of yours: have base_url checked, and \
                 tell whoever looks after the bot"
            ),
            Class::Fault => format!(
                "it had a fault on its side ({said}); look at the agent's status in Voicenter before trying again"
            ),
            Class::Unclear => format!(
                "its answer is no success and not in its documents ({said}); look at the agent's status in Voicenter"
            ),
        };
        let effect = match self.class() {
            Class::Credentials | Class::NoExtension | Class::Taken | Class::NoStatus | Class::BadRequest => {
                Effect::None
            }
            Class::Fault | Class::Unclear => Effect::Unknown,
        };
        Fault { kind: ErrorKind::Refused(Refusal::Other(sentence)), effect, source: None }
    }

    /// All three values, to be quoted.
    fn words(&self) -> String {
        let number = |number: &Number| match number {
            Number::Absent => "none".to_owned(),
            Number::Is(number) => number.to_string(),
            Number::Odd => "unreadable".to_owned(),
        };
        let message = if self.message.is_empty() { String::new() } else { format!("\"{}\", ", plain(&self.message)) };
        format!("{message}Status {}, StatusError {}", number(&self.status), number(&self.status_error))
    }
}

/// Nobody is logged out to make room: the one who sits there does that.
fn whom_to_ask(others: &[String]) -> String {
    match others {
        [] => "ask whoever sits there to log out first, or the keeper of your Voicenter account who that is".to_owned(),
        others => format!("ask {} to log out first", plain(&others.join(" or "))),
    }
}
