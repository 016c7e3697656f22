//! How a change of presence is carried out. Nothing can be looked up at these systems: what is sent, and what is not sent
//! any more, is told from how far it came.

use async_trait::async_trait;
use rollcall_telephony::{Ability, Connected};

use super::act::PresenceAct;
use crate::desk::conduct::Conduct;
use crate::desk::prepare::Prepared;
use crate::desk::step::Step;
use crate::desk::{Desk, Refusal};
use crate::ledger::Intent;

#[async_trait]
impl Conduct for PresenceAct {
    fn ability(&self) -> Ability {
        Self::ability(self)
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let agent = Some(desk.named_there(&self.first.agent).await?);
        desk.fits(self)?;
        Ok(Prepared { agent, ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, _on: &Connected, _prepared: Prepared) -> Step {
        desk.change_presence(intent, self).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, _on: &Connected) -> Step {
        desk.change_presence(intent, self).await
    }

    /// Its parts are for several connections; each tells for itself.
    async fn without_connection(&self, desk: &Desk, intent: &Intent) -> Option<Step> {
        Some(desk.change_presence(intent, self).await)
    }
}
