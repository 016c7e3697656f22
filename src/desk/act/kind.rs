//! What every kind of act tells of itself. How one is carried out is in `desk/conduct.rs`, and what people read of one in
//! `discord/render/acts/`.

use rollcall_commands::Permission;
use rollcall_telephony::{Agent, AgentRef, ConnectionName, Reading, Section};

use crate::desk::report::Differs;

/// What is so of an act; what has the same name on [`Act`](super::Act) is described there.
pub(crate) struct Facts<'a> {
    pub(crate) name: &'static str,
    pub(crate) permissions: &'static [Permission],
    pub(crate) connection: &'a ConnectionName,
    pub(crate) agent: Option<&'a AgentRef>,
    pub(crate) record: Option<&'a AgentRef>,
    pub(crate) fingerprint: Option<&'a str>,
    pub(crate) login: &'a str,
    pub(crate) reason: Option<&'a str>,
}

/// A kind of [`Act`](super::Act).
pub(crate) trait Kind {
    /// What is so of it.
    fn facts(&self) -> Facts<'_>;

    /// Every connection that is asked, in order.
    fn connections(&self) -> Vec<&ConnectionName> {
        vec![self.facts().connection]
    }

    /// What it is about, in one word for the store.
    fn subject(&self) -> String {
        format!("{} {}", self.facts().name, self.target())
    }

    /// What it is about, for the audit log.
    fn target(&self) -> String {
        let Facts { agent, connection, login, .. } = self.facts();
        agent.map_or_else(|| format!("{connection}:{login}"), ToString::to_string)
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
