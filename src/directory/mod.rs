//! The directory: every agent of every connection in memory. Refresh, search, autocomplete, "did you mean", logins.
//!
//! Answers come from memory, at once, whatever the phone systems do; a list tells how old it is. It knows the reading
//! half of the phone systems only: who may see what, what is stored where and what people are told lives elsewhere.
//! What is acted on is read fresh by whoever acts.

mod connection;
mod fold;
mod index;
mod list;
mod logins;
mod marks;
mod near;
pub mod romanise;
mod snapshot;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rollcall_commands::StateFilter;
use rollcall_telephony::{Agent, AgentId, AgentRef, AgentState, Clock, ConnectionName, Error, Millis, Reading};

use self::connection::Connection;
pub use self::fold::fold;
use self::index::{Query, order};
use self::list::List;

/// The fewest characters that an autocomplete searches for.
pub const COMPLETES_FROM: usize = 2;

/// How many near ones a "did you mean" offers.
pub const NEAR_MAX: usize = 3;

/// Every agent of every connection, in memory. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    connections: Arc<BTreeMap<ConnectionName, Arc<Connection>>>,
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

/// What was typed for an agent, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It names this one.
    One(AgentRef),
    /// It names several, on one connection or more.
    Several(Vec<Hit>),
    /// It names none; at most [`NEAR_MAX`] that may be meant.
    None(Vec<Hit>),
}

/// How one connection's list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whose it is.
    pub connection: ConnectionName,
    /// How many agents it holds.
    pub agents: usize,
    /// When it was read; `None` while there is none.
    pub taken_at: Option<Millis>,
    /// When and why the last read failed or was not believed; `None` once one went well.
    pub last_error: Option<(Millis, String)>,
    /// What is going on.
    pub activity: Activity,
}

/// What a connection's list is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Nothing.
    Idle,
    /// It is being read.
    Reading,
}

/// Keeps lists for the next start.
#[async_trait]
pub trait Keeper: Send + Sync + 'static {
    /// Keeps a connection's list in place of the one before. It holds personal data, but no secrets. `disabled` are
    /// those of its agents that are switched off.
    async fn keep(&self, connection: &ConnectionName, taken_at: Millis, body: String, disabled: &[AgentId]);
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
            (name, Arc::new(Connection::new(reading, clock.clone(), keeper.clone(), refresh)))
        });
        Self { connections: Arc::new(named.collect()) }
    }

    /// Takes up a list that was kept, at start. A connection that has been read already keeps what it has.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used; nothing changes then.
    pub fn restore(&self, connection: &ConnectionName, taken_at: Millis, body: &str) -> Result<(), String> {
        let Some(known) = self.connections.get(connection) else {
            return Err(format!("there is no connection {connection} (any more)"));
        };
        known.restore(taken_at, snapshot::read(body)?);
        Ok(())
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
        if tokio::runtime::Handle::try_current().is_ok() {
            self.on(on).for_each(|(_, connection)| connection.read_if_stale());
        }
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
        self.on(on).map(|(name, connection)| (name.clone(), connection.list().taken_at)).collect()
    }

    /// What was typed for an agent instead of picked: `connection:id`, `connection:login`, or an id or exact login
    /// that is unique over `on`. Logins are compared blind to case.
    ///
    /// `connection:id` is believed as it stands while that connection has no list at all.
    #[must_use]
    pub fn resolve(&self, typed: &str, on: &[ConnectionName]) -> Resolved {
        let typed = typed.trim();
        if let Some((connection, rest)) = typed.split_once(':')
            && let Some((name, known)) = self.on(on).find(|(name, _)| name.as_str().eq_ignore_ascii_case(connection))
        {
            let (list, rest) = (known.list(), rest.trim());
            if let Some(agent) = list.get(&AgentId::new(rest)) {
                return Resolved::One(AgentRef::new(name.clone(), agent.id.clone()));
            }
            let only = std::slice::from_ref(name);
            return match one_or_several(list.with_login(rest).iter().map(|agent| hit(name, agent)).collect()) {
                Some(resolved) => resolved,
                None if list.taken_at.is_none() => {
                    format!("{name}:{rest}").parse().map_or_else(|_| Resolved::None(Vec::new()), Resolved::One)
                }
                None => Resolved::None(self.near(rest, only)),
            };
        }
        let mut hits: Vec<Hit> = Vec::new();
        for (name, connection) in self.on(on) {
            let list = connection.list();
            for agent in list.get(&AgentId::new(typed)).into_iter().chain(list.with_login(typed)) {
                if !hits.iter().any(|h| h.agent.connection == *name && h.agent.id == agent.id) {
                    hits.push(hit(name, &agent));
                }
            }
        }
        one_or_several(hits).unwrap_or_else(|| Resolved::None(self.near(typed, on)))
    }

    /// An agent's whole record as last seen, without its password.
    #[must_use]
    pub fn get(&self, agent: &AgentRef) -> Option<Arc<Agent>> {
        self.connections.get(&agent.connection)?.list().get(&agent.id)
    }

    /// Every agent of a connection as last seen; none for a connection that is not ours.
    #[must_use]
    pub fn all(&self, connection: &ConnectionName) -> Vec<Arc<Agent>> {
        self.connections.get(connection).map_or_else(Vec::new, |c| c.list().agents().collect())
    }

    /// Who has this login there, blind to case, as far as the list tells.
    #[must_use]
    pub fn with_login(&self, connection: &ConnectionName, login: &str) -> Vec<AgentRef> {
        let found = self.connections.get(connection).map_or_else(Vec::new, |c| c.list().with_login(login));
        found.into_iter().map(|agent| AgentRef::new(connection.clone(), agent.id.clone())).collect()
    }

    /// How many agents a connection's list holds; 0 for a connection that is not ours.
    #[must_use]
    pub fn agents_of(&self, connection: &ConnectionName) -> usize {
        self.connections.get(connection).map_or(0, |c| c.list().len())
    }

    /// Whether somebody has this login there, blind to case, as far as the list tells.
    #[must_use]
    pub fn is_taken(&self, connection: &ConnectionName, login: &str) -> bool {
        self.connections.get(connection).is_some_and(|c| !c.list().with_login(login).is_empty())
    }

    /// Waits for a list no older than `refresh`: at once if it is, else for the read under way or a new one.
    ///
    /// `Ok` as well when a read went well but brought a list that shrank too much to be believed: the old one stays,
    /// and [`Directory::status`] tells why.
    ///
    /// # Errors
    /// Why the read failed; the connection's last good list stays.
    pub async fn refresh(&self, connection: &ConnectionName) -> Result<(), Arc<Error>> {
        match self.connections.get(connection) {
            Some(known) => known.refresh().await,
            None => Ok(()),
        }
    }

    /// Waits for the connections that have no list at all, for all of them together. Whether it helped,
    /// [`Directory::status`] tells.
    pub async fn ensure_loaded(&self, on: &[ConnectionName]) {
        let missing = self.on(on).filter(|(_, connection)| connection.list().taken_at.is_none());
        futures_util::future::join_all(missing.map(|(_, connection)| connection.refresh())).await;
    }

    /// Takes up an agent right after a write or a fresh read of ours; it survives reads that began before.
    pub fn put(&self, connection: &ConnectionName, agent: Agent) {
        if let Some(known) = self.connections.get(connection) {
            known.put(agent);
        }
    }

    /// Takes up an agent that is known to exist although the connection's own list may not hold it: a system without a
    /// list takes commands for it. It is found as any other, and shown beside every list that does not hold its id.
    /// Snapshots do not hold it.
    pub fn remember(&self, agent: &AgentRef, known: Agent) {
        if let Some(connection) = self.connections.get(&agent.connection) {
            connection.remember(Agent { id: agent.id.clone(), ..known });
        }
    }

    /// Drops an agent that is gone, a remembered one as well; reads that began before do not bring it back.
    pub fn forget(&self, agent: &AgentRef) {
        if let Some(known) = self.connections.get(&agent.connection) {
            known.forget(&agent.id);
        }
    }

    /// How each connection's list is, in order of name.
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        self.connections.values().map(|connection| connection.status()).collect()
    }

    /// The connections among ours that are asked for, each once.
    fn on(&self, on: &[ConnectionName]) -> impl Iterator<Item = (&ConnectionName, &Arc<Connection>)> {
        self.connections.iter().filter(|(name, _)| on.contains(name))
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
        f.debug_map().entries(self.connections.iter().map(|(name, c)| (name.as_str(), c.list().len()))).finish()
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

fn one_or_several(mut hits: Vec<Hit>) -> Option<Resolved> {
    match hits.as_slice() {
        [] => None,
        [only] => Some(Resolved::One(only.agent.clone())),
        [_, _, ..] => {
            hits.sort_by(|a, b| (&a.login, &a.agent).cmp(&(&b.login, &b.agent)));
            Some(Resolved::Several(hits))
        }
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
