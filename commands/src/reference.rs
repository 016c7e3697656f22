//! The text of `docs/COMMANDS.md`, made from the definitions so that it cannot go stale.

use std::fmt::Write;

use crate::command::ROSTER;
use crate::surface::{Entry, Need, OptionSpec, Shape};

/// The reference of all commands, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Commands\n\n\
         Made from the definitions in `commands/`; a test keeps it current. Options marked `*` are required. Replies are \
         seen only by the person who typed; every change is also written to the log channel.\n\n\
         Where an option takes an agent, start typing and pick one, or type `connection:id`, `connection:login`, or an \
         id or login that only one agent has. An extension is picked in the same way, or typed as `connection:number`, \
         `connection:name`, or a number or name that only one extension has.\n",
    );
    for entry in ROSTER {
        section(&mut page, entry);
    }
    page
}

fn section(page: &mut String, entry: &Entry) {
    let permission = entry
        .permission
        .map_or_else(|| "Everybody may use it.".to_owned(), |needed| format!("Needs the permission `{needed}`."));
    // Writing into a String cannot fail.
    let _ = write!(page, "\n## `{}`\n\n{}. {permission}\n", entry.name, entry.about);
    if !entry.options.is_empty() {
        let _ = write!(page, "\n| option | what it is | takes |\n| --- | --- | --- |\n");
    }
    for option in entry.options {
        let mark = match option.need {
            Need::Required => "\\*",
            Need::Optional => "",
        };
        let _ = writeln!(page, "| `{}`{mark} | {} | {} |", option.name, option.about, takes(option));
    }
}

fn takes(option: &OptionSpec) -> String {
    match option.shape {
        Shape::Text { max, completes: Some(_), .. } => format!("text up to {max} characters, with suggestions"),
        Shape::Text { max, completes: None, .. } => format!("text up to {max} characters"),
        Shape::Request => format!("{}, with suggestions", option.shape.takes()),
        Shape::Choice(_) | Shape::Number { .. } | Shape::User | Shape::Since | Shape::File { .. } => {
            option.shape.takes()
        }
    }
}
