//! Which route does what. Whatever is not listed answers 501 and fails the test that met it.

use super::{
    super::{refusal::Refusal, state::State},
    Answer, Call, commands, interactions, messages, places, reactions, webhooks,
};

/// Finds the route and obeys it.
pub(super) fn route(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let parts: Vec<&str> = call.parts.iter().map(String::as_str).collect();
    // Interaction tokens are their own authorisation; everything else needs the bot's.
    let by_token = matches!(parts.as_slice(), ["interactions" | "webhooks", ..]);
    let open = matches!(parts.as_slice(), ["gateway"]);
    if !by_token && !open && call.authorization.as_deref() != Some(format!("Bot {}", state.bot.token).as_str()) {
        return Err(Refusal::Unauthorized);
    }
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", ["gateway"]) => Ok(places::gateway(call)),
        ("GET", ["gateway", "bot"]) => Ok(places::gateway_bot(state, call)),
        ("GET", ["users", "@me"]) => Ok(places::me(state)),
        ("GET", ["users", "@me", "guilds"]) => Ok(places::my_guilds(state)),
        ("POST", ["users", "@me", "channels"]) => places::open_direct(state, call),
        ("GET", ["users", user]) => places::user(state, user),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Ok(places::application(state)),
        ("GET", ["guilds", guild]) => places::guild(state, guild),
        ("GET", ["guilds", guild, "roles"]) => places::roles(state, guild),
        ("GET", ["guilds", guild, "channels"]) => places::channels(state, guild),
        ("GET", ["guilds", guild, "members"]) => places::members(state, guild, call),
        ("GET", ["guilds", guild, "members", user]) => places::member(state, guild, user),
        ("GET", ["channels", channel]) => places::channel(state, channel),
        ("POST", ["channels", channel, "typing"]) => places::typing(state, channel),
        (_, ["applications", application, rest @ ..]) => {
            if *application != state.bot.application.to_string() {
                return Err(Refusal::UnknownApplication);
            }
            commands::route(state, call, rest)
        }
        ("POST", ["interactions", id, token, "callback"]) => interactions::callback(state, call, id, token),
        (_, ["webhooks", application, token, rest @ ..]) => webhooks::route(state, call, application, token, rest),
        ("GET", ["channels", channel, "messages"]) => messages::list(state, channel, call),
        ("POST", ["channels", channel, "messages"]) => messages::create(state, channel, call),
        ("GET", ["channels", channel, "messages", message]) => messages::get(state, channel, message),
        ("PATCH", ["channels", channel, "messages", message]) => messages::edit(state, channel, message, call),
        ("DELETE", ["channels", channel, "messages", message]) => messages::delete(state, channel, message),
        (_, ["channels", channel, "messages", message, "reactions", rest @ ..]) => {
            reactions::route(state, call, channel, message, rest)
        }
        (method, _) => Err(Refusal::NotModelled(format!("{method} /{}", parts.join("/")))),
    }
}
