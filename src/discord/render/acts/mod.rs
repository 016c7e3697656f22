//! What is said of an act. Each kind has a module with everything that people read of it, from its preview to how it ended;
//! what is said of every kind alike is in `end`, `../report.rs`, `../approval.rs` and `../settled.rs`.

mod clone;
mod delete;
mod edit;
mod end;
mod extension;
mod password;
mod presence;
mod restore;
mod state;

pub(in crate::discord) use self::clone::clone_preview;
pub(in crate::discord) use self::edit::edit_preview;
use self::end::End;
pub(super) use self::end::{end, headline};
pub(in crate::discord) use self::password::reset_preview;
use crate::desk::{Act, Kind, NextWhat, Outcome, RequestCard};
use crate::discord::text::escaped;

/// The words of an act.
pub(super) fn words(act: &Act) -> &dyn Words {
    match act {
        Act::Clone(act) => act,
        Act::SetState(act) => act,
        Act::Edit(act) => act,
        Act::ResetPassword(act) => act,
        Act::Delete(act) => act,
        Act::Restore(act) => act,
        Act::Replace(act) => act,
        Act::Presence(act) => &**act,
        Act::Extension(act) => act,
    }
}

/// What is said of one kind of act; names are escaped.
pub(super) trait Words: Kind {
    /// What it does, after "asks to": "delete **ivan.ivanov** on mediatel for good".
    fn to_do(&self) -> String;

    /// The same where nobody may be mentioned.
    fn naming_nobody(&self) -> String {
        self.to_do()
    }

    /// "Deleting ivan.ivanov from mediatel".
    fn wanted(&self) -> String;

    /// The button that approves it, after "Approve: ".
    fn approve(&self) -> String;

    /// The button that takes it back.
    fn undo(&self) -> String {
        "Undo".to_owned()
    }

    /// The button that does what comes next; `None` where a menu does.
    fn next(&self, _: &NextWhat) -> Option<String> {
        None
    }

    /// What follows by itself once an approved one is done.
    fn follows(&self) -> Option<&'static str> {
        None
    }

    /// What it is about, to begin a sentence about how that is.
    fn about(&self) -> String {
        escaped(self.facts().login, 100)
    }

    /// The same by the login that it has now.
    fn about_now(&self, login: &str) -> String {
        escaped(login, 100)
    }

    /// Where to look when nobody can tell whether it was done.
    fn look(&self) -> String {
        format!("look for {} in {}", escaped(self.facts().login, 100), self.facts().connection)
    }

    /// The command that shows what does not fit on a card.
    fn see(&self) -> String {
        format!("/agent show agent:{}", self.target())
    }

    /// What approvers should know first.
    fn notes(&self, _: &RequestCard) -> Vec<String> {
        Vec::new()
    }

    /// What is given beside what the record shows: a title, and line by line.
    fn given(&self) -> (&'static str, Vec<String>) {
        ("Given anew", Vec::new())
    }

    /// The title of the record on a card that waits.
    fn record_title(&self) -> &'static str {
        "The record now"
    }

    /// How it ended, where that is an end of this kind.
    fn done(&self, outcome: &Outcome) -> Option<End>;
}

/// A login in the middle of a sentence.
fn named(login: &str) -> String {
    format!("**{}**", escaped(login, 80))
}

/// " Reason: “leaver”.", to stand behind a sentence.
fn because(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(" Reason: “{}”.", escaped(reason, 300)))
}
