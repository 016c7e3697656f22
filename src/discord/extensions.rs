//! Extensions at the door: commands become pages, previews and forms; a batch's file is fetched here, once it is known that
//! the person may carry one out. What is done is the desk's to say.

use rollcall_commands::{Command, ExtensionText, Permission, extension};
use serenity::all::{ButtonStyle, ModalInteractionData};
use serenity::builder::CreateButton;

use super::custom_id::{CustomId, ExtensionAt, ExtensionVerb};
use super::door::{Ack, Door, Ticket};
use super::message::{LABEL_MAX, Message, Tone};
use super::text::plain;
use super::{files, render, requests, slash};
use crate::desk::{Asked, Refusal};
use crate::policy::Actor;

/// `/extension list`, one page of it.
pub(super) async fn list(door: &Door, actor: &Actor, asked: &extension::List, page: u32) -> Result<Message, Refusal> {
    let found = door.desk.list_extensions(actor, asked.connection.as_deref()).await?;
    let pages = if found.extensions.len() > render::EXTENSIONS_A_PAGE {
        Some(door.desk.offer_command(actor.id, Command::ExtensionList(asked.clone())).await?)
    } else {
        None
    };
    Ok(render::extension_list(actor.id, &found, page, pages))
}

/// `/extension show`.
pub(super) async fn show(door: &Door, actor: &Actor, typed: &ExtensionText) -> Result<Message, Refusal> {
    Ok(render::extension_card(actor.id, &door.desk.show_extension(actor, typed).await?))
}

/// `/extension create`.
pub(super) async fn create(door: &Door, actor: &Actor, asked: &extension::Create) -> Result<Message, Refusal> {
    Ok(render::extension_preview(&door.desk.preview_create_extension(actor, asked).await?))
}

/// `/extension edit`; without options it asks which fields.
pub(super) async fn edit(door: &Door, actor: &Actor, asked: &extension::Edit) -> Result<Message, Refusal> {
    if asked.changes.is_empty() {
        return groups(door, actor, &asked.extension).await;
    }
    Ok(render::extension_preview(&door.desk.preview_edit_extension(actor, asked).await?))
}

/// `/extension delete`; `None`: the answer follows by itself.
pub(super) async fn delete(
    door: &Door,
    actor: &Actor,
    delete: &extension::Delete,
    asked: Asked,
) -> Result<Option<Message>, Refusal> {
    let preview = door.desk.ask_delete_extension(actor, &delete.extension, &delete.reason, asked).await?;
    Ok(preview.as_ref().map(render::extension_preview))
}

/// `/extension batch`: nothing is fetched for somebody who may not.
pub(super) async fn batch(door: &Door, actor: &Actor, asked: &extension::Batch) -> Result<Message, Refusal> {
    let connection = door.desk.may_batch(actor, asked.connection.as_deref())?;
    let file = files::fetch(door, &asked.file).await?;
    let preview = door.desk.preview_batch(actor, &connection, &asked.file.filename, &file).await?;
    Ok(render::batch_preview(&preview))
}

/// The menu of groups of an extension's fields, read fresh: the forms open filled from memory.
async fn groups(door: &Door, actor: &Actor, typed: &ExtensionText) -> Result<Message, Refusal> {
    let (connection, id, form) = door.desk.editable_extension(actor, typed).await?;
    let at = ExtensionAt { connection, id };
    render::extension_menu(actor.id, &at, &form.name, &form.fields).ok_or_else(|| {
        Refusal::Value("This extension cannot be edited with a form; name the options instead.".to_owned())
    })
}

/// An extension was picked from the menu of a list.
pub(super) async fn open(door: &Door, ticket: &Ticket, actor: &Actor, chosen: Option<String>) {
    let Some(chosen) = chosen else { return door.unknown(ticket).await };
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let shown = show(door, actor, &ExtensionText(chosen)).await;
    finish(door, ticket, actor, shown).await;
}

/// A button of an extension's card.
pub(super) async fn press(door: &Door, ticket: &Ticket, actor: &Actor, verb: ExtensionVerb, at: &ExtensionAt) {
    let typed = ExtensionText(at.to_string());
    match verb {
        ExtensionVerb::Edit => {
            if door.defer(ticket).await == Ack::Given {
                let menu = groups(door, actor, &typed).await;
                finish(door, ticket, actor, menu).await;
            }
        }
        // Its reason is asked for first, by a form.
        ExtensionVerb::Delete => {
            let form = door.desk.extension_form(actor, Permission::ExtensionDelete, &at.connection, at.id).await;
            let delete = extension::Delete { extension: typed, reason: String::new() };
            requests::ask_why(door, ticket, actor, form.map(|form| form.name), Command::ExtensionDelete(delete)).await;
        }
    }
}

/// Opens the form of a group: it must be the first answer, so it is filled from memory.
pub(super) async fn form(door: &Door, ticket: &Ticket, actor: &Actor, at: &ExtensionAt, chosen: Option<String>) {
    let form = match door.desk.extension_form(actor, Permission::ExtensionWrite, &at.connection, at.id).await {
        Ok(form) => form,
        Err(refusal) => return requests::say(door, ticket, &render::refusal(&refusal)).await,
    };
    let modal = chosen.and_then(|group| render::extension_modal(actor.id, at, &form.name, &form.fields, &group));
    requests::open(door, ticket, modal).await;
}

/// The form of an extension's fields was sent.
pub(super) async fn fields(door: &Door, ticket: &Ticket, actor: &Actor, at: &ExtensionAt, data: &ModalInteractionData) {
    if door.defer(ticket).await == Ack::Missed {
        return;
    }
    let changes = render::changes_of(data);
    let edit = extension::Edit { extension: ExtensionText(at.to_string()), changes };
    let message = if edit.changes.is_empty() {
        Ok(Message::card(Tone::Plain, "Nothing to change").says("You left every field as it was. Nothing was sent."))
    } else {
        self::edit(door, actor, &edit).await
    };
    finish(door, ticket, actor, message).await;
}

async fn finish(door: &Door, ticket: &Ticket, actor: &Actor, answer: Result<Message, Refusal>) {
    let message = match answer {
        Ok(message) => message,
        Err(refusal) => door.refused(actor, &refusal, None).await,
    };
    door.finish(ticket, &message).await;
}

/// Buttons that name the extensions, or phone systems, a person may have meant; each runs the same command with that one.
pub(super) async fn did_you_mean(
    door: &Door,
    actor: &Actor,
    message: Message,
    refusal: &Refusal,
    command: &Command,
) -> Message {
    let mut buttons = Vec::new();
    for (label, meant) in meant(refusal, command).into_iter().take(5) {
        match door.desk.offer_command(actor.id, meant).await {
            Ok(offer) => buttons.extend(
                CustomId::Take(offer)
                    .write()
                    .map(|id| CreateButton::new(id).label(plain(&label, LABEL_MAX)).style(ButtonStyle::Secondary)),
            ),
            Err(refusal) => {
                tracing::warn!(?refusal, "a “did you mean” could not be offered");
                return message;
            }
        }
    }
    message.buttons(&buttons)
}

/// What may have been meant, each with its button's label.
fn meant(refusal: &Refusal, command: &Command) -> Vec<(String, Command)> {
    let verb = slash::verb(command);
    if let Refusal::NoExtension { connection, near, .. } = refusal {
        let meant = near.iter().filter_map(|(id, name)| {
            let at = ExtensionAt { connection: connection.clone(), id: *id };
            let label = format!("{verb} {} ({id})", plain(name, 40));
            Some((label, with_extension(command, ExtensionText(at.to_string()))?))
        });
        return meant.collect();
    }
    if let Refusal::WhichConnection { could } = refusal {
        let meant = could.iter().filter_map(|connection| {
            Some((format!("{verb} on {connection}"), with_connection(command, connection.as_str())?))
        });
        return meant.collect();
    }
    Vec::new()
}

fn with_extension(command: &Command, extension: ExtensionText) -> Option<Command> {
    if let Command::ExtensionShow(_) = command {
        Some(Command::ExtensionShow(extension::Show { extension }))
    } else if let Command::ExtensionEdit(edit) = command {
        Some(Command::ExtensionEdit(extension::Edit { extension, ..edit.clone() }))
    } else if let Command::ExtensionDelete(delete) = command {
        Some(Command::ExtensionDelete(extension::Delete { extension, ..delete.clone() }))
    } else {
        None
    }
}

/// A batch has no such button: what its file is signed with is not written to the store.
fn with_connection(command: &Command, on: &str) -> Option<Command> {
    let (connection, there) = (Some(on.to_owned()), |typed: &ExtensionText| ExtensionText(format!("{on}:{typed}")));
    if let Command::ExtensionList(_) = command {
        Some(Command::ExtensionList(extension::List { connection }))
    } else if let Command::ExtensionCreate(create) = command {
        Some(Command::ExtensionCreate(extension::Create { connection, ..create.clone() }))
    } else if let Command::ExtensionShow(show) = command {
        with_extension(command, there(&show.extension))
    } else if let Command::ExtensionEdit(edit) = command {
        with_extension(command, there(&edit.extension))
    } else if let Command::ExtensionDelete(delete) = command {
        with_extension(command, there(&delete.extension))
    } else {
        None
    }
}
