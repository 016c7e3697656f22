//! Presence at the door: what was typed becomes a change, and who is how becomes pages.

use rollcall_commands::{AgentText, Command, agent};
use rollcall_telephony::PresenceChange;

use super::custom_id::CardVerb;
use super::door::Door;
use super::message::Message;
use super::render;
use crate::desk::Refusal;
use crate::policy::Actor;

/// Whose presence a command changes, and how; `None`: it changes nobody's.
pub(super) fn asked(command: &Command) -> Option<(&AgentText, PresenceChange)> {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    match command {
        Command::AgentLogin(login) => {
            let (extension, queue) = (given(&login.extension), given(&login.queue));
            Some((&login.agent, PresenceChange::LogIn { extension, queue }))
        }
        Command::AgentLogout(logout) => Some((&logout.agent, PresenceChange::LogOut)),
        Command::AgentPause(pause) => Some((&pause.agent, PresenceChange::Pause { reason: given(&pause.reason) })),
        Command::AgentUnpause(unpause) => Some((&unpause.agent, PresenceChange::Unpause)),
        Command::AgentSearch(_)
        | Command::AgentShow(_)
        | Command::AgentClone(_)
        | Command::AgentEdit(_)
        | Command::AgentDisable(_)
        | Command::AgentEnable(_)
        | Command::AgentResetPassword(_)
        | Command::AgentDelete(_)
        | Command::AgentRestore(_)
        | Command::AgentStatus(_)
        | Command::ExtensionList(_)
        | Command::ExtensionShow(_)
        | Command::ExtensionCreate(_)
        | Command::ExtensionEdit(_)
        | Command::ExtensionDelete(_)
        | Command::ExtensionBatch(_)
        | Command::ApprovalsList(_)
        | Command::ApprovalsHistory(_)
        | Command::ApprovalsCancel(_)
        | Command::Whoami(_)
        | Command::Doctor(_) => None,
    }
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
