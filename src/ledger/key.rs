//! `ROLLCALL_KEY` and the keys derived from it. What is done with them is in `seal.rs` and `chain.rs`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use rand::RngCore as _;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The 32 bytes of `ROLLCALL_KEY`: everything that is sealed or chained in the store hangs on them.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

/// Why a text is not a `ROLLCALL_KEY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not base64.
    #[error("it is not base64; `rollcall key` prints a fresh one")]
    NotBase64,
    /// It has another length.
    #[error("it is {0} bytes long instead of 32; `rollcall key` prints a fresh one")]
    Length(usize),
}

impl Key {
    /// Reads the base64 (standard alphabet, padded) of 32 bytes; spaces around it do not matter.
    ///
    /// # Errors
    /// [`KeyError`] when it is something else; the text itself is never repeated.
    pub fn parse(base64: &SecretString) -> Result<Self, KeyError> {
        let text = base64.expose_secret().trim();
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| KeyError::NotBase64)?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Length(bytes.len()))?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// A fresh key as base64, from the operating system's entropy.
    ///
    /// # Panics
    /// When the operating system has no entropy to give.
    #[must_use]
    pub fn generate() -> SecretString {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        OsRng.unwrap_err().fill_bytes(bytes.as_mut_slice());
        SecretString::from(STANDARD.encode(bytes.as_slice()))
    }

    /// A key of its own for one purpose; none tells anything about another or about `ROLLCALL_KEY`.
    pub(super) fn derive(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0_u8; 32]);
        // 32 bytes are far below the 8160 that HKDF-SHA256 can give, so this cannot fail.
        let given = Hkdf::<Sha256>::new(None, self.0.as_slice()).expand(purpose.label(), out.as_mut_slice());
        debug_assert!(given.is_ok());
        out
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// What a derived key is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Sealing secrets.
    Seal,
    /// Chaining the audit log.
    Audit,
    /// Telling whether a store was written with this key; stands in the store.
    Check,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Seal => b"rollcall seal v1",
            Self::Audit => b"rollcall audit v1",
            Self::Check => b"rollcall key check v1",
        }
    }
}
