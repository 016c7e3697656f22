//! What the bot remembers across a restart: agents that people used, the directory's lists, the gateway's session and
//! how often it identified.

use rollcall_telephony::Millis;
use secrecy::SecretString;

use super::seal::Owner;
use super::store::snowflake;
use super::{GatewaySession, Ledger, LedgerError, Recent, Snapshot, codec};

/// How many agents are remembered for a person: as many as Discord offers choices.
const RECENTS: u32 = 25;

impl Ledger {
    /// Remembers that a person used an agent; the oldest beyond 25 are forgotten.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn used(&self, recent: &Recent) -> Result<(), LedgerError> {
        let actor = snowflake(recent.actor.get());
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO recents (actor, connection, agent, at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (actor, connection, agent) DO UPDATE SET at = excluded.at WHERE excluded.at > recents.at";
        let agent = &recent.agent;
        let values = [actor.into(), agent.connection.as_str().into(), agent.id.as_str().into(), recent.at.into()];
        work.execute(sql, values).await?;
        let sql = "DELETE FROM recents WHERE actor = $1 AND (connection, agent) NOT IN \
                   (SELECT connection, agent FROM recents WHERE actor = $1 ORDER BY at DESC, connection, agent LIMIT $2)";
        work.execute(sql, [actor.into(), RECENTS.into()]).await?;
        work.commit().await
    }

    /// Everybody's agents, used last first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn recents(&self) -> Result<Vec<Recent>, LedgerError> {
        let sql = "SELECT actor, connection, agent, at FROM recents ORDER BY at DESC, actor, connection, agent";
        self.store.all(sql, []).await?.iter().map(codec::recent).collect()
    }

    /// Keeps a list of a connection in place of the one before.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO snapshots (connection, kind, taken_at, body) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (connection, kind) DO UPDATE SET taken_at = excluded.taken_at, body = excluded.body";
        let of = codec::snapshot_of(snapshot.of);
        let (taken_at, body) = (snapshot.taken_at.into(), snapshot.body.as_str().into());
        let values = [snapshot.connection.as_str().into(), of.into(), taken_at, body];
        work.execute(sql, values).await?;
        work.commit().await
    }

    /// Every connection's lists as they were kept.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, LedgerError> {
        let sql = "SELECT connection, kind, taken_at, body FROM snapshots ORDER BY connection, kind";
        self.store.all(sql, []).await?.iter().map(codec::snapshot).collect()
    }

    /// Counts one IDENTIFY, now; before it is sent.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: do not send it then.
    pub async fn identify(&self) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        work.execute("INSERT INTO identifies (at) VALUES ($1)", [self.now().into()]).await?;
        work.commit().await
    }

    /// How many IDENTIFYs were counted since then.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn identifies_since(&self, since: Millis) -> Result<u32, LedgerError> {
        let sql = "SELECT count(*) AS identifies FROM identifies WHERE at >= $1";
        self.store.one(sql, [since.into()]).await?.map_or(Ok(0), |row| row.count("identifies"))
    }

    /// Keeps the gateway's session, its id sealed; `None` forgets it.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn save_session(&self, session: Option<&GatewaySession>) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        match session {
            None => {
                work.execute("DELETE FROM gateway_session", []).await?;
            }
            Some(session) => {
                let sealed = self.sealer.seal(Owner::Session, &session.id)?;
                let sql = "INSERT INTO gateway_session (id, application, seq, resume_url, secret) VALUES (1, $1, $2, $3, $4) \
                           ON CONFLICT (id) DO UPDATE SET application = excluded.application, seq = excluded.seq, resume_url = excluded.resume_url, \
                           secret = excluded.secret";
                let values = [
                    snowflake(session.application.get()).into(),
                    session.seq.cast_signed().into(),
                    session.resume_url.as_str().into(),
                    sealed.into(),
                ];
                work.execute(sql, values).await?;
            }
        }
        work.commit().await
    }

    /// The gateway's session, if one is kept.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn session(&self) -> Result<Option<GatewaySession>, LedgerError> {
        let sql = "SELECT application, seq, resume_url, secret FROM gateway_session WHERE id = 1";
        let Some(row) = self.store.one(sql, []).await? else { return Ok(None) };
        let id: SecretString = self.sealer.open(Owner::Session, &row.get::<Vec<u8>>("secret")?)?;
        Ok(Some(GatewaySession {
            id,
            application: row.snowflake("application")?,
            seq: row.get::<i64>("seq")?.cast_unsigned(),
            resume_url: row.get("resume_url")?,
        }))
    }
}
