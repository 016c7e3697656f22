//! The JSON of users, members, channels, messages and events, with every documented member: clients drop events
//! that lack one. See [Discord Docs/Gateway Events] and [Discord Docs/Message].

mod interaction;
mod message;

pub(crate) use interaction::{interaction_frame, owners, resolved};
pub(crate) use message::{BURST_COLOURS, hide_from_the_bot, message, message_event};

use super::{
    ids::UserId,
    permissions::Whom,
    state::{Account, AccountKind, Channel, Role, State},
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
        "discriminator": if account.kind == AccountKind::Webhook { "0000" } else { "0" },
        "global_name": if account.kind == AccountKind::Human { Some(&account.display_name) } else { None },
        "avatar": null,
        "bot": account.kind != AccountKind::Human,
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
        "mentionable": role.mentionable,
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
        Channel::Text { id, name, overwrites } => {
            let one = |whom: &Whom| match whom {
                Whom::Role(role) => (role.to_string(), 0),
                Whom::Member(user) => (user.to_string(), 1),
            };
            let overwrites: Vec<Value> = overwrites
                .iter()
                .map(|it| (one(&it.whom), it))
                .map(|((id, kind), it)| {
                    json!({ "id": id, "type": kind, "allow": it.allow.to_string(), "deny": it.deny.to_string() })
                })
                .collect();
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
