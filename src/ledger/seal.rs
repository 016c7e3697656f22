//! Secrets at rest: XChaCha20-Poly1305 under a key derived from `ROLLCALL_KEY`.
//!
//! What a secret belongs to is authenticated with it, so a ciphertext that is moved to another row does not open.
//! Which column holds it and when it is erased is the business of the rows' own modules.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use rollcall_telephony::{AgentRef, IntentId};
use secrecy::{ExposeSecret as _, SecretString};
use serenity::model::id::{InteractionId, UserId};
use zeroize::Zeroizing;

use super::key::{Key, Purpose};
use super::{HandoverId, LedgerError, RequestId};

/// The first byte of everything sealed: how, and with which generation of the key.
const VERSION: u8 = 1;
const NONCE_LEN: usize = 24;

/// What a secret belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner<'a> {
    /// The password that an intent sets: bound to the whole act, and so to its recipient.
    Intent(IntentId, &'a str),
    /// The password that is handed over: bound to who may read it.
    Handover { id: HandoverId, requester: UserId, recipient: UserId },
    /// The record of what a request is about: bound to the whole act.
    Request(RequestId, &'a str),
    /// The record of an agent that an intent deletes: bound to that agent.
    Kept(IntentId, &'a AgentRef),
    /// The token of an interaction.
    Interaction(InteractionId),
    /// The id of the gateway's session.
    Session,
}

impl Owner<'_> {
    /// What is authenticated with the ciphertext.
    fn bound(&self) -> String {
        match self {
            Self::Intent(_, act) | Self::Request(_, act) => format!("{self}:{act}"),
            Self::Kept(_, agent) => format!("{self}:{agent}"),
            Self::Handover { requester, recipient, .. } => format!("{self}:{requester}:{recipient}"),
            Self::Interaction(_) | Self::Session => self.to_string(),
        }
    }
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intent(id, _) => write!(f, "intent:{id}"),
            Self::Handover { id, .. } => write!(f, "handover:{}", id.0),
            Self::Request(id, _) => write!(f, "request:{id}"),
            Self::Kept(id, _) => write!(f, "kept:{id}"),
            Self::Interaction(id) => write!(f, "interaction:{id}"),
            Self::Session => f.write_str("session"),
        }
    }
}

/// Seals and opens.
#[derive(Clone)]
pub(super) struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub(super) fn new(key: &Key) -> Self {
        Self(XChaCha20Poly1305::new(key.derive(Purpose::Seal).as_slice().into()))
    }

    /// The version, a random nonce, and the ciphertext with its tag.
    pub(super) fn seal(&self, owner: Owner<'_>, secret: &SecretString) -> Result<Vec<u8>, LedgerError> {
        let mut nonce = [0_u8; NONCE_LEN];
        OsRng.try_fill_bytes(&mut nonce).map_err(|_| {
            LedgerError::Unwritable("the operating system gives no entropy to seal a secret".to_owned())
        })?;
        let bound = owner.bound();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: bound.as_bytes() };
        let ciphertext = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| LedgerError::Unwritable(format!("the secret of {owner} cannot be sealed")))?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// The secret again.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it was changed, or sealed for another owner or with another key.
    pub(super) fn open(&self, owner: Owner<'_>, sealed: &[u8]) -> Result<SecretString, LedgerError> {
        self.try_open(owner, sealed).ok_or_else(|| {
            LedgerError::Unreadable(format!("the sealed secret of {owner} was changed from outside and does not open"))
        })
    }

    fn try_open(&self, owner: Owner<'_>, sealed: &[u8]) -> Option<SecretString> {
        let (&version, rest) = sealed.split_first()?;
        if version != VERSION || rest.len() < NONCE_LEN {
            return None;
        }
        let (nonce, ciphertext) = rest.split_at(NONCE_LEN);
        let bound = owner.bound();
        let payload = Payload { msg: ciphertext, aad: bound.as_bytes() };
        let text = Zeroizing::new(self.0.decrypt(XNonce::from_slice(nonce), payload).ok()?);
        std::str::from_utf8(&text).ok().map(SecretString::from)
    }
}
