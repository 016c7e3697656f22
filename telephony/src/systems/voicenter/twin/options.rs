//! What the page leaves open about the form of an answer, each a switch.

use serde_json::{Map, Value, json};

use super::store::Said;

/// How the twin answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What the JSON looks like.
    pub shape: Shape,
    /// How numbers in it are written.
    pub numbers: Numbers,
    /// What stands before it.
    pub opening: Opening,
    /// How the message's name is spelled.
    pub spelling: Spelling,
    /// Whether `StatusError` is there on success.
    pub error_number: ErrorNumber,
}

/// What the JSON looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// As documented.
    #[default]
    Flat,
    /// `{"Status":200,"Data":{…}}`
    Nested,
    /// `[{…}]`
    List,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// `1`
    #[default]
    Plain,
    /// `"1"`
    Texts,
}

/// What stands before the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Opening {
    /// Nothing.
    #[default]
    None,
    /// A byte order mark.
    ByteOrderMark,
}

/// How the message's name is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// `StatusErroMessage`
    #[default]
    AsDocumented,
    /// `StatusErrorMessage`
    Mended,
}

/// Whether `StatusError` is there on success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorNumber {
    /// It is 1.
    #[default]
    AsDocumented,
    /// It is left out.
    Omitted,
}

impl Options {
    /// The body.
    pub(super) fn render(self, said: &Said) -> String {
        let number = |value: i64| match self.numbers {
            Numbers::Plain => json!(value),
            Numbers::Texts => json!(value.to_string()),
        };
        let mut members = Map::new();
        members.insert("Status".to_owned(), number(said.status));
        if self.error_number == ErrorNumber::AsDocumented || said.status != 1 {
            members.insert("StatusError".to_owned(), number(said.status_error));
        }
        let message = match self.spelling {
            Spelling::AsDocumented => "StatusErroMessage",
            Spelling::Mended => "StatusErrorMessage",
        };
        members.insert(message.to_owned(), json!(said.message));
        let body = match self.shape {
            Shape::Flat => Value::Object(members),
            Shape::Nested => json!({ "Status": number(200), "Data": members }),
            Shape::List => json!([members]),
        };
        match self.opening {
            Opening::None => body.to_string(),
            Opening::ByteOrderMark => format!("\u{feff}{body}"),
        }
    }
}
