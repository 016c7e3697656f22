//! Ballots: what people say to requests, each person once for each way and verdict. Whether one counts is for the desk to
//! judge; here it is only made sure that a judgement is about what stands there.

use rollcall_telephony::Millis;
use serenity::model::id::UserId;

use super::store::{Work, snowflake};
use super::{
    AuditEntry, Ballot, BallotState, BallotVerdict, Cast, Ledger, LedgerError, NewBallot, NewNotice, RequestId,
    RequestState, audit, codec, notices, requests,
};

impl Ledger {
    /// Writes what a person said. Said again, it changes nothing while it counts or waits to be checked; after it was
    /// withdrawn, refused or stale it is a new one, with its own time and words. A stale one never takes the place of one
    /// that was seen in time. The audit entry is written with every ballot that is new or late.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written, or the ballot is neither unchecked nor stale.
    pub async fn cast(&self, new: NewBallot) -> Result<Cast, LedgerError> {
        self.cast_where(new, |_| true).await
    }

    /// As [`Ledger::cast`], for a ballot that was found by looking; only where the person has said nothing since `before`
    /// was read, which was before the look. [`Cast::Same`]: they have, and what they said is newer than what was found.
    ///
    /// # Errors
    /// As [`Ledger::cast`].
    pub async fn cast_found(&self, new: NewBallot, before: Option<&Ballot>) -> Result<Cast, LedgerError> {
        let said = |ballot: &Ballot| (ballot.cast_at, ballot.state);
        self.cast_where(new, |now| now.map(said) == before.map(said)).await
    }

    async fn cast_where(
        &self,
        new: NewBallot,
        may: impl FnOnce(Option<&Ballot>) -> bool + Send,
    ) -> Result<Cast, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        let Some(request) = requests::get(&mut work, new.request).await? else {
            work.abandon().await;
            return Ok(Cast::Unknown);
        };
        let before = standing(&mut work, &new).await?;
        if !may(before.as_ref()) {
            work.abandon().await;
            return Ok(Cast::Same);
        }
        let state = match becomes(request.state, before.as_ref().map(|ballot| ballot.state), new.state) {
            Ok(Some(state)) => state,
            Ok(None) => {
                work.abandon().await;
                return Ok(Cast::Same);
            }
            Err(error) => {
                work.abandon().await;
                return Err(error);
            }
        };
        // Two ballots of one person never have one time, whatever the clock does: judging one never hits the other.
        let cast_at = before.map_or(now, |before| now.max(Millis(before.cast_at.0.saturating_add(1))));
        write(&mut work, &new, state, cast_at).await?;
        audit::append(&mut work, &self.chain, new.audit, None, now).await?;
        work.commit().await?;
        Ok(if state == BallotState::Late { Cast::Late } else { Cast::New })
    }

    /// Withdraws what a person said by a reaction, while the request is pending; what a button gave stays. The audit entry
    /// is written when it counted or still had to be checked. `false`: there was nothing to withdraw.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn withdraw(
        &self,
        request: RequestId,
        person: UserId,
        verdict: BallotVerdict,
        entry: AuditEntry,
    ) -> Result<bool, LedgerError> {
        let these = Withdrawn { request, person: Some(person), verdict: Some(verdict), cast_at: None };
        Ok(self.withdraw_some(these, entry).await? > 0)
    }

    /// As [`Ledger::withdraw`], for a ballot that a later look did not find; only if the person has not said it anew since
    /// it was read.
    ///
    /// # Errors
    /// As [`Ledger::withdraw`].
    pub async fn withdraw_read(&self, ballot: &Ballot, entry: AuditEntry) -> Result<bool, LedgerError> {
        let these = Withdrawn {
            request: ballot.request,
            person: Some(ballot.person),
            verdict: Some(ballot.verdict),
            cast_at: Some(ballot.cast_at),
        };
        Ok(self.withdraw_some(these, entry).await? > 0)
    }

    /// Withdraws everything that was said by reactions, or everything of one verdict, as [`Ledger::withdraw`]; returns
    /// how many ballots that were.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn withdraw_all(
        &self,
        request: RequestId,
        verdict: Option<BallotVerdict>,
        entry: AuditEntry,
    ) -> Result<u32, LedgerError> {
        self.withdraw_some(Withdrawn { request, person: None, verdict, cast_at: None }, entry).await
    }

    async fn withdraw_some(&self, these: Withdrawn, entry: AuditEntry) -> Result<u32, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        let gone = withdraw(&mut work, these).await?;
        if gone.all == 0 {
            work.abandon().await;
            return Ok(0);
        }
        if gone.counted + gone.unchecked > 0 {
            audit::append(&mut work, &self.chain, entry, None, now).await?;
        }
        work.commit().await?;
        Ok(gone.all)
    }

    /// Writes what a ballot is worth, with the messages that tell of it; only while the request is pending and the ballot
    /// stands as it was read. `false`: it does not, or is judged so already, and nothing was written.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written, or the state is no judgement.
    pub async fn judge(
        &self,
        ballot: &Ballot,
        state: BallotState,
        why: Option<String>,
        entry: AuditEntry,
        notices: Vec<NewNotice>,
    ) -> Result<bool, LedgerError> {
        match state {
            BallotState::Counted | BallotState::Refused => {}
            BallotState::Unchecked | BallotState::Late | BallotState::Withdrawn | BallotState::Stale => {
                return Err(LedgerError::Unwritable("this state judges no ballot".to_owned()));
            }
        }
        let now = self.now();
        let mut work = self.store.write().await?;
        let sql = "UPDATE ballots SET state = $1, why = $2 WHERE request = $3 AND person = $4 AND via = $5 \
                   AND verdict = $6 AND state = $7 AND cast_at = $8 AND state IN ('unchecked', 'counted') AND state <> $1 \
                   AND EXISTS (SELECT 1 FROM requests WHERE requests.id = ballots.request AND requests.state = 'pending')";
        let values = [
            codec::ballot_state(state).into(),
            why.into(),
            ballot.request.0.into(),
            snowflake(ballot.person.get()).into(),
            codec::via(ballot.via).into(),
            codec::ballot_verdict(ballot.verdict).into(),
            codec::ballot_state(ballot.state).into(),
            ballot.cast_at.into(),
        ];
        if work.execute(sql, values).await? == 0 {
            work.abandon().await;
            return Ok(false);
        }
        // Cards show the ballots that count, and no others.
        if state == BallotState::Counted || ballot.state == BallotState::Counted {
            requests::bump(&mut work, ballot.request).await?;
        }
        notices::add(&mut work, &notices, now).await?;
        audit::append(&mut work, &self.chain, entry, None, now).await?;
        work.commit().await?;
        Ok(true)
    }

    /// All ballots of a request, in the order in which they were made.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn ballots(&self, request: RequestId) -> Result<Vec<Ballot>, LedgerError> {
        let sql = "SELECT request, person, via, verdict, state, cast_at, words, why FROM ballots WHERE request = $1 \
                   ORDER BY cast_at, id";
        self.store.all(sql, [request.0.into()]).await?.iter().map(codec::ballot).collect()
    }

    /// Writes a notice to a person about a request, unless that person was told the same about it before; `why` tells
    /// what is the same. `false`: they were.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written, or there is no such request.
    pub async fn remark(
        &self,
        request: RequestId,
        person: UserId,
        why: &str,
        notice: NewNotice,
    ) -> Result<bool, LedgerError> {
        let now = self.now();
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO remarks (request, person, why, told_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (request, person, why) DO NOTHING";
        let values = [request.0.into(), snowflake(person.get()).into(), why.into(), now.into()];
        if work.execute(sql, values).await? == 0 {
            work.abandon().await;
            return Ok(false);
        }
        notices::add(&mut work, &[notice], now).await?;
        work.commit().await?;
        Ok(true)
    }
}

/// What a ballot that is cast becomes; `None`: what stands there stays.
fn becomes(
    request: RequestState,
    before: Option<BallotState>,
    new: BallotState,
) -> Result<Option<BallotState>, LedgerError> {
    use BallotState::{Counted, Late, Refused, Stale, Unchecked, Withdrawn};
    match new {
        Unchecked | Stale => {}
        Counted | Refused | Late | Withdrawn => {
            return Err(LedgerError::Unwritable("a ballot is cast before it is judged".to_owned()));
        }
    }
    Ok(match (request, before) {
        (_, Some(Counted | Unchecked | Late)) => None,
        (RequestState::Pending, Some(Refused | Stale)) if new == Stale => None,
        (RequestState::Pending, None | Some(Refused | Withdrawn | Stale)) => Some(new),
        (
            RequestState::Executing
            | RequestState::Done
            | RequestState::Failed
            | RequestState::Void
            | RequestState::Denied
            | RequestState::Expired
            | RequestState::Cancelled,
            None | Some(Refused | Withdrawn | Stale),
        ) => Some(Late),
    })
}

/// The ballot of the same person, way and verdict.
async fn standing(work: &mut Work, new: &NewBallot) -> Result<Option<Ballot>, LedgerError> {
    let sql = "SELECT request, person, via, verdict, state, cast_at, words, why FROM ballots \
               WHERE request = $1 AND person = $2 AND via = $3 AND verdict = $4";
    let values = [
        new.request.0.into(),
        snowflake(new.person.get()).into(),
        codec::via(new.via).into(),
        codec::ballot_verdict(new.verdict).into(),
    ];
    work.one(sql, values).await?.as_ref().map(codec::ballot).transpose()
}

async fn write(work: &mut Work, new: &NewBallot, state: BallotState, cast_at: Millis) -> Result<(), LedgerError> {
    let sql = "INSERT INTO ballots (request, person, via, verdict, state, cast_at, words) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (request, person, via, verdict) \
               DO UPDATE SET state = excluded.state, cast_at = excluded.cast_at, words = excluded.words, why = NULL";
    let values = [
        new.request.0.into(),
        snowflake(new.person.get()).into(),
        codec::via(new.via).into(),
        codec::ballot_verdict(new.verdict).into(),
        codec::ballot_state(state).into(),
        cast_at.into(),
        new.words.as_deref().into(),
    ];
    work.execute(sql, values).await.map(drop)
}

/// How many ballots were withdrawn, and of what kind they were.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// All of them.
    pub(super) all: u32,
    /// Those that counted.
    pub(super) counted: u32,
    /// Those that were still to be checked.
    pub(super) unchecked: u32,
}

/// Which ballots made by reactions to a pending request are withdrawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Withdrawn {
    pub(super) request: RequestId,
    /// Whose; `None`: everybody's.
    pub(super) person: Option<UserId>,
    /// `None`: all.
    pub(super) verdict: Option<BallotVerdict>,
    /// Cast at this time; `None`: at any.
    pub(super) cast_at: Option<Millis>,
}

/// Withdraws ballots made by reactions to a pending request.
pub(super) async fn withdraw(work: &mut Work, these: Withdrawn) -> Result<Gone, LedgerError> {
    let Withdrawn { request, person, verdict, cast_at } = these;
    // The same rows twice: what they were, then what they become.
    macro_rules! theirs {
        () => {
            "WHERE request = $1 AND via = 'reaction' AND state IN ('counted', 'unchecked', 'stale', 'refused') \
             AND ($2 IS NULL OR person = $2) AND ($3 IS NULL OR verdict = $3) AND ($4 IS NULL OR cast_at = $4) \
             AND EXISTS (SELECT 1 FROM requests WHERE requests.id = ballots.request AND requests.state = 'pending')"
        };
    }
    let values = [
        request.0.into(),
        person.map(|person| snowflake(person.get())).into(),
        verdict.map(codec::ballot_verdict).into(),
        cast_at.into(),
    ];
    let mut gone = Gone::default();
    for row in work.all(concat!("SELECT state FROM ballots ", theirs!()), values.clone()).await? {
        gone.all += 1;
        match row.parsed("state", |text| codec::parse_ballot_state(&text))? {
            BallotState::Counted => gone.counted += 1,
            BallotState::Unchecked => gone.unchecked += 1,
            BallotState::Refused | BallotState::Late | BallotState::Withdrawn | BallotState::Stale => {}
        }
    }
    work.execute(concat!("UPDATE ballots SET state = 'withdrawn' ", theirs!()), values).await?;
    if gone.counted > 0 {
        requests::bump(work, request).await?;
    }
    Ok(gone)
}
