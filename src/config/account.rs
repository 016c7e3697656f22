//! What the environment says about Discord and the store.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::environment::{
    DATABASE_URL, DISCORD_API_URL, DISCORD_TOKEN, Environment, ROLLCALL_INSECURE_DISCORD, ROLLCALL_KEY, RUST_LOG,
};
use super::problem::{Place, Problem};

/// How Discord is reached, and as whom.
#[derive(Clone, Debug)]
pub struct DiscordAccess {
    /// The bot's token, without `Bot `.
    pub token: SecretString,
    /// The server's origin; its path is `/`.
    pub origin: Url,
    /// Where `http:` and `ws:` are allowed.
    pub plain_text: PlainText,
}

/// Where a connection to Discord may go without encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainText {
    /// To this machine only.
    Loopback,
    /// Anywhere, by `ROLLCALL_INSECURE_DISCORD=1`.
    Anywhere,
}

impl PlainText {
    /// Whether a URL may be used: encrypted, or plain where that is allowed.
    #[must_use]
    pub fn allows(self, url: &Url) -> bool {
        match (url.scheme(), self) {
            ("https" | "wss", _) | ("http" | "ws", Self::Anywhere) => true,
            ("http" | "ws", Self::Loopback) => is_loopback(url),
            _ => false,
        }
    }
}

/// Where the store is, and what seals it.
#[derive(Clone)]
pub struct StoreAccess {
    /// `sqlite:PATH` or `postgres://…`, which may hold a password.
    pub url: SecretString,
    /// `ROLLCALL_KEY`: base64 of exactly 32 bytes.
    pub key: SecretString,
}

impl fmt::Debug for StoreAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreAccess").finish_non_exhaustive()
    }
}

fn wrong(problems: &mut Vec<Problem>, name: &str, text: &str) {
    problems.push(Problem::new(Place::Variable(name.to_owned()), text));
}

/// Reads what concerns Discord.
pub(super) fn discord(environment: &Environment, problems: &mut Vec<Problem>) -> Option<DiscordAccess> {
    let token = token(environment, problems);
    let plain_text = plain_text(environment, problems);
    let origin = origin(environment, plain_text, problems);
    Some(DiscordAccess { token: token?, origin: origin?, plain_text })
}

fn token(environment: &Environment, problems: &mut Vec<Problem>) -> Option<SecretString> {
    let token = environment.known(DISCORD_TOKEN, problems)?;
    let text = token.expose_secret();
    let text = text.strip_prefix("Bot ").unwrap_or(text).trim();
    // It travels in an HTTP header, which other characters would break.
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        wrong(
            problems,
            DISCORD_TOKEN,
            "it holds characters that no token has; copy it from the developer portal again",
        );
        return None;
    }
    Some(SecretString::from(text))
}

fn plain_text(environment: &Environment, problems: &mut Vec<Problem>) -> PlainText {
    match environment.known(ROLLCALL_INSECURE_DISCORD, problems).as_ref().map(ExposeSecret::expose_secret) {
        None | Some("0") => PlainText::Loopback,
        Some("1") => PlainText::Anywhere,
        Some(_) => {
            wrong(
                problems,
                ROLLCALL_INSECURE_DISCORD,
                "it is 1 to allow http: and ws: beyond this machine, or not set",
            );
            PlainText::Loopback
        }
    }
}

/// What is wrong is told without the value: people paste URLs with credentials.
fn origin(environment: &Environment, plain_text: PlainText, problems: &mut Vec<Problem>) -> Option<Url> {
    let text = environment.known(DISCORD_API_URL, problems)?;
    let text = match Url::parse(text.expose_secret()) {
        Err(_) => "it is no URL; write https://host or https://host:port",
        Ok(url) if !matches!(url.scheme(), "https" | "http") => "it should begin with https://",
        Ok(url) if !url.username().is_empty() || url.password().is_some() => "it should hold no credentials",
        Ok(url) if url.path() != "/" || url.query().is_some() || url.fragment().is_some() => {
            "it should be an origin only, https://host or https://host:port; the path /api/v10 is added"
        }
        Ok(url) if !plain_text.allows(&url) => {
            "http: is for this machine only, since the token would cross the network in the clear; use https:, \
             or set ROLLCALL_INSECURE_DISCORD=1 if you must"
        }
        Ok(url) => return Some(url),
    };
    wrong(problems, DISCORD_API_URL, text);
    None
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Reads what concerns the store.
pub(super) fn store(environment: &Environment, problems: &mut Vec<Problem>) -> Option<StoreAccess> {
    let key = key(environment, problems);
    let url = database(environment, problems);
    Some(StoreAccess { url: url?, key: key? })
}

fn key(environment: &Environment, problems: &mut Vec<Problem>) -> Option<SecretString> {
    let key = environment.known(ROLLCALL_KEY, problems)?;
    let bytes = STANDARD.decode(key.expose_secret()).map(Zeroizing::new);
    match bytes {
        Ok(bytes) if bytes.len() == 32 => return Some(key),
        Ok(bytes) => {
            let text = format!("it holds {} bytes instead of 32; `rollcall key` makes one", bytes.len());
            wrong(problems, ROLLCALL_KEY, &text);
        }
        Err(_) => wrong(problems, ROLLCALL_KEY, "it is not base64 of 32 bytes; `rollcall key` makes one"),
    }
    None
}

fn database(environment: &Environment, problems: &mut Vec<Problem>) -> Option<SecretString> {
    let url = environment.known(DATABASE_URL, problems)?;
    let text = url.expose_secret();
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme))
        || text.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty());
    if !known {
        wrong(problems, DATABASE_URL, "it should be sqlite:PATH or postgres://…");
        return None;
    }
    Some(url)
}

/// Checks the form of `RUST_LOG`.
pub(super) fn log(environment: &Environment, problems: &mut Vec<Problem>) {
    let Some(filter) = environment.known(RUST_LOG, problems) else { return };
    if tracing_subscriber::EnvFilter::builder().parse(filter.expose_secret()).is_err() {
        wrong(problems, RUST_LOG, "it is no log filter; write info, or info,rollcall::desk=debug");
    }
}
