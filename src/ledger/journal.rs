//! The journal: every act is written here before a phone system is asked, and what came of it afterwards.

use rollcall_telephony::{IntentId, Millis};
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};

use super::offers::{Weighed, weigh};
use super::seal::Owner;
use super::store::{Work, snowflake};
use super::{
    Began, Conclusion, HandoverId, Intent, IntentState, Ledger, LedgerError, NewIntent, OfferRefusal, audit, codec,
    handovers, notices,
};

const GET: &str = "SELECT id, actor, interaction, connection, act, state, attempts, recorded_at, sent_at, looked_at, secret \
                   FROM intents WHERE id = $1";

impl Ledger {
    /// Writes an act before it is done: its offer is claimed, its interaction is used up, and the intent, the audit entry and
    /// the sealed secret are written, in one transaction. What led to an intent before answers with that one, even when
    /// the offer has expired since, but only to its own actor.
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
        let sql = "INSERT INTO intents (actor, interaction, connection, act, state, recorded_at) \
                   VALUES ($1, $2, $3, $4, 'recorded', $5) RETURNING id";
        let values = [
            snowflake(intent.actor.get()).into(),
            intent.interaction.map(|id| snowflake(id.get())).into(),
            intent.connection.as_str().into(),
            intent.act.into(),
            now.into(),
        ];
        let id = match work.one(sql, values).await? {
            Some(row) => IntentId(row.get("id")?),
            None => return Err(LedgerError::Unwritable("it gave the intent no number".to_owned())),
        };
        if let Some(secret) = intent.secret {
            let sealed = self.sealer.seal(Owner::Intent(id, intent.act), secret)?;
            work.execute("UPDATE intents SET secret = $1 WHERE id = $2", [sealed.into(), id.0.into()]).await?;
        }
        if let Some(offer) = intent.offer {
            let sql = "UPDATE offers SET state = 'taken', intent = $1 WHERE id = $2 AND state = 'open'";
            work.execute(sql, [id.0.into(), offer.0.into()]).await?;
        }
        audit::append(&mut work, &self.chain, intent.audit, Some(id), now).await?;
        work.commit().await?;
        Ok(Began::New(Intent {
            id,
            actor: intent.actor,
            interaction: intent.interaction,
            connection: intent.connection.clone(),
            act: intent.act.to_owned(),
            state: IntentState::Recorded,
            attempts: 0,
            recorded_at: now,
            sent_at: None,
            looked_at: None,
        }))
    }

    /// Notes that the phone system is about to be asked: state sent, one attempt more. On disk before it returns.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`]: do not ask then; [`LedgerError::Stale`] when the intent is concluded or unknown.
    pub async fn sending(&self, id: IntentId) -> Result<(), LedgerError> {
        let mut work = self.store.write().await?;
        let sql = "UPDATE intents SET state = 'sent', sent_at = $1, attempts = attempts + 1 \
                   WHERE id = $2 AND state IN ('recorded', 'sent', 'doubt')";
        let changed = work.execute(sql, [self.now().into(), id.0.into()]).await?;
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

    /// A concluded intent and what came of it, as [`Conclusion::outcome`] told; `None` when there is none yet.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn outcome(&self, id: IntentId) -> Result<Option<(Intent, String)>, LedgerError> {
        let sql = "SELECT id, actor, interaction, connection, act, state, attempts, recorded_at, sent_at, looked_at, \
                   outcome FROM intents WHERE id = $1 AND outcome IS NOT NULL";
        let Some(row) = self.store.one(sql, [id.0.into()]).await? else { return Ok(None) };
        Ok(Some((codec::intent(&row)?, row.get("outcome")?)))
    }

    /// Intents that are not concluded, or in doubt; oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn open_intents(&self) -> Result<Vec<Intent>, LedgerError> {
        let sql = "SELECT id, actor, interaction, connection, act, state, attempts, recorded_at, sent_at, looked_at \
                   FROM intents WHERE state IN ('recorded', 'sent', 'doubt') ORDER BY id";
        self.store.all(sql, []).await?.iter().map(codec::intent).collect()
    }

    /// Writes what came of an intent, and all that follows from it, in one transaction. Done moves the sealed secret to
    /// the hand-over, or erases it when there is none; failed erases it; in doubt it stays with the intent, which may be
    /// concluded again.
    ///
    /// # Errors
    /// [`LedgerError::Stale`] when the intent is done or failed already, or unknown; [`LedgerError::Unwritable`] when the
    /// store cannot be written, or the conclusion contradicts itself: a state that concludes nothing, or a hand-over of
    /// what was not done or has no password.
    pub async fn conclude(&self, id: IntentId, conclusion: Conclusion) -> Result<Option<HandoverId>, LedgerError> {
        let now = self.now();
        let keeps_secret = match (conclusion.state, &conclusion.handover) {
            (IntentState::Done, _) | (IntentState::Failed, None) => false,
            (IntentState::Doubt, None) => true,
            (IntentState::Failed | IntentState::Doubt, Some(_)) => {
                return Err(LedgerError::Unwritable("only what was done has a password to hand over".to_owned()));
            }
            (IntentState::Recorded | IntentState::Sent, _) => {
                return Err(LedgerError::Unwritable("this state concludes nothing".to_owned()));
            }
        };
        let mut work = self.store.write().await?;
        let Some(row) = work.one(GET, [id.0.into()]).await? else { return stale(work).await };
        match codec::intent(&row)?.state {
            IntentState::Recorded | IntentState::Sent | IntentState::Doubt => {}
            IntentState::Done | IntentState::Failed => return stale(work).await,
        }
        let mut made = None;
        if let Some(handover) = &conclusion.handover {
            let sealed: Option<Vec<u8>> = row.get("secret")?;
            let Some(sealed) = sealed else {
                work.abandon().await;
                return Err(LedgerError::Unwritable("the intent has no password to hand over".to_owned()));
            };
            let act: String = row.get("act")?;
            let secret = self.sealer.open(Owner::Intent(id, &act), &sealed)?;
            made = Some(handovers::add(&mut work, &self.sealer, id, handover, &secret, now).await?);
        }
        let sql = "UPDATE intents SET state = $1, concluded_at = $2, outcome = $3 WHERE id = $4";
        let state = codec::intent_state(conclusion.state);
        let values = [state.into(), now.into(), conclusion.outcome.as_str().into(), id.0.into()];
        work.execute(sql, values).await?;
        if let Some((handover, state)) = conclusion.settles {
            handovers::settle(&mut work, handover, state, now).await?;
        }
        if !keeps_secret {
            work.execute("UPDATE intents SET secret = NULL WHERE id = $1", [id.0.into()]).await?;
        }
        notices::add(&mut work, &conclusion.notices, now).await?;
        audit::append(&mut work, &self.chain, conclusion.audit, Some(id), now).await?;
        work.commit().await?;
        Ok(made)
    }
}

/// What the interaction or the offer of a new intent led to before, or why the offer cannot be taken.
async fn earlier(work: &mut Work, intent: &NewIntent<'_>, now: Millis) -> Result<Option<Began>, LedgerError> {
    if let Some(interaction) = intent.interaction
        && let Some(id) = of_interaction(work, interaction).await?
    {
        return known(work, id, intent.actor).await.map(Some);
    }
    let Some(offer) = intent.offer else { return Ok(None) };
    match weigh(work, offer, intent.actor, now).await? {
        Weighed::Free => Ok(None),
        Weighed::Taken(id) => known(work, id, intent.actor).await.map(Some),
        Weighed::Refused(refusal) => Ok(Some(Began::Refused(refusal))),
    }
}

async fn of_interaction(work: &mut Work, interaction: InteractionId) -> Result<Option<IntentId>, LedgerError> {
    let sql = "SELECT id FROM intents WHERE interaction = $1";
    let row = work.one(sql, [snowflake(interaction.get()).into()]).await?;
    row.map(|row| row.get("id").map(IntentId)).transpose()
}

async fn known(work: &mut Work, id: IntentId, actor: UserId) -> Result<Began, LedgerError> {
    let Some(row) = work.one(GET, [id.0.into()]).await? else {
        return Err(LedgerError::Unreadable(format!("intent {id} was removed from outside")));
    };
    let intent = codec::intent(&row)?;
    Ok(if intent.actor == actor { Began::Already(intent) } else { Began::Refused(OfferRefusal::NotYours) })
}

/// Commits when a row was changed.
async fn finish(work: Work, changed: u64) -> Result<(), LedgerError> {
    if changed == 0 { stale(work).await } else { work.commit().await }
}

async fn stale<T>(work: Work) -> Result<T, LedgerError> {
    work.abandon().await;
    Err(LedgerError::Stale)
}
