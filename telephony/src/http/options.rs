//! What every HTTP connection has in its table: address, credentials, rate, timeout, CA file.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use crate::settings::Secrets;

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const TEN: NonZeroU32 = match NonZeroU32::new(10) {
    Some(ten) => ten,
    None => NonZeroU32::MIN,
};
const DEFAULT_RATE: Rate = Rate { times: TEN, per: Duration::from_secs(1) };

/// So many requests in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// How many.
    pub(crate) times: NonZeroU32,
    /// In how long.
    pub(crate) per: Duration,
}

/// Credentials, ready to be sent.
pub(crate) enum Auth {
    /// None: the network or a proxy in front vouches for us.
    None,
    /// A header.
    Header {
        /// Its name.
        name: HeaderName,
        /// Its value, marked sensitive.
        value: HeaderValue,
        /// What of it nobody may read, in every form in which it may come back.
        secrets: Vec<SecretString>,
    },
}

/// A shorter secret is not looked for in answers: it may stand there as something else.
const SHORTEST: usize = 8;

impl Auth {
    /// Adds the credentials to a request.
    pub(super) fn sign(&self, builder: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::None => builder,
            Self::Header { name, value, .. } => builder.header(name, value),
        }
    }

    /// An answer without the credentials: a server, or a proxy in front of it, may repeat what it was sent.
    pub(super) fn taken_out_of(&self, body: Vec<u8>) -> Vec<u8> {
        let secrets = match self {
            Self::None => &[],
            Self::Header { secrets, .. } => secrets.as_slice(),
        };
        let secrets = secrets.iter().map(|secret| secret.expose_secret().as_bytes());
        secrets.filter(|secret| secret.len() >= SHORTEST).fold(body, |body, secret| without(&body, secret))
    }
}

fn without(body: &[u8], secret: &[u8]) -> Vec<u8> {
    let (mut kept, mut left) = (Vec::with_capacity(body.len()), body);
    while let Some(at) = left.windows(secret.len()).position(|part| part == secret) {
        kept.extend_from_slice(&left[..at]);
        kept.extend_from_slice(b"(the credentials)");
        left = &left[at + secret.len()..];
    }
    kept.extend_from_slice(left);
    kept
}

/// How parameters travel to a system that takes them either way: its setting `method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// In the body: nothing of them ends up in the logs of whoever is on the way.
    Post,
    /// In the address.
    Get,
}

impl Manner {
    /// Reads `method`; adds what is wrong to `problems`.
    pub(crate) fn read(table: &Value, problems: &mut Vec<String>) -> Self {
        match text(table, "method") {
            None | Some("post") => Self::Post,
            Some("get") => Self::Get,
            Some(other) => {
                problems.push(format!("method = \"{other}\" must be \"post\" or \"get\"."));
                Self::Post
            }
        }
    }
}

/// How a connection is made.
pub(crate) struct Options {
    /// What every path is below of.
    pub(crate) base_url: Url,
    /// Credentials.
    pub(crate) auth: Auth,
    /// How long one request may take, body included.
    pub(crate) timeout: Duration,
    /// The quota.
    pub(crate) rate: Rate,
    /// Authorities trusted beside the usual ones.
    pub(crate) authorities: Vec<reqwest::Certificate>,
}

impl Options {
    /// Reads `base_url`, `auth`, `rate`, `timeout` and `ca_file`; adds what is wrong to `problems`.
    pub(crate) fn read(table: &Value, secrets: &Secrets, problems: &mut Vec<String>) -> Option<Self> {
        let before = problems.len();
        let base_url = base_url(table, problems);
        let auth = auth(table.get("auth"), secrets, problems);
        let timeout = match text(table, "timeout") {
            None => DEFAULT_TIMEOUT,
            Some(t) => note(
                humantime::parse_duration(t).ok().filter(|d| *d >= Duration::from_secs(1)),
                || format!("timeout = \"{t}\" is not a duration of one second or more, such as \"10s\"."),
                problems,
            )
            .unwrap_or(DEFAULT_TIMEOUT),
        };
        let rate = match text(table, "rate") {
            None => DEFAULT_RATE,
            Some(r) => note(
                read_rate(r),
                || format!("rate = \"{r}\" is not a rate such as \"10/s\" or \"300/min\"."),
                problems,
            )
            .unwrap_or(DEFAULT_RATE),
        };
        let authorities = text(table, "ca_file").map(|path| authorities(path, problems)).unwrap_or_default();
        let (Some(base_url), Some(auth)) = (base_url, auth) else { return None };
        let options = Self { base_url, auth, timeout, rate, authorities };
        if options.travels_in_the_open() && !matches!(options.auth, Auth::None) {
            tracing::warn!("base_url is http: credentials and passwords travel unprotected");
        }
        (problems.len() == before).then_some(options)
    }

    /// Whether what is sent can be read by whoever is on the way.
    pub(crate) fn travels_in_the_open(&self) -> bool {
        self.base_url.scheme() == "http" && !is_loopback(&self.base_url)
    }
}

/// A key's text.
pub(crate) fn text<'a>(table: &'a Value, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}

/// Notes a problem when there is no value.
fn note<T>(value: Option<T>, problem: impl FnOnce() -> String, problems: &mut Vec<String>) -> Option<T> {
    if value.is_none() {
        problems.push(problem());
    }
    value
}

fn base_url(table: &Value, problems: &mut Vec<String>) -> Option<Url> {
    let url = text(table, "base_url").and_then(|t| Url::parse(t).ok()).filter(|u| {
        matches!(u.scheme(), "http" | "https")
            && u.has_host()
            && u.username().is_empty()
            && u.password().is_none()
            && u.query().is_none()
            && u.fragment().is_none()
    });
    let problem = || {
        "base_url must be an http:// or https:// address without credentials, query or fragment, such as \
         \"https://hes.example/v1\"."
            .to_owned()
    };
    note(url, problem, problems)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn auth(value: Option<&Value>, secrets: &Secrets, problems: &mut Vec<String>) -> Option<Auth> {
    let Some(value) = value else { return Some(Auth::None) };
    if value.as_str() == Some("none") {
        return Some(Auth::None);
    }
    if let Some(basic) = value.get("basic") {
        let username = note(text(basic, "username"), || "auth.basic needs a username.".to_owned(), problems);
        let password = secret(basic.get("password"), "auth.basic.password", secrets, problems);
        let (username, password) = (username?, password?);
        if username.contains(':') {
            problems.push("auth.basic.username must not hold a colon: HTTP could not tell where it ends.".to_owned());
            return None;
        }
        let pair = SecretString::from(format!("{username}:{}", password.expose_secret()));
        let encoded = SecretString::from(STANDARD.encode(pair.expose_secret()));
        let header = SecretString::from(format!("Basic {}", encoded.expose_secret()));
        return sealed(AUTHORIZATION, &header, vec![password, encoded], "auth.basic", problems);
    }
    if let Some(bearer) = value.get("bearer") {
        let token = secret(Some(bearer), "auth.bearer", secrets, problems)?;
        let header = SecretString::from(format!("Bearer {}", token.expose_secret()));
        return sealed(AUTHORIZATION, &header, vec![token], "auth.bearer", problems);
    }
    if let Some(header) = value.get("header") {
        let name = note(
            text(header, "name").and_then(|n| n.parse::<HeaderName>().ok()),
            || "auth.header.name must be the name of an HTTP header, such as \"X-Api-Key\".".to_owned(),
            problems,
        );
        let value = secret(header.get("value"), "auth.header.value", secrets, problems);
        let value = value?;
        return sealed(name?, &value, vec![value.clone()], "auth.header.value", problems);
    }
    problems.push(
        "auth must be \"none\" or a table with basic, bearer or header, such as { bearer = \"env:TOKEN\" }.".to_owned(),
    );
    None
}

fn sealed(
    name: HeaderName,
    value: &SecretString,
    mut secrets: Vec<SecretString>,
    key: &str,
    problems: &mut Vec<String>,
) -> Option<Auth> {
    let Ok(mut value) = HeaderValue::from_str(value.expose_secret()) else {
        problems.push(format!("{key}: its value holds characters that cannot stand in an HTTP header."));
        return None;
    };
    value.set_sensitive(true);
    // Also as an address would have it; the longer form first, which may hold the other.
    let in_address = |secret: &SecretString| {
        url::form_urlencoded::byte_serialize(secret.expose_secret().as_bytes()).collect::<String>()
    };
    let encoded: Vec<SecretString> = secrets.iter().map(|secret| in_address(secret).into()).collect();
    secrets.splice(0..0, encoded);
    Some(Auth::Header { name, value, secrets })
}

/// Looks up `env:NAME`.
pub(crate) fn secret(
    value: Option<&Value>,
    key: &str,
    secrets: &Secrets,
    problems: &mut Vec<String>,
) -> Option<SecretString> {
    let Some(name) = value.and_then(Value::as_str).and_then(|t| t.strip_prefix("env:")) else {
        // What stands there may be the secret itself: it is not repeated.
        problems.push(format!("{key} must be written \"env:NAME\"; the secret itself belongs in the environment."));
        return None;
    };
    let found = secrets.get(name).filter(|s| !s.expose_secret().is_empty()).cloned();
    note(found, || format!("{key} names the variable {name}, which is not set."), problems)
}

fn read_rate(text: &str) -> Option<Rate> {
    let (times, unit) = text.split_once('/')?;
    let per = match unit.trim() {
        "s" | "sec" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return None,
    };
    Some(Rate { times: times.trim().parse().ok()?, per: Duration::from_secs(per) })
}

fn authorities(path: &str, problems: &mut Vec<String>) -> Vec<reqwest::Certificate> {
    let pem = match std::fs::read(Path::new(path)) {
        Ok(pem) => pem,
        Err(error) => {
            problems.push(format!("ca_file = \"{path}\" cannot be read: {error}."));
            return Vec::new();
        }
    };
    match reqwest::Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => found,
        Ok(_) | Err(_) => {
            problems.push(format!("ca_file = \"{path}\" holds no certificate in PEM."));
            Vec::new()
        }
    }
}
