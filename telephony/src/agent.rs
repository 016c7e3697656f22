//! Agents, in words that five very different phone systems share.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AgentId, Record};

/// An agent as it was read, without any password member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// The phone system's id.
    pub id: AgentId,
    /// What the agent logs in with.
    pub login: String,
    /// The person's name or e-mail, as the phone system shows it beside the login; may be empty.
    pub name: String,
    /// Whether the account may be used.
    pub state: AgentState,
    /// The rights it carries.
    pub rights: Rights,
    /// Numbers that belong to the person.
    pub personal_numbers: Vec<String>,
    /// The record as the server sent it, member for member, without the members that hold secrets.
    pub record: Record,
}

/// Whether an account may be used. Not presence: that is who is logged in or paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgentState {
    /// The account works.
    Enabled,
    /// The account is switched off and can be switched on again.
    Disabled,
    /// The phone system sent something its documents do not tell of.
    Unknown,
}

impl fmt::Display for AgentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Unknown => "in an unknown state",
        })
    }
}

/// Rights levels; higher means more. `None` where the system has no such level or sent no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rights {
    /// The agent's own rights.
    pub agent: Option<i64>,
    /// Its rights as a supervisor.
    pub supervisor: Option<i64>,
}

impl Rights {
    /// The highest of the levels; 0 when there is none.
    #[must_use]
    pub fn highest(self) -> i64 {
        self.agent.max(self.supervisor).unwrap_or(0).max(0)
    }
}

/// The name of a field that can be edited, as `/agent edit` spells it: `default-skill`, `auto-answer-time`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldKey(pub String);

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of fields that are edited together: at most five, as many as a Discord modal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Stable name, used in custom ids: `account`, `auto-answer`.
    pub key: &'static str,
    /// What people read: "Account", "Auto-answer".
    pub title: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: usize,
    },
    /// A whole number between the two, both included.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Yes or no.
    Flag,
    /// Texts, written with commas between them.
    List,
}

/// One field that can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its name.
    pub key: &'static str,
    /// What people read: "Default skill".
    pub label: &'static str,
    /// The group it is edited in.
    pub group: Group,
    /// What it holds.
    pub kind: FieldKind,
}

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(t) => f.write_str(t),
            Self::List(l) => f.write_str(&l.join(", ")),
        }
    }
}

impl FieldSpec {
    /// Reads what a person typed for this field.
    ///
    /// # Errors
    /// One sentence that says what would be right.
    pub fn read(&self, typed: &str) -> Result<FieldValue, String> {
        let typed = typed.trim();
        match self.kind {
            FieldKind::Text { max } => {
                if typed.chars().count() > max {
                    return Err(format!("{} takes at most {max} characters.", self.label));
                }
                if typed.chars().any(char::is_control) {
                    return Err(format!("{} is a single line without control characters.", self.label));
                }
                Ok(FieldValue::Text(typed.to_owned()))
            }
            FieldKind::Number { min, max } => match typed.parse::<i64>() {
                Ok(n) if (min..=max).contains(&n) => Ok(FieldValue::Number(n)),
                _ => Err(format!("{} is a whole number from {min} to {max}.", self.label)),
            },
            FieldKind::Flag => match typed.to_lowercase().as_str() {
                "yes" | "y" | "on" | "true" | "1" => Ok(FieldValue::Flag(true)),
                "no" | "n" | "off" | "false" | "0" => Ok(FieldValue::Flag(false)),
                _ => Err(format!("{} is yes or no.", self.label)),
            },
            FieldKind::List => {
                let items: Vec<String> =
                    typed.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
                if items.len() > 50 || items.iter().any(|i| i.chars().count() > 64 || i.chars().any(char::is_control)) {
                    return Err(format!(
                        "{} takes at most 50 entries of 64 characters, with commas between.",
                        self.label
                    ));
                }
                Ok(FieldValue::List(items))
            }
        }
    }
}

/// What an edit sets: field by field, in the order it was asked.
pub type Change = Vec<(FieldKey, FieldValue)>;

/// A part of an agent's card, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading: "Auto-answer".
    pub title: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is: "Default skill".
    pub label: String,
    /// What it holds, in words, as the phone system sent it: not yet safe to print into Discord.
    pub value: String,
    /// Whether the record has such a member at all.
    #[serde(default)]
    pub held: Held,
}

/// Whether a record has a member that the documents tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// It has.
    #[default]
    There,
    /// It has, and the phone system gives each agent its own: no copy and no restored agent has the same.
    Given,
    /// The phone system did not send it: there is nothing that could be carried along, or go.
    Absent,
}

impl Section {
    /// The lines of members that the record has.
    pub fn held(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| match line.held {
            Held::There | Held::Given => true,
            Held::Absent => false,
        })
    }
}

/// JSON as people write it: texts without quotes, lists of texts with commas between, everything else as it came.
#[must_use]
pub(crate) fn words_of_json(json: &str) -> String {
    if let Ok(text) = serde_json::from_str::<String>(json) {
        return text;
    }
    match serde_json::from_str::<Vec<String>>(json) {
        Ok(texts) if texts.is_empty() => "none".to_owned(),
        Ok(texts) => texts.join(", "),
        Err(_) => json.to_owned(),
    }
}
