//! What may stand in a `[[connection]]` table, as data: the bot's `config.rs` checks every key and shape against it
//! (with file, line and the nearest right word) before a system's own settings are read.

use std::collections::BTreeMap;

use secrecy::SecretString;

/// One key of a connection's table.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Without it the connection cannot be made.
    Required,
    /// It has a default.
    Optional,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// `http://…` or `https://…`, without credentials, query or fragment.
    Url,
    /// A regular expression.
    Pattern,
    /// `30s`, `15m`, `24h`: from one second up.
    Duration,
    /// `10/s`, `300/min`.
    Rate,
    /// A path of a file.
    Path,
    /// A whole number.
    Number,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `env:NAME`, and nothing else: secrets never stand in the file.
    Secret,
    /// `"none"`, or a table with exactly one of these ways: basic, bearer, header, oauth.
    Auth(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Numbers,
    /// A table from text to text.
    TextTable,
    /// A list of tables with these keys.
    Tables(&'static [Setting]),
    /// A Discord snowflake, written as text.
    Snowflake,
}

/// Keys that every kind has (`name` and `kind` are read by `config.rs` itself).
pub const COMMON: &[Setting] = &[
    Setting { key: "rate", shape: Shape::Rate, need: Need::Optional },
    Setting { key: "timeout", shape: Shape::Duration, need: Need::Optional },
    Setting { key: "ca_file", shape: Shape::Path, need: Need::Optional },
];

/// Secrets by the name of their environment variable (without `env:`), read before anything is built.
pub type Secrets = BTreeMap<String, SecretString>;
