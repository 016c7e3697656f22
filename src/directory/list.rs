//! What one connection's agents are right now: the last list read, and what changed since on our account.
//!
//! A list is immutable; each change makes a new one that shares the big index and carries a small one beside it.

use std::sync::Arc;

use rollcall_telephony::{Agent, AgentId, Millis};

use super::index::{Index, Query, Tier, surname_start};
use super::listed::Shown;
use super::marks::Marks;

/// How many changed agents stand beside the big index before it is laid out anew.
const BESIDE_MAX: usize = 256;

/// A list that is being shown.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    base: Arc<Index>,
    /// Ranks in `base` that are gone or stand in `beside`.
    hidden: Arc<Marks>,
    beside: Arc<Index>,
    /// When the read of it began; `None` before the first one.
    taken_at: Option<Millis>,
}

impl List {
    fn in_base(&self) -> impl Iterator<Item = Arc<Agent>> {
        self.base.agents().iter().enumerate().filter(|(rank, _)| !self.hidden.has(*rank)).map(|(_, a)| a.clone())
    }

    /// Who has this login, blind to case.
    pub(super) fn with_login(&self, login: &str) -> Vec<Arc<Agent>> {
        let (base, beside) = (&self.base, &self.beside);
        let old = base.with_login(login).iter().filter(|rank| !self.hidden.has(**rank)).map(|r| &base.agents()[*r]);
        old.chain(beside.with_login(login).iter().map(|r| &beside.agents()[*r])).cloned().collect()
    }

    /// The best `limit` of each part, with the folded login that settles ties.
    pub(super) fn find<'a>(
        &'a self,
        query: &Query,
        wanted: impl Fn(&Agent) -> bool + Copy + 'a,
        limit: usize,
    ) -> impl Iterator<Item = (Tier, &'a str, &'a Arc<Agent>)> {
        let old = self.base.find(query, &self.hidden, wanted, limit);
        let new = self.beside.find(query, &Marks::default(), wanted, limit);
        let named = |index: &'a Index| move |(tier, rank)| (tier, index.login(rank), &index.agents()[rank]);
        old.into_iter().map(named(&self.base)).chain(new.into_iter().map(named(&self.beside)))
    }

    /// Every agent with its folded login.
    pub(super) fn folded(&self) -> impl Iterator<Item = (&str, &Arc<Agent>)> {
        let old = (0..self.base.len()).filter(|rank| !self.hidden.has(*rank));
        let new = 0..self.beside.len();
        old.map(|rank| (self.base.login(rank), &self.base.agents()[rank]))
            .chain(new.map(|rank| (self.beside.login(rank), &self.beside.agents()[rank])))
    }

    /// How often a word is a surname in the logins. Agents that changed a moment ago may count twice.
    pub(super) fn surnames_like(&self, word: &str) -> usize {
        self.base.surnames_like(word) + self.beside.surnames_like(word)
    }

    /// How often a word is a first name in the logins. Agents that changed a moment ago may count twice.
    pub(super) fn first_names_like(&self, word: &str) -> usize {
        let prefix = format!("{word}.");
        self.base.logins_like(&prefix).len() + self.beside.logins_like(&prefix).len()
    }

    /// Logins of those whose first name or surname is this word, in order, at most `limit`.
    pub(super) fn logins_of_namesakes(&self, word: &str, limit: usize) -> Vec<String> {
        let wanted = |_: &Agent| true;
        let is_theirs = |login: &str| {
            let first = login.split('.').next();
            first == Some(word) || surname_start(login).is_some_and(|start| &login[start..] == word)
        };
        let mut logins: Vec<String> = self
            .find(&Query::new(word), wanted, usize::MAX)
            .filter(|(_, login, _)| login.contains('.') && is_theirs(login))
            .map(|(_, _, agent)| agent.login.clone())
            .take(limit)
            .collect();
        logins.sort();
        logins
    }
}

impl Shown<Agent> for List {
    fn new(agents: impl IntoIterator<Item = Arc<Agent>>, taken_at: Option<Millis>) -> Self {
        Self { base: Arc::new(Index::new(agents)), taken_at, ..Self::default() }
    }

    fn taken_at(&self) -> Option<Millis> {
        self.taken_at
    }

    fn count(&self) -> usize {
        self.base.len() - self.hidden.count() + self.beside.len()
    }

    fn items(&self) -> impl Iterator<Item = Arc<Agent>> {
        self.in_base().chain(self.beside.agents().iter().cloned())
    }

    fn get(&self, id: &AgentId) -> Option<Arc<Agent>> {
        if let Some(rank) = self.beside.rank_of(id) {
            return Some(self.beside.agents()[rank].clone());
        }
        let rank = self.base.rank_of(id)?;
        (!self.hidden.has(rank)).then(|| self.base.agents()[rank].clone())
    }

    fn with(&self, agent: Arc<Agent>) -> Self {
        let mut list = self.without(&agent.id);
        let changed = list.beside.agents().iter().cloned().chain([agent]);
        if list.beside.len() >= BESIDE_MAX {
            let all: Vec<_> = list.in_base().chain(changed).collect();
            return Self::new(all, list.taken_at);
        }
        list.beside = Arc::new(Index::new(changed));
        list
    }

    fn with_missing<'a>(&self, agents: impl Iterator<Item = &'a Arc<Agent>>) -> Self {
        let missing: Vec<Arc<Agent>> = agents.filter(|agent| self.get(&agent.id).is_none()).cloned().collect();
        if missing.is_empty() {
            return self.clone();
        }
        if self.beside.len() + missing.len() > BESIDE_MAX {
            return Self::new(self.items().chain(missing), self.taken_at);
        }
        let beside = self.beside.agents().iter().cloned().chain(missing);
        Self { beside: Arc::new(Index::new(beside)), ..self.clone() }
    }

    fn without(&self, id: &AgentId) -> Self {
        let mut list = self.clone();
        if let Some(rank) = self.base.rank_of(id) {
            Arc::make_mut(&mut list.hidden).set(rank);
        }
        if self.beside.rank_of(id).is_some() {
            list.beside = Arc::new(Index::new(self.beside.agents().iter().filter(|a| a.id != *id).cloned()));
        }
        list
    }
}
