//! Why something about extensions is not done: the sentences, and what is wrong with a file.

use rollcall_telephony::{ConnectionName, SheetProblem};

use crate::desk::Refusal;
use crate::discord::text::{escaped, join};

/// How many things that are wrong with a file are told.
const PROBLEMS_MAX: usize = 15;
/// How many phone systems are named that a file could be for.
const CONNECTIONS_MAX: usize = 10;
const NOTHING: &str = "Nothing was changed.";

/// Why something about extensions is not done.
pub(in crate::discord::render) fn refusal_words(refusal: &Refusal) -> (&'static str, Vec<String>) {
    match refusal {
        Refusal::NoExtension { typed, connection, near } if near.is_empty() => (
            "No such extension",
            vec![
                format!("{connection} has no extension “{}”.", escaped(typed, 100)),
                format!(
                    "Start typing its name or number and pick from the list, or look with `/extension list`. {NOTHING}"
                ),
            ],
        ),
        Refusal::NoExtension { typed, connection, .. } => (
            "Which extension?",
            vec![
                format!("“{}” is not one extension of {connection}.", escaped(typed, 100)),
                "Pick the one you mean:".to_owned(),
            ],
        ),
        Refusal::WhichConnection { could } if could.is_empty() => (
            "The phone systems cannot do that",
            vec![format!("None of those that I look after has extensions. {NOTHING}")],
        ),
        Refusal::WhichConnection { could } => {
            let could: Vec<String> = could.iter().map(ToString::to_string).collect();
            let next = format!("Name the one you mean, in `connection:` or before the extension. {NOTHING}");
            ("Which phone system?", vec![format!("It could be {}.", join(&could, "or")), next])
        }
        Refusal::WhereBatch { could } => ("Which phone system?", where_batch(could)),
        Refusal::Sheet { file, problems } => ("That file cannot be used", sheet(file, problems)),
        Refusal::File(why) => ("I do not have that file", vec![escaped(why, 400), NOTHING.to_owned()]),
        other => ("That cannot be done", vec![format!("{}.", escaped(&other.in_short(), 400)), NOTHING.to_owned()]),
    }
}

/// A command for each, to be copied: a button would have to carry the file, and files are not kept.
fn where_batch(could: &[ConnectionName]) -> Vec<String> {
    let mut lines = vec![
        "A file is carried out on one phone system, and several have extensions.".to_owned(),
        "Copy the command with the one you mean, and attach the file to it again; I did not keep it:".to_owned(),
    ];
    lines.extend(could.iter().take(CONNECTIONS_MAX).map(|on| format!("`/extension batch connection:{on}`")));
    if could.len() > CONNECTIONS_MAX {
        lines.push(format!("… or {} more, which `connection:` offers.", could.len() - CONNECTIONS_MAX));
    }
    lines.push(NOTHING.to_owned());
    lines
}

fn sheet(file: &str, problems: &[SheetProblem]) -> Vec<String> {
    let wrong = match problems.len() {
        0 | 1 => "one thing is wrong with it:".to_owned(),
        n => format!("{n} things are wrong with it:"),
    };
    let mut lines = vec![format!("**{}**: {wrong}", escaped(file, 80))];
    lines.extend(problems.iter().take(PROBLEMS_MAX).map(problem));
    if problems.len() > PROBLEMS_MAX {
        lines.push(format!("… and {} more.", problems.len() - PROBLEMS_MAX));
    }
    lines.push("Nothing was sent. Mend the file, and attach it again.".to_owned());
    lines
}

/// "❌ row 5, **E\_Type**: Type is a whole number from 0 to 9."
pub(super) fn problem(problem: &SheetProblem) -> String {
    let what = escaped(&problem.what, 200);
    let column = problem.column.as_ref().map(|column| format!("**{}**", escaped(column, 60)));
    match (problem.row, column) {
        (Some(row), Some(column)) => format!("❌ row {row}, {column}: {what}"),
        (Some(row), None) => format!("❌ row {row}: {what}"),
        (None, Some(column)) => format!("❌ column {column}: {what}"),
        (None, None) => format!("❌ {what}"),
    }
}
