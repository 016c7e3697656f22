//! What travels over HTTP as a test sees it: every request numbered, faults on order, what was not expected.

use super::refusal::Asked;
use serde_json::Value;
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// Where a request stands when a hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// It has arrived; nothing is done yet.
    Arrived,
    /// Everything is done; the answer is not written yet.
    Answering,
}

/// A REST request of the bot.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Counts from 1.
    pub number: u64,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The body, `Null` if there is none.
    pub body: Value,
    /// The status of the answer, once there is one.
    pub status: Option<u16>,
    /// Discord's error code, if it was refused.
    pub code: Option<u64>,
}

/// Awaited at each [`Moment`] of each request.
pub type OnRequest = Arc<dyn Fn(Moment, &Seen) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing is done, this status is answered.
    Status(u16),
    /// Nothing is done, the connection is cut.
    Cut,
    /// Everything is done, the connection is cut instead of an answer.
    LostAnswer,
    /// Nothing happens for this long, then all is as usual.
    Slow(Duration),
    /// 429 for the route: nothing is done; whole and broken seconds until it may be sent again.
    RateLimited(Duration),
    /// 429 for the whole bot.
    GloballyRateLimited(Duration),
}

/// A fault waiting for its requests.
#[derive(Clone, Debug)]
pub(crate) struct Ordered {
    pub(crate) method: Option<String>,
    pub(crate) prefix: String,
    pub(crate) times: u32,
    pub(crate) fault: Fault,
}

/// Something refused that no test asked for.
#[derive(Clone, Debug)]
pub(crate) struct Surprise {
    pub(crate) code: u64,
    pub(crate) line: String,
}

/// The record of the wire.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    pub(crate) seen: Vec<Seen>,
    pub(crate) faults: Vec<Ordered>,
    pub(crate) surprises: Vec<Surprise>,
    pub(crate) not_modelled: Vec<String>,
    pub(crate) findings: Vec<String>,
}

impl Wire {
    /// Takes a number for a request that has arrived.
    pub(crate) fn arrive(&mut self, method: &str, path: &str, body: Value) -> Seen {
        let number = u64::try_from(self.seen.len()).unwrap_or(u64::MAX) + 1;
        let seen = Seen { number, method: method.to_owned(), path: path.to_owned(), body, status: None, code: None };
        self.seen.push(seen.clone());
        seen
    }

    /// Notes how a request was answered.
    pub(crate) fn answer(&mut self, number: u64, status: u16, code: Option<u64>, asked: Asked) {
        let index = usize::try_from(number).unwrap_or_default().wrapping_sub(1);
        let Some(seen) = self.seen.get_mut(index) else { return };
        seen.status = Some(status);
        seen.code = code;
        if status >= 400 && status != 501 && asked == Asked::ByNobody {
            let line =
                format!("{} {} was answered {status}, code {}", seen.method, seen.path, code.unwrap_or_default());
            self.surprises.push(Surprise { code: code.unwrap_or_default(), line });
        }
    }

    /// Notes that something was used which is not modelled.
    pub(crate) fn not_modelled(&mut self, what: String) {
        self.not_modelled.push(what);
    }

    /// The fault that this request meets, used up once.
    pub(crate) fn fault_for(&mut self, method: &str, path: &str) -> Option<Fault> {
        let position = self.faults.iter().position(|fault| {
            fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && path.starts_with(&fault.prefix)
        })?;
        let fault = self.faults.get_mut(position)?;
        let happens = fault.fault.clone();
        fault.times -= 1;
        if fault.times == 0 {
            self.faults.remove(position);
        }
        Some(happens)
    }
}
