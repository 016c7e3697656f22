//! The content host: `GET /attachments/{channel}/{id}/{filename}` with the signature, and nothing else. It knows no
//! token: a request that carries one gave it away.

use super::super::{
    Discord,
    files::{File, FileFault},
    refusal::Asked,
    server::Cut,
    state::State,
    wire::Seen,
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode, Uri, header},
};
use futures_util::{StreamExt as _, stream};
use std::io;

/// What Discord says instead of a file that cannot be had.
const GONE: &str = "This content is no longer available.";

/// The most bytes that go out at once when more come than were announced.
const CHUNK: usize = 64 * 1024;

/// What is answered.
enum Told {
    File(Box<File>, Option<FileFault>),
    Redirect(String),
    No(&'static str),
}

/// Answers a request for a file.
pub(super) async fn answer(
    discord: &Discord,
    seen: &Seen,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<Response<Body>, Cut> {
    let (status, told) = discord.change(|state| {
        let (status, told, asked) = decide(state, seen, headers, uri);
        state.note(format!("{} {} → {status}", seen.method, seen.path));
        state.wire.answer(seen.number, status.as_u16(), None, asked);
        (status, told)
    });
    let response = Response::builder().status(status);
    let response = match told {
        Told::No(text) => response.header(header::CONTENT_TYPE, "text/plain").body(Body::from(text)),
        Told::Redirect(to) => response.header(header::LOCATION, to).body(Body::empty()),
        Told::File(file, fault) => {
            if let Some(FileFault::Slow(wait)) = &fault {
                tokio::time::sleep(*wait).await;
            }
            let kind = file.content_type().unwrap_or("application/octet-stream");
            let name = format!("attachment; filename=\"{}\"", file.filename);
            let response = response.header(header::CONTENT_TYPE, kind).header(header::CONTENT_DISPOSITION, name);
            let response = match &fault {
                Some(FileFault::HalfThenCut) => response.header(header::CONTENT_LENGTH, file.bytes.len()),
                Some(_) | None => response,
            };
            response.body(body(file.bytes, fault))
        }
    };
    response.map_err(|_| Cut)
}

fn decide(state: &mut State, seen: &Seen, headers: &HeaderMap, uri: &Uri) -> (StatusCode, Told, Asked) {
    let no = |status, text, asked| (status, Told::No(text), asked);
    if seen.method != "GET" {
        state.wire.not_modelled(format!("{} {}", seen.method, uri.path()));
        return no(StatusCode::NOT_IMPLEMENTED, "the sandbox does not model this", Asked::ByNobody);
    }
    if headers.contains_key(header::AUTHORIZATION) {
        return no(StatusCode::FORBIDDEN, "The content host asks for no token.", Asked::ByNobody);
    }
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let Some(file) = state.files.signed(uri.path(), &query).cloned() else {
        let asked = if state.files.expired(uri.path()) { Asked::ByTheTest } else { Asked::ByNobody };
        return no(StatusCode::NOT_FOUND, GONE, asked);
    };
    match state.files.fault() {
        Some(FileFault::Gone) => no(StatusCode::NOT_FOUND, GONE, Asked::ByTheTest),
        Some(FileFault::Redirected(to)) => (StatusCode::FOUND, Told::Redirect(to), Asked::ByTheTest),
        fault => (StatusCode::OK, Told::File(Box::new(file), fault), Asked::ByNobody),
    }
}

/// The bytes, or what a fault makes of them.
fn body(bytes: Vec<u8>, fault: Option<FileFault>) -> Body {
    match fault {
        Some(FileFault::OtherBytes(other)) => Body::from(other),
        Some(FileFault::MoreBytes(more)) => {
            let rest = stream::unfold(more, |left| async move {
                let now = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
                let chunk = Bytes::from(vec![b'x'; now]);
                (left > 0).then_some((Ok::<_, io::Error>(chunk), left.saturating_sub(now as u64)))
            });
            let announced = stream::iter([Ok(Bytes::from(bytes))]);
            Body::from_stream(announced.chain(rest))
        }
        Some(FileFault::HalfThenCut) => {
            let half = Bytes::copy_from_slice(&bytes[..bytes.len() / 2]);
            let cut = stream::once(async {
                // What was written so far is sent only while nothing more is to be had.
                tokio::task::yield_now().await;
                Err(io::Error::from(io::ErrorKind::ConnectionReset))
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(cut))
        }
        Some(FileFault::Slow(_) | FileFault::Redirected(_) | FileFault::Gone) | None => Body::from(bytes),
    }
}
