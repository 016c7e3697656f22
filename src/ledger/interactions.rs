//! Interactions that were seen: each id is new once, and its token is kept, sealed, until it has its answer.

use rollcall_telephony::Millis;
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};

use super::seal::Owner;
use super::store::{Row, Work, snowflake};
use super::{Ledger, LedgerError, Sight, Unanswered};

impl Ledger {
    /// Notes an interaction before anything is done about it, with its token.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: do nothing then.
    pub async fn first_sight(
        &self,
        id: InteractionId,
        actor: UserId,
        token: &SecretString,
    ) -> Result<Sight, LedgerError> {
        let sealed = self.sealer.seal(Owner::Interaction(id), token)?;
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO interactions (id, actor, seen_at, token) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (id) DO NOTHING";
        let values = [snowflake(id.get()).into(), snowflake(actor.get()).into(), self.now().into(), sealed.into()];
        let added = work.execute(sql, values).await?;
        if added == 0 {
            work.abandon().await;
            return Ok(Sight::Again);
        }
        work.commit().await?;
        Ok(Sight::First)
    }

    /// Notes that the interaction has its last answer, and erases its token.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn answered(&self, id: InteractionId) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        answered(&mut work, id, self.now()).await?;
        work.commit().await
    }

    /// The interaction's token and when it was seen; `None` when it was never seen or its token is erased.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn interaction_token(&self, id: InteractionId) -> Result<Option<(SecretString, Millis)>, LedgerError> {
        let sql = "SELECT token, seen_at FROM interactions WHERE id = $1 AND token IS NOT NULL";
        let Some(row) = self.store.one(sql, [snowflake(id.get()).into()]).await? else { return Ok(None) };
        Ok(Some((self.token(&row, id)?, row.millis("seen_at")?)))
    }

    /// Interactions that came to nothing, oldest first: no answer, no act and no request recorded for them, no
    /// message waiting to be their answer.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn unanswered(&self) -> Result<Vec<Unanswered>, LedgerError> {
        let sql = "SELECT id, actor, seen_at, token FROM interactions \
                   WHERE answered_at IS NULL AND token IS NOT NULL \
                   AND NOT EXISTS (SELECT 1 FROM intents WHERE intents.interaction = interactions.id) \
                   AND NOT EXISTS (SELECT 1 FROM requests WHERE requests.interaction = interactions.id) \
                   AND NOT EXISTS (SELECT 1 FROM notices WHERE notices.kind = 'reply' \
                   AND notices.target = interactions.id AND notices.settled_at IS NULL) ORDER BY seen_at, id";
        let rows = self.store.all(sql, []).await?;
        rows.iter()
            .map(|row| {
                let id = row.snowflake("id")?;
                Ok(Unanswered {
                    id,
                    actor: row.snowflake("actor")?,
                    seen_at: row.millis("seen_at")?,
                    token: self.token(row, id)?,
                })
            })
            .collect()
    }

    fn token(&self, row: &Row, id: InteractionId) -> Result<SecretString, LedgerError> {
        self.sealer.open(Owner::Interaction(id), &row.get::<Vec<u8>>("token")?)
    }
}

/// Notes inside a transaction that the interaction has its last answer, and erases its token.
pub(super) async fn answered(work: &mut Work, id: InteractionId, now: Millis) -> Result<(), LedgerError> {
    let sql = "UPDATE interactions SET answered_at = $1, token = NULL WHERE id = $2";
    work.execute(sql, [now.into(), snowflake(id.get()).into()]).await.map(drop)
}
