//! How an act ended: what whoever asked reads, what stands on the card, and the line in the log channel. Here are the ends
//! that are told alike whatever the act is; a kind's own are in its module.

use rollcall_telephony::{AgentRef, Millis};

use super::super::preview::difference_lines;
use super::super::sentences::{changed, lower, reason, sentence};
use super::{Words, extension, presence, words};
use crate::desk::{Act, Differs, Outcome};
use crate::discord::message::{Message, Tone};
use crate::discord::text::moment;

/// What is told of how an act ended.
pub(in crate::discord::render) struct End {
    /// For whoever asked.
    pub(in crate::discord::render) message: Message,
    /// For anybody, on the card.
    pub(in crate::discord::render) lines: Vec<String>,
    /// For the log channel.
    pub(super) log: Log,
}

/// A line in the log channel, around who wanted it.
pub(super) enum Log {
    /// "✅ @lead deleted …": a sign, and what they did.
    Did(&'static str, String),
    /// "@lead asked to pause …": what they asked for, and what came of each part of it.
    Asked(String),
    /// "❌ @lead: deleting … — not done": a sign, and what became of it.
    Became(&'static str, String),
    /// What the bot does by itself.
    ByItself(String),
}

impl End {
    /// The line in the log channel.
    pub(in crate::discord::render) fn log_line(&self, who: &str) -> String {
        match &self.log {
            Log::Did(sign, did) => format!("{sign} {who} {did}"),
            Log::Asked(asked) => format!("{who} {asked}"),
            Log::Became(sign, what) => format!("{sign} {who}: {what}"),
            Log::ByItself(line) => line.clone(),
        }
    }
}

/// How an act ended.
pub(in crate::discord::render) fn end(act: &Act, outcome: &Outcome) -> End {
    let words = words(act);
    match outcome {
        Outcome::Created { .. }
        | Outcome::Changed { .. }
        | Outcome::PasswordSet { .. }
        | Outcome::Deleted { .. }
        | Outcome::Replaced
        | Outcome::LeftAlone { .. }
        | Outcome::Presence { .. }
        | Outcome::ExtensionCreated { .. }
        | Outcome::ExtensionDeleted { .. }
        | Outcome::Batch { .. } => words.done(outcome).unwrap_or_else(|| wordless(words)),
        Outcome::Moved { login, what } => moved(words, login, what),
        Outcome::Failed { why } => failed(words, why),
        Outcome::Untold { why } => untold(words, why),
        Outcome::Looking { why } => looking(words, why),
        Outcome::Doubt { why, until, agent } => doubt(words, why, *until, agent.as_ref()),
    }
}

/// How an act ended, in two or three words.
pub(in crate::discord::render) fn headline(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Created { .. }
        | Outcome::Changed { .. }
        | Outcome::PasswordSet { .. }
        | Outcome::Deleted { .. }
        | Outcome::Replaced
        | Outcome::ExtensionCreated { .. }
        | Outcome::ExtensionDeleted { .. }
        | Outcome::LeftAlone { .. } => "Done",
        Outcome::Presence { parts } => presence::headline(parts),
        Outcome::Batch { rows, .. } => extension::headline(rows),
        Outcome::Moved { .. } => "Void",
        Outcome::Failed { .. } => "Not done",
        Outcome::Untold { .. } => "Nobody can tell",
        Outcome::Looking { .. } => "No answer yet",
        Outcome::Doubt { .. } => "In doubt",
    }
}

/// Done, in a way that its kind has no words for.
fn wordless(words: &dyn Words) -> End {
    let message = Message::card(Tone::Plain, format!("{} — done", words.wanted()));
    End { message, lines: Vec::new(), log: Log::Became("✅", format!("{} — done.", lower(&words.wanted()))) }
}

fn moved(words: &dyn Words, login: &str, what: &[Differs]) -> End {
    let message = Message::card(Tone::Bad, format!("{} — void", words.wanted()))
        .says(format!("{} is not as it was shown any more, so it was left alone.", words.about()))
        .part("What changed", &difference_lines(what));
    let mut lines = vec![format!("{} is not as the card showed it, so it was left alone.", words.about_now(login))];
    lines.extend(changed(what));
    let log = "void, nothing changed: the record is not as it was shown.";
    End { message, lines, log: became("⚠️", words, log) }
}

fn failed(words: &dyn Words, why: &str) -> End {
    let message = Message::card(Tone::Bad, format!("{} — not done", words.wanted()))
        .says(first(words, why))
        .says("Nothing was changed. You can ask again.");
    let lines = vec![format!("Not done: {}. Nothing was changed; it can be asked for again.", reason(why))];
    let log = format!("not done, nothing changed: {}.", reason(why));
    End { message, lines, log: became("❌", words, &log) }
}

fn untold(words: &dyn Words, why: &str) -> End {
    let message = Message::card(Tone::Bad, format!("{} — nobody can tell", words.wanted()))
        .says(first(words, why))
        .says(format!(
            "Whether it was done is not known, and I stopped looking. Next: {} before you ask again.",
            words.look()
        ));
    let lines = vec![format!(
        "Nobody can tell whether it was done: {}. I stopped looking. Next: {} before it is asked for again.",
        reason(why),
        words.look()
    )];
    let log = format!("nobody can tell whether it was done: {}.", reason(why));
    End { message, lines, log: became("❓", words, &log) }
}

fn looking(words: &dyn Words, why: &str) -> End {
    let message = Message::card(Tone::Question, format!("{} — no answer yet", words.wanted()))
        .says(first(words, why))
        .says("I am looking up whether it was done; this message changes when I know. No need to ask again.");
    let lines = vec![format!(
        "{} has not answered: {}. I am looking up whether it was done; the card changes when I know.",
        words.facts().connection,
        reason(why)
    )];
    let log = format!("no answer yet: {}.", reason(why));
    End { message, lines, log: became("⏳", words, &log) }
}

fn doubt(words: &dyn Words, why: &str, until: Millis, agent: Option<&AgentRef>) -> End {
    let until = moment(until);
    let next = match agent {
        Some(agent) => format!(
            "Next: look at it with `/agent show agent:{agent}`; if it is the one you asked for, \
             `/agent reset-password agent:{agent}` gives it a password that can be delivered."
        ),
        None => format!("Next: {} itself.", words.look()),
    };
    let message = Message::card(Tone::Bad, format!("{} — in doubt", words.wanted()))
        .says(first(words, why))
        .says(format!("I keep looking until {until} and tell you. Nothing more is sent by itself."))
        .says(next);
    let lines = vec![format!(
        "It cannot be told whether it was done: {}. I keep looking until {until}; nothing more is sent by itself.",
        reason(why)
    )];
    let log = format!("in doubt: {}.", reason(why));
    End { message, lines, log: became("❓", words, &log) }
}

/// Why, as a sentence of its own.
fn first(words: &dyn Words, why: &str) -> String {
    format!("{}.", sentence(why, words.facts().connection.as_str()))
}

fn became(sign: &'static str, words: &dyn Words, what: &str) -> Log {
    Log::Became(sign, format!("{} — {what}", lower(&words.wanted())))
}
