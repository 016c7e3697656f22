//! The gateway's own limit on what we send: 120 a minute, or Discord closes the connection ("Rate Limiting").

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const MOST: usize = 120;
/// Kept free for scheduled heartbeats when Discord asks for beats besides.
const RESERVED: usize = 10;
const WINDOW: Duration = Duration::from_mins(1);

#[derive(Debug, Default)]
pub(super) struct Sends(VecDeque<Instant>);

/// How much a send matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Scheduled heartbeats, IDENTIFY and RESUME.
    Needed,
    /// An answer to a request for a heartbeat: a scheduled one follows anyway.
    Asked,
}

impl Sends {
    /// Takes a place, or says when there is one again.
    pub(super) fn take(&mut self, weight: Weight, now: Instant) -> Result<(), Instant> {
        while self.0.front().is_some_and(|at| *at + WINDOW <= now) {
            self.0.pop_front();
        }
        let most = match weight {
            Weight::Needed => MOST,
            Weight::Asked => MOST - RESERVED,
        };
        match self.0.front() {
            Some(first) if self.0.len() >= most => Err(*first + WINDOW),
            Some(_) | None => {
                self.0.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_on_request_leave_room_for_scheduled_ones() {
        let (mut sends, now) = (Sends::default(), Instant::now());
        let asked = (0..200).filter(|_| sends.take(Weight::Asked, now).is_ok()).count();
        let needed = (0..200).filter(|_| sends.take(Weight::Needed, now).is_ok()).count();
        assert_eq!((asked, needed), (110, 10));
        assert_eq!(sends.take(Weight::Needed, now), Err(now + WINDOW));
        assert_eq!(sends.take(Weight::Needed, now + WINDOW), Ok(()));
    }
}
