//! Buttons, menus and modals.

use rollcall_commands::{AgentText, agent};
use rollcall_telephony::{AgentRef, AgentState};
use secrecy::SecretString;
use serde_json::json;
use serenity::all::{ComponentInteraction, ComponentInteractionDataKind, ModalInteraction, ModalInteractionData};
use serenity::model::id::UserId;

use super::custom_id::{CardVerb, CustomId, NotOurs};
use super::door::{Ack, Door, Entry, Ticket};
use super::message::{Message, Tone};
use super::slash;
use super::text::relative;
use super::{extensions, presence, render, requests};
use crate::desk::{Asked, Refusal, Taken};
use crate::ledger::{BallotVerdict, Delivery, HandoverId, HandoverState, OfferId, OfferRefusal, OfferState};
use crate::policy::Actor;

/// What a pressed message shows until the report takes its place.
pub(super) const ON_IT: &str = "On it …";

/// Answers a press on a button or a choice from a menu.
pub(super) async fn component(door: &Door, press: ComponentInteraction) {
    let ticket = Ticket { id: press.id, token: SecretString::from(press.token.clone()) };
    let id = match CustomId::read(&press.data.custom_id) {
        Ok(id) => id,
        Err(NotOurs) => return door.unknown(&ticket).await,
    };
    if let Err(message) = door.within_quota(press.user.id) {
        return door.turn_away(&ticket, &message).await;
    }
    // A forged press must not put an answer in the place of a card, which everybody reads.
    if id.changes_its_message() && door.desk.is_request_copy(press.channel_id, press.message.id).await {
        return door.unknown(&ticket).await;
    }
    // Passwords are opened in direct messages too, where nobody is a member.
    match id {
        CustomId::Reveal(handover) => return reveal(door, &ticket, press.user.id, handover).await,
        CustomId::HandOver(handover) => return hand_over(door, &ticket, press.user.id, handover).await,
        CustomId::Have(handover) => return have(door, &ticket, press.user.id, handover).await,
        CustomId::Take(_)
        | CustomId::Pick(_)
        | CustomId::Cancel(_)
        | CustomId::Open(_)
        | CustomId::Page { .. }
        | CustomId::Card { .. }
        | CustomId::Groups { .. }
        | CustomId::Fields { .. }
        | CustomId::Approve(..)
        | CustomId::Deny(_)
        | CustomId::Look(_)
        | CustomId::Why(_)
        | CustomId::Turn(..)
        | CustomId::OpenExtension(_)
        | CustomId::ExtensionCard { .. }
        | CustomId::ExtensionGroups { .. }
        | CustomId::ExtensionFields { .. } => {}
    }
    let actor = match door.actor(press.guild_id, press.member.as_ref()) {
        Ok(actor) => actor,
        Err(message) => return door.turn_away(&ticket, &message).await,
    };
    if id.owner().is_some_and(|owner| owner != actor.id) {
        return door.turn_away(&ticket, &render::refusal(&Refusal::NotYourButton)).await;
    }
    if door.enters(&ticket, actor.id).await == Entry::Closed {
        return;
    }
    let chosen = match &press.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().cloned(),
        _ => None,
    };
    match id {
        CustomId::Take(offer) => take(door, &ticket, &actor, offer, None).await,
        CustomId::Pick(offer) => match chosen.and_then(|place| place.parse().ok()) {
            Some(place) => take(door, &ticket, &actor, offer, Some(place)).await,
            None => door.unknown(&ticket).await,
        },
        CustomId::Cancel(offer) => cancel(door, &ticket, &actor, offer).await,
        CustomId::Open(_) => open(door, &ticket, &actor, chosen).await,
        CustomId::Page { page, state, connection, query, .. } => {
            let search =
                agent::Search { query, state: Some(state), connection: connection.map(|c| c.as_str().to_owned()) };
            turn(door, &ticket, &actor, &search, page).await;
        }
        CustomId::Card { verb: CardVerb::Delete, agent, .. } => {
            let delete = agent::Delete { agent: AgentText(agent.to_string()), reason: String::new() };
            requests::ask_why_agent(door, &ticket, &actor, delete).await;
        }
        CustomId::Card { verb, agent, .. } => card(door, &ticket, &actor, verb, &AgentText(agent.to_string())).await,
        CustomId::Groups { agent, .. } => form(door, &ticket, &actor, &agent, chosen).await,
        CustomId::Approve(request, _) => {
            requests::vote(door, &ticket, &actor, request, BallotVerdict::Approve, None).await;
        }
        CustomId::Look(request) => {
            requests::vote(door, &ticket, &actor, request, BallotVerdict::Look, None).await;
        }
        CustomId::Deny(request) => requests::deny(door, &ticket, &actor, request).await,
        CustomId::Turn(offer, page) => requests::turn(door, &ticket, &actor, offer, page).await,
        CustomId::OpenExtension(_) => extensions::open(door, &ticket, &actor, chosen).await,
        CustomId::ExtensionCard { verb, extension, .. } => {
            extensions::press(door, &ticket, &actor, verb, &extension).await;
        }
        CustomId::ExtensionGroups { extension, .. } => {
            extensions::form(door, &ticket, &actor, &extension, chosen).await;
        }
        CustomId::Reveal(_)
        | CustomId::HandOver(_)
        | CustomId::Have(_)
        | CustomId::Fields { .. }
        | CustomId::ExtensionFields { .. }
        | CustomId::Why(_) => door.unknown(&ticket).await,
    }
}

/// Answers a submitted form.
pub(super) async fn modal(door: &Door, modal: ModalInteraction) {
    let ticket = Ticket { id: modal.id, token: SecretString::from(modal.token.clone()) };
    let id = match CustomId::read(&modal.data.custom_id) {
        Ok(id) => id,
        Err(NotOurs) => return door.unknown(&ticket).await,
    };
    let actor = match door.actor(modal.guild_id, modal.member.as_ref()) {
        Ok(actor) => actor,
        Err(message) => return door.turn_away(&ticket, &message).await,
    };
    if id.owner().is_some_and(|owner| owner != actor.id) {
        return door.turn_away(&ticket, &render::refusal(&Refusal::NotYourButton)).await;
    }
    if let Err(message) = door.within_quota(actor.id) {
        return door.turn_away(&ticket, &message).await;
    }
    if door.enters(&ticket, actor.id).await == Entry::Closed {
        return;
    }
    match id {
        CustomId::Fields { agent, .. } => fields(door, &ticket, &actor, &agent, &modal.data).await,
        CustomId::Deny(request) => {
            let words = requests::typed(&modal.data);
            requests::vote(door, &ticket, &actor, request, BallotVerdict::Deny, words).await;
        }
        CustomId::Why(offer) => requests::why(door, &ticket, &actor, offer, &modal.data).await,
        CustomId::ExtensionFields { extension, .. } => {
            extensions::fields(door, &ticket, &actor, &extension, &modal.data).await;
        }
        CustomId::Take(_)
        | CustomId::Pick(_)
        | CustomId::Cancel(_)
        | CustomId::Reveal(_)
        | CustomId::Have(_)
        | CustomId::HandOver(_)
        | CustomId::Open(_)
        | CustomId::Page { .. }
        | CustomId::Card { .. }
        | CustomId::Groups { .. }
        | CustomId::Approve(..)
        | CustomId::Look(_)
        | CustomId::Turn(..)
        | CustomId::OpenExtension(_)
        | CustomId::ExtensionCard { .. }
        | CustomId::ExtensionGroups { .. } => door.unknown(&ticket).await,
    }
}

/// The form of an agent's fields was sent.
async fn fields(door: &Door, ticket: &Ticket, actor: &Actor, agent: &AgentRef, data: &ModalInteractionData) {
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let edit = agent::Edit { agent: AgentText(agent.to_string()), changes: render::changes_of(data) };
    let message = if edit.changes.is_empty() {
        Message::card(Tone::Plain, "Nothing to change").says("You left every field as it was. Nothing was sent.")
    } else {
        match door.desk.preview_edit(actor, &edit).await {
            Ok(preview) => render::edit_preview(&preview),
            Err(refusal) => door.refused(actor, &refusal, None).await,
        }
    };
    door.finish(ticket, &message).await;
}

/// A press on an offer: "Create ivan.ivanov", "Undo", "did you mean"; or a pick of what it lacks.
async fn take(door: &Door, ticket: &Ticket, actor: &Actor, id: OfferId, picked: Option<usize>) {
    // A press that changes nothing must leave the message as it is, with what came of the first one: ask before it is
    // touched.
    let pressing = door.presses(id);
    match door.desk.ledger().get_offer(id).await {
        Ok(Some(offer)) if offer.actor == actor.id => match offer.state {
            OfferState::Open if pressing.is_some() => {}
            OfferState::Open | OfferState::Taken(_) => return already(door, ticket).await,
            OfferState::Cancelled => return say(door, ticket, &Refusal::Offer(OfferRefusal::Cancelled)).await,
        },
        Ok(Some(_)) => return say(door, ticket, &Refusal::Offer(OfferRefusal::NotYours)).await,
        Ok(None) => return say(door, ticket, &Refusal::Offer(OfferRefusal::Unknown)).await,
        Err(error) => return say(door, ticket, &error.into()).await,
    }
    // The buttons vanish with the acknowledgement: what was pressed cannot be pressed again.
    if door.update(ticket, &Message::card(Tone::Plain, ON_IT)).await == Ack::Missed {
        return;
    }
    match door.desk.take_offer_with(actor, id, picked, Asked { interaction: ticket.id }).await {
        Ok(Taken::Act(_)) => {}
        // Another process, or a crash, was quicker: its report follows in this message or as a direct message.
        Ok(Taken::Before(_)) => door.finish(ticket, &already_pressed()).await,
        Ok(Taken::Command(command)) => slash::carry_out(door, ticket, actor, &command, None).await,
        Err(refusal) => {
            let message = door.refused(actor, &refusal, None).await;
            door.finish(ticket, &message).await;
        }
    }
}

async fn already(door: &Door, ticket: &Ticket) {
    if door.answer(ticket, &already_pressed()).await == Ack::Given {
        door.done_with(ticket).await;
    }
}

fn already_pressed() -> Message {
    Message::card(Tone::Plain, "This button was pressed already")
        .says("It is done once, however often it is pressed. The message it stood on tells what came of it.")
}

async fn cancel(door: &Door, ticket: &Ticket, actor: &Actor, id: OfferId) {
    match door.desk.cancel_offer(actor.id, id).await {
        Ok(()) => {
            let message = Message::card(Tone::Plain, "Cancelled").says("Nothing was changed.");
            if door.update(ticket, &message).await == Ack::Given {
                door.done_with(ticket).await;
            }
            door.desk.look_again();
        }
        Err(refusal) => say(door, ticket, &refusal).await,
    }
}

async fn open(door: &Door, ticket: &Ticket, actor: &Actor, chosen: Option<String>) {
    let Some(chosen) = chosen else { return door.unknown(ticket).await };
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let message = match door.desk.show(actor, &AgentText(chosen)).await {
        Ok(card) => render::card(actor.id, &card),
        Err(refusal) => door.refused(actor, &refusal, None).await,
    };
    door.finish(ticket, &message).await;
}

async fn turn(door: &Door, ticket: &Ticket, actor: &Actor, search: &agent::Search, page: u32) {
    if door.callback(ticket, &json!({ "type": 6 })).await == Ack::Missed {
        return;
    }
    let message = match slash::search_page(door, actor, search, page).await {
        Ok(message) => message,
        Err(refusal) => door.refused(actor, &refusal, None).await,
    };
    door.finish(ticket, &message).await;
}

/// A button of an agent's card.
async fn card(door: &Door, ticket: &Ticket, actor: &Actor, verb: CardVerb, agent: &AgentText) {
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let asked = Asked { interaction: ticket.id };
    let answer = match verb {
        CardVerb::Edit => slash::groups(door, actor, agent).await.map(Some),
        CardVerb::ResetPassword => door
            .desk
            .preview_reset(actor, agent, actor.id)
            .await
            .map(|preview| Some(render::reset_preview(&preview, preview.recipient))),
        CardVerb::Disable => door.desk.set_state(actor, agent, AgentState::Disabled, None, asked).await.map(|()| None),
        // Its reason is asked for first, by a form.
        CardVerb::Delete => return door.unknown(ticket).await,
        CardVerb::Enable => door.desk.set_state(actor, agent, AgentState::Enabled, None, asked).await.map(|()| None),
        CardVerb::LogIn | CardVerb::LogOut | CardVerb::Pause | CardVerb::Unpause => match presence::change(verb) {
            Some(change) => door.desk.set_presence(actor, agent, change, asked).await.map(|()| None),
            None => return door.unknown(ticket).await,
        },
    };
    match answer {
        Ok(Some(message)) => door.finish(ticket, &message).await,
        // The report follows by itself.
        Ok(None) => {}
        Err(refusal) => {
            let message = door.refused(actor, &refusal, None).await;
            door.finish(ticket, &message).await;
        }
    }
}

/// Opens the form of a group: it must be the first answer, so it is filled from memory.
async fn form(door: &Door, ticket: &Ticket, actor: &Actor, agent: &AgentRef, chosen: Option<String>) {
    let allowed = door.desk.may_edit(actor, agent);
    if let Err(refusal) = allowed {
        return say(door, ticket, &refusal).await;
    }
    let modal = chosen.and_then(|group| {
        let (fields, login) = door.desk.fields(agent)?;
        render::modal(actor.id, agent, &login, &fields, &group)
    });
    match modal {
        Some(modal) => {
            if door.callback(ticket, &json!({ "type": 9, "data": modal })).await == Ack::Given {
                door.done_with(ticket).await;
            }
        }
        None => door.unknown(ticket).await,
    }
}

async fn say(door: &Door, ticket: &Ticket, refusal: &Refusal) {
    if door.answer(ticket, &render::refusal(refusal)).await == Ack::Given {
        door.done_with(ticket).await;
    }
}

/// "Reveal": this very message shows the password.
async fn reveal(door: &Door, ticket: &Ticket, person: UserId, id: HandoverId) {
    if door.enters(ticket, person).await == Entry::Closed {
        return;
    }
    match door.desk.open_password(id, person, ticket.id).await {
        Ok(opened) if opened.handover.state == HandoverState::Closed => {
            show_ephemeral(door, ticket, &opened.handover, &opened.password).await;
        }
        Ok(opened) => {
            let message = render::recipient_message(&opened.handover, Some(&opened.password));
            // The courier finishes what a crash cuts off here, with the bot's own token: this one is done with.
            door.done_with(ticket).await;
            if door.update(ticket, &message).await == Ack::Given {
                let posted = opened.handover.message;
                if let Err(error) = door.desk.message_shows(opened.handover, posted).await {
                    // The courier edits it once more; it shows the same.
                    tracing::debug!(%error, "a shown password's message is brought up to date by the courier");
                }
            }
            door.desk.look_again();
        }
        Err(refusal) => say(door, ticket, &refusal).await,
    }
}

/// The hand-over button: the requester sees the password, alone.
async fn hand_over(door: &Door, ticket: &Ticket, person: UserId, id: HandoverId) {
    if door.enters(ticket, person).await == Entry::Closed {
        return;
    }
    match door.desk.open_password(id, person, ticket.id).await {
        // The token stays: the courier hides the password again with it.
        Ok(opened) => show_ephemeral(door, ticket, &opened.handover, &opened.password).await,
        Err(refusal) => say(door, ticket, &refusal).await,
    }
}

async fn show_ephemeral(door: &Door, ticket: &Ticket, handover: &crate::ledger::Handover, password: &SecretString) {
    let hides = relative(door.desk.hides_at(handover));
    door.answer(ticket, &render::ephemeral_shown(handover, password, &hides)).await;
    door.desk.look_again();
}

/// "I have it": hidden for good, and the sealed copy erased.
async fn have(door: &Door, ticket: &Ticket, person: UserId, id: HandoverId) {
    if door.enters(ticket, person).await == Entry::Closed {
        return;
    }
    let readable = match door.desk.readable(id, person).await {
        Ok(readable) => readable,
        Err(refusal) => return say(door, ticket, &refusal).await,
    };
    // A message that holds the password itself is deleted by the courier, maybe before it could be changed here: then
    // the press would have nothing to answer. So it is acknowledged first, and the message left to the courier.
    let vanishes = readable.delivery == Delivery::Message && readable.state != HandoverState::Closed;
    if vanishes && door.callback(ticket, &json!({ "type": 6 })).await == Ack::Missed {
        return;
    }
    match door.desk.confirm_password(id, person).await {
        Ok(_) if vanishes => {
            door.done_with(ticket).await;
            door.desk.look_again();
        }
        Err(refusal) if vanishes => door.finish(ticket, &render::refusal(&refusal)).await,
        Ok(handover) => {
            let message = render::recipient_message(&handover, None);
            // As above.
            door.done_with(ticket).await;
            if door.update(ticket, &message).await == Ack::Missed {
                tracing::debug!("a confirmed password's message is brought up to date by the courier");
            }
            door.desk.look_again();
        }
        Err(refusal) => say(door, ticket, &refusal).await,
    }
}
