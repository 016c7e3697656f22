//! Hand-overs: sealed passwords on their way to a person. When they are shown, replaced or erased is the desk's business.

use std::time::Duration;

use rollcall_telephony::{IntentId, Millis};
use secrecy::SecretString;
use serenity::model::id::UserId;

use super::seal::{Owner, Sealer};
use super::store::{Work, snowflake};
use super::{
    AuditEntry, DAY, Handover, HandoverId, HandoverState, Ledger, LedgerError, NewHandover, NewNotice, Receipt, Sealed,
    audit, codec, notices,
};

/// How long settled hand-overs are still listed for the people they concern.
const LISTED: Duration = Duration::from_secs(7 * DAY.as_secs());

/// Whether saving a hand-over counts as a change that its messages have to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bump {
    /// It does: its revision grows by one.
    Yes,
    /// It does not, as when only the messages caught up.
    No,
}

impl Ledger {
    /// The hand-over with this number.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, LedgerError> {
        let sql = "SELECT * FROM handovers WHERE id = $1";
        self.store.one(sql, [id.0.into()]).await?.as_ref().map(codec::handover).transpose()
    }

    /// The password to be handed over; `None` when it is erased, or there is no such hand-over.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn handover_secret(&self, id: HandoverId) -> Result<Option<SecretString>, LedgerError> {
        let sql = "SELECT requester, recipient, secret FROM handovers WHERE id = $1 AND secret IS NOT NULL";
        let Some(row) = self.store.one(sql, [id.0.into()]).await? else { return Ok(None) };
        let owner =
            Owner::Handover { id, requester: row.snowflake("requester")?, recipient: row.snowflake("recipient")? };
        self.sealer.open(owner, &row.get::<Vec<u8>>("secret")?).map(Some)
    }

    /// Writes a hand-over if its revision in the store is still the one it was read with, together with an audit entry and
    /// notices, and erases its secret if asked. Returns it as saved. What it is about (its intent, agent, login, requester
    /// and the time it was made) never changes.
    ///
    /// # Errors
    /// [`LedgerError::Stale`] when somebody else changed it first, or there is no such hand-over;
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn save_handover(
        &self,
        mut handover: Handover,
        bump: Bump,
        sealed: Sealed,
        audit: Option<AuditEntry>,
        notices: Vec<NewNotice>,
    ) -> Result<Handover, LedgerError> {
        let now = self.now();
        let read = handover.revision;
        match bump {
            Bump::Yes => handover.revision += 1,
            Bump::No => {}
        }
        let mut work = self.store.write().await?;
        if update(&mut work, &handover, read).await? == 0 {
            work.abandon().await;
            return Err(LedgerError::Stale);
        }
        match sealed {
            Sealed::Keep => {}
            Sealed::Erase => {
                work.execute("UPDATE handovers SET secret = NULL WHERE id = $1", [handover.id.0.into()]).await?;
            }
        }
        notices::add(&mut work, &notices, now).await?;
        if let Some(entry) = audit {
            audit::append(&mut work, &self.chain, entry, Some(handover.intent), now).await?;
        }
        work.commit().await?;
        Ok(handover)
    }

    /// Hand-overs that can still be read, or whose messages lag behind; the one that expires first comes first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn open_handovers(&self) -> Result<Vec<Handover>, LedgerError> {
        let sql = "SELECT * FROM handovers WHERE state IN ('due', 'delivered', 'closed') \
                   OR message_revision < revision OR receipt_revision < revision ORDER BY expires_at, id";
        self.store.all(sql, []).await?.iter().map(codec::handover).collect()
    }

    /// Hand-overs that a person asked for or gets: open ones, and those settled in the last seven days; newest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn handovers_of(&self, person: UserId) -> Result<Vec<Handover>, LedgerError> {
        let sql = "SELECT * FROM handovers WHERE (requester = $1 OR recipient = $1) \
                   AND (state IN ('due', 'delivered', 'closed') OR settled_at >= $2) ORDER BY created_at DESC, id";
        let values = [snowflake(person.get()).into(), (self.now() - LISTED).into()];
        self.store.all(sql, values).await?.iter().map(codec::handover).collect()
    }
}

/// Writes a new hand-over with its secret.
pub(super) async fn add(
    work: &mut Work,
    sealer: &Sealer,
    intent: IntentId,
    new: &NewHandover,
    secret: &SecretString,
    now: Millis,
) -> Result<HandoverId, LedgerError> {
    let id = HandoverId::random();
    let ciphertext = sealer.seal(Owner::Handover { id, requester: new.requester, recipient: new.recipient }, secret)?;
    let (receipt, _) = codec::receipt(Receipt::Due);
    let sql = "INSERT INTO handovers (id, intent, connection, agent, login, requester, recipient, delivery, state, \
               created_at, expires_at, receipt, secret, revision, message_revision, receipt_revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, 0, 0)";
    let values = [
        id.0.into(),
        intent.0.into(),
        new.agent.connection.as_str().into(),
        new.agent.id.as_str().into(),
        new.login.as_str().into(),
        snowflake(new.requester.get()).into(),
        snowflake(new.recipient.get()).into(),
        codec::delivery(new.delivery).into(),
        codec::handover_state(HandoverState::Due).into(),
        now.into(),
        new.expires_at.into(),
        receipt.into(),
        ciphertext.into(),
    ];
    work.execute(sql, values).await?;
    Ok(id)
}

/// Ends an open hand-over inside a transaction: its state, and its sealed secret is erased.
pub(super) async fn settle(
    work: &mut Work,
    id: HandoverId,
    state: HandoverState,
    now: Millis,
) -> Result<(), LedgerError> {
    let sql = "UPDATE handovers SET state = $1, settled_at = $2, shown_until = NULL, secret = NULL, \
               revision = revision + 1 WHERE id = $3 AND state IN ('due', 'delivered', 'closed')";
    let values = [codec::handover_state(state).into(), now.into(), id.0.into()];
    work.execute(sql, values).await.map(drop)
}

/// Writes what may change of a hand-over, if its revision is still the one that was read.
async fn update(work: &mut Work, handover: &Handover, read: i64) -> Result<u64, LedgerError> {
    let sql = "UPDATE handovers SET recipient = $1, delivery = $2, state = $3, expires_at = $4, opened_at = $5, \
               opens = $6, shown_until = $7, settled_at = $8, message_channel = $9, message_id = $10, receipt = $11, \
               receipt_channel = $12, receipt_id = $13, revision = $14, message_revision = $15, \
               receipt_revision = $16, retry_at = $17 WHERE id = $18 AND revision = $19";
    let (message_channel, message_id) = codec::posted(handover.message);
    let (receipt, receipt_at) = codec::receipt(handover.receipt);
    let (receipt_channel, receipt_id) = codec::posted(receipt_at);
    let values = [
        snowflake(handover.recipient.get()).into(),
        codec::delivery(handover.delivery).into(),
        codec::handover_state(handover.state).into(),
        handover.expires_at.into(),
        handover.opened_at.into(),
        handover.opens.into(),
        handover.shown_until.into(),
        handover.settled_at.into(),
        message_channel,
        message_id,
        receipt.into(),
        receipt_channel,
        receipt_id,
        handover.revision.into(),
        handover.message_revision.into(),
        handover.receipt_revision.into(),
        handover.retry_at.into(),
        handover.id.0.into(),
        read.into(),
    ];
    work.execute(sql, values).await
}
