//! Requests: acts that wait for approvers are written, found and settled here. What people say to them is in `ballots.rs`,
//! how one becomes an act in `claims.rs`, the messages that show them in `copies.rs`.

use rollcall_telephony::{AgentId, IntentId, Millis};
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};

use super::chain::Chain;
use super::history::select;
use super::offers::{Weighed, weigh};
use super::seal::{Owner, Sealer};
use super::store::{Work, snowflake};
use super::{
    CopyKind, Led, Ledger, LedgerError, NewRequest, NewSettlement, OfferRefusal, Request, RequestId, RequestMade,
    RequestMove, RequestState, audit, claims, codec, copies, journal, notices,
};

const GET: &str = select!("WHERE id = $1");
const OF_INTERACTION: &str = select!("WHERE interaction = $1");

impl Ledger {
    /// Writes a request: its offer is claimed, its interaction is used up, and the request, its sealed record, a card that
    /// is due, the audit entry (which gets the request's number) and the notices are written, in one transaction. What led
    /// to a request or an act before answers with that one, but only to its own requester.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: nothing was written.
    pub async fn ask(&self, new: NewRequest) -> Result<RequestMade, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        if let Some(before) = earlier(&mut work, &new, now).await? {
            work.abandon().await;
            return Ok(before);
        }
        let offer = new.offer;
        let request = add(&mut work, &self.sealer, &self.chain, new, now).await?;
        if let Some(offer) = offer {
            let sql = "UPDATE offers SET state = 'taken', request = $1 WHERE id = $2 AND state = 'open'";
            work.execute(sql, [request.id.0.into(), offer.0.into()]).await?;
        }
        work.commit().await?;
        Ok(RequestMade::New(request))
    }

    /// Settles a request that nobody has decided yet; `false`: somebody did, or there is none, and nothing was written.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written, or the state settles nothing that is pending.
    pub async fn settle_request(&self, id: RequestId, new: NewSettlement) -> Result<bool, LedgerError> {
        match new.state {
            RequestState::Void | RequestState::Denied | RequestState::Expired | RequestState::Cancelled => {}
            RequestState::Pending | RequestState::Executing | RequestState::Done | RequestState::Failed => {
                return Err(LedgerError::Unwritable("only an act brings a request into this state".to_owned()));
            }
        }
        let now = self.now();
        let mut work = self.store.write().await?;
        if !settle(&mut work, id, RequestState::Pending, new.state, &new.settlement, now).await? {
            work.abandon().await;
            return Ok(false);
        }
        notices::add(&mut work, &new.notices, now).await?;
        audit::append(&mut work, &self.chain, new.audit, None, now).await?;
        work.commit().await?;
        Ok(true)
    }

    /// Says how a request stands that is being executed, for its copies to show.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn request_stands(&self, id: RequestId, settlement: String) -> Result<(), LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        claims::move_on(&mut work, id, &RequestMove { state: RequestState::Executing, settlement }, now).await?;
        work.commit().await
    }

    /// The request with this number.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn request(&self, id: RequestId) -> Result<Option<Request>, LedgerError> {
        self.store.one(GET, [id.0.into()]).await?.as_ref().map(codec::request).transpose()
    }

    /// The request that this interaction asked for.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn request_of_interaction(&self, id: InteractionId) -> Result<Option<Request>, LedgerError> {
        self.store.one(OF_INTERACTION, [snowflake(id.get()).into()]).await?.as_ref().map(codec::request).transpose()
    }

    /// Requests that are pending or being executed, oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn open_requests(&self) -> Result<Vec<Request>, LedgerError> {
        let sql = select!("WHERE state IN ('pending', 'executing') ORDER BY id");
        self.store.all(sql, []).await?.iter().map(codec::request).collect()
    }

    /// The record as it was shown when the request was made; `None` when there is none, or it is erased.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn request_record(&self, id: RequestId) -> Result<Option<SecretString>, LedgerError> {
        let sql = "SELECT act, record FROM requests WHERE id = $1 AND record IS NOT NULL";
        let Some(row) = self.store.one(sql, [id.0.into()]).await? else { return Ok(None) };
        let act: String = row.get("act")?;
        self.sealer.open(Owner::Request(id, &act), &row.get::<Vec<u8>>("record")?).map(Some)
    }

    /// When the next pending request expires or its approvers are to be reminded; it may be in the past.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn next_request_event(&self) -> Result<Option<Millis>, LedgerError> {
        let sql = "SELECT min(event) AS event FROM (SELECT expires_at AS event FROM requests WHERE state = 'pending' \
                   UNION ALL SELECT remind_at FROM requests WHERE state = 'pending' AND remind_at IS NOT NULL) AS events";
        let Some(row) = self.store.one(sql, []).await? else { return Ok(None) };
        row.maybe_millis("event")
    }
}

/// The request with this number, inside a transaction.
pub(super) async fn get(work: &mut Work, id: RequestId) -> Result<Option<Request>, LedgerError> {
    work.one(GET, [id.0.into()]).await?.as_ref().map(codec::request).transpose()
}

/// The request that this interaction asked for: its number and who asked.
pub(super) async fn of_interaction(
    work: &mut Work,
    interaction: InteractionId,
) -> Result<Option<Request>, LedgerError> {
    work.one(OF_INTERACTION, [snowflake(interaction.get()).into()]).await?.as_ref().map(codec::request).transpose()
}

/// The open request about the same, if there is one.
pub(super) async fn open_about(work: &mut Work, subject: &str) -> Result<Option<Request>, LedgerError> {
    let sql = select!("WHERE subject = $1 AND state IN ('pending', 'executing')");
    work.one(sql, [subject.into()]).await?.as_ref().map(codec::request).transpose()
}

/// Writes a request and all that belongs to it but the claim of its offer.
pub(super) async fn add(
    work: &mut Work,
    sealer: &Sealer,
    chain: &Chain,
    new: NewRequest,
    now: Millis,
) -> Result<Request, LedgerError> {
    let sql = "INSERT INTO requests (requester, interaction, connection, agent, login, login_key, subject, act, card, \
               threshold, created_at, expires_at, state, remind_at, channel, revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $14, 1) RETURNING id";
    let values = [
        snowflake(new.requester.get()).into(),
        new.interaction.map(|id| snowflake(id.get())).into(),
        new.connection.as_str().into(),
        new.agent.as_ref().map(AgentId::as_str).into(),
        new.login.as_str().into(),
        new.login.to_lowercase().into(),
        new.subject.into(),
        new.act.as_str().into(),
        new.card.into(),
        new.threshold.into(),
        now.into(),
        new.expires_at.into(),
        new.remind_at.into(),
        snowflake(new.channel.get()).into(),
    ];
    let Some(row) = work.one(sql, values).await? else {
        return Err(LedgerError::Unwritable("it gave the request no number".to_owned()));
    };
    let id = RequestId(row.get("id")?);
    if let Some(record) = &new.record {
        let ciphertext = sealer.seal(Owner::Request(id, &new.act), record)?;
        work.execute("UPDATE requests SET record = $1 WHERE id = $2", [ciphertext.into(), id.0.into()]).await?;
    }
    copies::add(work, id, CopyKind::Card, new.channel, now).await?;
    notices::add(work, &new.notices, now).await?;
    let mut entry = new.audit;
    entry.detail = numbered(entry.detail, id);
    audit::append(work, chain, entry, None, now).await?;
    get(work, id).await?.ok_or_else(|| LedgerError::Unwritable("it lost the request again".to_owned()))
}

/// Settles a request that is in the state `from`: what is to be said of it, its sealed record erased, its copies and its
/// ballots told. The only place that does. `false`: it was not in that state, and nothing was written.
pub(super) async fn settle(
    work: &mut Work,
    id: RequestId,
    from: RequestState,
    to: RequestState,
    settlement: &str,
    now: Millis,
) -> Result<bool, LedgerError> {
    let sql = "UPDATE requests SET state = $1, settled_at = $2, settlement = $3, remind_at = NULL, record = NULL, \
               revision = revision + 1 WHERE id = $4 AND state = $5";
    let values = [
        codec::request_state(to).into(),
        now.into(),
        settlement.into(),
        id.0.into(),
        codec::request_state(from).into(),
    ];
    if work.execute(sql, values).await? == 0 {
        return Ok(false);
    }
    too_late(work, id).await?;
    Ok(true)
}

/// Nobody will check the ballots any more that were not checked when the request was decided.
pub(super) async fn too_late(work: &mut Work, id: RequestId) -> Result<(), LedgerError> {
    let sql = "UPDATE ballots SET state = 'late' WHERE request = $1 AND state = 'unchecked'";
    work.execute(sql, [id.0.into()]).await.map(drop)
}

/// What its copies show has changed.
pub(super) async fn bump(work: &mut Work, id: RequestId) -> Result<(), LedgerError> {
    work.execute("UPDATE requests SET revision = revision + 1 WHERE id = $1", [id.0.into()]).await.map(drop)
}

/// What the interaction, the offer or the subject of a new request led to before, or why the offer cannot be taken.
async fn earlier(work: &mut Work, new: &NewRequest, now: Millis) -> Result<Option<RequestMade>, LedgerError> {
    if let Some(interaction) = new.interaction {
        if let Some(request) = of_interaction(work, interaction).await? {
            return Ok(Some(known(request, new.requester)));
        }
        if let Some(intent) = journal::of_interaction(work, interaction).await? {
            return done(work, intent, new.requester).await.map(Some);
        }
    }
    if let Some(offer) = new.offer {
        match weigh(work, offer, new.requester, now).await? {
            Weighed::Free => {}
            Weighed::Taken(Led::Intent(intent)) => return done(work, intent, new.requester).await.map(Some),
            Weighed::Taken(Led::Request(id)) => {
                return match get(work, id).await? {
                    Some(request) => Ok(Some(known(request, new.requester))),
                    None => Err(LedgerError::Unreadable(format!("request {id} was removed from outside"))),
                };
            }
            Weighed::Refused(refusal) => return Ok(Some(RequestMade::Refused(refusal))),
        }
    }
    Ok(open_about(work, &new.subject).await?.map(RequestMade::Open))
}

fn known(request: Request, requester: UserId) -> RequestMade {
    if request.requester == requester {
        RequestMade::Already(request)
    } else {
        RequestMade::Refused(OfferRefusal::NotYours)
    }
}

async fn done(work: &mut Work, intent: IntentId, requester: UserId) -> Result<RequestMade, LedgerError> {
    let intent = journal::get(work, intent).await?;
    Ok(if intent.actor == requester {
        RequestMade::Done(intent.id)
    } else {
        RequestMade::Refused(OfferRefusal::NotYours)
    })
}

/// The detail of an audit entry, with the number that the desk could not know.
fn numbered(mut detail: serde_json::Value, id: RequestId) -> serde_json::Value {
    match &mut detail {
        serde_json::Value::Object(members) => {
            members.insert("request".to_owned(), id.0.into());
            detail
        }
        serde_json::Value::Null => serde_json::json!({ "request": id.0 }),
        _ => serde_json::json!({ "request": id.0, "detail": detail }),
    }
}
