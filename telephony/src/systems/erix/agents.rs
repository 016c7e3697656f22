//! The agents that the settings name, and what counts as a login. No I/O: the system has no list of them.

use crate::{Agent, AgentId, AgentState, Held, Line, LoginOffers, Record, Rights, Section};

/// The longest login, extension, queue or reason, in characters. The documents name no limit; this one keeps cards and
/// custom ids whole.
pub(super) const LONGEST: usize = 64;

/// An agent as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// What it logs in with; its id.
    pub(super) login: String,
    /// The person's name; may be empty.
    pub(super) name: String,
    /// Where it sits.
    pub(super) extension: Option<String>,
    /// The queues it usually works in.
    pub(super) queues: Vec<String>,
}

/// Those of the settings, in their order.
#[derive(Debug, Default)]
pub(super) struct Agents(pub(super) Vec<Listed>);

impl Agents {
    /// All of them.
    pub(super) fn all(&self) -> Vec<Agent> {
        self.0.iter().map(|listed| agent(&listed.login, &listed.name)).collect()
    }

    /// The agent with this login, listed or not; `None` when it is no login.
    pub(super) fn named(&self, login: &str) -> Option<Agent> {
        is_login(login).then(|| agent(login, self.listed(login).map_or("", |listed| listed.name.as_str())))
    }

    /// What the settings tell about a login.
    pub(super) fn listed(&self, login: &str) -> Option<&Listed> {
        self.0.iter().find(|listed| listed.login == login)
    }

    /// What a login may name: the agent's own extension and queues, then the other agents' queues.
    pub(super) fn offers(&self, login: &str) -> LoginOffers {
        let own = self.listed(login);
        let mut queues: Vec<String> = Vec::new();
        for queue in own.into_iter().chain(&self.0).flat_map(|listed| &listed.queues) {
            if !queues.contains(queue) {
                queues.push(queue.clone());
            }
        }
        let queue = match own.map(|listed| listed.queues.as_slice()) {
            Some([only]) => Some(only.clone()),
            Some(_) | None => None,
        };
        LoginOffers { queue, extensions: own.and_then(|listed| listed.extension.clone()).into_iter().collect(), queues }
    }

    /// The agent's card.
    pub(super) fn describe(&self, agent: &Agent) -> Vec<Section> {
        let line = |label: &str, value: &str| Line {
            label: label.to_owned(),
            value: if value.is_empty() { "not told".to_owned() } else { value.to_owned() },
            held: if value.is_empty() { Held::Absent } else { Held::There },
        };
        let listed = self.listed(agent.id.as_str());
        let lines = vec![
            line("Login", agent.id.as_str()),
            line("Name", listed.map_or("", |listed| listed.name.as_str())),
            line("Extension", listed.and_then(|listed| listed.extension.as_deref()).unwrap_or_default()),
            line("Queues", &listed.map(|listed| listed.queues.join(", ")).unwrap_or_default()),
        ];
        let title = match listed {
            Some(_) => "Account, as the settings name it",
            None => "Account, not in the settings",
        };
        vec![Section { title: title.to_owned(), lines }]
    }
}

/// Whether a text can be a login. It is the agent's id, and those are bounded in bytes ([`crate::AgentRef`]).
pub(super) fn is_login(text: &str) -> bool {
    is_word(text) && text.len() <= LONGEST
}

/// Whether a text can be a queue's name or a reason: one line, nothing around it, bounded.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.chars().count() <= LONGEST && !text.chars().any(char::is_control)
}

/// Whether a text is an extension's number: "somente dígitos".
pub(super) fn is_extension(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an account may be used is nothing that this system tells.
fn agent(login: &str, name: &str) -> Agent {
    Agent {
        id: AgentId::new(login),
        login: login.to_owned(),
        name: name.to_owned(),
        state: AgentState::Unknown,
        rights: Rights::default(),
        personal_numbers: Vec::new(),
        record: Record::default(),
    }
}
