//! What a phone system answered about extensions, in a sentence that ends with what to do: an act that failed keeps its
//! reason as a sentence, and nobody can ask back.

use rollcall_telephony::{Error, ErrorKind, Refusal};

/// Why it was not done, and what to do.
pub(in crate::desk) fn in_words(error: &Error) -> String {
    let on = &error.connection;
    match &error.kind {
        ErrorKind::NotFound => format!("{error}; /extension list shows what it has"),
        ErrorKind::Refused(Refusal::InvalidParameters) => {
            format!("{error}; compare them with those of an extension that works")
        }
        ErrorKind::Refused(Refusal::NotPermitted) => {
            format!("{error}; whoever looks after {on} can give it to that account")
        }
        ErrorKind::Refused(Refusal::InUse(_)) => format!("{error}; take it out of use there first"),
        ErrorKind::SignedOut => format!("{error}; tell whoever looks after the bot, /doctor says more"),
        ErrorKind::RateLimited(Some(_)) => format!("{error}; ask again after that"),
        ErrorKind::RateLimited(None) => format!("{error}; ask again in a while"),
        // Their sentences say it already, or there is nothing to do but to ask again.
        ErrorKind::Refused(
            Refusal::NameTaken
            | Refusal::InvalidName
            | Refusal::MustBeDisabled
            | Refusal::LoggedOut(_)
            | Refusal::NoSuchAgent(_)
            | Refusal::Other(_),
        )
        | ErrorKind::Unreadable(_)
        | ErrorKind::Unreachable(_)
        | ErrorKind::Broken(_)
        | ErrorKind::Unsupported(_) => error.to_string(),
    }
}
