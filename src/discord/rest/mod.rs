//! The one place that calls Discord.
//!
//! Every call of its API goes through [`Rest`]'s one `send`: under the rate limits as Discord tells them, under a deadline of
//! ours, and never with a URL, a token or a body in an error or a log. It knows what Discord's endpoints are called and
//! what they answer; what is said in a message is decided elsewhere. Files that people attach are fetched in `files.rs`.

mod call;
mod error;
mod files;
mod limits;
mod methods;
mod send;
mod shapes;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use url::Url;

pub use self::error::*;
pub use self::files::FileError;
use self::limits::Limits;
pub use self::methods::{MEMBERS_A_PAGE, REACTIONS_A_PAGE};
pub use self::shapes::{
    ApplicationInfo, ChannelInfo, GuildInfo, MemberInfo, MessageInfo, OverwriteInfo, OverwriteKind, RoleInfo,
    SessionStartLimit, UserInfo,
};

/// How long a call may take in all, waiting for rate limits and repeating included, unless [`Rest::within`] says else.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// Calls Discord. Cheap to clone; clones share connections, limits and what is known of the token.
#[derive(Clone)]
pub struct Rest {
    shared: Arc<Shared>,
    deadline: Duration,
}

struct Shared {
    client: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
    limits: Mutex<Limits>,
    token: watch::Sender<Token>,
}

/// What is known of the bot's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Unrefused,
    Refused,
}

impl Rest {
    /// Prepares calls to the Discord-compatible server at `origin`, as the bot that `token` belongs to.
    ///
    /// # Errors
    /// If `origin` is no web address, the token cannot stand in a header, or TLS cannot be set up.
    pub fn new(origin: &Url, token: &SecretString) -> Result<Self, SetUpError> {
        if !matches!(origin.scheme(), "http" | "https") || origin.cannot_be_a_base() {
            return Err(SetUpError::Origin);
        }
        let base = origin.join("/api/v10/").map_err(|_| SetUpError::Origin)?;
        let mut authorization =
            HeaderValue::from_str(&format!("Bot {}", token.expose_secret())).map_err(|_| SetUpError::Token)?;
        authorization.set_sensitive(true);
        let client = reqwest::Client::builder()
            .user_agent(concat!("DiscordBot (rollcall, ", env!("CARGO_PKG_VERSION"), ")"))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|_| SetUpError::Client)?;
        let token = watch::Sender::new(Token::Unrefused);
        let shared = Shared { client, base, authorization, limits: Mutex::default(), token };
        Ok(Self { shared: Arc::new(shared), deadline: DEADLINE })
    }

    /// The same, with another deadline for each call.
    #[must_use]
    pub fn within(&self, deadline: Duration) -> Self {
        Self { shared: Arc::clone(&self.shared), deadline }
    }

    /// Returns once Discord has refused the bot's token (401). Nothing is sent after that.
    pub async fn token_refused(&self) {
        let mut token = self.shared.token.subscribe();
        if token.wait_for(|token| *token == Token::Refused).await.is_err() {
            // Cannot be: `self` holds the sender.
            std::future::pending::<()>().await;
        }
    }

    /// The origin's scheme, which says whether an unencrypted gateway may be used.
    pub(in crate::discord) fn scheme(&self) -> &str {
        self.shared.base.scheme()
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
