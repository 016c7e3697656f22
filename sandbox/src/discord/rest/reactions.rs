//! Reactions. See [Discord Docs/Message], "Create Reaction" and following.

use super::{
    super::{
        emoji::Emoji,
        events,
        ids::{ChannelId, MessageId, UserId},
        permissions::Permission,
        refusal::Refusal,
        state::{Message, Reaction, State},
    },
    Answer, Call, messages,
};
use serde_json::{Value, json};

/// Different emoji under one message.
pub(crate) const EMOJI: usize = 20;

/// Everything behind `…/messages/{message}/reactions`.
pub(super) fn route(
    state: &mut State,
    call: &Call,
    channel: &str,
    message: &str,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let message = messages::find(state, channel, message)?;
    let emoji = rest.first().map(|emoji| Emoji::parse(emoji).ok_or(Refusal::UnknownEmoji)).transpose()?;
    let bot = state.bot.user;
    match (call.method.as_str(), rest, emoji) {
        ("PUT", [_, "@me"], Some(emoji)) => {
            may_react(state, &message, bot, &emoji)?;
            react(state, message.id, &Reaction { user: bot, emoji, burst: false });
        }
        ("DELETE", [_, "@me"], Some(emoji)) => unreact(state, message.id, bot, &emoji),
        ("DELETE", [_, user], Some(emoji)) => {
            let user: UserId = user.parse().map_err(|_| Refusal::UnknownUser)?;
            if user != bot {
                may_manage(state, &message)?;
            }
            unreact(state, message.id, user, &emoji);
        }
        ("DELETE", [_], emoji @ Some(_)) | ("DELETE", [], emoji @ None) => {
            may_manage(state, &message)?;
            clear(state, message.id, emoji.as_ref());
        }
        ("GET", [_], Some(emoji)) => return list(state, call, &message, &emoji),
        (method, ..) => return Err(Refusal::NotModelled(format!("{method} of reactions"))),
    }
    Ok(Answer::nothing())
}

/// Whether an account may put this emoji under a message: to read it, to be the first, and one of at most twenty.
pub(crate) fn may_react(state: &State, message: &Message, user: UserId, emoji: &Emoji) -> Result<(), Refusal> {
    let first = !message.reactions.iter().any(|reaction| reaction.emoji == *emoji);
    let may = |permission| state.may(user, message.channel, permission);
    if !may(Permission::ReadMessageHistory) || (first && !may(Permission::AddReactions)) {
        return Err(Refusal::MissingPermissions);
    }
    // The bot is in one guild only; a custom emoji of another one it can but repeat.
    let Emoji::Custom { id, .. } = emoji else { return few_enough(message, first) };
    if first && !state.custom_emoji.contains_key(id) {
        return Err(Refusal::UnknownEmoji);
    }
    few_enough(message, first)
}

fn few_enough(message: &Message, first: bool) -> Result<(), Refusal> {
    let mut different: Vec<&Emoji> = Vec::new();
    for reaction in &message.reactions {
        if !different.contains(&&reaction.emoji) {
            different.push(&reaction.emoji);
        }
    }
    if first && different.len() >= EMOJI { Err(Refusal::TooManyReactions) } else { Ok(()) }
}

/// Whether the bot may take other people's reactions away.
fn may_manage(state: &State, message: &Message) -> Result<(), Refusal> {
    if state.guild_of(message.channel).is_none() {
        Err(Refusal::NotInDirectMessages)
    } else if state.bot_may(message.channel, Permission::ManageMessages) {
        Ok(())
    } else {
        Err(Refusal::MissingPermissions)
    }
}

/// Who reacted, by id, a page at a time. See [Discord Docs/Get Reactions].
fn list(state: &State, call: &Call, message: &Message, emoji: &Emoji) -> Result<Answer, Refusal> {
    if !state.bot_may(message.channel, Permission::ReadMessageHistory) {
        return Err(Refusal::MissingAccess);
    }
    let limit = call.limit(25, 100)?;
    let after = UserId(call.after()?);
    let burst = call.number("type", 0..=1)? == Some(1);
    let found = message.reactions.iter().filter(|it| it.emoji == *emoji && it.burst == burst && it.user > after);
    let mut users: Vec<UserId> = found.map(|reaction| reaction.user).collect();
    users.sort_unstable();
    users.truncate(limit);
    let users: Vec<Value> = users.into_iter().map(|user| events::user_of(state, user)).collect();
    Ok(Answer::ok(json!(users)))
}

fn event(state: &State, message: MessageId, reaction: &Reaction) -> Option<(ChannelId, Value)> {
    let message = state.messages.get(&message)?;
    let mut event = json!({
        "user_id": reaction.user,
        "channel_id": message.channel,
        "message_id": message.id,
        "emoji": reaction.emoji.json(),
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
    let Some(found) = state.messages.get_mut(&message).filter(|message| !message.deleted) else { return };
    if found.reactions.contains(reaction) {
        return;
    }
    found.reactions.push(reaction.clone());
    found.version += 1;
    let author = found.author;
    let Some((channel, mut event)) = event(state, message, reaction) else { return };
    event["message_author_id"] = json!(author);
    if reaction.burst {
        event["burst_colors"] = json!(events::BURST_COLOURS);
    }
    let member = state.accounts.get(&reaction.user).filter(|account| account.in_guild);
    if let (Some(member), Some(_)) = (member, state.guild_of(channel)) {
        event["member"] = events::member(member);
    }
    state.dispatch_reaction("MESSAGE_REACTION_ADD", channel, &event);
}

/// Takes a person's reactions with an emoji away.
pub(crate) fn unreact(state: &mut State, message: MessageId, user: UserId, emoji: &Emoji) {
    let Some(found) = state.messages.get_mut(&message) else { return };
    let gone: Vec<Reaction> =
        found.reactions.iter().filter(|it| it.user == user && it.emoji == *emoji).cloned().collect();
    if gone.is_empty() {
        return;
    }
    found.reactions.retain(|it| !gone.contains(it));
    found.version += 1;
    for reaction in gone {
        if let Some((channel, event)) = event(state, message, &reaction) {
            state.dispatch_reaction("MESSAGE_REACTION_REMOVE", channel, &event);
        }
    }
}

/// Takes everybody's reactions away, all or those with one emoji.
pub(crate) fn clear(state: &mut State, message: MessageId, emoji: Option<&Emoji>) {
    let Some(found) = state.messages.get_mut(&message) else { return };
    found.reactions.retain(|it| emoji.is_some_and(|emoji| it.emoji != *emoji));
    found.version += 1;
    let channel = found.channel;
    let mut event = json!({ "channel_id": channel, "message_id": message });
    if let Some(guild) = state.guild_of(channel) {
        event["guild_id"] = json!(guild);
    }
    match emoji {
        Some(emoji) => {
            event["emoji"] = emoji.json();
            state.dispatch_reaction("MESSAGE_REACTION_REMOVE_EMOJI", channel, &event);
        }
        None => state.dispatch_reaction("MESSAGE_REACTION_REMOVE_ALL", channel, &event),
    }
}
