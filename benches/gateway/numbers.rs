//! Percentiles, and how they are printed.

use std::time::Duration;

/// Times of one question, sorted.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The smallest time that so many thousandths of all do not exceed.
    fn at(&self, thousandths: usize) -> Duration {
        let rank = (self.0.len() * thousandths).div_ceil(1000);
        self.0[rank.saturating_sub(1).min(self.0.len() - 1)]
    }

    pub(crate) fn p50(&self) -> Duration {
        self.at(500)
    }

    pub(crate) fn p99(&self) -> Duration {
        self.at(990)
    }
}

/// One figure of several rounds: the noise of the machine shows between the smallest and the largest.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: Duration,
    pub(crate) median: Duration,
    pub(crate) most: Duration,
}

impl Spread {
    pub(crate) fn of(times: impl IntoIterator<Item = Duration>) -> Self {
        let times = Times::new(times.into_iter().collect());
        Self { least: times.at(0), median: times.p50(), most: times.at(1000) }
    }

    /// `287 (281 to 305)`, in microseconds.
    pub(crate) fn micros(&self) -> String {
        format!("{} ({} to {})", micros(self.median), micros(self.least), micros(self.most))
    }

    /// The median alone, in microseconds.
    pub(crate) fn middle(&self) -> String {
        micros(self.median)
    }

    /// All three in milliseconds.
    pub(crate) fn millis(&self) -> String {
        format!("{} ({} to {})", millis(self.median), millis(self.least), millis(self.most))
    }
}

/// Microseconds: whole ones from 100 on, tenths below.
pub(crate) fn micros(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 100.0 { format!("{micros:.1}") } else { format!("{micros:.0}") }
}

pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

/// How many times longer one takes than the other.
pub(crate) fn ratio(ours: Duration, theirs: Duration) -> String {
    format!("{:.2}", ours.as_secs_f64() / theirs.as_secs_f64())
}
