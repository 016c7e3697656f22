//! Looking at requests: what is pending, what became of others, and what a card has to show now.

use rollcall_commands::{Permission, approvals};
use rollcall_telephony::{AgentRef, Millis};
use serenity::model::id::{ChannelId, MessageId, RoleId, UserId};

use super::RequestCard;
use super::ask::read_act;
use super::ballots::why_of;
use super::value::{NotCounted, Settled};
use crate::desk::act::Act;
use crate::desk::{Desk, Refusal};
use crate::ledger::{Ballot, BallotState, BallotVerdict, Request, RequestFilter, RequestId, RequestPage, RequestState};
use crate::policy::{Actor, Verdict};

/// How many requests stand on a page.
pub const REQUESTS_A_PAGE: u32 = 10;

/// A request, with all that a message about it may show.
#[derive(Debug, Clone)]
pub struct Showing {
    /// The request.
    pub request: Request,
    /// What is asked for.
    pub act: Act,
    /// What its card shows.
    pub card: RequestCard,
    /// How it stands; `None`: it waits.
    pub settled: Option<Settled>,
    /// Who approves so far, and when.
    pub approving: Vec<(UserId, Millis)>,
    /// Who is looking, and since when.
    pub looking: Vec<(UserId, Millis)>,
    /// The roles whose people may approve.
    pub approvers: Vec<RoleId>,
    /// The roles that are pinged.
    pub notify: Vec<RoleId>,
}

impl Showing {
    /// Why the ballots that do not count do not.
    #[must_use]
    pub fn not_counted(ballots: &[Ballot]) -> Vec<(UserId, NotCounted)> {
        ballots
            .iter()
            .filter(|b| b.state == BallotState::Refused)
            .filter_map(|b| Some((b.person, why_of(b)?)))
            .collect()
    }
}

/// One page of requests.
#[derive(Debug)]
pub struct Requests {
    /// Those on the page.
    pub shown: Vec<Showing>,
    /// How many there are on all pages.
    pub total: u32,
    /// Whether they are only the person's own.
    pub whose: Whose,
}

/// Whose requests are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The person's own.
    Own,
    /// Everybody's.
    Everybodys,
}

impl Desk {
    /// What a message about this request shows now; `None` when another version made it, so that it cannot be read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn showing(&self, request: Request) -> Result<Option<Showing>, Refusal> {
        let ballots = self.inner.ledger.ballots(request.id).await?;
        let (Ok(act), Ok(card)) = (read_act(&request.act), serde_json::from_str::<RequestCard>(&request.card)) else {
            return Ok(None);
        };
        let settled = request.settlement.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let of = |verdict| {
            let mut people: Vec<(UserId, Millis)> = Vec::new();
            for b in ballots.iter().filter(|b| b.verdict == verdict && b.state == BallotState::Counted) {
                if !people.iter().any(|(person, _)| *person == b.person) {
                    people.push((b.person, b.cast_at));
                }
            }
            people
        };
        Ok(Some(Showing {
            approving: of(BallotVerdict::Approve),
            looking: of(BallotVerdict::Look),
            approvers: self.inner.approvals.rules.approvers.clone(),
            notify: self.inner.approvals.rules.notify.clone(),
            act,
            card,
            settled,
            request,
        }))
    }

    /// Requests that wait or are being done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn requests_open(&self, actor: &Actor, page: u32) -> Result<Requests, Refusal> {
        let filter =
            RequestFilter { states: vec![RequestState::Pending, RequestState::Executing], ..RequestFilter::default() };
        self.requests_page(actor, filter, page).await
    }

    /// Requests of all times.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn requests_ever(
        &self,
        actor: &Actor,
        asked: &approvals::History,
        page: u32,
    ) -> Result<Requests, Refusal> {
        let agent: Option<AgentRef> = asked.agent.as_ref().and_then(|typed| typed.0.trim().parse().ok());
        let login = match (&agent, &asked.agent) {
            (None, Some(typed)) => Some(typed.0.trim().to_owned()),
            (Some(_) | None, _) => None,
        };
        let filter = RequestFilter {
            requester: None,
            person: asked.person,
            agent,
            login,
            states: asked.state.into_iter().collect(),
            since: asked.since.map(|since| since.moment(self.now())),
        };
        self.requests_page(actor, filter, page).await
    }

    async fn requests_page(&self, actor: &Actor, mut filter: RequestFilter, page: u32) -> Result<Requests, Refusal> {
        let whose = match self.inner.policy.decide(actor, Permission::ApprovalsRead, None) {
            Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => Whose::Everybodys,
            Verdict::Refused { .. } => Whose::Own,
        };
        if whose == Whose::Own {
            filter.requester = Some(actor.id);
        }
        let offset = page.saturating_mul(REQUESTS_A_PAGE);
        let RequestPage { requests, total } = self.inner.ledger.requests(&filter, REQUESTS_A_PAGE, offset).await?;
        let mut shown = Vec::new();
        for request in requests {
            shown.extend(self.showing(request).await?);
        }
        Ok(Requests { shown, total, whose })
    }

    /// Whether this message shows a request to everybody: a card, or a reminder. Where that cannot be told, nothing
    /// is done to it either.
    pub async fn is_request_copy(&self, channel: ChannelId, message: MessageId) -> bool {
        !matches!(self.inner.ledger.find_message(channel, message).await, Ok(None))
    }

    /// The request with this number.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub async fn request(&self, id: RequestId) -> Result<Request, Refusal> {
        self.inner.ledger.request(id).await?.ok_or_else(|| Refusal::NoRequest { typed: id.to_string() })
    }
}
