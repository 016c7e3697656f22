//! What follows from a change of presence: what is known of the agents now, and what is offered next.

use rollcall_telephony::{Ability, AgentRef, ConnectionName, PresenceAnswer, PresenceChange};
use serenity::model::id::UserId;

use super::act::{Also, AlsoAgent, PartOutcome, PresenceAct, PresencePart};
use super::known::{Existence, Known, Noted};
use super::picking::BreakToPick;
use crate::desk::Desk;
use crate::desk::act::Act;
use crate::desk::offers::Offered;
use crate::desk::report::{Next, NextWhat, Outcome};
use crate::ledger::{Intent, Requested};

impl Desk {
    /// What is known of the agents after an act, to be kept with its conclusion. When it was asked for counts: the answer
    /// to what was asked earlier may come later.
    pub(in crate::desk) fn noted_after(&self, intent: &Intent, act: &Act, outcome: &Outcome) -> Vec<Noted> {
        let (Act::Presence(act), Outcome::Presence { parts }) = (act, outcome) else { return Vec::new() };
        let now = self.now();
        // What was done a moment ago was noted then.
        let asked = act.parts().zip(parts).filter(|(part, _)| part.before.is_none());
        asked
            .filter_map(|(part, outcome)| {
                let before = self.inner.presences.of(&part.agent);
                let known = Known::after(before.as_ref().map(|noted| &noted.known), part, outcome, now)?;
                Some(Noted { agent: part.agent.clone(), at: intent.recorded_at, by: intent.actor, known })
            })
            .collect()
    }

    /// That, as the ledger keeps it.
    pub(in crate::desk) fn as_requested(noted: &[Noted]) -> Vec<Requested> {
        let body = |noted: &Noted| serde_json::to_string(&noted.known).ok();
        noted
            .iter()
            .filter_map(|noted| {
                Some(Requested { agent: noted.agent.clone(), at: noted.at, actor: noted.by, body: body(noted)? })
            })
            .collect()
    }

    /// Takes in what was kept, unless something that was asked later is known already: in memory, and agents that no
    /// list names.
    pub(in crate::desk) async fn know(&self, noted: Vec<Noted>) {
        for noted in noted {
            if self.inner.presences.note(noted.clone()) {
                self.know_agent(&noted).await;
            }
        }
    }

    /// Agents that no list names are offered once an answer showed that they are there, and no longer once one says that
    /// they are not.
    pub(in crate::desk) async fn know_agent(&self, noted: &Noted) {
        let offered = self.inner.directory.get(&noted.agent).is_some();
        match noted.known.existence() {
            Existence::Proven if !offered => {
                if let Ok(agent) = self.named_there(&noted.agent).await {
                    self.inner.directory.remember(&noted.agent, agent);
                }
            }
            Existence::Denied if offered && !self.is_listed(&noted.agent).await => {
                self.inner.directory.forget(&noted.agent);
            }
            Existence::Proven | Existence::Denied | Existence::Unproven => {}
        }
    }

    /// Whether the connection's own list names an agent; where it has none, the settings' list does. One that can be read
    /// afresh is right by itself.
    async fn is_listed(&self, agent: &AgentRef) -> bool {
        let Ok(reading) = self.reading(&agent.connection) else { return false };
        reading.abilities().has(Ability::ListAgents)
            || reading.agents().await.is_ok_and(|all| all.iter().any(|listed| listed.id == agent.id))
    }

    /// What is offered after a change of presence.
    pub(in crate::desk) async fn next_after(&self, actor: UserId, act: &Act, outcome: &Outcome) -> Vec<Next> {
        let (Act::Presence(act), Outcome::Presence { parts }) = (act, outcome) else { return Vec::new() };
        let plain = |(what, act)| (what, Offered::Act(Act::Presence(Box::new(act))));
        let offers = [self.on_all(act, parts), pause_anew(act, parts).map(plain), again(act, parts).map(plain)];
        let mut next = Vec::new();
        for (what, offered) in offers.into_iter().flatten() {
            match self.make_offer(actor, &offered).await {
                Ok((offer, until)) => next.push(Next { offer: offer.0, until, what }),
                Err(refusal) => tracing::warn!(?refusal, "what could be done next could not be offered"),
            }
        }
        next
    }

    /// The same for all agents of the person. What was done is not asked again. A pause that a connection does not know
    /// under these words takes a pick among its own breaks; with several such connections, one after the other.
    fn on_all(&self, act: &PresenceAct, parts: &[PartOutcome]) -> Option<(NextWhat, Offered)> {
        let also = act.also.as_ref()?;
        let before = parts.first().filter(|outcome| outcome.is_done()).cloned();
        let first = PresencePart { before, ..act.first.clone() };
        let mut all = PresenceAct { who: also.person.clone(), first, others: Vec::new(), also: None };
        let mut pick: Option<(ConnectionName, Vec<String>)> = None;
        let mut left = Vec::new();
        for other in &also.agents {
            let part = self.same_for(other, &act.first.change);
            match (self.breaks_for(&part), &pick) {
                (Some(_), Some((on, _))) if *on != part.agent.connection => left.push(other.clone()),
                (Some(breaks), None) => {
                    pick = Some((part.agent.connection.clone(), breaks));
                    all.others.push(part);
                }
                (Some(_), Some(_)) | (None, _) => all.others.push(part),
            }
        }
        let person = also.person.clone();
        let Some((on, breaks)) = pick else {
            return Some((NextWhat::OnAll { person }, Offered::Act(Act::Presence(Box::new(all)))));
        };
        all.also = (!left.is_empty()).then(|| Also { person: person.clone(), agents: left });
        let what = NextWhat::Break { person, on: on.clone(), breaks: breaks.clone() };
        Some((what, Offered::Break(Box::new(BreakToPick::new(all, on, breaks)))))
    }

    /// The same change for another agent: where it logs in is that agent's own.
    fn same_for(&self, other: &AlsoAgent, change: &PresenceChange) -> PresencePart {
        let presence = self.presence_on(&other.agent, super::act::ability(change)).ok();
        let change = match change {
            PresenceChange::LogIn { .. } => {
                let offers = presence.map(|presence| presence.login_offers(&other.agent.id)).unwrap_or_default();
                PresenceChange::LogIn { extension: offers.extensions.into_iter().next(), queue: offers.queue }
            }
            PresenceChange::Pause { .. } => match presence {
                Some(presence) => presence.rules().in_its_words(change.clone()),
                None => change.clone(),
            },
            PresenceChange::LogOut | PresenceChange::Unpause => change.clone(),
        };
        PresencePart {
            agent: other.agent.clone(),
            login: other.login.clone(),
            name: other.name.clone(),
            first: None,
            note: self.note_of(&other.agent, &change),
            change,
            before: None,
        }
    }
}

/// Those who were paused already are unpaused and paused again, for the reason that was asked for.
fn pause_anew(act: &PresenceAct, parts: &[PartOutcome]) -> Option<(NextWhat, PresenceAct)> {
    let reason = act.reason()?.to_owned();
    let already = PartOutcome::Done { answer: PresenceAnswer::Already };
    let anew = some_of(
        act,
        parts,
        |outcome| *outcome == already,
        |part| PresencePart { first: Some(PresenceChange::Unpause), ..part },
    )?;
    Some((NextWhat::PauseAnew { reason }, anew))
}

/// What nobody can tell of is asked once more, if somebody wants that.
fn again(act: &PresenceAct, parts: &[PartOutcome]) -> Option<(NextWhat, PresenceAct)> {
    let untold = |outcome: &PartOutcome| matches!(outcome, PartOutcome::Untold { .. });
    Some((NextWhat::Again, some_of(act, parts, untold, |part| part)?))
}

/// An act of those parts alone that came to such an end.
fn some_of(
    act: &PresenceAct,
    parts: &[PartOutcome],
    such: impl Fn(&PartOutcome) -> bool,
    altered: impl Fn(PresencePart) -> PresencePart,
) -> Option<PresenceAct> {
    let fitting = act.parts().zip(parts).filter(|(part, outcome)| part.before.is_none() && such(outcome));
    let mut fitting = fitting.map(|(part, _)| altered(part.clone()));
    let first = fitting.next()?;
    let others: Vec<PresencePart> = fitting.collect();
    let who = if others.is_empty() { first.called().to_owned() } else { act.who.clone() };
    Some(PresenceAct { who, first, others, also: None })
}
