//! Previews of what is done with extensions: everything that is sent, before the button is pressed.

use serenity::all::ButtonStyle;

use super::super::packing::{self, Piece};
use super::super::preview::{decide, difference_lines, second_note};
use super::refused::problem;
use super::sent::{inline, member_lines};
use super::table::{is_bad, table};
use super::{count, in_kinds, of_them};
use crate::desk::{BatchLine, BatchPreview, ExtensionChange, ExtensionPreview, LineWhat};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, plain};
use crate::policy::SecondPerson;

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
            (message.part("Everything that is sent", &member_lines(members)), name_it("Create", act.name(), None), ButtonStyle::Success)
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
            let message = Message::card(Tone::Question, format!("Carry out {} of {name} on {on}?", count(rows.len(), "row")))
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
    super::super::report::lower(text)
}

/// What the rows of a file would do, or what is wrong with it.
pub(in crate::discord) fn batch_preview(preview: &BatchPreview) -> Message {
    let (file, on) = (escaped(&preview.file, 80), &preview.connection);
    let rows = count(preview.rows.len(), "row");
    let bad = preview.rows.iter().filter(|line| is_bad(line)).count();
    let (table, left_out) = table(&preview.rows);
    let more = (left_out > 0).then(|| format!("… and {} of the file that do not fit here.", count(left_out, "more row")));
    let mut message = match preview.offer {
        Some((_, until)) => Message::card(Tone::Question, format!("Carry out {rows} of {file} on {on}?"))
            .says(format!("{}, all in one request. The button works until {}.", kinds(&preview.rows), clock(until)))
            .says(format!(
                "{on} does not promise all or nothing; I read its list afterwards and tell you row by row what changed."
            ))
            .says(batch_second(preview.second)),
        None => Message::card(Tone::Bad, format!("{file} cannot be carried out on {on}")).says(format!(
            "{} of {} wrong. Nothing was sent; mend the file and attach it again.",
            if bad == 0 { "Something".to_owned() } else { bad.to_string() },
            if bad == 1 { format!("{rows} is") } else { format!("{rows} are") },
        )),
    };
    message = message.says(table).says(more.unwrap_or_default());
    let wrong = preview.rows.iter().flat_map(|line| &line.problems).map(|it| Piece::line(problem(it)));
    message = packing::add(message, "What is wrong", &wrong.collect::<Vec<_>>(), "mistakes", "mend these first.");
    let details: Vec<Piece> = preview.rows.iter().filter(|line| !is_bad(line)).filter_map(detail).map(Piece::line).collect();
    message = packing::add(message, "Row by row", &details, "rows", "they are in your file.");
    let Some((offer, _)) = preview.offer else { return message };
    let of_them = of_them(preview.deletes);
    let label = match preview.second {
        None => format!("Carry out {rows} on {on}{of_them}"),
        Some(_) => format!("Ask the approvers for {rows}{of_them}"),
    };
    let style = if preview.deletes > 0 { ButtonStyle::Danger } else { ButtonStyle::Success };
    message.buttons(&decide(offer, &label, style))
}

fn batch_second(second: Option<SecondPerson>) -> String {
    second_note(second)
}

/// What a row sets; of a delete the table tells everything.
fn detail(line: &BatchLine) -> Option<String> {
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

/// "2 add, 3 change, 2 delete".
fn kinds(rows: &[BatchLine]) -> String {
    let of = |kind: fn(&LineWhat) -> bool| rows.iter().filter(|line| kind(&line.what)).count();
    in_kinds(
        of(|what| matches!(what, LineWhat::Add { .. })),
        of(|what| matches!(what, LineWhat::Change { .. })),
        of(|what| matches!(what, LineWhat::Delete { .. })),
    )
}
