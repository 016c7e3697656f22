//! Discord's endpoints, one method each. Bodies are whatever serialises; what they say is decided elsewhere.
//!
//! # Errors
//! Every method fails with a [`RestError`]; its kind says whether anything happened.
#![expect(clippy::missing_errors_doc, reason = "the same for every method, said once above")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, UserId};

use super::call::Call;
use super::shapes::{
    ApplicationInfo, ChannelInfo, ChannelRef, GatewayBot, GatewayUrl, GuildInfo, MemberInfo, MessageInfo, MessageRef,
    RoleInfo, SessionStartLimit, UserInfo,
};
use super::{Rest, RestError};

/// Discord forgets an interaction that is not answered within three seconds.
const CALLBACK_DEADLINE: Duration = Duration::from_secs(3);
/// The most members that Discord puts on one page.
pub const MEMBERS_A_PAGE: u16 = 1000;
/// The most people that Discord puts on one page of reactions.
pub const REACTIONS_A_PAGE: usize = 100;

/// The gateway, the bot itself, and the guild.
impl Rest {
    /// Where the gateway is.
    pub async fn gateway_url(&self) -> Result<String, RestError> {
        let call = Call::new("find the gateway", Method::GET, "GET gateway", path(&[&"gateway"]));
        Ok(self.read::<GatewayUrl>(call).await?.url)
    }

    /// How many sessions may still be started.
    pub async fn gateway_bot(&self) -> Result<SessionStartLimit, RestError> {
        let segments = path(&[&"gateway", &"bot"]);
        let call = Call::new("ask for the session limit", Method::GET, "GET gateway/bot", segments);
        Ok(self.read::<GatewayBot>(call).await?.session_start_limit)
    }

    /// The bot's own user.
    pub async fn current_user(&self) -> Result<UserInfo, RestError> {
        let segments = path(&[&"users", &"@me"]);
        self.read(Call::new("read the bot's user", Method::GET, "GET users/@me", segments)).await
    }

    /// The bot's application.
    pub async fn current_application(&self) -> Result<ApplicationInfo, RestError> {
        let segments = path(&[&"applications", &"@me"]);
        self.read(Call::new("read the application", Method::GET, "GET applications/@me", segments)).await
    }

    /// A guild.
    pub async fn guild(&self, guild: GuildId) -> Result<GuildInfo, RestError> {
        let segments = path(&[&"guilds", &guild]);
        self.read(Call::new("read the guild", Method::GET, "GET guilds/*", segments).major(guild.get())).await
    }

    /// A guild's roles.
    pub async fn guild_roles(&self, guild: GuildId) -> Result<Vec<RoleInfo>, RestError> {
        let segments = path(&[&"guilds", &guild, &"roles"]);
        let call = Call::new("read the guild's roles", Method::GET, "GET guilds/*/roles", segments);
        self.read(call.major(guild.get())).await
    }

    /// A guild's channels, without threads.
    pub async fn guild_channels(&self, guild: GuildId) -> Result<Vec<ChannelInfo>, RestError> {
        let segments = path(&[&"guilds", &guild, &"channels"]);
        let call = Call::new("read the guild's channels", Method::GET, "GET guilds/*/channels", segments);
        self.read(call.major(guild.get())).await
    }

    /// A member, fresh.
    pub async fn member(&self, guild: GuildId, user: UserId) -> Result<MemberInfo, RestError> {
        let segments = path(&[&"guilds", &guild, &"members", &user]);
        let call = Call::new("read a member", Method::GET, "GET guilds/*/members/*", segments);
        self.read(call.major(guild.get())).await
    }

    /// Up to a thousand members with ids above `after`, in order of their ids. Needs the intent on members.
    pub async fn members(&self, guild: GuildId, after: Option<UserId>) -> Result<Vec<MemberInfo>, RestError> {
        let segments = path(&[&"guilds", &guild, &"members"]);
        let call = Call::new("read the members", Method::GET, "GET guilds/*/members", segments).major(guild.get());
        let call = call.query("limit", &MEMBERS_A_PAGE).query("after", &after.map_or(0, UserId::get));
        self.read(call).await
    }

    /// A channel.
    pub async fn channel(&self, channel: ChannelId) -> Result<ChannelInfo, RestError> {
        let segments = path(&[&"channels", &channel]);
        self.read(Call::new("read a channel", Method::GET, "GET channels/*", segments).major(channel.get())).await
    }

    /// The commands registered for a guild, with the names in every language, as Discord tells them.
    pub async fn guild_commands(&self, app: ApplicationId, guild: GuildId) -> Result<Vec<Value>, RestError> {
        let segments = path(&[&"applications", &app, &"guilds", &guild, &"commands"]);
        let call = Call::new("read the commands", Method::GET, "GET applications/*/guilds/*/commands", segments);
        self.read(call.major(guild.get()).query("with_localizations", &true)).await
    }

    /// Registers these commands for a guild, and no others.
    pub async fn overwrite_guild_commands(
        &self,
        app: ApplicationId,
        guild: GuildId,
        commands: &impl Serialize,
    ) -> Result<Vec<Value>, RestError> {
        let segments = path(&[&"applications", &app, &"guilds", &guild, &"commands"]);
        let call = Call::new("register the commands", Method::PUT, "PUT applications/*/guilds/*/commands", segments);
        self.read(call.major(guild.get()).body(commands)?).await
    }
}

/// Answers to interactions. They are spoken with the interaction's token, good for 15 minutes.
impl Rest {
    /// Answers an interaction. Held back by no limit, given up after three seconds, and never repeated once it may
    /// have arrived.
    pub async fn callback(
        &self,
        interaction: InteractionId,
        token: &SecretString,
        response: &impl Serialize,
    ) -> Result<(), RestError> {
        let segments = path(&[&"interactions", &interaction, &token.expose_secret(), &"callback"]);
        let call = Call::new("answer an interaction", Method::POST, "POST interactions/*/*/callback", segments);
        self.act(call.by_interaction().callback(CALLBACK_DEADLINE.min(self.deadline)).body(response)?).await
    }

    /// Edits the reply to an interaction.
    pub async fn edit_reply(
        &self,
        app: ApplicationId,
        token: &SecretString,
        message: &impl Serialize,
    ) -> Result<(), RestError> {
        let call = webhook("edit a reply", Method::PATCH, "PATCH webhooks/*/*/messages/@original", app, token);
        self.act(call.under(&[&"messages", &"@original"]).body(message)?).await
    }

    /// The reply to an interaction as it is now.
    pub async fn get_reply(&self, app: ApplicationId, token: &SecretString) -> Result<MessageInfo, RestError> {
        let call = webhook("read a reply", Method::GET, "GET webhooks/*/*/messages/@original", app, token);
        self.read(call.under(&[&"messages", &"@original"])).await
    }

    /// Deletes the reply to an interaction.
    pub async fn delete_reply(&self, app: ApplicationId, token: &SecretString) -> Result<(), RestError> {
        let call = webhook("delete a reply", Method::DELETE, "DELETE webhooks/*/*/messages/@original", app, token);
        self.act(call.under(&[&"messages", &"@original"])).await
    }

    /// Adds a message to the reply.
    pub async fn follow_up(
        &self,
        app: ApplicationId,
        token: &SecretString,
        message: &impl Serialize,
    ) -> Result<MessageId, RestError> {
        let call = webhook("follow up on a reply", Method::POST, "POST webhooks/*/*", app, token);
        Ok(self.read::<MessageRef>(call.query("wait", &true).message(message)?).await?.id)
    }

    /// Edits a message that was added to the reply.
    pub async fn edit_follow_up(
        &self,
        app: ApplicationId,
        token: &SecretString,
        id: MessageId,
        message: &impl Serialize,
    ) -> Result<(), RestError> {
        let call = webhook("edit a follow-up", Method::PATCH, "PATCH webhooks/*/*/messages/*", app, token);
        self.act(call.under(&[&"messages", &id]).body(message)?).await
    }
}

/// Messages and reactions, with the bot's own token.
impl Rest {
    /// Opens the channel of direct messages with a person; the same one every time.
    pub async fn create_dm(&self, user: UserId) -> Result<ChannelId, RestError> {
        let segments = path(&[&"users", &"@me", &"channels"]);
        let call = Call::new("open direct messages", Method::POST, "POST users/@me/channels", segments).repeatable();
        Ok(self.read::<ChannelRef>(call.body(&serde_json::json!({ "recipient_id": user }))?).await?.id)
    }

    /// Posts a message. With a `nonce` and `enforce_nonce` a transient failure is tried again, and Discord answers with
    /// the earlier message instead of a second one.
    pub async fn post(&self, channel: ChannelId, message: &impl Serialize) -> Result<MessageId, RestError> {
        let segments = path(&[&"channels", &channel, &"messages"]);
        let call = Call::new("post a message", Method::POST, "POST channels/*/messages", segments);
        Ok(self.read::<MessageRef>(call.major(channel.get()).message(message)?).await?.id)
    }

    /// Edits a message of the bot's own.
    pub async fn edit(&self, channel: ChannelId, id: MessageId, message: &impl Serialize) -> Result<(), RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id]);
        let call = Call::new("edit a message", Method::PATCH, "PATCH channels/*/messages/*", segments);
        self.act(call.major(channel.get()).body(message)?).await
    }

    /// Deletes a message.
    pub async fn delete(&self, channel: ChannelId, id: MessageId) -> Result<(), RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id]);
        let call = Call::new("delete a message", Method::DELETE, "DELETE channels/*/messages/*", segments);
        self.act(call.major(channel.get())).await
    }

    /// A message.
    pub async fn message(&self, channel: ChannelId, id: MessageId) -> Result<MessageInfo, RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id]);
        let call = Call::new("read a message", Method::GET, "GET channels/*/messages/*", segments);
        self.read(call.major(channel.get())).await
    }

    /// The latest messages of a channel, newest first; `limit` from 1 to 100.
    pub async fn messages(&self, channel: ChannelId, limit: u8) -> Result<Vec<MessageInfo>, RestError> {
        let segments = path(&[&"channels", &channel, &"messages"]);
        let call = Call::new("read messages", Method::GET, "GET channels/*/messages", segments).major(channel.get());
        self.read(call.query("limit", &limit.clamp(1, 100))).await
    }

    /// Reacts to a message with an emoji of Unicode.
    pub async fn add_reaction(&self, channel: ChannelId, id: MessageId, emoji: &str) -> Result<(), RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id, &"reactions", &emoji, &"@me"]);
        let call = Call::new("add a reaction", Method::PUT, "PUT channels/*/messages/*/reactions", segments);
        self.act(call.major(channel.get())).await
    }

    /// Takes somebody's reaction from a message.
    pub async fn remove_reaction(
        &self,
        channel: ChannelId,
        id: MessageId,
        emoji: &str,
        user: UserId,
    ) -> Result<(), RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id, &"reactions", &emoji, &user]);
        let call = Call::new("remove a reaction", Method::DELETE, "DELETE channels/*/messages/*/reactions", segments);
        self.act(call.major(channel.get())).await
    }

    /// Up to a hundred people with ids above `after` who reacted to a message with an emoji.
    pub async fn reactions(
        &self,
        channel: ChannelId,
        id: MessageId,
        emoji: &str,
        after: Option<UserId>,
    ) -> Result<Vec<UserInfo>, RestError> {
        let segments = path(&[&"channels", &channel, &"messages", &id, &"reactions", &emoji]);
        let call = Call::new("read reactions", Method::GET, "GET channels/*/messages/*/reactions", segments);
        self.read(
            call.major(channel.get()).query("limit", &REACTIONS_A_PAGE).query("after", &after.map_or(0, UserId::get)),
        )
        .await
    }
}

fn path(segments: &[&dyn ToString]) -> Vec<String> {
    segments.iter().map(|segment| segment.to_string()).collect()
}

/// A call with an interaction's token. The token is the major id, and stands in the books as a hash only.
fn webhook(
    operation: &'static str,
    method: Method,
    template: &'static str,
    app: ApplicationId,
    token: &SecretString,
) -> Call {
    let mut hasher = DefaultHasher::new();
    token.expose_secret().hash(&mut hasher);
    let segments = path(&[&"webhooks", &app, &token.expose_secret()]);
    Call::new(operation, method, template, segments).by_interaction().major(hasher.finish())
}

impl Call {
    fn under(mut self, segments: &[&dyn ToString]) -> Self {
        self.segments.extend(path(segments));
        self
    }
}
