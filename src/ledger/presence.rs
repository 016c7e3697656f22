//! What was last asked of each agent's presence. It is written with the conclusion of an act (`conclude.rs`).

use super::store::{Work, snowflake};
use super::{Ledger, LedgerError, Requested, codec};

impl Ledger {
    /// What was last asked of every agent's presence, by connection and agent.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn requested(&self) -> Result<Vec<Requested>, LedgerError> {
        let sql = "SELECT connection, agent, at, actor, body FROM presence ORDER BY connection, agent";
        self.store.all(sql, []).await?.iter().map(codec::requested).collect()
    }
}

/// Notes what was asked of each of these agents, in place of what was asked before. What was asked later stays.
pub(super) async fn note(work: &mut Work, requested: &[Requested]) -> Result<(), LedgerError> {
    let sql = "INSERT INTO presence (connection, agent, at, actor, body) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (connection, agent) DO UPDATE SET at = excluded.at, actor = excluded.actor, \
               body = excluded.body WHERE excluded.at >= presence.at";
    for one in requested {
        let values = [
            one.agent.connection.as_str().into(),
            one.agent.id.as_str().into(),
            one.at.into(),
            snowflake(one.actor.get()).into(),
            one.body.as_str().into(),
        ];
        work.execute(sql, values).await?;
    }
    Ok(())
}
