//! Previews: what will happen when the button is pressed.

use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;
use serenity::model::id::UserId;

use super::button;
use crate::desk::{CloneAct, ClonePreview, Differs, EditPreview, Numbers, ResetPreview, Warning};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, join, person};
use crate::ledger::OfferId;
use crate::policy::SecondPerson;

pub(super) fn decide(offer: OfferId, label: &str, style: ButtonStyle) -> Vec<CreateButton> {
    [button(&CustomId::Take(offer), label, style), button(&CustomId::Cancel(offer), "Cancel", ButtonStyle::Secondary)]
        .into_iter()
        .flatten()
        .collect()
}

/// The preview of a clone.
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
pub(super) fn replaced(act: &CloneAct) -> Vec<String> {
    let mut replaced = vec![
        format!("Login: **{}**", escaped(&act.login, 100)),
        format!("Details: {}", or_dash(&escaped(&act.details, 200))),
        format!("Password: a fresh one, by direct message to {}", person(act.recipient)),
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

/// A button's label: "Create ivan.ivanov", or "Ask to create ivan.ivanov" where one person is not enough.
fn label(second: Option<SecondPerson>, verb: &str, login: &str) -> String {
    if second.is_some() { format!("Ask to {} {login}", verb.to_lowercase()) } else { format!("{verb} {login}") }
}

/// Says that a second person is needed, and why.
pub(super) fn second_note(second: Option<SecondPerson>) -> String {
    match second {
        None => String::new(),
        Some(SecondPerson::Permission(permission)) => {
            format!("👥 Here `{permission}` takes a second person: the button asks the approvers.")
        }
        Some(SecondPerson::Rights { highest, limit }) => format!(
            "👥 It touches rights of level {highest}; above {limit} a second person has to agree: the button asks the approvers."
        ),
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
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

/// The preview of an edit: before → after.
pub(in crate::discord) fn edit_preview(preview: &EditPreview) -> Message {
    let login = escaped(&preview.login, 100);
    Message::card(Tone::Question, format!("Change {login} on {}?", preview.agent.connection))
        .says(format!("Only this is sent. This button works until {}.", clock(preview.expires_at)))
        .part("Before → after", &difference_lines(&preview.differs))
        .says(second_note(preview.second))
        .buttons(&decide(preview.offer, &label(preview.second, "Change", &preview.login), ButtonStyle::Success))
}

/// The preview of a fresh password.
pub(in crate::discord) fn reset_preview(preview: &ResetPreview, recipient: UserId) -> Message {
    let login = escaped(&preview.login, 100);
    Message::card(Tone::Question, format!("Give {login} on {} a fresh password?", preview.agent.connection))
        .says(format!(
            "The old one stops working at once. The fresh one goes to {} by direct message.",
            person(recipient)
        ))
        .says(format!("This button works until {}.", clock(preview.expires_at)))
        .says(second_note(preview.second))
        .buttons(&decide(
            preview.offer,
            &label(preview.second, "Reset the password of", &preview.login),
            ButtonStyle::Danger,
        ))
}

/// "Default skill: 5 → 7", line by line.
pub(super) fn difference_lines(differs: &[Differs]) -> Vec<String> {
    differs
        .iter()
        .map(|d| {
            format!(
                "{}: {} → **{}**",
                escaped(&d.label, 80),
                or_dash(&escaped(&d.before, 100)),
                or_dash(&escaped(&d.after, 100))
            )
        })
        .collect()
}
