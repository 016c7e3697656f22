//! What options take. What does not fit is refused in `reading.rs`.

use crate::CompletedOption;

/// One option of a command.
#[derive(Debug)]
pub(crate) struct OptionSpec {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) need: Need,
    pub(crate) shape: Shape,
}

/// Whether an option must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// What an option takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// One line of at most `max` characters.
    Text { max: u16, blank: Blank, completes: Option<CompletedOption> },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number between the two, both included.
    Number { min: i64, max: i64 },
    /// A member of the guild.
    User,
    /// The number of a request, written as text: suggestions tell what it is about.
    Request,
    /// From when on: a time back or a day.
    Since,
    /// A file of at most so many bytes.
    File { max: u32 },
}

impl Shape {
    /// What is suggested while it is typed.
    pub(crate) const fn completes(&self) -> Option<CompletedOption> {
        match self {
            Self::Text { completes, .. } => *completes,
            Self::Request => Some(CompletedOption::Request),
            Self::Choice(_) | Self::Number { .. } | Self::User | Self::Since | Self::File { .. } => None,
        }
    }
}

/// Whether a text may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blank {
    /// It says nothing and is refused.
    Refused,
    /// It empties a field.
    Clears,
}

/// One line of at most `max` characters, not empty.
pub(crate) const fn text(max: u16) -> Shape {
    Shape::Text { max, blank: Blank::Refused, completes: None }
}

/// One line of at most `max` characters; an empty one empties the field.
pub(crate) const fn clearable(max: u16) -> Shape {
    Shape::Text { max, blank: Blank::Clears, completes: None }
}

/// One line of at most `max` characters, with suggestions while it is typed.
pub(crate) const fn completed(max: u16, what: CompletedOption) -> Shape {
    Shape::Text { max, blank: Blank::Refused, completes: Some(what) }
}

/// One line of at most `max` characters, with suggestions while it is typed; an empty one empties the field.
pub(crate) const fn clearable_completed(max: u16, what: CompletedOption) -> Shape {
    Shape::Text { max, blank: Blank::Clears, completes: Some(what) }
}

/// A whole number from `min` to `max`.
pub(crate) const fn number(min: i64, max: i64) -> Shape {
    Shape::Number { min, max }
}
