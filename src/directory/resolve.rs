//! Whom a person means who typed an agent instead of picking one.

use rollcall_telephony::{AgentId, AgentRef, ConnectionName};

use super::listed::Shown as _;
use super::{Directory, Hit, hit};

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

impl Directory {
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
                None if list.taken_at().is_none() => {
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
