//! What became of requests: one page after another, by who asked or decided, what it was about, state and time.

use serenity::model::id::UserId;

use super::store::{Value, Work, snowflake};
use super::{Ledger, LedgerError, RequestFilter, RequestPage, RequestState, codec};

/// All that stands in a request's row but its sealed record.
macro_rules! select {
    ($($rest:expr),+) => {
        concat!(
            "SELECT id, requester, connection, agent, login, act, card, threshold, created_at, expires_at, state, \
             settled_at, settlement, intent, remind_at, reminders, channel, revision FROM requests ",
            $($rest),+
        )
    };
}

pub(super) use select;

/// Which requests a [`RequestFilter`] wants; the values are those of [`wanted`].
macro_rules! wanted {
    () => {
        "WHERE ($1 IS NULL OR requester = $1) \
         AND ($2 IS NULL OR requester = $2 OR EXISTS (SELECT 1 FROM ballots WHERE ballots.request = requests.id \
         AND ballots.person = $2 AND ballots.state = 'counted' AND ballots.verdict IN ('approve', 'deny'))) \
         AND ($3 IS NULL OR (connection = $3 AND agent = $4)) \
         AND ($5 IS NULL OR login_key = $5) \
         AND ($6 IS NULL OR created_at >= $6) \
         AND ($7 = 0 OR state IN ($8, $9, $10, $11, $12, $13, $14, $15))"
    };
}

impl Ledger {
    /// At most `limit` requests that the filter wants, newest first, after skipping `offset` of them.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn requests(&self, filter: &RequestFilter, limit: u32, offset: u32) -> Result<RequestPage, LedgerError> {
        let mut work = self.store.snapshot().await?;
        let page = page(&mut work, filter, limit, offset).await;
        work.abandon().await;
        page
    }
}

async fn page(work: &mut Work, filter: &RequestFilter, limit: u32, offset: u32) -> Result<RequestPage, LedgerError> {
    // A count is one row, whatever it counts.
    let sql = concat!("SELECT count(*) AS total FROM requests ", wanted!(), " LIMIT $16 OFFSET $17");
    let total = work.one(sql, wanted(filter, 1, 0)).await?.map_or(Ok(0), |row| row.count("total"))?;
    let sql = select!(wanted!(), " ORDER BY id DESC LIMIT $16 OFFSET $17");
    let rows = work.all(sql, wanted(filter, limit, offset)).await?;
    Ok(RequestPage { requests: rows.iter().map(codec::request).collect::<Result<_, _>>()?, total })
}

/// The values of `wanted!`, in the order of its placeholders, and which part of them.
fn wanted(filter: &RequestFilter, limit: u32, offset: u32) -> [Value; 17] {
    use RequestState::{Cancelled, Denied, Done, Executing, Expired, Failed, Pending, Void};
    let person = |person: Option<UserId>| Value::Int(person.map(|person| snowflake(person.get())));
    let state = |state| Value::Text(filter.states.contains(&state).then(|| codec::request_state(state).to_owned()));
    [
        person(filter.requester),
        person(filter.person),
        filter.agent.as_ref().map(|agent| agent.connection.as_str()).into(),
        filter.agent.as_ref().map(|agent| agent.id.as_str()).into(),
        filter.login.as_ref().map(|login| login.to_lowercase()).into(),
        filter.since.into(),
        i64::from(!filter.states.is_empty()).into(),
        state(Pending),
        state(Executing),
        state(Done),
        state(Failed),
        state(Void),
        state(Denied),
        state(Expired),
        state(Cancelled),
        limit.into(),
        offset.into(),
    ]
}
