//! Tests of the whole surface: what is registered, what is stored, and that whatever is typed survives or is refused.

mod extensions;
mod openapi;
mod properties;
mod reading;
mod surface;
mod values;

use serde_json::{Value, json};
use serenity::model::application::CommandData;

/// An interaction's `data`, as Discord sends it, from the members that say what was typed.
fn data(typed: &Value) -> CommandData {
    let mut whole = typed.clone();
    whole["id"] = json!("1312");
    serde_json::from_value(whole).expect("serenity reads the interaction's data")
}

/// A subcommand of `/agent` with these options.
fn agent(leaf: &str, options: &Value) -> CommandData {
    subcommand("agent", leaf, options)
}

/// A subcommand of `/approvals` with these options.
fn approvals(leaf: &str, options: &Value) -> CommandData {
    subcommand("approvals", leaf, options)
}

/// A subcommand of `/extension` with these options.
fn extension(leaf: &str, options: &Value) -> CommandData {
    subcommand("extension", leaf, options)
}

fn subcommand(group: &str, leaf: &str, options: &Value) -> CommandData {
    data(&json!({
        "type": 1, "name": group, "guild_id": "1111",
        "options": [{ "type": 1, "name": leaf, "options": options }],
    }))
}
