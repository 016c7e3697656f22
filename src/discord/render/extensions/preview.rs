//! Previews of what is done with extensions: everything that is sent, before the button is pressed.

use serenity::all::ButtonStyle;

use super::super::packing::{self, Piece};
use super::super::preview::{decide, difference_lines, second_note};
use super::refused::problem;
use super::sent::{inline, member_lines};
use super::table::{is_bad, is_idle, table, weight};
use super::{count, in_kinds, of_them};
use crate::desk::{BatchLine, BatchPreview, ExtensionChange, ExtensionPreview, LineWhat};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, plain};

/// The preview of one extension's change.
pub(in crate::discord) fn extension_preview(preview: &ExtensionPreview) -> Message {
    let (act, second) = (&preview.act, preview.second);
    let (name, on) = (escaped(act.name(), 100), &act.connection);
    let until = format!("This button works until {}.", clock(preview.expires_at));
    let (message, label, style) = match &act.change {
        ExtensionChange::Create { members, namesakes, .. } => {
            let mut message = Message::card(Tone::Question, format!("Create extension {name} on {on}?"))
                .says(format!("{on} gives it a number. {until}"));
            if !namesakes.is_empty() {
                let ids: Vec<String> = namesakes.iter().take(10).map(ToString::to_string).collect();
                message = message.says(format!("⚠️ There is an extension of that name already: {}.", ids.join(", ")));
            }
            (
                message.part("Everything that is sent", &member_lines(members)),
                name_it("Create", act.name(), None),
                ButtonStyle::Success,
            )
        }
        ExtensionChange::Edit { id, differs, .. } => {
            let message = Message::card(Tone::Question, format!("Change extension {name} ({id}) on {on}?"))
                .says(format!("Only this is sent. {until}"))
                .part("Before → after", &difference_lines(differs));
            (message, name_it("Change", act.name(), Some(id.0)), ButtonStyle::Success)
        }
        ExtensionChange::Delete { id, reason, .. } => {
            let message = Message::card(Tone::Question, format!("Delete extension {name} ({id}) on {on} for good?"))
                .says(format!("Reason: {}", escaped(reason, 300)))
                .says(format!(
                    "Nothing brings an extension back. `/extension show extension:{on}:{id}` shows all that goes. {until}"
                ));
            (message, name_it("Delete", act.name(), Some(id.0)), ButtonStyle::Danger)
        }
        ExtensionChange::Batch { rows, .. } => {
            let message =
                Message::card(Tone::Question, format!("Carry out {} of {name} on {on}?", count(rows.len(), "row")))
                    .says(until);
            (message, format!("Carry out {} on {on}", count(rows.len(), "row")), ButtonStyle::Danger)
        }
    };
    let label = if second.is_some() { format!("Ask to {}", first_lower(&label)) } else { label };
    message.says(second_note(second)).buttons(&decide(preview.offer, &label, style))
}

/// "Change extension SIP (13)".
fn name_it(verb: &str, name: &str, id: Option<i64>) -> String {
    match id {
        Some(id) => format!("{verb} extension {} ({id})", plain(name, 40)),
        None => format!("{verb} extension {}", plain(name, 50)),
    }
}

fn first_lower(text: &str) -> String {
    super::super::sentences::lower(text)
}

/// What the rows of a file would do, or what is wrong with it.
pub(in crate::discord) fn batch_preview(preview: &BatchPreview) -> Message {
    let (table, left_out) = table(&preview.rows);
    let mut message = head(preview).says(table);
    if left_out > 0 {
        message = message.says(format!("… and {} of the file that do not fit here.", count(left_out, "more row")));
    }
    let wrong = preview.rows.iter().flat_map(|line| &line.problems).map(|it| Piece::line(problem(it)));
    message = packing::add(message, "What is wrong", &wrong.collect::<Vec<_>>(), "mistakes", "mend these first.");
    let mut rows: Vec<&BatchLine> = preview.rows.iter().collect();
    rows.sort_by_key(|line| weight(line));
    let details: Vec<Piece> = rows.into_iter().filter_map(detail).map(Piece::line).collect();
    message = packing::add(message, "Row by row", &details, "rows", "they are in your file.");
    let Some((offer, _)) = preview.offer else { return message };
    let (rows, of_them) = (count(sent(&preview.rows), "row"), of_them(preview.deletes));
    let label = match preview.second {
        None => format!("Carry out {rows} on {}{of_them}", preview.connection),
        Some(_) => format!("Ask the approvers for {rows}{of_them}"),
    };
    let style = if preview.deletes > 0 { ButtonStyle::Danger } else { ButtonStyle::Success };
    message.buttons(&decide(offer, &label, style))
}

/// Title and first sentences: what the button does, or why there is none.
fn head(preview: &BatchPreview) -> Message {
    let (file, on) = (escaped(&preview.file, 80), &preview.connection);
    let all = preview.rows.len();
    let bad = preview.rows.iter().filter(|line| is_bad(line)).count();
    match preview.offer {
        Some((_, until)) => {
            let title = format!("Carry out {} of {file} on {on}?", count(sent(&preview.rows), "row"));
            Message::card(Tone::Question, title)
                .says(format!("It {}. The button works until {}.", kinds(&preview.rows), clock(until)))
                .says(format!(
                    "{on} does not promise all or nothing: I read its list afterwards and tell you row by row what changed."
                ))
                .says(second_note(preview.second))
        }
        None if bad == 0 => Message::card(Tone::Plain, format!("Nothing to do in {file}"))
            .says(format!("Everything is on {on} as its rows say. Nothing was sent.")),
        None => {
            let wrong = if bad == 1 { "is wrong" } else { "are wrong" };
            Message::card(Tone::Bad, format!("{file} cannot be carried out on {on}")).says(format!(
                "{bad} of {} {wrong}. Nothing was sent: mend the file, and attach it again.",
                count(all, "row")
            ))
        }
    }
}

/// How many rows lead to anything.
fn sent(rows: &[BatchLine]) -> usize {
    rows.iter().filter(|line| !is_bad(line) && !is_idle(line)).count()
}

/// What a row sets.
fn detail(line: &BatchLine) -> Option<String> {
    if is_bad(line) || is_idle(line) {
        return None;
    }
    let (row, name) = (line.row, escaped(&line.name, 64));
    match &line.what {
        LineWhat::Add { members } => Some(format!("➕ row {row}: **{name}**{}", inline(members))),
        LineWhat::Change { id, differs } => {
            let differs = difference_lines(differs).join("; ");
            Some(format!("✏️ row {row}: **{name}** ({id}): {differs}"))
        }
        LineWhat::Delete { id } => Some(format!("🗑️ row {row}: **{name}** ({id}) is deleted for good")),
        LineWhat::Unreadable => None,
    }
}

/// "adds 2, changes 3, deletes 1, in one request; 4 rows stay as they are".
fn kinds(rows: &[BatchLine]) -> String {
    let of = |kind: fn(&LineWhat) -> bool| rows.iter().filter(|line| !is_idle(line) && kind(&line.what)).count();
    let kinds = in_kinds(
        of(|what| matches!(what, LineWhat::Add { .. })),
        of(|what| matches!(what, LineWhat::Change { .. })),
        of(|what| matches!(what, LineWhat::Delete { .. })),
    );
    match rows.iter().filter(|line| is_idle(line)).count() {
        0 => format!("{kinds}, in one request"),
        1 => format!("{kinds}, in one request; 1 row is so already"),
        n => format!("{kinds}, in one request; {n} rows are so already"),
    }
}
