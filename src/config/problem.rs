//! What is wrong with the settings: every problem at its place, all told at once. No secret value ever enters one.

use std::fmt;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    place: Place,
    text: String,
}

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An environment variable, by name.
    Variable(String),
    /// A whole file: it is missing or cannot be read.
    File(String),
    /// A place in a file; line and column count from 1, columns in characters.
    Line {
        /// The file as it was named.
        file: String,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The key with the tables it stands in: `passwords.length`; empty for the file's own form.
        key: String,
    },
}

impl Problem {
    /// Says that `text` is wrong at `place`. The text must hold no secret.
    pub(super) fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }

    /// Where it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong and, where it can be told, what would be right.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File(file) => f.write_str(file),
            Self::Line { file, line, column, key } if key.is_empty() => write!(f, "{file}:{line}:{column}"),
            Self::Line { file, line, column, key } => write!(f, "{file}:{line}:{column} `{key}`"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Everything that is wrong, at least one thing, in the order of the file; variables come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Answers `value` if nothing is wrong.
    pub(super) fn check<T>(mut problems: Vec<Problem>, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => {
                problems.sort_by_key(|problem| match &problem.place {
                    Place::Variable(_) => (0, 0, 0),
                    Place::File(_) => (1, 0, 0),
                    Place::Line { line, column, .. } => (2, *line, *column),
                });
                problems.dedup();
                Err(Self(problems))
            }
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => writeln!(f, "One thing in the settings has to be mended first:")?,
            many => writeln!(f, "{many} things in the settings have to be mended first:")?,
        }
        for (number, problem) in (1..).zip(&self.0) {
            write!(f, "\n{number:>3}. {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The word nearest to `word`, if one is near enough to be meant.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_lowercase();
    words
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// `; did you mean "x"?`, the words to choose from when they are few, or nothing.
pub(super) fn hint(word: &str, words: &[&str]) -> String {
    match nearest(word, words.iter().copied()) {
        Some(near) => format!("; did you mean \"{near}\"?"),
        None if (1..=8).contains(&words.len()) => format!("; it can be {}", one_of(words)),
        None => String::new(),
    }
}

/// `"a"`, `"a" or "b"`, `"a", "b" or "c"`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// What stands in the file, fit to be shown: quoted, control and direction-changing characters escaped, cut at 48
/// characters. Not for values that may be secrets.
pub(super) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(48).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("\"{}{dots}\"", cut.escape_debug())
}
