//! Looking: search, show, and finding the agent that a person means.

use rollcall_commands::{AgentText, Permission, agent};
use rollcall_telephony::{Ability, Agent, AgentRef, ConnectionName, FieldSpec, Millis, Section};
use serenity::model::id::UserId;

use super::{Desk, OWN_ACCOUNT_LASTS, Refusal, StatusLine};
use crate::directory::{Hit, Resolved};
use crate::policy::{Actor, Verdict};

/// What a person wants to do with the agent that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    /// What it needs of the person.
    pub permission: Permission,
    /// What it needs of the phone system.
    pub ability: Ability,
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Every hit, best first.
    pub hits: Vec<Hit>,
    /// How old each connection's list is, and what went wrong when it was last read.
    pub lists: Vec<ListAge>,
}

/// How old a connection's list is.
#[derive(Debug)]
pub struct ListAge {
    /// Which connection.
    pub connection: ConnectionName,
    /// When it was read; `None`: never.
    pub taken_at: Option<Millis>,
    /// What went wrong since.
    pub problem: Option<String>,
}

/// An agent's card.
#[derive(Debug)]
pub struct AgentCard {
    /// Which agent.
    pub agent: AgentRef,
    /// As just read.
    pub fresh: Agent,
    /// Every member in words.
    pub sections: Vec<Section>,
    /// What this person may do with it from here.
    pub may: Vec<Permission>,
    /// What its phone system keeps of it.
    pub keeps: Keeps,
    /// Who the person is on systems with logins and pauses, and how, as far as is known; this agent among them.
    pub presence: Vec<StatusLine>,
    /// When it was read.
    pub now: Millis,
}

/// What a phone system keeps of its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Accounts, which are enabled or disabled.
    Accounts,
    /// Only who is logged in or paused.
    Presence,
}

impl Desk {
    /// Finds agents.
    ///
    /// # Errors
    /// When the person may not, or no connection has that name.
    pub async fn search(&self, actor: &Actor, asked: &agent::Search) -> Result<Found, Refusal> {
        self.permit_somewhere(actor, Permission::AgentRead)?;
        let on = match &asked.connection {
            Some(name) => {
                let connection = self.named(name)?;
                self.permit(actor, Permission::AgentRead, &connection)?;
                self.able(&connection, Ability::ListAgents)?;
                vec![connection]
            }
            None => self.connections_for(actor, Permission::AgentRead, Ability::ListAgents),
        };
        let since = self.now();
        self.refresh_lists(&on).await;
        let found = || self.inner.directory.search(&asked.query, asked.state.unwrap_or_default(), &on);
        let mut hits = found();
        if hits.is_empty() {
            self.read_lists_since(&on, since).await;
            hits = found();
        }
        Ok(Found { hits, lists: self.list_ages(&on) })
    }

    /// Waits for lists no older than `refresh`; one that cannot be read stays as it is, and its age is told.
    pub(super) async fn refresh_lists(&self, on: &[ConnectionName]) {
        for connection in on {
            if let Err(error) = self.inner.directory.refresh(connection).await {
                tracing::warn!(%connection, %error, "the list of agents could not be read");
            }
        }
    }

    /// Waits for lists that were asked for at that time or later: who is looked for may be newer than a list that is fresh
    /// enough for all else. One that cannot be read stays as it is, and its age is told.
    async fn read_lists_since(&self, on: &[ConnectionName], since: Millis) {
        let reads = on.iter().map(|connection| self.inner.directory.refresh_since(connection, since));
        for (connection, read) in on.iter().zip(futures_util::future::join_all(reads).await) {
            if let Err(error) = read {
                tracing::warn!(%connection, %error, "the list of agents could not be read");
            }
        }
    }

    /// How old these connections' lists are.
    pub(crate) fn list_ages(&self, on: &[ConnectionName]) -> Vec<ListAge> {
        let of = |status: crate::directory::Status| ListAge {
            connection: status.connection,
            taken_at: status.taken_at,
            problem: status.last_error.map(|(_, why)| why),
        };
        self.inner.directory.status().into_iter().filter(|s| on.contains(&s.connection)).map(of).collect()
    }

    /// The agent's card, read fresh.
    ///
    /// # Errors
    /// When the person may not, no such agent is known, or the phone system does not answer.
    pub async fn show(&self, actor: &Actor, typed: &AgentText) -> Result<AgentCard, Refusal> {
        let agent = self.find_to_show(actor, typed).await?;
        let fresh = self.read_to_show(&agent).await?;
        self.remember(actor.id, &agent).await;
        let reading = self.reading(&agent.connection)?;
        let can = |permission, ability| {
            reading.abilities().has(ability)
                && matches!(
                    self.inner.policy.decide(actor, permission, Some(&agent.connection)),
                    Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. }
                )
        };
        let may = [
            (Permission::AgentEdit, Ability::EditAgent),
            (Permission::AgentDisable, Ability::DisableAgent),
            (Permission::AgentResetPassword, Ability::SetPassword),
            (Permission::AgentDelete, Ability::DeleteAgent),
            (Permission::PresenceWrite, Ability::Login),
        ];
        let may = may.into_iter().filter(|(p, a)| can(*p, *a)).map(|(p, _)| p).collect();
        let sections = reading.describe(&fresh);
        self.load_joined().await;
        let presence = self.presence_lines(actor, &agent);
        let accounts = reading.abilities().has(Ability::ListAgents);
        let keeps = if accounts { Keeps::Accounts } else { Keeps::Presence };
        Ok(AgentCard { sections, agent, fresh, may, keeps, presence, now: self.now() })
    }

    /// The agent that a card is wanted of: also one on a system that has no list, but logins.
    async fn find_to_show(&self, actor: &Actor, typed: &AgentText) -> Result<AgentRef, Refusal> {
        let permission = Permission::AgentRead;
        match self.find(actor, typed, Want { permission, ability: Ability::ListAgents }).await {
            Err(refusal @ (Refusal::Lacks { .. } | Refusal::NoAgent { .. })) => {
                let unlisted = self.find(actor, typed, Want { permission, ability: Ability::Login }).await;
                unlisted.map_err(|_| refusal)
            }
            found => found,
        }
    }

    /// The agent as just read. What a system without a list answers is put into none: it takes any login.
    async fn read_to_show(&self, agent: &AgentRef) -> Result<Agent, Refusal> {
        if self.able(&agent.connection, Ability::ListAgents).is_ok() {
            self.read_fresh(agent).await
        } else {
            self.named_there(agent).await
        }
    }

    /// The agent that a person means, among those on which they may do what they want.
    pub(super) async fn find(&self, actor: &Actor, typed: &AgentText, want: Want) -> Result<AgentRef, Refusal> {
        self.permit_somewhere(actor, want.permission)?;
        let on = self.connections_for(actor, want.permission, want.ability);
        if let Some(connection) = self.named_in(&typed.0) {
            self.permit(actor, want.permission, &connection)?;
            self.able(&connection, want.ability)?;
        }
        let since = self.now();
        self.inner.directory.ensure_loaded(&on).await;
        match self.inner.directory.resolve(&typed.0, &on) {
            Resolved::One(agent) => Ok(agent),
            Resolved::Several(hits) => Err(Refusal::SeveralAgents { typed: typed.0.clone(), hits }),
            Resolved::None(_) => {
                // It may be newer than the list: read once more before saying no.
                self.read_lists_since(&on, since).await;
                match self.inner.directory.resolve(&typed.0, &on) {
                    Resolved::One(agent) => Ok(agent),
                    Resolved::Several(hits) => Err(Refusal::SeveralAgents { typed: typed.0.clone(), hits }),
                    Resolved::None(near) => match self.exactly(&typed.0, &on) {
                        Some(agent) => Ok(agent),
                        None => Err(Refusal::NoAgent { typed: typed.0.clone(), near }),
                    },
                }
            }
        }
    }

    /// `connection:id` of an agent that no list holds: one created a second ago elsewhere, or any on a system that has no
    /// list. The fresh read tells.
    fn exactly(&self, typed: &str, on: &[ConnectionName]) -> Option<AgentRef> {
        let agent: AgentRef = typed.trim().parse().ok()?;
        let connected = self.inner.connections.get(&agent.connection).filter(|_| on.contains(&agent.connection))?;
        let digits = agent.id.as_str().bytes().all(|b| b.is_ascii_digit());
        let lists = connected.reading.abilities().has(Ability::ListAgents);
        (digits || !lists).then_some(agent)
    }

    /// The connection named before the colon, where there is one of that name.
    pub(super) fn named_in(&self, typed: &str) -> Option<ConnectionName> {
        let (name, _) = typed.split_once(':')?;
        let name = ConnectionName::new(name.trim()).ok()?;
        self.inner.connections.contains_key(&name).then_some(name)
    }

    pub(super) fn named(&self, typed: &str) -> Result<ConnectionName, Refusal> {
        ConnectionName::new(typed.trim())
            .ok()
            .filter(|name| self.inner.connections.contains_key(name))
            .ok_or_else(|| Refusal::NoConnection { typed: typed.to_owned(), known: self.connections() })
    }

    /// Reads one agent from its phone system, and lets the directory know.
    pub(super) async fn read_fresh(&self, agent: &AgentRef) -> Result<Agent, Refusal> {
        match self.reading(&agent.connection)?.agent(&agent.id).await {
            Ok(fresh) => {
                self.put(&agent.connection, fresh.clone()).await;
                Ok(fresh)
            }
            Err(error) => {
                if error.kind == rollcall_telephony::ErrorKind::NotFound {
                    self.inner.directory.forget(agent);
                }
                Err(error.into())
            }
        }
    }

    /// Lets the directory know an agent that was just read, and notes since when it has been seen disabled.
    pub(super) async fn put(&self, connection: &ConnectionName, agent: Agent) {
        self.inner.marks.saw(connection, &agent, self.now()).await;
        self.inner.directory.put(connection, agent);
    }

    /// Refuses to touch the account that the bot itself uses there (rule 11).
    pub(super) async fn not_our_own(&self, agent: &AgentRef, login: &str) -> Result<(), Refusal> {
        if self.own_account_id(&agent.connection).await?.as_ref() == Some(&agent.id) {
            return Err(Refusal::OwnAccount { connection: agent.connection.clone(), login: login.to_owned() });
        }
        Ok(())
    }

    /// The account that a phone system took us for when it was asked last, however long ago.
    pub(super) fn own_account_known(&self, connection: &ConnectionName) -> Option<rollcall_telephony::AgentId> {
        let own = self.inner.own.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        own.get(connection).and_then(|(_, id)| id.clone())
    }

    async fn own_account_id(
        &self,
        connection: &ConnectionName,
    ) -> Result<Option<rollcall_telephony::AgentId>, Refusal> {
        let now = self.now();
        {
            let own = self.inner.own.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some((at, id)) = own.get(connection)
                && now.since(*at) < OWN_ACCOUNT_LASTS
                && *at <= now
            {
                return Ok(id.clone());
            }
        }
        let reading = self.reading(connection)?;
        if !reading.abilities().has(Ability::OwnAccount) {
            return Ok(None);
        }
        let id = match reading.own_account().await {
            Ok(account) => Some(account.id),
            // It takes us for nobody in its list: then there is no account of ours to protect.
            Err(error) if error.kind == rollcall_telephony::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let mut own = self.inner.own.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        own.insert(connection.clone(), (now, id.clone()));
        Ok(id)
    }

    /// The fields of an agent that can be edited, with what the directory holds of them (a modal must open at once).
    #[must_use]
    pub fn fields(&self, agent: &AgentRef) -> Option<(Vec<(FieldSpec, String)>, String)> {
        let reading = self.reading(&agent.connection).ok()?;
        let known = self.inner.directory.get(agent)?;
        let fields = reading.fields().iter().map(|spec| {
            let key = rollcall_telephony::FieldKey(spec.key.to_owned());
            (*spec, reading.field(&known, &key).map(|v| v.to_string()).unwrap_or_default())
        });
        Some((fields.collect(), known.login.clone()))
    }

    /// The agent that a person may edit, for a menu of its fields.
    ///
    /// # Errors
    /// When the person may not, or no such agent is known.
    pub async fn editable(&self, actor: &Actor, typed: &AgentText) -> Result<AgentRef, Refusal> {
        let agent =
            self.find(actor, typed, Want { permission: Permission::AgentEdit, ability: Ability::EditAgent }).await?;
        self.may_edit(actor, &agent)?;
        // The form opens filled from memory, so what is there should be fresh.
        let fresh = self.read_fresh(&agent).await?;
        self.not_our_own(&agent, &fresh.login).await?;
        self.remember(actor.id, &agent).await;
        Ok(agent)
    }

    /// Whether a person may edit this agent; asks nobody.
    ///
    /// # Errors
    /// When they may not, or the phone system cannot.
    pub fn may_edit(&self, actor: &Actor, agent: &AgentRef) -> Result<(), Refusal> {
        self.permit(actor, Permission::AgentEdit, &agent.connection)?;
        self.able(&agent.connection, Ability::EditAgent).map(drop)
    }

    /// The agents this person used last, newest first, on connections where they may do what they want.
    #[must_use]
    pub fn used_last(&self, actor: UserId, on: &[ConnectionName], limit: usize) -> Vec<Hit> {
        let recents = self.inner.recents.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        recents
            .iter()
            .filter(|r| r.actor == actor && on.contains(&r.agent.connection))
            .filter_map(|r| {
                let agent = self.inner.directory.get(&r.agent)?;
                Some(Hit {
                    agent: r.agent.clone(),
                    login: agent.login.clone(),
                    name: agent.name.clone(),
                    state: agent.state,
                })
            })
            .take(limit)
            .collect()
    }

    /// Free logins for what was typed, on the source's connection.
    #[must_use]
    pub fn login_offers(&self, actor: &Actor, source: Option<&str>, typed: &str, limit: usize) -> Vec<String> {
        let on = self.connections_for(actor, Permission::AgentClone, Ability::CloneAgent);
        let connection = match source.map(|s| self.inner.directory.resolve(s, &on)) {
            Some(Resolved::One(agent)) => agent.connection,
            Some(Resolved::Several(_) | Resolved::None(_)) | None => match on.as_slice() {
                [only] => only.clone(),
                _ => return Vec::new(),
            },
        };
        let Some(rules) = self.reading(&connection).ok().and_then(|r| r.provisioning()) else { return Vec::new() };
        self.inner.directory.offer_logins(&connection, &rules.login_pattern, typed, limit)
    }
}
