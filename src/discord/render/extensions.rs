//! Extensions: lists, cards, previews, and what came of a change.

use crate::desk::{Act, ExtensionAct, ExtensionChange, Outcome, Refusal, RowOutcome};
use crate::discord::message::{Message, Tone};
use crate::discord::text::escaped;

/// What is done, to stand before a name: "delete extension".
pub(super) const fn verb(act: &ExtensionAct) -> &'static str {
    match act.change {
        ExtensionChange::Create { .. } => "create extension",
        ExtensionChange::Edit { .. } => "change extension",
        ExtensionChange::Delete { .. } => "delete extension",
        ExtensionChange::Batch { .. } => "carry out",
    }
}

/// What an act does, after "asks to".
pub(super) fn to_do(act: &ExtensionAct) -> String {
    let (name, on) = (escaped(act.name(), 80), &act.connection);
    match &act.change {
        ExtensionChange::Create { .. } => format!("create extension **{name}** on {on}"),
        ExtensionChange::Edit { id, .. } => format!("change extension **{name}** ({id}) on {on}"),
        ExtensionChange::Delete { id, .. } => format!("delete extension **{name}** ({id}) on {on} for good"),
        ExtensionChange::Batch { rows, .. } => format!("carry out the {} rows of **{name}** on {on}", rows.len()),
    }
}

/// "Deleting extension SIP on mediatel".
pub(super) fn wanted(act: &ExtensionAct) -> String {
    let (name, on) = (escaped(act.name(), 100), &act.connection);
    match &act.change {
        ExtensionChange::Create { .. } => format!("Creating extension {name} on {on}"),
        ExtensionChange::Edit { .. } => format!("Changing extension {name} on {on}"),
        ExtensionChange::Delete { .. } => format!("Deleting extension {name} from {on}"),
        ExtensionChange::Batch { .. } => format!("The rows of {name} on {on}"),
    }
}

/// Where all of it can be seen.
pub(super) fn see(act: &ExtensionAct) -> String {
    act.id().map_or_else(
        || format!("/extension list connection:{}", act.connection),
        |id| format!("/extension show extension:{}:{id}", act.connection),
    )
}

/// What is sent, for the card.
pub(super) fn set(_act: &ExtensionAct) -> Vec<String> {
    Vec::new()
}

/// How a batch ended, in two or three words.
pub(super) fn headline(rows: &[RowOutcome]) -> &'static str {
    match rows.iter().filter(|row| row.is_done()).count() {
        done if done == rows.len() => "Done",
        0 => "Not done",
        _ => "Done in part",
    }
}

/// What came of it, for anybody.
pub(super) fn lines(act: &Act, _outcome: &Outcome) -> Vec<String> {
    vec![escaped(act.login(), 100)]
}

/// What came of it, for whoever asked.
pub(super) fn outcome(act: &Act, _outcome: &Outcome) -> Message {
    Message::card(Tone::Plain, escaped(act.login(), 100))
}

/// The line in the log channel.
pub(super) fn log_line(who: &str, act: &Act, _outcome: &Outcome) -> String {
    format!("{who}: {}", escaped(act.login(), 100))
}

/// Why something about extensions is not done.
pub(super) fn refusal_words(refusal: &Refusal) -> (&'static str, Vec<String>) {
    ("That cannot be done", vec![format!("{}.", escaped(&refusal.in_short(), 400)), "Nothing was changed.".to_owned()])
}
