//! The list after a batch: whether it is believed, and what each row came to by it.
//!
//! What stands in a list is there. What is missing proves something only if the list is whole: one that lost nearly all
//! that no row deletes is doubted, as the agents' directory doubts such a list, and so is one with extensions in it that
//! cannot be read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rollcall_telephony::{Extension, ExtensionFields, ExtensionId, ListedExtensions};

use super::act::{BatchRow, ExtensionAct, ExtensionChange, RowAct, RowOutcome, RowUntold};
use super::compare::{name_in, not_as_asked, same_name};
use crate::desk::report::Differs;
use crate::desk::{Desk, Refusal};
use crate::directory::lost_nearly_all;

/// After such a time a list that is not believed is read once more.
const ONCE_MORE: Duration = Duration::from_millis(500);

impl Desk {
    /// What each row of a batch came to, as the list shows it now.
    pub(super) async fn rows_afterwards(&self, act: &ExtensionAct) -> Result<Vec<RowOutcome>, Refusal> {
        let fields = self.extension_fields(&act.connection)?;
        let Some(before) = Before::of(act) else { return Ok(Vec::new()) };
        let first = self.read_extensions(&act.connection).await?;
        if !before.misses_too_much_in(&first) {
            return Ok(self.noted(act, Afterwards::new(fields, &before, &first, Trust::Believed).rows(act)));
        }
        tokio::time::sleep(ONCE_MORE).await;
        let second = self.read_extensions(&act.connection).await?;
        let trust = match (before.misses_too_much_in(&second), same(&first, &second)) {
            (false, _) => Trust::Believed,
            (true, true) => {
                let (had, left) = (before.there.len(), second.extensions.len());
                tracing::warn!(phone.system = %act.connection, had, left, "the list of extensions shrank, and reads the same twice: it is believed");
                Trust::Believed
            }
            (true, false) => Trust::Doubted,
        };
        Ok(self.noted(act, Afterwards::new(fields, &before, &second, trust).rows(act)))
    }

    /// What is gone is offered to nobody any more, also where the directory doubts so short a list.
    fn noted(&self, act: &ExtensionAct, rows: Vec<RowOutcome>) -> Vec<RowOutcome> {
        let gone = act.rows().iter().zip(&rows).filter(|(_, came_to)| **came_to == RowOutcome::Deleted);
        for id in gone.filter_map(|(row, _)| row.what.id()) {
            self.inner.directory.forget_extension(&act.connection, id);
        }
        rows
    }
}

/// Whether two lists tell of the same extensions.
fn same(one: &ListedExtensions, other: &ListedExtensions) -> bool {
    let numbers = |list: &ListedExtensions| list.ids().collect::<BTreeSet<_>>();
    numbers(one) == numbers(other) && one.unnumbered() == other.unnumbered()
}

/// What was there when a batch was shown.
struct Before<'a> {
    rows: &'a [BatchRow],
    there: BTreeSet<ExtensionId>,
    unnumbered: usize,
}

impl<'a> Before<'a> {
    /// `None`: it is no batch.
    fn of(act: &'a ExtensionAct) -> Option<Self> {
        match &act.change {
            ExtensionChange::Batch { rows, there, unnumbered, .. } => {
                Some(Self { rows, there: there.iter().copied().collect(), unnumbered: *unnumbered })
            }
            ExtensionChange::Create { .. } | ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. } => None,
        }
    }

    /// Whether a list lacks all, or nearly all, that no row deletes. Nothing at all is doubted also where a row adds.
    fn misses_too_much_in(&self, list: &ListedExtensions) -> bool {
        let deleted: BTreeSet<ExtensionId> = self
            .rows
            .iter()
            .filter(|row| matches!(row.what, RowAct::Delete { .. }))
            .filter_map(|r| r.what.id())
            .collect();
        let now: BTreeSet<ExtensionId> = list.ids().collect();
        let stay = self.there.difference(&deleted).count();
        let left = self.there.difference(&deleted).filter(|id| now.contains(id)).count() + list.unnumbered();
        let adds = self.rows.iter().any(|row| matches!(row.what, RowAct::Add { .. }));
        lost_nearly_all(stay, left) || (adds && now.is_empty() && left == 0)
    }
}

/// Whether what a list lacks is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    Believed,
    Doubted,
}

/// A list after a batch, and what it can tell.
struct Afterwards<'a> {
    fields: &'a ExtensionFields,
    now: BTreeMap<ExtensionId, &'a Extension>,
    list: &'a ListedExtensions,
    /// Those that were not there before.
    new: Vec<&'a Extension>,
    trust: Trust,
    /// Whether there are more extensions than before that tell nothing, not even their number: any may be one of them.
    unnumbered: bool,
    /// Whether there are new ones that tell nothing but their number: an added one may be one of them.
    unnamed: bool,
}

impl<'a> Afterwards<'a> {
    fn new(fields: &'a ExtensionFields, before: &Before<'_>, list: &'a ListedExtensions, trust: Trust) -> Self {
        Self {
            fields,
            now: list.extensions.iter().map(|extension| (extension.id, extension)).collect(),
            list,
            new: list.extensions.iter().filter(|it| !before.there.contains(&it.id)).collect(),
            trust,
            unnumbered: list.unnumbered() > before.unnumbered,
            unnamed: list.unreadable.iter().flatten().any(|id| !before.there.contains(id)),
        }
    }

    fn rows(&self, act: &ExtensionAct) -> Vec<RowOutcome> {
        act.rows().iter().map(|row| self.row(row)).collect()
    }

    /// What a row came to.
    fn row(&self, row: &BatchRow) -> RowOutcome {
        match &row.what {
            RowAct::Delete { id } if self.now.contains_key(id) || self.list.is_unreadable(*id) => RowOutcome::NotDone,
            RowAct::Delete { .. } => self.absent().unwrap_or(RowOutcome::Deleted),
            RowAct::Change { id, members, differs } => match self.now.get(id) {
                Some(now) => {
                    let other = not_as_asked(self.fields, members, now);
                    let untouched =
                        |d: &Differs| differs.iter().any(|was| was.label == d.label && was.before == d.after);
                    if other.is_empty() {
                        RowOutcome::Changed
                    } else if other.len() == differs.len() && other.iter().all(untouched) {
                        RowOutcome::NotDone
                    } else {
                        RowOutcome::Otherwise { differs: other }
                    }
                }
                None if self.list.is_unreadable(*id) => RowOutcome::Untold { why: RowUntold::Unreadable },
                None => self.absent().unwrap_or_else(gone),
            },
            RowAct::Add { members } => {
                let name = name_in(self.fields, members).unwrap_or_else(|| row.name.clone());
                let called = self.new.iter().filter(|it| same_name(&it.name, &name));
                let nearest = called
                    .map(|it| (it.id, not_as_asked(self.fields, members, it)))
                    .min_by_key(|(_, differs)| differs.len());
                match nearest {
                    Some((id, differs)) if differs.is_empty() => RowOutcome::Added { id },
                    Some((_, differs)) => RowOutcome::Otherwise { differs },
                    None if self.unnamed => RowOutcome::Untold { why: RowUntold::Unreadable },
                    None => self.absent().unwrap_or(RowOutcome::NotDone),
                }
            }
        }
    }

    /// What is to be said of a row whose extension is missing; `None`: it is gone, or never was.
    fn absent(&self) -> Option<RowOutcome> {
        let why = match self.trust {
            Trust::Doubted => Some(RowUntold::Doubted),
            Trust::Believed => self.unnumbered.then_some(RowUntold::Unreadable),
        };
        why.map(|why| RowOutcome::Untold { why })
    }
}

/// A changed extension that is not there any more.
fn gone() -> RowOutcome {
    let (label, before, after) = ("Extension".to_owned(), "changed".to_owned(), "gone".to_owned());
    RowOutcome::Otherwise { differs: vec![Differs { label, before, after }] }
}
