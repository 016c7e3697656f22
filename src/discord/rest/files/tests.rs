//! Which addresses are asked, what is sent there, and how much is taken.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::*;

const MOST: usize = 1000;

/// The paths and headers that were asked with.
type Seen = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// A server that stands in for Discord, and keeps files.
async fn server() -> (Url, Rest, Seen) {
    let seen = Seen::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let rest = Rest::new(&origin, &SecretString::from("bot-token-that-nobody-may-see")).unwrap();
    (origin, rest, seen)
}

async fn answer(State(seen): State<Seen>, uri: Uri, headers: HeaderMap) -> Response {
    seen.lock().unwrap().push((uri.path().to_owned(), headers));
    let sized = |size: usize| "x".repeat(size).into_response();
    // Chunks announce no length.
    let chunks = |count: usize| {
        let chunks = (0..count).map(|_| Ok::<_, std::convert::Infallible>(vec![b'x'; 100]));
        Body::from_stream(futures_util::stream::iter(chunks)).into_response()
    };
    match uri.path() {
        "/whole" => sized(MOST),
        "/larger" => sized(MOST + 1),
        "/chunks" => chunks(10),
        "/more-chunks" => chunks(11),
        "/empty" => sized(0),
        "/moved" => (StatusCode::FOUND, [("location", "/whole")]).into_response(),
        "/forbidden" => StatusCode::FORBIDDEN.into_response(),
        "/broken" => StatusCode::BAD_GATEWAY.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    let (origin, rest, seen) = server().await;
    for (path, told) in [
        ("/whole", Ok(MOST)),
        ("/chunks", Ok(MOST)),
        ("/empty", Ok(0)),
        ("/larger", Err(FileError::TooLarge)),
        ("/more-chunks", Err(FileError::TooLarge)),
        ("/moved", Err(FileError::Refused(302))),
        ("/forbidden", Err(FileError::Gone)),
        ("/missing", Err(FileError::Gone)),
        ("/broken", Err(FileError::Refused(502))),
    ] {
        let address = format!("{origin}{}?ex=1&hm=signed", path.trim_start_matches('/'));
        let fetched = rest.attached(&address, MOST).await;
        assert_eq!(fetched.map(|file| file.len()), told, "{path}");
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 9, "each is asked for once, and no redirect is followed");
    assert!(seen.iter().all(|(_, headers)| !headers.contains_key("authorization")), "no token goes with it");
}

#[tokio::test]
async fn nobody_else_is_asked() {
    let (origin, rest, seen) = server().await;
    let (host, port) = (origin.host_str().unwrap(), origin.port().unwrap());
    for address in [
        "https://evil.example/attachments/1/2/new.csv".to_owned(),
        "http://cdn.discordapp.com/attachments/1/2/new.csv".to_owned(),
        "https://cdn.discordapp.com:8443/attachments/1/2/new.csv".to_owned(),
        "https://cdn.discordapp.com.evil.example/new.csv".to_owned(),
        "https://evil-cdn.discordapp.com/new.csv".to_owned(),
        "https://cdn.discordapp.com@evil.example/new.csv".to_owned(),
        "https://someone:else@cdn.discordapp.com/new.csv".to_owned(),
        format!("http://someone@{host}:{port}/whole"),
        format!("https://{host}:{port}/whole"),
        format!("http://{host}:{}/whole", port.wrapping_add(1).max(1)),
        format!("http://localhost:{port}/whole"),
        "file:///etc/passwd".to_owned(),
        "data:text/csv,E_ID".to_owned(),
        "new.csv".to_owned(),
        String::new(),
    ] {
        assert_eq!(rest.attached(&address, MOST).await, Err(FileError::Elsewhere), "{address}");
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn discords_own_hosts_are_known() {
    let rest = Rest::new(&Url::parse("https://discord.com").unwrap(), &SecretString::from("t")).unwrap();
    for address in [
        "https://cdn.discordapp.com/attachments/1/2/new.csv?ex=1&is=2&hm=3&",
        "https://media.discordapp.net/attachments/1/2/new.csv",
        "https://CDN.discordapp.com:443/ephemeral-attachments/1/2/new.csv",
    ] {
        assert!(rest.keeps(address).is_some(), "{address}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_does_not_arrive_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let rest = Rest::new(&origin, &SecretString::from("t")).unwrap();
    // It is never answered: nobody accepts.
    assert_eq!(rest.attached(origin.as_str(), MOST).await, Err(FileError::Unreachable));
    drop(listener);
}

#[test]
fn no_error_holds_an_address() {
    for error in
        [FileError::Elsewhere, FileError::TooLarge, FileError::Gone, FileError::Refused(500), FileError::Unreachable]
    {
        assert!(!error.to_string().contains("://"), "{error}");
    }
}
