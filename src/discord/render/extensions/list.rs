//! Lists of extensions, an extension's card, and the choices that name one.

use rollcall_commands::Permission;
use rollcall_telephony::{Extension, ExtensionFields, FieldKey, Line, Section};
use serenity::all::ButtonStyle;
use serenity::builder::{CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};
use serenity::model::id::UserId;

use super::super::{button, turning};
use crate::desk::{ExtensionCard, ExtensionList};
use crate::discord::custom_id::{CustomId, ExtensionAt, ExtensionVerb};
use crate::discord::message::{FIELD_VALUE_MAX, Message, Tone};
use crate::discord::text::{escaped, few, plain, relative};
use crate::ledger::OfferId;

/// How many extensions stand on a page.
pub(in crate::discord) const EXTENSIONS_A_PAGE: usize = 15;
/// The longest label of a choice or option, in characters (Discord).
const CHOICE_MAX: usize = 100;
/// How much of a value a card shows where all values are long, in UTF-16 units: five of them fill a part of it.
const VALUE_MAX: usize = 180;
/// How much of one value a card shows at all.
const VALUE_MOST: usize = 600;

/// How many numbers of extensions that cannot be read are told.
const NUMBERS_TOLD: usize = 10;

/// The extensions of a connection; `pages` turns the pages, where there is more than one.
pub(in crate::discord) fn extension_list(
    owner: UserId,
    found: &ExtensionList,
    page: u32,
    pages: Option<OfferId>,
) -> Message {
    let (all, on) = (found.extensions.len(), &found.connection);
    let title = match all {
        0 => format!("{on} has no extensions"),
        1 => format!("The one extension of {on}"),
        n => format!("{n} extensions on {on}"),
    };
    let mut message = Message::card(Tone::Plain, title).says(format!("Read {}.", relative(found.taken_at)));
    if let Some(line) = left_out(found) {
        message = message.says(line);
    }
    let last = all.saturating_sub(1) / EXTENSIONS_A_PAGE;
    let at = usize::try_from(page).unwrap_or(usize::MAX).min(last);
    let shown: Vec<&Extension> = found.extensions.iter().skip(at * EXTENSIONS_A_PAGE).take(EXTENSIONS_A_PAGE).collect();
    for extension in &shown {
        message = message.says(one(found.fields, extension));
    }
    if shown.is_empty() {
        return message.says("`/extension create` makes the first one.");
    }
    let menu = |id| {
        let options = shown.iter().map(|extension| {
            let at = ExtensionAt { connection: on.clone(), id: extension.id };
            let about = told(found.fields, extension, "description").unwrap_or_default();
            CreateSelectMenuOption::new(extension_choice(&at.to_string(), &extension.name, &about), at.to_string())
        });
        CreateSelectMenu::new(id, CreateSelectMenuKind::String { options: options.collect() })
            .placeholder("Open an extension's card")
    };
    if let Some(id) = CustomId::OpenExtension(owner).write() {
        message = message.menu(menu(id));
    }
    if last == 0 {
        return message;
    }
    let message = message.footer(format!("Page {} of {}", at + 1, last + 1));
    turning(message, pages, (at, last), ("Back", "Further"))
}

/// What the list lacks because it cannot be read: "2 rows of mediatel's list could not be read and are left out".
fn left_out(found: &ExtensionList) -> Option<String> {
    let on = &found.connection;
    let numbers: Vec<String> = found.unreadable.iter().flatten().map(ToString::to_string).collect();
    let told = few(&numbers, NUMBERS_TOLD, "and");
    let them = match numbers.len() {
        0 => String::new(),
        n if n == found.unreadable.len() => format!(" (numbers {told})"),
        _ => format!(" (among them {told})"),
    };
    let next = "look at the phone system itself for what you miss here";
    match found.unreadable.len() {
        0 => None,
        1 => {
            let which = numbers.first().map_or_else(String::new, |number| format!(" (number {number})"));
            Some(format!("⚠️ One row of {on}'s list{which} could not be read and is left out; {next}."))
        }
        n => Some(format!("⚠️ {n} rows of {on}'s list could not be read and are left out{them}; {next}.")),
    }
}

/// "**SIP** (13) · type 5 · SIP · SIP Extension · 192.0.2.12:5062".
fn one(fields: &ExtensionFields, extension: &Extension) -> String {
    let name = if extension.name.is_empty() { "no name" } else { &extension.name };
    let told = |key, max| told(fields, extension, key).map(|value| escaped(&value, max));
    let parts = [
        Some(format!("**{}** ({})", escaped(name, 50), extension.id)),
        told("type", 20).map(|kind| format!("type {kind}")),
        told("protocol", 20),
        told("description", 60),
        told("address", 50),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A member's value, where the extension has one and it says something.
fn told(fields: &ExtensionFields, extension: &Extension, key: &str) -> Option<String> {
    let value = fields.value(extension, &FieldKey(key.to_owned()))?.to_string();
    (!value.trim().is_empty()).then_some(value)
}

/// "SIP · 13 · SIP Extension · mediatel": name, number and where always fit; the description gives way.
pub(in crate::discord) fn extension_choice(at: &str, name: &str, description: &str) -> String {
    let (connection, id) = at.split_once(':').unwrap_or(("", at));
    let head = format!("{} · {}", plain(if name.is_empty() { "no name" } else { name }, 40), plain(id, 20));
    let tail = plain(connection, 32);
    let room = CHOICE_MAX.saturating_sub(head.encode_utf16().count() + tail.encode_utf16().count() + 6);
    let description = plain(description.trim(), room);
    if description.is_empty() { format!("{head} · {tail}") } else { format!("{head} · {description} · {tail}") }
}

/// An extension's card.
pub(in crate::discord) fn extension_card(owner: UserId, card: &ExtensionCard) -> Message {
    let (extension, on) = (&card.extension, &card.connection);
    let name = if extension.name.is_empty() { "no name" } else { &extension.name };
    let mut message = Message::card(Tone::Plain, format!("{} ({}) · {on}", escaped(name, 100), extension.id));
    for section in &card.sections {
        message = message.part(escaped(&section.title, 100), &lines(section));
    }
    let at = ExtensionAt { connection: on.clone(), id: extension.id };
    message = message.footer(format!("{at} · read just now"));
    let mut buttons = Vec::new();
    for permission in &card.may {
        let (verb, label, style) = match permission {
            Permission::ExtensionWrite => (ExtensionVerb::Edit, "Edit", ButtonStyle::Secondary),
            Permission::ExtensionDelete => (ExtensionVerb::Delete, "Ask to delete", ButtonStyle::Danger),
            _ => continue,
        };
        let id = CustomId::ExtensionCard { owner, verb, extension: at.clone() };
        buttons.extend(button(&id, &format!("{label} {} ({})", plain(name, 40), extension.id), style));
    }
    message.buttons(&buttons)
}

/// A section's lines: whole values where they fit, else all of them cut alike, so that none is left out.
fn lines(section: &Section) -> Vec<String> {
    let written = |max| {
        let line = |line: &Line| {
            let value = if line.value.is_empty() { "—".to_owned() } else { escaped(&line.value, max) };
            format!("{}: {value}", escaped(&line.label, 80))
        };
        section.lines.iter().map(line).collect::<Vec<String>>()
    };
    let whole = written(VALUE_MOST);
    let units: usize = whole.iter().map(|line| line.encode_utf16().count() + 1).sum();
    if units < FIELD_VALUE_MAX { whole } else { written(VALUE_MAX) }
}
