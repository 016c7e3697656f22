//! A new agent as a copy of another.

use serenity::all::ButtonStyle;

use super::super::preview::{decide, difference_lines, label, or_dash, second_note};
use super::end::{End, Log};
use super::password::{fresh_for, note};
use super::{Words, named};
use crate::desk::{CloneAct, ClonePreview, Numbers, Outcome, Warning};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, join, person};

/// The preview: what is copied, and what is not.
pub(in crate::discord) fn clone_preview(preview: &ClonePreview) -> Message {
    let act = &preview.act;
    let (login, source) = (escaped(&act.login, 100), escaped(&act.source_login, 100));
    let on = &act.source.connection;
    let mut message = Message::card(Tone::Question, format!("Create {login} on {on} as a copy of {source}?"));
    for warning in &preview.warnings {
        message = message.says(format!("⚠️ {}", warn(warning, &source, &login)));
    }
    message = message.part("Replaced", &replaced(act));
    for section in &preview.copied {
        let lines: Vec<String> = section
            .lines
            .iter()
            .map(|line| format!("{}: {}", escaped(&line.label, 80), or_dash(&escaped(&line.value, 120))))
            .collect();
        message = message.part(format!("From {source}: {}", escaped(&section.title, 60)), &lines);
    }
    message
        .says(format!(
            "What is not under “Replaced” is copied from {source} as it is. This button works until {}.",
            clock(preview.expires_at)
        ))
        .says(second_note(preview.second))
        .buttons(&decide(preview.offer, &label(preview.second, "Create", &act.login), ButtonStyle::Success))
}

/// What of a clone is not as in its source.
fn replaced(act: &CloneAct) -> Vec<String> {
    let mut replaced = vec![
        format!("Login: **{}**", escaped(&act.login, 100)),
        format!("Details: {}", or_dash(&escaped(&act.details, 200))),
        fresh_for(act.recipient),
        format!("ID: given by {}", act.source.connection),
        "State: enabled".to_owned(),
    ];
    if let Some(email) = &act.email {
        replaced.insert(1, format!("E-mail: {}", escaped(email, 200)));
    }
    if act.personal_numbers == Numbers::Clear {
        replaced.push("Personal numbers: none".to_owned());
    }
    replaced
}

fn warn(warning: &Warning, source: &str, login: &str) -> String {
    let list = |items: &[String]| {
        let shown: Vec<String> = items.iter().take(10).map(|i| escaped(i, 60)).collect();
        let more = items.len().saturating_sub(10);
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { join(&shown, "and") }
    };
    match warning {
        Warning::SourceDisabled => format!("{source} is disabled; {login} will be enabled."),
        Warning::Rights { agent, supervisor, above } => {
            let level = |n: &Option<i64>| n.map_or_else(|| "none".to_owned(), |n| n.to_string());
            format!(
                "{source} has higher rights than usual (rights {}, as supervisor {}; usual is up to {above}). \
                 {login} will have them too.",
                level(agent),
                level(supervisor)
            )
        }
        Warning::NumbersCopied(numbers) => {
            format!(
                "The personal numbers of {source} go with it: {}. Numbers belong to a person; check them.",
                list(numbers)
            )
        }
        Warning::NumbersCleared(numbers) => {
            format!("The personal numbers of {source} ({}) are left out.", list(numbers))
        }
        Warning::UnknownMembers(names) => {
            format!(
                "No document says what this means, so it is copied as it is: {}. Check it in the phone system.",
                list(names)
            )
        }
    }
}

impl Words for CloneAct {
    fn to_do(&self) -> String {
        let source = escaped(&self.source_login, 80);
        format!("create {} on {} as a copy of {source}", named(&self.login), self.source.connection)
    }

    fn wanted(&self) -> String {
        format!("Creating {} on {}", escaped(&self.login, 100), self.source.connection)
    }

    fn approve(&self) -> String {
        format!("create {}", self.login)
    }

    fn about(&self) -> String {
        escaped(&self.source_login, 100)
    }

    fn see(&self) -> String {
        format!("/agent show agent:{}", self.source)
    }

    fn given(&self) -> (&'static str, Vec<String>) {
        ("Replaced", replaced(self))
    }

    fn record_title(&self) -> &'static str {
        "What is copied"
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Created { agent, login: given, differs, password } = outcome else { return None };
        let (login, source, on) = (escaped(given, 100), escaped(&self.source_login, 100), &self.source.connection);
        let mut message = Message::card(Tone::Good, format!("{login} exists on {on}"))
            .says(format!("Copied from {source}, enabled, as `{agent}`."));
        if !given.eq_ignore_ascii_case(&self.login) {
            let asked = escaped(&self.login, 100);
            message = message.says(format!("⚠️ {on} named it {login}, not {asked} as asked."));
        }
        message = if differs.is_empty() {
            message.says(format!("Read back: everything is as in {source}, save what was replaced."))
        } else {
            message.part("⚠️ Not as asked (asked → made); check it", &difference_lines(differs))
        };
        let line = format!("{login} exists as {}.", code(&agent.to_string(), 100));
        let to = person(self.recipient);
        let log = format!("created **{login}** (`{agent}`) as a copy of {source}; password to {to}.");
        Some(End { message: note(message, *password, on), lines: vec![line], log: Log::Did("✅", log) })
    }
}
