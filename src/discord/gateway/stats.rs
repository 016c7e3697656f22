//! What the gateway counts, for health and metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters since the start. What `raw` counts beyond `read` and `ignored` was not understood (`unreadable`), not taken
/// in time (`dropped`), or is asked for again by resuming; a growing `unreadable` says that Discord sends what this
/// version does not know.
#[derive(Debug, Default)]
pub struct Stats {
    raw: AtomicU64,
    read: AtomicU64,
    ignored: AtomicU64,
    unreadable: AtomicU64,
    dropped: AtomicU64,
    identifies: AtomicU64,
    resumes: AtomicU64,
    connected: AtomicBool,
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident, $count:ident;)*) => {
        impl Stats {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(&self) -> u64 {
                    self.$name.load(Ordering::Relaxed)
                }

                pub(super) fn $count(&self) {
                    self.$name.fetch_add(1, Ordering::Relaxed);
                }
            )*
        }
    };
}

counters! {
    /// Events that arrived.
    raw, count_raw;
    /// Events that were understood and handed on.
    read, count_read;
    /// Events of types that the bot has no use for.
    ignored, count_ignored;
    /// Events that could not be understood.
    unreadable, count_unreadable;
    /// Interactions that nobody took in time.
    dropped, count_dropped;
    /// IDENTIFYs sent.
    identifies, count_identify;
    /// RESUMEs sent.
    resumes, count_resume;
}

impl Stats {
    /// Whether a session is live.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    pub(super) fn went_live(&self) {
        self.connected.store(true, Ordering::Relaxed);
    }

    pub(super) fn went_away(&self) {
        self.connected.store(false, Ordering::Relaxed);
    }
}
