//! People who are agents on several connections: whom the settings join by key, never by equal names.

use rollcall_telephony::{Ability, AgentId, AgentRef, ConnectionName};

use super::Desk;
use crate::config::Identity;

/// A person whom the settings join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The name, as the settings say it.
    pub name: String,
    /// The agents that this person is and that can be told, each once, in the order of the settings.
    pub agents: Vec<AgentRef>,
}

/// Whom an entry of a `[[person]]` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// This agent.
    Known(AgentRef),
    /// Nobody that is known, on a system that tells nobody's names: it is taken at its word.
    Unlisted(AgentRef),
    /// Several agents of the connection have this login.
    Several(usize),
    /// Nobody.
    Nobody,
    /// The connection's agents were never read: it cannot be told.
    NoList,
    /// The connection is not used.
    NoConnection,
}

impl Desk {
    /// The person of the settings who is this agent, and all agents of theirs, this one among them. From memory: whoever
    /// asks waits for [`Desk::load_joined`] before.
    #[must_use]
    pub fn joined(&self, agent: &AgentRef) -> Option<Joined> {
        self.inner.persons.iter().find_map(|person| {
            let mut agents: Vec<AgentRef> = Vec::new();
            for entry in &person.is {
                let named = match self.named_by(entry) {
                    Named::Unlisted(named) if self.is_as_unlisted(&named, agent) => agent.clone(),
                    Named::Known(named) | Named::Unlisted(named) => named,
                    Named::Several(_) | Named::Nobody | Named::NoList | Named::NoConnection => continue,
                };
                if !agents.contains(&named) {
                    agents.push(named);
                }
            }
            agents.contains(agent).then(|| Joined { name: person.name.clone(), agents })
        })
    }

    /// Waits for the connections on which the settings join people and that have no list of agents at all.
    pub async fn load_joined(&self) {
        self.inner.directory.ensure_loaded(&self.joining()).await;
    }

    /// The connections on which the settings join people.
    pub(super) fn joining(&self) -> Vec<ConnectionName> {
        let entries = self.inner.persons.iter().flat_map(|person| &person.is);
        let mut on: Vec<ConnectionName> = entries.map(|entry| entry.connection.clone()).collect();
        on.sort();
        on.dedup();
        on
    }

    /// Whom an entry names: by the agent's id, else by its login where only one has it.
    pub(super) fn named_by(&self, entry: &Identity) -> Named {
        let (connection, key) = (&entry.connection, &entry.login);
        let Some(connected) = self.inner.connections.get(connection) else { return Named::NoConnection };
        let directory = &self.inner.directory;
        let by_id = AgentRef::new(connection.clone(), AgentId::new(key));
        if directory.get(&by_id).is_some() {
            return Named::Known(by_id);
        }
        match directory.with_login(connection, key).as_slice() {
            [only] => return Named::Known(only.clone()),
            [] => {}
            several => return Named::Several(several.len()),
        }
        if directory.ages(std::slice::from_ref(connection)).iter().all(|(_, taken_at)| taken_at.is_none()) {
            return Named::NoList;
        }
        // Checked anew: it travels in custom ids as any other agent's name does.
        match by_id.to_string().parse() {
            Ok(agent) if !connected.reading.abilities().has(Ability::ListAgents) => Named::Unlisted(agent),
            Ok(_) | Err(_) => Named::Nobody,
        }
    }

    /// Whether an agent that nobody knows is the one that an entry names: there its id is its login, blind to case.
    fn is_as_unlisted(&self, named: &AgentRef, agent: &AgentRef) -> bool {
        named.connection == agent.connection
            && named.id.as_str().to_lowercase() == agent.id.as_str().to_lowercase()
            && self.inner.directory.get(agent).is_none()
    }
}
