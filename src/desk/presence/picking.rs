//! A pause that a connection knows under none of the words that were given: one of its own breaks is picked, and the pause
//! goes on from there.

use rollcall_telephony::{ConnectionName, OtherPauses, PresenceChange};
use serde::{Deserialize, Serialize};

use super::act::{PresenceAct, PresencePart};
use crate::desk::act::Act;
use crate::desk::{Desk, Refusal};
use crate::ledger::OfferRefusal;

/// A pause that still lacks the break of one connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BreakToPick {
    /// What is done once it is picked.
    act: PresenceAct,
    /// Whose break it is.
    on: ConnectionName,
    /// Those that are offered: whoever picks names one by its place.
    breaks: Vec<String>,
}

impl BreakToPick {
    pub(super) const fn new(act: PresenceAct, on: ConnectionName, breaks: Vec<String>) -> Self {
        Self { act, on, breaks }
    }

    /// The act, with the break at this place.
    pub(in crate::desk) fn picked(mut self, place: usize) -> Result<Act, Refusal> {
        let unknown = Refusal::Offer(OfferRefusal::Unknown);
        let reason = self.breaks.into_iter().nth(place).ok_or(unknown)?;
        for part in self.act.others.iter_mut().filter(|part| part.agent.connection == self.on) {
            part.change = PresenceChange::Pause { reason: Some(reason.clone()) };
        }
        Ok(Act::Presence(Box::new(self.act)))
    }
}

impl Desk {
    /// The breaks of which one has to be picked for this part; `None` where the pause can be asked for as it is, or no
    /// pick would help.
    pub(super) fn breaks_for(&self, part: &PresencePart) -> Option<Vec<String>> {
        let presence = match &part.change {
            PresenceChange::Pause { .. } => self.presence_on(&part.agent, super::act::ability(&part.change)).ok()?,
            PresenceChange::LogIn { .. } | PresenceChange::LogOut | PresenceChange::Unpause => return None,
        };
        let rules = presence.rules();
        match rules.other_pauses {
            OtherPauses::Any => None,
            OtherPauses::None => {
                let unfit = presence.check(&part.agent.id, &part.change).is_err();
                (unfit && !rules.pauses.is_empty()).then(|| rules.pauses.clone())
            }
        }
    }
}
