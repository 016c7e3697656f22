//! Ballots: what people say under a card. Here they are only written down; what they are worth is weighed in `weigh.rs`.

use std::time::Duration;

use serde_json::json;
use serenity::model::id::{ChannelId, MessageId, UserId};

use super::guild::Nature;
use super::value::NotCounted;
use crate::desk::Desk;
use crate::desk::journal::notice;
use crate::desk::report::Told;
use crate::ledger::{
    AuditEntry, Ballot, BallotState, BallotVerdict, Cast, CopyKind, Found, LedgerError, NewBallot, NoticeTo, Request,
    RequestId, RequestState, Via,
};

/// A reaction, as the gateway told it.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// Under a message of this channel.
    pub channel: ChannelId,
    /// Under this message.
    pub message: MessageId,
    /// By whom.
    pub person: UserId,
    /// Whether a human made it, as far as the event tells.
    pub nature: Nature,
    /// Which.
    pub emoji: Emoji,
    /// Whether it is a super-reaction.
    pub weight: Weight,
}

/// An emoji under a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emoji {
    /// ✅, the one of Unicode.
    Approve,
    /// ❌, the one of Unicode.
    Deny,
    /// Any other, also one of the server's own that is called so.
    Other,
}

impl Emoji {
    /// What it says.
    #[must_use]
    pub const fn verdict(self) -> Option<BallotVerdict> {
        match self {
            Self::Approve => Some(BallotVerdict::Approve),
            Self::Deny => Some(BallotVerdict::Deny),
            Self::Other => None,
        }
    }
}

/// Whether a reaction is a super-reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is not.
    Normal,
    /// It is.
    Super,
}

/// What is done about a reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// The bot takes it away where it may: it does not count.
    Goes,
}

/// What was written down of a reaction.
#[derive(Debug)]
pub enum Written {
    /// All there is to it.
    Known(Fate),
    /// A ballot, which is still to be weighed.
    Ballot(NewlyCast),
}

/// A ballot that a reaction made.
#[derive(Debug)]
pub struct NewlyCast {
    request: RequestId,
    person: UserId,
    verdict: BallotVerdict,
}

/// How long an event waits for the message that it is about to become known: as long as a call to Discord may take.
const KNOWN_WITHIN: Duration = Duration::from_secs(15);

impl Desk {
    /// A copy's message is known: whoever waits for that goes on.
    pub fn copy_is_known(&self) {
        self.inner.approvals.posted.notify_waiters();
    }

    /// Waits while this message may be a copy that is just being posted: people, and other bots, react before Discord's
    /// answer to the posting is written down.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn message_known(&self, channel: ChannelId, message: MessageId) -> Result<(), LedgerError> {
        let known = async {
            loop {
                let posted = self.inner.approvals.posted.notified();
                tokio::pin!(posted);
                posted.as_mut().enable();
                if self.inner.ledger.find_message(channel, message).await?.is_some()
                    || !self.inner.ledger.any_unposted(channel).await?
                {
                    return Ok(());
                }
                posted.await;
            }
        };
        // Posting it failed, then, or it is somebody else's.
        tokio::time::timeout(KNOWN_WITHIN, known).await.unwrap_or(Ok(()))
    }

    /// Somebody reacted under a message: written down and weighed.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn reacted(&self, reaction: &Reaction) -> Result<Fate, LedgerError> {
        let written = self.write_reaction(reaction).await?;
        self.fate_of(written).await
    }

    /// Writes down that somebody reacted under a message. Nobody is asked about it yet, so it is quick.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn write_reaction(&self, reaction: &Reaction) -> Result<Written, LedgerError> {
        let Some(found) = self.inner.ledger.find_message(reaction.channel, reaction.message).await? else {
            return Ok(Written::Known(Fate::Stays));
        };
        // What stands under a deleted card is gone with it. After an absence, what stands under the cards is read once the
        // connection is whole again.
        if found.copy.gone_at.is_some() || self.is_away() {
            return Ok(Written::Known(Fate::Stays));
        }
        self.reacted_under(&found, reaction).await
    }

    /// Weighs what was written down of a reaction.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn fate_of(&self, written: Written) -> Result<Fate, LedgerError> {
        let NewlyCast { request, person, verdict } = match written {
            Written::Known(fate) => return Ok(fate),
            Written::Ballot(ballot) => ballot,
        };
        self.weigh(request).await?;
        let ballots = self.inner.ledger.ballots(request).await?;
        let mine = ballots.iter().find(|b| b.person == person && b.via == Via::Reaction && b.verdict == verdict);
        Ok(if mine.is_some_and(|b| b.state == BallotState::Refused) { Fate::Goes } else { Fate::Stays })
    }

    async fn reacted_under(&self, found: &Found, reaction: &Reaction) -> Result<Written, LedgerError> {
        let request = &found.request;
        let person = reaction.person;
        let why = match (reaction.weight, reaction.emoji.verdict()) {
            // Under a reminder, ✅ and ❌ are meant for the card; anything else is only talk.
            (_, None) if found.copy.kind != CopyKind::Card => return Ok(Written::Known(Fate::Stays)),
            _ if reaction.nature == Nature::Machine => NotCounted::Machine,
            _ if found.copy.kind != CopyKind::Card => NotCounted::NotTheCard,
            (Weight::Super, _) => NotCounted::SuperReaction,
            (Weight::Normal, None) => NotCounted::WrongEmoji,
            (Weight::Normal, Some(verdict)) => return self.cast_reaction(found, person, verdict).await,
        };
        if request.state != RequestState::Pending {
            return Ok(Written::Known(Fate::Stays));
        }
        self.audit_not_counted(request, person, why).await?;
        self.tell_not_counted(request, person, why).await?;
        // Taking a super-reaction away may take the same person's ✅ with it.
        let stands = self.inner.ledger.ballots(request.id).await?.iter().any(|b| b.person == person && is_standing(b));
        let goes = why != NotCounted::SuperReaction || !stands;
        Ok(Written::Known(if goes { Fate::Goes } else { Fate::Stays }))
    }

    async fn cast_reaction(
        &self,
        found: &Found,
        person: UserId,
        verdict: BallotVerdict,
    ) -> Result<Written, LedgerError> {
        let request = &found.request;
        let ballot = new_ballot(request, person, Via::Reaction, verdict, None, BallotState::Unchecked);
        Ok(match self.inner.ledger.cast(ballot).await? {
            // One that was written before may not have been weighed.
            Cast::New | Cast::Same => Written::Ballot(NewlyCast { request: request.id, person, verdict }),
            Cast::Late | Cast::Unknown => Written::Known(Fate::Stays),
        })
    }

    /// Somebody took a reaction away: before the threshold, that withdraws it.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn unreacted(&self, reaction: &Reaction) -> Result<(), LedgerError> {
        let (Weight::Normal, Some(verdict)) = (reaction.weight, reaction.emoji.verdict()) else { return Ok(()) };
        let Some(found) = self.inner.ledger.find_message(reaction.channel, reaction.message).await? else {
            return Ok(());
        };
        if found.copy.kind == CopyKind::Card && found.copy.gone_at.is_none() && !self.is_away() {
            let audit = withdrawn(&found.request, reaction.person, verdict);
            if self.inner.ledger.withdraw(found.request.id, reaction.person, verdict, audit).await? {
                self.wake_courier();
            }
        }
        Ok(())
    }

    /// One of the bot's own reactions was taken from under a card: it is put back.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn own_reaction_gone(&self, channel: ChannelId, message: MessageId) -> Result<(), LedgerError> {
        let Some(found) = self.inner.ledger.find_message(channel, message).await? else { return Ok(()) };
        if found.copy.kind == CopyKind::Card && found.request.state == RequestState::Pending {
            self.inner.ledger.unreacted(found.copy.id).await?;
            self.wake_courier();
        }
        Ok(())
    }

    /// A look under the card, later than `ballot` was read, did not find its reaction.
    pub(super) async fn not_found(&self, request: &Request, ballot: &Ballot) -> Result<(), LedgerError> {
        let audit = withdrawn(request, ballot.person, ballot.verdict);
        if self.inner.ledger.withdraw_read(ballot, audit).await? {
            self.wake_courier();
        }
        Ok(())
    }

    /// A moderator cleared the reactions under a message: all of them, or one emoji's.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn reactions_cleared(
        &self,
        channel: ChannelId,
        message: MessageId,
        emoji: Option<Emoji>,
    ) -> Result<(), LedgerError> {
        let Some(found) = self.inner.ledger.find_message(channel, message).await? else { return Ok(()) };
        let over = found.copy.gone_at.is_some() || found.request.state != RequestState::Pending;
        if found.copy.kind != CopyKind::Card || over {
            return Ok(());
        }
        let verdict = match emoji {
            None => None,
            Some(emoji) => match emoji.verdict() {
                None => return Ok(()),
                verdict => verdict,
            },
        };
        let audit = AuditEntry {
            what: "reactions cleared".to_owned(),
            actor: None,
            target: target(&found.request),
            intent: None,
            detail: json!({ "request": found.request.id.0 }),
        };
        self.inner.ledger.withdraw_all(found.request.id, verdict, audit).await?;
        // The bot's own went with them.
        self.inner.ledger.unreacted(found.copy.id).await?;
        self.wake_courier();
        Ok(())
    }

    /// Tells a person, once for each reason, why something of theirs does not count.
    pub(super) async fn tell_not_counted(
        &self,
        request: &Request,
        person: UserId,
        why: NotCounted,
    ) -> Result<(), LedgerError> {
        match why {
            // Nobody reads it there, or they know.
            NotCounted::Machine | NotCounted::NotHere | NotCounted::TakenAway => return Ok(()),
            NotCounted::Requester
            | NotCounted::NoRole
            | NotCounted::TimedOut { .. }
            | NotCounted::SuperReaction
            | NotCounted::WrongEmoji
            | NotCounted::NotTheCard
            | NotCounted::Stale => {}
        }
        let Ok(about) = Self::told(request, None) else { return Ok(()) };
        let told = Told::NotCounted { about, why };
        if let Some(notice) = notice(NoticeTo::Person(person), &told)
            && self.inner.ledger.remark(request.id, person, why.name(), notice).await?
        {
            self.wake_courier();
        }
        Ok(())
    }

    async fn audit_not_counted(&self, request: &Request, person: UserId, why: NotCounted) -> Result<(), LedgerError> {
        self.inner
            .ledger
            .audit(AuditEntry {
                what: "reaction not counted".to_owned(),
                actor: Some(person),
                target: target(request),
                intent: None,
                detail: json!({ "request": request.id.0, "why": why }),
            })
            .await
    }
}

/// The people whose ✅ counts, each once, in the order in which it came.
pub(super) fn standing(ballots: &[Ballot]) -> Vec<UserId> {
    let mut people = Vec::new();
    for ballot in ballots {
        if ballot.verdict == BallotVerdict::Approve
            && ballot.state == BallotState::Counted
            && !people.contains(&ballot.person)
        {
            people.push(ballot.person);
        }
    }
    people
}

fn is_standing(ballot: &Ballot) -> bool {
    ballot.via == Via::Reaction && matches!(ballot.state, BallotState::Counted | BallotState::Unchecked)
}

/// Why a ballot does not count.
pub(super) fn why_of(ballot: &Ballot) -> Option<NotCounted> {
    serde_json::from_str(ballot.why.as_deref()?).ok()
}

pub(super) fn new_ballot(
    request: &Request,
    person: UserId,
    via: Via,
    verdict: BallotVerdict,
    words: Option<String>,
    state: BallotState,
) -> NewBallot {
    let what = if state == BallotState::Stale { "ballot stale" } else { "ballot cast" };
    let audit = ballot_audit(request, what, person, via, verdict, None);
    NewBallot { request: request.id, person, via, verdict, words, state, audit }
}

fn withdrawn(request: &Request, person: UserId, verdict: BallotVerdict) -> AuditEntry {
    ballot_audit(request, "ballot withdrawn", person, Via::Reaction, verdict, None)
}

pub(super) fn ballot_audit(
    request: &Request,
    what: &str,
    person: UserId,
    via: Via,
    verdict: BallotVerdict,
    why: Option<NotCounted>,
) -> AuditEntry {
    let via = match via {
        Via::Reaction => "reaction",
        Via::Button => "button",
    };
    let verdict = match verdict {
        BallotVerdict::Approve => "approve",
        BallotVerdict::Deny => "deny",
        BallotVerdict::Look => "look",
    };
    AuditEntry {
        what: what.to_owned(),
        actor: Some(person),
        target: target(request),
        intent: None,
        detail: json!({ "request": request.id.0, "via": via, "verdict": verdict, "why": why }),
    }
}

/// What a request is about, for the audit log.
pub(super) fn target(request: &Request) -> String {
    request.agent_ref().map_or_else(|| format!("{}:{}", request.connection, request.login), |agent| agent.to_string())
}
