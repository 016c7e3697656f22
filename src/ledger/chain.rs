//! The keyed chain of the audit log: what an entry's hash covers, and the end of the log that is kept beside it.
//!
//! Rows are written and read in `audit.rs`. Whoever can write the file but lacks `ROLLCALL_KEY` can neither change,
//! add, remove nor re-order entries, nor cut the log's tail, unseen. Putting back a whole earlier copy of the file
//! cannot be seen from inside the file; the log channel and exports stand against that.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::key::{Key, Purpose};

/// The keyed hash of an entry.
pub(super) type Hash = [u8; 32];

const HEAD_LEN: usize = 8 + 32 + 32;

/// An entry as it is hashed: exactly what stands in its row.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) what: String,
    pub(super) actor: Option<i64>,
    pub(super) target: String,
    pub(super) intent: Option<i64>,
    pub(super) detail: String,
}

/// The last entry of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) seq: i64,
    pub(super) hash: Hash,
}

impl Head {
    /// The head of a log without entries.
    pub(super) const EMPTY: Self = Self { seq: 0, hash: [0; 32] };
}

/// Computes and checks the chain.
#[derive(Clone)]
pub(super) struct Chain(Zeroizing<[u8; 64]>);

impl Chain {
    pub(super) fn new(key: &Key) -> Self {
        // A block of HMAC-SHA256, zero-padded as it would do itself: so taking the key cannot fail.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(key.derive(Purpose::Audit).as_slice());
        Self(block)
    }

    /// The hash of `entry`, which follows the entry with the hash `previous`.
    pub(super) fn link(&self, previous: &Hash, entry: &Entry) -> Hash {
        let mut mac = self.mac(*b"entry");
        mac.update(previous);
        mac.update(&entry.seq.to_be_bytes());
        mac.update(&entry.at.to_be_bytes());
        text(&mut mac, &entry.what);
        number(&mut mac, entry.actor);
        text(&mut mac, &entry.target);
        number(&mut mac, entry.intent);
        text(&mut mac, &entry.detail);
        mac.finalize().into_bytes().into()
    }

    /// The log's end as it is stored: its place, its hash, and a keyed hash over both.
    pub(super) fn write_head(&self, head: &Head) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_LEN);
        bytes.extend_from_slice(&head.seq.to_be_bytes());
        bytes.extend_from_slice(&head.hash);
        let tag = self.head_mac(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag);
        bytes
    }

    /// The log's end again; `None` when it was changed.
    pub(super) fn read_head(&self, bytes: &[u8]) -> Option<Head> {
        let (signed, tag) = bytes.split_at_checked(HEAD_LEN - 32)?;
        self.head_mac(signed).verify_slice(tag).ok()?;
        let (seq, hash) = signed.split_first_chunk::<8>()?;
        Some(Head { seq: i64::from_be_bytes(*seq), hash: hash.try_into().ok()? })
    }

    fn head_mac(&self, signed: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac(*b"head!");
        mac.update(signed);
        mac
    }

    /// Entries and heads are hashed under prefixes of one length, so that neither passes for the other.
    fn mac(&self, kind: [u8; 5]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(self.0.as_slice().into());
        mac.update(&kind);
        mac
    }
}

fn text(mac: &mut Hmac<Sha256>, value: &str) {
    // A usize has at most 64 bits wherever this runs.
    mac.update(&(value.len() as u64).to_be_bytes());
    mac.update(value.as_bytes());
}

fn number(mac: &mut Hmac<Sha256>, value: Option<i64>) {
    match value {
        None => mac.update(&[0]),
        Some(value) => {
            mac.update(&[1]);
            mac.update(&value.to_be_bytes());
        }
    }
}
