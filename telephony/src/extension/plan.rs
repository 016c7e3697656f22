//! What a file of extensions comes to: a plan, row by row, or what is wrong with which cell. How it is read is in `sheet`.

use std::fmt;

use super::{ExtensionBatch, ExtensionId};
use crate::Record;

/// What a file asks for, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetPlan {
    /// Its rows, in order.
    pub rows: Vec<SheetRow>,
}

/// What a file says, row by row, also where something is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRead {
    /// The rows with which nothing is wrong, in order.
    pub rows: Vec<SheetRow>,
    /// What is wrong with the others, in order.
    pub problems: Vec<SheetProblem>,
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Its number as a spreadsheet counts: the header is 1.
    pub row: usize,
    /// What it asks for.
    pub act: SheetAct,
}

/// What one row asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetAct {
    /// A new extension with these members.
    Add(Record),
    /// These members of an extension are to be set.
    Change(ExtensionId, Record),
    /// An extension is to be deleted.
    Delete(ExtensionId),
}

/// Something that is wrong with a file. Its `Display` is one sentence for people; what stood in the file is not yet safe to
/// print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetProblem {
    /// The row, as a spreadsheet counts; `None`: it is about the file as a whole.
    pub row: Option<usize>,
    /// The column, by its name in the file; `None`: it is about the whole row.
    pub column: Option<String>,
    /// What is wrong, as a sentence.
    pub what: String,
}

impl fmt::Display for SheetProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "Row {row}, column {column}: {}", self.what),
            (Some(row), None) => write!(f, "Row {row}: {}", self.what),
            (None, Some(column)) => write!(f, "Column {column}: {}", self.what),
            (None, None) => f.write_str(&self.what),
        }
    }
}

impl SheetPlan {
    /// All of it as one request.
    #[must_use]
    pub fn batch(&self) -> ExtensionBatch {
        let mut batch = ExtensionBatch::default();
        for row in &self.rows {
            match &row.act {
                SheetAct::Add(members) => batch.added.push(members.clone()),
                SheetAct::Change(id, members) => batch.changed.push((*id, members.clone())),
                SheetAct::Delete(id) => batch.deleted.push(*id),
            }
        }
        batch
    }

    /// Whether any row deletes: then it needs what a delete needs.
    #[must_use]
    pub fn deletes(&self) -> bool {
        self.rows.iter().any(|row| matches!(row.act, SheetAct::Delete(_)))
    }
}
