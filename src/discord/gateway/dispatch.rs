//! From an event's JSON to what is handed on.

use secrecy::SecretString;
use serde::Deserialize;
use serenity::model::application::Interaction;
use serenity::model::id::{ApplicationId, InteractionId, UserId};

use super::Dispatch;
use super::happening::{self, Understood};

/// What an event turned out to be.
pub(super) enum Read {
    /// A fresh session begins.
    Ready(Ready),
    /// The session goes on.
    Resumed,
    /// To be handed on.
    Event(Dispatch),
    /// An interaction to be handed on, although it was not understood.
    Salvaged(Dispatch),
    /// Nobody needs it.
    Ignored,
    /// It should have been understood.
    Unreadable,
}

/// READY, as far as the bot needs it.
#[derive(Deserialize)]
pub(super) struct Ready {
    #[serde(deserialize_with = "secret")]
    pub(super) session_id: SecretString,
    /// Empty where a Discord-compatible server tells none: then the main URL is used.
    #[serde(default)]
    pub(super) resume_gateway_url: String,
    pub(super) user: Id<UserId>,
    pub(super) application: Id<ApplicationId>,
}

#[derive(Deserialize)]
pub(super) struct Id<T> {
    pub(super) id: T,
}

/// Reads an event: `kind` is its type, `data` its data.
pub(super) fn read(kind: &str, data: &str) -> Read {
    match kind {
        "READY" => serde_json::from_str(data).map_or(Read::Unreadable, Read::Ready),
        "RESUMED" => Read::Resumed,
        "INTERACTION_CREATE" => interaction(data),
        kind => match happening::read(kind, data) {
            Understood::Happening(happening) => Read::Event(Dispatch::Happened(happening)),
            Understood::Not => Read::Unreadable,
            Understood::Unwanted => Read::Ignored,
        },
    }
}

fn interaction(data: &str) -> Read {
    #[derive(Deserialize)]
    struct Least {
        id: InteractionId,
        #[serde(deserialize_with = "secret")]
        token: SecretString,
        #[serde(rename = "type")]
        kind: u8,
    }
    if let Ok(interaction) = serde_json::from_str::<Interaction>(data) {
        return Read::Event(Dispatch::Interaction(Box::new(interaction)));
    }
    match serde_json::from_str::<Least>(data) {
        Ok(Least { id, token, kind }) => Read::Salvaged(Dispatch::UnreadableInteraction { id, token, kind }),
        Err(_) => Read::Unreadable,
    }
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}
