//! A deleted agent, created again. Its preview is in `../requests.rs`.

use super::super::preview::difference_lines;
use super::end::{End, Log};
use super::password::{fresh_for, note};
use super::{Words, named};
use crate::desk::{Outcome, RestoreAct};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{code, escaped, person};

impl Words for RestoreAct {
    fn to_do(&self) -> String {
        let was = code(&self.was.to_string(), 100);
        format!("restore {} on {} (it was {was})", named(&self.login), self.was.connection)
    }

    fn wanted(&self) -> String {
        format!("Restoring {} on {}", escaped(&self.login, 100), self.was.connection)
    }

    fn approve(&self) -> String {
        format!("restore {}", self.login)
    }

    fn see(&self) -> String {
        format!("/agent restore agent:{}", self.was)
    }

    fn given(&self) -> (&'static str, Vec<String>) {
        let id = format!("ID: given by {}", self.was.connection);
        ("Given anew", vec!["State: enabled".to_owned(), id, fresh_for(self.recipient)])
    }

    fn record_title(&self) -> &'static str {
        "What comes back"
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Created { agent, login, differs, password } = outcome else { return None };
        let (login, on, was) = (escaped(login, 100), &self.was.connection, &self.was);
        let mut message = Message::card(Tone::Good, format!("{login} exists on {on}"))
            .says(format!("Restored, enabled, as `{agent}`; it was `{was}`."));
        if !differs.is_empty() {
            message = message.part("⚠️ Not as it was (was → made); check it", &difference_lines(differs));
        }
        let line = format!(
            "{login} exists again, as {}; it was {}.",
            code(&agent.to_string(), 100),
            code(&was.to_string(), 100)
        );
        let to = person(self.recipient);
        let log = format!("restored **{login}** (`{agent}`, it was `{was}`); password to {to}.");
        Some(End { message: note(message, *password, on), lines: vec![line], log: Log::Did("✅", log) })
    }
}
