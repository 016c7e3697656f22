//! Emoji as reactions name them: Unicode's own, and the custom ones of a guild. See [Discord Docs/Emoji Resource].
//! Who may use which one is decided by `rest/reactions.rs` and by people's clients.

use serde_json::{Value, json};
use std::fmt;

/// An emoji under a message.
#[derive(Clone, Debug)]
pub(crate) enum Emoji {
    /// One of Unicode's.
    Unicode(String),
    /// A custom one, known by its id; its name may be anything, even a Unicode emoji.
    Custom { name: String, id: u64 },
}

impl Emoji {
    /// Reads an emoji as paths write it: the emoji itself, or `name:id`. `None` for what is no emoji.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some((name, id)) = text.rsplit_once(':') {
            let name = name.strip_prefix("a:").unwrap_or(name);
            return Some(Self::Custom { name: name.to_owned(), id: id.parse().ok()? });
        }
        let none = text.is_empty() || text.is_ascii() || text.chars().any(char::is_alphabetic);
        (!none).then(|| Self::Unicode(text.to_owned()))
    }

    /// The partial emoji object that reactions carry.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Unicode(name) => json!({ "id": null, "name": name }),
            Self::Custom { name, id } => json!({ "id": id.to_string(), "name": name, "animated": false }),
        }
    }
}

impl PartialEq for Emoji {
    /// Custom ones are known by their ids.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unicode(one), Self::Unicode(other)) => one == other,
            (Self::Custom { id: one, .. }, Self::Custom { id: other, .. }) => one == other,
            (Self::Unicode(_), Self::Custom { .. }) | (Self::Custom { .. }, Self::Unicode(_)) => false,
        }
    }
}

impl Eq for Emoji {}

impl fmt::Display for Emoji {
    /// As paths write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unicode(name) => f.write_str(name),
            Self::Custom { name, id } => write!(f, "{name}:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_read_as_paths_write_them() {
        assert_eq!(Emoji::parse("✅"), Some(Emoji::Unicode("✅".to_owned())));
        assert_eq!(Emoji::parse("✅:7").unwrap().to_string(), "✅:7");
        assert_ne!(
            Emoji::parse("✅:7"),
            Emoji::parse("✅"),
            "a custom emoji is no Unicode emoji, whatever it is called"
        );
        assert_eq!(Emoji::parse("old:7"), Emoji::parse("new:7"));
        for none in ["", "yes", "ok:", "ok:x", ":white_check_mark:", "Ж"] {
            assert_eq!(Emoji::parse(none), None, "{none}");
        }
    }
}
