//! Discord's rate limits as it tells them, and how near we are to being shut out.
//!
//! Pure book-keeping over points in time: nothing here waits or sends. Learnt from the answers' headers, see Discord's
//! "Rate Limits", read 2026-11-21.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// How many invalid answers (401, 403, 429) within [`INVALID_WINDOW`] make us stop. Discord shuts an address out at
/// 10,000 ("Invalid Request Limit").
const MOST_INVALID: usize = 500;
const INVALID_WINDOW: Duration = Duration::from_mins(10);
/// Calls a second for the whole bot ("Global Rate Limit").
const PER_SECOND: u32 = 50;
/// However long Discord says to wait, after this we ask again.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// Buckets kept before those that are over are forgotten.
const MANY_BUCKETS: usize = 1024;

/// Which limit a call falls under before Discord has named its bucket: method, path without ids, and the major id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Route {
    pub(super) template: &'static str,
    pub(super) major: u64,
}

/// What an answer's headers say of its bucket.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) bucket: Option<String>,
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
}

/// Whether a call may go now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    Go,
    Wait(Instant),
    Broken,
}

/// Whom a 429 stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// This route, by our own doing.
    Route,
    /// This route, by everybody's doing: no invalid request.
    Shared,
    /// Everything.
    Global,
}

#[derive(Debug)]
struct Bucket {
    limit: u32,
    remaining: u32,
    reset_at: Instant,
}

/// A bucket's name and the major id it is counted for.
type BucketKey = (String, u64);

#[derive(Debug, Default)]
pub(super) struct Limits {
    names: HashMap<&'static str, String>,
    buckets: HashMap<BucketKey, Bucket>,
    paused: HashMap<Route, Instant>,
    all_paused: Option<Instant>,
    second: Option<(Instant, u32)>,
    invalid: VecDeque<Instant>,
}

impl Limits {
    /// Takes a place for a call that is about to be sent, or says until when to wait.
    pub(super) fn take(&mut self, route: Route, now: Instant) -> Leave {
        if self.is_broken(now) {
            return Leave::Broken;
        }
        let paused = [self.all_paused, self.paused.get(&route).copied()];
        if let Some(until) = paused.into_iter().flatten().filter(|until| *until > now).max() {
            return Leave::Wait(until);
        }
        let second = match self.second {
            Some((since, sent)) if now < since + Duration::from_secs(1) => {
                if sent >= PER_SECOND {
                    return Leave::Wait(since + Duration::from_secs(1));
                }
                (since, sent + 1)
            }
            Some(_) | None => (now, 1),
        };
        let bucket = self.names.get(route.template).map(|name| (name.clone(), route.major));
        if let Some(bucket) = bucket.and_then(|key| self.buckets.get_mut(&key)) {
            if now >= bucket.reset_at {
                // The new window's end is told by the next answer; until then no more than its limit goes out.
                bucket.remaining = bucket.limit;
                bucket.reset_at = now + Duration::from_secs(1);
            }
            let Some(left) = bucket.remaining.checked_sub(1) else { return Leave::Wait(bucket.reset_at) };
            bucket.remaining = left;
        }
        self.second = Some(second);
        Leave::Go
    }

    /// Whether anything may be sent at all.
    pub(super) fn is_broken(&mut self, now: Instant) -> bool {
        while self.invalid.front().is_some_and(|at| *at + INVALID_WINDOW <= now) {
            self.invalid.pop_front();
        }
        self.invalid.len() > MOST_INVALID
    }

    /// Counts a 401, a 403 or a 429 of our own doing.
    pub(super) fn count_invalid(&mut self, now: Instant) {
        self.invalid.push_back(now);
    }

    /// Learns from an answer. Answers may arrive out of order: within a window only the lower count is believed.
    pub(super) fn learn(&mut self, route: Route, told: &Told, now: Instant) {
        let Some(name) = &told.bucket else { return };
        self.forget_old(now);
        self.names.insert(route.template, name.clone());
        let reset_at = now + told.reset_after.min(LONGEST_PAUSE);
        let fresh = Bucket { limit: told.limit.max(1), remaining: told.remaining, reset_at };
        match self.buckets.entry((name.clone(), route.major)) {
            std::collections::hash_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                let remaining =
                    if known.reset_at > now { known.remaining.min(fresh.remaining) } else { fresh.remaining };
                *known = Bucket { remaining, ..fresh };
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(fresh);
            }
        }
    }

    /// Obeys a 429; answers until when.
    pub(super) fn pause(&mut self, route: Route, scope: Scope, wait: Duration, now: Instant) -> Instant {
        let until = now + wait.min(LONGEST_PAUSE);
        match scope {
            Scope::Route | Scope::Shared => {
                self.forget_old(now);
                self.paused.insert(route, until);
            }
            Scope::Global => self.all_paused = Some(self.all_paused.map_or(until, |known| known.max(until))),
        }
        match scope {
            Scope::Route | Scope::Global => self.count_invalid(now),
            Scope::Shared => {}
        }
        until
    }

    fn forget_old(&mut self, now: Instant) {
        if self.buckets.len() + self.paused.len() >= MANY_BUCKETS {
            self.buckets.retain(|_, bucket| bucket.reset_at > now);
            self.paused.retain(|_, until| *until > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTE: Route = Route { template: "POST /channels", major: 1 };
    const OTHER: Route = Route { template: "POST /channels", major: 2 };

    fn told(remaining: u32, secs: u64) -> Told {
        Told { bucket: Some("b".to_owned()), limit: 5, remaining, reset_after: Duration::from_secs(secs) }
    }

    #[test]
    fn an_empty_bucket_waits_until_it_resets_and_only_for_its_channel() {
        let (mut limits, now) = (Limits::default(), Instant::now());
        limits.learn(ROUTE, &told(1, 3), now);
        assert_eq!(limits.take(ROUTE, now), Leave::Go);
        assert_eq!(limits.take(ROUTE, now), Leave::Wait(now + Duration::from_secs(3)));
        assert_eq!(limits.take(OTHER, now), Leave::Go);
        assert_eq!(limits.take(ROUTE, now + Duration::from_secs(3)), Leave::Go);
    }

    #[test]
    fn an_answer_that_comes_late_does_not_fill_the_bucket() {
        let (mut limits, now) = (Limits::default(), Instant::now());
        limits.learn(ROUTE, &told(0, 3), now);
        limits.learn(ROUTE, &told(4, 3), now);
        assert!(matches!(limits.take(ROUTE, now), Leave::Wait(_)));
    }

    #[test]
    fn a_global_pause_stops_every_route_and_a_route_pause_one() {
        let (mut limits, now) = (Limits::default(), Instant::now());
        limits.pause(ROUTE, Scope::Shared, Duration::from_secs(1), now);
        assert!(matches!(limits.take(ROUTE, now), Leave::Wait(_)));
        assert_eq!(limits.take(OTHER, now), Leave::Go);
        limits.pause(ROUTE, Scope::Global, Duration::from_secs(1_000_000_000), now);
        assert_eq!(limits.take(OTHER, now), Leave::Wait(now + LONGEST_PAUSE));
    }

    #[test]
    fn no_more_than_fifty_calls_go_out_in_a_second() {
        let (mut limits, now) = (Limits::default(), Instant::now());
        let sent = (0..60).filter(|_| limits.take(ROUTE, now) == Leave::Go).count();
        assert_eq!(sent, 50);
        assert_eq!(limits.take(ROUTE, now + Duration::from_secs(1)), Leave::Go);
    }

    #[test]
    fn the_breaker_opens_after_five_hundred_invalid_answers_and_closes_again() {
        let (mut limits, now) = (Limits::default(), Instant::now());
        for _ in 0..MOST_INVALID {
            limits.count_invalid(now);
        }
        assert_eq!(limits.take(ROUTE, now), Leave::Go);
        limits.pause(OTHER, Scope::Shared, Duration::ZERO, now);
        assert_eq!(limits.take(ROUTE, now), Leave::Go);
        limits.pause(OTHER, Scope::Route, Duration::ZERO, now);
        assert_eq!(limits.take(ROUTE, now), Leave::Broken);
        assert_eq!(limits.take(ROUTE, now + INVALID_WINDOW), Leave::Go);
    }
}
