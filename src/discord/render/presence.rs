//! Presence: what came of a change, part by part, and who is how. What a phone system tells of somebody is not much, and
//! nothing here says more than that.

use rollcall_telephony::{PresenceAnswer, PresenceChange};
use serenity::all::ButtonStyle;
use serenity::builder::{CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use super::button;
use super::report::{lower, sentence};
use crate::desk::{Act, FirstStep, Next, NextWhat, PartOutcome, PresenceAct, PresencePart};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, join, plain};
use crate::ledger::OfferId;

/// How many options a menu may have (Discord, "Component Reference", "String Select").
const OPTIONS_MAX: usize = 25;

/// What is done, to stand before a name: "pause".
pub(super) const fn verb(change: &PresenceChange) -> &'static str {
    match change {
        PresenceChange::LogIn { .. } => "log in",
        PresenceChange::LogOut => "log out",
        PresenceChange::Pause { .. } => "pause",
        PresenceChange::Unpause => "unpause",
    }
}

/// What an act does, after "asks to".
pub(super) fn to_do(act: &PresenceAct) -> String {
    format!("{} **{}** on {}", verb(act.change()), escaped(&act.who, 80), places(act))
}

/// "Pausing maria on erix-br".
pub(super) fn wanted(act: &PresenceAct) -> String {
    let verb = match act.change() {
        PresenceChange::LogIn { .. } => "Logging in",
        PresenceChange::LogOut => "Logging out",
        PresenceChange::Pause { .. } => "Pausing",
        PresenceChange::Unpause => "Unpausing",
    };
    format!("{verb} {} on {}", escaped(&act.who, 100), places(act))
}

fn places(act: &PresenceAct) -> String {
    let mut on: Vec<String> = act.agents().map(|agent| agent.connection.to_string()).collect();
    on.dedup();
    join(&on, "and")
}

/// How somebody is now: "is paused (Almoço)".
fn so_now(change: &PresenceChange, answer: PresenceAnswer) -> String {
    let at = |extension: &Option<String>, queue: &Option<String>| {
        let extension = extension.as_ref().map(|extension| format!(" at {}", escaped(extension, 64)));
        let queue = queue.as_ref().map(|queue| format!(", queue {}", escaped(queue, 100)));
        [extension, queue].into_iter().flatten().collect::<String>()
    };
    match (change, answer) {
        (PresenceChange::LogIn { extension, queue }, PresenceAnswer::Done) => {
            format!("is logged in{}", at(extension, queue))
        }
        (PresenceChange::LogIn { .. }, PresenceAnswer::Already) => "was logged in already".to_owned(),
        (PresenceChange::LogOut, PresenceAnswer::Done) => "is logged out".to_owned(),
        (PresenceChange::LogOut, PresenceAnswer::Already) => "was logged out already".to_owned(),
        (PresenceChange::Pause { reason: Some(reason) }, PresenceAnswer::Done) => {
            format!("is paused ({})", escaped(reason, 100))
        }
        (PresenceChange::Pause { reason: None }, PresenceAnswer::Done) => "is paused".to_owned(),
        (PresenceChange::Pause { .. }, PresenceAnswer::Already) => "was paused already".to_owned(),
        (PresenceChange::Unpause, PresenceAnswer::Done) => "is available again".to_owned(),
        (PresenceChange::Unpause, PresenceAnswer::Already) => "was available already".to_owned(),
    }
}

/// How somebody should be: "paused".
const fn aim(change: &PresenceChange) -> &'static str {
    match change {
        PresenceChange::LogIn { .. } => "logged in",
        PresenceChange::LogOut => "logged out",
        PresenceChange::Pause { .. } => "paused",
        PresenceChange::Unpause => "unpaused",
    }
}

/// One agent's line.
fn line(part: &PresencePart, outcome: &PartOutcome) -> String {
    let on = &part.agent.connection;
    let who = format!("**{}** on {on}", escaped(part.called(), 100));
    match outcome {
        PartOutcome::Done { answer } => {
            let sign = match answer {
                PresenceAnswer::Done => "✅",
                PresenceAnswer::Already => "☑️",
            };
            let before = if part.before.is_some() { " (done a moment ago, not asked again)" } else { "" };
            format!("{sign} {who} {}{before}.", so_now(&part.change, *answer))
        }
        PartOutcome::Failed { .. } | PartOutcome::Untold { .. } => {
            let sign = if matches!(outcome, PartOutcome::Untold { .. }) { "❓" } else { "❌" };
            format!("{sign} {who}: {}", trouble(part, outcome).join(" "))
        }
    }
}

/// What went wrong with a part, and what to do.
fn trouble(part: &PresencePart, outcome: &PartOutcome) -> Vec<String> {
    let (on, aim) = (part.agent.connection.as_str(), aim(&part.change));
    match outcome {
        PartOutcome::Done { .. } => Vec::new(),
        PartOutcome::Failed { why, first: FirstStep::NotDone, .. } => {
            vec![format!("{}.", sentence(why, on)), "Nothing was changed.".to_owned()]
        }
        PartOutcome::Failed { why, first: FirstStep::Done, .. } => vec![
            format!("the pause was ended, but the new one was not begun: {}.", lower(&sentence(why, on))),
            "Next: pause again.".to_owned(),
        ],
        PartOutcome::Untold { why, first } => {
            let ended = match first {
                FirstStep::Done => "The pause that was there is ended. ",
                FirstStep::NotDone => "",
            };
            let login = escaped(part.called(), 100);
            vec![
                format!("{}.", sentence(why, on)),
                format!(
                    "{ended}Nobody can tell whether {login} is {aim}: {on} cannot be asked. Asking again does no harm."
                ),
            ]
        }
    }
}

/// Part by part.
pub(super) fn lines(act: &Act, parts: &[PartOutcome]) -> Vec<String> {
    let Act::Presence(presence) = act else { return Vec::new() };
    presence.parts().zip(parts).map(|(part, outcome)| line(part, outcome)).collect()
}

/// How it ended, in two or three words.
pub(super) fn headline(parts: &[PartOutcome]) -> &'static str {
    let done = parts.iter().filter(|part| part.is_done()).count();
    let untold = parts.iter().any(|part| matches!(part, PartOutcome::Untold { .. }));
    match (done, untold) {
        (done, _) if done == parts.len() => "Done",
        (0, false) => "Not done",
        (0, true) => "Nobody can tell",
        (_, _) => "Done in part",
    }
}

/// What came of it, for whoever asked.
pub(super) fn outcome(act: &Act, parts: &[PartOutcome]) -> Message {
    let Act::Presence(presence) = act else { return Message::card(Tone::Bad, "Nothing to tell") };
    let mut message = match (parts, presence.others.as_slice()) {
        ([only], []) => of_one(presence, only),
        _ => of_several(presence, act, parts),
    };
    for (part, outcome) in presence.parts().zip(parts) {
        if outcome.is_done() && !part.note.is_empty() && part.before.is_none() {
            message = message.says(escaped(&part.note, 300));
        }
    }
    if let Some(also) = &presence.also {
        let there: Vec<String> = also.agents.iter().map(|other| code(&other.agent.to_string(), 100)).collect();
        message = message.says(format!("{} is also {}.", escaped(&also.person, 100), join(&there, "and")));
    }
    message
}

fn of_one(presence: &PresenceAct, outcome: &PartOutcome) -> Message {
    let part = &presence.first;
    let (who, on) = (escaped(part.called(), 100), &part.agent.connection);
    match outcome {
        PartOutcome::Done { answer } => {
            let message = Message::card(Tone::Good, format!("{who} on {on} {}", so_now(&part.change, *answer)));
            match (answer, &part.change) {
                (PresenceAnswer::Already, PresenceChange::Pause { reason: Some(reason) }) => message.says(format!(
                    "Nothing was changed. For which reason it pauses {on} does not tell, so it may not be {}.",
                    escaped(reason, 100)
                )),
                (PresenceAnswer::Already, _) => message.says("Nothing was changed."),
                (PresenceAnswer::Done, _) => message,
            }
        }
        PartOutcome::Failed { first: FirstStep::NotDone, .. } => {
            let title = format!("{} — not done", wanted(presence));
            trouble(part, outcome).into_iter().fold(Message::card(Tone::Bad, title), Message::says)
        }
        PartOutcome::Failed { first: FirstStep::Done, why, .. } => {
            Message::card(Tone::Bad, format!("{} — half done", wanted(presence)))
                .says(format!("The pause was ended, so {who} is available; the new one was not begun."))
                .says(format!("{}.", sentence(why, on.as_str())))
                .says("Next: pause again.")
        }
        PartOutcome::Untold { .. } => {
            let title = format!("{} — nobody can tell", wanted(presence));
            trouble(part, outcome).into_iter().fold(Message::card(Tone::Bad, title), Message::says)
        }
    }
}

fn of_several(presence: &PresenceAct, act: &Act, parts: &[PartOutcome]) -> Message {
    let done = parts.iter().filter(|part| part.is_done()).count();
    let tone = if done == parts.len() { Tone::Good } else { Tone::Bad };
    let who = escaped(&presence.who, 100);
    let title = format!("{who}: {} on {done} of {}", aim(presence.change()), parts.len());
    lines(act, parts).into_iter().fold(Message::card(tone, title), Message::says)
}

/// The line in the log channel.
pub(super) fn log_line(who: &str, act: &Act, parts: &[PartOutcome]) -> String {
    let Act::Presence(presence) = act else { return String::new() };
    let asked = format!("{who} asked to {}.", to_do(presence));
    let told: Vec<String> = lines(act, parts);
    match (parts, presence.others.as_slice()) {
        ([PartOutcome::Done { answer: PresenceAnswer::Done }], []) => {
            let part = &presence.first;
            let reason = match &part.change {
                PresenceChange::Pause { reason: Some(reason) } => format!(" Reason: “{}”.", escaped(reason, 100)),
                PresenceChange::Pause { reason: None }
                | PresenceChange::LogIn { .. }
                | PresenceChange::LogOut
                | PresenceChange::Unpause => String::new(),
            };
            let name = escaped(part.called(), 100);
            let done = match &part.change {
                PresenceChange::LogIn { .. } => "logged in",
                PresenceChange::LogOut => "logged out",
                PresenceChange::Pause { .. } => "paused",
                PresenceChange::Unpause => "unpaused",
            };
            format!("✅ {who} {done} **{name}** (`{}`).{reason}", part.agent)
        }
        _ => format!("{asked} {}", told.join(" ")),
    }
}

/// A button that follows from what came of an act.
pub(super) fn next_button(act: &Act, next: &Next) -> Option<CreateButton> {
    let Act::Presence(presence) = act else { return None };
    let label = match &next.what {
        NextWhat::Break { .. } => return None,
        NextWhat::OnAll { person } => {
            let verb = verb(presence.change());
            let mut letters = verb.chars();
            let verb = letters.next().map(|first| format!("{}{}", first.to_uppercase(), letters.as_str()));
            format!("{} {person} on all of them", verb.unwrap_or_default())
        }
        NextWhat::PauseAnew { reason } => format!("Unpause {}, then pause: {reason}", presence.who),
        NextWhat::Again => format!("Ask again: {} {}", verb(presence.change()), presence.who),
    };
    button(&CustomId::Take(OfferId(next.offer)), &label, ButtonStyle::Secondary)
}

/// With the menus that follow from what came of an act.
pub(super) fn with_menus(message: Message, next: &[Next]) -> Message {
    next.iter().filter_map(break_menu).fold(message, Message::menu)
}

/// The breaks of a connection, each by its place.
fn break_menu(next: &Next) -> Option<CreateSelectMenu> {
    let (on, breaks) = match &next.what {
        NextWhat::Break { on, breaks, .. } => (on, breaks),
        NextWhat::OnAll { .. } | NextWhat::PauseAnew { .. } | NextWhat::Again => return None,
    };
    let option = |(place, label): (usize, &String)| CreateSelectMenuOption::new(plain(label, 100), place.to_string());
    let options = breaks.iter().enumerate().take(OPTIONS_MAX).map(option).collect();
    let id = CustomId::Pick(OfferId(next.offer)).write()?;
    Some(CreateSelectMenu::new(id, CreateSelectMenuKind::String { options }).placeholder(format!("Break on {on}: …")))
}

/// What a menu is for.
fn to_pick(next: &Next) -> Option<String> {
    let (person, on, breaks) = match &next.what {
        NextWhat::Break { person, on, breaks } => (escaped(person, 100), on, breaks.len()),
        NextWhat::OnAll { .. } | NextWhat::PauseAnew { .. } | NextWhat::Again => return None,
    };
    let why = format!("{on} has breaks of its own: pick one below to pause {person} there, too.");
    if breaks <= OPTIONS_MAX {
        return Some(why);
    }
    Some(format!("{why} The menu holds {OPTIONS_MAX} of {breaks}; for another one use `/agent pause`."))
}

/// What the menus are for, and until when they and the buttons work, where there are any.
pub(super) fn next_line(next: &[Next]) -> Option<String> {
    let mut lines: Vec<String> = next.iter().filter_map(to_pick).collect();
    let what = match (next.len() - lines.len(), lines.len()) {
        (1, 0) => "The button below works",
        (_, 0) => "The buttons below work",
        (0, _) => "The menu below works",
        (1, _) => "The button and the menu below work",
        (_, _) => "The buttons and the menu below work",
    };
    let until = next.iter().map(|next| next.until).min()?;
    lines.push(format!("{what} until {}.", clock(until)));
    Some(lines.join("\n"))
}
