//! A table of a batch's rows in a code block: columns aligned, and narrow enough for a phone held upright.

use unicode_normalization::char::is_combining_mark;

use crate::desk::{BatchLine, LineWhat};
use crate::discord::text::plain;

/// How many columns of a fixed-width font a phone shows.
const WIDTH: usize = 40;
/// How wide what happens to a row is told at most.
const WHAT_MAX: usize = 12;
/// How wide a number is told at most.
const ID_MAX: usize = 10;
/// Beyond so many rows the rest is counted.
const ROWS_MAX: usize = 30;

/// The rows as a table, and how many are not in it. When not all fit, those come first that matter most: what is wrong, what
/// deletes, what changes.
pub(super) fn table(rows: &[BatchLine]) -> (String, usize) {
    let mut shown: Vec<&BatchLine> = rows.iter().collect();
    if shown.len() > ROWS_MAX {
        shown.sort_by_key(|line| weight(line));
        shown.truncate(ROWS_MAX);
        shown.sort_by_key(|line| line.row);
    }
    let cells: Vec<[String; 4]> = shown.iter().map(|line| cells(line)).collect();
    let head = ["row", "what", "id", "name"].map(str::to_owned);
    let widest = |column: usize| {
        let all = cells.iter().map(|row| width(&row[column]));
        all.chain([width(&head[column])]).max().unwrap_or(0)
    };
    let widths = [widest(0), widest(1), widest(2)];
    let name = WIDTH.saturating_sub(widths.iter().sum::<usize>() + 3);
    let line = |row: &[String; 4]| {
        let line = [right(&row[0], widths[0]), left(&row[1], widths[1]), right(&row[2], widths[2]), cut(&row[3], name)];
        line.join(" ").trim_end().to_owned()
    };
    let lines: Vec<String> = std::iter::once(&head).chain(&cells).map(line).collect();
    (format!("```\n{}\n```", lines.join("\n")), rows.len() - shown.len())
}

/// What matters most comes first.
pub(super) fn weight(line: &BatchLine) -> usize {
    match line.what {
        LineWhat::Unreadable => 0,
        LineWhat::Delete { .. } | LineWhat::Change { .. } | LineWhat::Add { .. } if is_bad(line) => 0,
        LineWhat::Delete { .. } => 1,
        LineWhat::Change { .. } if is_idle(line) => 4,
        LineWhat::Change { .. } => 2,
        LineWhat::Add { .. } => 3,
    }
}

/// Whether a row changes nothing: everything is so already, and nothing is sent of it.
pub(super) fn is_idle(line: &BatchLine) -> bool {
    matches!(&line.what, LineWhat::Change { differs, .. } if differs.is_empty()) && !is_bad(line)
}

/// Whether something is wrong with a row.
pub(super) fn is_bad(line: &BatchLine) -> bool {
    !line.problems.is_empty() || matches!(line.what, LineWhat::Unreadable)
}

fn cells(line: &BatchLine) -> [String; 4] {
    let (what, id) = match &line.what {
        LineWhat::Add { .. } => ("add", None),
        LineWhat::Change { id, .. } if is_idle(line) => ("as it is", Some(*id)),
        LineWhat::Change { id, .. } => ("change", Some(*id)),
        LineWhat::Delete { id } => ("delete", Some(*id)),
        LineWhat::Unreadable => ("wrong", None),
    };
    let what = match line.problems.as_slice() {
        [] => what.to_owned(),
        // The cell that is wrong, by its column.
        [only] => {
            only.column.as_ref().map_or_else(|| "!! row".to_owned(), |column| format!("!! {}", fixed(column, 40)))
        }
        several => format!("!! {} cells", several.len()),
    };
    let id = id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    [line.row.to_string(), cut(&what, WHAT_MAX), cut(&id, ID_MAX), fixed(&line.name, 80)]
}

/// Text for a code block: nothing in it ends the block.
fn fixed(text: &str, max: usize) -> String {
    plain(text, max).replace('`', "'")
}

fn left(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn right(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}

/// Cut to so many columns.
fn cut(text: &str, to: usize) -> String {
    if width(text) <= to {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        if used + of(c) + 1 > to {
            break;
        }
        used += of(c);
        out.push(c);
    }
    out.push('…');
    out
}

fn width(text: &str) -> usize {
    text.chars().map(of).sum()
}

/// How many columns a character takes: ideographs and pictures two, marks none.
fn of(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        c if is_combining_mark(c) => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
