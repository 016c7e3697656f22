//! Cards: what approvers read before they decide, and what stands there afterwards.

use rollcall_telephony::{AgentState, Section};
use serenity::all::ButtonStyle;
use serenity::all::InputTextStyle;
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};

use super::button;
use super::preview::difference_lines;
use super::settled::{how_it_stands, title};
use crate::desk::{Act, Numbers, Settled, Showing};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, join, moment, person, roles};
use crate::ledger::{Posted, RequestId};
use crate::policy::SecondPerson;

/// How much of one value a card shows, in characters: what goes must be read without scrolling.
const VALUE_MAX: usize = 48;
/// How many characters of a record's fingerprint are shown.
const FINGERPRINT_SHOWN: usize = 12;

/// What an act does, after "asks to": "delete ivan.ivanov on mediatel for good".
pub(in crate::discord) fn to_do(act: &Act) -> String {
    let (login, on) = (format!("**{}**", escaped(act.login(), 80)), act.connection());
    match act {
        Act::Clone(clone) => format!("create {login} on {on} as a copy of {}", escaped(&clone.source_login, 80)),
        Act::SetState(state) => match state.to {
            AgentState::Enabled => format!("enable {login} on {on}"),
            AgentState::Disabled | AgentState::Unknown => format!("disable {login} on {on}"),
        },
        Act::Edit(_) => format!("change {login} on {on}"),
        Act::ResetPassword(reset) => {
            format!("give {login} on {on} a fresh password, for {}", person(reset.recipient))
        }
        Act::Delete(_) => format!("delete {login} on {on} for good"),
        Act::Restore(restore) => format!("restore {login} on {on} (it was `{}`)", restore.was),
        Act::Replace(_) => format!("replace the password of {login} on {on}"),
    }
}

/// The card of a request, on this copy of it.
pub(in crate::discord) fn request_card(showing: &Showing, copy: i64) -> Message {
    let Showing { request, act, card, settled, .. } = showing;
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
    for line in state_lines(showing) {
        message = message.says(line);
    }
    message = match settled {
        Some(settled) => how_it_stands(request, act, settled).iter().fold(message, Message::says),
        None => waiting(showing).iter().fold(message, Message::says),
    };
    let made = made_lines(act);
    if !made.is_empty() {
        message = message.part("What is new", &made);
    }
    if !card.differs.is_empty() {
        message = message.part("Before → after", &difference_lines(&card.differs));
    }
    message = message.part(record_title(act), &record_lines(&card.record));
    let footer = format!("request {} · record {}", request.id, shortened(&card.fingerprint));
    message = message.footer(footer);
    if settled.is_some() {
        return message;
    }
    // Roles in `notify` are pinged by the card, once; nobody else is, ever.
    message.pinging(&showing.notify).buttons(
        &[
            button(&CustomId::Approve(request.id, copy), &approve_label(act), ButtonStyle::Danger),
            button(&CustomId::Deny(request.id), "Deny with a reason", ButtonStyle::Secondary),
            button(&CustomId::Look(request.id), "I'm looking", ButtonStyle::Secondary),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>(),
    )
}

fn approve_label(act: &Act) -> String {
    let verb = match act {
        Act::Clone(_) => "create",
        Act::SetState(state) => match state.to {
            AgentState::Enabled => "enable",
            AgentState::Disabled | AgentState::Unknown => "disable",
        },
        Act::Edit(_) => "change",
        Act::ResetPassword(_) => "reset password of",
        Act::Delete(_) => "delete",
        Act::Restore(_) => "restore",
        Act::Replace(_) => "replace password of",
    };
    format!("Approve: {verb} {}", act.login())
}

const fn tone(settled: Option<&Settled>) -> Tone {
    match settled {
        None => Tone::Question,
        Some(settled) => super::settled::tone(settled),
    }
}

/// State, and what refers to the agent.
fn state_lines(showing: &Showing) -> Vec<String> {
    let card = &showing.card;
    let mut lines = Vec::new();
    if showing.act.leads_to_delete() {
        lines.push("Once it is disabled, its delete is asked for, with a card of its own.".to_owned());
    }
    if let Act::Delete(_) = &showing.act {
        lines.push(match card.disabled_since {
            Some(since) => format!("Disabled; I have seen it so since {}.", moment(since)),
            None => format!("It is {}.", card.state),
        });
    }
    if !card.referring.is_empty() {
        let named: Vec<String> = card.referring.iter().map(|login| escaped(login, 40)).collect();
        let more = if card.referring_more > 0 { format!(", and {} more", card.referring_more) } else { String::new() };
        lines.push(format!("⚠️ Supervisor of {}{more}.", join(&named, "and")));
    }
    lines
}

/// Who may decide, who has, and until when.
fn waiting(showing: &Showing) -> Vec<String> {
    let request = &showing.request;
    let needed = if request.threshold == 1 {
        "One person".to_owned()
    } else {
        format!("{} different people", request.threshold)
    };
    let mut lines = vec![format!(
        "**✅ approves, ❌ denies.** {needed} with {} decide, until {}; not who asked.",
        roles(&showing.approvers),
        moment(request.expires_at)
    )];
    if let SecondPerson::Rights { highest, limit } = showing.card.why {
        lines.push(format!("It touches rights of level {highest}; above {limit} a second person agrees."));
    }
    if !showing.approving.is_empty() {
        let who: Vec<String> =
            showing.approving.iter().map(|(who, at)| format!("{} ({})", person(*who), clock(*at))).collect();
        lines.push(format!("✅ {} of {}: {}", showing.approving.len(), request.threshold, who.join(", ")));
    }
    if !showing.looking.is_empty() {
        let who: Vec<String> =
            showing.looking.iter().map(|(who, at)| format!("{} (since {})", person(*who), clock(*at))).collect();
        lines.push(format!("👀 Looking: {}", who.join(", ")));
    }
    lines
}

/// What an act makes that the record does not show: above all, who gets a password.
fn made_lines(act: &Act) -> Vec<String> {
    let password = |to| format!("Password: a fresh one, by direct message to {}", person(to));
    match act {
        Act::Clone(clone) => {
            let mut lines = vec![format!("Login: **{}**", escaped(&clone.login, 100))];
            lines.extend(clone.email.as_ref().map(|email| format!("E-mail: {}", escaped(email, 200))));
            lines.push(format!("Details: {}", escaped(&clone.details, 200)));
            lines.push(password(clone.recipient));
            if clone.personal_numbers == Numbers::Clear {
                lines.push("Personal numbers: none".to_owned());
            }
            lines.push("State: enabled".to_owned());
            lines
        }
        Act::ResetPassword(reset) => vec![password(reset.recipient)],
        Act::Restore(restore) => vec![
            password(restore.recipient),
            format!("Id: given by {}, not `{}` any more", restore.was.connection, restore.was.id),
        ],
        Act::SetState(_) | Act::Edit(_) | Act::Delete(_) | Act::Replace(_) => Vec::new(),
    }
}

const fn record_title(act: &Act) -> &'static str {
    match act {
        Act::Delete(_) => "Everything that goes",
        Act::Clone(_) => "The record that is copied",
        Act::Restore(_) => "What comes back",
        Act::SetState(_) | Act::Edit(_) | Act::ResetPassword(_) | Act::Replace(_) => "The record now",
    }
}

/// The whole record in few lines: one for each section, its members one after the other.
fn record_lines(sections: &[Section]) -> Vec<String> {
    sections
        .iter()
        .filter(|section| !section.lines.is_empty())
        .map(|section| {
            let members: Vec<String> = section
                .lines
                .iter()
                .map(|line| {
                    let value = escaped(&line.value, VALUE_MAX);
                    let value = if value.is_empty() { "—".to_owned() } else { value };
                    format!("{} {value}", escaped(&line.label, 40))
                })
                .collect();
            format!("**{}**: {}", escaped(&section.title, 40), members.join(" · "))
        })
        .collect()
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
            to_do(&showing.act),
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
            to_do(&showing.act)
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
