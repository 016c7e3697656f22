//! Files that people attach to a command, on their way to the desk. How one is fetched is in `rest/files.rs`; what stands in
//! it is the desk's to read.

use rollcall_commands::AttachedFile;

use super::door::Door;
use super::rest::FileError;
use crate::desk::Refusal;

/// Fetches an attached file.
///
/// # Errors
/// With a sentence that says why not, and what to do.
pub(super) async fn fetch(door: &Door, file: &AttachedFile) -> Result<Vec<u8>, Refusal> {
    if file.size > AttachedFile::LARGEST {
        return Err(Refusal::File(sentence(FileError::TooLarge)));
    }
    let most = usize::try_from(AttachedFile::LARGEST).unwrap_or(usize::MAX);
    door.rest.attached(&file.url, most).await.map_err(|error| Refusal::File(sentence(error)))
}

/// Why a file was not fetched, for whoever attached it.
pub(super) fn sentence(error: FileError) -> String {
    match error {
        FileError::Elsewhere => {
            "It is not where Discord keeps files, and I fetch from nowhere else. Attach it to the command itself."
                .to_owned()
        }
        FileError::TooLarge => {
            "It is larger than 1 MB. Part it into several files, and attach them one by one.".to_owned()
        }
        FileError::Gone => "Discord does not have it any more. Attach it again.".to_owned(),
        FileError::Refused(status) => {
            format!("Discord did not hand it out (status {status}). Attach it again in a while.")
        }
        FileError::Unreachable => "It did not arrive from Discord within 10 s. Attach it again in a while.".to_owned(),
    }
}
