//! Who is in, who is paused, since when: as far as the bot was asked for it. Nobody is asked here.

use std::time::Duration;

use rollcall_commands::{AgentText, Permission, agent};
use rollcall_telephony::{Ability, AgentRef, ConnectionName, Millis};

use super::known::{Existence, KnownState, Noted};
use crate::desk::lookup::Want;
use crate::desk::{Desk, Refusal};
use crate::policy::Actor;

/// Who is how.
#[derive(Debug)]
pub struct Statuses {
    /// Whose status it is: an agent's login, or the name of a person who is several; `None`: everybody's.
    pub who: Option<String>,
    /// On which connections.
    pub on: Vec<ConnectionName>,
    /// Those who are in first, then the paused, the doubtful, those who are out, and those of whom nothing is known.
    pub lines: Vec<StatusLine>,
    /// The connections on which whoever asks may change presence.
    pub may: Vec<ConnectionName>,
    /// When this was looked at.
    pub now: Millis,
    /// Connections on which the person is somebody, but which have no presence.
    pub silent: Vec<ConnectionName>,
}

/// One agent's line.
#[derive(Debug)]
pub struct StatusLine {
    /// Which agent.
    pub agent: AgentRef,
    /// Its login, for people.
    pub login: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// What is known; `None`: nothing was ever asked.
    pub noted: Option<Noted>,
    /// Until when lists show it, where no list names the agent and no answer showed that there is one: its login may be
    /// mistyped.
    pub leaves: Option<Millis>,
}

/// For so long lists show a doubt about an agent of whom nobody knows otherwise: until the same time tomorrow.
const DOUBT_SHOWN: Duration = Duration::from_hours(24);

/// What it needs to be told of somebody's presence.
const WANT: Want = Want { permission: Permission::PresenceRead, ability: Ability::Login };

impl Desk {
    /// Who is in, who is paused, since when.
    ///
    /// # Errors
    /// When the person may not, no such agent or connection is known, or the connection has no presence.
    pub async fn status(&self, actor: &Actor, asked: &agent::Status) -> Result<Statuses, Refusal> {
        self.permit_somewhere(actor, Permission::PresenceRead)?;
        let on = match &asked.connection {
            Some(name) => {
                let connection = self.named(name)?;
                self.permit(actor, Permission::PresenceRead, &connection)?;
                self.able(&connection, Ability::Login)?;
                vec![connection]
            }
            None => self.connections_for(actor, Permission::PresenceRead, Ability::Login),
        };
        if let Some(typed) = &asked.agent {
            return self.status_of(actor, typed, on).await;
        }
        self.inner.directory.ensure_loaded(&on).await;
        Ok(self.status_of_all(on))
    }

    async fn status_of(&self, actor: &Actor, typed: &AgentText, on: Vec<ConnectionName>) -> Result<Statuses, Refusal> {
        self.load_joined().await;
        let meant = match self.find(actor, typed, WANT).await {
            Ok(agent) => agent,
            Err(refusal) => match self.elsewhere(actor, typed, WANT, refusal) {
                // Whoever is several is shown as all of them, whichever was named.
                Refusal::Elsewhere { hits, person, connection, ability } => match hits.first() {
                    Some(hit) => hit.agent.clone(),
                    None => return Err(Refusal::Elsewhere { hits, person, connection, ability }),
                },
                other => return Err(other),
            },
        };
        let Some(joined) = self.joined(&meant) else {
            let line = self.line(meant);
            let who = if line.name.is_empty() { &line.login } else { &line.name };
            let (who, may) = (Some(who.clone()), self.may_change(actor));
            return Ok(Statuses { who, on, lines: vec![line], may, now: self.now(), silent: Vec::new() });
        };
        let has = |agent: &AgentRef| self.able(&agent.connection, Ability::Login).is_ok();
        let silent = joined.agents.iter().filter(|agent| !has(agent)).map(|agent| agent.connection.clone()).collect();
        let lines = joined.agents.into_iter().filter(|agent| on.contains(&agent.connection));
        let lines = lines.map(|agent| self.line(agent)).collect();
        Ok(Statuses { who: Some(joined.name), on, lines, may: self.may_change(actor), now: self.now(), silent })
    }

    fn may_change(&self, actor: &Actor) -> Vec<ConnectionName> {
        self.connections_for(actor, Permission::PresenceWrite, Ability::Login)
    }

    /// The agent, and who the person is elsewhere, on systems with logins where this person may read presence.
    pub(in crate::desk) fn presence_lines(&self, actor: &Actor, agent: &AgentRef) -> Vec<StatusLine> {
        let on = self.connections_for(actor, WANT.permission, WANT.ability);
        let agents = self.joined(agent).map_or_else(|| vec![agent.clone()], |joined| joined.agents);
        agents.into_iter().filter(|agent| on.contains(&agent.connection)).map(|agent| self.line(agent)).collect()
    }

    /// Everybody of these connections: those of the settings, and those who were asked for something.
    fn status_of_all(&self, on: Vec<ConnectionName>) -> Statuses {
        let mut agents: Vec<AgentRef> = Vec::new();
        for connection in &on {
            let listed = self.inner.directory.all(connection).into_iter();
            let listed = listed.map(|agent| AgentRef::new(connection.clone(), agent.id.clone()));
            let noted = self.inner.presences.on(connection).into_iter().map(|noted| noted.agent);
            for agent in listed.chain(noted) {
                if !agents.contains(&agent) {
                    agents.push(agent);
                }
            }
        }
        let now = self.now();
        let lines = agents.into_iter().map(|agent| self.line(agent));
        let mut lines: Vec<StatusLine> = lines.filter(|line| self.is_shown(line, now)).collect();
        lines.sort_by_cached_key(|line| (order(line), line.name.to_lowercase(), line.login.to_lowercase()));
        Statuses { who: None, on, lines, may: Vec::new(), now: self.now(), silent: Vec::new() }
    }

    /// Whether a list names an agent: not one that there is not, nor for ever one whose login may be mistyped.
    fn is_shown(&self, line: &StatusLine, now: Millis) -> bool {
        let denied = line.noted.as_ref().is_some_and(|noted| noted.known.existence() == Existence::Denied);
        let listed = self.inner.directory.get(&line.agent).is_some();
        listed || (!denied && line.leaves.is_none_or(|leaves| now < leaves))
    }

    fn line(&self, agent: AgentRef) -> StatusLine {
        let noted = self.inner.presences.of(&agent);
        let hit = self.hit_of(&agent);
        let (login, name) = match &noted {
            Some(known) if hit.name.is_empty() => (known.known.login.clone(), known.known.name.clone()),
            Some(_) | None => (hit.login, hit.name),
        };
        let unlisted = self.inner.directory.get(&agent).is_none();
        let unproven = noted.as_ref().filter(|noted| noted.known.existence() == Existence::Unproven);
        let leaves = unproven.filter(|_| unlisted).map(|noted| noted.at + DOUBT_SHOWN);
        StatusLine { agent, login, name, noted, leaves }
    }
}

/// Those who are in come first.
fn order(line: &StatusLine) -> u8 {
    match line.noted.as_ref().map(|noted| &noted.known.state) {
        Some(KnownState::LoggedIn) => 0,
        Some(KnownState::Paused { .. }) => 1,
        Some(KnownState::Doubtful { .. }) => 2,
        Some(KnownState::LoggedOut) => 3,
        Some(KnownState::NoSuchAgent) => 4,
        None => 5,
    }
}
