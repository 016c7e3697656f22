//! What previews have in common: their buttons, who has to agree, what differs.

use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;

use super::button;
use crate::desk::Differs;
use crate::discord::custom_id::CustomId;
use crate::discord::text::escaped;
use crate::ledger::OfferId;
use crate::policy::SecondPerson;

/// The button that does it, and one that does not.
pub(super) fn decide(offer: OfferId, label: &str, style: ButtonStyle) -> Vec<CreateButton> {
    [button(&CustomId::Take(offer), label, style), button(&CustomId::Cancel(offer), "Cancel", ButtonStyle::Secondary)]
        .into_iter()
        .flatten()
        .collect()
}

/// A button's label: "Create ivan.ivanov", or "Ask to create ivan.ivanov" where one person is not enough.
pub(super) fn label(second: Option<SecondPerson>, verb: &str, login: &str) -> String {
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

pub(super) fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
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
