//! Weighing: the one function that takes a pending request further.
//!
//! Whoever wrote something down about a request (a ballot, the time, a restart) has it weighed. Weighing reads everything
//! afresh: the people from Discord, the record from the phone system. It may run any number of times and be cut off
//! anywhere; only the claim in the ledger turns a request into an act, once.

use std::collections::BTreeSet;
use std::time::Duration;

use rollcall_telephony::{ConnectionName, ErrorKind, Millis};
use serenity::model::id::{RoleId, UserId};

use super::ask::read_act;
use super::ballots::{ballot_audit, standing};
use super::guild::{Member, Nature, Under};
use super::subject::Subject;
use super::value::{NotCounted, Settled, VoidWhy};
use crate::desk::act::Act;
use crate::desk::prepare::Prepared;
use crate::desk::{Desk, Refusal};
use crate::ledger::{Ballot, BallotState, BallotVerdict, CopyKind, LedgerError, Request, RequestId, RequestState, Via};
use crate::policy::{Actor, Verdict};

/// Waits before a request is weighed again after somebody did not answer: 2, 4, 8 … seconds, at most this.
const AGAIN_AT_MOST: Duration = Duration::from_mins(1);

/// What weighing led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Weighed {
    /// Nothing is to be done now.
    Nothing,
    /// The request moved on: it is decided.
    Moved,
    /// Somebody did not answer; why, in a sentence. It is weighed again by itself.
    Waits {
        /// Why.
        why: String,
    },
}

/// Why weighing cannot go on.
pub(super) enum Halt {
    /// The request is decided.
    Moved,
    /// It waits for somebody who did not answer.
    Waits(String),
    /// The store failed.
    Store(LedgerError),
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Store(error)
    }
}

impl From<super::GuildError> for Halt {
    fn from(error: super::GuildError) -> Self {
        Self::Waits(error.0)
    }
}

/// What one round of weighing read, so that it is not read twice in it.
#[derive(Default)]
struct Read {
    roles: Option<BTreeSet<RoleId>>,
    eligible: BTreeSet<UserId>,
    record: Option<Subject>,
    /// Who is told in the answer to a press what it is worth.
    answered: Option<UserId>,
}

impl Desk {
    /// Takes a request one step further, alone.
    pub(super) async fn weigh(&self, id: RequestId) -> Result<Weighed, LedgerError> {
        self.weigh_answering(id, None).await
    }

    /// As [`Desk::weigh`], for a person who is told in an answer what their press is worth.
    pub(super) async fn weigh_answering(
        &self,
        id: RequestId,
        answered: Option<UserId>,
    ) -> Result<Weighed, LedgerError> {
        let lock = self.inner.approvals.lock_of(id);
        let _alone = lock.lock().await;
        let weighed = match self.weigh_alone(id, answered).await {
            Ok(()) => Weighed::Nothing,
            Err(Halt::Moved) => Weighed::Moved,
            Err(Halt::Waits(why)) => Weighed::Waits { why },
            Err(Halt::Store(error)) => {
                // What is written already must not lie there until somebody says something more.
                self.inner.approvals.waits(id, AGAIN_AT_MOST);
                self.inner.approvals.moved.notify_one();
                return Err(error);
            }
        };
        match &weighed {
            Weighed::Waits { why } => {
                let again_in = self.inner.approvals.waits(id, AGAIN_AT_MOST);
                tracing::warn!(request = id.0, %why, ?again_in, "a request cannot be weighed now");
                self.inner.approvals.moved.notify_one();
            }
            Weighed::Nothing => self.inner.approvals.waits_no_more(id),
            Weighed::Moved => self.inner.approvals.let_go(id),
        }
        if weighed != Weighed::Nothing {
            self.wake_courier();
        }
        Ok(weighed)
    }

    async fn weigh_alone(&self, id: RequestId, answered: Option<UserId>) -> Result<(), Halt> {
        let Some(request) = self.inner.ledger.request(id).await? else { return Ok(()) };
        if request.state != RequestState::Pending {
            return Ok(());
        }
        if self.inner.approvals.is_over(&request, self.now()) {
            return self.settle(&request, Settled::Expired).await;
        }
        let Ok(act) = read_act(&request.act) else {
            let why = "it was made by another version of the bot, which this one cannot read".to_owned();
            return self.settle(&request, Settled::Void(VoidWhy::Refused { why })).await;
        };
        let mut read = Read { answered, ..Read::default() };
        let ballots = self.inner.ledger.ballots(id).await?;
        let unchecked = ballots.iter().filter(|b| b.state == BallotState::Unchecked);
        // A no first, and who is looking: they need nothing of the phone system, and a yes that waits for it must not
        // hold them up.
        for other in unchecked.clone().filter(|b| b.verdict != BallotVerdict::Approve) {
            self.check(&request, &act, other, &mut read).await?;
        }
        // Also one that was counted before a crash.
        self.denied(&request).await?;
        for ballot in unchecked.filter(|b| b.verdict == BallotVerdict::Approve) {
            self.check(&request, &act, ballot, &mut read).await?;
        }
        let ballots = self.inner.ledger.ballots(id).await?;
        if standing(&ballots).len() < request.threshold as usize {
            return Ok(());
        }
        self.execute(&request, &act, &ballots, &mut read).await
    }

    /// Checks one ballot and writes down what it is worth.
    async fn check(&self, request: &Request, act: &Act, ballot: &Ballot, read: &mut Read) -> Result<(), Halt> {
        if let Err(why) = self.eligible(request, ballot.person, read).await? {
            return self.refuse(request, ballot, why, read.answered).await;
        }
        if ballot.verdict == BallotVerdict::Approve {
            self.same_record(request, act, read).await?;
        }
        let audit = ballot_audit(request, "ballot counted", ballot.person, ballot.via, ballot.verdict, None);
        self.inner.ledger.judge(ballot, BallotState::Counted, None, audit, Vec::new()).await?;
        self.wake_courier();
        Ok(())
    }

    /// Settles the request if a no counts.
    async fn denied(&self, request: &Request) -> Result<(), Halt> {
        let ballots = self.inner.ledger.ballots(request.id).await?;
        let no = ballots.into_iter().find(|b| b.verdict == BallotVerdict::Deny && b.state == BallotState::Counted);
        match no {
            Some(no) => self.settle(request, Settled::Denied { by: no.person, words: no.words }).await,
            None => Ok(()),
        }
    }

    async fn refuse(
        &self,
        request: &Request,
        ballot: &Ballot,
        why: NotCounted,
        answered: Option<UserId>,
    ) -> Result<(), Halt> {
        // First told (once, whatever happens), then written: a crash in between tells nobody twice.
        if ballot.via == Via::Reaction || answered != Some(ballot.person) {
            self.tell_not_counted(request, ballot.person, why).await?;
        }
        let audit = ballot_audit(request, "ballot not counted", ballot.person, ballot.via, ballot.verdict, Some(why));
        let why = serde_json::to_string(&why).ok();
        self.inner.ledger.judge(ballot, BallotState::Refused, why, audit, Vec::new()).await?;
        Ok(())
    }

    /// Whether this person may decide this request now, read afresh.
    async fn eligible(
        &self,
        request: &Request,
        person: UserId,
        read: &mut Read,
    ) -> Result<Result<(), NotCounted>, Halt> {
        if person == request.requester {
            return Ok(Err(NotCounted::Requester));
        }
        if read.eligible.contains(&person) {
            return Ok(Ok(()));
        }
        let roles = match &read.roles {
            Some(roles) => roles,
            None => read.roles.insert(self.inner.guild.roles().await?),
        };
        let member = self.inner.guild.member(person).await?;
        let verdict = may_decide(member.as_ref(), roles, &self.inner.approvals.rules.approvers, self.now());
        if verdict.is_ok() {
            read.eligible.insert(person);
        }
        Ok(verdict)
    }

    /// Voids the request if the record is not the one on its card.
    async fn same_record(&self, request: &Request, act: &Act, read: &mut Read) -> Result<(), Halt> {
        if read.record.is_some() {
            return Ok(());
        }
        match self.read_shown(act).await {
            Ok(None) => Ok(()),
            Ok(Some(fresh)) if act.fingerprint() == Some(fresh.fingerprint(act).as_str()) => {
                read.record = Some(fresh);
                Ok(())
            }
            Ok(Some(fresh)) => {
                let what = self.changed_since(request, &fresh).await;
                self.settle(request, Settled::Void(VoidWhy::Changed { what })).await
            }
            Err(Refusal::System(error)) if error.kind == ErrorKind::NotFound => {
                self.settle(request, Settled::Void(VoidWhy::Gone)).await
            }
            Err(Refusal::System(error)) => Err(Halt::Waits(error.to_string())),
            Err(_) => Err(Halt::Waits(format!("{} is not configured any more", act.connection()))),
        }
    }

    /// The threshold is reached: everything is looked at once more, and the request claimed.
    async fn execute(&self, request: &Request, act: &Act, ballots: &[Ballot], read: &mut Read) -> Result<(), Halt> {
        for ballot in ballots.iter().filter(|b| counts(b)) {
            if let Err(why) = self.eligible(request, ballot.person, read).await? {
                self.refuse(request, ballot, why, read.answered).await?;
            }
        }
        self.still_stand(request, ballots).await?;
        let by = standing(&self.inner.ledger.ballots(request.id).await?);
        if by.len() < request.threshold as usize {
            self.wake_courier();
            return Ok(());
        }
        // The sealed record opens only beside the very act with which it was sealed.
        if self.inner.ledger.request_record(request.id).await?.is_none() {
            let why = "what was kept of it is gone".to_owned();
            return self.settle(request, Settled::Void(VoidWhy::Refused { why })).await;
        }
        let Some(requester) = self.requester(request, act).await? else {
            return self.settle(request, Settled::Void(VoidWhy::RequesterLost)).await;
        };
        self.same_record(request, act, read).await?;
        let prepared = match act.conduct().prepare(self).await {
            Ok(prepared) => prepared,
            Err(Refusal::Changed { .. }) => {
                let what = self.changed_now(request, act).await;
                return self.settle(request, Settled::Void(VoidWhy::Changed { what })).await;
            }
            Err(Refusal::System(error)) if error.kind == ErrorKind::NotFound => {
                return self.settle(request, Settled::Void(VoidWhy::Gone)).await;
            }
            Err(Refusal::System(error)) => return Err(Halt::Waits(error.to_string())),
            Err(Refusal::Store(why)) => return Err(Halt::Store(LedgerError::Unwritable(why))),
            Err(refusal) => {
                let why = refusal.in_short();
                return self.settle(request, Settled::Void(VoidWhy::Refused { why })).await;
            }
        };
        self.claim(request, act, &requester, by, prepared).await
    }

    /// Claims the request and has its act carried out.
    async fn claim(
        &self,
        request: &Request,
        act: &Act,
        requester: &Actor,
        by: Vec<UserId>,
        prepared: Prepared,
    ) -> Result<(), Halt> {
        match self.begin_approved(request, act, requester, by, prepared).await {
            Ok(true) => Err(Halt::Moved),
            // A ballot was withdrawn, or somebody else decided it, between the look and the claim.
            Ok(false) => Err(Halt::Waits("somebody changed their mind just now".to_owned())),
            Err(Refusal::Store(why)) => Err(Halt::Store(LedgerError::Unwritable(why))),
            Err(refusal) => Err(Halt::Waits(refusal.in_short())),
        }
    }

    /// Withdraws reactions that no longer stand under the card, as a lost event would leave them counted.
    async fn still_stand(&self, request: &Request, ballots: &[Ballot]) -> Result<(), Halt> {
        let reacted: Vec<&Ballot> = ballots.iter().filter(|b| counts(b) && b.via == Via::Reaction).collect();
        if reacted.is_empty() {
            return Ok(());
        }
        let copies = self.inner.ledger.copies(request.id).await?;
        let card = copies.into_iter().rev().find(|c| c.kind == CopyKind::Card).and_then(|c| Some((c.id, c.message?)));
        let Some((copy, card)) = card else { return Err(Halt::Waits("the card is being posted again".to_owned())) };
        let under = match self.inner.guild.under(card).await {
            Ok(Under::Card(under)) => under,
            // The event that told of it stands for the reaction.
            Err(error) => {
                tracing::warn!(request = request.id.0, %error, "whether reactions still stand cannot be told");
                return Ok(());
            }
            Ok(Under::NoMessage) => {
                self.inner.ledger.copy_gone(copy).await?;
                self.wake_courier();
                return Err(Halt::Waits("the card was deleted and is posted again".to_owned()));
            }
            Ok(Under::NoChannel) => return self.settle(request, Settled::Void(VoidWhy::ChannelGone)).await,
        };
        for ballot in reacted {
            if !under.approve.contains(&ballot.person) {
                self.not_found(request, ballot).await?;
            }
        }
        Ok(())
    }

    /// The requester, if they may still ask for this.
    async fn requester(&self, request: &Request, act: &Act) -> Result<Option<Actor>, Halt> {
        let Some(member) = self.inner.guild.member(request.requester).await? else { return Ok(None) };
        let actor = Actor { id: member.id, name: member.name, roles: member.roles };
        let permissions = act.permissions();
        let may = |on: &ConnectionName, permission| match self.inner.policy.decide(&actor, permission, Some(on)) {
            Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => true,
            Verdict::Refused { .. } => false,
        };
        let all = act.connections().into_iter().all(|on| permissions.iter().all(|permission| may(on, *permission)));
        Ok((all && !permissions.is_empty()).then_some(actor))
    }
}

/// Whether this ballot approves, as far as is known.
fn counts(ballot: &Ballot) -> bool {
    ballot.verdict == BallotVerdict::Approve && ballot.state == BallotState::Counted
}

/// Whether this member may decide requests now.
fn may_decide(
    member: Option<&Member>,
    existing: &BTreeSet<RoleId>,
    approvers: &[RoleId],
    now: Millis,
) -> Result<(), NotCounted> {
    let Some(member) = member else { return Err(NotCounted::NotHere) };
    if member.nature == Nature::Machine {
        return Err(NotCounted::Machine);
    }
    if !member.roles.iter().any(|role| approvers.contains(role) && existing.contains(role)) {
        return Err(NotCounted::NoRole);
    }
    match member.timed_out_until {
        Some(until) if until > now => Err(NotCounted::TimedOut { until }),
        Some(_) | None => Ok(()),
    }
}
