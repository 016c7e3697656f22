//! Users, guild, channels, gateway: what can be looked at.

use super::{
    super::{
        events,
        gateway::{intents, session::application_flags},
        ids::{ChannelId, UserId},
        permissions::Permission,
        refusal::Refusal,
        state::{AccountKind, Channel, DirectMessages, State},
    },
    Answer, Call,
};
use serde_json::{Value, json};

pub(super) fn gateway(call: &Call) -> Answer {
    Answer::ok(json!({ "url": call.gateway_url }))
}

pub(super) fn gateway_bot(state: &State, call: &Call) -> Answer {
    Answer::ok(json!({
        "url": call.gateway_url,
        "shards": 1,
        "session_start_limit": {
            "total": 1000,
            "remaining": state.gateway.identifies_left,
            "reset_after": 24 * 60 * 60 * 1000,
            "max_concurrency": 1,
        },
    }))
}

pub(super) fn me(state: &State) -> Answer {
    Answer::ok(events::me(state))
}

pub(super) fn my_guilds(state: &State) -> Answer {
    let permissions = state.roles.iter().find(|role| role.id == state.bot.role).map_or(0, |role| role.permissions);
    Answer::ok(json!([{
        "id": state.guild,
        "name": state.guild_name,
        "icon": null,
        "banner": null,
        "owner": false,
        "permissions": permissions.to_string(),
        "features": [],
    }]))
}

pub(super) fn user(state: &State, user: &str) -> Result<Answer, Refusal> {
    let account = user.parse().ok().and_then(|id: UserId| state.accounts.get(&id));
    account.map(|account| Answer::ok(events::user(account))).ok_or(Refusal::UnknownUser)
}

/// The application. Its owner is the guild's owner.
pub(super) fn application(state: &State) -> Answer {
    Answer::ok(json!({
        "id": state.bot.application,
        "name": "Rollcall",
        "icon": null,
        "description": "",
        "type": null,
        "summary": "",
        "bot": events::me(state),
        "bot_public": false,
        "bot_require_code_grant": false,
        "verify_key": "0".repeat(64),
        "flags": application_flags(state.bot.privileged_intents),
        "owner": events::user_of(state, state.owner),
        "team": null,
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "integration_types_config": { "0": { "oauth2_install_params": { "scopes": ["applications.commands", "bot"], "permissions": "0" } } },
    }))
}

pub(super) fn the_guild(state: &State, guild: &str) -> Result<(), Refusal> {
    if guild == state.guild.to_string() { Ok(()) } else { Err(Refusal::UnknownGuild) }
}

pub(super) fn guild(state: &State, guild: &str) -> Result<Answer, Refusal> {
    the_guild(state, guild)?;
    Ok(Answer::ok(events::guild(state)))
}

pub(super) fn roles(state: &State, guild: &str) -> Result<Answer, Refusal> {
    the_guild(state, guild)?;
    Ok(Answer::ok(json!(events::roles(state))))
}

pub(super) fn channels(state: &State, guild: &str) -> Result<Answer, Refusal> {
    the_guild(state, guild)?;
    let of_guild = state.channels.values().filter(|channel| matches!(channel, Channel::Text { .. }));
    let channels: Vec<Value> = of_guild.map(|channel| events::channel(state, channel)).collect();
    Ok(Answer::ok(json!(channels)))
}

/// Listing members needs the privileged intent. See [Discord Docs/List Guild Members].
pub(super) fn members(state: &State, guild: &str, call: &Call) -> Result<Answer, Refusal> {
    the_guild(state, guild)?;
    if state.bot.privileged_intents & intents::GUILD_MEMBERS == 0 {
        return Err(Refusal::MissingAccess);
    }
    let (limit, after) = (call.limit(1, 1000)?, UserId(call.after()?));
    let members: Vec<Value> = state
        .accounts
        .values()
        .filter(|account| account.in_guild && account.id > after)
        .take(limit)
        .map(events::member)
        .collect();
    Ok(Answer::ok(json!(members)))
}

pub(super) fn member(state: &State, guild: &str, user: &str) -> Result<Answer, Refusal> {
    the_guild(state, guild)?;
    let account = user.parse().ok().and_then(|id: UserId| state.accounts.get(&id)).ok_or(Refusal::UnknownUser)?;
    if account.in_guild { Ok(Answer::ok(events::member(account))) } else { Err(Refusal::UnknownMember) }
}

/// The channel of a path that the bot may see.
pub(super) fn visible(state: &State, channel: &str) -> Result<ChannelId, Refusal> {
    let id: ChannelId = channel.parse().map_err(|_| Refusal::UnknownChannel)?;
    if !state.channels.contains_key(&id) {
        return Err(Refusal::UnknownChannel);
    }
    if state.bot_may(id, Permission::ViewChannel) { Ok(id) } else { Err(Refusal::MissingAccess) }
}

pub(super) fn channel(state: &State, channel: &str) -> Result<Answer, Refusal> {
    let id = visible(state, channel)?;
    let found = state.channels.get(&id).ok_or(Refusal::UnknownChannel)?;
    Ok(Answer::ok(events::channel(state, found)))
}

pub(super) fn typing(state: &State, channel: &str) -> Result<Answer, Refusal> {
    let id = visible(state, channel)?;
    if state.bot_may(id, Permission::SendMessages) { Ok(Answer::nothing()) } else { Err(Refusal::MissingPermissions) }
}

/// `POST /users/@me/channels`. See [Discord Docs/Create DM].
pub(super) fn open_direct(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let recipient: UserId =
        call.body["recipient_id"].as_str().and_then(|id| id.parse().ok()).ok_or(Refusal::UnknownUser)?;
    let account = state.accounts.get(&recipient).ok_or(Refusal::UnknownUser)?;
    if account.kind != AccountKind::Human {
        return Err(Refusal::DirectMessagesClosed);
    }
    if account.direct_messages == DirectMessages::TooFast {
        return Err(Refusal::OpeningDirectMessagesTooFast);
    }
    let id = state.direct_channel(recipient);
    let channel = state.channels.get(&id).ok_or(Refusal::UnknownChannel)?;
    Ok(Answer::ok(events::channel(state, channel)))
}
