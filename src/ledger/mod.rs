//! The store: the only SQL of the bot.
//!
//! It keeps the journal of intents, the audit log, offers (previews with buttons), requests for approval with what people
//! say to them and the messages that show them, deleted agents, what was last asked of agents' presence, hand-overs of passwords, messages
//! still to be sent, interactions seen, the directory's snapshots and the gateway's session. What these mean is the
//! desk's business; here they are written, atomically and durably, and read back.
//!
//! Every write is one transaction that takes the write lock at once and is on disk before the call returns. A write that
//! fails has done nothing. Reads go on while writes fail. Secrets are sealed before they reach the database (`seal.rs`)
//! and set to NULL once they are no longer needed.

mod audit;
mod ballots;
mod chain;
mod claims;
mod codec;
mod conclude;
mod copies;
mod handovers;
mod history;
mod interactions;
mod journal;
mod kept;
mod key;
mod marks;
mod memory;
mod notices;
mod offers;
mod presence;
mod requests;
mod seal;
mod store;
#[cfg(test)]
mod tests;
mod types;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rollcall_telephony::{Clock, Millis};

use chain::{Chain, Head};
pub use handovers::Bump;
use key::Purpose;
pub use key::{Key, KeyError};
use seal::Sealer;
use store::Store;
pub use types::*;

const DAY: Duration = Duration::from_hours(24);

/// The open store. Cloning it gives another hand on the same one.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    sealer: Sealer,
    chain: Chain,
    clock: Arc<dyn Clock>,
}

impl Ledger {
    /// Opens the store that `url` names: `sqlite:PATH`; the file is made if it is missing.
    ///
    /// # Errors
    /// [`LedgerError::Open`] when there is no such store or it is not ours, damaged or newer, and for `postgres://`, which
    /// is not built yet; [`LedgerError::WrongKey`] when it was written with another key. Nothing was changed in it then.
    pub async fn open(url: &str, key: &Key, clock: Arc<dyn Clock>) -> Result<Self, LedgerError> {
        let store = Store::open(url, key).await?;
        let ledger = Self { store, sealer: Sealer::new(key), chain: Chain::new(key), clock };
        if let Err(error) = ledger.claim(key).await {
            ledger.close().await;
            return Err(error);
        }
        Ok(ledger)
    }

    /// Writes the check of the key and the audit log's end into a fresh store; checks the key of any other.
    async fn claim(&self, key: &Key) -> Result<(), LedgerError> {
        const CHECK: &str = "SELECT value FROM meta WHERE name = 'key_check'";
        let ours = key.derive(Purpose::Check);
        if self.store.one(CHECK, []).await?.is_none() {
            let mut work = self.store.write().await?;
            let written = "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM intents) AS entries";
            let entries = work.one(written, []).await?.map_or(Ok(0), |row| row.get::<i64>("entries"))?;
            if entries > 0 {
                return Err(LedgerError::Open(
                    "the check of its key was removed from outside; restore it from a copy".to_owned(),
                ));
            }
            // Another process may be opening the same fresh store.
            let add = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
            work.execute(add, ["key_check".into(), ours.to_vec().into()]).await?;
            work.execute(add, ["audit_head".into(), self.chain.write_head(&Head::EMPTY).into()]).await?;
            work.commit().await?;
        }
        match self.store.one(CHECK, []).await? {
            Some(row) if row.get::<Vec<u8>>("value")? == ours.as_slice() => Ok(()),
            Some(_) | None => Err(LedgerError::WrongKey),
        }
    }

    /// Closes it; every later call fails.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Proves that the store can be written, by writing a little.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when it cannot.
    pub async fn check_writable(&self) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        work.execute(
            "INSERT INTO meta (name, value) VALUES ('written_at', $1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [self.now().0.to_be_bytes().to_vec().into()],
        )
        .await?;
        work.commit().await
    }

    /// Removes what is past its time: offers a day after they expired, interactions after a day, notices that were sent or
    /// given up, counted IDENTIFYs after two days, and the sealed records of deleted agents that can no longer be restored.
    /// The journal, the audit log, requests and hand-overs stay.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn tidy(&self) -> Result<(), LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        work.execute("DELETE FROM offers WHERE expires_at < $1", [(now - DAY).into()]).await?;
        work.execute("DELETE FROM interactions WHERE seen_at < $1", [(now - DAY).into()]).await?;
        work.execute("DELETE FROM notices WHERE settled_at IS NOT NULL", []).await?;
        work.execute("DELETE FROM identifies WHERE at < $1", [(now - 2 * DAY).into()]).await?;
        kept::tidy(&mut work, now).await?;
        work.commit().await
    }

    fn now(&self) -> Millis {
        self.clock.now()
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ledger(..)")
    }
}
