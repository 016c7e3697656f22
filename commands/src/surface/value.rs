//! What stands in options and in the fields they are read into.

use rollcall_telephony::FieldKey;
use serenity::model::id::UserId;

use super::{Need, OptionSpec, Shape};
use crate::{AgentText, AttachedFile, ExtensionText, RequestNumber, RequestState, Since, StateFilter};

/// An option's value, as Discord sends it, after it was checked against its [`Shape`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Raw {
    Text(String),
    Number(i64),
    User(UserId),
    File(AttachedFile),
}

impl Raw {
    /// The value as a person would type it; a file has a name only.
    pub(crate) fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::User(user) => user.to_string(),
            Self::File(file) => file.filename.clone(),
        }
    }
}

/// What can stand in a command's field.
pub(crate) trait Value: Sized {
    const NEED: Need;

    /// `None`: that is not what the option's shape promised.
    fn from_raw(raw: Option<Raw>) -> Option<Self>;

    /// `None`: not filled in.
    fn to_raw(&self) -> Option<Raw>;

    fn is_absent(&self) -> bool {
        self.to_raw().is_none()
    }
}

/// What can stand in an option.
pub(crate) trait Single: Sized {
    fn from_one(raw: Raw) -> Option<Self>;
    fn to_one(&self) -> Raw;
}

impl<T: Single> Value for T {
    const NEED: Need = Need::Required;

    fn from_raw(raw: Option<Raw>) -> Option<Self> {
        raw.and_then(T::from_one)
    }

    fn to_raw(&self) -> Option<Raw> {
        Some(self.to_one())
    }
}

impl<T: Single> Value for Option<T> {
    const NEED: Need = Need::Optional;

    fn from_raw(raw: Option<Raw>) -> Option<Self> {
        match raw {
            None => Some(None),
            Some(raw) => T::from_one(raw).map(Some),
        }
    }

    fn to_raw(&self) -> Option<Raw> {
        self.as_ref().map(T::to_one)
    }
}

impl Single for String {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::Text(text) = raw { Some(text) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.clone())
    }
}

impl Single for AgentText {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).map(Self)
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.0.clone())
    }
}

impl Single for ExtensionText {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).map(Self)
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.0.clone())
    }
}

impl Single for AttachedFile {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::File(file) = raw { Some(file) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::File(self.clone())
    }
}

impl Single for StateFilter {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).and_then(|word| Self::from_word(&word))
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.word().to_owned())
    }
}

impl Single for RequestState {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).and_then(|word| Self::from_word(&word))
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.word().to_owned())
    }
}

impl Single for RequestNumber {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).and_then(|text| text.parse().ok())
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.to_string())
    }
}

impl Single for Since {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).and_then(|text| text.parse().ok())
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.to_string())
    }
}

impl Single for i64 {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::Number(number) = raw { Some(number) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::Number(*self)
    }
}

impl Single for UserId {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::User(user) = raw { Some(user) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::User(*self)
    }
}

/// Fields that were kept as text, as the options that a person would type; those of a modal are no options and are left
/// out.
pub(crate) fn typed(
    options: &'static [OptionSpec],
    fields: &[(FieldKey, String)],
) -> impl Iterator<Item = (&'static str, Raw)> {
    fields.iter().filter_map(|(key, value)| {
        let option = options.iter().find(|option| option.name == key.0)?;
        let raw = match option.shape {
            Shape::Number { .. } => Raw::Number(value.parse().ok()?),
            Shape::Text { .. } | Shape::Choice(_) | Shape::Request | Shape::Since => Raw::Text(value.clone()),
            // Kept whole in a field of their own, never as text.
            Shape::User | Shape::File { .. } => return None,
        };
        Some((option.name, raw))
    })
}
