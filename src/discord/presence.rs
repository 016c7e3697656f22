//! Presence at the door: what was typed becomes a change, and who is how becomes pages.

use rollcall_commands::{Command, agent};
use rollcall_telephony::PresenceChange;

use super::custom_id::CardVerb;
use super::door::Door;
use super::message::Message;
use super::render;
use crate::desk::Refusal;
use crate::policy::Actor;

/// What `/agent login` asks for.
pub(super) fn log_in(asked: &agent::Login) -> PresenceChange {
    PresenceChange::LogIn { extension: given(asked.extension.as_deref()), queue: given(asked.queue.as_deref()) }
}

/// What `/agent pause` asks for.
pub(super) fn pause(asked: &agent::Pause) -> PresenceChange {
    PresenceChange::Pause { reason: given(asked.reason.as_deref()) }
}

/// What was typed for an option; blanks are nothing.
fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What a button of a card asks for; `None`: nobody's presence.
pub(super) const fn change(verb: CardVerb) -> Option<PresenceChange> {
    match verb {
        CardVerb::LogIn => Some(PresenceChange::LogIn { extension: None, queue: None }),
        CardVerb::LogOut => Some(PresenceChange::LogOut),
        CardVerb::Pause => Some(PresenceChange::Pause { reason: None }),
        CardVerb::Unpause => Some(PresenceChange::Unpause),
        CardVerb::Edit | CardVerb::Disable | CardVerb::Enable | CardVerb::ResetPassword | CardVerb::Delete => None,
    }
}

/// `/agent status`, one page of it.
pub(super) async fn status(door: &Door, actor: &Actor, asked: &agent::Status, page: u32) -> Result<Message, Refusal> {
    let found = door.desk.status(actor, asked).await?;
    let pages = if found.lines.len() > render::STATUS_A_PAGE {
        Some(door.desk.offer_command(actor.id, Command::AgentStatus(asked.clone())).await?)
    } else {
        None
    };
    Ok(render::statuses(actor.id, &found, page, pages))
}
