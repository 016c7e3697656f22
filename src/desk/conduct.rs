//! How acts are carried out: one trait that each kind of act implements where it is at home, and the one place that tells
//! them apart. Whatever goes the same way for all of them (recorded, concluded, told) is in `journal.rs`.

use async_trait::async_trait;
use rollcall_telephony::{Ability, Agent, Connected};

use super::act::Act;
use super::prepare::Prepared;
use super::report::Outcome;
use super::step::Step;
use super::{Desk, Refusal};
use crate::ledger::{HandoverId, HandoverState, Intent, KeptMove, NewKept};

/// Whether an act gives somebody a password, which is kept for a while only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// It does.
    Password,
    /// It does not.
    Nothing,
}

/// How one kind of act is checked, sent, and looked up afterwards.
#[async_trait]
pub(super) trait Conduct: Send + Sync {
    /// What the phone system must be able to do for it.
    fn ability(&self) -> Ability;

    /// Whether it gives somebody a password.
    fn gives(&self) -> Gives {
        Gives::Nothing
    }

    /// The last look before it is recorded: reads what it is about, and refuses it when it is not as it was shown.
    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal>;

    /// Sends it to its phone system for the first time, or again after it was seen not to have been done.
    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step;

    /// Looks up what came of it after it was sent.
    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step;

    /// A step of it while its first connection is not configured any more; `None`: there is none, it waits.
    async fn without_connection(&self, _desk: &Desk, _intent: &Intent) -> Option<Step> {
        None
    }

    /// The act that takes it back. `after` is the fingerprint of the record as it is now.
    fn inverse(&self, _after: String) -> Option<Act> {
        None
    }

    /// What is kept of the agent as it is before.
    fn keeps(&self, _agent: &Agent) -> Result<Option<NewKept>, Refusal> {
        Ok(None)
    }

    /// What becomes of a record that was kept for it, where its steps do not say so themselves.
    fn keeps_after(&self, _outcome: &Outcome) -> Option<KeptMove> {
        None
    }

    /// The hand-over that it ends.
    fn settles(&self, _outcome: &Outcome) -> Option<(HandoverId, HandoverState)> {
        None
    }
}

impl Act {
    /// How it is carried out.
    pub(super) fn conduct(&self) -> &dyn Conduct {
        match self {
            Self::Clone(act) => act,
            Self::SetState(act) => act,
            Self::Edit(act) => act,
            Self::ResetPassword(act) => act,
            Self::Delete(act) => act,
            Self::Restore(act) => act,
            Self::Replace(act) => act,
            Self::Presence(act) => &**act,
            Self::Extension(act) => act,
        }
    }
}
