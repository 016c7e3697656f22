//! What every kind of act tells of itself. What is done for one is in the desk's other modules; what people read of one is
//! in `discord/render/acts/`.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, Agent, AgentRef, ConnectionName, Reading, Section};

use crate::desk::report::Differs;

/// A kind of [`Act`](super::Act); what has the same name there is described there.
pub(crate) trait Kind {
    fn connection(&self) -> &ConnectionName;

    fn connections(&self) -> Vec<&ConnectionName> {
        vec![self.connection()]
    }

    fn agent(&self) -> Option<&AgentRef> {
        None
    }

    fn record(&self) -> Option<&AgentRef> {
        self.agent()
    }

    fn fingerprint(&self) -> Option<&str> {
        None
    }

    fn reason(&self) -> Option<&str> {
        None
    }

    fn login(&self) -> &str;

    fn permissions(&self) -> &'static [Permission];

    fn ability(&self) -> Ability;

    fn audit_name(&self) -> &'static str;

    fn subject(&self) -> String {
        format!("{} {}", self.audit_name(), self.target())
    }

    fn target(&self) -> String {
        self.agent().map_or_else(|| format!("{}:{}", self.connection(), self.login()), ToString::to_string)
    }

    /// What a card shows of the agent that it is about.
    fn shown(&self, reading: &dyn Reading, agent: &Agent) -> Vec<Section> {
        reading.describe(agent)
    }

    /// Before → after, for a card.
    fn changes(&self, _: &dyn Reading) -> Vec<Differs> {
        Vec::new()
    }

    /// The agent that is gone for good once it is done.
    fn deleted(&self) -> Option<&AgentRef> {
        None
    }
}
