//! An agent's password: a fresh one, or another for one that nobody opened in time. How it travels is in `../report.rs` and
//! `../handover.rs`.

use rollcall_telephony::ConnectionName;
use serenity::all::ButtonStyle;
use serenity::model::id::UserId;

use super::super::preview::{decide, label, second_note};
use super::end::{End, Log};
use super::{Words, named};
use crate::desk::{Masked, Outcome, PasswordNote, ReplaceAct, ResetAct, ResetPreview};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, person};

/// The preview of a fresh password.
pub(in crate::discord) fn reset_preview(preview: &ResetPreview, recipient: UserId) -> Message {
    let login = escaped(&preview.login, 100);
    Message::card(Tone::Question, format!("Give {login} on {} a fresh password?", preview.agent.connection))
        .says(format!(
            "The old one stops working at once. The fresh one goes to {} by direct message.",
            person(recipient)
        ))
        .says(format!("This button works until {}.", clock(preview.expires_at)))
        .says(second_note(preview.second))
        .buttons(&decide(
            preview.offer,
            &label(preview.second, "Reset the password of", &preview.login),
            ButtonStyle::Danger,
        ))
}

/// That a password goes to somebody, for a card.
pub(super) fn fresh_for(recipient: UserId) -> String {
    format!("Password: a fresh one, by direct message to {}", person(recipient))
}

/// With what is to be said of a password that was set.
pub(super) fn note(message: Message, password: PasswordNote, on: &ConnectionName) -> Message {
    match password {
        PasswordNote::Fine => message,
        PasswordNote::Repaired => message.says(format!(
            "⚠️ {on} hashes passwords by itself. I repaired this account; whoever installed me should set \
             `password_encoding = \"plain\"` for {on}."
        )),
        PasswordNote::RepairFailed => message.says(format!(
            "⚠️ {on} hashes passwords by itself and refused the repair, so this account has no usable password. Whoever \
             installed me should set `password_encoding = \"plain\"` for {on}; then `/agent reset-password`."
        )),
        PasswordNote::StoresAsSent => message.says(format!(
            "⚠️ {on} stores the password exactly as I send it. If a login with it fails, whoever installed me should set \
             `password_encoding = \"md5-16\"` for {on}. Please try a login."
        )),
        PasswordNote::TryLogin => {
            message.says(format!("⚠️ {on} does not show what it stored. Please try a login with the password."))
        }
    }
}

impl Words for ResetAct {
    fn to_do(&self) -> String {
        format!("{}, for {}", self.naming_nobody(), person(self.recipient))
    }

    fn naming_nobody(&self) -> String {
        format!("give {} on {} a fresh password", named(&self.login), self.agent.connection)
    }

    fn wanted(&self) -> String {
        format!("A fresh password for {} on {}", escaped(&self.login, 100), self.agent.connection)
    }

    fn approve(&self) -> String {
        format!("reset password of {}", self.login)
    }

    fn given(&self) -> (&'static str, Vec<String>) {
        ("Given anew", vec![fresh_for(self.recipient)])
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::PasswordSet { password } = outcome else { return None };
        let (login, on) = (escaped(&self.login, 100), &self.agent.connection);
        let message = Message::card(Tone::Good, format!("{login} on {on} has a fresh password"))
            .says("The old one no longer works.");
        let to = person(self.recipient);
        let log = format!("reset the password of **{login}** (`{}`); it goes to {to}.", self.agent);
        let lines = vec![format!("{login} has a fresh password.")];
        Some(End { message: note(message, *password, on), lines, log: Log::Did("✅", log) })
    }
}

impl Words for ReplaceAct {
    fn to_do(&self) -> String {
        format!("replace the password of {} on {}", named(&self.login), self.agent.connection)
    }

    fn wanted(&self) -> String {
        format!("Replacing the unopened password of {} on {}", escaped(&self.login, 100), self.agent.connection)
    }

    fn approve(&self) -> String {
        format!("replace password of {}", self.login)
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let (login, on, agent) = (escaped(&self.login, 100), &self.agent.connection, &self.agent);
        let (message, log) = if let Outcome::LeftAlone { masked } = outcome {
            let log = format!("⌛ The password of **{login}** (`{agent}`) was never opened; {on} was left as it is.");
            (left_alone(&login, on, *masked), log)
        } else if *outcome == Outcome::Replaced {
            let message = Message::card(Tone::Plain, format!("The password of {login} on {on} was replaced"))
                .says("Nobody opened it in time, so it was replaced by one that nobody knows.")
                .says("Next: `/agent reset-password` gives a fresh one to whoever needs it.");
            (message, format!("♻️ The password of **{login}** (`{agent}`) was never opened and was replaced."))
        } else {
            return None;
        };
        Some(End { message, lines: vec!["Its password was seen to.".to_owned()], log: Log::ByItself(log) })
    }
}

fn left_alone(login: &str, on: &ConnectionName, masked: Masked) -> Message {
    let title = format!("The password of {login} on {on} was not opened in time");
    match masked {
        Masked::Shown => Message::card(Tone::Plain, title)
            .says(format!("{on} holds another one by now, so nothing was changed there. My copy is erased.")),
        Masked::Hidden => Message::card(Tone::Bad, title)
            .says(format!(
                "{on} does not show whether it is still in use, so nothing was changed there. My copy is erased."
            ))
            .says("Next: if nobody else set one, `/agent reset-password` makes the old one useless."),
    }
}
