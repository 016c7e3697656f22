//! What interactions carry, whatever their kind. See [Discord Docs/Receiving and Responding].

use super::{
    super::{
        files,
        ids::{ChannelId, RoleId, UserId},
        permissions,
        state::State,
    },
    channel, member, partial_member, role, user, user_of,
};
use serde_json::{Value, json};

/// Who authorised the application: the guild; `"0"` in a conversation with the bot.
pub(crate) fn owners(state: &State, channel: ChannelId) -> Value {
    match state.guild_of(channel) {
        Some(guild) => json!({ "0": guild }),
        None => json!({ "0": "0" }),
    }
}

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
        "attachment_size_limit": files::LARGEST,
    });
    if let Some(guild) = state.guild_of(channel_id) {
        event["guild_id"] = json!(guild);
        event["guild"] = json!({ "id": guild, "locale": "en-US", "features": [] });
        event["guild_locale"] = json!("en-US");
        event["channel"]["permissions"] = json!(state.permissions_in(from, channel_id).to_string());
        event["member"] = interaction_member(state, from, channel_id);
    } else {
        event["channel"]["permissions"] = json!(permissions::OWNER.to_string());
        event["user"] = user_of(state, from);
    }
    event
}

fn interaction_member(state: &State, from: UserId, channel_id: ChannelId) -> Value {
    let mut value = state.accounts.get(&from).map_or(Value::Null, member);
    value["permissions"] = json!(state.permissions_in(from, channel_id).to_string());
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
            partial["permissions"] = json!(state.base_permissions(*id).to_string());
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
