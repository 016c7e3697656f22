//! Messages and their reactions as JSON. See [Discord Docs/Message].

use super::{
    super::{
        ids::made_at,
        state::{InteractionKind, Message, State},
    },
    owners, partial_member, timestamp, user_of,
};
use serde_json::{Value, json};

/// A message object, as REST answers it.
pub(crate) fn message(state: &State, message: &Message) -> Value {
    let mentions: Vec<Value> = message.pinged.users.iter().map(|id| user_of(state, *id)).collect();
    let mut value = json!({
        "id": message.id,
        "channel_id": message.channel,
        "type": message.interaction.map_or(0, |_| reply_type(state, message)),
        "author": user_of(state, message.author),
        "content": message.content,
        "timestamp": timestamp(made_at(message.id.0)),
        "edited_timestamp": message.edited.map(timestamp),
        "tts": message.tts,
        "mention_everyone": message.pinged.everyone,
        "mentions": mentions,
        "mention_roles": message.pinged.roles,
        "attachments": [],
        "embeds": message.embeds,
        "components": message.components,
        "pinned": false,
        "flags": message.flags,
    });
    if !message.reactions.is_empty() {
        value["reactions"] = json!(reactions(state, message));
    }
    if let Some(nonce) = &message.nonce {
        value["nonce"] = nonce.clone();
    }
    if let Some(interaction) = message.interaction.and_then(|id| state.interactions.get(&id)) {
        value["application_id"] = json!(state.bot.application);
        value["webhook_id"] = json!(state.bot.application);
        value["interaction_metadata"] = json!({
            "id": interaction.id,
            "type": interaction.kind.number(),
            "user": user_of(state, interaction.user),
            "authorizing_integration_owners": owners(state, interaction.channel),
            "original_response_message_id": interaction.original,
        });
        if let (InteractionKind::Component, Some((source, _))) = (interaction.kind, interaction.source) {
            value["interaction_metadata"]["interacted_message_id"] = json!(source);
        }
        if interaction.kind == InteractionKind::Modal {
            value["interaction_metadata"]["triggering_interaction_metadata"] = json!({
                "id": interaction.id,
                "type": InteractionKind::Command.number(),
                "user": user_of(state, interaction.user),
                "authorizing_integration_owners": owners(state, interaction.channel),
            });
        }
    }
    value
}

/// 20 for an answer to a slash command, 0 or 19 otherwise.
fn reply_type(state: &State, message: &Message) -> u8 {
    match message.interaction.and_then(|id| state.interactions.get(&id)).map(|interaction| interaction.kind) {
        Some(InteractionKind::Command) => 20,
        Some(InteractionKind::Component) => 19,
        Some(InteractionKind::Modal | InteractionKind::Autocomplete) | None => 0,
    }
}

fn reactions(state: &State, message: &Message) -> Vec<Value> {
    let mut emojis: Vec<&str> = Vec::new();
    for reaction in &message.reactions {
        if !emojis.contains(&reaction.emoji.as_str()) {
            emojis.push(&reaction.emoji);
        }
    }
    emojis
        .into_iter()
        .map(|name| {
            let of = |burst: bool| message.reactions.iter().filter(move |it| it.emoji == name && it.burst == burst);
            let mine = |burst: bool| of(burst).any(|it| it.user == state.bot.user);
            let (normal, burst) = (of(false).count(), of(true).count());
            json!({
                "emoji": emoji(name),
                "count": normal + burst,
                "count_details": { "normal": normal, "burst": burst },
                "me": mine(false),
                "me_burst": mine(true),
                "burst_colors": [],
            })
        })
        .collect()
}

/// An emoji object of a Unicode emoji.
pub(crate) fn emoji(name: &str) -> Value {
    json!({ "id": null, "name": name })
}

/// A message as `MESSAGE_CREATE` and `MESSAGE_UPDATE` carry it.
pub(crate) fn message_event(state: &State, of: &Message) -> Value {
    let mut event = message(state, of);
    if let Some(guild) = state.guild_of(of.channel) {
        event["guild_id"] = json!(guild);
        if let Some(author) = state.accounts.get(&of.author) {
            event["member"] = partial_member(author);
        }
    }
    event["channel_type"] = json!(u8::from(state.guild_of(of.channel).is_none()));
    event
}
