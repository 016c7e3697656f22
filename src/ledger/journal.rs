//! The journal: every act is written here before a phone system is asked. What came of it is written in `conclude.rs`.

use rollcall_telephony::{AgentId, IntentId, Millis};
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};

use super::offers::{Weighed, weigh};
use super::seal::Owner;
use super::store::{Work, snowflake};
use super::{Began, Intent, Led, Ledger, LedgerError, NewIntent, OfferRefusal, audit, claims, codec, kept, requests};

pub(super) const GET: &str = "SELECT id, actor, interaction, request, connection, act, state, attempts, recorded_at, \
                              sent_at, looked_at, made, progress, secret FROM intents WHERE id = $1";

impl Ledger {
    /// Writes an act before it is done: its offer or its request is claimed, its interaction is used up, and the intent, the
    /// audit entry, the sealed secret and the sealed record are written, in one transaction. What led to an intent or a
    /// request before answers with that one, even when the offer has expired since, but only to its own actor.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: nothing was written, and nothing may be asked.
    pub async fn begin(&self, intent: NewIntent<'_>) -> Result<Began, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        if let Some(before) = earlier(&mut work, &intent, now).await? {
            work.abandon().await;
            return Ok(before);
        }
        let id = insert(&mut work, &intent, now).await?;
        if let Some(secret) = intent.secret {
            let sealed = self.sealer.seal(Owner::Intent(id, intent.act), secret)?;
            work.execute("UPDATE intents SET secret = $1 WHERE id = $2", [sealed.into(), id.0.into()]).await?;
        }
        if let Some(offer) = intent.offer {
            let sql = "UPDATE offers SET state = 'taken', intent = $1 WHERE id = $2 AND state = 'open'";
            work.execute(sql, [id.0.into(), offer.0.into()]).await?;
        }
        if let Some(claim) = &intent.claim {
            claims::take(&mut work, claim, id).await?;
        }
        if let Some(new) = &intent.keeps {
            kept::add(&mut work, &self.sealer, id, new).await?;
        }
        audit::append(&mut work, &self.chain, intent.audit, Some(id), now).await?;
        let written = get(&mut work, id).await?;
        work.commit().await?;
        Ok(Began::New(written))
    }

    /// Notes that the phone system is about to be asked: state sent, one attempt more. On disk before it returns.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`]: do not ask then; [`LedgerError::Stale`] when the intent is concluded or unknown.
    pub async fn sending(&self, id: IntentId) -> Result<(), LedgerError> {
        self.about_to_send(id, None).await
    }

    /// As [`Ledger::sending`], for one part of an act of several: with how far the act is, in the same transaction.
    ///
    /// # Errors
    /// As [`Ledger::sending`].
    pub async fn sending_with(&self, id: IntentId, progress: &str) -> Result<(), LedgerError> {
        self.about_to_send(id, Some(progress)).await
    }

    async fn about_to_send(&self, id: IntentId, progress: Option<&str>) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "UPDATE intents SET state = 'sent', sent_at = $1, attempts = attempts + 1, \
                   progress = COALESCE($2, progress) WHERE id = $3 AND state IN ('recorded', 'sent', 'doubt')";
        let changed = work.execute(sql, [self.now().into(), progress.into(), id.0.into()]).await?;
        finish(work, changed).await
    }

    /// Notes how far an act of several parts is: the desk's value as JSON, free of secrets. On disk before it returns.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`]; [`LedgerError::Stale`] when the intent is concluded or unknown.
    pub async fn progress(&self, id: IntentId, progress: &str) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "UPDATE intents SET progress = $1 WHERE id = $2 AND state IN ('recorded', 'sent', 'doubt')";
        let changed = work.execute(sql, [progress.into(), id.0.into()]).await?;
        finish(work, changed).await
    }

    /// Notes that the intent was looked up at the phone system without a result.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`]; [`LedgerError::Stale`] when the intent is concluded or unknown.
    pub async fn looked(&self, id: IntentId) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "UPDATE intents SET looked_at = $1 WHERE id = $2 AND state IN ('recorded', 'sent', 'doubt')";
        let changed = work.execute(sql, [self.now().into(), id.0.into()]).await?;
        finish(work, changed).await
    }

    /// Notes which agent the phone system said it created.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn made(&self, id: IntentId, agent: &AgentId) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        work.execute("UPDATE intents SET made = $1 WHERE id = $2", [agent.as_str().into(), id.0.into()]).await?;
        work.commit().await
    }

    /// The intent with this number.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn intent(&self, id: IntentId) -> Result<Option<Intent>, LedgerError> {
        self.store.one(GET, [id.0.into()]).await?.as_ref().map(codec::intent).transpose()
    }

    /// The password that the intent sets; `None` when it has none, or no longer.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read or does not open.
    pub async fn intent_secret(&self, id: IntentId) -> Result<Option<SecretString>, LedgerError> {
        let Some(row) = self.store.one(GET, [id.0.into()]).await? else { return Ok(None) };
        let act: String = row.get("act")?;
        row.get::<Option<Vec<u8>>>("secret")?
            .map(|sealed| self.sealer.open(Owner::Intent(id, &act), &sealed))
            .transpose()
    }

    /// A concluded intent and what came of it, as [`super::Conclusion::outcome`] told; `None` when there is none yet.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn outcome(&self, id: IntentId) -> Result<Option<(Intent, String)>, LedgerError> {
        let sql = "SELECT id, actor, interaction, request, connection, act, state, attempts, recorded_at, sent_at, looked_at, made, \
                   progress, outcome FROM intents WHERE id = $1 AND outcome IS NOT NULL";
        let Some(row) = self.store.one(sql, [id.0.into()]).await? else { return Ok(None) };
        Ok(Some((codec::intent(&row)?, row.get("outcome")?)))
    }

    /// Intents that are not concluded, or in doubt; oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn open_intents(&self) -> Result<Vec<Intent>, LedgerError> {
        let sql = "SELECT id, actor, interaction, request, connection, act, state, attempts, recorded_at, sent_at, looked_at, made, \
                   progress FROM intents WHERE state IN ('recorded', 'sent', 'doubt') ORDER BY id";
        self.store.all(sql, []).await?.iter().map(codec::intent).collect()
    }
}

/// Writes the row of a new intent.
async fn insert(work: &mut Work, intent: &NewIntent<'_>, now: Millis) -> Result<IntentId, LedgerError> {
    let sql = "INSERT INTO intents (actor, interaction, request, connection, act, state, recorded_at) \
               VALUES ($1, $2, $3, $4, $5, 'recorded', $6) RETURNING id";
    let values = [
        snowflake(intent.actor.get()).into(),
        intent.interaction.map(|id| snowflake(id.get())).into(),
        intent.claim.as_ref().map(|claim| claim.request.0).into(),
        intent.connection.as_str().into(),
        intent.act.into(),
        now.into(),
    ];
    match work.one(sql, values).await? {
        Some(row) => Ok(IntentId(row.get("id")?)),
        None => Err(LedgerError::Unwritable("it gave the intent no number".to_owned())),
    }
}

/// What the interaction or the offer of a new intent led to before, or why the offer or the request cannot be taken.
async fn earlier(work: &mut Work, intent: &NewIntent<'_>, now: Millis) -> Result<Option<Began>, LedgerError> {
    if let Some(interaction) = intent.interaction {
        if let Some(id) = of_interaction(work, interaction).await? {
            return known(work, id, intent.actor).await.map(Some);
        }
        if let Some(request) = requests::of_interaction(work, interaction).await? {
            return Ok(Some(if request.requester == intent.actor {
                Began::Asked(request.id)
            } else {
                Began::Refused(OfferRefusal::NotYours)
            }));
        }
    }
    if let Some(offer) = intent.offer {
        match weigh(work, offer, intent.actor, now).await? {
            Weighed::Free => {}
            Weighed::Taken(Led::Intent(id)) => return known(work, id, intent.actor).await.map(Some),
            Weighed::Taken(Led::Request(id)) => return Ok(Some(Began::Asked(id))),
            Weighed::Refused(refusal) => return Ok(Some(Began::Refused(refusal))),
        }
    }
    match &intent.claim {
        Some(claim) if !claims::holds(work, claim, now).await? => Ok(Some(Began::NotClaimed)),
        Some(_) | None => Ok(None),
    }
}

/// The intent that this interaction led to.
pub(super) async fn of_interaction(
    work: &mut Work,
    interaction: InteractionId,
) -> Result<Option<IntentId>, LedgerError> {
    let sql = "SELECT id FROM intents WHERE interaction = $1";
    let row = work.one(sql, [snowflake(interaction.get()).into()]).await?;
    row.map(|row| row.get("id").map(IntentId)).transpose()
}

/// The intent with this number, which something in the store names.
pub(super) async fn get(work: &mut Work, id: IntentId) -> Result<Intent, LedgerError> {
    match work.one(GET, [id.0.into()]).await? {
        Some(row) => codec::intent(&row),
        None => Err(LedgerError::Unreadable(format!("intent {id} was removed from outside"))),
    }
}

async fn known(work: &mut Work, id: IntentId, actor: UserId) -> Result<Began, LedgerError> {
    let intent = get(work, id).await?;
    Ok(if intent.actor == actor { Began::Already(intent) } else { Began::Refused(OfferRefusal::NotYours) })
}

/// Commits when a row was changed.
async fn finish(work: Work, changed: u64) -> Result<(), LedgerError> {
    if changed == 0 { stale(work).await } else { work.commit().await }
}

/// Ends a transaction that met something else than its caller had read.
pub(super) async fn stale<T>(work: Work) -> Result<T, LedgerError> {
    work.abandon().await;
    Err(LedgerError::Stale)
}
