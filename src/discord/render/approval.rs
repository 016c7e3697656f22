//! Cards: what approvers read before they decide, and what stands there afterwards.

use serenity::all::ButtonStyle;
use serenity::all::InputTextStyle;
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};

use super::acts::words;
use super::button;
use super::packing::{self, Piece};
use super::preview::difference_lines;
use super::settled::{how_it_stands, title};
use crate::desk::{Settled, Showing};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, few, moment, person, roles};
use crate::ledger::{Posted, RequestId};
use crate::policy::SecondPerson;

/// How many people, or agents, are named in one line of a card.
const NAMED_MAX: usize = 10;
/// How many characters of a record's fingerprint are shown.
const FINGERPRINT_SHOWN: usize = 12;

/// The card of a request, on this copy of it.
pub(in crate::discord) fn request_card(showing: &Showing, copy: i64) -> Message {
    let Showing { request, act, card, settled, .. } = showing;
    let words = words(act);
    let mut message = Message::card(tone(settled.as_ref()), title(act, settled.as_ref()));
    message = message.says(format!(
        "Asked by {} ({}), {}.",
        person(request.requester),
        escaped(&card.requester_name, 60),
        moment(request.created_at)
    ));
    if let Some(reason) = act.reason() {
        message = message.says(format!("Reason: {}", escaped(reason, 200)));
    }
    message = words.notes(card).iter().fold(message, Message::says);
    message = match settled {
        Some(settled) => how_it_stands(request, act, settled).iter().fold(message, Message::says),
        None => waiting(showing).iter().fold(message, Message::says),
    };
    message = message.footer(format!("request {} · record {}", request.id, shortened(&card.fingerprint)));
    let changes: Vec<Piece> = difference_lines(&card.differs).into_iter().map(Piece::line).collect();
    message = packing::add(message, "Before → after", &changes, "changes", "ask for them one by one.");
    let (title, given) = words.given();
    let given: Vec<Piece> = given.into_iter().map(Piece::line).collect();
    message = packing::add(message, title, &given, "lines", "whoever asked can tell them.");
    let title = if settled.is_some() { "The record as it was shown" } else { words.record_title() };
    let see = format!("{} shows them.", code(&words.see(), 100));
    message = packing::add(message, title, &packing::members(&card.record), "members", &see);
    if settled.is_some() {
        return message;
    }
    // Roles in `notify` are pinged by the card, once; nobody else is, ever.
    message.pinging(&showing.notify).buttons(
        &[
            button(&CustomId::Approve(request.id, copy), &format!("Approve: {}", words.approve()), ButtonStyle::Danger),
            button(&CustomId::Deny(request.id), "Deny with a reason", ButtonStyle::Secondary),
            button(&CustomId::Look(request.id), "I'm looking", ButtonStyle::Secondary),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>(),
    )
}

fn tone(settled: Option<&Settled>) -> Tone {
    match settled {
        None => Tone::Question,
        Some(settled) => super::settled::tone(settled),
    }
}

/// Who may decide, who has, and until when.
fn waiting(showing: &Showing) -> Vec<String> {
    let request = &showing.request;
    let (who, until) = (roles(&showing.approvers), moment(request.expires_at));
    let needed = if request.threshold == 1 {
        "**✅ approves, ❌ denies:** one person".to_owned()
    } else {
        format!("**{} ✅ approve, one ❌ denies:** different people", request.threshold)
    };
    let mut lines = vec![format!("{needed} with {who} (not who asked), until {until}.")];
    if let SecondPerson::Rights { highest, limit } = showing.card.why {
        lines.push(format!("It touches rights of level {highest}; above {limit} a second person has to agree."));
    }
    if !showing.approving.is_empty() {
        let who: Vec<String> =
            showing.approving.iter().map(|(who, at)| format!("{} ({})", person(*who), clock(*at))).collect();
        lines.push(format!("✅ {} of {}: {}", showing.approving.len(), request.threshold, few(&who, NAMED_MAX, "and")));
    }
    if !showing.looking.is_empty() {
        let who: Vec<String> =
            showing.looking.iter().map(|(who, at)| format!("{} (since {})", person(*who), clock(*at))).collect();
        lines.push(format!("👀 Looking: {}", few(&who, NAMED_MAX, "and")));
    }
    lines
}

fn shortened(fingerprint: &str) -> String {
    fingerprint.chars().take(FINGERPRINT_SHOWN).collect()
}

/// A reminder under the card; once the request is decided, what became of it.
pub(in crate::discord) fn reminder(showing: &Showing, card: Option<Posted>) -> Message {
    let request = &showing.request;
    let text = match &showing.settled {
        Some(settled) => super::settled::in_one_line(request.id, &showing.act, settled),
        None => format!(
            "⏰ Request {} still waits: {}. Decide by {}.",
            request.id,
            words(&showing.act).to_do(),
            moment(request.expires_at)
        ),
    };
    under(Message::text(text), showing, card)
}

/// Asks for approval again after the bot was away.
pub(in crate::discord) fn asked_again(showing: &Showing, card: Option<Posted>) -> Message {
    let request = &showing.request;
    let text = match &showing.settled {
        Some(settled) => super::settled::in_one_line(request.id, &showing.act, settled),
        None => format!(
            "🔁 I was away for a while. Reactions that came meanwhile do not count, since I cannot tell when they were made. \
             Request {} ({}) still waits: please take yours away and react again, or press the button.",
            request.id,
            words(&showing.act).to_do()
        ),
    };
    under(Message::text(text), showing, card)
}

fn under(message: Message, showing: &Showing, card: Option<Posted>) -> Message {
    let message = if showing.settled.is_none() { message.pinging(&showing.notify) } else { message };
    match card {
        Some(card) => message.answering(card.message),
        None => message,
    }
}

/// The form that asks why a request is denied.
pub(in crate::discord) fn deny_form(request: RequestId, login: &str) -> Option<CreateModal> {
    let id = CustomId::Deny(request).write()?;
    let title = crate::discord::text::plain(&format!("Deny: {login}"), 45);
    Some(form(id, title, "Why not? The requester reads it."))
}

/// The form that asks why an agent should be deleted.
pub(in crate::discord) fn why_form(offer: crate::ledger::OfferId, login: &str) -> Option<CreateModal> {
    let id = CustomId::Why(offer).write()?;
    let title = crate::discord::text::plain(&format!("Delete {login}"), 45);
    Some(form(id, title, "Why? The approvers read it."))
}

fn form(id: String, title: String, label: &str) -> CreateModal {
    let input = CreateInputText::new(InputTextStyle::Paragraph, label, "reason").max_length(200).required(true);
    CreateModal::new(id, title).components(vec![CreateActionRow::InputText(input)])
}
