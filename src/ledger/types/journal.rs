//! Acts: what is to be done, how far it is, what came of it.

use rollcall_telephony::{AgentId, ConnectionName, IntentId, Millis};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serenity::model::id::{InteractionId, UserId};

use super::{
    AuditEntry, Claim, HandoverId, HandoverState, KeptMove, NewHandover, NewKept, NewNotice, NewRequest, OfferId,
    OfferRefusal, RequestId, RequestMove, Requested,
};

/// An act that is about to be done, to be written before any phone system is asked.
#[derive(Debug)]
pub struct NewIntent<'a> {
    /// Who wants it.
    pub actor: UserId,
    /// The interaction that asked for it; at most one intent each.
    pub interaction: Option<InteractionId>,
    /// The offer that is claimed by it, in the same transaction.
    pub offer: Option<OfferId>,
    /// The connection to be asked.
    pub connection: &'a ConnectionName,
    /// What is to be done: the desk's value as JSON, free of secrets.
    pub act: &'a str,
    /// The audit entry, written in the same transaction.
    pub audit: AuditEntry,
    /// The password to be set, sealed with the intent.
    pub secret: Option<&'a SecretString>,
    /// The request that is claimed by it, in the same transaction.
    pub claim: Option<Claim>,
    /// The record of the agent that it deletes, sealed with it.
    pub keeps: Option<NewKept>,
}

/// An act in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its number.
    pub id: IntentId,
    /// Who wanted it.
    pub actor: UserId,
    /// The interaction that asked for it.
    pub interaction: Option<InteractionId>,
    /// The request whose approval led to it.
    pub request: Option<RequestId>,
    /// The connection it asks.
    pub connection: ConnectionName,
    /// What is to be done, as JSON.
    pub act: String,
    /// How far it is.
    pub state: IntentState,
    /// How often it was sent to the phone system.
    pub attempts: u32,
    /// When it was written.
    pub recorded_at: Millis,
    /// When it was last sent.
    pub sent_at: Option<Millis>,
    /// When it was last looked up at the phone system without a result.
    pub looked_at: Option<Millis>,
    /// The agent that the phone system said it created.
    pub made: Option<AgentId>,
    /// How far an act of several parts is: the desk's value as JSON, free of secrets.
    pub progress: Option<String>,
}

/// How far an intent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntentState {
    /// Written; the phone system has not been asked.
    Recorded,
    /// About to be sent or sent; what came of it is not written yet.
    Sent,
    /// It was done.
    Done,
    /// It was not done, and nothing changed.
    Failed,
    /// Nobody can tell yet; it is still looked for.
    Doubt,
}

/// What [`NewIntent`] led to.
#[derive(Debug)]
pub enum Began {
    /// It is written: go on.
    New(Intent),
    /// This interaction or offer led to an intent before: do nothing, it is under way or done.
    Already(Intent),
    /// The offer cannot be taken.
    Refused(OfferRefusal),
    /// The offer led to a request for approval before.
    Asked(RequestId),
    /// The claim does not hold (any more): decided, expired, or an approver's ballot no longer counts. Nothing was
    /// written.
    NotClaimed,
}

/// What came of an intent, written in one transaction with all that follows from it.
#[derive(Debug)]
pub struct Conclusion {
    /// [`IntentState::Done`], [`IntentState::Failed`] or [`IntentState::Doubt`].
    pub state: IntentState,
    /// The audit entry.
    pub audit: AuditEntry,
    /// What came of it: the desk's value as JSON, free of secrets; [`crate::ledger::Ledger::outcome`] gives it back.
    pub outcome: String,
    /// A password to be handed over: the intent's sealed secret moves to it.
    pub handover: Option<NewHandover>,
    /// A hand-over that ends with this: its state, and its sealed secret is erased.
    pub settles: Option<(HandoverId, HandoverState)>,
    /// Messages that tell of it.
    pub notices: Vec<NewNotice>,
    /// How the request moves on whose approval led to the intent.
    pub request: Option<RequestMove>,
    /// What becomes of a kept record.
    pub kept: Option<KeptMove>,
    /// A request that is made by what was done: the delete that was asked together with a disable.
    pub asks: Option<Box<NewRequest>>,
    /// What was asked of agents' presence; it replaces what was asked of them before, unless that was asked later.
    pub requested: Vec<Requested>,
}
