//! What came of an act on extensions: for whoever asked, for everybody on the card, and as a line in the log channel.

use rollcall_telephony::ExtensionId;

use super::super::end::{End, Log};
use super::super::{Words, because};
use super::untold;
use crate::desk::{
    BatchRow, BatchSaid, Differs, ExtensionAct, ExtensionChange, FoundGone, Outcome, RowAct, RowOutcome,
};
use crate::discord::message::{Message, Tone};
use crate::discord::render::extensions::count;
use crate::discord::render::packing::{self, Piece};
use crate::discord::render::preview::difference_lines;
use crate::discord::render::sentences::sentence;
use crate::discord::text::{code, escaped, few};

/// How many rows a card tells of by name.
const ROWS_TOLD: usize = 5;
/// How many rows the log names by number.
const NUMBERS_TOLD: usize = 10;

/// How a batch ended, in two or three words.
pub(in super::super) fn headline(rows: &[RowOutcome]) -> &'static str {
    match done(rows) {
        done if done == rows.len() => "Done",
        0 if untouched(rows) => "Not done",
        _ if untold::proves_nothing(rows) => "Nobody can tell",
        _ => "Done in part",
    }
}

fn done(rows: &[RowOutcome]) -> usize {
    rows.iter().filter(|row| row.is_done()).count()
}

/// What came of it.
pub(super) fn ended(act: &ExtensionAct, outcome: &Outcome) -> Option<End> {
    match (outcome, &act.change) {
        (Outcome::ExtensionCreated { id, differs }, _) => Some(created(act, *id, differs)),
        (Outcome::Changed { differs }, ExtensionChange::Edit { id, .. }) => Some(changed(act, *id, differs)),
        (Outcome::ExtensionDeleted { found }, ExtensionChange::Delete { id, reason, .. }) => {
            Some(deleted(act, *id, reason, *found))
        }
        (Outcome::Batch { rows: outcomes, said }, ExtensionChange::Batch { rows, .. }) => {
            Some(batch(act, rows, outcomes, said))
        }
        _ => None,
    }
}

fn created(act: &ExtensionAct, id: ExtensionId, differs: &[Differs]) -> End {
    let (subject, on) = (act.about(), &act.connection);
    let show = code(&format!("/extension show extension:{on}:{id}"), 100);
    let message = Message::card(Tone::Good, format!("{subject} exists on {on}"))
        .says(format!("Its number is {id}; {show} shows it."));
    let message = if differs.is_empty() {
        message.says("Read back: everything is as you asked.")
    } else {
        message.part("⚠️ Not as asked (asked → made); check it", &difference_lines(differs))
    };
    let otherwise = (!differs.is_empty()).then(|| format!("⚠️ It {}.", not_as_asked(differs)));
    let name = escaped(act.name(), 100);
    let but = otherwise.as_ref().map_or_else(String::new, |otherwise| format!(" {otherwise}"));
    let log = Log::Did("✅", format!("created extension **{name}** (`{on}:{id}`).{but}"));
    let lines = [Some(format!("{subject} exists on {on} as {id}.")), otherwise];
    End { message, lines: lines.into_iter().flatten().collect(), log }
}

fn changed(act: &ExtensionAct, id: ExtensionId, differs: &[Differs]) -> End {
    let (subject, on, differences) = (act.about(), &act.connection, difference_lines(differs));
    let message =
        Message::card(Tone::Good, format!("{subject} on {on} was changed")).part("Before → after", &differences);
    let name = escaped(act.name(), 100);
    let log = Log::Did("✅", format!("changed extension **{name}** (`{on}:{id}`): {}", differences.join("; ")));
    End { message, lines: vec![format!("{subject} was changed, and read back.")], log }
}

fn deleted(act: &ExtensionAct, id: ExtensionId, reason: &str, found: FoundGone) -> End {
    let (subject, name, on) = (act.about(), escaped(act.name(), 100), &act.connection);
    let because = because(Some(reason));
    let (title, gone, log) = match found {
        FoundGone::Deleted => (
            format!("{subject} is deleted from {on}"),
            format!("{subject} is deleted; {on} was asked again and does not have it any more."),
            Log::Did("🗑️", format!("deleted extension **{name}** (`{on}:{id}`) for good.{because}")),
        ),
        FoundGone::Gone => (
            format!("{subject} was gone from {on} already"),
            format!("{subject} was gone already when I came to it."),
            Log::Did(
                "☑️",
                format!("asked to delete extension **{name}** (`{on}:{id}`); it was gone already.{because}"),
            ),
        ),
    };
    let message = Message::card(Tone::Good, title)
        .says(&gone)
        .says("Nothing brings it back; `/extension create` makes a new one, with another number.");
    End { message, lines: vec![gone], log }
}

fn batch(act: &ExtensionAct, rows: &[BatchRow], outcomes: &[RowOutcome], said: &BatchSaid) -> End {
    let message = batch_message(act, rows, outcomes, said);
    let lines = batch_lines(act, rows, outcomes, said);
    End { message, lines, log: batch_log(act, rows, outcomes, said) }
}

fn batch_lines(act: &ExtensionAct, rows: &[BatchRow], outcomes: &[RowOutcome], said: &BatchSaid) -> Vec<String> {
    let mut lines = vec![format!("{}.", tally(outcomes))];
    lines.extend(said_line(act, outcomes, said));
    lines.extend(untold::why(outcomes).into_iter().map(str::to_owned));
    let told: Vec<String> = troubled(rows, outcomes).map(|(row, outcome)| row_line(row, outcome)).collect();
    lines.extend(told.iter().take(ROWS_TOLD).cloned());
    if told.len() > ROWS_TOLD {
        lines.push(format!("… and {} that did not come out as asked.", count(told.len() - ROWS_TOLD, "more row")));
    }
    lines
}

fn batch_log(act: &ExtensionAct, rows: &[BatchRow], outcomes: &[RowOutcome], said: &BatchSaid) -> Log {
    let (name, on) = (escaped(act.name(), 100), &act.connection);
    let sign = match headline(outcomes) {
        "Done" => "✅",
        "Not done" => "❌",
        "Nobody can tell" => "❓",
        _ => "⚠️",
    };
    let numbers: Vec<String> = troubled(rows, outcomes).map(|(row, _)| row.row.to_string()).collect();
    let not = if numbers.is_empty() {
        String::new()
    } else {
        let word = if numbers.len() == 1 { "row" } else { "rows" };
        format!(" {}: {word} {}.", untold::heading(outcomes), few(&numbers, NUMBERS_TOLD, "and"))
    };
    let said = said_line(act, outcomes, said).map_or_else(String::new, |said| format!(" {said}"));
    Log::Did(sign, format!("sent **{name}** to {on}: {}.{not}{said}", tally(outcomes)))
}

fn batch_message(act: &ExtensionAct, rows: &[BatchRow], outcomes: &[RowOutcome], said: &BatchSaid) -> Message {
    let (file, on) = (escaped(act.name(), 80), &act.connection);
    let (tone, title) = match (done(outcomes), outcomes.len()) {
        (1, 1) => (Tone::Good, format!("The one row of {file} is done on {on}")),
        (done, all) if done == all => (Tone::Good, format!("All {all} rows of {file} are done on {on}")),
        _ if untold::proves_nothing(outcomes) => (Tone::Bad, format!("Nobody can tell whether {file} is done on {on}")),
        (0, 1) => (Tone::Bad, format!("The one row of {file} is not done on {on}")),
        (0, all) => (Tone::Bad, format!("None of the {all} rows of {file} is done on {on}")),
        (done, all) => (Tone::Bad, format!("{done} of {all} rows of {file} are done on {on}")),
    };
    let message = said_line(act, outcomes, said).into_iter().fold(Message::card(tone, title), Message::says);
    let message = untold::why(outcomes).into_iter().fold(message, Message::says);
    let mut message = message.says(next(outcomes, said));
    let pieces = |of: Vec<(&BatchRow, &RowOutcome)>| {
        of.into_iter().map(|(row, outcome)| Piece::line(row_line(row, outcome))).collect::<Vec<_>>()
    };
    let see = format!("{} shows all that is there.", code(&act.see(), 100));
    message =
        packing::add(message, untold::heading(outcomes), &pieces(troubled(rows, outcomes).collect()), "rows", &see);
    let as_asked = rows.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_done());
    packing::add(message, "What changed", &pieces(as_asked.collect()), "rows", &see)
}

/// What to do about rows that are not done.
fn next(outcomes: &[RowOutcome], said: &BatchSaid) -> String {
    if done(outcomes) == outcomes.len() {
        return String::new();
    }
    if outcomes.iter().any(untold::is_untold) {
        return untold::NEXT.to_owned();
    }
    if !untouched(outcomes) {
        return "Next: look at what is not as asked, take the rows that are done out of the file, and attach it again."
            .to_owned();
    }
    match said {
        BatchSaid::Refused { .. } => "Next: once that is mended, attach the file again.".to_owned(),
        BatchSaid::Done => "Next: look at it in the phone system itself before you attach the file again.".to_owned(),
        BatchSaid::Nothing { .. } => "Next: attach the file again in a while.".to_owned(),
    }
}

/// Whether nothing of a batch is to be seen.
fn untouched(outcomes: &[RowOutcome]) -> bool {
    outcomes.iter().all(|outcome| *outcome == RowOutcome::NotDone)
}

/// Rows that did not come to what they asked for.
fn troubled<'a>(
    rows: &'a [BatchRow],
    outcomes: &'a [RowOutcome],
) -> impl Iterator<Item = (&'a BatchRow, &'a RowOutcome)> {
    rows.iter().zip(outcomes).filter(|(_, outcome)| !outcome.is_done())
}

/// "3 of 7 rows done: 1 added, 2 changed".
fn tally(outcomes: &[RowOutcome]) -> String {
    let (all, done, kinds) = (count(outcomes.len(), "row"), done(outcomes), kinds(outcomes));
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {kinds}") };
    let done = if done == 0 { "None".to_owned() } else { done.to_string() };
    match outcomes.iter().filter(|outcome| untold::is_untold(outcome)).count() {
        0 => format!("{done} of {all} done{kinds}"),
        untold => format!("{done} of {all} seen to be done{kinds}; of {untold} nobody can tell"),
    }
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

/// What the phone system said, and what its list shows, where the two are not the same.
fn said_line(act: &ExtensionAct, outcomes: &[RowOutcome], said: &BatchSaid) -> Option<String> {
    let on = act.connection.as_str();
    let shows = if done(outcomes) == outcomes.len() {
        "shows that all of it is done"
    } else if untouched(outcomes) {
        "shows that nothing of it is done"
    } else if untold::proves_nothing(outcomes) {
        "does not show whether it is done"
    } else {
        "shows that a part of it is done"
    };
    let list = format!("Its list, read afterwards, {shows}");
    match said {
        BatchSaid::Done if done(outcomes) == outcomes.len() => None,
        BatchSaid::Done => Some(format!("⚠️ {on} said that it was done. {list}.")),
        BatchSaid::Refused { why } if untouched(outcomes) || untold::proves_nothing(outcomes) => {
            Some(format!("{}. {list}.", sentence(why, on)))
        }
        BatchSaid::Refused { why } => Some(format!("⚠️ {}. {list} even so.", sentence(why, on))),
        BatchSaid::Nothing { why } => Some(format!("⚠️ {}. {list}.", sentence(why, on))),
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
        RowOutcome::Untold { .. } => format!("❓ row {number}: nobody can tell whether {what} was {verb}"),
        RowOutcome::Otherwise { differs } => format!("⚠️ row {number}: {what} {}", not_as_asked(differs)),
    }
}

/// "is not as asked (asked → is): Type: 6 → **5**".
fn not_as_asked(differs: &[Differs]) -> String {
    format!("is not as asked (asked → is): {}", difference_lines(differs).join("; "))
}
