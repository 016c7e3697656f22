//! Reading an answer's body up to a cap.

use std::time::Duration;

use super::Fault;

/// The most bytes an answer may have: ten thousand agents take some 8 MiB.
pub(super) const CAP: usize = 16 * 1024 * 1024;

/// Reads the whole body. The request's timeout also bounds this, however slowly it drips.
pub(super) async fn read(mut response: reqwest::Response, timeout: Duration) -> Result<Vec<u8>, Fault> {
    let too_long = || Fault::unreadable(format!("it is longer than {} MiB", CAP / 1024 / 1024));
    if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |l| l > CAP)) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| Fault::transport(e, timeout))? {
        if body.len() + chunk.len() > CAP {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
