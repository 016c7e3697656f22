//! Editing without options: a menu of groups, then a modal of at most five fields, filled from what is known.

use rollcall_telephony::{AgentRef, FieldKey, FieldKind, FieldSpec};
use serenity::all::{ActionRowComponent, InputTextStyle, ModalInteractionData};
use serenity::builder::{
    CreateActionRow, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};
use serenity::model::id::UserId;
use sha2::{Digest, Sha256};

use crate::discord::custom_id::{CustomId, ExtensionAt};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{escaped, plain};

/// Discord's limits of a modal (Discord, "Component Reference", "Modal").
const MODAL_TITLE_MAX: usize = 45;
const INPUT_LABEL_MAX: usize = 45;
const INPUT_VALUE_MAX: usize = 4000;
const INPUTS_MAX: usize = 5;

/// The menu of groups; `None` where its id would be too long for Discord.
pub(in crate::discord) fn group_menu(
    owner: UserId,
    agent: &AgentRef,
    login: &str,
    fields: &[(FieldSpec, String)],
) -> Option<Message> {
    let whom = format!("{} on {}", escaped(login, 100), agent.connection);
    menu(&CustomId::Groups { owner, agent: agent.clone() }, &whom, fields)
}

/// The same for an extension.
pub(in crate::discord) fn extension_menu(
    owner: UserId,
    extension: &ExtensionAt,
    name: &str,
    fields: &[(FieldSpec, String)],
) -> Option<Message> {
    let which = format!("extension {} ({}) on {}", escaped(name, 100), extension.id, extension.connection);
    menu(&CustomId::ExtensionGroups { owner, extension: extension.clone() }, &which, fields)
}

fn menu(id: &CustomId, of: &str, fields: &[(FieldSpec, String)]) -> Option<Message> {
    let mut options: Vec<CreateSelectMenuOption> = Vec::new();
    let mut seen = Vec::new();
    for (spec, _) in fields {
        if !seen.contains(&spec.group.key) {
            seen.push(spec.group.key);
            let labels: Vec<&str> =
                fields.iter().filter(|(f, _)| f.group.key == spec.group.key).map(|(f, _)| f.label).collect();
            options.push(
                CreateSelectMenuOption::new(plain(spec.group.title, 100), spec.group.key)
                    .description(plain(&labels.join(", "), 100)),
            );
        }
    }
    let menu =
        CreateSelectMenu::new(id.write()?, CreateSelectMenuKind::String { options }).placeholder("Which fields?");
    Some(
        Message::card(Tone::Question, format!("Change what of {of}?"))
            .says(
                "Pick a group; a form opens with the values I know. You see before and after before anything is sent.",
            )
            .menu(menu),
    )
}

/// The form of one group's fields; `None` when there is no such group.
pub(in crate::discord) fn modal(
    owner: UserId,
    agent: &AgentRef,
    login: &str,
    fields: &[(FieldSpec, String)],
    group: &str,
) -> Option<CreateModal> {
    form(&CustomId::Fields { owner, agent: agent.clone() }, login, fields, group)
}

/// The same for an extension.
pub(in crate::discord) fn extension_modal(
    owner: UserId,
    extension: &ExtensionAt,
    name: &str,
    fields: &[(FieldSpec, String)],
    group: &str,
) -> Option<CreateModal> {
    let id = CustomId::ExtensionFields { owner, extension: extension.clone() };
    form(&id, &format!("{name} ({})", extension.id), fields, group)
}

fn form(id: &CustomId, of: &str, fields: &[(FieldSpec, String)], group: &str) -> Option<CreateModal> {
    let of_group = fields.iter().filter(|(spec, _)| spec.group.key == group).take(INPUTS_MAX);
    let rows: Vec<CreateActionRow> =
        of_group.map(|(spec, value)| CreateActionRow::InputText(input(spec, value))).collect();
    if rows.is_empty() {
        return None;
    }
    let title = plain(&format!("Change {of}"), MODAL_TITLE_MAX);
    Some(CreateModal::new(id.write()?, title).components(rows))
}

fn input(spec: &FieldSpec, value: &str) -> CreateInputText {
    let (hint, max) = match spec.kind {
        FieldKind::Text { max } => (String::new(), max),
        FieldKind::Number { min, max } => (format!("A whole number from {min} to {max}"), 20),
        FieldKind::Flag => ("yes or no".to_owned(), 5),
        FieldKind::List => ("With commas between".to_owned(), 1000),
    };
    let value = plain(value, INPUT_VALUE_MAX);
    let id = format!("{}:{}", spec.key, digest(&value));
    let max = u16::try_from(max.max(value.encode_utf16().count()).clamp(1, INPUT_VALUE_MAX)).unwrap_or(1000);
    let mut input = CreateInputText::new(InputTextStyle::Short, plain(spec.label, INPUT_LABEL_MAX), id)
        .required(false)
        .max_length(max);
    if !hint.is_empty() {
        input = input.placeholder(plain(&hint, 100));
    }
    if value.is_empty() { input } else { input.value(value) }
}

/// What a submitted form changes: fields that are not as they were filled in. Somebody else's change between the two is
/// left alone that way.
pub(in crate::discord) fn changes_of(data: &ModalInteractionData) -> Vec<(FieldKey, String)> {
    let inputs = data.components.iter().flat_map(|row| &row.components);
    inputs
        .filter_map(|component| {
            let ActionRowComponent::InputText(input) = component else { return None };
            let (key, filled) = input.custom_id.split_once(':')?;
            let value = input.value.clone().unwrap_or_default();
            (digest(&value) != filled).then(|| (FieldKey(key.to_owned()), value))
        })
        .collect()
}

/// Eight hexadecimal digits that tell whether a value was touched.
fn digest(value: &str) -> String {
    let hash = Sha256::digest(value.as_bytes());
    format!("{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
}
