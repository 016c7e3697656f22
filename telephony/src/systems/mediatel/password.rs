//! How passwords travel to Mediatel and what its answers tell about what it stored.
//!
//! The document shows a `Password` of 16 hex digits, the first half of the MD5 of "1", and does not say who hashes.
//! So the form is a setting, and every answer is compared with what was sent.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Echo, PasswordForm, Sent};

/// What the connection's settings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// The first 16 hex digits of the MD5, lowercase: the server stores what it is sent.
    Md5First16,
    /// As it is: the server hashes.
    Plain,
}

impl Encoding {
    /// The setting's own word.
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::Md5First16 => "md5-16",
            Self::Plain => "plain",
        }
    }

    /// What is put on the wire.
    pub(super) fn encode(self, sent: Sent<'_>) -> SecretString {
        match (self, sent.form) {
            (Self::Md5First16, PasswordForm::Configured) => SecretString::from(digest(sent.plain.expose_secret())),
            (Self::Plain, PasswordForm::Configured) | (Self::Md5First16 | Self::Plain, PasswordForm::Plain) => {
                sent.plain.clone()
            }
        }
    }
}

/// The first 16 hex digits of the MD5, lowercase.
fn digest(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().take(8).fold(String::with_capacity(16), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a record's `Password` member held when it came; taken out of it before anybody sees the record.
#[derive(Debug)]
pub(super) struct Stored(Option<SecretString>);

impl Stored {
    /// From the member's JSON text; anything but a string counts as not shown.
    pub(super) fn from_json(json: Option<&str>) -> Self {
        Self(json.and_then(|json| serde_json::from_str::<String>(json).ok()).map(SecretString::from))
    }

    /// How it compares with the value that was put on the wire.
    pub(super) fn compare(&self, wire: &SecretString) -> Echo {
        let Some(stored) = self.0.as_ref().map(SecretString::expose_secret) else { return Echo::Masked };
        let sent = wire.expose_secret();
        if stored == sent {
            Echo::AsSent
        } else if stored.eq_ignore_ascii_case(&digest(sent)) {
            Echo::Digested
        } else if is_mask(stored) {
            Echo::Masked
        } else {
            Echo::Other
        }
    }
}

/// Whether a value shows nothing: empty, a run of four or more of one covering character, or a word that says so.
fn is_mask(stored: &str) -> bool {
    let stored = stored.trim();
    let one_of = |cover: &[char]| stored.chars().all(|c| cover.contains(&c));
    stored.is_empty()
        || one_of(&['*'])
        || one_of(&['•'])
        || one_of(&['●'])
        || (stored.chars().count() >= 4 && (one_of(&['x', 'X']) || one_of(&['.']) || one_of(&['-']) || one_of(&['#'])))
        || ["hidden", "masked", "redacted", "secret", "null", "none"]
            .iter()
            .any(|word| stored.trim_matches(['<', '>', '[', ']', '(', ')', '*']).eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(encoding: Encoding, form: PasswordForm, stored: &str) -> Echo {
        let plain = SecretString::from("1".to_owned());
        let wire = encoding.encode(Sent { plain: &plain, form });
        Stored::from_json(Some(stored)).compare(&wire)
    }

    #[test]
    fn the_documented_value_is_the_digest_of_one() {
        assert_eq!(digest("1"), "c4ca4238a0b92382");
        assert_eq!(digest("c4ca4238a0b92382"), "cb75f24423e2cfc7");
    }

    #[test]
    fn every_encoding_against_every_kind_of_server() {
        use Encoding::{Md5First16, Plain};
        let configured = PasswordForm::Configured;
        assert_eq!(echo(Md5First16, configured, r#""c4ca4238a0b92382""#), Echo::AsSent);
        assert_eq!(echo(Md5First16, configured, r#""CB75F24423E2CFC7""#), Echo::Digested);
        assert_eq!(echo(Md5First16, PasswordForm::Plain, r#""c4ca4238a0b92382""#), Echo::Digested);
        assert_eq!(echo(Plain, configured, r#""C4CA4238A0B92382""#), Echo::Digested);
        assert_eq!(echo(Plain, configured, r#""1""#), Echo::AsSent);
        assert_eq!(echo(Plain, configured, r#""something else""#), Echo::Other);
        for mask in [r#""""#, "null", r#""********""#, r#""•••""#, r#""xxxx""#, r#""<hidden>""#, "7", "{}"] {
            assert_eq!(echo(Md5First16, configured, mask), Echo::Masked, "{mask}");
        }
        assert_eq!(echo(Md5First16, configured, r#""xxx""#), Echo::Other);
        assert_eq!(Stored::from_json(None).compare(&SecretString::from("x".to_owned())), Echo::Masked);
    }
}
