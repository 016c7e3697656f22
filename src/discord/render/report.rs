//! What came of an act: the reply, the line in the log channel, the direct message.

use serenity::all::ButtonStyle;

use super::acts::{end, words};
use super::{button, next};
use crate::desk::{HandoverTold, Report, Terms};
use crate::discord::custom_id::CustomId;
use crate::discord::message::Message;
use crate::discord::text::{clock, escaped, join, moment, person};
use crate::ledger::{HandoverState, OfferId};

/// The answer to whoever asked.
pub(in crate::discord) fn reply(report: &Report, handover: Option<&HandoverTold>, asked: Option<&Terms>) -> Message {
    let words = words(&report.act);
    let mut message = end(&report.act, &report.outcome).message;
    if let Some(terms) = asked {
        message = message.says(format!("The approvers are asked to delete {}.", escaped(report.act.login(), 100)));
        message = super::settled::asked_terms(terms).iter().fold(message, Message::says);
    }
    if let Some(handover) = handover {
        message = message.says(travels(handover));
    }
    let mut buttons = Vec::new();
    if let Some(handover) = handover.filter(|h| h.state == HandoverState::Closed) {
        let label = format!("Show the password of {}", handover.login);
        buttons.extend(button(&CustomId::HandOver(handover.id()), &label, ButtonStyle::Primary));
    }
    if let Some((offer, until)) = report.undo {
        message = message.says(format!("Undo works until {}.", clock(until)));
        buttons.extend(button(&CustomId::Take(OfferId(offer)), &words.undo(), ButtonStyle::Secondary));
    }
    if let Some(until) = next::line(&report.next) {
        message = message.says(until);
    }
    buttons.extend(report.next.iter().filter_map(|next| {
        button(&CustomId::Take(OfferId(next.offer)), &words.next(&next.what)?, ButtonStyle::Secondary)
    }));
    next::with_menus(message.buttons(&buttons), &report.next)
}

/// How the password travels.
fn travels(handover: &HandoverTold) -> String {
    let recipient = person(handover.recipient);
    if handover.state == HandoverState::Closed && handover.recipient == handover.requester {
        return format!(
            "You take no direct messages from me, so the password waits for you here: press the button. It can be read \
             until {}, from `/whoami` too.",
            moment(handover.expires_at)
        );
    }
    match handover.state {
        HandoverState::Due => {
            format!("Its password is on its way to {recipient}; this message changes when it is there.")
        }
        HandoverState::Delivered => format!(
            "Its password went to {recipient} by direct message and can be read until {}. You get a receipt.",
            moment(handover.expires_at)
        ),
        HandoverState::Closed => format!(
            "{recipient} takes no direct messages from me, so the password is yours to hand over: press the button. \
             It can be read until {}, from `/whoami` too.",
            moment(handover.expires_at)
        ),
        HandoverState::Confirmed => format!("{recipient} has its password."),
        HandoverState::Expired | HandoverState::Replaced | HandoverState::Superseded => {
            "Its password can no longer be read; `/agent reset-password` makes a fresh one.".to_owned()
        }
    }
}

/// The line in the log channel.
pub(in crate::discord) fn log_line(report: &Report) -> Message {
    let who = report.actor.map_or_else(|| "Rollcall".to_owned(), person);
    let line = end(&report.act, &report.outcome).log_line(&who);
    let approved = report.approved.as_ref().map_or_else(String::new, |approved| {
        let by: Vec<String> = approved.by.iter().map(|id| person(*id)).collect();
        format!(" Request {}, approved by {}.", approved.request, join(&by, "and"))
    });
    Message::text(format!("{line}{approved}"))
}

/// A direct message about something the bot did by itself.
pub(in crate::discord) fn direct(report: &Report) -> Message {
    end(&report.act, &report.outcome).message
}
