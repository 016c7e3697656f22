//! Presses under cards, their forms, and the lists of requests.

use rollcall_commands::{Command, agent, approvals, extension};
use serde_json::json;
use serenity::all::{ActionRowComponent, ModalInteractionData};

use super::door::{Ack, Door, Ticket};
use super::message::Message;
use super::{extensions, presence, render};
use crate::desk::{Asked, DeleteAsked, Heard, NotCounted, Refusal};
use crate::ledger::{BallotVerdict, OfferId, RequestId, RequestState};
use crate::policy::Actor;

/// A press on "Approve" or "I'm looking": the very path that a reaction takes.
pub(super) async fn vote(
    door: &Door,
    ticket: &Ticket,
    actor: &Actor,
    request: RequestId,
    verdict: BallotVerdict,
    words: Option<String>,
) {
    // Not "thinking …": should the bot be killed before it knows more, this stays true.
    if door.answer(ticket, &render::one_moment()).await == Ack::Missed {
        return;
    }
    let message = match door.desk.vote(request, actor.id, verdict, words).await {
        Ok(heard) => render::heard(&heard),
        Err(refusal) => render::refusal(&refusal),
    };
    door.finish(ticket, &message).await;
}

/// A press on "Deny with a reason": opens the form, unless it is plain already that it would be typed in vain.
pub(super) async fn deny(door: &Door, ticket: &Ticket, actor: &Actor, id: RequestId) {
    let request = match door.desk.request(id).await {
        Ok(request) => request,
        Err(refusal) => return say(door, ticket, &render::refusal(&refusal)).await,
    };
    let in_vain = if request.state != RequestState::Pending {
        Some(Heard::Late(Box::new(request.clone())))
    } else if request.requester == actor.id {
        Some(Heard::NotCounted(NotCounted::Requester))
    } else if !door.desk.is_approver(actor) {
        Some(Heard::NotCounted(NotCounted::NoRole))
    } else {
        None
    };
    if let Some(heard) = in_vain {
        return say(door, ticket, &render::heard(&heard)).await;
    }
    open(door, ticket, render::deny_form(id, &request.login)).await;
}

/// Opens the form that asks why an agent should be deleted.
pub(super) async fn ask_why_agent(door: &Door, ticket: &Ticket, actor: &Actor, delete: agent::Delete) {
    let login = door.desk.may_ask_delete(actor, &delete.agent);
    ask_why(door, ticket, actor, login, Command::AgentDelete(delete)).await;
}

/// Opens the form that asks why something should be deleted; the rest of the command is kept meanwhile. `what` is what it
/// is called, or why this person may not ask.
pub(super) async fn ask_why(
    door: &Door,
    ticket: &Ticket,
    actor: &Actor,
    what: Result<String, Refusal>,
    delete: Command,
) {
    let what = match what {
        Ok(what) => what,
        Err(refusal) => return say(door, ticket, &render::refusal(&refusal)).await,
    };
    match door.desk.offer_command(actor.id, delete).await {
        Ok(offer) => open(door, ticket, render::why_form(offer, &what)).await,
        Err(refusal) => say(door, ticket, &render::refusal(&refusal)).await,
    }
}

/// Answers with a form.
pub(super) async fn open(door: &Door, ticket: &Ticket, form: Option<serenity::builder::CreateModal>) {
    match form {
        Some(form) => {
            if door.callback(ticket, &json!({ "type": 9, "data": form })).await == Ack::Given {
                door.done_with(ticket).await;
            }
        }
        None => door.unknown(ticket).await,
    }
}

/// The form with a delete's reason was sent.
pub(super) async fn why(door: &Door, ticket: &Ticket, actor: &Actor, offer: OfferId, data: &ModalInteractionData) {
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let (reason, asked) = (typed(data).unwrap_or_default(), Asked { interaction: ticket.id });
    let (answer, command) = match door.desk.kept_command(actor.id, offer).await {
        Ok(Command::AgentDelete(kept)) => {
            let kept = agent::Delete { reason, ..kept };
            (delete(door, actor, &kept, asked).await, Command::AgentDelete(kept))
        }
        Ok(Command::ExtensionDelete(kept)) => {
            let kept = extension::Delete { reason, ..kept };
            (extensions::delete(door, actor, &kept, asked).await, Command::ExtensionDelete(kept))
        }
        Ok(_) => return door.unknown(ticket).await,
        Err(refusal) => return door.finish(ticket, &render::refusal(&refusal)).await,
    };
    let message = match answer {
        Ok(Some(message)) => message,
        Ok(None) => return,
        Err(refusal) => door.refused(actor, &refusal, Some(&command)).await,
    };
    door.finish(ticket, &message).await;
}

/// Asks for a delete; `None`: the answer follows by itself.
pub(super) async fn delete(
    door: &Door,
    actor: &Actor,
    delete: &agent::Delete,
    asked: Asked,
) -> Result<Option<Message>, Refusal> {
    Ok(match door.desk.ask_delete(actor, &delete.agent, &delete.reason, asked).await? {
        DeleteAsked::Follows => None,
        DeleteAsked::MustBeDisabled(first) => Some(render::disable_first(&first)),
    })
}

/// What was typed into the one field of a form, in one line; `None`: nothing was.
pub(super) fn typed(data: &ModalInteractionData) -> Option<String> {
    let typed = data.components.iter().flat_map(|row| &row.components).find_map(|component| match component {
        ActionRowComponent::InputText(input) => input.value.as_deref(),
        _ => None,
    })?;
    // The field takes several lines, a card has one for it.
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// `/approvals list`.
pub(super) async fn list(door: &Door, actor: &Actor, list: &approvals::List, page: u32) -> Result<Message, Refusal> {
    let found = door.desk.requests_open(actor, page).await?;
    let pages = pages(door, actor, Command::ApprovalsList(list.clone()), found.total).await?;
    Ok(render::requests("Requests that wait", &found, page, pages))
}

/// `/approvals history`.
pub(super) async fn history(
    door: &Door,
    actor: &Actor,
    asked: &approvals::History,
    page: u32,
) -> Result<Message, Refusal> {
    let found = door.desk.requests_ever(actor, asked, page).await?;
    let pages = pages(door, actor, Command::ApprovalsHistory(asked.clone()), found.total).await?;
    Ok(render::requests(&render::history_title(asked), &found, page, pages))
}

/// The kept command that turns the pages, where there is more than one.
async fn pages(door: &Door, actor: &Actor, command: Command, total: u32) -> Result<Option<OfferId>, Refusal> {
    if total <= crate::desk::REQUESTS_A_PAGE {
        return Ok(None);
    }
    door.desk.offer_command(actor.id, command).await.map(Some)
}

/// Turns to a page of a kept command.
pub(super) async fn turn(door: &Door, ticket: &Ticket, actor: &Actor, offer: OfferId, page: u32) {
    if door.callback(ticket, &json!({ "type": 6 })).await == Ack::Missed {
        return;
    }
    let message = match door.desk.kept_command(actor.id, offer).await {
        Ok(Command::ApprovalsList(asked)) => list(door, actor, &asked, page).await,
        Ok(Command::ApprovalsHistory(asked)) => history(door, actor, &asked, page).await,
        Ok(Command::AgentStatus(asked)) => presence::status(door, actor, &asked, page).await,
        Ok(Command::ExtensionList(asked)) => extensions::list(door, actor, &asked, page).await,
        Ok(_) => return door.unknown(ticket).await,
        Err(refusal) => Err(refusal),
    };
    let message = message.unwrap_or_else(|refusal| render::refusal(&refusal));
    door.finish(ticket, &message).await;
}

/// `/approvals cancel`; its answer follows by itself.
pub(super) async fn cancel(
    door: &Door,
    actor: &Actor,
    cancel: &approvals::Cancel,
    asked: Asked,
) -> Result<(), Refusal> {
    door.desk.cancel_request(actor, RequestId(cancel.request.get()), asked).await
}

/// Whether a command has to be answered with a form, which must be the first answer.
pub(super) fn wants_form(command: &Command) -> Option<agent::Delete> {
    match command {
        Command::AgentDelete(delete) if delete.reason.trim().eq_ignore_ascii_case(agent::delete::OTHER) => {
            Some(delete.clone())
        }
        _ => None,
    }
}

/// Answers at once, for good.
pub(super) async fn say(door: &Door, ticket: &Ticket, message: &Message) {
    if door.answer(ticket, message).await == Ack::Given {
        door.done_with(ticket).await;
    }
}
