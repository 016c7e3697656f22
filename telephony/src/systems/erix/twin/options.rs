//! What the page leaves open about the form of an answer, each a switch.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::store::Said;

/// How the twin answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What the JSON looks like.
    pub shape: Shape,
    /// How the names of its members are written.
    pub keys: Keys,
    /// How flags and numbers in it are written.
    pub numbers: Numbers,
    /// What stands before it.
    pub opening: Opening,
    /// How "alredy" is spelled.
    pub spelling: Spelling,
    /// Which HTTP status goes with a bad request.
    pub statuses: Statuses,
}

/// What the JSON looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// `{"success":"Login OK"}` and `{"error":"Agent not exists"}`: the likeliest reading.
    #[default]
    Flat,
    /// `{"status":200,"result":{"success":"Login OK"}}`
    Nested,
    /// `[{"success":"Login OK"}]`
    List,
    /// `{"success":true,"message":"Login OK"}`
    SuccessFlag,
    /// `{"error":false,"message":"Login OK"}`
    ErrorFlag,
    /// `{"message":"Login OK"}`
    MessageOnly,
    /// `Login OK`, no JSON at all.
    BareText,
}

/// How members' names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keys {
    /// `success`
    #[default]
    Lower,
    /// `SUCCESS`
    Upper,
}

/// How flags and numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// `200`, `true`
    #[default]
    Plain,
    /// `"200"`, `"1"` and `"0"`
    Texts,
}

/// What stands before the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Opening {
    /// Nothing.
    #[default]
    None,
    /// A byte order mark and a line break, as PHP files leave them.
    ByteOrderMark,
}

/// How "alredy" is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// `alredy`
    #[default]
    AsDocumented,
    /// `already`
    Mended,
}

/// Which HTTP status goes with a bad request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Statuses {
    /// 400.
    #[default]
    AsDocumented,
    /// 200, as for everything else.
    Always200,
}

impl Options {
    /// HTTP status and body.
    pub(super) fn render(self, said: &Said) -> (StatusCode, String) {
        let (good, status, text) = match said {
            Said::Done(text) => (true, StatusCode::OK, *text),
            Said::No(text) => (false, StatusCode::OK, text.as_str()),
            Said::BadRequest(text) => match self.statuses {
                Statuses::AsDocumented => (false, StatusCode::BAD_REQUEST, *text),
                Statuses::Always200 => (false, StatusCode::OK, *text),
            },
        };
        let text = match self.spelling {
            Spelling::AsDocumented => text.to_owned(),
            Spelling::Mended => text.replace("alredy", "already"),
        };
        let body = match self.shape {
            Shape::BareText => text,
            Shape::Flat => self.only(good, &text).to_string(),
            Shape::List => json!([self.only(good, &text)]).to_string(),
            Shape::Nested => json!({
                self.key("status"): self.number(status.as_u16()),
                self.key("result"): self.only(good, &text),
            })
            .to_string(),
            Shape::SuccessFlag => {
                json!({ self.key("success"): self.flag(good), self.key("message"): text }).to_string()
            }
            Shape::ErrorFlag => json!({ self.key("error"): self.flag(!good), self.key("message"): text }).to_string(),
            Shape::MessageOnly => json!({ self.key("message"): text }).to_string(),
        };
        let opening = match self.opening {
            Opening::None => "",
            Opening::ByteOrderMark => "\u{feff}\r\n",
        };
        (status, format!("{opening}{body}"))
    }

    /// The object with one member.
    fn only(self, good: bool, text: &str) -> Value {
        json!({ self.key(if good { "success" } else { "error" }): text })
    }

    fn key(self, name: &str) -> String {
        match self.keys {
            Keys::Lower => name.to_owned(),
            Keys::Upper => name.to_uppercase(),
        }
    }

    fn flag(self, value: bool) -> Value {
        match self.numbers {
            Numbers::Plain => json!(value),
            Numbers::Texts => json!(u8::from(value).to_string()),
        }
    }

    fn number(self, value: u16) -> Value {
        match self.numbers {
            Numbers::Plain => json!(value),
            Numbers::Texts => json!(value.to_string()),
        }
    }
}
