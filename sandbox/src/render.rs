//! A message as text, line by line: as the bot wrote it, or as Discord's client shows it to a person.

use crate::{
    discord::{
        state::{LOADING, Message, State},
        validate::component::{BUTTON, LINK},
    },
    markdown,
};
use serde_json::Value;

/// How the texts of a message are written down.
trait Hand {
    /// A text in which Discord reads markdown.
    fn text(&self, text: &str) -> String;
    /// A field of an embed.
    fn field(&self, name: &str, value: &str) -> Vec<String>;
}

/// As the bot wrote it.
struct AsWritten;

impl Hand for AsWritten {
    fn text(&self, text: &str) -> String {
        text.to_owned()
    }

    fn field(&self, name: &str, value: &str) -> Vec<String> {
        vec![format!("{name}: {value}")]
    }
}

/// As Discord's client shows it at this Unix time.
struct AsSeen<'a> {
    state: &'a State,
    now: i64,
}

impl Hand for AsSeen<'_> {
    fn text(&self, text: &str) -> String {
        markdown::shown(text, self.state, self.now)
    }

    fn field(&self, name: &str, value: &str) -> Vec<String> {
        let indented = self.text(value).lines().map(|line| format!("  {line}")).collect::<Vec<_>>();
        [self.text(name)].into_iter().chain(indented).collect()
    }
}

/// All that is visible in a message: content, embeds with their fields, buttons in brackets, options of selects.
pub(crate) fn message(message: &Message) -> String {
    written(message, &AsWritten)
}

/// The same as a person sees it now: markdown obeyed, mentions as names, times in words.
pub(crate) fn seen(state: &State, message: &Message) -> String {
    written(message, &AsSeen { state, now: time::OffsetDateTime::now_utc().unix_timestamp() })
}

fn written(message: &Message, hand: &dyn Hand) -> String {
    let mut lines: Vec<String> = Vec::new();
    if message.flags & LOADING != 0 {
        lines.push("(is thinking …)".to_owned());
    }
    if !message.content.is_empty() {
        lines.push(hand.text(&message.content));
    }
    message.embeds.iter().for_each(|it| embed(it, hand, &mut lines));
    for row in &message.components {
        let mut buttons = Vec::new();
        for component in children(row) {
            if component["type"] == BUTTON {
                buttons.push(button(component));
            } else {
                select(component, &mut lines);
            }
        }
        if !buttons.is_empty() {
            lines.push(buttons.join(" "));
        }
    }
    lines.join("\n")
}

fn children(row: &Value) -> impl Iterator<Item = &Value> {
    row["components"].as_array().into_iter().flatten()
}

fn embed(embed: &Value, hand: &dyn Hand, lines: &mut Vec<String>) {
    lines.extend(embed["author"]["name"].as_str().map(ToOwned::to_owned));
    let texts = [&embed["title"], &embed["description"]];
    lines.extend(texts.into_iter().filter_map(Value::as_str).map(|text| hand.text(text)));
    for field in embed["fields"].as_array().into_iter().flatten() {
        let text = |name: &str| field[name].as_str().unwrap_or_default();
        lines.extend(hand.field(text("name"), text("value")));
    }
    lines.extend(embed["footer"]["text"].as_str().map(ToOwned::to_owned));
}

/// What stands on a button: its label, or its emoji.
pub(crate) fn label(component: &Value) -> String {
    let label = component["label"].as_str().unwrap_or_default();
    match component["emoji"]["name"].as_str() {
        Some(emoji) if label.is_empty() => emoji.to_owned(),
        _ => label.to_owned(),
    }
}

fn button(button: &Value) -> String {
    let emoji = button["emoji"]["name"].as_str().filter(|_| button["label"].is_string());
    let label = emoji.map_or_else(|| label(button), |emoji| format!("{emoji} {}", label(button)));
    match (button["disabled"] == true, button["style"].as_u64() == Some(LINK)) {
        (true, _) => format!("[{label} (off)]"),
        (false, true) => format!("[{label} → {}]", button["url"].as_str().unwrap_or_default()),
        (false, false) => format!("[{label}]"),
    }
}

fn select(select: &Value, lines: &mut Vec<String>) {
    lines.push(format!("▾ {}", select["placeholder"].as_str().unwrap_or("Make a selection")));
    for option in select["options"].as_array().into_iter().flatten() {
        let label = option["label"].as_str().unwrap_or_default();
        let chosen = if option["default"] == true { " ✓" } else { "" };
        lines.push(match option["description"].as_str() {
            Some(description) => format!("  • {label}{chosen} ({description})"),
            None => format!("  • {label}{chosen}"),
        });
    }
}
