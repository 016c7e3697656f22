//! IDENTIFY and RESUME: how a connection comes to serve a session. See [Discord Docs/Gateway Events].

use super::{
    super::events,
    Identified, Resumed, Resumes, Session, intents,
    socket::{Connection, Door, End},
};
use serde_json::{Value, json};
use std::collections::VecDeque;

impl Connection {
    pub(super) fn identify(&mut self, data: &Value) -> Result<(), End> {
        if self.sent.is_some() {
            return Err(End::Close(4005, "Already authenticated."));
        }
        let Some(asked) = data["intents"].as_u64() else { return Err(End::Close(4013, "Invalid intent(s).")) };
        if !data["properties"].is_object() {
            return Err(End::Close(4002, "Error while decoding payload."));
        }
        let compress = data["compress"].as_bool().unwrap_or_default();
        let (number, resume_url) = (self.number, self.discord.resume_url.clone());
        self.discord.change(|state| {
            let properties = data["properties"].clone();
            state.gateway.identified.push(Identified { intents: asked, compress, properties });
            state.note(format!("gateway: IDENTIFY on connection {number}, intents {asked}, compress {compress}"));
            if data["token"].as_str().map(bare) != Some(state.bot.token.as_str()) {
                return Err(End::Close(4004, "Authentication failed."));
            }
            if asked & !intents::KNOWN != 0 {
                return Err(End::Close(4013, "Invalid intent(s)."));
            }
            if asked & intents::PRIVILEGED & !state.bot.privileged_intents != 0 {
                return Err(End::Close(4014, "Disallowed intent(s)."));
            }
            state.gateway.identifies_left = state.gateway.identifies_left.saturating_sub(1);
            let id = format!("{:032x}", rand::random::<u128>());
            let ready = json!({
                "v": 10,
                "user_settings": {},
                "user": events::me(state),
                "session_type": "normal",
                "session_id": id,
                "resume_gateway_url": resume_url,
                "relationships": [],
                "private_channels": [],
                "presences": [],
                "guilds": [{ "id": state.guild, "unavailable": true }],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": [],
                "game_relationships": [],
                "auth": {},
                "application": { "id": state.bot.application, "flags": application_flags(state.bot.privileged_intents) },
                "shard": data.get("shard").cloned().unwrap_or_else(|| json!([0, 1])),
                "_trace": ["sandbox"],
            });
            state.gateway.session =
                Some(Session { id, intents: asked, seq: 0, events: VecDeque::new(), connection: Some(number) });
            state.dispatch("READY", None, &ready);
            let guild = events::guild_create(state);
            state.dispatch("GUILD_CREATE", Some(intents::GUILDS), &guild);
            Ok(())
        })?;
        self.compress = compress;
        self.sent = Some(0);
        Ok(())
    }

    pub(super) async fn resume(&mut self, data: &Value) -> Result<(), End> {
        if self.sent.is_some() {
            return Err(End::Close(4005, "Already authenticated."));
        }
        let (number, by_resume_url) = (self.number, self.door == Door::Resume);
        let seq = data["seq"].as_u64().unwrap_or_default();
        let wanted = data["session_id"].as_str().unwrap_or_default().to_owned();
        let accepted = self.discord.change(|state| {
            if data["token"].as_str().map(bare) != Some(state.bot.token.as_str()) {
                return Err(End::Close(4004, "Authentication failed."));
            }
            let granted = state.gateway.switches.resumes == Resumes::Granted;
            let accepted = match &mut state.gateway.session {
                Some(session) if granted && session.id == wanted => {
                    if seq > session.seq {
                        return Err(End::Close(4007, "Invalid seq."));
                    }
                    session.connection = Some(number);
                    true
                }
                Some(_) | None => false,
            };
            if !granted {
                state.gateway.session = None;
            }
            state.note(format!("gateway: RESUME on connection {number} from {seq}, accepted: {accepted}"));
            state.gateway.resumed.push(Resumed { session_id: wanted, seq, by_resume_url, accepted });
            Ok(accepted)
        })?;
        if !accepted {
            return self.invalid(false).await;
        }
        self.sent = Some(seq);
        self.deliver().await?;
        self.discord.change(|state| state.dispatch("RESUMED", None, &json!({ "_trace": ["sandbox"] })));
        Ok(())
    }
}

/// The token without the `Bot ` that the gateway, too, accepts.
fn bare(token: &str) -> &str {
    token.strip_prefix("Bot ").unwrap_or(token)
}

/// The application's flags for the privileged intents that the developer portal allows (bots in under 100 guilds).
pub(crate) fn application_flags(privileged: u64) -> u64 {
    [(intents::GUILD_PRESENCES, 1 << 13), (intents::GUILD_MEMBERS, 1 << 15), (intents::MESSAGE_CONTENT, 1 << 19)]
        .into_iter()
        .filter(|(intent, _)| privileged & intent != 0)
        .fold(0, |flags, (_, flag)| flags | flag)
}
