//! Fields of an agent, set to other values. The forms are in `../fields.rs`.

use serenity::all::ButtonStyle;

use super::super::preview::{decide, difference_lines, label, second_note};
use super::end::{End, Log};
use super::{Words, named};
use crate::desk::{EditAct, EditPreview, Outcome};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped};

/// The preview: before → after.
pub(in crate::discord) fn edit_preview(preview: &EditPreview) -> Message {
    let login = escaped(&preview.login, 100);
    Message::card(Tone::Question, format!("Change {login} on {}?", preview.agent.connection))
        .says(format!("Only this is sent. This button works until {}.", clock(preview.expires_at)))
        .part("Before → after", &difference_lines(&preview.differs))
        .says(second_note(preview.second))
        .buttons(&decide(preview.offer, &label(preview.second, "Change", &preview.login), ButtonStyle::Success))
}

impl Words for EditAct {
    fn to_do(&self) -> String {
        format!("change {} on {}", named(&self.login), self.agent.connection)
    }

    fn wanted(&self) -> String {
        format!("Changing {} on {}", escaped(&self.login, 100), self.agent.connection)
    }

    fn approve(&self) -> String {
        format!("change {}", self.login)
    }

    fn undo(&self) -> String {
        format!("Undo the change of {}", self.login)
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Changed { differs } = outcome else { return None };
        let (login, on, differences) = (escaped(&self.login, 100), &self.agent.connection, difference_lines(differs));
        let message =
            Message::card(Tone::Good, format!("{login} on {on} was changed")).part("Before → after", &differences);
        let log = format!("changed **{login}** (`{}`): {}", self.agent, differences.join("; "));
        Some(End { message, lines: vec![format!("{login} was changed, and read back.")], log: Log::Did("✅", log) })
    }
}
