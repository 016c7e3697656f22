//! What is sent of extensions, in words: for previews and cards.

use rollcall_telephony::Record;
use rollcall_telephony::systems::EXTENSION_FIELDS;

use super::super::preview::difference_lines;
use crate::desk::{BatchRow, ExtensionAct, ExtensionChange, RowAct};
use crate::discord::text::escaped;

/// What is sent, for the card; of an edit the card shows before → after.
pub(in crate::discord::render) fn set(act: &ExtensionAct) -> Vec<String> {
    match &act.change {
        ExtensionChange::Create { members, .. } => member_lines(members),
        ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. } => Vec::new(),
        ExtensionChange::Batch { rows, .. } => row_lines(rows),
    }
}

/// Member by member: "Type: **5**".
pub(super) fn member_lines(members: &Record) -> Vec<String> {
    words(members).map(|(label, value)| format!("{}: **{}**", escaped(&label, 40), escaped(&value, 150))).collect()
}

/// The rows of a batch, what deletes first.
fn row_lines(rows: &[BatchRow]) -> Vec<String> {
    let mut rows: Vec<&BatchRow> = rows.iter().collect();
    rows.sort_by_key(|row| (!matches!(row.what, RowAct::Delete { .. }), row.row));
    rows.into_iter().map(row_line).collect()
}

fn row_line(row: &BatchRow) -> String {
    let (number, name) = (row.row, escaped(&row.name, 64));
    match &row.what {
        RowAct::Add { members } => format!("➕ row {number}: add **{name}**{}", inline(members)),
        RowAct::Change { id, differs, .. } => {
            format!("✏️ row {number}: change **{name}** ({id}): {}", difference_lines(differs).join("; "))
        }
        RowAct::Delete { id } => format!("🗑️ row {number}: delete **{name}** ({id}) for good"),
    }
}

/// Members behind a name: ": Type 3 · Protocol SIP"; the name itself stands before them.
pub(super) fn inline(members: &Record) -> String {
    let members = words(members).filter(|(label, _)| label != "Name");
    let members: Vec<String> =
        members.map(|(label, value)| format!("{} {}", escaped(&label, 40), escaped(&value, 60))).collect();
    if members.is_empty() { String::new() } else { format!(": {}", members.join(" · ")) }
}

/// Members by the names that people read, with their values in words. A member that no table knows keeps its own name.
fn words(members: &Record) -> impl Iterator<Item = (String, String)> + '_ {
    members.iter().map(|(wire, raw)| {
        let table = EXTENSION_FIELDS.iter().find(|table| table.by_wire(wire).is_some());
        match table {
            Some(table) => (table.label(wire), table.words(wire, raw.get())),
            None => (wire.to_owned(), raw.get().to_owned()),
        }
    })
}
