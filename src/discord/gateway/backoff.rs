//! How long to wait between two connections.

use std::time::Duration;

use rand::Rng;

use super::Timings;

/// Doubles from try to try, with jitter, so that a fleet of bots does not come back at once.
#[derive(Debug)]
pub(super) struct BackOff {
    first: Duration,
    longest: Duration,
    tries: u32,
}

impl BackOff {
    pub(super) const fn new(timings: &Timings) -> Self {
        Self { first: timings.back_off, longest: timings.longest_back_off, tries: 0 }
    }

    /// How long to wait now. The first time, and the first time after [`Self::reset`]: not at all.
    pub(super) fn next(&mut self) -> Duration {
        let tries = self.tries;
        self.tries = tries.saturating_add(1);
        let Some(doublings) = tries.checked_sub(1) else { return Duration::ZERO };
        let whole = self.first.saturating_mul(2_u32.saturating_pow(doublings)).min(self.longest);
        whole.mul_f64(rand::rng().random_range(0.5..=1.0))
    }

    /// A connection was stable.
    pub(super) const fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_start_over_after_a_reset() {
        let mut back_off = BackOff::new(&Timings::default());
        assert_eq!(back_off.next(), Duration::ZERO);
        for whole in [1, 2, 4, 8, 16, 32, 60, 60] {
            let wait = back_off.next();
            let whole = Duration::from_secs(whole);
            assert!(wait >= whole / 2 && wait <= whole, "{wait:?} of {whole:?}");
        }
        back_off.reset();
        assert_eq!(back_off.next(), Duration::ZERO);
    }
}
