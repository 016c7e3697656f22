//! How a change of extensions is carried out.

use async_trait::async_trait;
use rollcall_telephony::{Ability, Connected};

use super::act::ExtensionAct;
use crate::desk::conduct::Conduct;
use crate::desk::prepare::Prepared;
use crate::desk::step::Step;
use crate::desk::{Desk, Refusal};
use crate::ledger::Intent;

#[async_trait]
impl Conduct for ExtensionAct {
    fn ability(&self) -> Ability {
        Ability::Extensions
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        desk.prepare_extensions(self).await
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.change_extensions(intent, self, on, prepared).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.change_extensions(intent, self, on, Prepared::default()).await
    }
}
