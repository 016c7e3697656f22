//! Messages and their reactions as JSON. See [Discord Docs/Message].

use super::{
    super::{
        emoji::Emoji,
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
        "type": kind(state, message),
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
    if let Some(replied) = message.replies_to {
        value["message_reference"] = json!({ "type": 0, "channel_id": message.channel, "message_id": replied, "guild_id": state.guild_of(message.channel) });
        // One level only, as Discord does it; `null` once it is deleted.
        let plain = |it: &Message| self::message(state, &Message { replies_to: None, ..it.clone() });
        value["referenced_message"] = state.message(replied).map_or(Value::Null, plain);
    }
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

/// 20 for an answer to a slash command, 19 for a reply, 0 otherwise.
fn kind(state: &State, message: &Message) -> u8 {
    if message.replies_to.is_some() {
        return 19;
    }
    match message.interaction.and_then(|id| state.interactions.get(&id)).map(|interaction| interaction.kind) {
        Some(InteractionKind::Command) => 20,
        Some(InteractionKind::Component) => 19,
        Some(InteractionKind::Modal | InteractionKind::Autocomplete) | None => 0,
    }
}

fn reactions(state: &State, message: &Message) -> Vec<Value> {
    let mut emojis: Vec<&Emoji> = Vec::new();
    for reaction in &message.reactions {
        if !emojis.contains(&&reaction.emoji) {
            emojis.push(&reaction.emoji);
        }
    }
    emojis
        .into_iter()
        .map(|emoji| {
            let of = |burst: bool| message.reactions.iter().filter(move |it| it.emoji == *emoji && it.burst == burst);
            let mine = |burst: bool| of(burst).any(|it| it.user == state.bot.user);
            let (normal, burst) = (of(false).count(), of(true).count());
            json!({
                "emoji": emoji.json(),
                "count": normal + burst,
                "count_details": { "normal": normal, "burst": burst },
                "me": mine(false),
                "me_burst": mine(true),
                "burst_colors": if burst == 0 { [].as_slice() } else { BURST_COLOURS.as_slice() },
            })
        })
        .collect()
}

/// What a super reaction glows in.
pub(crate) const BURST_COLOURS: [&str; 2] = ["#77b255", "#3e721d"];

/// Empties what people wrote to others, as for a bot without the privileged intent for it. See [Discord Docs/Message
/// Content Intent].
pub(crate) fn hide_from_the_bot(state: &State, of: &Message, value: &mut Value) {
    let own = of.author == state.bot.user || of.pinged.users.contains(&state.bot.user);
    if !own && state.guild_of(of.channel).is_some() {
        value["content"] = json!("");
        value["embeds"] = json!([]);
        value["components"] = json!([]);
    }
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
