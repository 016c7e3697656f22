//! The forms of single values: texts, durations, rates, snowflakes, secrets. Each notes what is wrong and answers
//! `None` then.

use std::num::{NonZeroU32, NonZeroU64};
use std::ops::RangeInclusive;
use std::time::Duration;

use secrecy::ExposeSecret;
use toml::de::DeValue;
use url::Url;

use super::environment::Held;
use super::problem::{hint, shown};
use super::reader::{Entry, Reader, Variables, a};

/// So many in such a time, written `30/min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// In how long.
    pub per: Duration,
}

/// The least that a duration may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Least {
    /// `0s`.
    Zero,
    /// `1s`.
    Second,
}

impl Reader<'_> {
    /// Any text, as it stands.
    pub(super) fn text<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t str> {
        let text = self.raw_text(entry)?;
        if text.starts_with("env:") {
            self.wrong_at(entry, "env:NAME is for secrets; here the value itself is written");
            return None;
        }
        if text.trim().is_empty() {
            self.wrong_at(entry, "it is empty");
            return None;
        }
        Some(text)
    }

    fn raw_text<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t str> {
        match entry.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            other => {
                self.wrong_at(entry, format!("it should be text, in quotes, but is {}", a(other)));
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts<'t>(&mut self, entry: &Entry<'t>) -> Vec<(Entry<'t>, &'t str)> {
        let items = self.items(entry);
        items.into_iter().filter_map(|item| self.text(&item).map(|text| (item, text))).collect()
    }

    /// A whole number of this range.
    pub(super) fn number(&mut self, entry: &Entry<'_>, range: RangeInclusive<i64>) -> Option<i64> {
        let DeValue::Integer(integer) = entry.value.get_ref() else {
            let kind = a(entry.value.get_ref());
            self.wrong_at(entry, format!("it should be a whole number, without quotes, but is {kind}"));
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let fitting = number.filter(|number| range.contains(number));
        if fitting.is_none() {
            let text = match (*range.start(), *range.end()) {
                (least, i64::MAX) => format!("it should be {least} or more"),
                (least, most) => format!("it should be from {least} to {most}"),
            };
            self.wrong_at(entry, text);
        }
        fitting
    }

    /// One of these words.
    pub(super) fn word(&mut self, entry: &Entry<'_>, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(entry)?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            self.wrong_at(entry, format!("{} is not known here{}", shown(text), hint(text, words)));
        }
        found
    }

    /// `30s`, `15m`, `24h`, `30d`.
    pub(super) fn duration(&mut self, entry: &Entry<'_>, least: Least) -> Option<Duration> {
        const FORM: &str = "a duration is a whole number with a unit, in quotes: \"30s\", \"15m\", \"24h\" or \"30d\"";
        if matches!(entry.value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)) {
            self.wrong_at(entry, format!("the unit is missing; {FORM}"));
            return None;
        }
        let text = self.text(entry)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let seconds = match (number.parse::<u64>(), unit) {
            (Ok(_), "") => {
                self.wrong_at(entry, format!("{} has no unit; {FORM}", shown(text)));
                return None;
            }
            (Ok(number), "s") => Some(number),
            (Ok(number), "m") => number.checked_mul(60),
            (Ok(number), "h") => number.checked_mul(60 * 60),
            (Ok(number), "d") => number.checked_mul(24 * 60 * 60),
            (Ok(_) | Err(_), _) => {
                self.wrong_at(entry, format!("{} is no duration; {FORM}", shown(text)));
                return None;
            }
        };
        // A hundred years: far beyond any use, and safe in milliseconds of an i64.
        let Some(seconds) = seconds.filter(|seconds| *seconds <= 100 * 366 * 24 * 60 * 60) else {
            self.wrong_at(entry, format!("{} is too long", shown(text)));
            return None;
        };
        if seconds == 0 && least == Least::Second {
            self.wrong_at(entry, "it should be at least \"1s\"");
            return None;
        }
        Some(Duration::from_secs(seconds))
    }

    /// `10/s`, `300/min`.
    pub(super) fn rate(&mut self, entry: &Entry<'_>) -> Option<Rate> {
        let text = self.text(entry)?;
        let rate = text.split_once('/').and_then(|(count, per)| {
            let per = match per {
                "s" => 1,
                "min" => 60,
                _ => return None,
            };
            let whole = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
            let count = count.parse().ok().filter(|_| whole)?;
            Some(Rate { count, per: Duration::from_secs(per) })
        });
        if rate.is_none() {
            let text = format!("{} is no rate; write \"10/s\" or \"300/min\"", shown(text));
            self.wrong_at(entry, text);
        }
        rate
    }

    /// The number of something at Discord, written as text.
    pub(super) fn snowflake(&mut self, entry: &Entry<'_>) -> Option<NonZeroU64> {
        if matches!(entry.value.get_ref(), DeValue::Integer(_)) {
            self.wrong_at(entry, "write Discord's numbers in quotes: \"1234567890\"");
            return None;
        }
        let text = self.text(entry)?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let id = text.parse::<NonZeroU64>().ok().filter(|id| digits && id.get() != u64::MAX);
        if id.is_none() {
            let how = "right-click the thing in Discord with developer mode on and choose Copy ID";
            self.wrong_at(entry, format!("{} is no Discord ID, which is digits only; {how}", shown(text)));
        }
        id
    }

    /// `http://…` or `https://…`, without credentials, query or fragment.
    pub(super) fn url(&mut self, entry: &Entry<'_>) -> Option<Url> {
        let text = self.text(entry)?;
        // What is wrong is told without the URL: it may hold a password.
        let wrong = match Url::parse(text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => "it should begin with https:// or http://",
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                "it holds credentials; they belong into `auth`, with env:NAME"
            }
            Ok(url) if url.query().is_some() => "it should have no query (from \"?\" on)",
            Ok(url) if url.fragment().is_some() => "it should have no fragment (from \"#\" on)",
            Ok(url) => return Some(url),
            Err(_) => "it is no URL; write https://host/path",
        };
        self.wrong_at(entry, wrong);
        None
    }

    /// A regular expression.
    pub(super) fn pattern<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t str> {
        let text = self.text(entry)?;
        match regex::Regex::new(text) {
            Ok(_) => Some(text),
            Err(regex::Error::Syntax(error)) => {
                let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.wrong_at(entry, format!("it is no regular expression: {why}"));
                None
            }
            Err(_) => {
                self.wrong_at(entry, "it is too large for a regular expression");
                None
            }
        }
    }

    /// `env:NAME`, and nothing else. The variable is read into [`Reader::secrets`]; what stands in the file instead of
    /// `env:NAME` is never printed.
    pub(super) fn secret<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t str> {
        const FORM: &str = "write env:NAME here, and the secret itself into that variable of the environment or .env";
        let DeValue::String(text) = entry.value.get_ref() else {
            let kind = a(entry.value.get_ref());
            self.wrong_at(entry, format!("it should be \"env:NAME\", but is {kind}; {FORM}"));
            return None;
        };
        let Some(name) = text.strip_prefix("env:") else {
            self.wrong_at(entry, format!("a secret stands in the file itself, and is taken for known now; {FORM}"));
            return None;
        };
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !named {
            self.wrong_at(entry, "after env: comes a variable's name: letters, digits and _, not the secret itself");
            return None;
        }
        match self.environment.get(name) {
            Held::Text(value) => {
                self.secrets.insert(name.to_owned(), value.expose_secret().into());
                Some(text.as_ref())
            }
            Held::Nothing | Held::Empty | Held::NotText if self.variables == Variables::Later => Some(text.as_ref()),
            Held::Nothing => {
                let text = format!("the variable {name} is not set, neither in the environment nor in .env");
                self.wrong_at(entry, text);
                None
            }
            Held::Empty => {
                self.wrong_at(entry, format!("the variable {name} is set, but empty"));
                None
            }
            Held::NotText => {
                self.wrong_at(entry, format!("the variable {name} is set, but not to text"));
                None
            }
        }
    }
}
