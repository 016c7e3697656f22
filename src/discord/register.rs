//! Registering the commands: one bulk overwrite for the guild, only when what is registered differs.

use serenity::model::id::{ApplicationId, GuildId};

use super::rest::Rest;

/// Registers the commands where they differ.
pub(super) async fn register(rest: &Rest, application: ApplicationId, guild: GuildId) {
    match rest.guild_commands(application, guild).await {
        Ok(registered) if !rollcall_commands::differs(&registered) => {
            tracing::debug!("the commands are registered as they should be");
            return;
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the registered commands cannot be read; they are written anew"),
    }
    match rest.overwrite_guild_commands(application, guild, &rollcall_commands::surface_json()).await {
        Ok(registered) => tracing::info!(commands = registered.len(), "the commands were registered"),
        Err(error) => tracing::error!(%error, "the commands could not be registered; `rollcall doctor` says more"),
    }
}
