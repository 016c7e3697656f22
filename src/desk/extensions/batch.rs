//! A file of extensions, up to the point where it is offered: every row against the phone system as it is now.
//!
//! A row that changes nothing is no mistake: people export a list, change three lines and hand in all of it. Such a row is
//! shown as one that changes nothing, and is not sent.

use std::collections::{BTreeMap, HashMap, HashSet};

use rollcall_commands::Permission;
use rollcall_telephony::{
    ConnectionName, Extension, ExtensionFields, ExtensionId, ListedExtensions, SheetAct, SheetProblem, SheetRead,
    SheetRow,
};

use super::act::{BatchRow, ExtensionAct, ExtensionChange, RowAct};
use super::compare::{changing, fingerprint_of, folded, name_column, name_in};
use super::shown::{BatchLine, BatchPreview, LineWhat};
use crate::desk::act::Act;
use crate::desk::offers::Offered;
use crate::desk::{Desk, Refusal};
use crate::policy::Actor;

/// How much of a file's name is kept, in characters.
const FILE_MAX: usize = 100;

impl Desk {
    /// Reads a file of extensions, checks every row against the phone system and offers it where nothing is wrong.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_batch(
        &self,
        actor: &Actor,
        connection: &ConnectionName,
        file: &str,
        bytes: &[u8],
    ) -> Result<BatchPreview, Refusal> {
        let connection = self.which_connection(actor, Some(connection.as_str()), Permission::ExtensionWrite)?;
        let mut second = self.permit(actor, Permission::ExtensionWrite, &connection)?;
        let fields = self.extension_fields(&connection)?;
        let file = file_name(file);
        let sheet = |problems| Refusal::Sheet { file: file.clone(), problems };
        let SheetRead { rows, problems } = fields.read_rows(bytes).map_err(sheet)?;
        let deletes = rows.iter().filter(|row| matches!(row.act, SheetAct::Delete(_))).count();
        if deletes > 0 {
            second = self.permit(actor, Permission::ExtensionDelete, &connection)?.or(second);
        }
        let list = self.read_extensions(&connection).await?;
        let desired = Against { fields, connection: &connection, list: &list };
        let (mut lines, mut acts) = (Vec::new(), Vec::new());
        for row in rows {
            let (line, act) = desired.row(row);
            lines.push(line);
            acts.extend(act);
        }
        desired.names(&acts, &mut lines);
        unreadable(problems, &mut lines);
        lines.sort_by_key(|line| line.row);
        let mut offer = None;
        if lines.iter().all(|line| line.problems.is_empty()) {
            if acts.is_empty() {
                return Err(Refusal::Already { login: file, how: "as you want it".to_owned() });
            }
            let fingerprint = fingerprint_of(&named(&list.extensions, &acts));
            let (there, unnumbered) = (list.ids().collect(), list.unnumbered());
            let change = ExtensionChange::Batch { file: file.clone(), rows: acts, fingerprint, there, unnumbered };
            let act = Act::Extension(ExtensionAct { connection: connection.clone(), change });
            offer = Some(self.make_offer(actor.id, &Offered::Act(act)).await?);
        }
        Ok(BatchPreview { connection, file, rows: lines, offer, deletes, second, fields })
    }
}

/// Of these extensions, those that the rows name.
pub(super) fn named(list: &[Extension], rows: &[BatchRow]) -> Vec<Extension> {
    list.iter().filter(|it| rows.iter().any(|row| row.what.id() == Some(it.id))).cloned().collect()
}

/// What rows are checked against.
struct Against<'a> {
    fields: &'a ExtensionFields,
    connection: &'a ConnectionName,
    list: &'a ListedExtensions,
}

impl Against<'_> {
    /// What a row would do; nothing is sent of one that is wrong or changes nothing.
    fn row(&self, SheetRow { row, act }: SheetRow) -> (BatchLine, Option<BatchRow>) {
        let there = |id: ExtensionId| self.list.get(id);
        let (name, line, what, problem) = match act {
            SheetAct::Add(members) => {
                let name = name_in(self.fields, &members).unwrap_or_default();
                (name, LineWhat::Add { members: members.clone() }, Some(RowAct::Add { members }), None)
            }
            SheetAct::Change(id, members) => {
                if let Some(extension) = there(id) {
                    let (members, differs) = changing(self.fields, extension, &members);
                    let what = RowAct::Change { id, members, differs: differs.clone() };
                    let what = (!differs.is_empty()).then_some(what);
                    let secret = what.is_some() && !extension.withheld.is_empty();
                    let (what, problem) = if secret { (None, Some(self.secret(row))) } else { (what, None) };
                    (extension.name.clone(), LineWhat::Change { id, differs }, what, problem)
                } else {
                    let name = name_in(self.fields, &members).unwrap_or_default();
                    (name, LineWhat::Change { id, differs: Vec::new() }, None, Some(self.missing(row, id)))
                }
            }
            SheetAct::Delete(id) => match there(id) {
                Some(it) => (it.name.clone(), LineWhat::Delete { id }, Some(RowAct::Delete { id }), None),
                None => (String::new(), LineWhat::Delete { id }, None, Some(self.missing(row, id))),
            },
        };
        let act = what.map(|what| BatchRow { row, name: name.clone(), what });
        (BatchLine { row, name, what: line, problems: problem.into_iter().collect() }, act)
    }

    fn missing(&self, row: usize, id: ExtensionId) -> SheetProblem {
        let on = self.connection;
        let what = if self.list.is_unreadable(id) {
            format!("extension {id} is on {on}, but its record cannot be read; look at it in the phone system itself.")
        } else if self.list.unnumbered() > 0 {
            format!("extension {id} is not in the list of {on}, or is one of those in it that cannot be read.")
        } else {
            format!("{on} has no extension {id} (any more).")
        };
        SheetProblem { row: Some(row), column: Some(self.fields.id.to_owned()), what }
    }

    /// A changed row is sent whole, and a secret can be neither read nor left out of what is whole.
    fn secret(&self, row: usize) -> SheetProblem {
        let what = format!(
            "{} keeps a secret in this extension, which I neither read nor repeat, and a batch sends all that an \
             extension has. Change it by itself, with /extension edit.",
            self.connection
        );
        SheetProblem { row: Some(row), column: None, what }
    }

    /// Marks the rows that give a name which another extension has once all of them are done.
    fn names(&self, acts: &[BatchRow], lines: &mut [BatchLine]) {
        let name_of = |row: &BatchRow| match &row.what {
            RowAct::Add { .. } => Some(row.name.clone()),
            RowAct::Change { members, .. } => name_in(self.fields, members),
            RowAct::Delete { .. } => None,
        };
        let names: Vec<(usize, Option<ExtensionId>, String)> =
            acts.iter().filter_map(|row| Some((row.row, row.what.id(), name_of(row)?))).collect();
        let deleted =
            acts.iter().filter(|row| matches!(row.what, RowAct::Delete { .. })).filter_map(|row| row.what.id());
        let touched: HashSet<ExtensionId> = names.iter().filter_map(|(_, id, _)| *id).chain(deleted).collect();
        // A thousand rows meet a list of any length: each name is looked up, not compared with all others.
        let keeps = self.list.extensions.iter().rev().filter(|it| !touched.contains(&it.id));
        let keeps: HashMap<String, ExtensionId> = keeps.map(|it| (folded(&it.name), it.id)).collect();
        let mut given_by: HashMap<String, usize> = HashMap::new();
        for (row, _, name) in &names {
            let earlier = *given_by.entry(folded(name)).or_insert(*row);
            let what = match keeps.get(&folded(name)) {
                Some(other) => format!("extension {other} has that name already."),
                None if earlier != *row => format!("row {earlier} gives that name already."),
                None => continue,
            };
            if let Some(line) = lines.iter_mut().find(|line| line.row == *row) {
                line.problems.push(SheetProblem { row: Some(*row), column: name_column(self.fields), what });
            }
        }
    }
}

/// Adds a line for each row that cannot be read.
fn unreadable(problems: Vec<SheetProblem>, lines: &mut Vec<BatchLine>) {
    let mut rows: BTreeMap<usize, Vec<SheetProblem>> = BTreeMap::new();
    for problem in problems {
        rows.entry(problem.row.unwrap_or_default()).or_default().push(problem);
    }
    lines.extend(rows.into_iter().map(|(row, problems)| BatchLine {
        row,
        name: String::new(),
        what: LineWhat::Unreadable,
        problems,
    }));
}

/// A file's name as it is kept: one line, not too long.
fn file_name(file: &str) -> String {
    let name: String = file.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(FILE_MAX).collect();
    if name.is_empty() { "the file".to_owned() } else { name }
}
