//! From when on something is looked for. It is kept as it was meant, not as a moment: whoever looks tells the time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rollcall_telephony::Millis;
use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// From when on: some time ago, or a day. Written and stored as a text: `7d`, `24h`, `30m`, `90s` or `2026-11-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Since {
    /// So long ago: whole seconds, at most [`Since::LONGEST`].
    Ago(Duration),
    /// From the beginning of this day, UTC; years 0000 to 9999.
    Day(Date),
}

/// A text that says no time. Its own text is half a sentence that says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSince {
    /// It is written in another way.
    #[error("write 7d, 24h, 30m or 2026-11-01")]
    Unreadable,
    /// It has the form of a day, but no calendar has it.
    #[error("that day is not in the calendar")]
    NoSuchDay,
    /// It is longer ago than anything that is kept.
    #[error("at most 36500d back")]
    TooLongAgo,
}

/// The units of a time back in seconds, the longest first.
const UNITS: [(char, u64); 4] = [('d', 24 * 60 * 60), ('h', 60 * 60), ('m', 60), ('s', 1)];

impl Since {
    /// The longest time back: 36500 days, longer than anything is kept.
    pub const LONGEST: Duration = Duration::from_hours(36_500 * 24);

    /// The most characters that it takes to type one.
    pub(crate) const LONGEST_TEXT: u16 = 11;

    /// The moment that it means, seen from `now`.
    #[must_use]
    pub fn moment(self, now: Millis) -> Millis {
        match self {
            Self::Ago(time) => now - time,
            Self::Day(day) => Millis(day.midnight().assume_utc().unix_timestamp() * 1000),
        }
    }
}

impl FromStr for Since {
    type Err = NoSince;

    /// Reads `7d`, `24h`, `30m`, `90s` or `2026-11-01`.
    ///
    /// # Errors
    /// [`NoSince`] when it is written in another way, means a day that does not exist, or is too long ago.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(parts) = day_parts(text) {
            return day(parts).map(Self::Day).ok_or(NoSince::NoSuchDay);
        }
        let unit = UNITS.into_iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
        let Some((digits, unit)) = unit.filter(|(digits, _)| is_number(digits)) else {
            return Err(NoSince::Unreadable);
        };
        // More digits than a number holds are too long ago, as well.
        let seconds = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit));
        match seconds {
            Some(0) => Err(NoSince::Unreadable),
            Some(seconds) if seconds <= Self::LONGEST.as_secs() => Ok(Self::Ago(Duration::from_secs(seconds))),
            Some(_) | None => Err(NoSince::TooLongAgo),
        }
    }
}

/// The digits of `YYYY-MM-DD`; `None` for a text of another form.
fn day_parts(text: &str) -> Option<[&str; 3]> {
    let mut parts = text.split('-');
    let day = [parts.next()?, parts.next()?, parts.next()?];
    let formed = parts.next().is_none() && day.map(str::len) == [4, 2, 2] && day.iter().all(|part| is_number(part));
    formed.then_some(day)
}

fn day([year, month, day]: [&str; 3]) -> Option<Date> {
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Since {
    /// In the longest unit that is exact: 24 hours are `1d`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ago(time) => {
                let seconds = time.as_secs();
                let (unit, length) =
                    UNITS.into_iter().find(|(_, length)| seconds.is_multiple_of(*length)).unwrap_or(('s', 1));
                write!(f, "{}{unit}", seconds / length)
            }
            Self::Day(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day()),
        }
    }
}

impl TryFrom<String> for Since {
    type Error = NoSince;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Since> for String {
    fn from(since: Since) -> Self {
        since.to_string()
    }
}
