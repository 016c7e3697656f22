//! What came of an act: a plain value, stored with the journal and told to people from there.

use rollcall_telephony::{AgentRef, ConnectionName, ExtensionId, IntentId, Millis};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::act::Act;
use super::approvals::{NotCounted, RequestTold, Terms};
use super::extensions::RowOutcome;
use super::presence::PartOutcome;
use crate::ledger::{HandoverId, HandoverState};

/// What came of an act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The journal's number.
    pub intent: IntentId,
    /// Who wanted it; `None`: the bot by itself.
    pub actor: Option<UserId>,
    /// What was wanted.
    pub act: Act,
    /// What came of it.
    pub outcome: Outcome,
    /// An offer that takes it back, and until when.
    pub undo: Option<(i64, Millis)>,
    /// The request whose approval led to it, and who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
    /// What can be done next by a button.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Next>,
}

/// An offer that follows from what came of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// The offer's number.
    pub offer: i64,
    /// Until when it can be taken.
    pub until: Millis,
    /// What it does.
    pub what: NextWhat,
}

/// What an offer after an act does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "next", rename_all = "kebab-case")]
pub enum NextWhat {
    /// The same for all agents of the person.
    OnAll {
        /// The person's name.
        person: String,
    },
    /// The same for all agents of the person, once a break of one connection is picked.
    Break {
        /// The person's name.
        person: String,
        /// Whose break it is.
        on: ConnectionName,
        /// Those there are.
        breaks: Vec<String>,
    },
    /// The agent's pause is ended, and begun again for this reason.
    PauseAnew {
        /// Why.
        reason: String,
    },
    /// What nobody can tell of is asked once more.
    Again,
}

/// The approval of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The request's number.
    pub request: i64,
    /// Who approved it.
    pub by: Vec<UserId>,
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The agent exists.
    Created {
        /// Which.
        agent: AgentRef,
        /// Its login as the phone system gave it.
        login: String,
        /// What differs from the source beyond what was replaced.
        differs: Vec<Differs>,
        /// What is to be said of its password.
        password: PasswordNote,
    },
    /// The agent was changed, or its state was.
    Changed {
        /// What is different now.
        differs: Vec<Differs>,
    },
    /// It has a fresh password.
    PasswordSet {
        /// What is to be said of it.
        password: PasswordNote,
    },
    /// The agent is gone for good.
    Deleted {
        /// By whom.
        found: Found,
        /// Until when it can be restored.
        restorable_until: Millis,
    },
    /// The record is not the one that was approved: nothing was sent.
    Moved {
        /// Its login now.
        login: String,
        /// What differs from the card.
        what: Vec<Differs>,
    },
    /// The expired password was replaced by one that nobody knows.
    Replaced,
    /// The expired password was not replaced, because the phone system no longer holds it or does not tell.
    LeftAlone {
        /// Whether it could be told at all.
        masked: Masked,
    },
    /// What came of each agent's part, in the order of the act.
    Presence {
        /// Part by part.
        parts: Vec<PartOutcome>,
    },
    /// The extension exists.
    ExtensionCreated {
        /// Its number.
        id: ExtensionId,
        /// What is not as it was asked: asked → made.
        differs: Vec<Differs>,
    },
    /// The extension is gone for good.
    ExtensionDeleted {
        /// By whom.
        found: Found,
    },
    /// What the list of extensions shows after a batch.
    Batch {
        /// Row by row, in the order of the act.
        rows: Vec<RowOutcome>,
        /// What the phone system said.
        said: BatchSaid,
    },
    /// Nothing was changed; why, in a sentence.
    Failed {
        /// Why.
        why: String,
    },
    /// Nobody can tell whether it was done, and the bot stopped looking.
    Untold {
        /// Why.
        why: String,
    },
    /// The phone system has not answered; whether it was done is being looked up.
    Looking {
        /// What happened.
        why: String,
    },
    /// It cannot be told whether it was done.
    Doubt {
        /// Why.
        why: String,
        /// Until when the bot keeps looking.
        until: Millis,
        /// The agent to look at, where there is one.
        agent: Option<AgentRef>,
    },
}

/// What a phone system said to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "kebab-case")]
pub enum BatchSaid {
    /// That it was done.
    Done,
    /// No; why, in a sentence. Whether it did a part of it all the same, only the list tells.
    Refused {
        /// Why.
        why: String,
    },
    /// Nothing that could be read; why, in a sentence.
    Nothing {
        /// Why.
        why: String,
    },
}

/// How a deleted agent came to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// The bot deleted it.
    Deleted,
    /// It was gone when the bot came to it.
    Gone,
}

/// Whether the phone system showed what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Masked {
    /// It did: another password.
    Shown,
    /// It did not.
    Hidden,
}

/// One thing that is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// What, in words.
    pub label: String,
    /// Before (or at the source).
    pub before: String,
    /// Now.
    pub after: String,
}

/// What is to be said of a password that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordNote {
    /// The phone system holds what it should.
    Fine,
    /// The server hashes by itself: the account was repaired, and the setting should be "plain".
    Repaired,
    /// The server hashes by itself and the repair was refused: the account has no usable password.
    RepairFailed,
    /// The server stores what it gets: the setting may have to be "md5-16"; a login should be tried.
    StoresAsSent,
    /// The phone system does not show what it holds: a login should be tried.
    TryLogin,
}

/// A message to be sent, as it waits in the ledger: what it tells, not yet how it looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "tell", rename_all = "kebab-case")]
pub enum Told {
    /// The answer to the person who asked.
    Reply {
        /// What came of it.
        report: Report,
        /// The password's hand-over, where there is one.
        handover: Option<HandoverTold>,
        /// The terms of the request that was made by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Terms>,
    },
    /// A line in the log channel.
    Log {
        /// What came of it.
        report: Report,
    },
    /// A direct message about something the bot did by itself.
    Direct {
        /// What came of it.
        report: Report,
    },
    /// The answer to the person whose act now waits for approvers.
    Asked {
        /// What they asked for.
        act: Act,
        /// Who decides it, and until when.
        terms: Terms,
    },
    /// A request was decided: to its requester, and as a line in the log channel.
    Decided {
        /// Which, and how it stands.
        about: RequestTold,
    },
    /// The answer to whoever took a request back.
    TakenBack {
        /// Which.
        about: RequestTold,
    },
    /// A reaction or press of this person's does not count.
    NotCounted {
        /// For which request.
        about: RequestTold,
        /// Why.
        why: NotCounted,
    },
    /// An ephemeral reply that showed a password hides it.
    Hide {
        /// Which.
        handover: HandoverTold,
    },
}

/// What is told of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverTold {
    /// Its number.
    pub id: i64,
    /// Whose password.
    pub login: String,
    /// On which agent.
    pub agent: AgentRef,
    /// Who asked.
    pub requester: UserId,
    /// Who gets it.
    pub recipient: UserId,
    /// How far it is.
    pub state: HandoverState,
    /// Until when it can be read.
    pub expires_at: Millis,
}

impl HandoverTold {
    /// Its number.
    #[must_use]
    pub const fn id(&self) -> HandoverId {
        HandoverId(self.id)
    }
}

impl From<&crate::ledger::Handover> for HandoverTold {
    fn from(h: &crate::ledger::Handover) -> Self {
        Self {
            id: h.id.0,
            login: h.login.clone(),
            agent: h.agent.clone(),
            requester: h.requester,
            recipient: h.recipient,
            state: h.state,
            expires_at: h.expires_at,
        }
    }
}
