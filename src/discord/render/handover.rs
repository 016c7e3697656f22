//! A password on its way: the recipient's message, the requester's receipt, the ephemeral hand-over.

use rollcall_telephony::Millis;
use secrecy::{ExposeSecret, SecretString};
use serenity::all::ButtonStyle;

use super::button;
use crate::desk::HandoverTold;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, moment, person, relative};
use crate::ledger::{Delivery, Handover, HandoverState, Posted};

/// The password alone in a code block under a spoiler.
fn spoiler(password: &SecretString) -> String {
    format!("||```\n{}\n```||", password.expose_secret())
}

/// What the recipient's message shows now. `password` is given while it is to be readable.
pub(in crate::discord) fn recipient_message(handover: &Handover, password: Option<&SecretString>) -> Message {
    let what = format!("**{}** on {}", escaped(&handover.login, 100), handover.agent.connection);
    let from = person(handover.requester);
    let have = button(&CustomId::Have(handover.id), "I have it", ButtonStyle::Success);
    match (handover.state, password) {
        (HandoverState::Due | HandoverState::Delivered | HandoverState::Closed, Some(password)) => {
            let until = match (handover.delivery, handover.shown_until) {
                (Delivery::Reveal, Some(until)) => format!("It hides again {}.", relative(until)),
                (Delivery::Reveal | Delivery::Message, _) => {
                    format!("This message is deleted {}.", relative(handover.expires_at))
                }
            };
            Message::text(format!("The password of {what}. {until}\n{}", spoiler(password))).buttons(have.as_slice())
        }
        (HandoverState::Due | HandoverState::Delivered | HandoverState::Closed, None) => {
            let opened = match handover.opened_at {
                None => "Press Reveal when nobody looks over your shoulder.".to_owned(),
                Some(at) => format!(
                    "Opened at {}{}. If that was not you, tell {from}.",
                    clock(at),
                    if handover.opens > 1 { format!(", {} times", handover.opens) } else { String::new() }
                ),
            };
            let mut buttons: Vec<_> =
                button(&CustomId::Reveal(handover.id), "Reveal", ButtonStyle::Primary).into_iter().collect();
            if handover.opened_at.is_some() {
                buttons.extend(have);
            }
            let whose = if handover.requester == handover.recipient {
                format!("Here is the password of {what}, as you asked.")
            } else {
                format!("{from} asked for {what}; its password is for you.")
            };
            Message::text(format!("{whose} {opened} It can be read until {}.", moment(handover.expires_at)))
                .buttons(&buttons)
        }
        (HandoverState::Confirmed, _) => Message::text(format!(
            "You have the password of {what}. My copy is erased; nobody can read it here any more."
        )),
        (HandoverState::Expired, _) => Message::text(format!(
            "The time to read the password of {what} is over; my copy is erased. If you need it again, ask {from} for a \
             fresh one."
        )),
        (HandoverState::Replaced, _) => Message::text(format!(
            "The password of {what} was not opened in time, so it was replaced and does not work any more. Ask {from} for a \
             fresh one."
        )),
        (HandoverState::Superseded, _) => Message::text(format!(
            "The password of {what} was not opened in time; my copy is erased. If you need one, ask {from} for a fresh one."
        )),
    }
}

/// The requester's receipt.
pub(in crate::discord) fn receipt(handover: &Handover) -> Message {
    let title = format!("Receipt: the password of {} on {}", escaped(&handover.login, 100), handover.agent.connection);
    let to = person(handover.recipient);
    let mut lines = Vec::new();
    match handover.state {
        HandoverState::Due => lines.push(format!("On its way to {to}.")),
        HandoverState::Closed => lines.push(format!(
            "{to} takes no direct messages from me: it is yours to hand over, with the button in my reply or in `/whoami`."
        )),
        HandoverState::Delivered
        | HandoverState::Confirmed
        | HandoverState::Expired
        | HandoverState::Replaced
        | HandoverState::Superseded => {
            if let Some(posted) = handover.message {
                lines.push(format!("Delivered to {to} at {}.", clock(sent_at(posted))));
            }
        }
    }
    if let Some(at) = handover.opened_at {
        let times = if handover.opens > 1 { format!(", {} times by now", handover.opens) } else { String::new() };
        lines.push(format!("Opened at {}{times}.", clock(at)));
    }
    let settled = handover.settled_at.map_or_else(String::new, |at| format!(" at {}", clock(at)));
    lines.push(match handover.state {
        HandoverState::Due | HandoverState::Delivered | HandoverState::Closed => {
            format!("It can be read until {}.", moment(handover.expires_at))
        }
        HandoverState::Confirmed => format!("Confirmed{settled}; my copy is erased."),
        HandoverState::Expired => format!("Expired{settled}; my copy is erased."),
        HandoverState::Replaced => {
            format!("Never opened; expired{settled} and replaced by a password that nobody knows. `/agent reset-password` makes a fresh one.")
        }
        HandoverState::Superseded => {
            format!("Never opened; expired{settled}. The phone system was left as it is; my copy is erased.")
        }
    });
    lines.into_iter().fold(Message::card(Tone::Plain, title), Message::says)
}

/// When a message was sent: its id says it.
fn sent_at(posted: Posted) -> Millis {
    Millis(posted.message.created_at().unix_timestamp() * 1000)
}

/// The ephemeral message that shows a password to the requester, who hands it over.
pub(in crate::discord) fn ephemeral_shown(handover: &Handover, password: &SecretString, hides: &str) -> Message {
    let what = format!("**{}** on {}", escaped(&handover.login, 100), handover.agent.connection);
    let to = if handover.recipient == handover.requester {
        String::new()
    } else {
        format!(", to be handed to {}", person(handover.recipient))
    };
    Message::text(format!("The password of {what}{to}. It hides again {hides}.\n{}", spoiler(password)))
        .buttons(button(&CustomId::Have(handover.id), "I have it", ButtonStyle::Success).as_slice())
}

/// The same message once it is hidden.
pub(in crate::discord) fn ephemeral_hidden(handover: &HandoverTold) -> Message {
    let what = format!("**{}** on {}", escaped(&handover.login, 100), handover.agent.connection);
    let label = format!("Show the password of {}", handover.login);
    Message::text(format!(
        "The password of {what} is hidden again. It can be read until {}.",
        moment(handover.expires_at)
    ))
    .buttons(button(&CustomId::HandOver(handover.id()), &label, ButtonStyle::Primary).as_slice())
}
