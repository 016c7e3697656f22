//! What people read: one voice. What happened, to whom, on which system, what to do next.

mod agents;
mod approval;
mod extensions;
mod fields;
mod handover;
mod packing;
mod presence;
mod preview;
mod refusal;
mod report;
mod requests;
mod self_help;
mod settled;
mod status;
#[cfg(test)]
mod tests;

use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;

pub(super) use self::agents::{Page, card, choice, search_page};
pub(super) use self::approval::{asked_again, deny_form, reminder, request_card, why_form};
pub(super) use self::extensions::{
    EXTENSIONS_A_PAGE, batch_preview, extension_card, extension_choice, extension_list, extension_preview,
};
pub(super) use self::fields::{changes_of, extension_menu, extension_modal, group_menu, modal};
pub(super) use self::handover::{ephemeral_hidden, ephemeral_shown, receipt, recipient_message};
pub(super) use self::preview::{clone_preview, edit_preview, reset_preview};
pub(super) use self::refusal::refusal;
pub(super) use self::report::{direct, log_line, reply};
pub(super) use self::requests::{
    disable_first, heard, history_title, one_moment, requests, restore_preview, taken_back,
};
pub(super) use self::self_help::{findings, whoami};
pub(super) use self::settled::{asked, decided, decided_instead, decided_line, not_counted};
pub(super) use self::status::{STATUS_A_PAGE, statuses};
use super::custom_id::CustomId;
use super::message::LABEL_MAX;
use super::text::plain;

/// A button named after its act; `None` where its id would be too long for Discord.
fn button(id: &CustomId, label: &str, style: ButtonStyle) -> Option<CreateButton> {
    Some(CreateButton::new(id.write()?).label(plain(label, LABEL_MAX)).style(style))
}
