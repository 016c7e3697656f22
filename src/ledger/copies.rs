//! Copies: the messages that show a request. Which are due is told here; what they look like, and sending them, is not.

use std::collections::BTreeMap;

use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, MessageId};

use super::store::{Value, Work, snowflake};
use super::{
    CardCopy, CopyKind, Found, Ledger, LedgerError, Posted, Reacted, Request, RequestId, RequestState, ballots, codec,
    requests,
};

macro_rules! select {
    ($($rest:expr),+) => {
        concat!(
            "SELECT copies.id, copies.request, copies.kind, copies.channel, copies.message_channel, copies.message_id, \
             copies.created_at, copies.revision, copies.reacted, copies.retry_at, copies.gone_at FROM copies ",
            $($rest),+
        )
    };
}

/// Copies that want something of the courier, now or after a failure.
macro_rules! due {
    () => {
        "JOIN requests ON requests.id = copies.request WHERE copies.gone_at IS NULL \
         AND (copies.message_id IS NULL OR copies.revision < requests.revision \
         OR (copies.kind = 'card' AND copies.reacted = 'due' AND requests.state = 'pending')) "
    };
}

impl Ledger {
    /// At most `limit` copies, oldest first, that are to be posted, brought up to their request's revision or given the
    /// bot's reactions, each with its request as it stands.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn due_copies(&self, limit: u32) -> Result<Vec<(CardCopy, Request)>, LedgerError> {
        let mut work = self.store.snapshot().await?;
        let due = due(&mut work, self.now(), limit).await;
        work.abandon().await;
        due
    }

    /// When the next copy is due: the past for one that is due now, `None` when none is.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn next_copy(&self) -> Result<Option<Millis>, LedgerError> {
        let sql = concat!("SELECT min(coalesce(copies.retry_at, copies.created_at)) AS next_at FROM copies ", due!());
        let Some(row) = self.store.one(sql, []).await? else { return Ok(None) };
        row.maybe_millis("next_at")
    }

    /// All copies of a request that still stand, oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn copies(&self, request: RequestId) -> Result<Vec<CardCopy>, LedgerError> {
        let sql = select!("WHERE request = $1 AND gone_at IS NULL ORDER BY id");
        self.store.all(sql, [request.0.into()]).await?.iter().map(codec::copy).collect()
    }

    /// The copy that is this message, with its request: also of a settled request, and after the message was deleted.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn find_message(&self, channel: ChannelId, message: MessageId) -> Result<Option<Found>, LedgerError> {
        let mut work = self.store.snapshot().await?;
        let found = find(&mut work, channel, message).await;
        work.abandon().await;
        found
    }

    /// Notes that a copy was posted, showing that revision.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: it will be posted again, with the same nonce.
    pub async fn copy_posted(&self, id: i64, posted: Posted, revision: i64) -> Result<(), LedgerError> {
        let (channel, message) = codec::posted(Some(posted));
        let sql =
            "UPDATE copies SET message_channel = $1, message_id = $2, revision = $3, retry_at = NULL WHERE id = $4";
        self.change(sql, [channel, message, revision.into(), id.into()]).await
    }

    /// Whether a copy in this channel is due or on its way: its message is not known yet.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn any_unposted(&self, channel: ChannelId) -> Result<bool, LedgerError> {
        let sql = "SELECT id FROM copies WHERE channel = $1 AND message_id IS NULL AND gone_at IS NULL LIMIT 1";
        Ok(self.store.one(sql, [snowflake(channel.get()).into()]).await?.is_some())
    }

    /// Notes that the bot's reactions stand under a copy.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: they will be added again, which does no harm.
    pub async fn copy_reacted(&self, id: i64) -> Result<(), LedgerError> {
        self.change("UPDATE copies SET reacted = 'done', retry_at = NULL WHERE id = $1", [id.into()]).await
    }

    /// Notes that a copy shows that revision.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: it will be edited again, which does no harm.
    pub async fn copy_shows(&self, id: i64, revision: i64) -> Result<(), LedgerError> {
        let sql = "UPDATE copies SET revision = $1, retry_at = NULL WHERE id = $2";
        self.change(sql, [revision.into(), id.into()]).await
    }

    /// Puts off what a copy wants until then, after a failure.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn copy_later(&self, id: i64, at: Millis) -> Result<(), LedgerError> {
        self.change("UPDATE copies SET retry_at = $1 WHERE id = $2", [at.into(), id.into()]).await
    }

    /// Notes that the bot's reactions were taken from under a card: they are to be added again.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn unreacted(&self, id: i64) -> Result<(), LedgerError> {
        let sql =
            "UPDATE copies SET reacted = 'due', retry_at = NULL WHERE id = $1 AND kind = 'card' AND gone_at IS NULL";
        self.change(sql, [id.into()]).await
    }

    /// Notes that a copy's message is gone for good. When it was the card of a pending request a new one is due, and what
    /// was said by reactions under the old one is withdrawn with it. `false`: it was gone already, or never there.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn copy_gone(&self, id: i64) -> Result<bool, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        let Some(row) = work.one(select!("WHERE id = $1 AND gone_at IS NULL"), [id.into()]).await? else {
            work.abandon().await;
            return Ok(false);
        };
        let copy = codec::copy(&row)?;
        work.execute("UPDATE copies SET gone_at = $1, retry_at = NULL WHERE id = $2", [now.into(), id.into()]).await?;
        let request = requests::get(&mut work, copy.request).await?;
        if let Some(request) = request.filter(|request| request.state == RequestState::Pending)
            && copy.kind == CopyKind::Card
        {
            let all = ballots::Withdrawn { request: request.id, person: None, verdict: None, cast_at: None };
            ballots::withdraw(&mut work, all).await?;
            requests::bump(&mut work, request.id).await?;
            add(&mut work, request.id, CopyKind::Card, request.channel, now).await?;
        }
        work.commit().await?;
        Ok(true)
    }

    /// Makes a reminder due, and notes when the next one is; earlier ones stay and are edited with the card. `false`: the
    /// request is no longer pending.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn remind(&self, id: RequestId, next: Option<Millis>) -> Result<bool, LedgerError> {
        let sql = "UPDATE requests SET reminders = reminders + 1, remind_at = $1 WHERE id = $2 AND state = 'pending'";
        let mut work = self.store.write().await?;
        if work.execute(sql, [next.into(), id.0.into()]).await? == 0 {
            work.abandon().await;
            return Ok(false);
        }
        self.one_more(work, id, CopyKind::Reminder).await
    }

    /// Makes a message due that asks for approval again. `false`: the request is no longer pending.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn ask_again(&self, id: RequestId) -> Result<bool, LedgerError> {
        let work = self.store.write().await?;
        self.one_more(work, id, CopyKind::AskedAgain).await
    }

    /// Adds a copy to a pending request, and commits.
    async fn one_more(&self, mut work: Work, id: RequestId, kind: CopyKind) -> Result<bool, LedgerError> {
        let request = requests::get(&mut work, id).await?;
        let Some(request) = request.filter(|request| request.state == RequestState::Pending) else {
            work.abandon().await;
            return Ok(false);
        };
        add(&mut work, id, kind, request.channel, self.now()).await?;
        work.commit().await?;
        Ok(true)
    }

    async fn change<const N: usize>(&self, sql: &'static str, values: [Value; N]) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        work.execute(sql, values).await?;
        work.commit().await
    }
}

/// Makes a copy due inside a transaction.
pub(super) async fn add(
    work: &mut Work,
    request: RequestId,
    kind: CopyKind,
    channel: ChannelId,
    now: Millis,
) -> Result<(), LedgerError> {
    let reacted = match kind {
        CopyKind::Card => Reacted::Due,
        CopyKind::Reminder | CopyKind::AskedAgain => Reacted::Done,
    };
    let sql = "INSERT INTO copies (request, kind, channel, created_at, reacted) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        request.0.into(),
        codec::copy_kind(kind).into(),
        snowflake(channel.get()).into(),
        now.into(),
        codec::reacted(reacted).into(),
    ];
    work.execute(sql, values).await.map(drop)
}

async fn due(work: &mut Work, now: Millis, limit: u32) -> Result<Vec<(CardCopy, Request)>, LedgerError> {
    let sql = select!(due!(), "AND (copies.retry_at IS NULL OR copies.retry_at <= $1) ORDER BY copies.id LIMIT $2");
    let rows = work.all(sql, [now.into(), limit.into()]).await?;
    let mut requests = BTreeMap::new();
    let mut due = Vec::with_capacity(rows.len());
    for row in &rows {
        let copy = codec::copy(row)?;
        let request = match requests.get(&copy.request) {
            Some(request) => Request::clone(request),
            None => requests.entry(copy.request).or_insert(of(work, &copy).await?).clone(),
        };
        due.push((copy, request));
    }
    Ok(due)
}

async fn find(work: &mut Work, channel: ChannelId, message: MessageId) -> Result<Option<Found>, LedgerError> {
    let sql = select!("WHERE message_id = $1 AND message_channel = $2 ORDER BY id DESC LIMIT 1");
    let values = [snowflake(message.get()).into(), snowflake(channel.get()).into()];
    let Some(row) = work.one(sql, values).await? else { return Ok(None) };
    let copy = codec::copy(&row)?;
    let request = of(work, &copy).await?;
    Ok(Some(Found { request, copy }))
}

/// The request that a copy shows.
async fn of(work: &mut Work, copy: &CardCopy) -> Result<Request, LedgerError> {
    requests::get(work, copy.request)
        .await?
        .ok_or_else(|| LedgerError::Unreadable(format!("request {} was removed from outside", copy.request)))
}
