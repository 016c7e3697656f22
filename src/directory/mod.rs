//! The directory: every agent and every extension of every connection in memory. Refresh, search, autocomplete, "did you
//! mean", logins.
//!
//! Answers come from memory, at once, whatever the phone systems do; a list tells how old it is. It knows the reading
//! half of the phone systems only: who may see what, what is stored where and what people are told lives elsewhere.
//! What is acted on is read fresh by whoever acts.
//!
//! `kept` and `reads` are one list of one connection, whatever it is of; `agents` and `extensions` say what that is.

mod agents;
mod extensions;
mod fold;
mod index;
mod kept;
mod list;
mod listed;
mod logins;
mod marks;
mod near;
mod plain;
mod reads;
mod resolve;
pub mod romanise;
mod snapshot;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rollcall_commands::StateFilter;
use rollcall_telephony::{
    Ability, Agent, AgentRef, AgentState, Clock, ConnectionName, Error, Extension, Millis, Reading,
};

pub use self::extensions::Extensions;
pub use self::fold::fold;
use self::index::{Query, order};
use self::kept::Kept;
use self::list::List;
use self::listed::Shown as _;
pub use self::listed::{Keeper, ListOf};
pub use self::plain::Plain;
pub use self::reads::lost_nearly_all;
pub use self::resolve::Resolved;

/// The fewest characters that an autocomplete searches for.
pub const COMPLETES_FROM: usize = 2;

/// How many near ones a "did you mean" offers.
pub const NEAR_MAX: usize = 3;

/// Every agent and every extension of every connection, in memory. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    connections: Arc<BTreeMap<ConnectionName, Connection>>,
}

/// An agent that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Who it is.
    pub agent: AgentRef,
    /// Its login, as the phone system sent it.
    pub login: String,
    /// Its name or e-mail, as the phone system sent it; may be empty.
    pub name: String,
    /// Its state when the list was read.
    pub state: AgentState,
}

/// How a list of one connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whose it is.
    pub connection: ConnectionName,
    /// How many it holds.
    pub count: usize,
    /// When it was read; `None` while there is none.
    pub taken_at: Option<Millis>,
    /// When and why the last read failed or was not believed; `None` once one went well.
    pub last_error: Option<(Millis, String)>,
    /// What is going on.
    pub activity: Activity,
}

/// What a list is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Nothing.
    Idle,
    /// It is being read.
    Reading,
}

/// One connection's lists.
struct Connection {
    agents: Arc<Kept<Agent>>,
    /// `None` where it has no extensions.
    extensions: Option<Arc<Kept<Extension>>>,
}

impl Directory {
    /// A directory of these connections, still empty; nothing is read yet.
    ///
    /// A list older than `refresh` is stale.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "whoever makes it hands these over, as it does the connections")]
    pub fn new(
        connections: Vec<Arc<dyn Reading>>,
        clock: Arc<dyn Clock>,
        refresh: Duration,
        keeper: Arc<dyn Keeper>,
    ) -> Self {
        let named = connections.into_iter().map(|reading| {
            let name = reading.connection().clone();
            let agents = Kept::new(reading.clone(), clock.clone(), keeper.clone(), refresh);
            let has_extensions = reading.abilities().has(Ability::Extensions);
            let extensions = has_extensions.then(|| Kept::new(reading, clock.clone(), keeper.clone(), refresh));
            (name, Connection { agents: Arc::new(agents), extensions: extensions.map(Arc::new) })
        });
        Self { connections: Arc::new(named.collect()) }
    }

    /// Takes up a list that was kept, at start. A connection that has been read already keeps what it has.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used; nothing changes then.
    pub fn restore(&self, connection: &ConnectionName, of: ListOf, taken_at: Millis, body: &str) -> Result<(), String> {
        let Some(known) = self.connections.get(connection) else {
            return Err(format!("there is no connection {connection} (any more)"));
        };
        match (of, &known.extensions) {
            (ListOf::Agents, _) => known.agents.restore(taken_at, body),
            (ListOf::Extensions, Some(extensions)) => extensions.restore(taken_at, body),
            (ListOf::Extensions, None) => Err(format!("{connection} has no extensions (any more)")),
        }
    }

    /// Reads every list that is stale or missing, each once and in the background: nobody waits, and whoever types a
    /// moment later is offered something. It needs a tokio runtime.
    pub fn warm(&self) {
        for known in self.connections.values() {
            known.agents.read_if_stale();
            if let Some(extensions) = &known.extensions {
                extensions.read_if_stale();
            }
        }
    }

    /// Choices for an autocomplete, best first; none below [`COMPLETES_FROM`] characters.
    ///
    /// They come from memory at once. A list that is stale or missing starts one background read per connection,
    /// which no answer waits for (in a tokio runtime, that is; elsewhere nothing is read).
    ///
    /// Blind to case and accents. Logins that begin so come first, then word starts (surnames before others; of
    /// several typed words each must begin one), then what holds it somewhere; ties by login.
    #[must_use]
    pub fn complete(&self, typed: &str, on: &[ConnectionName], limit: usize) -> Vec<Hit> {
        let query = Query::new(typed);
        if query.text.chars().count() < COMPLETES_FROM {
            return Vec::new();
        }
        self.on(on).for_each(|(_, agents)| agents.read_if_stale());
        self.find(&query, StateFilter::All, on, limit)
    }

    /// Every agent that fits, in the order of [`Directory::complete`]; all there are for an empty query.
    ///
    /// It reads nothing: [`Directory::refresh`] first, and say with [`Directory::ages`] how old the lists are.
    #[must_use]
    pub fn search(&self, query: &str, filter: StateFilter, on: &[ConnectionName]) -> Vec<Hit> {
        self.find(&Query::new(query), filter, on, usize::MAX)
    }

    /// When each connection's list was read; `None` where there is none.
    #[must_use]
    pub fn ages(&self, on: &[ConnectionName]) -> Vec<(ConnectionName, Option<Millis>)> {
        self.on(on).map(|(name, agents)| (name.clone(), agents.list().taken_at())).collect()
    }

    /// An agent's whole record as last seen, without its password.
    #[must_use]
    pub fn get(&self, agent: &AgentRef) -> Option<Arc<Agent>> {
        self.agents_on(&agent.connection)?.list().get(&agent.id)
    }

    /// Every agent of a connection as last seen; none for a connection that is not ours.
    #[must_use]
    pub fn all(&self, connection: &ConnectionName) -> Vec<Arc<Agent>> {
        self.agents_on(connection).map_or_else(Vec::new, |agents| agents.list().items().collect())
    }

    /// Who has this login there, blind to case, as far as the list tells.
    #[must_use]
    pub fn with_login(&self, connection: &ConnectionName, login: &str) -> Vec<AgentRef> {
        let found = self.agents_on(connection).map_or_else(Vec::new, |agents| agents.list().with_login(login));
        found.into_iter().map(|agent| AgentRef::new(connection.clone(), agent.id.clone())).collect()
    }

    /// How many agents a connection's list holds; 0 for a connection that is not ours.
    #[must_use]
    pub fn agents_of(&self, connection: &ConnectionName) -> usize {
        self.agents_on(connection).map_or(0, |agents| agents.list().count())
    }

    /// Whether somebody has this login there, blind to case, as far as the list tells.
    #[must_use]
    pub fn is_taken(&self, connection: &ConnectionName, login: &str) -> bool {
        self.agents_on(connection).is_some_and(|agents| !agents.list().with_login(login).is_empty())
    }

    /// Waits for a list of agents no older than `refresh`: at once if it is, else for the read under way or a new one.
    ///
    /// `Ok` as well when a read went well but brought a list that shrank too much to be believed: the old one stays,
    /// and [`Directory::status`] tells why.
    ///
    /// # Errors
    /// Why the read failed; the connection's last good list stays.
    pub async fn refresh(&self, connection: &ConnectionName) -> Result<(), Arc<Error>> {
        match self.agents_on(connection) {
            Some(agents) => agents.refresh().await,
            None => Ok(()),
        }
    }

    /// Waits for a list of agents that was asked for at that time or later, as [`Directory::refresh`] does: for whoever is
    /// about to say that somebody is not there.
    ///
    /// # Errors
    /// Why the read failed; the connection's last good list stays.
    pub async fn refresh_since(&self, connection: &ConnectionName, since: Millis) -> Result<(), Arc<Error>> {
        match self.agents_on(connection) {
            Some(agents) => agents.refresh_since(since).await,
            None => Ok(()),
        }
    }

    /// Waits for the connections that have no list of agents at all, for all of them together. Whether it helped,
    /// [`Directory::status`] tells.
    pub async fn ensure_loaded(&self, on: &[ConnectionName]) {
        let missing = self.on(on).filter(|(_, agents)| agents.list().taken_at().is_none());
        futures_util::future::join_all(missing.map(|(_, agents)| agents.refresh())).await;
    }

    /// Takes up an agent right after a write or a fresh read of ours; it survives reads that began before.
    pub fn put(&self, connection: &ConnectionName, agent: Agent) {
        if let Some(agents) = self.agents_on(connection) {
            agents.put(agent);
        }
    }

    /// Takes up an agent that is known to exist although the connection's own list may not hold it: a system without a
    /// list takes commands for it. It is found as any other, and shown beside every list that does not hold its id.
    /// Snapshots do not hold it.
    pub fn remember(&self, agent: &AgentRef, known: Agent) {
        if let Some(agents) = self.agents_on(&agent.connection) {
            agents.remember(Agent { id: agent.id.clone(), ..known });
        }
    }

    /// Drops an agent that is gone, a remembered one as well; reads that began before do not bring it back.
    pub fn forget(&self, agent: &AgentRef) {
        if let Some(agents) = self.agents_on(&agent.connection) {
            agents.forget(&agent.id);
        }
    }

    /// How each connection's list of agents is, in order of name.
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        self.connections.values().map(|known| known.agents.status()).collect()
    }

    fn agents_on(&self, connection: &ConnectionName) -> Option<&Arc<Kept<Agent>>> {
        self.connections.get(connection).map(|known| &known.agents)
    }

    /// The agents of the connections among ours that are asked for, each once.
    fn on(&self, on: &[ConnectionName]) -> impl Iterator<Item = (&ConnectionName, &Arc<Kept<Agent>>)> {
        self.connections.iter().filter(|(name, _)| on.contains(name)).map(|(name, known)| (name, &known.agents))
    }

    fn find(&self, query: &Query, filter: StateFilter, on: &[ConnectionName], limit: usize) -> Vec<Hit> {
        let lists: Vec<(&ConnectionName, Arc<List>)> = self.on(on).map(|(name, c)| (name, c.list())).collect();
        let mut found: Vec<_> = lists
            .iter()
            .flat_map(|(name, list)| list.find(query, move |a| takes(filter, a.state), limit).map(move |f| (f, *name)))
            .collect();
        found.sort_unstable_by(|((t, l, a), m), ((u, k, b), n)| order((*t, l, a), (*u, k, b)).then_with(|| m.cmp(n)));
        found.into_iter().take(limit).map(|((_, _, agent), name)| hit(name, agent)).collect()
    }
}

impl fmt::Debug for Directory {
    /// How many, not who: names are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.connections.iter().map(|(name, c)| (name.as_str(), c.agents.list().count())))
            .finish()
    }
}

fn hit(connection: &ConnectionName, agent: &Agent) -> Hit {
    Hit {
        agent: AgentRef::new(connection.clone(), agent.id.clone()),
        login: agent.login.clone(),
        name: agent.name.clone(),
        state: agent.state,
    }
}

/// Whether a search of this filter shows an agent in that state; one in an unknown state is shown among all only.
const fn takes(filter: StateFilter, state: AgentState) -> bool {
    match filter {
        StateFilter::Enabled => matches!(state, AgentState::Enabled),
        StateFilter::Disabled => matches!(state, AgentState::Disabled),
        StateFilter::All => true,
    }
}
