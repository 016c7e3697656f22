//! A file of extensions, row by row: what it adds, changes and deletes, or everything that is wrong with it.
//!
//! Columns are named as the wire names the members, beside them `delete`. An empty number or one below 0 adds, one above
//! 0 changes, and 0 means nothing. Whether the extensions exist is not looked up here.

use std::collections::BTreeMap;

use super::table::{TextRow, rows};
use super::{
    ExtensionField, ExtensionFields, ExtensionId, SheetAct, SheetPlan, SheetProblem, SheetRead, SheetRow, fields,
};
use crate::{FieldKind, FieldValue, Record};

/// The largest file, in bytes.
const LARGEST: usize = 1_000_000;
/// The most rows, the header not counted.
const MOST: usize = 1_000;
/// The column that deletes.
const DELETE: &str = "delete";
/// What stands in a cell that empties a member. An empty cell says nothing: a table with gaps empties nothing by mistake.
const EMPTY: &str = "(empty)";
/// How much of a cell is shown, in characters.
const SHOWN: usize = 60;
/// Below this likeness (0 to 1) two names are not taken for one another.
const ALIKE: f64 = 0.6;

impl ExtensionFields {
    /// Reads a CSV file with a header: at most 1 MB and 1,000 rows, in UTF-8, with commas, semicolons or tabs between.
    ///
    /// An empty cell leaves a member as it is, or as the phone system makes it; `(empty)` empties a text or a list. A cell
    /// that looks like a formula is text.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file; then nothing of it is a plan.
    pub fn read_sheet(&self, bytes: &[u8]) -> Result<SheetPlan, Vec<SheetProblem>> {
        let SheetRead { rows, problems } = self.read_rows(bytes)?;
        if problems.is_empty() { Ok(SheetPlan { rows }) } else { Err(problems) }
    }

    /// As [`ExtensionFields::read_sheet`], and tells of the sound rows beside those that something is wrong with.
    ///
    /// # Errors
    /// What is wrong with the file as a whole, or with its header: then no row can be told.
    pub fn read_rows(&self, bytes: &[u8]) -> Result<SheetRead, Vec<SheetProblem>> {
        let whole = |what: String| vec![SheetProblem { row: None, column: None, what }];
        if bytes.len() > LARGEST {
            return Err(whole("The file is larger than 1 MB; part it into several.".to_owned()));
        }
        let mut rows = rows(bytes, MOST).map_err(whole)?.into_iter();
        let Some(header) = rows.next() else { return Err(whole("The file is empty.".to_owned())) };
        let columns = self.columns(&header)?;
        let mut sheet = Sheet { fields: self, columns, numbers: BTreeMap::new(), problems: Vec::new() };
        let read: Vec<SheetRow> = rows.filter_map(|row| sheet.row(&row)).collect();
        if read.is_empty() && sheet.problems.is_empty() {
            return Err(whole("The file has a header and no rows.".to_owned()));
        }
        Ok(SheetRead { rows: read, problems: sheet.problems })
    }

    /// What each column holds.
    fn columns(&self, header: &TextRow) -> Result<Vec<Column>, Vec<SheetProblem>> {
        let (mut columns, mut problems) = (Vec::new(), Vec::new());
        for (at, name) in header.cells.iter().enumerate() {
            let column = if name == self.id {
                Some(Column::Id)
            } else if name == DELETE {
                Some(Column::Delete)
            } else {
                self.by_wire(name).map(Column::Member)
            };
            let what = match column {
                None if name.is_empty() => format!("column {} has no name.", at + 1),
                None => format!("there is no such column{}", self.nearest(name)),
                Some(_) if header.cells.iter().take(at).any(|other| other == name) => {
                    "it stands there twice.".to_owned()
                }
                Some(column) => {
                    columns.push(column);
                    continue;
                }
            };
            let column = (!name.is_empty()).then(|| shown(name));
            problems.push(SheetProblem { row: Some(header.number), column, what });
        }
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// The nearest right name, as the end of a sentence.
    fn nearest(&self, written: &str) -> String {
        let written = written.to_lowercase();
        // Somebody may have written what people call it.
        let names = self
            .all
            .iter()
            .flat_map(|field| [(field.wire, field.wire), (field.spec.key, field.wire), (field.spec.label, field.wire)]);
        let nearest = [(self.id, self.id), (DELETE, DELETE)]
            .into_iter()
            .chain(names)
            .map(|(name, right)| (strsim::normalized_damerau_levenshtein(&written, &name.to_lowercase()), right))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        nearest.map_or_else(
            || format!("; columns are named as the phone system names them, such as {}.", self.id),
            |(_, name)| format!("; did you mean {name}?"),
        )
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Column {
    Id,
    Delete,
    Member(&'static ExtensionField),
}

/// A file while it is read.
struct Sheet<'a> {
    fields: &'a ExtensionFields,
    columns: Vec<Column>,
    /// Numbers that stood in earlier rows, and where.
    numbers: BTreeMap<i64, usize>,
    problems: Vec<SheetProblem>,
}

/// What the number of a row says.
enum Number {
    New,
    Known(ExtensionId),
}

impl Sheet<'_> {
    /// What a row asks for; `None` when something is wrong with it.
    fn row(&mut self, row: &TextRow) -> Option<SheetRow> {
        let (held, named) = (row.cells.len(), self.columns.len());
        if held != named {
            let what = if held > named {
                format!("it has {held} cells, the header {named}; a list with commas needs quotes around it.")
            } else {
                format!("it has {held} of the header's {named} cells.")
            };
            self.wrong(row, None, what);
            return None;
        }
        let before = self.problems.len();
        let (mut number, mut delete, mut members) = (Some(Number::New), Some(false), Record::default());
        for (column, cell) in self.columns.clone().into_iter().zip(&row.cells) {
            match column {
                Column::Id => number = self.number(row, cell),
                Column::Delete => delete = self.delete(row, cell),
                Column::Member(field) => self.member(row, field, cell, &mut members),
            }
        }
        let act = match (number?, delete?) {
            // What else stands in a row that deletes is of no matter: it is how the extension was.
            (Number::Known(id), true) => {
                self.problems.truncate(before);
                SheetAct::Delete(id)
            }
            (Number::New, true) => {
                let id = self.fields.id;
                self.wrong(row, Some(DELETE), format!("there is nothing to delete without a number above 0 in {id}."));
                return None;
            }
            (Number::Known(id), false) => SheetAct::Change(id, members),
            (Number::New, false) => SheetAct::Add(members),
        };
        self.says_enough(row, &act, before);
        (self.problems.len() == before).then_some(SheetRow { row: row.number, act })
    }

    /// A change changes something; a new extension has what it needs. A cell that is wrong was told already.
    fn says_enough(&mut self, row: &TextRow, act: &SheetAct, before: usize) {
        if self.problems.len() > before {
            return;
        }
        match act {
            SheetAct::Change(id, members) if members.iter().next().is_none() => {
                self.wrong(row, None, format!("it names extension {id} and nothing to change."));
            }
            SheetAct::Add(members) => {
                for field in self.fields.lacking(members) {
                    self.wrong(row, Some(field.wire), "a new extension needs one.".to_owned());
                }
            }
            SheetAct::Change(..) | SheetAct::Delete(_) => {}
        }
    }

    fn number(&mut self, row: &TextRow, cell: &str) -> Option<Number> {
        let id = self.fields.id;
        if cell.is_empty() {
            return Some(Number::New);
        }
        match cell.parse::<i64>() {
            Ok(number) if number < 0 => Some(Number::New),
            Ok(number) if number > 0 => match self.numbers.insert(number, row.number) {
                None => Some(Number::Known(ExtensionId(number))),
                Some(earlier) => {
                    self.wrong(row, Some(id), format!("extension {number} stands in row {earlier} already."));
                    None
                }
            },
            Ok(_) => {
                self.wrong(row, Some(id), "0 is no extension; leave the cell empty to add one.".to_owned());
                None
            }
            Err(_) => {
                let what =
                    format!("\"{}\" is no number that an extension has; leave the cell empty to add one.", shown(cell));
                self.wrong(row, Some(id), what);
                None
            }
        }
    }

    fn delete(&mut self, row: &TextRow, cell: &str) -> Option<bool> {
        match cell.to_lowercase().as_str() {
            "" | "no" | "n" | "false" | "0" => Some(false),
            "yes" | "y" | "x" | "true" | "1" | DELETE => Some(true),
            _ => {
                self.wrong(row, Some(DELETE), format!("\"{}\" is neither yes nor no.", shown(cell)));
                None
            }
        }
    }

    fn member(&mut self, row: &TextRow, field: &'static ExtensionField, cell: &str, members: &mut Record) {
        if cell.is_empty() {
            return;
        }
        let read = match (cell, field.spec.kind) {
            (EMPTY, FieldKind::Text { .. }) => self.fields.read_one(field, ""),
            (EMPTY, FieldKind::List) => Ok(FieldValue::List(Vec::new())),
            (EMPTY, FieldKind::Number { .. } | FieldKind::Flag) => {
                Err(format!("{} cannot be emptied.", field.spec.label))
            }
            (cell, _) => self.fields.read_one(field, cell),
        };
        match read {
            Ok(value) => fields::put(members, field.wire, &value),
            Err(what) => self.wrong(row, Some(field.wire), what),
        }
    }

    fn wrong(&mut self, row: &TextRow, column: Option<&str>, what: String) {
        self.problems.push(SheetProblem { row: Some(row.number), column: column.map(str::to_owned), what });
    }
}

/// A text from a file, cut, without what would break a line.
fn shown(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > SHOWN { shown + "…" } else { shown }
}
