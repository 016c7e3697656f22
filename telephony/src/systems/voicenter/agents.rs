//! The agents that the settings name. No I/O: the system has no list of user ids.

use crate::{Agent, AgentId, AgentState, Held, Line, Record, Rights, Section};

/// An agent as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The user's id, a text of digits mostly; the agent's id here.
    pub(super) user_id: String,
    /// The SIP code of the agent's extension; goes with every status.
    pub(super) extension_user: String,
    /// The person's name; may be empty.
    pub(super) name: String,
}

/// Those of the settings, in their order.
#[derive(Debug, Default)]
pub(super) struct Agents(pub(super) Vec<Listed>);

impl Agents {
    /// All of them.
    pub(super) fn all(&self) -> Vec<Agent> {
        self.0.iter().map(agent).collect()
    }

    /// The agent with this id.
    pub(super) fn named(&self, id: &AgentId) -> Option<Agent> {
        self.listed(id).map(agent)
    }

    /// What the settings tell about an id.
    pub(super) fn listed(&self, id: &AgentId) -> Option<&Listed> {
        self.0.iter().find(|listed| listed.user_id == id.as_str())
    }

    /// Who else sits at an agent's extension, by what people call them.
    pub(super) fn others_at(&self, agent: &Listed) -> Vec<&str> {
        self.0
            .iter()
            .filter(|other| other.extension_user == agent.extension_user && other.user_id != agent.user_id)
            .map(|other| if other.name.is_empty() { other.user_id.as_str() } else { other.name.as_str() })
            .collect()
    }

    /// The agent's card.
    pub(super) fn describe(&self, agent: &Agent) -> Vec<Section> {
        let line = |label: &str, value: &str| Line {
            label: label.to_owned(),
            value: if value.is_empty() { "not told".to_owned() } else { value.to_owned() },
            held: if value.is_empty() { Held::Absent } else { Held::There },
        };
        let listed = self.listed(&agent.id);
        let lines = vec![
            line("User id", agent.id.as_str()),
            line("Extension (SIP)", listed.map_or("", |listed| listed.extension_user.as_str())),
            line("Name", listed.map_or("", |listed| listed.name.as_str())),
        ];
        vec![Section { title: "Account, as the settings name it".to_owned(), lines }]
    }
}

/// Whether an account may be used is nothing that this system tells.
fn agent(listed: &Listed) -> Agent {
    Agent {
        id: AgentId::new(&listed.user_id),
        login: listed.extension_user.clone(),
        name: listed.name.clone(),
        state: AgentState::Unknown,
        rights: Rights::default(),
        personal_numbers: Vec::new(),
        record: Record::default(),
    }
}
