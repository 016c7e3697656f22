//! Cards: what approvers read before they decide, and what stands there afterwards.

use rollcall_telephony::AgentState;
use serenity::all::ButtonStyle;
use serenity::all::InputTextStyle;
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};

use super::button;
use super::packing::{self, Piece};
use super::preview::{difference_lines, replaced};
use super::settled::{how_it_stands, title};
use super::{extensions, presence};
use crate::desk::{Act, Settled, Showing};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, few, moment, person, roles};
use crate::ledger::{Posted, RequestId};
use crate::policy::SecondPerson;

/// How many people, or agents, are named in one line of a card.
const NAMED_MAX: usize = 10;
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
        Act::Restore(restore) => format!("restore {login} on {on} (it was {})", code(&restore.was.to_string(), 100)),
        Act::Replace(_) => format!("replace the password of {login} on {on}"),
        Act::Presence(presence) => presence::to_do(presence),
        Act::Extension(extension) => extensions::to_do(extension),
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
    message = message.footer(format!("request {} · record {}", request.id, shortened(&card.fingerprint)));
    let changes: Vec<Piece> = difference_lines(&card.differs).into_iter().map(Piece::line).collect();
    message = packing::add(message, "Before → after", &changes, "changes", "ask for them one by one.");
    let given: Vec<Piece> = set(act).into_iter().map(Piece::line).collect();
    message = packing::add(message, set_title(act), &given, "lines", "whoever asked can tell them.");
    let members = packing::members(&card.record);
    message = packing::add(message, record_title(act, settled.as_ref()), &members, "members", &see(act));
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
        Act::Presence(presence) => presence::verb(presence.change()),
        Act::Extension(extension) => return extensions::approve_label(extension),
    };
    format!("Approve: {verb} {}", act.login())
}

fn tone(settled: Option<&Settled>) -> Tone {
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
        let mut named: Vec<String> = card.referring.iter().map(|login| escaped(login, 40)).collect();
        if card.referring_more > 0 {
            named.push(format!("{} more", card.referring_more));
        }
        lines.push(format!("⚠️ It supervises {}.", few(&named, usize::MAX, "and")));
    }
    lines
}

/// What is set beside what the record shows, and who gets the password.
fn set(act: &Act) -> Vec<String> {
    let password = |recipient| format!("Password: a fresh one, by direct message to {}", person(recipient));
    match act {
        Act::Clone(clone) => replaced(clone),
        Act::ResetPassword(reset) => vec![password(reset.recipient)],
        Act::Restore(restore) => vec![
            "State: enabled".to_owned(),
            format!("ID: given by {}", restore.was.connection),
            password(restore.recipient),
        ],
        Act::Extension(extension) => extensions::set(extension),
        Act::SetState(_) | Act::Edit(_) | Act::Delete(_) | Act::Replace(_) | Act::Presence(_) => Vec::new(),
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

fn record_title(act: &Act, settled: Option<&Settled>) -> &'static str {
    if settled.is_some() {
        return "The record as it was shown";
    }
    match act {
        Act::Delete(_) => "Everything that goes",
        Act::Clone(_) => "What is copied",
        Act::Restore(_) => "What comes back",
        Act::Extension(extension) if extension.deletes() => "Everything that goes",
        Act::SetState(_)
        | Act::Edit(_)
        | Act::ResetPassword(_)
        | Act::Replace(_)
        | Act::Presence(_)
        | Act::Extension(_) => "The record now",
    }
}

fn shortened(fingerprint: &str) -> String {
    fingerprint.chars().take(FINGERPRINT_SHOWN).collect()
}

const fn set_title(act: &Act) -> &'static str {
    match act {
        Act::Clone(_) => "Replaced",
        Act::SetState(_)
        | Act::Edit(_)
        | Act::ResetPassword(_)
        | Act::Delete(_)
        | Act::Restore(_)
        | Act::Replace(_)
        | Act::Presence(_) => "Given anew",
        Act::Extension(_) => "What is sent",
    }
}

/// Where all of a record can be seen that does not fit on the card.
fn see(act: &Act) -> String {
    let command = match act {
        Act::Clone(clone) => format!("/agent show agent:{}", clone.source),
        Act::Restore(restore) => format!("/agent restore agent:{}", restore.was),
        Act::Presence(presence) => format!("/agent status agent:{}", presence.first.agent),
        Act::Extension(extension) => extensions::see(extension),
        Act::SetState(_) | Act::Edit(_) | Act::ResetPassword(_) | Act::Delete(_) | Act::Replace(_) => {
            format!("/agent show agent:{}", act.target())
        }
    };
    format!("{} shows them.", code(&command, 100))
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
