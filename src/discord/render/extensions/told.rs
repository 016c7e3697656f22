//! What came of an act on extensions: for whoever asked, for everybody on the card, and as a line in the log channel.

use super::super::packing::{self, Piece};
use super::super::preview::difference_lines;
use super::super::report::sentence;
use super::{count, see, subject};
use crate::desk::{
    Act, BatchRow, BatchSaid, Differs, ExtensionAct, ExtensionChange, FoundGone, Outcome, RowAct, RowOutcome,
};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{code, escaped, few};

/// How many rows a card tells of by name.
const ROWS_TOLD: usize = 5;
/// How many rows the log names by number.
const NUMBERS_TOLD: usize = 10;

/// How a batch ended, in two or three words.
pub(in crate::discord::render) fn headline(rows: &[RowOutcome]) -> &'static str {
    match done(rows) {
        done if done == rows.len() => "Done",
        0 if rows.iter().all(|row| *row == RowOutcome::NotDone) => "Not done",
        _ => "Done in part",
    }
}

fn done(rows: &[RowOutcome]) -> usize {
    rows.iter().filter(|row| row.is_done()).count()
}

/// What came of it, for anybody.
pub(in crate::discord::render) fn lines(act: &Act, outcome: &Outcome) -> Vec<String> {
    let Act::Extension(act) = act else { return Vec::new() };
    match (outcome, &act.change) {
        (Outcome::Batch { rows: outcomes, said }, ExtensionChange::Batch { rows, .. }) => {
            let mut lines = vec![summary(act, outcomes)];
            lines.extend(said_line(act, outcomes, said));
            let told: Vec<String> = troubled(rows, outcomes).map(|(row, outcome)| row_line(row, outcome)).collect();
            lines.extend(told.iter().take(ROWS_TOLD).cloned());
            if told.len() > ROWS_TOLD {
                lines.push(format!(
                    "… and {} that did not come out as asked.",
                    count(told.len() - ROWS_TOLD, "more row")
                ));
            }
            lines
        }
        (Outcome::ExtensionCreated { id, differs }, _) => {
            let mut lines = vec![format!("{} exists on {} as {id}.", subject(act), act.connection)];
            lines.extend(differs.iter().map(|differs| not_as_asked(std::slice::from_ref(differs))));
            lines
        }
        (Outcome::ExtensionDeleted { found }, _) => vec![gone(act, *found)],
        (Outcome::Changed { .. }, _) => vec![format!("{} was changed, and read back.", subject(act))],
        _ => Vec::new(),
    }
}

fn gone(act: &ExtensionAct, found: FoundGone) -> String {
    let on = &act.connection;
    match found {
        FoundGone::Deleted => format!("{} is gone; {on} was asked again and does not have it any more.", subject(act)),
        FoundGone::Gone => format!("{} was gone already when I came to it.", subject(act)),
    }
}

/// What came of it, for whoever asked.
pub(in crate::discord::render) fn outcome(act: &Act, outcome: &Outcome) -> Message {
    let Act::Extension(act) = act else { return Message::card(Tone::Bad, "Nothing to tell") };
    let (subject, on) = (subject(act), &act.connection);
    match (outcome, &act.change) {
        (Outcome::Batch { rows: outcomes, said }, ExtensionChange::Batch { rows, .. }) => {
            batch(act, rows, outcomes, said)
        }
        (Outcome::ExtensionCreated { id, differs }, _) => {
            let message = Message::card(Tone::Good, format!("{subject} exists on {on}")).says(format!(
                "Its number is {id}; {} shows it.",
                code(&format!("/extension show extension:{on}:{id}"), 100)
            ));
            if differs.is_empty() {
                message.says("Read back: everything is as you asked.")
            } else {
                message.part("⚠️ Not as asked (asked → made); check it", &difference_lines(differs))
            }
        }
        (Outcome::ExtensionDeleted { found }, _) => {
            Message::card(Tone::Good, format!("{subject} is deleted from {on}"))
                .says(gone(act, *found))
                .says("Nothing brings it back; `/extension create` makes a new one, with another number.")
        }
        (Outcome::Changed { differs }, _) => Message::card(Tone::Good, format!("{subject} on {on} was changed"))
            .part("Before → after", &difference_lines(differs)),
        _ => lines_only(act, outcome),
    }
}

/// What has no words of its own here.
fn lines_only(act: &ExtensionAct, outcome: &Outcome) -> Message {
    let act = Act::Extension(act.clone());
    lines(&act, outcome).into_iter().fold(Message::card(Tone::Plain, super::super::report::wanted(&act)), Message::says)
}

fn batch(act: &ExtensionAct, rows: &[BatchRow], outcomes: &[RowOutcome], said: &BatchSaid) -> Message {
    let (file, on) = (escaped(act.name(), 80), &act.connection);
    let (all, done) = (outcomes.len(), done(outcomes));
    let (tone, title) = match headline(outcomes) {
        "Done" => (
            Tone::Good,
            format!(
                "{} of {file} done on {on}",
                if all == 1 { "The one row".to_owned() } else { format!("All {all} rows") }
            ),
        ),
        _ => (Tone::Bad, format!("{done} of {} of {file} done on {on}", count(all, "row"))),
    };
    let mut message = Message::card(tone, title);
    message = said_line(act, outcomes, said).into_iter().fold(message, Message::says);
    if done < all {
        message = message.says(format!(
            "Next: look at the rows below with {}, mend the file so that only what is left stands in it, and attach that.",
            code("/extension list", 40)
        ));
    }
    let pieces = |of: Vec<(&BatchRow, &RowOutcome)>| {
        of.into_iter().map(|(row, outcome)| Piece::line(row_line(row, outcome))).collect::<Vec<_>>()
    };
    let see = format!("{} shows all that is there.", code(&see(act), 100));
    message = packing::add(message, "Not as asked", &pieces(troubled(rows, outcomes).collect()), "rows", &see);
    let fine = rows.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_done());
    packing::add(message, "What changed", &pieces(fine.collect()), "rows", &see)
}

/// Rows that did not come to what they asked for.
fn troubled<'a>(
    rows: &'a [BatchRow],
    outcomes: &'a [RowOutcome],
) -> impl Iterator<Item = (&'a BatchRow, &'a RowOutcome)> {
    rows.iter().zip(outcomes).filter(|(_, outcome)| !outcome.is_done())
}

/// "3 of 7 rows of new.csv are done: 1 added, 2 changed."
fn summary(act: &ExtensionAct, outcomes: &[RowOutcome]) -> String {
    let file = escaped(act.name(), 80);
    let (all, done) = (count(outcomes.len(), "row"), done(outcomes));
    let kinds = kinds(outcomes);
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {kinds}") };
    format!("{done} of {all} of {file} {}{kinds}.", if done == 1 { "is done" } else { "are done" })
}

/// "1 added, 2 changed, 1 deleted".
fn kinds(outcomes: &[RowOutcome]) -> String {
    let of = |kind: fn(&RowOutcome) -> bool| outcomes.iter().filter(|outcome| kind(outcome)).count();
    let kinds = [
        (of(|row| matches!(row, RowOutcome::Added { .. })), "added"),
        (of(|row| matches!(row, RowOutcome::Changed)), "changed"),
        (of(|row| matches!(row, RowOutcome::Deleted)), "deleted"),
    ];
    let kinds = kinds.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    kinds.collect::<Vec<_>>().join(", ")
}

/// What the phone system said, where that is not what its list shows.
fn said_line(act: &ExtensionAct, outcomes: &[RowOutcome], said: &BatchSaid) -> Option<String> {
    let (on, done) = (&act.connection, done(outcomes));
    let all = done == outcomes.len();
    match said {
        BatchSaid::Done if all => None,
        BatchSaid::Done => {
            Some(format!("⚠️ {on} said that it was done, but its list, read afterwards, shows otherwise."))
        }
        BatchSaid::Refused { why } if all => Some(format!(
            "⚠️ {}. Its list, read afterwards, shows that all of it was done even so.",
            sentence(why, on.as_str())
        )),
        BatchSaid::Refused { why } if done > 0 => Some(format!(
            "⚠️ {}. Its list, read afterwards, shows that a part of it was done even so.",
            sentence(why, on.as_str())
        )),
        BatchSaid::Refused { why } => {
            Some(format!("{}. Its list, read afterwards, shows what is told here.", sentence(why, on.as_str())))
        }
        BatchSaid::Nothing { why } => Some(format!(
            "⚠️ {}. What is told here is what its list, read afterwards, shows.",
            sentence(why, on.as_str())
        )),
    }
}

/// What a row came to.
fn row_line(row: &BatchRow, outcome: &RowOutcome) -> String {
    let (number, name) = (row.row, escaped(&row.name, 64));
    let what = match &row.what {
        RowAct::Add { .. } => format!("**{name}**"),
        RowAct::Change { id, .. } | RowAct::Delete { id } => format!("**{name}** ({id})"),
    };
    let verb = match row.what {
        RowAct::Add { .. } => "added",
        RowAct::Change { .. } => "changed",
        RowAct::Delete { .. } => "deleted",
    };
    match outcome {
        RowOutcome::Added { id } => format!("✅ row {number}: added {what} as {id}"),
        RowOutcome::Changed => format!("✅ row {number}: changed {what}"),
        RowOutcome::Deleted => format!("🗑️ row {number}: deleted {what}"),
        RowOutcome::NotDone => format!("❌ row {number}: {what} was not {verb}"),
        RowOutcome::Otherwise { differs } => format!("⚠️ row {number}: {what} {}", not_as_asked(differs)),
    }
}

/// "is not as asked (asked → is): Type: 6 → **5**".
fn not_as_asked(differs: &[Differs]) -> String {
    format!("is not as asked (asked → is): {}", difference_lines(differs).join("; "))
}

/// The line in the log channel.
pub(in crate::discord::render) fn log_line(who: &str, act: &Act, outcome: &Outcome) -> String {
    let Act::Extension(act) = act else { return String::new() };
    let (name, on) = (escaped(act.name(), 100), &act.connection);
    let at = |id: &dyn std::fmt::Display| format!("{on}:{id}");
    match (outcome, &act.change) {
        (Outcome::ExtensionCreated { id, differs }, _) => {
            let but = if differs.is_empty() { String::new() } else { format!(" ⚠️ It {}.", not_as_asked(differs)) };
            format!("✅ {who} created extension **{name}** (`{}`).{but}", at(id))
        }
        (Outcome::ExtensionDeleted { .. }, ExtensionChange::Delete { id, reason, .. }) => format!(
            "🗑️ {who} deleted extension **{name}** (`{}`) for good. Reason: “{}”.",
            at(id),
            escaped(reason, 300)
        ),
        (Outcome::Changed { differs }, ExtensionChange::Edit { id, .. }) => {
            format!("✅ {who} changed extension **{name}** (`{}`): {}", at(id), difference_lines(differs).join("; "))
        }
        (Outcome::Batch { rows: outcomes, said }, ExtensionChange::Batch { rows, .. }) => {
            let sign = match headline(outcomes) {
                "Done" => "✅",
                "Not done" => "❌",
                _ => "⚠️",
            };
            let numbers: Vec<String> = troubled(rows, outcomes).map(|(row, _)| row.row.to_string()).collect();
            let not = if numbers.is_empty() {
                String::new()
            } else {
                let word = if numbers.len() == 1 { "row" } else { "rows" };
                format!(" Not as asked: {word} {}.", few(&numbers, NUMBERS_TOLD, "and"))
            };
            let said = said_line(act, outcomes, said).map_or_else(String::new, |said| format!(" {said}"));
            format!("{sign} {who} carried out **{name}** on {on}. {}{not}{said}", summary(act, outcomes))
        }
        _ => format!("{who}: {}.", lines(&Act::Extension(act.clone()), outcome).join(" ")),
    }
}
