//! What came of an act, and all that follows from it: one transaction.

use rollcall_telephony::{IntentId, Millis};

use super::journal::{GET, stale};
use super::seal::Owner;
use super::store::{Row, Work};
use super::{
    Conclusion, HandoverId, Intent, IntentState, Ledger, LedgerError, NewHandover, NewRequest, RequestState, audit,
    claims, codec, handovers, kept, notices, presence, requests,
};

/// What becomes of the intent's sealed secret.
enum Secret {
    /// It stays with the intent.
    Stays,
    /// It is erased; a hand-over has it, if there is one.
    Erased,
}

impl Ledger {
    /// Writes what came of an intent, and all that follows from it, in one transaction. Done moves the sealed secret to
    /// the hand-over, or erases it when there is none; failed erases it, and the record that it kept of an agent; in doubt
    /// both stay with the intent, which may be concluded again. The request on whose approval it was done moves on; one
    /// that was settled before stays as it is. A request that is to be made is not, when another about the same is open.
    ///
    /// # Errors
    /// [`LedgerError::Stale`] when the intent is done or failed already, or unknown; [`LedgerError::Unwritable`] when the
    /// store cannot be written, or the conclusion contradicts itself: a state that concludes nothing, a hand-over of what
    /// was not done or has no password, a request that there is not or a state that no act leads to, a deleted agent of
    /// whom nothing was kept.
    pub async fn conclude(&self, id: IntentId, conclusion: Conclusion) -> Result<Option<HandoverId>, LedgerError> {
        let now = self.now();
        let secret = consistent(&conclusion)?;
        let mut work = self.store.write().await?;
        let Some(row) = work.one(GET, [id.0.into()]).await? else { return stale(work).await };
        let intent = codec::intent(&row)?;
        match intent.state {
            IntentState::Recorded | IntentState::Sent | IntentState::Doubt => {}
            IntentState::Done | IntentState::Failed => return stale(work).await,
        }
        let made = match &conclusion.handover {
            Some(handover) => Some(self.hand_over(&mut work, &row, handover, now).await?),
            None => None,
        };
        let sql = "UPDATE intents SET state = $1, concluded_at = $2, outcome = $3 WHERE id = $4";
        let state = codec::intent_state(conclusion.state);
        let values = [state.into(), now.into(), conclusion.outcome.as_str().into(), id.0.into()];
        work.execute(sql, values).await?;
        if let Some((handover, state)) = conclusion.settles {
            handovers::settle(&mut work, handover, state, now).await?;
        }
        match secret {
            Secret::Stays => {}
            Secret::Erased => {
                work.execute("UPDATE intents SET secret = NULL WHERE id = $1", [id.0.into()]).await?;
            }
        }
        follow(&mut work, &intent, &conclusion, now).await?;
        presence::note(&mut work, &conclusion.requested).await?;
        notices::add(&mut work, &conclusion.notices, now).await?;
        audit::append(&mut work, &self.chain, conclusion.audit, Some(id), now).await?;
        if let Some(new) = conclusion.asks {
            self.ask_after(&mut work, *new, now).await?;
        }
        work.commit().await?;
        Ok(made)
    }

    /// Moves the intent's sealed secret to a new hand-over.
    async fn hand_over(
        &self,
        work: &mut Work,
        row: &Row,
        handover: &NewHandover,
        now: Millis,
    ) -> Result<HandoverId, LedgerError> {
        let id = IntentId(row.get("id")?);
        let Some(sealed) = row.get::<Option<Vec<u8>>>("secret")? else {
            return contradiction("the intent has no password to hand over");
        };
        let act: String = row.get("act")?;
        let secret = self.sealer.open(Owner::Intent(id, &act), &sealed)?;
        handovers::add(work, &self.sealer, id, handover, &secret, now).await
    }

    /// Makes the request that was asked for together with the act, unless it was made before or another one is open.
    async fn ask_after(&self, work: &mut Work, new: NewRequest, now: Millis) -> Result<(), LedgerError> {
        if let Some(interaction) = new.interaction
            && requests::of_interaction(work, interaction).await?.is_some()
        {
            return Ok(());
        }
        if requests::open_about(work, &new.subject).await?.is_some() {
            return Ok(());
        }
        requests::add(work, &self.sealer, &self.chain, new, now).await.map(drop)
    }
}

/// Whether the parts of a conclusion fit together, as far as they tell by themselves.
fn consistent(conclusion: &Conclusion) -> Result<Secret, LedgerError> {
    match conclusion.request.as_ref().map(|step| step.state) {
        None | Some(RequestState::Executing | RequestState::Done | RequestState::Failed | RequestState::Void) => {}
        Some(RequestState::Pending | RequestState::Denied | RequestState::Expired | RequestState::Cancelled) => {
            return contradiction("no act leads a request into this state");
        }
    }
    match (conclusion.state, &conclusion.handover) {
        (IntentState::Done, _) | (IntentState::Failed, None) => Ok(Secret::Erased),
        (IntentState::Doubt, None) => Ok(Secret::Stays),
        (IntentState::Failed | IntentState::Doubt, Some(_)) => {
            contradiction("only what was done has a password to hand over")
        }
        (IntentState::Recorded | IntentState::Sent, _) => contradiction("this state concludes nothing"),
    }
}

/// What follows for the request that led to the intent, and for the records of deleted agents.
async fn follow(work: &mut Work, intent: &Intent, conclusion: &Conclusion, now: Millis) -> Result<(), LedgerError> {
    match (&conclusion.request, intent.request) {
        (None, _) => {}
        (Some(step), Some(request)) => claims::move_on(work, request, step, now).await?,
        (Some(_), None) => return contradiction("the intent came from no request"),
    }
    if let Some(step) = &conclusion.kept
        && !kept::move_on(work, intent.id, step, now).await?
    {
        return contradiction("nothing was kept of the agent that was deleted");
    }
    if conclusion.state == IntentState::Failed {
        kept::drop_kept(work, intent.id).await?;
    }
    Ok(())
}

fn contradiction<T>(why: &str) -> Result<T, LedgerError> {
    Err(LedgerError::Unwritable(why.to_owned()))
}
