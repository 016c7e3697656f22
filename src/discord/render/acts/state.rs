//! An agent's account, switched off or on.

use rollcall_telephony::AgentState;

use super::end::{End, Log};
use super::{Words, because, named};
use crate::desk::{Outcome, RequestCard, StateAct};
use crate::discord::message::{Message, Tone};
use crate::discord::text::escaped;

/// What is done, to stand before a login.
const fn verb(to: AgentState) -> &'static str {
    match to {
        AgentState::Enabled => "enable",
        AgentState::Disabled | AgentState::Unknown => "disable",
    }
}

impl Words for StateAct {
    fn to_do(&self) -> String {
        format!("{} {} on {}", verb(self.to), named(&self.login), self.agent.connection)
    }

    fn wanted(&self) -> String {
        let verb = match self.to {
            AgentState::Enabled => "Enabling",
            AgentState::Disabled | AgentState::Unknown => "Disabling",
        };
        format!("{verb} {} on {}", escaped(&self.login, 100), self.agent.connection)
    }

    fn approve(&self) -> String {
        format!("{} {}", verb(self.to), self.login)
    }

    fn undo(&self) -> String {
        let back = match self.to {
            AgentState::Enabled => AgentState::Disabled,
            AgentState::Disabled | AgentState::Unknown => AgentState::Enabled,
        };
        format!("Undo: {} {}", verb(back), self.login)
    }

    fn follows(&self) -> Option<&'static str> {
        self.then_delete.as_ref().map(|_| "Next: the approvers are asked to delete it, as you wanted.")
    }

    fn notes(&self, _: &RequestCard) -> Vec<String> {
        let delete = self.then_delete.as_ref();
        let note = |_| "Once it is disabled, its delete is asked for, with a card of its own.".to_owned();
        delete.map(note).into_iter().collect()
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Changed { .. } = outcome else { return None };
        let (login, on, agent) = (escaped(&self.login, 100), &self.agent.connection, &self.agent);
        let mut message = Message::card(Tone::Good, format!("{login} on {on} is {}", self.to));
        if let Some(reason) = &self.reason {
            message = message.says(format!("Reason: {}", escaped(reason, 300)));
        }
        let line = format!("{login} is {} now.", self.to);
        let log = format!("{}d **{login}** (`{agent}`).{}", verb(self.to), because(self.reason.as_deref()));
        Some(End { message, lines: vec![line], log: Log::Did("✅", log) })
    }
}
