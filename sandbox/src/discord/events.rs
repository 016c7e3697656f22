//! The JSON of users, members, channels, messages and events, with every documented member: clients drop events
//! that lack one. See [Discord Docs/Gateway Events] and [Discord Docs/Message].

use super::{
    ids::{ChannelId, RoleId, UserId, made_at},
    permissions,
    state::{Account, Channel, InteractionKind, Message, Role, State},
};
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::format_description};

/// A time as Discord writes it.
pub(crate) fn timestamp(at: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00");
    at.format(&format).unwrap_or_default()
}

/// A user object.
pub(crate) fn user(account: &Account) -> Value {
    json!({
        "id": account.id,
        "username": account.username,
        "discriminator": "0",
        "global_name": if account.is_bot { None } else { Some(&account.display_name) },
        "avatar": null,
        "bot": account.is_bot,
        "system": false,
        "banner": null,
        "accent_color": null,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
    })
}

/// The bot's own user object, with what only `@me` carries.
pub(crate) fn me(state: &State) -> Value {
    let mut me = user_of(state, state.bot.user);
    me["mfa_enabled"] = json!(true);
    me["verified"] = json!(true);
    me["locale"] = json!("en-US");
    me["email"] = Value::Null;
    me["premium_type"] = json!(0);
    me
}

pub(crate) fn user_of(state: &State, id: UserId) -> Value {
    state.accounts.get(&id).map_or(Value::Null, user)
}

/// A member object, as REST answers it.
pub(crate) fn member(account: &Account) -> Value {
    let mut member = partial_member(account);
    member["user"] = user(account);
    member
}

fn partial_member(account: &Account) -> Value {
    json!({
        "nick": null,
        "avatar": null,
        "banner": null,
        "roles": account.roles,
        "joined_at": "2024-02-29T08:00:00.000000+00:00",
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": account.timed_out_until.map(timestamp),
        "unusual_dm_activity_until": null,
        "avatar_decoration_data": null,
        "collectibles": null,
    })
}

/// A role object.
pub(crate) fn role(role: &Role, position: usize) -> Value {
    let mut value = json!({
        "id": role.id,
        "name": role.name,
        "description": null,
        "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": position,
        "permissions": role.permissions.to_string(),
        "managed": role.of_bot.is_some(),
        "mentionable": false,
        "flags": 0,
    });
    if let Some(bot) = role.of_bot {
        value["tags"] = json!({ "bot_id": bot });
    }
    value
}

pub(crate) fn roles(state: &State) -> Vec<Value> {
    state.roles.iter().enumerate().map(|(position, each)| role(each, position)).collect()
}

/// A channel object.
pub(crate) fn channel(state: &State, channel: &Channel) -> Value {
    let last_message_id = state
        .messages
        .values()
        .filter(|message| message.channel == channel.id() && message.only_for.is_none())
        .map(|message| message.id)
        .next_back();
    match channel {
        Channel::Text { id, name, denied } => {
            let overwrites = match *denied {
                0 => json!([]),
                denied => json!([{ "id": state.bot.user, "type": 1, "allow": "0", "deny": denied.to_string() }]),
            };
            json!({
                "id": id,
                "type": 0,
                "guild_id": state.guild,
                "name": name,
                "topic": null,
                "position": 0,
                "parent_id": null,
                "permission_overwrites": overwrites,
                "nsfw": false,
                "rate_limit_per_user": 0,
                "last_message_id": last_message_id,
                "last_pin_timestamp": null,
                "flags": 0,
                "icon_emoji": null,
                "theme_color": null,
            })
        }
        Channel::Direct { id, with } => json!({
            "id": id,
            "type": 1,
            "last_message_id": last_message_id,
            "last_pin_timestamp": null,
            "flags": 0,
            "recipients": [user_of(state, *with)],
        }),
    }
}

/// The guild as REST answers it.
pub(crate) fn guild(state: &State) -> Value {
    json!({
        "id": state.guild,
        "name": state.guild_name,
        "icon": null,
        "icon_hash": null,
        "description": null,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "features": [],
        "banner": null,
        "owner_id": state.owner,
        "application_id": null,
        "region": "deprecated",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 1,
        "roles": roles(state),
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": null,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": null,
        "safety_alerts_channel_id": null,
        "public_updates_channel_id": null,
        "hub_type": null,
        "premium_progress_bar_enabled": false,
        "premium_progress_bar_enabled_user_updated_at": null,
        "latest_onboarding_question_id": null,
        "nsfw": false,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": null,
        "inventory_settings": null,
    })
}

/// `GUILD_CREATE`: the guild and what only this event carries.
pub(crate) fn guild_create(state: &State) -> Value {
    let mut event = guild(state);
    let members: Vec<Value> = state.accounts.get(&state.bot.user).map(member).into_iter().collect();
    let channels: Vec<Value> = state
        .channels
        .values()
        .filter(|each| matches!(each, Channel::Text { .. }))
        .map(|each| channel(state, each))
        .collect();
    event["joined_at"] = json!("2024-02-29T08:00:00.000000+00:00");
    event["large"] = json!(false);
    event["unavailable"] = json!(false);
    event["member_count"] = json!(state.accounts.values().filter(|account| account.in_guild).count());
    event["members"] = json!(members);
    event["channels"] = json!(channels);
    for empty in
        ["voice_states", "threads", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"]
    {
        event[empty] = json!([]);
    }
    event
}

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

/// Who authorised the application: the guild; `"0"` in a conversation with the bot.
pub(crate) fn owners(state: &State, channel: ChannelId) -> Value {
    match state.guild_of(channel) {
        Some(guild) => json!({ "0": guild }),
        None => json!({ "0": "0" }),
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

/// Bytes that a person may upload with an interaction; Discord's default.
const ATTACHMENT_SIZE_LIMIT: u64 = 10 * 1024 * 1024;

/// What an interaction carries whatever its kind is. See [Discord Docs/Interaction Object].
pub(crate) fn interaction_frame(state: &State, from: UserId, channel_id: ChannelId) -> Value {
    let locale = state.accounts.get(&from).map(|account| account.locale.clone());
    let mut event = json!({
        "application_id": state.bot.application,
        "version": 1,
        "channel_id": channel_id,
        "channel": state.channels.get(&channel_id).map(|it| channel(state, it)),
        "app_permissions": state.bot_permissions(channel_id).to_string(),
        "locale": locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(state, channel_id),
        "context": u8::from(state.guild_of(channel_id).is_none()),
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
    });
    if let Some(guild) = state.guild_of(channel_id) {
        event["guild_id"] = json!(guild);
        event["guild"] = json!({ "id": guild, "locale": "en-US", "features": [] });
        event["guild_locale"] = json!("en-US");
        event["channel"]["permissions"] = json!(state.member_permissions(from).to_string());
        event["member"] = interaction_member(state, from);
    } else {
        event["channel"]["permissions"] = json!(permissions::OWNER.to_string());
        event["user"] = user_of(state, from);
    }
    event
}

fn interaction_member(state: &State, from: UserId) -> Value {
    let mut value = state.accounts.get(&from).map_or(Value::Null, member);
    value["permissions"] = json!(state.member_permissions(from).to_string());
    value
}

/// `data.resolved`: the users, members and roles that options name.
pub(crate) fn resolved(state: &State, users: &[UserId], role_ids: &[RoleId], channel_ids: &[ChannelId]) -> Value {
    let mut value = json!({});
    for id in users {
        let Some(account) = state.accounts.get(id) else { continue };
        value["users"][id.to_string()] = user(account);
        if account.in_guild {
            let mut partial = partial_member(account);
            partial["permissions"] = json!(state.member_permissions(*id).to_string());
            if let Some(partial) = partial.as_object_mut() {
                partial.remove("deaf");
                partial.remove("mute");
            }
            value["members"][id.to_string()] = partial;
        }
    }
    for (position, each) in state.roles.iter().enumerate().filter(|(_, each)| role_ids.contains(&each.id)) {
        value["roles"][each.id.to_string()] = role(each, position);
    }
    for id in channel_ids {
        if let Some(each) = state.channels.get(id) {
            value["channels"][id.to_string()] = channel(state, each);
        }
    }
    value
}
