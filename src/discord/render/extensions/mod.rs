//! Extensions: what an act on them is called, what it sends, and what came of it. Lists and cards are in `list`, previews in
//! `preview`, refusals in `refused`.

mod list;
mod preview;
mod refused;
mod sent;
mod table;
mod told;
mod untold;

pub(in crate::discord) use self::list::{EXTENSIONS_A_PAGE, extension_card, extension_choice, extension_list};
pub(in crate::discord) use self::preview::{batch_preview, extension_preview};
pub(super) use self::refused::refusal_words;
pub(super) use self::sent::set;
pub(super) use self::told::{headline, lines, log_line, outcome};
use crate::desk::{BatchRow, ExtensionAct, ExtensionChange, RowAct};
use crate::discord::text::{code, escaped, plain};

/// What an act does, after "asks to".
pub(super) fn to_do(act: &ExtensionAct) -> String {
    let (name, on) = (escaped(act.name(), 80), &act.connection);
    match &act.change {
        ExtensionChange::Create { .. } => format!("create extension **{name}** on {on}"),
        ExtensionChange::Edit { id, .. } => format!("change extension **{name}** ({id}) on {on}"),
        ExtensionChange::Delete { id, .. } => format!("delete extension **{name}** ({id}) on {on} for good"),
        ExtensionChange::Batch { rows, .. } => {
            format!("carry out {} of **{name}** on {on} ({})", the_rows(rows.len()), kinds(rows))
        }
    }
}

/// "Deleting extension SIP (13) from mediatel".
pub(super) fn wanted(act: &ExtensionAct) -> String {
    let (name, on) = (escaped(act.name(), 100), &act.connection);
    match &act.change {
        ExtensionChange::Create { .. } => format!("Creating extension {name} on {on}"),
        ExtensionChange::Edit { id, .. } => format!("Changing extension {name} ({id}) on {on}"),
        ExtensionChange::Delete { id, .. } => format!("Deleting extension {name} ({id}) from {on}"),
        ExtensionChange::Batch { rows, .. } => format!("Carrying out {} of {name} on {on}", the_rows(rows.len())),
    }
}

/// The button that approves it.
pub(super) fn approve_label(act: &ExtensionAct) -> String {
    let name = act.name();
    match &act.change {
        ExtensionChange::Create { .. } => format!("Approve: create extension {name}"),
        ExtensionChange::Edit { id, .. } => format!("Approve: change extension {} ({id})", plain(name, 40)),
        ExtensionChange::Delete { id, .. } => format!("Approve: delete extension {} ({id})", plain(name, 40)),
        ExtensionChange::Batch { rows, .. } => {
            let deletes = rows.iter().filter(|row| matches!(row.what, RowAct::Delete { .. })).count();
            format!("Approve: {} of {}{}", count(rows.len(), "row"), plain(name, 30), of_them(deletes))
        }
    }
}

/// Where all of it can be seen.
pub(super) fn see(act: &ExtensionAct) -> String {
    act.id().map_or_else(
        || format!("/extension list connection:{}", act.connection),
        |id| format!("/extension show extension:{}:{id}", act.connection),
    )
}

/// Where to look when nobody can tell whether it was done.
pub(super) fn look(act: &ExtensionAct) -> String {
    format!("look at {}", code(&see(act), 100))
}

/// What it is about, to begin a sentence about how that is: "Extension SIP (13)".
pub(super) fn subject(act: &ExtensionAct) -> String {
    let name = escaped(act.name(), 100);
    match &act.change {
        ExtensionChange::Create { .. } => format!("Extension {name}"),
        ExtensionChange::Edit { id, .. } | ExtensionChange::Delete { id, .. } => format!("Extension {name} ({id})"),
        ExtensionChange::Batch { .. } => format!("What {name} changes"),
    }
}

/// "7 rows", "1 row".
fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

fn the_rows(n: usize) -> String {
    if n == 1 { "the one row".to_owned() } else { format!("the {n} rows") }
}

/// ", 2 of them deletes".
fn of_them(deletes: usize) -> String {
    match deletes {
        0 => String::new(),
        1 => ", 1 of them a delete".to_owned(),
        n => format!(", {n} of them deletes"),
    }
}

/// "adds 2, changes 3, deletes 2".
fn kinds(rows: &[BatchRow]) -> String {
    let (mut adds, mut changes, mut deletes) = (0_usize, 0_usize, 0_usize);
    for row in rows {
        match row.what {
            RowAct::Add { .. } => adds += 1,
            RowAct::Change { .. } => changes += 1,
            RowAct::Delete { .. } => deletes += 1,
        }
    }
    in_kinds(adds, changes, deletes)
}

fn in_kinds(adds: usize, changes: usize, deletes: usize) -> String {
    let kinds = [("adds", adds), ("changes", changes), ("deletes", deletes)];
    let told = kinds.into_iter().filter(|(_, n)| *n > 0).map(|(verb, n)| format!("{verb} {n}"));
    told.collect::<Vec<_>>().join(", ")
}
