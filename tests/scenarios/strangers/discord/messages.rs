//! Messages as people see them: what each says now, who may press its buttons, and which interaction it answers. Only
//! what the documents say about answers, their edits and follow-ups.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{BOT, user};

/// The flag of messages that one person alone sees.
const EPHEMERAL: u64 = 64;
/// Members of a message that an edit may name.
const EDITED: [&str; 3] = ["content", "embeds", "components"];

/// A message as it stands.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: String,
    pub channel: String,
    pub ephemeral: bool,
    /// How often it was edited.
    pub edits: usize,
    body: Value,
}

impl Held {
    /// Everything there is to read: content, embeds, labels of buttons.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        let mut line = |value: &Value| lines.extend(value.as_str().map(ToOwned::to_owned));
        line(&self.body["content"]);
        for embed in self.body["embeds"].as_array().into_iter().flatten() {
            line(&embed["title"]);
            line(&embed["description"]);
            for field in embed["fields"].as_array().into_iter().flatten() {
                line(&field["name"]);
                line(&field["value"]);
            }
            line(&embed["footer"]["text"]);
        }
        lines.extend(self.buttons().iter().map(|label| format!("[{label}]")));
        lines.join("\n")
    }

    fn pieces(&self) -> impl Iterator<Item = &Value> {
        let rows = self.body["components"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["components"].as_array()).flatten()
    }

    /// The labels of the buttons that can be pressed.
    pub fn buttons(&self) -> Vec<String> {
        let open = self.pieces().filter(|it| it["disabled"] != true);
        open.filter_map(|it| Some(it["label"].as_str()?.to_owned())).collect()
    }

    /// The custom id of a button that can be pressed.
    pub fn custom_id(&self, label: &str) -> Option<String> {
        let piece = self.pieces().find(|it| it["label"] == label && it["disabled"] != true)?;
        Some(piece["custom_id"].as_str()?.to_owned())
    }

    /// Whether a button with this custom id stands under it.
    pub fn has(&self, custom_id: &str) -> bool {
        self.pieces().any(|it| it["custom_id"] == custom_id)
    }

    /// As Discord tells it: with every member that it must have, and components with ids.
    pub fn told(&self) -> Value {
        let mut components = self.body["components"].clone();
        let mut number = 0;
        numbered(&mut components, &mut number);
        let mut embeds = self.body["embeds"].clone();
        for embed in embeds.as_array_mut().into_iter().flatten() {
            embed["type"] = json!("rich");
        }
        json!({
            "id": self.id, "channel_id": self.channel, "author": user(BOT), "content": self.body["content"],
            "timestamp": "2026-01-01T10:00:00.000000+00:00",
            "edited_timestamp": (self.edits > 0).then_some("2026-01-01T10:00:05.000000+00:00"), "tts": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": embeds,
            "components": components, "pinned": false, "type": 0, "flags": if self.ephemeral { EPHEMERAL } else { 0 },
        })
    }
}

fn numbered(components: &mut Value, number: &mut u32) {
    for component in components.as_array_mut().into_iter().flatten() {
        *number += 1;
        component["id"] = json!(*number);
        if component.get("components").is_some() {
            numbered(&mut component["components"], number);
        }
    }
}

/// An interaction, from the server's side.
struct Interaction {
    channel: String,
    /// The message whose button was pressed.
    on: Option<String>,
    answered: Answered,
}

/// How an interaction was answered.
#[derive(PartialEq, Eq)]
enum Answered {
    NotYet,
    /// With suggestions or a form: no message stands for it.
    WithoutMessage,
    /// By this message, which `@original` means.
    By(String),
}

impl Interaction {
    fn original(&self) -> Option<&str> {
        match &self.answered {
            Answered::By(message) => Some(message),
            Answered::NotYet | Answered::WithoutMessage => None,
        }
    }
}

/// All messages and the interactions that they answer.
#[derive(Default)]
pub struct Messages {
    held: Vec<Held>,
    interactions: HashMap<String, Interaction>,
    next: u64,
}

impl Messages {
    /// An interaction was sent to the bot.
    pub fn expect(&mut self, token: &str, channel: &str, on: Option<&str>) {
        let interaction =
            Interaction { channel: channel.to_owned(), on: on.map(ToOwned::to_owned), answered: Answered::NotYet };
        self.interactions.insert(token.to_owned(), interaction);
    }

    /// A message by its id.
    pub fn by_id(&self, id: &str) -> Option<&Held> {
        self.held.iter().find(|it| it.id == id)
    }

    /// All that are there.
    pub fn all(&self) -> &[Held] {
        &self.held
    }

    /// What answers an interaction: a new message, or the one whose button was pressed.
    pub fn answer_to(&self, token: &str) -> Option<&Held> {
        self.by_id(self.interactions.get(token)?.original()?)
    }

    /// A message is posted in a channel.
    pub fn post(&mut self, channel: &str, sent: &Value) -> &Held {
        self.next += 1;
        let mut held = Held {
            id: (200_000 + self.next).to_string(),
            channel: channel.to_owned(),
            ephemeral: sent["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0),
            edits: 0,
            body: json!({ "content": "", "embeds": [], "components": [] }),
        };
        merge(&mut held.body, sent);
        self.held.push(held);
        &self.held[self.held.len() - 1]
    }

    /// A message is edited: what is not named stays.
    pub fn edit(&mut self, id: &str, sent: &Value) -> Option<&Held> {
        let held = self.held.iter_mut().find(|it| it.id == id)?;
        merge(&mut held.body, sent);
        held.edits += 1;
        Some(held)
    }

    /// A message goes.
    pub fn delete(&mut self, id: &str) -> bool {
        let before = self.held.len();
        self.held.retain(|it| it.id != id);
        self.held.len() < before
    }

    /// The first answer to an interaction; the number of Discord's error otherwise.
    pub fn answer(&mut self, token: &str, sent: &Value) -> Result<(), u32> {
        let interaction = self.interactions.get(token).ok_or(10062_u32)?;
        if interaction.answered != Answered::NotYet {
            return Err(40060);
        }
        let (channel, on) = (interaction.channel.clone(), interaction.on.clone());
        let answered = match sent["type"].as_u64() {
            Some(4 | 5) => Answered::By(self.post(&channel, &sent["data"]).id.clone()),
            Some(6) => Answered::By(on.ok_or(50035_u32)?),
            Some(7) => {
                let on = on.ok_or(50035_u32)?;
                self.edit(&on, &sent["data"]).ok_or(10008_u32)?;
                Answered::By(on)
            }
            Some(8 | 9) => Answered::WithoutMessage,
            _ => return Err(50035),
        };
        if let Some(interaction) = self.interactions.get_mut(token) {
            interaction.answered = answered;
        }
        Ok(())
    }

    /// The message that a webhook's path means, after an answer.
    pub fn named(&self, token: &str, name: &str) -> Option<String> {
        let interaction = self.interactions.get(token).filter(|it| it.answered != Answered::NotYet)?;
        if name == "@original" { interaction.original().map(ToOwned::to_owned) } else { Some(name.to_owned()) }
    }

    /// A message beside the first answer.
    pub fn follow_up(&mut self, token: &str, sent: &Value) -> Option<&Held> {
        let interaction = self.interactions.get(token).filter(|it| it.answered != Answered::NotYet)?;
        let channel = interaction.channel.clone();
        Some(self.post(&channel, sent))
    }
}

fn merge(body: &mut Value, sent: &Value) {
    for name in EDITED {
        match sent.get(name) {
            None => {}
            Some(Value::Null) => body[name] = if name == "content" { json!("") } else { json!([]) },
            Some(value) => body[name] = value.clone(),
        }
    }
}
