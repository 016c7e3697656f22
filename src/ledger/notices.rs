//! Notices: messages that are written with what they tell of, and sent until they are.

use rollcall_telephony::Millis;
use serenity::model::id::InteractionId;

use super::store::Work;
use super::{Ledger, LedgerError, NewNotice, Notice, NoticeTo, codec, interactions};

impl Ledger {
    /// Writes notices.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: none is written then.
    pub async fn add_notices(&self, notices: &[NewNotice]) -> Result<(), LedgerError> {
        if notices.is_empty() {
            return Ok(());
        }
        let mut work = self.store.write().await?;
        add(&mut work, notices, self.now()).await?;
        work.commit().await
    }

    /// At most `limit` notices that are due, oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn due_notices(&self, limit: u32) -> Result<Vec<Notice>, LedgerError> {
        let sql = "SELECT id, kind, target, person, body, attempts, created_at FROM notices \
                   WHERE settled_at IS NULL AND next_at <= $1 ORDER BY id LIMIT $2";
        self.store.all(sql, [self.now().into(), limit.into()]).await?.iter().map(codec::notice).collect()
    }

    /// When the next notice is due; `None` when none waits.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn next_notice(&self) -> Result<Option<Millis>, LedgerError> {
        let sql = "SELECT min(next_at) AS next_at FROM notices WHERE settled_at IS NULL";
        let Some(row) = self.store.one(sql, []).await? else { return Ok(None) };
        Ok(row.get::<Option<i64>>("next_at")?.map(Millis))
    }

    /// Notes that a notice was sent.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: it will be sent again, with the same nonce.
    pub async fn notice_sent(&self, id: i64) -> Result<(), LedgerError> {
        self.settle_notice(id, None, None).await
    }

    /// Notes that a notice was sent and was the last answer to this interaction, whose token is erased with it: nothing
    /// may come between the two, or the next start would find no token and tell the same by direct message.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: it will be sent again, as the same answer.
    pub async fn last_reply_sent(&self, id: i64, to: InteractionId) -> Result<(), LedgerError> {
        self.settle_notice(id, None, Some(to)).await
    }

    /// Notes that a notice could not be sent; `next_at`: when to try again, `None`: it is given up.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn notice_failed(&self, id: i64, next_at: Option<Millis>) -> Result<(), LedgerError> {
        self.settle_notice(id, next_at, None).await
    }

    async fn settle_notice(
        &self,
        id: i64,
        next_at: Option<Millis>,
        answers: Option<InteractionId>,
    ) -> Result<(), LedgerError> {
        let settled_at = if next_at.is_none() { Some(self.now()) } else { None };
        let mut work = self.store.write().await?;
        let sql = "UPDATE notices SET attempts = attempts + 1, next_at = coalesce($1, next_at), settled_at = $2 \
                   WHERE id = $3 AND settled_at IS NULL";
        work.execute(sql, [next_at.into(), settled_at.into(), id.into()]).await?;
        if let Some(interaction) = answers {
            interactions::answered(&mut work, interaction, self.now()).await?;
        }
        work.commit().await
    }
}

/// Writes notices inside a transaction.
pub(super) async fn add(work: &mut Work, notices: &[NewNotice], now: Millis) -> Result<(), LedgerError> {
    let sql = "INSERT INTO notices (kind, target, person, body, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6)";
    for notice in notices {
        let (kind, target, person) = codec::notice_to(notice.to);
        if let NoticeTo::Reply(..) = notice.to {
            // A reply shows one thing: what it was to show before must not come after this.
            let sql = "UPDATE notices SET settled_at = $1 WHERE kind = $2 AND target = $3 AND settled_at IS NULL";
            work.execute(sql, [now.into(), kind.into(), target.into()]).await?;
        }
        let values = [
            kind.into(),
            target.into(),
            person.into(),
            notice.body.as_str().into(),
            now.into(),
            notice.not_before.unwrap_or(now).into(),
        ];
        work.execute(sql, values).await?;
    }
    Ok(())
}
