//! Files that people attached to a command: fetched from where Discord keeps them, and from nowhere else.
//!
//! This is no call of Discord's API: no token goes with it, and no limit of a route counts it. The address of such a file is
//! signed, so it stands in no error and no log.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::Rest;

/// How long fetching a file may take in all.
const WITHIN: Duration = Duration::from_secs(10);
/// The hosts that keep what people attach, over https on its own port.
const HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];

/// Why an attached file was not fetched. It holds no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The address is none of Discord's: nothing was asked.
    #[error("its address is none of Discord's")]
    Elsewhere,
    /// It is larger than it may be.
    #[error("it is too large")]
    TooLarge,
    /// It is not there (any more), or the signature of its address is over.
    #[error("Discord does not have it any more")]
    Gone,
    /// Discord answered something else than the file: the HTTP status.
    #[error("Discord answered with status {0}")]
    Refused(u16),
    /// It did not arrive whole within ten seconds.
    #[error("it did not arrive")]
    Unreachable,
}

impl Rest {
    /// Fetches an attached file of at most `most` bytes.
    ///
    /// # Errors
    /// As [`FileError`] tells; then nothing of it is kept.
    pub async fn attached(&self, address: &str, most: usize) -> Result<Vec<u8>, FileError> {
        let address = self.keeps(address).ok_or(FileError::Elsewhere)?;
        let fetched = tokio::time::timeout(WITHIN, self.fetch(address, most)).await;
        let result = fetched.unwrap_or(Err(FileError::Unreachable));
        if let Err(error) = &result {
            tracing::debug!(%error, "an attached file was not fetched");
        }
        result
    }

    /// The address, if it is one where Discord keeps files.
    fn keeps(&self, address: &str) -> Option<Url> {
        let address = Url::parse(address).ok()?;
        let discord = address.scheme() == "https"
            && address.port().is_none()
            && address.host_str().is_some_and(|host| HOSTS.contains(&host));
        // A server that stands in for Discord keeps its files itself.
        let stand_in = address.origin().is_tuple() && address.origin() == self.shared.base.origin();
        let bare = address.username().is_empty() && address.password().is_none();
        ((discord || stand_in) && bare).then_some(address)
    }

    async fn fetch(&self, address: Url, most: usize) -> Result<Vec<u8>, FileError> {
        // reqwest's errors carry the address: they go no further than here. The client follows no redirects.
        let mut answer = self.shared.client.get(address).send().await.map_err(|_| FileError::Unreachable)?;
        match answer.status() {
            status if status.is_success() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => return Err(FileError::Gone),
            status => return Err(FileError::Refused(status.as_u16())),
        }
        let announced = answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if announced > most {
            return Err(FileError::TooLarge);
        }
        let mut file = Vec::with_capacity(announced);
        while let Some(chunk) = answer.chunk().await.map_err(|_| FileError::Unreachable)? {
            if file.len() + chunk.len() > most {
                return Err(FileError::TooLarge);
            }
            file.extend_from_slice(&chunk);
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests;
