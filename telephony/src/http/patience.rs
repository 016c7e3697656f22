//! Waiting: what a server asks for, and how long we pause between repeats.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use rand::Rng as _;
use reqwest::header::HeaderValue;
use tokio::time::Instant;

use crate::Millis;

/// The longest wait that is believed; a server that says more is asked again after this.
const LONGEST: Duration = Duration::from_hours(1);

/// The pause before the first repeat; doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Until when a server does not want to hear from us.
#[derive(Debug, Default)]
pub(super) struct Patience {
    until: Mutex<Option<Instant>>,
}

impl Patience {
    /// Sends nothing for so long.
    pub(super) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |earlier| earlier.max(until)));
    }

    /// How long there is still to wait.
    pub(super) fn left(&self) -> Option<Duration> {
        let held = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        held.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }
}

/// What a `Retry-After` header states: nothing when it is missing, zero, past or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stated(pub(super) Option<Duration>);

impl Stated {
    /// Reads whole seconds or an HTTP date; what is absurdly long is cut to an hour.
    pub(super) fn read(header: Option<&HeaderValue>, now: Millis) -> Self {
        let Some(text) = header.and_then(|value| value.to_str().ok()).map(str::trim) else { return Self(None) };
        let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            // More digits than fit is certainly more than an hour.
            Duration::from_secs(text.parse().unwrap_or(u64::MAX))
        } else {
            let Ok(date) = httpdate::parse_http_date(text) else { return Self(None) };
            let Ok(at) = date.duration_since(UNIX_EPOCH) else { return Self(None) };
            Millis(i64::try_from(at.as_millis()).unwrap_or(i64::MAX)).since(now)
        };
        Self(Some(wait.min(LONGEST)).filter(|w| !w.is_zero()))
    }
}

/// The pause before repeat number `repeats` (from 0): doubling, and anywhere in its upper half.
pub(super) fn back_off(repeats: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << repeats.min(5)).mul_f64(rand::rng().random_range(0.5..=1.0))
}
