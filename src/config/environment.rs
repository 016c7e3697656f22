//! The environment: the variables the bot knows, each declared once, and the only place that reads them. Nothing here
//! changes the process's environment.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::problem::{Place, Problem, Problems};

/// A variable the bot knows.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is for: one line for each line of `.env.example`.
    pub about: &'static [&'static str],
    /// What holds without it.
    pub default: Fallback,
}

/// What holds when a variable is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// The bot does not start.
    Required,
    /// Nothing.
    Unset,
    /// This value.
    Value(&'static str),
}

/// The bot's token.
pub(super) const DISCORD_TOKEN: &str = "DISCORD_TOKEN";
/// The origin of Discord's server.
pub(super) const DISCORD_API_URL: &str = "DISCORD_API_URL";
/// The path of the TOML file.
pub(super) const ROLLCALL_CONFIG: &str = "ROLLCALL_CONFIG";
/// The key that seals secrets at rest.
pub(super) const ROLLCALL_KEY: &str = "ROLLCALL_KEY";
/// Where the store is.
pub(super) const DATABASE_URL: &str = "DATABASE_URL";
/// What is logged.
pub(super) const RUST_LOG: &str = "RUST_LOG";
/// Whether Discord may be spoken to without encryption beyond loopback.
pub(super) const ROLLCALL_INSECURE_DISCORD: &str = "ROLLCALL_INSECURE_DISCORD";

/// Every variable the bot knows, in the order of `.env.example`, which a test holds against this table.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: DISCORD_TOKEN,
        about: &[
            "The bot's token: Discord's developer portal, your application, Bot, Reset Token.",
            "Whoever has it is the bot. Never commit it.",
        ],
        default: Fallback::Required,
    },
    Variable {
        name: ROLLCALL_KEY,
        about: &[
            "Seals passwords in the store: 32 bytes as base64. `rollcall key` makes one.",
            "Keep a copy somewhere safe: a store is unreadable without the key it was written with.",
        ],
        default: Fallback::Required,
    },
    Variable {
        name: ROLLCALL_CONFIG,
        about: &["The path of the settings file; rollcall.example.toml shows one."],
        default: Fallback::Value("rollcall.toml"),
    },
    Variable {
        name: DATABASE_URL,
        about: &["Where the store is: sqlite:PATH (the file is made if it is missing) or postgres://…"],
        default: Fallback::Value("sqlite:rollcall.db"),
    },
    Variable {
        name: RUST_LOG,
        about: &[
            "What is logged: error, warn, info, debug or trace, also per module (rollcall::desk=debug).",
            "The libraries that speak to Discord stay at warn: their debug logs hold tokens.",
        ],
        default: Fallback::Value("info"),
    },
    Variable {
        name: DISCORD_API_URL,
        about: &[
            "The origin of a Discord-compatible server: https://, or http:// on this machine.",
            "No path; /api/v10 is added.",
        ],
        default: Fallback::Value("https://discord.com"),
    },
    Variable {
        name: ROLLCALL_INSECURE_DISCORD,
        about: &[
            "1 allows http: and ws: to a Discord-compatible server on another machine.",
            "The token then crosses the network in the clear.",
        ],
        default: Fallback::Unset,
    },
];

/// The environment as it was when it was read: `.env` under the real one.
///
/// Every value counts as a secret, since any of them may be named by `env:` in the TOML file.
#[derive(Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, Value>,
}

#[derive(Clone)]
enum Value {
    Text(SecretString),
    /// Set, to something that is no text.
    NotText,
}

impl Environment {
    /// Reads the process's environment and, under it, `.env` in the working directory, if there is one.
    ///
    /// # Errors
    /// [`Problems`] when `.env` is there and cannot be read, or a line of it is not `NAME=value`.
    pub fn read() -> Result<Self, Problems> {
        Self::from_file_and(Path::new(".env"), std::env::vars_os())
    }

    /// An environment of these variables only, for the sandbox, which ignores the real one.
    pub fn of<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let text = |value: V| Value::Text(SecretString::from(value.into()));
        Self { values: variables.into_iter().map(|(name, value)| (name.into(), text(value))).collect() }
    }

    fn from_file_and(
        file: &Path,
        real: impl Iterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Self, Problems> {
        let (mut values, problems) = match std::fs::read(file) {
            Ok(content) => read_dotenv(&file.display().to_string(), &content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (BTreeMap::new(), Vec::new()),
            Err(error) => {
                let place = Place::File(file.display().to_string());
                (BTreeMap::new(), vec![Problem::new(place, format!("it cannot be read: {error}"))])
            }
        };
        for (name, value) in real {
            let Ok(name) = name.into_string() else { continue };
            let value = value.into_string().map_or(Value::NotText, |text| Value::Text(SecretString::from(text)));
            values.insert(name, value);
        }
        Problems::check(problems, Some(Self { values }))
    }

    /// What a variable holds.
    pub(super) fn get(&self, name: &str) -> Held<'_> {
        match self.values.get(name) {
            None => Held::Nothing,
            Some(Value::NotText) => Held::NotText,
            Some(Value::Text(text)) if text.expose_secret().trim().is_empty() => Held::Empty,
            Some(Value::Text(text)) => Held::Text(text),
        }
    }

    /// A known variable's text, or its default; a problem when it is required and missing, or is no text.
    pub(super) fn known(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<SecretString> {
        let place = || Place::Variable(name.to_owned());
        let fallback = VARIABLES.iter().find(|variable| variable.name == name).map(|variable| variable.default);
        match (self.get(name), fallback) {
            (Held::Text(text), _) => Some(SecretString::from(text.expose_secret().trim())),
            (Held::NotText, _) => {
                problems.push(Problem::new(place(), "it is set, but not to text"));
                None
            }
            (Held::Nothing | Held::Empty, Some(Fallback::Value(default))) => Some(SecretString::from(default)),
            (Held::Nothing | Held::Empty, Some(Fallback::Unset) | None) => None,
            (Held::Nothing, Some(Fallback::Required)) => {
                problems.push(Problem::new(place(), "it is not set, neither in the environment nor in .env"));
                None
            }
            (Held::Empty, Some(Fallback::Required)) => {
                problems.push(Problem::new(place(), "it is set, but empty"));
                None
            }
        }
    }

    /// The log filter as `RUST_LOG` gives it, or its default; usable before anything else is checked.
    #[must_use]
    pub fn log_filter(&self) -> String {
        match self.get(RUST_LOG) {
            Held::Text(text) => text.expose_secret().trim().to_owned(),
            Held::Nothing | Held::Empty | Held::NotText => "info".to_owned(),
        }
    }

    /// Whether a variable is set; tells nothing of its value.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        matches!(self.get(name), Held::Text(_))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} variables)", self.values.len())
    }
}

/// What a variable holds.
pub(super) enum Held<'a> {
    /// It is not set.
    Nothing,
    /// It is set to nothing but white space.
    Empty,
    /// It is set to bytes that are no UTF-8.
    NotText,
    /// It is set.
    Text(&'a SecretString),
}

/// Reads a `.env` file. The first of two lines for one variable counts, as everywhere with such files. A line that
/// cannot be read is named by its number only: it may hold a secret.
fn read_dotenv(file: &str, content: &[u8]) -> (BTreeMap<String, Value>, Vec<Problem>) {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    for line in dotenvy::from_read_iter(content) {
        match line {
            Ok((name, value)) => {
                values.entry(name).or_insert_with(|| Value::Text(SecretString::from(value)));
            }
            Err(dotenvy::Error::LineParse(text, _)) => {
                let wrong = text.lines().next().unwrap_or_default().trim();
                let lines = String::from_utf8_lossy(content);
                let place = match lines.lines().position(|line| line.trim() == wrong) {
                    Some(index) => {
                        Place::Line { file: file.to_owned(), line: index + 1, column: 1, key: String::new() }
                    }
                    None => Place::File(file.to_owned()),
                };
                problems.push(Problem::new(
                    place,
                    "this line cannot be read; write NAME=value, or NAME='value' for a value with spaces or signs",
                ));
            }
            Err(_) => problems.push(Problem::new(Place::File(file.to_owned()), "it is not text in UTF-8")),
        }
    }
    (values, problems)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn text(environment: &Environment, name: &str) -> Option<String> {
        match environment.get(name) {
            Held::Text(text) => Some(text.expose_secret().to_owned()),
            Held::Nothing | Held::Empty | Held::NotText => None,
        }
    }

    #[test]
    fn the_real_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "A=file\nB='from file'\n# a comment\nB=again\n").unwrap();
        let real = [(OsString::from("A"), OsString::from("real"))];
        let environment = Environment::from_file_and(&file, real.into_iter()).unwrap();
        assert_eq!(text(&environment, "A").as_deref(), Some("real"));
        assert_eq!(text(&environment, "B").as_deref(), Some("from file"));
        assert_eq!(std::env::vars().find(|(name, _)| name == "B"), None, "the process's environment is left alone");
    }

    #[test]
    fn a_broken_line_is_named_by_number_and_not_printed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "A=1\nDISCORD_TOKEN hunter2-hunter2\n").unwrap();
        let problems = Environment::from_file_and(&file, std::iter::empty()).unwrap_err().to_string();
        assert!(problems.contains(".env:2:1"), "{problems}");
        assert!(!problems.contains("hunter2"), "{problems}");
    }

    #[test]
    fn debug_tells_no_values() {
        let environment = Environment::of([("DISCORD_TOKEN", "hunter2")]);
        assert_eq!(format!("{environment:?}"), "Environment(1 variables)");
    }
}
