//! Marks: since when the bot has seen agents disabled, and when it was last awake.

use std::collections::BTreeSet;

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, Millis};

use super::{Ledger, LedgerError, codec};

impl Ledger {
    /// Every agent that was seen disabled, and since when.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn disabled(&self) -> Result<Vec<(AgentRef, Millis)>, LedgerError> {
        let sql = "SELECT connection, agent, since FROM disabled ORDER BY connection, agent";
        self.store.all(sql, []).await?.iter().map(codec::disabled).collect()
    }

    /// Marks agents of one connection that are disabled, since then, unless they are marked already, and takes the mark
    /// from those that are enabled. Where nothing changes nothing is written.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: no mark was changed.
    pub async fn mark_states(
        &self,
        connection: &ConnectionName,
        disabled: &[(AgentId, Millis)],
        enabled: &[AgentId],
    ) -> Result<(), LedgerError> {
        let sql = "SELECT agent FROM disabled WHERE connection = $1";
        let rows = self.store.all(sql, [connection.as_str().into()]).await?;
        let marked: BTreeSet<String> = rows.iter().map(|row| row.get("agent")).collect::<Result<_, _>>()?;
        let fresh: Vec<_> = disabled.iter().filter(|(agent, _)| !marked.contains(agent.as_str())).collect();
        let over: Vec<_> = enabled.iter().filter(|agent| marked.contains(agent.as_str())).collect();
        if fresh.is_empty() && over.is_empty() {
            return Ok(());
        }
        let mut work = self.store.write().await?;
        for (agent, since) in fresh {
            let sql = "INSERT INTO disabled (connection, agent, since) VALUES ($1, $2, $3) \
                       ON CONFLICT (connection, agent) DO NOTHING";
            work.execute(sql, [connection.as_str().into(), agent.as_str().into(), (*since).into()]).await?;
        }
        for agent in over {
            let sql = "DELETE FROM disabled WHERE connection = $1 AND agent = $2";
            work.execute(sql, [connection.as_str().into(), agent.as_str().into()]).await?;
        }
        work.commit().await
    }

    /// Notes that the bot is awake now, and sees what people do.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn beat(&self) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO meta (name, value) VALUES ('beat', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        work.execute(sql, [self.now().0.to_be_bytes().to_vec().into()]).await?;
        work.commit().await
    }

    /// When the bot was last awake; `None`: never.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn last_beat(&self) -> Result<Option<Millis>, LedgerError> {
        let Some(row) = self.store.one("SELECT value FROM meta WHERE name = 'beat'", []).await? else {
            return Ok(None);
        };
        match <[u8; 8]>::try_from(row.get::<Vec<u8>>("value")?) {
            Ok(bytes) => Ok(Some(Millis(i64::from_be_bytes(bytes)))),
            Err(_) => Err(LedgerError::Unreadable("the bot's last beat was changed from outside".to_owned())),
        }
    }
}
