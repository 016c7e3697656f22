//! Agents as something that is listed. How they are searched is in `list` and `index`.

use std::borrow::Cow;

use rollcall_telephony::{Ability, Agent, AgentId, AgentState, ConnectionName, Error, Millis, Reading};

use super::Keeper;
use super::list::List;
use super::listed::{Doubt, ListOf, Listed, Shown as _};

impl Listed for Agent {
    type Id = AgentId;
    type Sent = Vec<Self>;
    type Shown = List;
    const OF: ListOf = ListOf::Agents;

    fn id(&self) -> &AgentId {
        &self.id
    }

    async fn read(reading: &dyn Reading) -> Result<Vec<Self>, Error> {
        reading.agents().await
    }

    fn listed(sent: Vec<Self>) -> Vec<Self> {
        sent
    }

    fn doubt(reading: &dyn Reading) -> Doubt {
        if reading.abilities().has(Ability::ListAgents) { Doubt::Shrunk } else { Doubt::Never }
    }

    /// The client took the password out when it was read.
    fn fit_to_keep(&self, _: &dyn Reading) -> Cow<'_, Self> {
        Cow::Borrowed(self)
    }

    async fn tell(list: &List, taken_at: Millis, connection: &ConnectionName, keeper: &dyn Keeper) {
        let disabled: Vec<AgentId> =
            list.items().filter(|agent| agent.state == AgentState::Disabled).map(|agent| agent.id.clone()).collect();
        keeper.saw_disabled(connection, &disabled, taken_at).await;
    }
}
