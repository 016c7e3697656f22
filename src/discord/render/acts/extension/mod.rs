//! Extensions, one or many. How an act on them ended is in `ended`; previews are in `../../extensions/`.

mod ended;
mod untold;

use self::ended::ended;
pub(super) use self::ended::headline;
use super::Words;
use super::end::End;
use crate::desk::{ExtensionAct, ExtensionChange, Outcome, RowAct};
use crate::discord::render::extensions::{count, kinds, of_them, set, the_rows};
use crate::discord::text::{code, escaped, plain};

impl Words for ExtensionAct {
    fn to_do(&self) -> String {
        let (name, on) = (escaped(self.name(), 80), &self.connection);
        match &self.change {
            ExtensionChange::Create { .. } => format!("create extension **{name}** on {on}"),
            ExtensionChange::Edit { id, .. } => format!("change extension **{name}** ({id}) on {on}"),
            ExtensionChange::Delete { id, .. } => format!("delete extension **{name}** ({id}) on {on} for good"),
            ExtensionChange::Batch { rows, .. } => {
                format!("carry out {} of **{name}** on {on} ({})", the_rows(rows.len()), kinds(rows))
            }
        }
    }

    fn wanted(&self) -> String {
        let (name, on) = (escaped(self.name(), 100), &self.connection);
        match &self.change {
            ExtensionChange::Create { .. } => format!("Creating extension {name} on {on}"),
            ExtensionChange::Edit { id, .. } => format!("Changing extension {name} ({id}) on {on}"),
            ExtensionChange::Delete { id, .. } => format!("Deleting extension {name} ({id}) from {on}"),
            ExtensionChange::Batch { rows, .. } => format!("Carrying out {} of {name} on {on}", the_rows(rows.len())),
        }
    }

    fn approve(&self) -> String {
        let name = self.name();
        match &self.change {
            ExtensionChange::Create { .. } => format!("create extension {name}"),
            ExtensionChange::Edit { id, .. } => format!("change extension {} ({id})", plain(name, 40)),
            ExtensionChange::Delete { id, .. } => format!("delete extension {} ({id})", plain(name, 40)),
            ExtensionChange::Batch { rows, .. } => {
                let deletes = rows.iter().filter(|row| matches!(row.what, RowAct::Delete { .. })).count();
                format!("{} of {}{}", count(rows.len(), "row"), plain(name, 30), of_them(deletes))
            }
        }
    }

    fn about(&self) -> String {
        let name = escaped(self.name(), 100);
        match &self.change {
            ExtensionChange::Create { .. } => format!("Extension {name}"),
            ExtensionChange::Edit { id, .. } | ExtensionChange::Delete { id, .. } => format!("Extension {name} ({id})"),
            ExtensionChange::Batch { .. } => format!("What {name} changes"),
        }
    }

    fn about_now(&self, _: &str) -> String {
        self.about()
    }

    fn look(&self) -> String {
        format!("look at {}", code(&self.see(), 100))
    }

    fn see(&self) -> String {
        self.id().map_or_else(
            || format!("/extension list connection:{}", self.connection),
            |id| format!("/extension show extension:{}:{id}", self.connection),
        )
    }

    fn given(&self) -> (&'static str, Vec<String>) {
        ("What is sent", set(self))
    }

    fn record_title(&self) -> &'static str {
        if self.deletes() { "Everything that goes" } else { "The record now" }
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        ended(self, outcome)
    }
}
