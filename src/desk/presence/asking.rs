//! From what a person typed to an act: which agent, on which connection, and who it is elsewhere.

use rollcall_commands::{AgentText, Permission};
use rollcall_telephony::{
    Ability, Agent, AgentRef, ErrorKind, LoginNeeds, LoginOffers, PresenceChange, PresenceWriting, Unfit,
};

use super::act::{Also, AlsoAgent, PresenceAct, PresencePart, ability};
use crate::desk::act::Act;
use crate::desk::lookup::Want;
use crate::desk::{Asked, Desk, Refusal};
use crate::directory::{Hit, Resolved};
use crate::policy::Actor;

impl Desk {
    /// Logs an agent in or out, pauses or unpauses it, at once; its report follows by itself.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn set_presence(
        &self,
        actor: &Actor,
        typed: &AgentText,
        change: PresenceChange,
        asked: Asked,
    ) -> Result<(), Refusal> {
        let want = Want { permission: Permission::PresenceWrite, ability: ability(&change) };
        self.load_joined().await;
        let agent = match self.find(actor, typed, want).await {
            Ok(agent) => agent,
            Err(refusal) => return Err(self.elsewhere(actor, typed, want, refusal)),
        };
        self.permit(actor, Permission::PresenceWrite, &agent.connection)?;
        let known = self.named_there(&agent).await?;
        let change = self.as_taken(&agent, &known, change)?;
        let also = self.also(actor, &agent, want);
        let act = PresenceAct {
            who: called(&known),
            first: PresencePart {
                agent: agent.clone(),
                login: known.login,
                name: known.name,
                first: None,
                note: self.note_of(&agent, &change),
                change,
                before: None,
            },
            others: Vec::new(),
            also,
        };
        self.remember(actor.id, &agent).await;
        self.start(actor, Act::Presence(Box::new(act)), asked, None).await.map(drop)
    }

    /// What a login of the agent that was typed may name; nothing where it is not known, or this person may not. From
    /// memory.
    #[must_use]
    pub fn presence_offers(&self, actor: &Actor, typed: Option<&str>) -> LoginOffers {
        let want = Want { permission: Permission::PresenceWrite, ability: Ability::Login };
        self.meant(actor, typed, want)
            .and_then(|agent| Some(self.presence_on(&agent, Ability::Login).ok()?.login_offers(&agent.id)))
            .unwrap_or_default()
    }

    /// The pauses that the phone system of the agent that was typed knows; without one, those of every phone system
    /// on which this person may pause. From memory.
    #[must_use]
    pub fn pause_reasons(&self, actor: &Actor, typed: Option<&str>) -> Vec<String> {
        let want = Want { permission: Permission::PresenceWrite, ability: Ability::Pause };
        let on = match self.meant(actor, typed, want) {
            Some(agent) => vec![agent.connection],
            None => self.connections_for(actor, want.permission, want.ability),
        };
        let mut reasons: Vec<String> = Vec::new();
        for connection in on {
            let presence = self.connected(&connection).ok().and_then(|connected| connected.presence.as_ref());
            for reason in presence.into_iter().flat_map(|presence| &presence.rules().pauses) {
                if !reasons.contains(reason) {
                    reasons.push(reason.clone());
                }
            }
        }
        reasons
    }

    /// The agent that was typed, as far as memory tells.
    fn meant(&self, actor: &Actor, typed: Option<&str>, want: Want) -> Option<AgentRef> {
        let on = self.connections_for(actor, want.permission, want.ability);
        match self.inner.directory.resolve(typed?, &on) {
            Resolved::One(agent) => Some(agent),
            Resolved::Several(_) | Resolved::None(_) => {
                typed?.trim().parse().ok().filter(|agent: &AgentRef| on.contains(&agent.connection))
            }
        }
    }

    /// The agent as its connection names it. It is put into no list: a system without one takes any login, and whether
    /// there is such an agent is known once it answered.
    pub(in crate::desk) async fn named_there(&self, agent: &AgentRef) -> Result<Agent, Refusal> {
        match self.reading(&agent.connection)?.agent(&agent.id).await {
            Err(error) if error.kind == ErrorKind::NotFound => Err(Refusal::NotInSettings { agent: agent.clone() }),
            answer => Ok(answer?),
        }
    }

    /// The writing half of presence; the refusal names what the connection lacks.
    pub(super) fn presence_on(&self, agent: &AgentRef, needs: Ability) -> Result<&dyn PresenceWriting, Refusal> {
        let connected = self.able(&agent.connection, needs)?;
        let lacks = || Refusal::Lacks { connection: agent.connection.clone(), ability: needs };
        connected.presence.as_deref().ok_or_else(lacks)
    }

    /// What a change does on this agent's connection beside what its name says.
    pub(super) fn note_of(&self, agent: &AgentRef, change: &PresenceChange) -> String {
        let rules = self.presence_on(agent, ability(change)).map(PresenceWriting::rules);
        match (change, rules) {
            (PresenceChange::Unpause, Ok(rules)) => rules.unpause_also.to_owned(),
            (PresenceChange::LogIn { .. } | PresenceChange::LogOut | PresenceChange::Pause { .. }, _)
            | (PresenceChange::Unpause, Err(_)) => String::new(),
        }
    }

    /// A change as the phone system takes it: in its own words, and with what the settings tell where nothing was typed.
    fn as_taken(&self, agent: &AgentRef, known: &Agent, change: PresenceChange) -> Result<PresenceChange, Refusal> {
        let presence = self.presence_on(agent, ability(&change))?;
        let (rules, on) = (presence.rules(), &agent.connection);
        match (rules.in_its_words(change), rules.login) {
            (PresenceChange::LogIn { extension, queue }, LoginNeeds::ExtensionAndQueue) => {
                let offers = presence.login_offers(&agent.id);
                let extension = extension.or_else(|| offers.extensions.first().cloned());
                let queue = queue.or_else(|| offers.queue.clone());
                match lacking(extension.as_ref(), queue.as_ref(), &offers) {
                    None => Ok(PresenceChange::LogIn { extension, queue }),
                    Some(lacking) => {
                        let who = called(known);
                        Err(Refusal::Incomplete(format!("To log {who} in on {on}, name {lacking}.")))
                    }
                }
            }
            (change, LoginNeeds::Nothing | LoginNeeds::ExtensionAndQueue) => Ok(change),
        }
    }

    /// Refuses an act of which nothing could be asked. Where one part of several cannot, that part alone is told as not
    /// done.
    pub(in crate::desk) fn fits(&self, act: &PresenceAct) -> Result<(), Refusal> {
        let mut first = None;
        for part in act.parts().filter(|part| part.before.is_none()) {
            match self.part_fits(part) {
                Ok(()) => return Ok(()),
                Err(refusal) => first = first.or(Some(refusal)),
            }
        }
        first.map_or(Ok(()), Err)
    }

    fn part_fits(&self, part: &PresencePart) -> Result<(), Refusal> {
        let on = &part.agent.connection;
        let fits = self.presence_on(&part.agent, ability(&part.change))?.check(&part.agent.id, &part.change);
        fits.map_err(|unfit| match unfit {
            Unfit::Lacking(sentence) => Refusal::Incomplete(format!("On {on}, {sentence}.")),
            Unfit::Wrong(sentence) => Refusal::Value(format!("On {on}, {sentence}.")),
        })
    }

    /// Who the agent is elsewhere, where this person may do the same.
    fn also(&self, actor: &Actor, agent: &AgentRef, want: Want) -> Option<Also> {
        let joined = self.joined(agent)?;
        let on = self.connections_for(actor, want.permission, want.ability);
        let others = joined.agents.into_iter().filter(|other| other != agent && on.contains(&other.connection));
        let agents: Vec<AlsoAgent> = others
            .map(|other| {
                let hit = self.hit_of(&other);
                AlsoAgent { agent: other, login: hit.login, name: hit.name }
            })
            .collect();
        (!agents.is_empty()).then_some(Also { person: joined.name, agents })
    }

    /// The refusal, with the agents that the same person is where it could be done.
    pub(super) fn elsewhere(&self, actor: &Actor, typed: &AgentText, want: Want, refusal: Refusal) -> Refusal {
        if !matches!(refusal, Refusal::Lacks { .. } | Refusal::NoAgent { .. }) {
            return refusal;
        }
        let Resolved::One(agent) = self.inner.directory.resolve(&typed.0, &self.connections()) else { return refusal };
        let Some(joined) = self.joined(&agent) else { return refusal };
        let on = self.connections_for(actor, want.permission, want.ability);
        let there = joined.agents.iter().filter(|other| on.contains(&other.connection));
        let hits: Vec<Hit> = there.map(|other| self.hit_of(other)).collect();
        if hits.is_empty() {
            return refusal;
        }
        Refusal::Elsewhere { person: joined.name, connection: agent.connection, ability: want.ability, hits }
    }

    /// An agent as the directory knows it; else by its id.
    pub(super) fn hit_of(&self, agent: &AgentRef) -> Hit {
        match self.inner.directory.get(agent) {
            Some(known) => {
                Hit { agent: agent.clone(), login: known.login.clone(), name: known.name.clone(), state: known.state }
            }
            None => Hit {
                agent: agent.clone(),
                login: agent.id.as_str().to_owned(),
                name: String::new(),
                state: rollcall_telephony::AgentState::Unknown,
            },
        }
    }
}

/// What people call an agent: by its name, where there is one.
fn called(agent: &Agent) -> String {
    if agent.name.is_empty() { agent.login.clone() } else { agent.name.clone() }
}

/// What a login still has to name.
fn lacking(extension: Option<&String>, queue: Option<&String>, offers: &LoginOffers) -> Option<String> {
    match (extension, queue) {
        (Some(_), Some(_)) => None,
        (None, Some(_)) => Some("an extension: add extension: with its number, such as 2001".to_owned()),
        (None, None) => Some("an extension and a queue: add extension: and queue:".to_owned()),
        (Some(_), None) if offers.queues.is_empty() => Some("a queue: add queue: with its name".to_owned()),
        (Some(_), None) => Some(format!("a queue: add queue: with its name; there are {}", offers.queues.join(", "))),
    }
}
