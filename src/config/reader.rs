//! Walks the TOML file and notes everything that is wrong, each at its line. What the tables mean is read in
//! `sections.rs` and `connections.rs`; the forms of single values are in `values.rs`.

use std::ops::Range;

use rollcall_telephony::settings::Secrets;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::environment::Environment;
use super::problem::{Place, Problem, nearest, shown};

/// The file being read and what was found so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    /// Whether the file's own form is whole; if not, keys may be missing that its author did write.
    form: Form,
    pub(super) environment: &'a Environment,
    pub(super) problems: Vec<Problem>,
    /// Whether a secret's variable must be set where the file is being read.
    pub(super) variables: Variables,
    /// The secrets that the file names.
    pub(super) secrets: Secrets,
}

/// Whether the variables that `env:NAME` names must be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    /// They must.
    Needed,
    /// They belong to a connection that is left out, and are not asked for yet.
    Later,
}

/// Whether the file could be read as TOML throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Whole,
    Torn,
}

/// A table while it is read. Every key that is asked for is known; [`Reader::close`] reports the others.
pub(super) struct Section<'t> {
    path: String,
    span: Range<usize>,
    table: Option<&'t DeTable<'t>>,
    known: Vec<&'static str>,
}

/// A value with the path of its key.
#[derive(Clone)]
pub(super) struct Entry<'t> {
    pub(super) path: String,
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Section<'t> {
    /// The whole file.
    pub(super) fn root(table: &'t Spanned<DeTable<'t>>) -> Self {
        Self { path: String::new(), span: table.span(), table: Some(table.get_ref()), known: Vec::new() }
    }

    /// The value of `key`, if it is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Entry<'t>> {
        self.known.push(key);
        let value = self.table?.get(key)?;
        Some(Entry { path: self.path_of(key), value })
    }

    /// Where the table begins.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The table as JSON, if there is one, without a connection's own `name` and `kind`.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        self.table.map(super::connections::json)
    }

    /// The path of one of its keys.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Reader<'a> {
    /// A reader of `source`, the content of `file`.
    pub(super) fn new(file: &'a str, source: &'a str, form: Form, environment: &'a Environment) -> Self {
        let variables = Variables::Needed;
        Self { file, source, form, environment, problems: Vec::new(), variables, secrets: Secrets::new() }
    }

    /// Notes that `text` is wrong at `span`. The text must hold no secret.
    pub(super) fn wrong(&mut self, span: &Range<usize>, path: &str, text: impl Into<String>) {
        let (line, column) = line_and_column(self.source, span.start);
        let place = Place::Line { file: self.file.to_owned(), line, column, key: path.to_owned() };
        self.problems.push(Problem::new(place, text));
    }

    /// Notes that `text` is wrong with an entry. The text must hold no secret.
    pub(super) fn wrong_at(&mut self, entry: &Entry<'_>, text: impl Into<String>) {
        self.wrong(&entry.value.span(), &entry.path, text);
    }

    /// The line of a place.
    pub(super) fn line_of(&self, span: &Range<usize>) -> usize {
        line_and_column(self.source, span.start).0
    }

    /// The value of `key`, which must be there.
    pub(super) fn need<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Option<Entry<'t>> {
        let entry = section.get(key);
        if entry.is_none() && section.table.is_some() && self.form == Form::Whole {
            let path = section.path_of(key);
            let near = section.table.into_iter().flatten().map(|(word, _)| word.get_ref().as_ref());
            let text = match nearest(key, near.filter(|word| !section.known.contains(word))) {
                Some(near) => format!("it is missing; is {} meant to be it?", shown(near)),
                None => "it is missing".to_owned(),
            };
            self.wrong(&section.span, &path, text);
        }
        entry
    }

    /// The table `[key]`; an empty one when it is not there.
    pub(super) fn table<'t>(&mut self, parent: &mut Section<'t>, key: &'static str) -> Section<'t> {
        match parent.get(key) {
            Some(entry) => self.section(&entry),
            None => Section { path: parent.path_of(key), span: 0..0, table: None, known: Vec::new() },
        }
    }

    /// The table `[key]`, if it is there.
    pub(super) fn table_if_there<'t>(&mut self, parent: &mut Section<'t>, key: &'static str) -> Option<Section<'t>> {
        let entry = parent.get(key)?;
        let section = self.section(&entry);
        section.table.is_some().then_some(section)
    }

    /// The tables `[[key]]`.
    pub(super) fn tables<'t>(&mut self, parent: &mut Section<'t>, key: &'static str) -> Vec<Section<'t>> {
        let Some(entry) = parent.get(key) else { return Vec::new() };
        if matches!(entry.value.get_ref(), DeValue::Table(_)) {
            self.wrong_at(&entry, format!("write [[{key}]] with two brackets: there can be several"));
            return Vec::new();
        }
        self.items(&entry).iter().map(|item| self.section(item)).filter(|section| section.table.is_some()).collect()
    }

    /// An entry as a section; a problem and an empty one when it is no table.
    pub(super) fn section<'t>(&mut self, entry: &Entry<'t>) -> Section<'t> {
        let table = match entry.value.get_ref() {
            DeValue::Table(table) => Some(table),
            other => {
                self.wrong_at(entry, format!("it should be a table, but is {}", a(other)));
                None
            }
        };
        Section { path: entry.path.clone(), span: entry.value.span(), table, known: Vec::new() }
    }

    /// The items of a list; a problem and none when it is no list.
    pub(super) fn items<'t>(&mut self, entry: &Entry<'t>) -> Vec<Entry<'t>> {
        match entry.value.get_ref() {
            DeValue::Array(items) => items.iter().map(|value| Entry { path: entry.path.clone(), value }).collect(),
            other => {
                self.wrong_at(entry, format!("it should be a list, in square brackets, but is {}", a(other)));
                Vec::new()
            }
        }
    }

    /// Reports the keys of a table that nobody asked for.
    pub(super) fn close(&mut self, section: &Section<'_>) {
        let Some(table) = section.table else { return };
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            if section.known.contains(&word) {
                continue;
            }
            let text = match nearest(word, section.known.iter().copied()) {
                Some(near) => format!("there is no such key; did you mean \"{near}\"?"),
                None => format!("there is no such key; known here are {}", section.known.join(", ")),
            };
            let span = if key.span().is_empty() { value.span() } else { key.span() };
            self.wrong(&span, &section.path_of(word), text);
        }
    }
}

/// A value's kind in words.
pub(super) fn a(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Line and column of a byte, both from 1, the column in characters.
pub(super) fn line_and_column(source: &str, byte: usize) -> (usize, usize) {
    let before = source.get(..byte).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
