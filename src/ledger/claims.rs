//! How a request becomes an act, and moves on with it. Only inside the transactions of the journal: of any number who try,
//! one claims it.

use std::collections::BTreeSet;

use rollcall_telephony::{IntentId, Millis};
use serenity::model::id::UserId;

use super::store::Work;
use super::{Claim, LedgerError, RequestId, RequestMove, RequestState, requests};

/// Whether the request may become an act now: it is pending, not expired, and the claim's approvers are as many different
/// people as it asks for, each with an approval that counts, none of them the requester.
pub(super) async fn holds(work: &mut Work, claim: &Claim, now: Millis) -> Result<bool, LedgerError> {
    let Some(request) = requests::get(work, claim.request).await? else { return Ok(false) };
    let approvers: BTreeSet<UserId> = claim.approvers.iter().copied().collect();
    Ok(request.state == RequestState::Pending
        && now < request.expires_at
        && approvers.len() == claim.approvers.len()
        && u32::try_from(approvers.len()).is_ok_and(|different| different >= request.threshold)
        && !approvers.contains(&request.requester)
        && approvers.is_subset(&approving(work, claim.request).await?))
}

/// Everybody whose approval counts.
async fn approving(work: &mut Work, id: RequestId) -> Result<BTreeSet<UserId>, LedgerError> {
    let sql = "SELECT person FROM ballots WHERE request = $1 AND verdict = 'approve' AND state = 'counted'";
    work.all(sql, [id.0.into()]).await?.iter().map(|row| row.snowflake("person")).collect()
}

/// Takes the request for this intent; whether it may be taken was asked in the same transaction.
pub(super) async fn take(work: &mut Work, claim: &Claim, intent: IntentId) -> Result<(), LedgerError> {
    let sql = "UPDATE requests SET state = 'executing', intent = $1, settlement = $2, remind_at = NULL, \
               revision = revision + 1 WHERE id = $3 AND state = 'pending'";
    let values = [intent.0.into(), claim.settlement.as_str().into(), claim.request.0.into()];
    work.execute(sql, values).await?;
    requests::too_late(work, claim.request).await
}

/// Moves the request on whose approval led to an intent. One that is settled already stays as it is.
pub(super) async fn move_on(
    work: &mut Work,
    id: RequestId,
    step: &RequestMove,
    now: Millis,
) -> Result<(), LedgerError> {
    if step.state.is_settled() {
        return requests::settle(work, id, RequestState::Executing, step.state, &step.settlement, now).await.map(drop);
    }
    // Said again in the same words, it changes no card.
    let sql = "UPDATE requests SET settlement = $1, revision = revision + 1 \
               WHERE id = $2 AND state = 'executing' AND settlement <> $1";
    work.execute(sql, [step.settlement.as_str().into(), id.0.into()]).await.map(drop)
}
