//! A message as a person reads it: plain text, line by line.

use crate::discord::{
    state::{LOADING, Message},
    validate::component::{BUTTON, LINK},
};
use serde_json::Value;

/// All that is visible in a message: content, embeds with their fields, buttons in brackets, options of selects.
pub(crate) fn message(message: &Message) -> String {
    let mut lines: Vec<String> = Vec::new();
    if message.flags & LOADING != 0 {
        lines.push("(is thinking …)".to_owned());
    }
    if !message.content.is_empty() {
        lines.push(message.content.clone());
    }
    message.embeds.iter().for_each(|it| embed(it, &mut lines));
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

fn embed(embed: &Value, lines: &mut Vec<String>) {
    let texts = [&embed["author"]["name"], &embed["title"], &embed["description"]];
    lines.extend(texts.into_iter().filter_map(Value::as_str).map(ToOwned::to_owned));
    for field in embed["fields"].as_array().into_iter().flatten() {
        let text = |name: &str| field[name].as_str().unwrap_or_default().to_owned();
        lines.push(format!("{}: {}", text("name"), text("value")));
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
