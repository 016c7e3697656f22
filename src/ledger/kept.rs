//! Deleted agents: their records, sealed before the delete is sent, until they are restored or too old. What a record
//! holds and how one is restored is the desk's business.

use rollcall_telephony::{AgentRef, IntentId, Millis};
use secrecy::SecretString;

use super::seal::{Owner, Sealer};
use super::store::Work;
use super::{Kept, KeptId, KeptMove, Ledger, LedgerError, NewKept, codec};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, intent, connection, agent, login, name, deleted_at, expires_at, restored_as FROM kept \
             WHERE deleted_at IS NOT NULL AND ",
            $rest
        )
    };
}

impl Ledger {
    /// The deleted agent with this number; `None` as long as it is not deleted.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn kept(&self, id: KeptId) -> Result<Option<Kept>, LedgerError> {
        self.store.one(select!("id = $1"), [id.0.into()]).await?.as_ref().map(codec::kept).transpose()
    }

    /// Deleted agents that can be restored now, the last deleted first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn kept_agents(&self) -> Result<Vec<Kept>, LedgerError> {
        let sql = select!("expires_at > $1 AND restored_as IS NULL ORDER BY deleted_at DESC, id DESC");
        self.store.all(sql, [self.now().into()]).await?.iter().map(codec::kept).collect()
    }

    /// Every time this agent was deleted, also what was restored or can no longer be; the last first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn kept_of(&self, agent: &AgentRef) -> Result<Vec<Kept>, LedgerError> {
        let sql = select!("connection = $1 AND agent = $2 ORDER BY deleted_at DESC, id DESC");
        let values = [agent.connection.as_str().into(), agent.id.as_str().into()];
        self.store.all(sql, values).await?.iter().map(codec::kept).collect()
    }

    /// The record of a deleted agent; `None` when it is erased, or there is none.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn kept_record(&self, id: KeptId) -> Result<Option<SecretString>, LedgerError> {
        let Some(kept) = self.kept(id).await? else { return Ok(None) };
        let sql = "SELECT secret FROM kept WHERE id = $1 AND secret IS NOT NULL";
        let Some(row) = self.store.one(sql, [id.0.into()]).await? else { return Ok(None) };
        self.sealer.open(Owner::Kept(kept.intent, &kept.agent), &row.get::<Vec<u8>>("secret")?).map(Some)
    }

    /// Erases the sealed records that can no longer be restored; tells when the next one's time is over.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] or [`LedgerError::Unwritable`]: what was to be erased may still be there.
    pub async fn erase_kept(&self) -> Result<Option<Millis>, LedgerError> {
        let sql = "SELECT min(expires_at) AS next FROM kept WHERE secret IS NOT NULL";
        let Some(next) = self.next_kept(sql).await? else { return Ok(None) };
        if next > self.now() {
            return Ok(Some(next));
        }
        let mut work = self.store.write().await?;
        tidy(&mut work, self.now()).await?;
        work.commit().await?;
        self.next_kept(sql).await
    }

    async fn next_kept(&self, sql: &'static str) -> Result<Option<Millis>, LedgerError> {
        let Some(row) = self.store.one(sql, []).await? else { return Ok(None) };
        row.maybe_millis("next")
    }
}

/// Seals the record of the agent that an intent is about to delete.
pub(super) async fn add(work: &mut Work, sealer: &Sealer, intent: IntentId, new: &NewKept) -> Result<(), LedgerError> {
    let secret = sealer.seal(Owner::Kept(intent, &new.agent), &new.record)?;
    let sql = "INSERT INTO kept (intent, connection, agent, login, name, secret) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        intent.0.into(),
        new.agent.connection.as_str().into(),
        new.agent.id.as_str().into(),
        new.login.as_str().into(),
        new.name.as_str().into(),
        secret.into(),
    ];
    work.execute(sql, values).await.map(drop)
}

/// Writes what became of a kept record. `false`: nothing is kept for what was deleted.
pub(super) async fn move_on(
    work: &mut Work,
    intent: IntentId,
    step: &KeptMove,
    now: Millis,
) -> Result<bool, LedgerError> {
    match step {
        KeptMove::Deleted { expires_at } => {
            let sql = "UPDATE kept SET deleted_at = $1, expires_at = $2 WHERE intent = $3 AND deleted_at IS NULL";
            Ok(work.execute(sql, [now.into(), (*expires_at).into(), intent.0.into()]).await? > 0)
        }
        KeptMove::Dropped => drop_kept(work, intent).await.map(|()| true),
        KeptMove::Restored { kept, restored_as } => {
            let sql = "UPDATE kept SET restored_as = $1, secret = NULL \
                       WHERE id = $2 AND deleted_at IS NOT NULL AND restored_as IS NULL";
            work.execute(sql, [restored_as.as_str().into(), kept.0.into()]).await?;
            Ok(true)
        }
    }
}

/// Forgets the record of an agent that was not deleted after all.
pub(super) async fn drop_kept(work: &mut Work, intent: IntentId) -> Result<(), LedgerError> {
    work.execute("DELETE FROM kept WHERE intent = $1 AND deleted_at IS NULL", [intent.0.into()]).await.map(drop)
}

/// Erases the records that can no longer be restored; that there were such agents stays.
pub(super) async fn tidy(work: &mut Work, now: Millis) -> Result<(), LedgerError> {
    let sql = "UPDATE kept SET secret = NULL WHERE secret IS NOT NULL AND expires_at <= $1";
    work.execute(sql, [now.into()]).await.map(drop)
}
