//! Since when the bot has seen an agent disabled: kept in memory, and in the ledger for after a restart.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use rollcall_telephony::{Agent, AgentId, AgentRef, AgentState, ConnectionName, Millis};

use crate::ledger::Ledger;

/// Since when each disabled agent has been seen so.
pub(super) struct Marks {
    ledger: Ledger,
    since: Mutex<HashMap<AgentRef, Millis>>,
}

impl Marks {
    /// What the ledger kept.
    pub(super) fn new(ledger: Ledger, kept: Vec<(AgentRef, Millis)>) -> Self {
        Self { ledger, since: Mutex::new(kept.into_iter().collect()) }
    }

    /// Since when this agent has been seen disabled; `None`: it was not, as far as the bot knows.
    pub(super) fn since(&self, agent: &AgentRef) -> Option<Millis> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner).get(agent).copied()
    }

    /// One agent was read just now.
    pub(super) async fn saw(&self, connection: &ConnectionName, agent: &Agent, now: Millis) {
        let at = AgentRef::new(connection.clone(), agent.id.clone());
        let (disabled, enabled) = {
            let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
            match agent.state {
                AgentState::Disabled if since.contains_key(&at) => (None, None),
                AgentState::Disabled => {
                    since.insert(at, now);
                    (Some((agent.id.clone(), now)), None)
                }
                AgentState::Enabled | AgentState::Unknown => (None, since.remove(&at).map(|_| agent.id.clone())),
            }
        };
        self.write(connection, disabled.as_slice(), enabled.as_slice()).await;
    }

    /// A whole list was read just now: these are disabled, and no others.
    pub(super) async fn saw_all(&self, connection: &ConnectionName, disabled: &[AgentId], now: Millis) {
        let seen: HashSet<&AgentId> = disabled.iter().collect();
        let (newly, no_longer) = {
            let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
            let no_longer: Vec<AgentId> = since
                .keys()
                .filter(|at| at.connection == *connection && !seen.contains(&at.id))
                .map(|at| at.id.clone())
                .collect();
            for id in &no_longer {
                since.remove(&AgentRef::new(connection.clone(), id.clone()));
            }
            let mut newly = Vec::new();
            for id in disabled {
                let at = AgentRef::new(connection.clone(), id.clone());
                since.entry(at).or_insert_with(|| {
                    newly.push((id.clone(), now));
                    now
                });
            }
            (newly, no_longer)
        };
        self.write(connection, &newly, &no_longer).await;
    }

    async fn write(&self, connection: &ConnectionName, disabled: &[(AgentId, Millis)], enabled: &[AgentId]) {
        if disabled.is_empty() && enabled.is_empty() {
            return;
        }
        if let Err(error) = self.ledger.mark_states(connection, disabled, enabled).await {
            tracing::warn!(%connection, %error, "since when agents are disabled could not be kept");
        }
    }
}
