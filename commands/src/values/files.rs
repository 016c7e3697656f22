//! Files that people attach to a command. Fetching one, and from where, is the business of whoever may do I/O.

use serde::{Deserialize, Serialize};
use serenity::model::channel::Attachment;
use serenity::model::id::AttachmentId;

/// A file as Discord resolved it. It is kept by Discord for a while only, so that whoever stores this stores no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedFile {
    /// Discord's id of it.
    pub id: AttachmentId,
    /// What it was called when it was attached; not yet safe to print.
    pub filename: String,
    /// Its size in bytes, as Discord says: at most [`AttachedFile::LARGEST`], but count what arrives.
    pub size: u32,
    /// Where Discord keeps it; signed, and valid for a while.
    pub url: String,
}

impl AttachedFile {
    /// The largest file that is taken, in bytes.
    pub const LARGEST: u32 = 1_000_000;
}

impl From<&Attachment> for AttachedFile {
    fn from(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id,
            filename: attachment.filename.clone(),
            size: attachment.size,
            url: attachment.url.clone(),
        }
    }
}
