//! The sockets: HTTP/1.1 on loopback, upgraded to the gateway where asked, and cut where a test wants it cut.

use super::{
    Discord,
    gateway::socket::{self, Door},
    rest,
};
use axum::{
    body::Body,
    extract::{FromRequestParts, ws::WebSocketUpgrade},
    http::{Request, Response, StatusCode, header},
    response::IntoResponse,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio::{net::TcpListener, task::JoinSet};

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut on order")]
pub(crate) struct Cut;

/// Accepts connections until the task is dropped.
pub(crate) async fn listen(discord: Arc<Discord>, door: Door, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                // Answers are small and awaited one by one; Nagle's algorithm would only delay them.
                let _ = stream.set_nodelay(true);
                let discord = Arc::clone(&discord);
                connections.spawn(async move {
                    let service = service_fn(move |request| answer(Arc::clone(&discord), door, request));
                    let served = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades()
                        .await;
                    if let Err(error) = served {
                        tracing::debug!(%error, "a connection to the sandbox ended early");
                    }
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn answer(discord: Arc<Discord>, door: Door, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let upgrade = request.headers().get(header::UPGRADE).is_some();
    let request = request.map(Body::new);
    if !upgrade {
        return rest::answer(discord, request).await;
    }
    let (mut parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    if parts.uri.path() != "/" {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    Ok(match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.on_upgrade(move |socket| socket::serve(discord, door, query, socket)),
        Err(refused) => refused.into_response(),
    })
}
