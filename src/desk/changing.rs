//! Changes of one agent that can be looked up afterwards: enabled, disabled, edited. Sent, read back, and looked at again
//! after a lost answer.

use async_trait::async_trait;
use rollcall_telephony::{Ability, Agent, AgentRef, AgentState, Authorized, Connected, Error, ErrorKind, Reading};

use super::act::{Act, EditAct, StateAct};
use super::changes::{is_so, rights_touched};
use super::conduct::Conduct;
use super::prepare::{Prepared, same_as_shown};
use super::report::Outcome;
use super::settle::MOST_ATTEMPTS;
use super::step::{Ending, Step, authorize, in_words, unfinished, unsent};
use super::{Desk, Refusal};
use crate::ledger::{Intent, IntentState};

/// A change of one agent.
#[derive(Debug, Clone, Copy)]
enum AgentChange<'a> {
    /// It is enabled or disabled.
    State(&'a StateAct),
    /// Fields are set.
    Edit(&'a EditAct),
}

impl AgentChange<'_> {
    const fn agent(&self) -> &AgentRef {
        match self {
            Self::State(state) => &state.agent,
            Self::Edit(edit) => &edit.agent,
        }
    }

    fn login(&self) -> &str {
        match self {
            Self::State(state) => &state.login,
            Self::Edit(edit) => &edit.login,
        }
    }

    /// The fingerprint of the record as it was shown.
    fn shown(&self) -> &str {
        match self {
            Self::State(state) => &state.fingerprint,
            Self::Edit(edit) => &edit.fingerprint,
        }
    }

    /// Whether the agent is as it is to be.
    fn is_so(&self, reading: &dyn Reading, agent: &Agent) -> bool {
        match self {
            Self::State(state) => agent.state == state.to,
            Self::Edit(edit) => is_so(reading, agent, &edit.change),
        }
    }

    /// Asks the phone system for it.
    async fn send(&self, by: &Authorized, on: &Connected, before: &Agent) -> Result<Agent, Error> {
        let id = &self.agent().id;
        match self {
            Self::State(state) => match state.to {
                AgentState::Enabled => on.writing.enable_agent(by, id).await,
                AgentState::Disabled | AgentState::Unknown => on.writing.disable_agent(by, id).await,
            },
            Self::Edit(edit) => on.writing.edit_agent(by, before, &edit.change).await,
        }
    }
}

#[async_trait]
impl Conduct for StateAct {
    fn ability(&self) -> Ability {
        Ability::DisableAgent
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let fresh = desk.read_fresh(&self.agent).await?;
        desk.not_our_own(&self.agent, &fresh.login).await?;
        if fresh.state == self.to {
            return Err(Refusal::Already { login: fresh.login, how: self.to.to_string() });
        }
        same_as_shown(&fresh, &self.fingerprint, &[])?;
        let second = match self.to {
            AgentState::Enabled => desk.second_for_rights(fresh.rights.highest()),
            AgentState::Disabled | AgentState::Unknown => None,
        };
        Ok(Prepared { agent: Some(fresh), second, ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.send_change(intent, AgentChange::State(self), on, prepared.agent).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.look_at_change(intent, AgentChange::State(self), on).await
    }

    fn inverse(&self, after: String) -> Option<Act> {
        let to = match self.to {
            AgentState::Enabled => AgentState::Disabled,
            AgentState::Disabled | AgentState::Unknown => AgentState::Enabled,
        };
        Some(Act::SetState(Self { to, reason: None, fingerprint: after, then_delete: None, ..self.clone() }))
    }
}

#[async_trait]
impl Conduct for EditAct {
    fn ability(&self) -> Ability {
        Ability::EditAgent
    }

    async fn prepare(&self, desk: &Desk) -> Result<Prepared, Refusal> {
        let fresh = desk.read_fresh(&self.agent).await?;
        desk.not_our_own(&self.agent, &fresh.login).await?;
        let reading = desk.reading(&self.agent.connection)?;
        let moved: Vec<String> = self
            .before
            .iter()
            .filter(|(key, value)| reading.field(&fresh, key).as_ref() != Some(value))
            .map(|(key, _)| {
                let spec = reading.fields().iter().find(|f| f.key == key.0);
                spec.map_or_else(|| key.0.clone(), |f| f.label.to_owned())
            })
            .collect();
        same_as_shown(&fresh, &self.fingerprint, &moved)?;
        let second = desk.second_for_rights(rights_touched(&fresh, &self.change));
        Ok(Prepared { agent: Some(fresh), second, ..Prepared::default() })
    }

    async fn send(&self, desk: &Desk, intent: &Intent, on: &Connected, prepared: Prepared) -> Step {
        desk.send_change(intent, AgentChange::Edit(self), on, prepared.agent).await
    }

    async fn look(&self, desk: &Desk, intent: &Intent, on: &Connected) -> Step {
        desk.look_at_change(intent, AgentChange::Edit(self), on).await
    }

    fn inverse(&self, after: String) -> Option<Act> {
        let (change, before) = (self.before.clone(), self.change.clone());
        Some(Act::Edit(Self { change, before, fingerprint: after, ..self.clone() }))
    }
}

impl Desk {
    /// Sends a change of an agent that is still as it was shown.
    async fn send_change(
        &self,
        intent: &Intent,
        change: AgentChange<'_>,
        on: &Connected,
        prepared: Option<Agent>,
    ) -> Step {
        let before = match prepared {
            Some(before) => before,
            None => match on.reading.agent(&change.agent().id).await {
                Ok(before) => before,
                Err(error) => return unsent(&error),
            },
        };
        if before.record.fingerprint() != change.shown() {
            return Ending::failed(format!("{} is not as it was shown any more", change.login()));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        match change.send(&authorize(intent), on, &before).await {
            Ok(after) => self.changed(change, on, &before, after).await,
            Err(error) => unfinished(&error),
        }
    }

    /// A change was answered: what is different is read back, not believed.
    async fn changed(&self, change: AgentChange<'_>, on: &Connected, before: &Agent, echoed: Agent) -> Step {
        let connection = &change.agent().connection;
        let after = on.reading.agent(&echoed.id).await.unwrap_or(echoed);
        self.put(connection, after.clone()).await;
        if !change.is_so(&*on.reading, &after) {
            return Ending::untold(format!("{connection} answered that it was done, but the record reads otherwise"));
        }
        let differs = in_words(on, before.record.differences(&after.record));
        Ending { after: Some(after), ..Ending::new(IntentState::Done, Outcome::Changed { differs }) }.step()
    }

    /// Looks up what came of a change that was sent.
    async fn look_at_change(&self, intent: &Intent, change: AgentChange<'_>, on: &Connected) -> Step {
        let fresh = match on.reading.agent(&change.agent().id).await {
            Ok(fresh) => fresh,
            Err(error) if error.kind == ErrorKind::NotFound => return Ending::failed(error.to_string()),
            Err(error) => return Step::Later(error.to_string()),
        };
        if change.is_so(&*on.reading, &fresh) {
            return self.changed(change, on, &fresh.clone(), fresh).await;
        }
        if fresh.record.fingerprint() != change.shown() {
            return Ending::untold(format!("{} was changed by somebody else meanwhile", change.login()));
        }
        if intent.attempts < MOST_ATTEMPTS {
            return self.send_change(intent, change, on, None).await;
        }
        Ending::untold(format!("{} did not do it, asked {MOST_ATTEMPTS} times", change.agent().connection))
    }
}
