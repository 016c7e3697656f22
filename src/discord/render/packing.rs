//! Fitting what an approver must see into the parts of a card: whole pieces only, and a count of those that do not fit.
//! What the pieces say is written in `approval.rs`.

use rollcall_telephony::Section;

use crate::discord::message::{FIELD_VALUE_MAX, Message};
use crate::discord::text::escaped;

/// Room for the sentence about what did not fit, in UTF-16 units.
const NOTE_MAX: usize = 200;
/// Room for a part's title.
const TITLE_MAX: usize = 60;
/// How much of one value a card shows, in characters: what goes must be read without scrolling.
const VALUE_MAX: usize = 48;
/// How much of a label.
const LABEL_MAX: usize = 40;
/// How many parts it may fill.
const PARTS_MAX: usize = 4;

/// One thing that is shown whole or counted.
pub(super) struct Piece {
    /// How it is written at the beginning of a part.
    first: String,
    /// How it is written behind another one.
    next: String,
}

impl Piece {
    /// A line of its own.
    pub(super) fn line(line: String) -> Self {
        Self { next: format!("\n{line}"), first: line }
    }
}

/// What was packed.
pub(super) struct Packed {
    /// The texts of the parts, each within a part's limit with room for the note.
    pub(super) parts: Vec<String>,
    /// How many pieces are in none of them.
    pub(super) left_out: usize,
}

/// The members of a record that it has, one after the other, a line for each section.
pub(super) fn members(sections: &[Section]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for section in sections {
        let title = format!("**{}**:", escaped(&section.title, LABEL_MAX));
        for (at, line) in section.held().enumerate() {
            let value = escaped(&line.value, VALUE_MAX);
            let value = if value.is_empty() { "—".to_owned() } else { value };
            let member = format!("{} {value}", escaped(&line.label, LABEL_MAX));
            let first = format!("{title} {member}");
            let next = if at == 0 { format!("\n{first}") } else { format!(" · {member}") };
            pieces.push(Piece { first, next });
        }
    }
    pieces
}

/// Puts pieces into as few parts as hold them, in their order; when `room` is used up the rest is left out.
pub(super) fn pack(pieces: &[Piece], room: usize) -> Packed {
    let mut room = room.saturating_sub(NOTE_MAX);
    let mut parts: Vec<(String, usize)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let (first, next) = (units(&piece.first), units(&piece.next));
        let one_more = parts.len() < PARTS_MAX;
        match parts.last_mut() {
            Some((part, held)) if *held + next <= FIELD_VALUE_MAX - NOTE_MAX && next <= room => {
                part.push_str(&piece.next);
                *held += next;
                room -= next;
            }
            _ if one_more && first + TITLE_MAX <= room && first <= FIELD_VALUE_MAX - NOTE_MAX => {
                parts.push((piece.first.clone(), first));
                room -= first + TITLE_MAX;
            }
            _ => return Packed { parts: texts(parts), left_out: pieces.len() - at },
        }
    }
    Packed { parts: texts(parts), left_out: 0 }
}

/// Adds the pieces to a card under this title, and says how many did not fit and where they can be seen.
pub(super) fn add(mut message: Message, title: &str, pieces: &[Piece], what: &str, see: &str) -> Message {
    if pieces.is_empty() {
        return message;
    }
    let Packed { mut parts, left_out } = pack(pieces, message.room());
    if left_out > 0 {
        let note = format!("⚠️ … and {left_out} more {what} that do not fit here: {see}");
        match parts.last_mut() {
            Some(part) => {
                part.push('\n');
                part.push_str(&note);
            }
            None => parts.push(note),
        }
    }
    let all = parts.len();
    for (at, part) in parts.into_iter().enumerate() {
        let title = if all == 1 { title.to_owned() } else { format!("{title} ({} of {all})", at + 1) };
        message = message.field(title, part);
    }
    message
}

fn texts(parts: Vec<(String, usize)>) -> Vec<String> {
    parts.into_iter().map(|(text, _)| text).collect()
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
