//! The socket itself: opening it, the next payload's text, and what its end means.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};
use url::Url;

use super::{Fatal, frames};

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// We were asked to stop, or nobody takes events any more.
    Stopped,
    /// Come back with the same session.
    Resume,
    /// The session is gone; come back with a new one.
    Anew,
    /// As `Anew`, after the wait that Discord asks for.
    AnewLater,
    /// Do not come back.
    Fatal(Fatal),
}

/// Opens the socket.
pub(super) async fn open(url: &Url, patience: Duration) -> Option<Socket> {
    let config = WebSocketConfig {
        max_message_size: Some(frames::LONGEST_PAYLOAD),
        max_frame_size: Some(frames::LONGEST_PAYLOAD),
        ..WebSocketConfig::default()
    };
    let opening = connect_async_tls_with_config(url.as_str(), Some(config), true, None);
    match timeout(patience, opening).await {
        Ok(Ok((socket, _))) => Some(socket),
        Ok(Err(error)) => {
            tracing::warn!(reason = reason(&error), "Discord's gateway cannot be reached");
            None
        }
        Err(_) => {
            tracing::warn!(reason = "no answer in time", "Discord's gateway cannot be reached");
            None
        }
    }
}

/// The next payload's text. Safe to be dropped halfway: a frame that is not whole yet stays in the socket.
pub(super) async fn read_text(socket: &mut Socket) -> ControlFlow<End, String> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => {
                return ControlFlow::Break(closed(frame.map(|frame| u16::from(frame.code))));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(message)) => {
                if let Some(text) = frames::text(message) {
                    return ControlFlow::Continue(text);
                }
                tracing::warn!("a payload from Discord's gateway cannot be unpacked");
                return ControlFlow::Break(End::Resume);
            }
            Some(Err(error)) => {
                tracing::warn!(reason = reason(&error), "the connection to Discord's gateway broke");
                return ControlFlow::Break(End::Resume);
            }
            None => return ControlFlow::Break(End::Resume),
        }
    }
}

/// What Discord means by a close code. See "Gateway Close Event Codes", read 2026-11-21.
fn closed(code: Option<u16>) -> End {
    tracing::info!(code, "Discord closed the gateway");
    match code {
        Some(4004) => End::Fatal(Fatal::TokenRefused),
        Some(4014) => End::Fatal(Fatal::IntentsRefused),
        Some(code @ 4010..=4013) => End::Fatal(Fatal::Refused(code)),
        Some(4007 | 4009) => End::Anew,
        Some(_) | None => End::Resume,
    }
}

/// A word for the log. The error itself may hold a URL or what was sent.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "closed",
        Error::Io(_) => "network",
        Error::Tls(_) => "TLS",
        Error::Capacity(_) => "a frame is too long",
        Error::Protocol(_) | Error::Utf8 | Error::AttackAttempt => "protocol",
        Error::WriteBufferFull(_) => "nothing can be sent",
        Error::Url(_) => "the URL",
        Error::Http(_) | Error::HttpFormat(_) => "not a gateway",
    }
}
