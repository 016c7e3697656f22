//! Faults on a switch: which request they strike, when, and what then happens on the wire.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, LOCATION, RETRY_AFTER};
use axum::response::Response;
use futures_util::stream;

use super::{Seen, json};

/// Something that goes wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The method it strikes; any when `None`.
    pub method: Option<&'static str>,
    /// What the path begins with: `/v1/agents`; an empty one strikes everywhere.
    pub path: &'static str,
    /// When.
    pub moment: Moment,
    /// How often.
    pub times: Times,
    /// What happens.
    pub trouble: Trouble,
}

/// When, as seen from the effect of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It arrived; nothing was done.
    Before,
    /// It was done; the answer is not written yet.
    After,
}

/// How often a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// The next so many requests that fit.
    Next(u32),
    /// Every request that fits.
    Always,
}

/// What happens on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// An answer with this status.
    Status {
        /// The HTTP status.
        status: u16,
        /// Its body; empty when `None`.
        body: Option<String>,
        /// Its `Retry-After`, as written.
        retry_after: Option<String>,
    },
    /// The answer comes so much later.
    Slow(Duration),
    /// An answer that is no JSON.
    Malformed,
    /// The answer ends in the middle, and so does the connection.
    Truncated,
    /// The connection is cut without an answer.
    Cut,
    /// The answer comes byte by byte, with such a pause after each.
    Drip(Duration),
    /// An answer of so many bytes.
    Huge(u64),
    /// A redirect to this address.
    Redirect(String),
    /// What is created stays invisible for so many reads, where a twin knows of such a thing. Strikes after doing only.
    AppearLate(u32),
}

/// The fault that strikes now, used up once.
pub(in crate::systems) fn strike(faults: &mut Vec<Fault>, moment: Moment, seen: &Seen) -> Option<Trouble> {
    let fits =
        |f: &Fault| f.moment == moment && f.method.is_none_or(|m| m == seen.method) && seen.path.starts_with(f.path);
    let at = faults.iter().position(fits)?;
    let fault = faults.get_mut(at)?;
    let trouble = fault.trouble.clone();
    match &mut fault.times {
        Times::Always => {}
        Times::Next(left) => {
            *left = left.saturating_sub(1);
            if *left == 0 {
                faults.remove(at);
            }
        }
    }
    Some(trouble)
}

/// What the wire shows instead of the answer; `None` when the request goes on as usual.
pub(in crate::systems) async fn trouble(trouble: &Trouble, text: impl Fn() -> String) -> Option<Response> {
    let cut = || Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    match trouble {
        Trouble::Status { status, body, retry_after } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = json(status, Body::from(body.clone().unwrap_or_default()));
            if let Some(value) = retry_after.as_ref().and_then(|v| v.parse().ok()) {
                response.headers_mut().insert(RETRY_AFTER, value);
            }
            Some(response)
        }
        Trouble::Slow(pause) => {
            tokio::time::sleep(*pause).await;
            None
        }
        Trouble::Malformed => Some(json(StatusCode::OK, Body::from(r#"{"error":{"code":200},"result":[{"ID":"#))),
        Trouble::Truncated => {
            let text = text() + " ";
            let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
            let body = Body::from_stream(stream::iter([Ok(half), cut()]));
            let mut response = json(StatusCode::OK, body);
            response.headers_mut().insert(CONTENT_LENGTH, text.len().into());
            Some(response)
        }
        Trouble::Cut => Some(json(StatusCode::OK, Body::from_stream(stream::iter([cut()])))),
        Trouble::Drip(pause) => {
            let (pause, bytes) = (*pause, text().into_bytes());
            let drops = stream::unfold(bytes.into_iter(), move |mut left| async move {
                tokio::time::sleep(pause).await;
                let byte = left.next().unwrap_or(b' ');
                Some((Ok::<_, std::io::Error>(Bytes::from(vec![byte])), left))
            });
            Some(json(StatusCode::OK, Body::from_stream(drops)))
        }
        Trouble::Huge(size) => {
            let chunks = stream::unfold(*size, |left| async move {
                let now = left.min(64 * 1024);
                let chunk = Bytes::from(vec![b' '; usize::try_from(now).unwrap_or_default()]);
                (left > 0).then_some((Ok::<_, std::io::Error>(chunk), left - now))
            });
            Some(json(StatusCode::OK, Body::from_stream(chunks)))
        }
        Trouble::Redirect(to) => {
            let mut response = json(StatusCode::FOUND, Body::empty());
            if let Ok(to) = to.parse() {
                response.headers_mut().insert(LOCATION, to);
            }
            Some(response)
        }
        Trouble::AppearLate(_) => None,
    }
}
