//! A change of presence, and what came of it, part by part. What a phone system tells of somebody is not much, and nothing
//! here says more than that.

use rollcall_telephony::{PresenceAnswer, PresenceChange};

use super::super::sentences::{capital, lower, sentence};
use super::end::{End, Log};
use super::{Words, named};
use crate::desk::{FirstStep, NextWhat, Outcome, PartOutcome, PresenceAct, PresencePart};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{code, escaped, join};

/// What is done, to stand before a name: "pause".
const fn verb(change: &PresenceChange) -> &'static str {
    match change {
        PresenceChange::LogIn { .. } => "log in",
        PresenceChange::LogOut => "log out",
        PresenceChange::Pause { .. } => "pause",
        PresenceChange::Unpause => "unpause",
    }
}

impl Words for PresenceAct {
    fn to_do(&self) -> String {
        format!("{} {} on {}", verb(self.change()), named(&self.who), places(self))
    }

    fn wanted(&self) -> String {
        let verb = match self.change() {
            PresenceChange::LogIn { .. } => "Logging in",
            PresenceChange::LogOut => "Logging out",
            PresenceChange::Pause { .. } => "Pausing",
            PresenceChange::Unpause => "Unpausing",
        };
        format!("{verb} {} on {}", escaped(&self.who, 100), places(self))
    }

    fn approve(&self) -> String {
        format!("{} {}", verb(self.change()), self.who)
    }

    fn next(&self, what: &NextWhat) -> Option<String> {
        Some(match what {
            NextWhat::OnAll { person } => format!("{} {person} on all of them", capital(verb(self.change()))),
            NextWhat::PauseAnew { reason } => format!("Unpause {}, then pause: {reason}", self.who),
            NextWhat::Again => format!("Ask again: {} {}", verb(self.change()), self.who),
            NextWhat::Break { .. } => return None,
        })
    }

    fn see(&self) -> String {
        format!("/agent status agent:{}", self.first.agent)
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Presence { parts } = outcome else { return None };
        let lines = lines(self, parts);
        let (message, log) = (message(self, parts, &lines), log(self, parts, &lines));
        Some(End { message, lines, log })
    }
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
fn lines(presence: &PresenceAct, parts: &[PartOutcome]) -> Vec<String> {
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
fn message(presence: &PresenceAct, parts: &[PartOutcome], lines: &[String]) -> Message {
    let mut message = match (parts, presence.others.as_slice()) {
        ([only], []) => of_one(presence, only),
        _ => of_several(presence, parts, lines),
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
            let title = format!("{} — not done", presence.wanted());
            trouble(part, outcome).into_iter().fold(Message::card(Tone::Bad, title), Message::says)
        }
        PartOutcome::Failed { first: FirstStep::Done, why, .. } => {
            Message::card(Tone::Bad, format!("{} — half done", presence.wanted()))
                .says(format!("The pause was ended, so {who} is available; the new one was not begun."))
                .says(format!("{}.", sentence(why, on.as_str())))
                .says("Next: pause again.")
        }
        PartOutcome::Untold { .. } => {
            let title = format!("{} — nobody can tell", presence.wanted());
            trouble(part, outcome).into_iter().fold(Message::card(Tone::Bad, title), Message::says)
        }
    }
}

fn of_several(presence: &PresenceAct, parts: &[PartOutcome], lines: &[String]) -> Message {
    let done = parts.iter().filter(|part| part.is_done()).count();
    let tone = if done == parts.len() { Tone::Good } else { Tone::Bad };
    let who = escaped(&presence.who, 100);
    let title = format!("{who}: {} on {done} of {}", aim(presence.change()), parts.len());
    lines.iter().fold(Message::card(tone, title), Message::says)
}

/// The line in the log channel.
fn log(presence: &PresenceAct, parts: &[PartOutcome], lines: &[String]) -> Log {
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
            Log::Did("✅", format!("{} **{name}** (`{}`).{reason}", aim(&part.change), part.agent))
        }
        _ => Log::Asked(format!("asked to {}. {}", presence.to_do(), lines.join(" "))),
    }
}
