//! Requests: acts that wait for approvers. What is said to them is in `ballots.rs`, the messages that show them in
//! `copies.rs`.

use std::fmt;

pub use rollcall_commands::RequestState;
use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId, Millis};
use secrecy::SecretString;
use serenity::model::id::{ChannelId, InteractionId, UserId};

use super::{AuditEntry, NewNotice, OfferId, OfferRefusal};

/// The number of a request, as people say it: "request 12". Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub i64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// An act that is about to wait for approvers.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Who asks.
    pub requester: UserId,
    /// The interaction that asked; at most one request each.
    pub interaction: Option<InteractionId>,
    /// The offer that is claimed by it, in the same transaction.
    pub offer: Option<OfferId>,
    /// The connection it is about.
    pub connection: ConnectionName,
    /// The agent it is about; `None` for one that does not exist yet.
    pub agent: Option<AgentId>,
    /// Its login, for people.
    pub login: String,
    /// What it is about, in one word for the store: at most one open request has the same (`agent.delete mediatel:42`).
    pub subject: String,
    /// What is to be done: the desk's value as JSON, free of secrets.
    pub act: String,
    /// What the card shows: the desk's value as JSON, free of secrets.
    pub card: String,
    /// How many different approvers it needs.
    pub threshold: u32,
    /// Until when it can be decided.
    pub expires_at: Millis,
    /// When the approvers are first reminded.
    pub remind_at: Millis,
    /// The channel in which its card is posted.
    pub channel: ChannelId,
    /// The record as it was shown, without passwords: sealed with the request, and erased when it is settled.
    pub record: Option<SecretString>,
    /// The audit entry, written in the same transaction.
    pub audit: AuditEntry,
    /// Messages that tell of it.
    pub notices: Vec<NewNotice>,
}

/// What asking led to.
#[derive(Debug)]
pub enum RequestMade {
    /// It is written, and its card is due.
    New(Request),
    /// This interaction or offer led to this request before.
    Already(Request),
    /// Another one about the same is open.
    Open(Request),
    /// The offer led to an act before: nothing is asked.
    Done(IntentId),
    /// The offer cannot be taken.
    Refused(OfferRefusal),
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub id: RequestId,
    /// Who asked.
    pub requester: UserId,
    /// The connection it is about.
    pub connection: ConnectionName,
    /// The agent it is about; `None` for one that did not exist when it was asked.
    pub agent: Option<AgentId>,
    /// Its login, for people.
    pub login: String,
    /// What is to be done, as JSON.
    pub act: String,
    /// What the card shows, as JSON.
    pub card: String,
    /// How many different approvers it needs.
    pub threshold: u32,
    /// When it was asked.
    pub created_at: Millis,
    /// Until when it can be decided.
    pub expires_at: Millis,
    /// How far it is.
    pub state: RequestState,
    /// When it was settled.
    pub settled_at: Option<Millis>,
    /// What became of it, or how it stands while it is executed: the desk's value as JSON.
    pub settlement: Option<String>,
    /// The act that it became.
    pub intent: Option<IntentId>,
    /// When the approvers are reminded next; `None` once it is settled.
    pub remind_at: Option<Millis>,
    /// How often they were reminded.
    pub reminders: u32,
    /// The channel in which its card is posted.
    pub channel: ChannelId,
    /// Grows with everything its copies have to show.
    pub revision: i64,
}

impl Request {
    /// The agent it is about.
    #[must_use]
    pub fn agent_ref(&self) -> Option<AgentRef> {
        Some(AgentRef::new(self.connection.clone(), self.agent.clone()?))
    }
}

/// How a request moves on, written with the conclusion of its act.
#[derive(Debug, Clone)]
pub struct RequestMove {
    /// [`RequestState::Executing`] while it cannot be told yet; else how it is settled.
    pub state: RequestState,
    /// What is to be said of it: the desk's value as JSON.
    pub settlement: String,
}

/// How a request that never became an act is settled.
#[derive(Debug)]
pub struct NewSettlement {
    /// Void, denied, expired or cancelled.
    pub state: RequestState,
    /// What is to be said of it: the desk's value as JSON.
    pub settlement: String,
    /// The audit entry.
    pub audit: AuditEntry,
    /// Messages that tell of it.
    pub notices: Vec<NewNotice>,
}

/// Turns a request into an act, in the transaction that writes its intent: nobody else can.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which.
    pub request: RequestId,
    /// The approvers whose ballots were just checked. It is claimed only if each one's still counts, they are as many
    /// different people as the threshold asks, and none of them is the requester.
    pub approvers: Vec<UserId>,
    /// What is said of it while it is executed: the desk's value as JSON.
    pub settlement: String,
}

/// Which requests are wanted.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Asked by this person.
    pub requester: Option<UserId>,
    /// Asked or decided (a ballot that counted) by this person.
    pub person: Option<UserId>,
    /// About this agent.
    pub agent: Option<AgentRef>,
    /// About an agent with this login, blind to case.
    pub login: Option<String>,
    /// In this state.
    pub states: Vec<RequestState>,
    /// Asked at or after.
    pub since: Option<Millis>,
}

/// One page of requests, newest first.
#[derive(Debug, Clone)]
pub struct RequestPage {
    /// The requests.
    pub requests: Vec<Request>,
    /// How many there are on all pages.
    pub total: u32,
}
