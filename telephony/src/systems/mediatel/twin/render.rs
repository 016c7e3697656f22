//! What the twin answers, as the documents' envelope.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::options::{Numbers, Options, Passwords, Statuses};
use crate::Record;

/// An answer before it is written.
#[derive(Debug)]
pub(super) enum Reply {
    /// These objects.
    Result(Vec<Record>),
    /// No: a code, "Error Details" and "Entity Types".
    Refused {
        /// `error.code`
        code: u16,
        /// 100 to 106.
        detail: u8,
        /// 0 to 4; none where the tables have no number for what it is about.
        entity: Option<u8>,
    },
    /// The documents have no such request.
    Unexpected,
}

impl Reply {
    pub(super) fn refused(code: u16, detail: u8, entity: impl Into<Option<u8>>) -> Self {
        Self::Refused { code, detail, entity: entity.into() }
    }

    /// HTTP status and body.
    pub(super) fn render(self, options: &Options) -> (StatusCode, String) {
        let shape = options.errors;
        let number = |n: u16| match shape.numbers {
            Numbers::Plain => json!(n),
            Numbers::Texts => json!(n.to_string()),
        };
        let mut error = Map::new();
        let (code, result) = match self {
            Self::Result(records) => {
                error.insert("code".to_owned(), number(200));
                (200, records.into_iter().map(|record| shown(record, options.passwords)).collect())
            }
            Self::Refused { code, detail, entity } => {
                error.insert("code".to_owned(), number(code));
                error.insert("message".to_owned(), json!(message(detail)));
                error.insert(shape.detail.to_owned(), number(detail.into()));
                if let Some(entity) = entity {
                    error.insert(shape.entity.to_owned(), number(entity.into()));
                }
                (code, Vec::new())
            }
            Self::Unexpected => {
                error.insert("code".to_owned(), number(501));
                (501, Vec::new())
            }
        };
        let status = match shape.statuses {
            Statuses::AsCode => StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Statuses::Always200 if code == 501 => StatusCode::NOT_IMPLEMENTED,
            Statuses::Always200 => StatusCode::OK,
        };
        let mut body = Record::default();
        body.set("error", &Value::Object(error));
        body.set("result", &result);
        (status, serde_json::to_string(&body).unwrap_or_default())
    }
}

/// "Error Details", as the documents put them; 104 is blank there.
const fn message(detail: u8) -> &'static str {
    match detail {
        100 => "Invalid parameters",
        101 => "Invalid name",
        102 => "Name in use",
        103 => "No permissions",
        105 => "Other",
        106 => "Object in use",
        _ => "",
    }
}

fn shown(mut record: Record, passwords: Passwords) -> Record {
    match passwords {
        Passwords::AsSent | Passwords::Digests => {}
        Passwords::Masked => {
            if record.raw("Password").is_some() {
                record.set("Password", "********");
            }
        }
        Passwords::Omitted => {
            record.remove("Password");
        }
    }
    record
}
