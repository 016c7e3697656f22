//! What people read: one voice. What happened, to whom, on which system, what to do next.

mod acts;
mod agents;
mod approval;
mod extensions;
mod fields;
mod handover;
mod next;
mod packing;
mod preview;
mod refusal;
mod report;
mod requests;
mod self_help;
mod sentences;
mod settled;
mod status;
#[cfg(test)]
mod tests;

use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;

pub(super) use self::acts::{clone_preview, edit_preview, reset_preview};
pub(super) use self::agents::{Page, card, choice, search_page};
pub(super) use self::approval::{asked_again, deny_form, reminder, request_card, why_form};
pub(super) use self::extensions::{
    EXTENSIONS_A_PAGE, batch_preview, extension_card, extension_choice, extension_list, extension_preview,
};
pub(super) use self::fields::{changes_of, extension_menu, extension_modal, group_menu, modal};
pub(super) use self::handover::{ephemeral_hidden, ephemeral_shown, receipt, recipient_message};
pub(super) use self::refusal::refusal;
pub(super) use self::report::{direct, log_line, reply};
pub(super) use self::requests::{
    disable_first, heard, history_title, one_moment, requests, restore_preview, taken_back,
};
pub(super) use self::self_help::{findings, whoami};
pub(super) use self::settled::{asked, decided, decided_instead, decided_line, not_counted};
pub(super) use self::status::{STATUS_A_PAGE, statuses};
use super::custom_id::CustomId;
use super::message::{LABEL_MAX, Message};
use super::text::plain;
use crate::ledger::OfferId;

/// The buttons that turn the pages of a kept command, where there are several; labelled `back` and `further`.
fn turning(
    message: Message,
    pages: Option<OfferId>,
    (at, last): (usize, usize),
    (back, further): (&str, &str),
) -> Message {
    let Some(offer) = pages else { return message };
    let turn = |to: usize, label: &str| {
        let id = CustomId::Turn(offer, u32::try_from(to).ok()?);
        button(&id, label, ButtonStyle::Secondary)
    };
    let mut buttons = Vec::new();
    if at > 0 {
        buttons.extend(turn(at - 1, back));
    }
    if at < last {
        buttons.extend(turn(at + 1, further));
    }
    message.buttons(&buttons)
}

/// A label that names an act and the agent it is done to: "Pause Maria Silva (erix-br)". A long name is cut, so that what
/// is done and where can still be read.
pub(in crate::discord) fn agent_label(verb: &str, called: &str, place: &str) -> String {
    let frame = plain(&format!("{verb}  ({place})"), LABEL_MAX).encode_utf16().count();
    plain(&format!("{verb} {} ({place})", plain(called, LABEL_MAX.saturating_sub(frame))), LABEL_MAX)
}

/// A button named after its act; `None` where its id would be too long for Discord.
pub(in crate::discord) fn button(id: &CustomId, label: &str, style: ButtonStyle) -> Option<CreateButton> {
    Some(CreateButton::new(id.write()?).label(plain(label, LABEL_MAX)).style(style))
}
