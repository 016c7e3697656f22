//! Messages: post, edit, delete, list. See [Discord Docs/Message].

use super::{
    super::{
        events,
        gateway::intents,
        ids::{ChannelId, InteractionId, MessageId, RoleId, UserId},
        permissions::Permission,
        refusal::{Form, Refusal},
        state::{Channel, DirectMessages, Message, Pings, State},
        validate::message::{Absent, Draft, Place, draft},
    },
    Answer, Call,
    places::visible,
};
use crate::render;
use serde_json::{Value, json};

/// In whose name and for whose eyes a message is posted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) author: UserId,
    pub(crate) interaction: Option<InteractionId>,
    pub(crate) only_for: Option<UserId>,
}

/// Puts a message into a channel and tells the gateway.
pub(crate) fn post(state: &mut State, channel: ChannelId, draft: Draft, standing: Standing) -> MessageId {
    let id = MessageId(state.mint.next());
    let mut message = Message {
        id,
        channel,
        author: standing.author,
        content: draft.content.unwrap_or_default(),
        embeds: draft.embeds.unwrap_or_default(),
        components: draft.components.unwrap_or_default(),
        flags: draft.flags,
        tts: draft.tts,
        nonce: draft.nonce,
        pinged: Pings::default(),
        replies_to: draft.replies_to.map(|(message, _)| message),
        reactions: Vec::new(),
        edited: None,
        interaction: standing.interaction,
        only_for: standing.only_for,
        deleted: false,
        version: 1,
        history: Vec::new(),
        read: standing.author != state.bot.user,
    };
    message.pinged = pinged(state, &message, draft.allowed_mentions.as_ref());
    message.history.push(render::message(&message));
    state.note(format!("message in {channel}: {:?}", render::message(&message)));
    state.messages.insert(id, message.clone());
    state.dispatch_message("MESSAGE_CREATE", &message);
    id
}

/// Changes a message as a `PATCH` does: members that were not sent stay.
pub(crate) fn amend(state: &mut State, id: MessageId, draft: Draft, keep_flags: u64) -> Result<(), Refusal> {
    let mut message = state.message(id).ok_or(Refusal::UnknownMessage)?.clone();
    if let Some(content) = draft.content {
        message.content = content;
    }
    if let Some(embeds) = draft.embeds {
        message.embeds = embeds;
    }
    if let Some(components) = draft.components {
        message.components = components;
    }
    message.flags = (message.flags & keep_flags) | draft.flags;
    if is_empty(&message) {
        return Err(Refusal::EmptyMessage);
    }
    let pings = pinged(state, &message, draft.allowed_mentions.as_ref());
    message.pinged.join(pings);
    message.edited = Some(time::OffsetDateTime::now_utc());
    message.version += 1;
    message.history.push(render::message(&message));
    state.note(format!("message {id} now: {:?}", render::message(&message)));
    state.messages.insert(id, message.clone());
    state.dispatch_message("MESSAGE_UPDATE", &message);
    Ok(())
}

/// Takes a message away.
pub(crate) fn remove(state: &mut State, id: MessageId) -> Result<(), Refusal> {
    let message = state.messages.get_mut(&id).filter(|message| !message.deleted).ok_or(Refusal::UnknownMessage)?;
    message.deleted = true;
    message.version += 1;
    let message = message.clone();
    state.note(format!("message {id} is deleted"));
    state.dispatch_deleted(&message);
    Ok(())
}

fn is_empty(message: &Message) -> bool {
    message.content.is_empty() && message.embeds.is_empty() && message.components.is_empty()
}

/// Whether a draft says anything at all.
pub(super) fn says_something(draft: &Draft) -> Result<(), Refusal> {
    let embeds = draft.embeds.iter().flatten().any(|embed| embed.as_object().is_some_and(|it| it.len() > 1));
    let components = draft.components.as_ref().is_some_and(|components| !components.is_empty());
    let content = draft.content.as_ref().is_some_and(|content| !content.is_empty());
    if content || embeds || components { Ok(()) } else { Err(Refusal::EmptyMessage) }
}

/// Whom the content's mentions notify. See [Discord Docs/Allowed Mentions Object].
fn pinged(state: &State, message: &Message, allowed: Option<&Value>) -> Pings {
    let parses = |kind: &str| match allowed {
        None => true,
        Some(allowed) => allowed["parse"].as_array().is_some_and(|kinds| kinds.iter().any(|it| it == kind)),
    };
    let names = |kind: &str, id: &str| {
        allowed.is_some_and(|allowed| allowed[kind].as_array().is_some_and(|ids| ids.iter().any(|it| it == id)))
    };
    let mut pinged = Pings::default();
    // Whoever is not mentionable by everybody is notified by those only who may mention everyone.
    let all = message.author != state.bot.user || state.bot_may(message.channel, Permission::MentionEveryone);
    for piece in message.content.split("<@").skip(1) {
        let Some((inner, _)) = piece.split_once('>') else { continue };
        let (kind, digits) = match inner.strip_prefix('&') {
            Some(digits) => ("roles", digits),
            None => ("users", inner.trim_start_matches('!')),
        };
        if !parses(kind) && !names(kind, digits) {
            continue;
        }
        let Ok(number) = digits.parse::<u64>() else { continue };
        if kind == "roles" && state.roles.iter().any(|role| role.id.0 == number && (all || role.mentionable)) {
            pinged.roles.push(RoleId(number));
        } else if kind == "users" && state.accounts.contains_key(&UserId(number)) {
            pinged.users.push(UserId(number));
        }
    }
    let answered = message.replies_to.and_then(|id| state.message(id)).map(|it| it.author);
    let tells = allowed.is_none_or(|allowed| allowed["replied_user"] == true);
    // Nobody is notified of an answer to themselves.
    pinged.users.extend(answered.filter(|author| tells && *author != message.author));
    let everyone = message.content.contains("@everyone") || message.content.contains("@here");
    pinged.everyone = everyone && parses("everyone") && state.guild_of(message.channel).is_some();
    pinged
}

/// `POST /channels/{channel}/messages`.
pub(super) fn create(state: &mut State, channel: &str, call: &Call) -> Result<Answer, Refusal> {
    let channel = visible(state, channel)?;
    if !state.bot_may(channel, Permission::SendMessages) {
        return Err(Refusal::MissingPermissions);
    }
    if let Some(Channel::Direct { with, .. }) = state.channels.get(&channel) {
        match state.accounts.get(with).map(|account| (account.direct_messages, account.in_guild)) {
            Some((DirectMessages::Open | DirectMessages::TooFast, true)) => {}
            Some((DirectMessages::Closed, _)) => return Err(Refusal::DirectMessagesClosed),
            Some((DirectMessages::NoMutualGuild, _) | (_, false)) => return Err(Refusal::NoMutualGuild),
            None => return Err(Refusal::UnknownChannel),
        }
    }
    let mut draft = draft(&call.body, "", Place::Channel)?;
    if let Some(earlier) = sent_before(state, channel, &draft) {
        let message = state.messages.get(&earlier).ok_or(Refusal::UnknownMessage)?;
        return Ok(Answer::ok(events::message(state, message)));
    }
    if !state.bot_may(channel, Permission::EmbedLinks) {
        draft.embeds = None;
    }
    says_something(&draft)?;
    draft.replies_to = reply(state, channel, draft.replies_to)?;
    let nonce = draft.nonce.clone();
    let standing = Standing { author: state.bot.user, interaction: None, only_for: None };
    let id = post(state, channel, draft, standing);
    if let Some(nonce) = nonce {
        state.nonces.push((channel, nonce, id, tokio::time::Instant::now()));
    }
    let message = state.message(id).ok_or(Refusal::UnknownMessage)?;
    Ok(Answer::ok(events::message(state, message)))
}

/// The message that is replied to, if it stands in this channel. See [Discord Docs/Message Reference].
fn reply(
    state: &State,
    channel: ChannelId,
    to: Option<(MessageId, Absent)>,
) -> Result<Option<(MessageId, Absent)>, Refusal> {
    let Some((message, absent)) = to else { return Ok(None) };
    if !state.bot_may(channel, Permission::ReadMessageHistory) {
        return Err(Refusal::ReplyWithoutHistory);
    }
    let there = state.message(message).is_some_and(|it| it.channel == channel && it.only_for.is_none());
    match (there, absent) {
        (true, _) => Ok(to),
        (false, Absent::Ignored) => Ok(None),
        (false, Absent::Refused) => {
            let mut form = Form::default();
            form.fault("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
            Err(Refusal::InvalidForm(form))
        }
    }
}

/// With `enforce_nonce`, a nonce of the past few minutes answers with the message it made.
fn sent_before(state: &State, channel: ChannelId, draft: &Draft) -> Option<MessageId> {
    let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
    let life = state.limits.nonce_life;
    state
        .nonces
        .iter()
        .find(|(place, known, _, at)| *place == channel && known == nonce && at.elapsed() < life)
        .map(|(_, _, message, _)| *message)
}

/// A message of a path, as the bot's token reaches it: ephemeral ones it does not.
pub(super) fn find(state: &State, channel: &str, message: &str) -> Result<Message, Refusal> {
    let channel = visible(state, channel)?;
    let id: MessageId = message.parse().map_err(|_| Refusal::UnknownMessage)?;
    let found = state.message(id).filter(|message| message.channel == channel && message.only_for.is_none());
    found.cloned().ok_or(Refusal::UnknownMessage)
}

/// `GET /channels/{channel}/messages/{message}`.
pub(super) fn get(state: &State, channel: &str, message: &str) -> Result<Answer, Refusal> {
    let message = find(state, channel, message)?;
    if !state.bot_may(message.channel, Permission::ReadMessageHistory) {
        return Err(Refusal::MissingAccess);
    }
    Ok(Answer::ok(as_read(state, &message)))
}

/// A message as the bot reads it: without the switch in the developer portal, not what people wrote.
fn as_read(state: &State, message: &Message) -> Value {
    let mut value = events::message(state, message);
    if state.bot.privileged_intents & intents::MESSAGE_CONTENT == 0 {
        events::hide_from_the_bot(state, message, &mut value);
    }
    value
}

/// `GET /channels/{channel}/messages`, newest first.
pub(super) fn list(state: &State, channel: &str, call: &Call) -> Result<Answer, Refusal> {
    let channel = visible(state, channel)?;
    if !state.bot_may(channel, Permission::ReadMessageHistory) {
        return Ok(Answer::ok(json!([])));
    }
    let bound = |name: &str| call.query.get(name).and_then(|id| id.parse::<MessageId>().ok());
    let (before, after, limit) = (bound("before"), bound("after"), call.limit(50, 100)?);
    if call.query.contains_key("around") {
        return Err(Refusal::NotModelled("`around` in a list of messages".to_owned()));
    }
    let mut found: Vec<&Message> = state
        .messages
        .values()
        .filter(|it| it.channel == channel && !it.deleted && it.only_for.is_none())
        .filter(|it| before.is_none_or(|before| it.id < before) && after.is_none_or(|after| it.id > after))
        .collect();
    // `after` counts from the old end, everything else from the new one; answers run from new to old.
    if after.is_none() {
        found.reverse();
    }
    found.truncate(limit);
    found.sort_by_key(|message| std::cmp::Reverse(message.id));
    let messages: Vec<Value> = found.into_iter().map(|message| as_read(state, message)).collect();
    Ok(Answer::ok(json!(messages)))
}

/// `PATCH /channels/{channel}/messages/{message}`.
pub(super) fn edit(state: &mut State, channel: &str, message: &str, call: &Call) -> Result<Answer, Refusal> {
    let message = find(state, channel, message)?;
    if message.author != state.bot.user {
        return Err(Refusal::OtherAuthor);
    }
    let draft = draft(&call.body, "", Place::Edit)?;
    amend(state, message.id, draft, message.flags)?;
    let message = state.message(message.id).ok_or(Refusal::UnknownMessage)?;
    Ok(Answer::ok(events::message(state, message)))
}

/// `DELETE /channels/{channel}/messages/{message}`.
pub(super) fn delete(state: &mut State, channel: &str, message: &str) -> Result<Answer, Refusal> {
    let message = find(state, channel, message)?;
    if message.author != state.bot.user {
        if state.guild_of(message.channel).is_none() {
            return Err(Refusal::NotInDirectMessages);
        }
        if !state.bot_may(message.channel, Permission::ManageMessages) {
            return Err(Refusal::MissingPermissions);
        }
    }
    remove(state, message.id)?;
    Ok(Answer::nothing())
}
