//! Extensions: lists and cards in `list`, previews in `preview`, what is sent in `sent`, refusals in `refused`. What is said
//! of an act on them is in `../acts/extension/`.

mod list;
mod preview;
mod refused;
mod sent;
mod table;

pub(in crate::discord) use self::list::{EXTENSIONS_A_PAGE, extension_card, extension_choice, extension_list};
pub(in crate::discord) use self::preview::{batch_preview, extension_preview};
pub(super) use self::refused::refusal_words;
pub(super) use self::sent::set;
use crate::desk::{BatchRow, RowAct};

/// "7 rows", "1 row".
pub(super) fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

pub(super) fn the_rows(n: usize) -> String {
    if n == 1 { "the one row".to_owned() } else { format!("the {n} rows") }
}

/// ", 2 of them deletes".
pub(super) fn of_them(deletes: usize) -> String {
    match deletes {
        0 => String::new(),
        1 => ", 1 of them a delete".to_owned(),
        n => format!(", {n} of them deletes"),
    }
}

/// "adds 2, changes 3, deletes 2".
pub(super) fn kinds(rows: &[BatchRow]) -> String {
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
