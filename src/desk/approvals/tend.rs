//! Tending: expiry, reminders, ballots that still wait, and what happened under the cards while the bot was away.

use std::time::Duration;

use rollcall_telephony::Millis;
use serde_json::json;
use serenity::model::id::{ChannelId, MessageId, UserId};
use tokio::time::Instant;

use super::ballots::{new_ballot, target};
use super::guild::{Ours, Reactions, Under};
use super::value::{NotCounted, Settled, VoidWhy};
use super::{Presence, Told};
use crate::desk::Desk;
use crate::ledger::{
    AuditEntry, Ballot, BallotState, BallotVerdict, CardCopy, Cast, CopyKind, LedgerError, Request, RequestState, Via,
};

/// How long nobody looks at pending requests, at most.
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_secs(30);
/// A pause after the store failed.
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// A reaction that does not count and is to be taken away where the bot may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray {
    /// Under a message of this channel.
    pub channel: ChannelId,
    /// Under this message.
    pub message: MessageId,
    /// Whose.
    pub person: UserId,
    /// Which.
    pub verdict: BallotVerdict,
}

/// How long the bot was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// At most `stale_after`: what is found counts.
    Short,
    /// Longer: what is found and was not recorded before has to be said again.
    Long,
}

/// What a look under the cards found.
#[derive(Debug, Default)]
pub struct Looked {
    /// Reactions to be taken away.
    pub strays: Vec<Stray>,
    /// Cards under which nothing could be read: they have to be looked at again.
    pub unread: usize,
}

impl Desk {
    /// Tends to pending requests, now and whenever something is due, until `stop` resolves.
    pub async fn tend_requests_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = match self.tend_requests().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "requests cannot be tended to");
                    Some(self.now() + STORE_PAUSE)
                }
            };
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep(at.since(self.now())).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wait => {}
                () = self.inner.approvals.moved.notified() => {}
            }
        }
    }

    /// Settles what expired, reminds, weighs what waits, and erases records of deleted agents whose time is over; tells
    /// when the next thing is due.
    pub(in crate::desk) async fn tend_requests(&self) -> Result<Option<Millis>, LedgerError> {
        let mut next: Option<Millis> = None;
        for request in self.inner.ledger.open_requests().await? {
            if request.state != RequestState::Pending {
                continue;
            }
            let now = self.now();
            let waiting = self.inner.approvals.waiting(request.id);
            if self.inner.approvals.is_over(&request, now) || waiting.is_some_and(|pause| pause.is_zero()) {
                self.weigh(request.id).await?;
            }
            let Some(request) = self.inner.ledger.request(request.id).await? else { continue };
            if request.state != RequestState::Pending {
                continue;
            }
            let remind_at = self.remind(&request, now).await?;
            let waiting = self.inner.approvals.waiting(request.id).map(|pause| now + pause);
            // The clock may be set meanwhile: nobody sleeps for long.
            let soon = now + LOOK_AT_LEAST_EVERY;
            next = [next, Some(request.expires_at), remind_at, waiting, Some(soon)].into_iter().flatten().min();
        }
        let erase = self.inner.ledger.erase_kept().await?;
        self.remember_requests().await?;
        Ok([next, erase].into_iter().flatten().min())
    }

    /// Reminds the approvers if it is time; tells when it is time next.
    async fn remind(&self, request: &Request, now: Millis) -> Result<Option<Millis>, LedgerError> {
        let Some(at) = request.remind_at.filter(|at| *at < request.expires_at) else { return Ok(None) };
        if now < at {
            return Ok(Some(at));
        }
        if self.check_electorate_of(request).await? {
            return Ok(None);
        }
        // Each wait is twice the one before, whatever was missed; and what was missed is not made up for.
        let first = self.inner.approvals.rules.remind;
        let mut next = at;
        while next <= now {
            next = next + next.since(request.created_at) + first;
        }
        let next = Some(next).filter(|next| *next < request.expires_at);
        if self.inner.ledger.remind(request.id, next).await? {
            self.wake_courier();
        }
        Ok(next)
    }

    /// The connection is whole at this moment. Once what was missed before is known, too, that is noted for the next
    /// start.
    pub async fn beat(&self) {
        {
            let mut presence = self.inner.approvals.presence();
            if presence.told != Told::All {
                return;
            }
            presence.known_until = self.now();
            presence.known_at = Instant::now();
        }
        if let Err(error) = self.inner.ledger.beat().await {
            tracing::warn!(%error, "that the bot is there could not be written");
        }
    }

    /// How long the bot may have been away for reactions found afterwards to count.
    #[must_use]
    pub fn stale_after(&self) -> Duration {
        self.inner.approvals.rules.stale_after
    }

    /// The connection is not whole any more.
    pub fn lost_touch(&self) {
        self.inner.approvals.presence().told = Told::NotYet;
    }

    /// Whether what is told now happened in an absence so long that it has to be said again: it is told before the
    /// connection is whole.
    #[must_use]
    pub fn is_away(&self) -> bool {
        let presence = self.inner.approvals.presence();
        presence.told == Told::NotYet && self.missed(&presence) == Absence::Long
    }

    fn missed(&self, presence: &Presence) -> Absence {
        let away = self.now().since(presence.known_until).max(presence.known_at.elapsed());
        if away > self.inner.approvals.rules.stale_after { Absence::Long } else { Absence::Short }
    }

    /// The connection is whole again: from here on, what happens is told as it happens. What happened before is looked
    /// up with [`Desk::look_under_cards`], which needs to know how long the bot was away.
    #[must_use]
    pub fn back_in_touch(&self) -> Absence {
        let mut presence = self.inner.approvals.presence();
        presence.told = Told::FromNow;
        self.missed(&presence)
    }

    /// Nothing was missed: the session went on, and told everything.
    pub async fn missed_nothing(&self) {
        self.inner.approvals.presence().told = Told::All;
        self.beat().await;
    }

    /// Reads what stands under every pending card after an absence, and goes on from there.
    ///
    /// # Errors
    /// When the store cannot be read or written: look again.
    pub async fn look_under_cards(&self, absence: Absence) -> Result<Looked, LedgerError> {
        let freshness = match absence {
            Absence::Long => BallotState::Stale,
            Absence::Short => BallotState::Unchecked,
        };
        let mut looked = Looked::default();
        for request in self.inner.ledger.open_requests().await? {
            if request.state != RequestState::Pending {
                continue;
            }
            let cards = self.inner.ledger.copies(request.id).await?;
            let card = cards.into_iter().rev().find(|c| c.kind == CopyKind::Card && c.message.is_some());
            if let Some(card) = card {
                self.look_under(&request, &card, freshness, &mut looked).await?;
            }
            self.weigh(request.id).await?;
        }
        self.check_electorate().await?;
        if looked.unread == 0 {
            self.missed_nothing().await;
        }
        self.wake_courier();
        self.inner.approvals.moved.notify_one();
        Ok(looked)
    }

    async fn look_under(
        &self,
        request: &Request,
        card: &CardCopy,
        freshness: BallotState,
        looked: &mut Looked,
    ) -> Result<(), LedgerError> {
        let Some(at) = card.message else { return Ok(()) };
        // Read before the look: what people say meanwhile is newer than what it finds.
        let ballots = self.inner.ledger.ballots(request.id).await?;
        let reactions = match self.inner.guild.under(at).await {
            Ok(Under::Card(reactions)) => reactions,
            Ok(Under::NoMessage) => return self.inner.ledger.copy_gone(card.id).await.map(drop),
            Ok(Under::NoChannel) => {
                return self.settle_request(request, Settled::Void(VoidWhy::ChannelGone)).await.map(drop);
            }
            Err(error) => {
                tracing::warn!(request = request.id.0, %error, "what stands under a card cannot be read now");
                looked.unread += 1;
                return Ok(());
            }
        };
        if reactions.ours == Ours::Missing {
            self.inner.ledger.unreacted(card.id).await?;
        }
        let mut stale = false;
        for (verdict, people) in verdicts(&reactions) {
            for person in people {
                let ballot = new_ballot(request, *person, Via::Reaction, verdict, None, freshness);
                let recorded = recorded(&ballots, *person, verdict);
                let stands = recorded.is_some_and(|b| b.state != BallotState::Withdrawn);
                if stands || self.inner.ledger.cast_found(ballot, recorded).await? != Cast::New {
                    continue;
                }
                if freshness == BallotState::Stale {
                    stale = true;
                    self.tell_not_counted(request, *person, NotCounted::Stale).await?;
                    looked.strays.push(Stray { channel: at.channel, message: at.message, person: *person, verdict });
                }
            }
            for gone in ballots.iter().filter(|b| b.via == Via::Reaction && b.verdict == verdict) {
                if gone.state != BallotState::Withdrawn && !people.contains(&gone.person) {
                    self.not_found(request, gone).await?;
                }
            }
        }
        if stale {
            self.inner.ledger.ask_again(request.id).await?;
        }
        Ok(())
    }

    /// A message was deleted: a card is posted again.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn message_gone(&self, channel: ChannelId, message: MessageId) -> Result<(), LedgerError> {
        let Some(found) = self.inner.ledger.find_message(channel, message).await? else { return Ok(()) };
        if self.inner.ledger.copy_gone(found.copy.id).await? {
            if found.copy.kind == CopyKind::Card && found.request.state == RequestState::Pending {
                self.inner
                    .ledger
                    .audit(AuditEntry {
                        what: "card deleted".to_owned(),
                        actor: None,
                        target: target(&found.request),
                        intent: None,
                        detail: json!({ "request": found.request.id.0 }),
                    })
                    .await?;
            }
            self.wake_courier();
        }
        Ok(())
    }

    /// A channel was deleted: every pending request whose card stood in it is void.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn channel_gone(&self, channel: ChannelId) -> Result<(), LedgerError> {
        for request in self.inner.ledger.open_requests().await? {
            if request.channel == channel && request.state == RequestState::Pending {
                self.settle_request(&request, Settled::Void(VoidWhy::ChannelGone)).await?;
            }
        }
        Ok(())
    }
}

const fn verdicts(reactions: &Reactions) -> [(BallotVerdict, &Vec<UserId>); 2] {
    // ❌ first: who says no is not overtaken by who said yes in the same gap.
    [(BallotVerdict::Deny, &reactions.deny), (BallotVerdict::Approve, &reactions.approve)]
}

fn recorded(ballots: &[Ballot], person: UserId, verdict: BallotVerdict) -> Option<&Ballot> {
    ballots.iter().find(|b| b.via == Via::Reaction && b.person == person && b.verdict == verdict)
}
