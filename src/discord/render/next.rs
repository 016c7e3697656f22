//! What can be done next about an act: until when its buttons and menus work, and the menus.

use serenity::builder::{CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use crate::desk::{Next, NextWhat};
use crate::discord::custom_id::CustomId;
use crate::discord::message::Message;
use crate::discord::text::{clock, escaped, plain};
use crate::ledger::OfferId;

/// How many options a menu may have (Discord, "Component Reference", "String Select").
const OPTIONS_MAX: usize = 25;

/// With the menus that follow from what came of an act.
pub(super) fn with_menus(message: Message, next: &[Next]) -> Message {
    next.iter().filter_map(break_menu).fold(message, Message::menu)
}

/// The breaks of a connection, each by its place.
fn break_menu(next: &Next) -> Option<CreateSelectMenu> {
    let (on, breaks) = match &next.what {
        NextWhat::Break { on, breaks, .. } => (on, breaks),
        NextWhat::OnAll { .. } | NextWhat::PauseAnew { .. } | NextWhat::Again => return None,
    };
    let option = |(place, label): (usize, &String)| CreateSelectMenuOption::new(plain(label, 100), place.to_string());
    let options = breaks.iter().enumerate().take(OPTIONS_MAX).map(option).collect();
    let id = CustomId::Pick(OfferId(next.offer)).write()?;
    Some(CreateSelectMenu::new(id, CreateSelectMenuKind::String { options }).placeholder(format!("Break on {on}: …")))
}

/// What a menu is for.
fn to_pick(next: &Next) -> Option<String> {
    let (person, on, breaks) = match &next.what {
        NextWhat::Break { person, on, breaks } => (escaped(person, 100), on, breaks.len()),
        NextWhat::OnAll { .. } | NextWhat::PauseAnew { .. } | NextWhat::Again => return None,
    };
    let why = format!("{on} has breaks of its own: pick one below to pause {person} there, too.");
    if breaks <= OPTIONS_MAX {
        return Some(why);
    }
    Some(format!("{why} The menu holds {OPTIONS_MAX} of {breaks}; for another one use `/agent pause`."))
}

/// What the menus are for, and until when they and the buttons work, where there are any.
pub(super) fn line(next: &[Next]) -> Option<String> {
    let mut lines: Vec<String> = next.iter().filter_map(to_pick).collect();
    let what = match (next.len() - lines.len(), lines.len()) {
        (1, 0) => "The button below works",
        (_, 0) => "The buttons below work",
        (0, _) => "The menu below works",
        (1, _) => "The button and the menu below work",
        (_, _) => "The buttons and the menu below work",
    };
    let until = next.iter().map(|next| next.until).min()?;
    lines.push(format!("{what} until {}.", clock(until)));
    Some(lines.join("\n"))
}
