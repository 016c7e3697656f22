//! `/agent edit`: what is typed as options and what is filled into a modal become the same value.

use rollcall_telephony::FieldKey;
use serde::{Deserialize, Serialize};

use crate::reading::{Given, ReadError};
use crate::surface::{Group, OptionSpec, Raw, Surface, clearable, completed, number, surface, text};
use crate::{AgentText, CompletedOption, Permission};

/// The highest number that an option takes where the phone systems' documents name no limit: theirs are 32-bit numbers.
const NUMBER_MAX: i64 = i32::MAX as i64;

surface! {
    /// Change an agent's fields; you see before and after first
    ///
    /// The options as they are registered; they are kept as [`Edit`].
    struct Form = "/agent edit" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentEdit),
    }
    /// The agent; start typing a login or name
    "agent" agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// The new login
    "login" login: Option<String> = text(super::LOGIN_MAX);
    /// The new e-mail
    "email" email: Option<String> = clearable(super::EMAIL_MAX);
    /// The id of the agent's supervisor; -1 for none
    "supervisor" supervisor: Option<i64> = number(-1, NUMBER_MAX);
    /// The skill level the agent starts with
    "default-skill" default_skill: Option<i64> = number(0, NUMBER_MAX);
    /// The level of the agent's rights
    "rights" rights: Option<i64> = number(0, NUMBER_MAX);
    /// The level of the agent's rights as a supervisor; 0 for none
    "supervisor-rights" supervisor_rights: Option<i64> = number(0, NUMBER_MAX);
    /// The domain
    "domain" domain: Option<String> = clearable(64);
    /// The personal numbers, with commas between; a single comma clears them
    "personal-numbers" personal_numbers: Option<String> = clearable(500);
    /// The page that opens when the agent starts
    "start-url" start_url: Option<String> = clearable(500);
}

/// Changes of an agent's fields; without any, the person is asked which group of fields to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The agent.
    pub agent: AgentText,
    /// What is to be set, as it was typed, in the order of the options or of the modal.
    pub changes: Vec<(FieldKey, String)>,
}

impl Surface for Edit {
    const NAME: &'static str = Form::NAME;
    const GROUP: Option<&'static Group> = Form::GROUP;
    const ABOUT: &'static str = Form::ABOUT;
    const PERMISSION: Option<Permission> = Form::PERMISSION;
    const OPTIONS: &'static [OptionSpec] = Form::OPTIONS;

    fn read(given: &mut Given) -> Result<Self, ReadError> {
        let form = Form::read(given)?;
        let changes = form
            .write()
            .into_iter()
            .filter(|(name, _)| *name != "agent")
            .map(|(name, raw)| (FieldKey(name.to_owned()), raw.as_text()))
            .collect();
        Ok(Self { agent: form.agent, changes })
    }

    fn write(&self) -> Vec<(&'static str, Raw)> {
        let agent = ("agent", Raw::Text(self.agent.0.clone()));
        std::iter::once(agent).chain(crate::surface::typed(Self::OPTIONS, &self.changes)).collect()
    }
}
