//! Reactions. See [Discord Docs/Message], "Create Reaction" and following.

use super::{
    super::{
        events,
        ids::{MessageId, UserId},
        permissions::Permission,
        refusal::Refusal,
        state::{Reaction, State},
    },
    Answer, Call, messages,
};
use serde_json::{Value, json};

/// Everything behind `…/messages/{message}/reactions`.
pub(super) fn route(
    state: &mut State,
    call: &Call,
    channel: &str,
    message: &str,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let message = messages::find(state, channel, message)?;
    let may_manage = state.bot_may(message.channel, Permission::ManageMessages);
    if let Some(emoji) = rest.first() {
        unicode(emoji)?;
    }
    let bot = state.bot.user;
    match (call.method.as_str(), rest) {
        ("PUT", [emoji, "@me"]) => {
            let first = !message.reactions.iter().any(|reaction| reaction.emoji == **emoji);
            if !state.bot_may(message.channel, Permission::ReadMessageHistory)
                || (first && !state.bot_may(message.channel, Permission::AddReactions))
            {
                return Err(Refusal::MissingPermissions);
            }
            react(state, message.id, &Reaction { user: bot, emoji: (*emoji).to_owned(), burst: false });
        }
        ("DELETE", [emoji, "@me"]) => unreact(state, message.id, bot, emoji),
        ("DELETE", _) if !may_manage => return Err(Refusal::MissingPermissions),
        ("DELETE", [emoji, user]) => {
            let user: UserId = user.parse().map_err(|_| Refusal::UnknownUser)?;
            unreact(state, message.id, user, emoji);
        }
        ("DELETE", [emoji]) => clear(state, message.id, Some(emoji)),
        ("DELETE", []) => clear(state, message.id, None),
        ("GET", [emoji]) => {
            let after = call.query.get("after").and_then(|after| after.parse().ok()).unwrap_or(UserId(0));
            let burst = call.query.get("type").is_some_and(|kind| kind == "1");
            let mut users: Vec<UserId> = message
                .reactions
                .iter()
                .filter(|reaction| reaction.emoji == **emoji && reaction.burst == burst && reaction.user > after)
                .map(|reaction| reaction.user)
                .collect();
            users.sort_unstable();
            users.truncate(call.limit(25, 100));
            let users: Vec<Value> = users.into_iter().map(|user| events::user_of(state, user)).collect();
            return Ok(Answer::ok(json!(users)));
        }
        (method, _) => return Err(Refusal::NotModelled(format!("{method} of reactions"))),
    }
    Ok(Answer::nothing())
}

/// Only Unicode emoji exist in this guild.
fn unicode(emoji: &str) -> Result<(), Refusal> {
    if emoji.is_empty() || emoji.is_ascii() || emoji.chars().any(char::is_alphabetic) {
        return Err(Refusal::UnknownEmoji);
    }
    Ok(())
}

fn event(state: &State, message: MessageId, reaction: &Reaction) -> Option<(super::super::ids::ChannelId, Value)> {
    let message = state.messages.get(&message)?;
    let mut event = json!({
        "user_id": reaction.user,
        "channel_id": message.channel,
        "message_id": message.id,
        "emoji": events::emoji(&reaction.emoji),
        "burst": reaction.burst,
        "type": u8::from(reaction.burst),
    });
    if let Some(guild) = state.guild_of(message.channel) {
        event["guild_id"] = json!(guild);
    }
    Some((message.channel, event))
}

/// Adds a reaction, once.
pub(crate) fn react(state: &mut State, message: MessageId, reaction: &Reaction) {
    let Some(found) = state.messages.get_mut(&message) else { return };
    if found.reactions.contains(reaction) {
        return;
    }
    found.reactions.push(reaction.clone());
    found.version += 1;
    let author = found.author;
    let Some((channel, mut event)) = event(state, message, reaction) else { return };
    event["message_author_id"] = json!(author);
    event["burst_colors"] = json!([]);
    if state.guild_of(channel).is_some() {
        event["member"] = state.accounts.get(&reaction.user).map_or(Value::Null, events::member);
    }
    state.dispatch_reaction("MESSAGE_REACTION_ADD", channel, &event);
}

/// Takes a person's reactions with an emoji away.
pub(crate) fn unreact(state: &mut State, message: MessageId, user: UserId, emoji: &str) {
    let Some(found) = state.messages.get_mut(&message) else { return };
    let gone: Vec<Reaction> =
        found.reactions.iter().filter(|it| it.user == user && it.emoji == emoji).cloned().collect();
    found.reactions.retain(|it| !gone.contains(it));
    found.version += 1;
    for reaction in gone {
        if let Some((channel, event)) = event(state, message, &reaction) {
            state.dispatch_reaction("MESSAGE_REACTION_REMOVE", channel, &event);
        }
    }
}

/// Takes everybody's reactions away, all or those with one emoji.
fn clear(state: &mut State, message: MessageId, emoji: Option<&str>) {
    let Some(found) = state.messages.get_mut(&message) else { return };
    found.reactions.retain(|it| emoji.is_some_and(|emoji| it.emoji != emoji));
    found.version += 1;
    let channel = found.channel;
    let mut event = json!({ "channel_id": channel, "message_id": message });
    if let Some(guild) = state.guild_of(channel) {
        event["guild_id"] = json!(guild);
    }
    match emoji {
        Some(emoji) => {
            event["emoji"] = events::emoji(emoji);
            state.dispatch_reaction("MESSAGE_REACTION_REMOVE_EMOJI", channel, &event);
        }
        None => state.dispatch_reaction("MESSAGE_REACTION_REMOVE_ALL", channel, &event),
    }
}
