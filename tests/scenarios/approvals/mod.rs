//! Approvals: a delete is asked for, approvers react, the agent is gone, and can be brought back.

mod away;
mod claims;
mod crashes;
mod crowd;
mod deciding;
mod gone;
mod lost;
mod reminders;
mod sessions;
mod watching;

use rollcall_sandbox::Posted;

use crate::world::World;

/// Vira (900), disabled: she may be deleted.
pub const VIRA_DISABLED: &str = r#"{"Password":"c4ca4238a0b92382","ID":900,"RightID":0,"Domain":"CALL","SupervisorRightID":0,"State":0,"DefaultSkill":7,"Login":"vira.luhova","SupervisorID":2,"Details":"vira.luhova@example.com","PersNumbers":["+380 44 123"],"ClientApp":{"ShowTreeCC":1,"AutoAnswer":{"Time":5}},"Zone":"north"}"#;

/// The lead asks to delete Vira; answers the card.
pub async fn lead_asks(world: &World) -> Posted {
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent delete agent:mediatel:900 reason:leaver").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    world.sandbox.approvals_channel().next_message().await
}
