//! How this Discord says no: status, code and message as Discord's own. See [Discord Docs/Opcodes and Status Codes].

use serde_json::{Map, Value, json};

/// A refusal of a REST request.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    Unauthorized,
    UnknownApplication,
    UnknownChannel,
    UnknownGuild,
    UnknownMember,
    UnknownMessage,
    UnknownUser,
    UnknownEmoji,
    TooManyReactions,
    ReplyWithoutHistory,
    UnknownWebhook,
    UnknownInteraction,
    UnknownCommand,
    OpeningDirectMessagesTooFast,
    AlreadyAcknowledged,
    MissingAccess,
    NotInDirectMessages,
    OtherAuthor,
    EmptyMessage,
    DirectMessagesClosed,
    MissingPermissions,
    InvalidWebhookToken,
    InvalidForm(Form),
    NotJson,
    NoMutualGuild,
    /// Something Discord has and this sandbox does not model; 501, and a test fails over it.
    NotModelled(String),
}

/// Whether a test asked for a refusal by a switch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    ByTheTest,
    ByNobody,
}

impl Refusal {
    /// HTTP status, Discord's code, Discord's message.
    pub(crate) fn parts(&self) -> (u16, u64, String) {
        let (status, code, message) = match self {
            Self::Unauthorized => (401, 0, "401: Unauthorized"),
            Self::UnknownApplication => (404, 10002, "Unknown Application"),
            Self::UnknownChannel => (404, 10003, "Unknown Channel"),
            Self::UnknownGuild => (404, 10004, "Unknown Guild"),
            Self::UnknownMember => (404, 10007, "Unknown Member"),
            Self::UnknownMessage => (404, 10008, "Unknown Message"),
            Self::UnknownUser => (404, 10013, "Unknown User"),
            Self::UnknownEmoji => (400, 10014, "Unknown Emoji"),
            Self::UnknownWebhook => (404, 10015, "Unknown Webhook"),
            Self::UnknownInteraction => (404, 10062, "Unknown interaction"),
            Self::UnknownCommand => (404, 10063, "Unknown application command"),
            Self::TooManyReactions => (403, 30010, "Maximum number of reactions reached (20)"),
            Self::OpeningDirectMessagesTooFast => (403, 40003, "You are opening direct messages too fast"),
            Self::AlreadyAcknowledged => (400, 40060, "Interaction has already been acknowledged."),
            Self::MissingAccess => (403, 50001, "Missing Access"),
            Self::NotInDirectMessages => (403, 50003, "Cannot execute action on a DM channel"),
            Self::OtherAuthor => (403, 50005, "Cannot edit a message authored by another user"),
            Self::EmptyMessage => (400, 50006, "Cannot send an empty message"),
            Self::DirectMessagesClosed => (403, 50007, "Cannot send messages to this user"),
            Self::MissingPermissions => (403, 50013, "Missing Permissions"),
            Self::InvalidWebhookToken => (401, 50027, "Invalid Webhook Token"),
            Self::InvalidForm(_) => (400, 50035, "Invalid Form Body"),
            Self::NotJson => (400, 50109, "The request body contains invalid JSON."),
            Self::ReplyWithoutHistory => (403, 160_002, "Cannot reply without permission to read message history"),
            Self::NoMutualGuild => (403, 50278, "Cannot send messages to this user due to having no mutual guilds"),
            Self::NotModelled(what) => return (501, 0, format!("the sandbox does not model this: {what}")),
        };
        (status, code, message.to_owned())
    }

    /// The body Discord answers.
    pub(crate) fn body(&self) -> Value {
        let (_, code, message) = self.parts();
        let mut body = json!({ "message": message, "code": code });
        if let Self::InvalidForm(form) = self {
            body["errors"] = form.errors();
        }
        body
    }
}

/// What is wrong with a body, each fault at its path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    faults: Vec<(String, &'static str, String)>,
    not_modelled: Option<String>,
}

impl Form {
    /// Notes a fault at a path such as `data.embeds.0.title`.
    pub(crate) fn fault(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push((path.to_owned(), code, message.into()));
    }

    pub(crate) fn required(&mut self, path: &str) {
        self.fault(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// Notes that a body uses a part of Discord that is not modelled here.
    pub(crate) fn not_modelled(&mut self, what: impl Into<String>) {
        self.not_modelled.get_or_insert(what.into());
    }

    /// The end of a check.
    pub(crate) fn verdict(self) -> Result<(), Refusal> {
        match (self.not_modelled, self.faults.is_empty()) {
            (Some(what), _) => Err(Refusal::NotModelled(what)),
            (None, true) => Ok(()),
            (None, false) => Err(Refusal::InvalidForm(Self { faults: self.faults, not_modelled: None })),
        }
    }

    /// Discord's nested `errors` member.
    fn errors(&self) -> Value {
        let mut root = Value::Object(Map::new());
        for (path, code, message) in &self.faults {
            let steps = path.split('.').filter(|step| !step.is_empty());
            // Every step is an object, made as it is met; only `_errors` holds a list, and no path goes through it.
            let here = steps.fold(&mut root, |here, step| &mut here[step]);
            let fault = json!({ "code": code, "message": message });
            match &mut here["_errors"] {
                Value::Array(list) => list.push(fault),
                empty => *empty = json!([fault]),
            }
        }
        root
    }
}
