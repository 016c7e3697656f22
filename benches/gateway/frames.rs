//! `INTERACTION_CREATE` as Discord sends it for a slash command of one of the guild's leads, some 2 kB of it.

use serde_json::{Value, json};

pub(crate) const APPLICATION: u64 = 1_130_000_000_000_000_001;
pub(crate) const GUILD: u64 = 1_130_000_000_000_000_002;
pub(crate) const LEAD_ROLE: u64 = 1_130_000_000_000_000_003;
pub(crate) const LOG_CHANNEL: u64 = 1_130_000_000_000_000_004;
const CHANNEL: u64 = 1_130_000_000_000_000_005;
/// The lead who asks; others have the numbers after hers.
pub(crate) const LEAD: u64 = 1_130_000_000_000_100_000;

/// What somebody does.
#[derive(Clone)]
pub(crate) enum Act {
    /// Types the last of these options of a command and its subcommand: `agent show`.
    Types(&'static str, Vec<(&'static str, String)>),
    /// Sends it with these options.
    Sends(&'static str, Vec<(&'static str, String)>),
}

/// The event's data.
pub(crate) fn interaction(id: u64, who: u64, act: &Act) -> Value {
    let (kind, command, options) = match act {
        Act::Types(command, options) => (4, command, options),
        Act::Sends(command, options) => (2, command, options),
    };
    let (name, subcommand) = command.split_once(' ').expect("a command and its subcommand");
    let last = options.len();
    let options: Vec<Value> = (1..)
        .zip(options)
        .map(|(place, (name, value))| {
            let mut option = json!({ "type": 3, "name": name, "value": value });
            if kind == 4 && place == last {
                option["focused"] = json!(true);
            }
            option
        })
        .collect();
    let mut event = frame(id, who);
    event["type"] = json!(kind);
    event["data"] = json!({
        "id": "1130000000000000010",
        "name": name,
        "type": 1,
        "guild_id": GUILD.to_string(),
        "options": [{ "type": 1, "name": subcommand, "options": options }],
    });
    event
}

/// An interaction's token, as long as Discord's are.
pub(crate) fn token(id: u64) -> String {
    format!("{id:0>200}")
}

fn frame(id: u64, who: u64) -> Value {
    json!({
        "id": id.to_string(),
        "token": token(id),
        "version": 1,
        "application_id": APPLICATION.to_string(),
        "guild_id": GUILD.to_string(),
        "guild": { "id": GUILD.to_string(), "locale": "en-US", "features": ["COMMUNITY", "NEWS"] },
        "guild_locale": "en-US",
        "locale": "uk",
        "channel_id": CHANNEL.to_string(),
        "channel": {
            "id": CHANNEL.to_string(),
            "type": 0,
            "guild_id": GUILD.to_string(),
            "name": "team-chat",
            "topic": null,
            "nsfw": false,
            "position": 3,
            "parent_id": null,
            "permission_overwrites": [],
            "last_message_id": "1130000000000000020",
            "rate_limit_per_user": 0,
            "flags": 0,
            "permissions": "2248473465835073",
        },
        "member": {
            "user": {
                "id": who.to_string(),
                "username": "olha.koval",
                "global_name": "Olha Koval",
                "discriminator": "0",
                "avatar": "d41d8cd98f00b204e9800998ecf8427e",
                "avatar_decoration_data": null,
                "banner": null,
                "collectibles": null,
                "clan": null,
                "primary_guild": null,
                "public_flags": 0,
            },
            "roles": [LEAD_ROLE.to_string(), "1130000000000000030", "1130000000000000031"],
            "joined_at": "2024-03-01T09:30:00.000000+00:00",
            "nick": null,
            "avatar": null,
            "banner": null,
            "premium_since": null,
            "communication_disabled_until": null,
            "deaf": false,
            "mute": false,
            "pending": false,
            "flags": 0,
            "unusual_dm_activity_until": null,
            "permissions": "2248473465835073",
        },
        "app_permissions": "2251799813685247",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": { "0": GUILD.to_string() },
        "context": 0,
        "attachment_size_limit": 10_485_760,
    })
}
