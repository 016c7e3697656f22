//! What came of an act: the reply, the line in the log channel, the direct message.

use rollcall_telephony::{AgentRef, AgentState};
use serenity::all::ButtonStyle;

use super::preview::difference_lines;
use super::{button, extensions, presence};
use crate::desk::{Act, Differs, HandoverTold, Masked, Outcome, PasswordNote, Report, Terms};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, join, moment, person};
use crate::ledger::{HandoverState, OfferId};

/// The answer to whoever asked.
pub(in crate::discord) fn reply(report: &Report, handover: Option<&HandoverTold>, asked: Option<&Terms>) -> Message {
    let mut message = outcome(report);
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
        buttons.extend(button(&CustomId::Take(OfferId(offer)), &undo_label(&report.act), ButtonStyle::Secondary));
    }
    if let Some(until) = presence::next_line(&report.next) {
        message = message.says(until);
    }
    buttons.extend(report.next.iter().filter_map(|next| presence::next_button(&report.act, next)));
    presence::with_menus(message.buttons(&buttons), &report.next)
}

fn undo_label(act: &Act) -> String {
    match act {
        Act::SetState(state) => match state.to {
            AgentState::Enabled => format!("Undo: disable {}", state.login),
            AgentState::Disabled | AgentState::Unknown => format!("Undo: enable {}", state.login),
        },
        Act::Edit(edit) => format!("Undo the change of {}", edit.login),
        Act::Clone(_)
        | Act::ResetPassword(_)
        | Act::Delete(_)
        | Act::Restore(_)
        | Act::Replace(_)
        | Act::Presence(_)
        | Act::Extension(_) => "Undo".to_owned(),
    }
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

fn outcome(report: &Report) -> Message {
    let act = &report.act;
    let (login, on) = (escaped(act.login(), 100), act.connection());
    match &report.outcome {
        Outcome::Created { agent, login, differs, password } => created(act, agent, login, differs, *password),
        Outcome::Changed { .. } if matches!(act, Act::Extension(_)) => extensions::outcome(act, &report.outcome),
        Outcome::Changed { differs } => {
            let title = match act {
                Act::SetState(state) => format!("{login} on {on} is {}", state.to),
                Act::Clone(_)
                | Act::Edit(_)
                | Act::ResetPassword(_)
                | Act::Delete(_)
                | Act::Restore(_)
                | Act::Replace(_)
                | Act::Presence(_)
                | Act::Extension(_) => format!("{login} on {on} was changed"),
            };
            let mut message = Message::card(Tone::Good, title);
            if let Act::SetState(state) = act
                && let Some(reason) = &state.reason
            {
                message = message.says(format!("Reason: {}", escaped(reason, 300)));
            }
            if matches!(act, Act::Edit(_)) {
                message = message.part("Before → after", &difference_lines(differs));
            }
            message
        }
        Outcome::PasswordSet { password } => {
            let message = Message::card(Tone::Good, format!("{login} on {on} has a fresh password"))
                .says("The old one no longer works.");
            note(message, *password, on.as_str())
        }
        Outcome::Deleted { restorable_until, .. } => Message::card(Tone::Good, format!("{login} is deleted from {on}"))
            .says(format!(
                "`/agent restore agent:{}` can bring it back until {}.",
                act.target(),
                moment(*restorable_until)
            )),
        Outcome::Moved { what, .. } => {
            let message = Message::card(Tone::Bad, format!("{} — void", wanted(act)))
                .says(format!("{} is not as it was shown any more, so it was left alone.", subject(act)));
            message.part("What changed", &difference_lines(what))
        }
        Outcome::Presence { parts } => presence::outcome(act, parts),
        Outcome::ExtensionCreated { .. } | Outcome::ExtensionDeleted { .. } | Outcome::Batch { .. } => {
            extensions::outcome(act, &report.outcome)
        }
        Outcome::Replaced => Message::card(Tone::Plain, format!("The password of {login} on {on} was replaced"))
            .says("Nobody opened it in time, so it was replaced by one that nobody knows.")
            .says("Next: `/agent reset-password` gives a fresh one to whoever needs it."),
        Outcome::LeftAlone { masked: Masked::Shown } => {
            Message::card(Tone::Plain, format!("The password of {login} on {on} was not opened in time"))
                .says(format!("{on} holds another one by now, so nothing was changed there. My copy is erased."))
        }
        Outcome::LeftAlone { masked: Masked::Hidden } => {
            Message::card(Tone::Bad, format!("The password of {login} on {on} was not opened in time"))
                .says(format!(
                    "{on} does not show whether it is still in use, so nothing was changed there. My copy is erased."
                ))
                .says("Next: if nobody else set one, `/agent reset-password` makes the old one useless.")
        }
        Outcome::Failed { why } => Message::card(Tone::Bad, format!("{} — not done", wanted(act)))
            .says(format!("{}.", sentence(why, on.as_str())))
            .says("Nothing was changed. You can ask again."),
        Outcome::Untold { why } => Message::card(Tone::Bad, format!("{} — nobody can tell", wanted(act)))
            .says(format!("{}.", sentence(why, on.as_str())))
            .says(format!(
                "Whether it was done is not known, and I stopped looking. Next: {} before you ask again.",
                look(act)
            )),
        Outcome::Looking { why } => Message::card(Tone::Question, format!("{} — no answer yet", wanted(act)))
            .says(format!("{}.", sentence(why, on.as_str())))
            .says("I am looking up whether it was done; this message changes when I know. No need to ask again."),
        Outcome::Doubt { why, until, agent } => {
            let message = Message::card(Tone::Bad, format!("{} — in doubt", wanted(act)))
                .says(format!("{}.", sentence(why, on.as_str())))
                .says(format!("I keep looking until {} and tell you. Nothing more is sent by itself.", moment(*until)));
            match agent {
                Some(agent) => message.says(format!("Next: look at it with `/agent show agent:{agent}`; if it is the one you asked for, `/agent reset-password agent:{agent}` gives it a password that can be delivered.")),
                None => message.says(format!("Next: {} itself.", look(act))),
            }
        }
    }
}

/// An agent exists, as a copy or again.
fn created(act: &Act, agent: &AgentRef, given: &str, differs: &[Differs], password: PasswordNote) -> Message {
    let (login, on) = (escaped(act.login(), 100), act.connection());
    let given_shown = escaped(given, 100);
    let mut message = Message::card(Tone::Good, format!("{given_shown} exists on {on}"));
    if let Act::Restore(restore) = act {
        message = message.says(format!("Restored, enabled, as `{agent}`; it was `{}`.", restore.was));
        if !differs.is_empty() {
            message = message.part("⚠️ Not as it was (was → made); check it", &difference_lines(differs));
        }
    }
    if let Act::Clone(clone) = act {
        let source = escaped(&clone.source_login, 100);
        message = message.says(format!("Copied from {source}, enabled, as `{agent}`."));
        if !given.eq_ignore_ascii_case(&clone.login) {
            message = message.says(format!("⚠️ {on} named it {given_shown}, not {login} as asked."));
        }
        if differs.is_empty() {
            message = message.says(format!("Read back: everything is as in {source}, save what was replaced."));
        } else {
            message = message.part("⚠️ Not as asked (asked → made); check it", &difference_lines(differs));
        }
    }
    note(message, password, on.as_str())
}

/// What an act is about, to begin a sentence about how that is.
pub(super) fn subject(act: &Act) -> String {
    match act {
        Act::Extension(extension) => extensions::subject(extension),
        Act::Clone(_)
        | Act::SetState(_)
        | Act::Edit(_)
        | Act::ResetPassword(_)
        | Act::Delete(_)
        | Act::Restore(_)
        | Act::Replace(_)
        | Act::Presence(_) => escaped(act.record_login(), 100),
    }
}

/// Where to look when nobody can tell whether it was done.
pub(super) fn look(act: &Act) -> String {
    match act {
        Act::Extension(extension) => extensions::look(extension),
        Act::Clone(_)
        | Act::SetState(_)
        | Act::Edit(_)
        | Act::ResetPassword(_)
        | Act::Delete(_)
        | Act::Restore(_)
        | Act::Replace(_)
        | Act::Presence(_) => {
            format!("look for {} in {}", escaped(act.login(), 100), act.connection())
        }
    }
}

/// "Creating ivan.ivanov on mediatel".
pub(super) fn wanted(act: &Act) -> String {
    let (login, on) = (escaped(act.login(), 100), act.connection());
    match act {
        Act::Clone(_) => format!("Creating {login} on {on}"),
        Act::SetState(state) => match state.to {
            AgentState::Enabled => format!("Enabling {login} on {on}"),
            AgentState::Disabled | AgentState::Unknown => format!("Disabling {login} on {on}"),
        },
        Act::Edit(_) => format!("Changing {login} on {on}"),
        Act::ResetPassword(_) => format!("A fresh password for {login} on {on}"),
        Act::Delete(_) => format!("Deleting {login} from {on}"),
        Act::Restore(_) => format!("Restoring {login} on {on}"),
        Act::Replace(_) => format!("Replacing the unopened password of {login} on {on}"),
        Act::Presence(presence) => presence::wanted(presence),
        Act::Extension(extension) => extensions::wanted(extension),
    }
}

/// A reason as the start of a sentence, without its full stop.
pub(super) fn sentence(why: &str, on: &str) -> String {
    let why = why.trim().trim_end_matches('.');
    let mut chars = why.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    // A connection's name or a login keeps its small letter.
    if why.split_whitespace().next().is_some_and(|w| w == on || w.contains(['.', '-', '_'])) {
        return escaped(why, 600);
    }
    escaped(&format!("{first}{}", chars.as_str()), 600)
}

fn note(message: Message, password: PasswordNote, on: &str) -> Message {
    match password {
        PasswordNote::Fine => message,
        PasswordNote::Repaired => message.says(format!(
            "⚠️ {on} hashes passwords by itself. I repaired this account; whoever installed me should set \
             `password_encoding = \"plain\"` for {on}."
        )),
        PasswordNote::RepairFailed => message.says(format!(
            "⚠️ {on} hashes passwords by itself and refused the repair, so this account has no usable password. Whoever \
             installed me should set `password_encoding = \"plain\"` for {on}; then `/agent reset-password`."
        )),
        PasswordNote::StoresAsSent => message.says(format!(
            "⚠️ {on} stores the password exactly as I send it. If a login with it fails, whoever installed me should set \
             `password_encoding = \"md5-16\"` for {on}. Please try a login."
        )),
        PasswordNote::TryLogin => {
            message.says(format!("⚠️ {on} does not show what it stored. Please try a login with the password."))
        }
    }
}

/// The line in the log channel.
pub(in crate::discord) fn log_line(report: &Report) -> Message {
    let act = &report.act;
    let (login, on) = (escaped(act.login(), 100), act.connection());
    let who = report.actor.map_or_else(|| "Rollcall".to_owned(), person);
    let line = match &report.outcome {
        Outcome::Created { agent, login, .. } => {
            let login = escaped(login, 100);
            match act {
                Act::Restore(restore) => format!(
                    "✅ {who} restored **{login}** (`{agent}`, it was `{}`); password to {}.",
                    restore.was,
                    person(restore.recipient)
                ),
                Act::Clone(clone) => format!(
                    "✅ {who} created **{login}** (`{agent}`) as a copy of {}; password to {}.",
                    escaped(&clone.source_login, 100),
                    person(clone.recipient)
                ),
                Act::SetState(_)
                | Act::Edit(_)
                | Act::ResetPassword(_)
                | Act::Delete(_)
                | Act::Replace(_)
                | Act::Presence(_)
                | Act::Extension(_) => {
                    format!("✅ {who} created **{login}** (`{agent}`).")
                }
            }
        }
        Outcome::Changed { .. } if matches!(act, Act::Extension(_)) => extensions::log_line(&who, act, &report.outcome),
        Outcome::Changed { differs } => match act {
            Act::SetState(state) => {
                let verb = match state.to {
                    AgentState::Enabled => "enabled",
                    AgentState::Disabled | AgentState::Unknown => "disabled",
                };
                let reason =
                    state.reason.as_ref().map_or_else(String::new, |r| format!(" Reason: “{}”.", escaped(r, 300)));
                format!("✅ {who} {verb} **{login}** (`{}`).{reason}", act.target())
            }
            Act::Clone(_)
            | Act::Edit(_)
            | Act::ResetPassword(_)
            | Act::Delete(_)
            | Act::Restore(_)
            | Act::Replace(_)
            | Act::Presence(_)
            | Act::Extension(_) => {
                format!("✅ {who} changed **{login}** (`{}`): {}", act.target(), difference_lines(differs).join("; "))
            }
        },
        Outcome::PasswordSet { .. } => {
            let to = match act {
                Act::ResetPassword(reset) => person(reset.recipient),
                Act::Clone(_)
                | Act::SetState(_)
                | Act::Edit(_)
                | Act::Delete(_)
                | Act::Restore(_)
                | Act::Replace(_)
                | Act::Presence(_)
                | Act::Extension(_) => String::new(),
            };
            format!("✅ {who} reset the password of **{login}** (`{}`); it goes to {to}.", act.target())
        }
        Outcome::Deleted { .. } => {
            let reason = act.reason().map_or_else(String::new, |r| format!(" Reason: “{}”.", escaped(r, 300)));
            format!("🗑️ {who} deleted **{login}** (`{}`) for good.{reason}", act.target())
        }
        Outcome::Moved { .. } => {
            format!("⚠️ {who}: {} — void, nothing changed: the record is not as it was shown.", lower(&wanted(act)))
        }
        Outcome::Presence { parts } => presence::log_line(&who, act, parts),
        Outcome::ExtensionCreated { .. } | Outcome::ExtensionDeleted { .. } | Outcome::Batch { .. } => {
            extensions::log_line(&who, act, &report.outcome)
        }
        Outcome::Replaced => {
            format!("♻️ The password of **{login}** (`{}`) was never opened and was replaced.", act.target())
        }
        Outcome::LeftAlone { .. } => {
            format!("⌛ The password of **{login}** (`{}`) was never opened; {on} was left as it is.", act.target())
        }
        Outcome::Failed { why } => {
            format!("❌ {who}: {} — not done, nothing changed: {}.", lower(&wanted(act)), escaped(why, 400))
        }
        Outcome::Untold { why } => {
            format!("❓ {who}: {} — nobody can tell whether it was done: {}.", lower(&wanted(act)), escaped(why, 400))
        }
        Outcome::Looking { why } => {
            format!("⏳ {who}: {} — no answer yet: {}.", lower(&wanted(act)), escaped(why, 400))
        }
        Outcome::Doubt { why, .. } => format!("❓ {who}: {} — in doubt: {}.", lower(&wanted(act)), escaped(why, 400)),
    };
    let approved = report.approved.as_ref().map_or_else(String::new, |approved| {
        let by: Vec<String> = approved.by.iter().map(|id| person(*id)).collect();
        format!(" Request {}, approved by {}.", approved.request, join(&by, "and"))
    });
    Message::text(format!("{line}{approved}"))
}

pub(super) fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| format!("{}{}", c.to_lowercase(), chars.as_str()))
}

/// A direct message about something the bot did by itself.
pub(in crate::discord) fn direct(report: &Report) -> Message {
    outcome(report)
}
