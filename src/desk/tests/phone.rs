//! A phone system in memory, behind the port itself.
//!
//! The orders ask some ten thousand things of it: over sockets and the real client (as the scenarios do) they would take
//! minutes, and time could not stand still. Errors are those that the client makes of a lost, refused or missing answer.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{
    Abilities, Ability, Agent, AgentId, AgentState, Authorized, Change, ConnectionName, Difference, Echo, Effect,
    Error, ErrorKind, FieldKey, FieldSpec, FieldValue, NewAgent, PersonalNumbers, Provisioning, Reading, Record,
    Refusal, Rights, Section, Sent, Writing,
};

use super::trap::Trap;

/// The one agent it has, as every order finds it: disabled, so that it can be deleted.
const RECORD: &str = r#"{"ID":7,"RightID":0,"SupervisorRightID":0,"State":0,"DefaultSkill":7,"Login":"vira.luhova","SupervisorID":1,"Details":"vira.luhova@example.com","PersNumbers":[]}"#;

/// The phone system.
#[derive(Debug)]
pub(super) struct Phone {
    name: ConnectionName,
    line: Mutex<Line>,
    trap: Arc<Trap>,
}

/// How it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its agent, while it has one.
    pub(super) agent: Option<Record>,
    /// Whether it answers at all.
    pub(super) silent: bool,
    /// What becomes of the next DELETE.
    pub(super) trouble: Option<Trouble>,
    /// How often it was asked to delete.
    pub(super) asked: u32,
    /// The record's fingerprint at each DELETE that took effect.
    pub(super) deleted: Vec<String>,
}

/// What becomes of a DELETE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It never arrives; nobody can tell.
    LostBefore,
    /// It is done; its answer is lost.
    LostAfter,
    /// It is refused: something uses the agent.
    Refused,
}

/// The record as every order finds it.
pub(super) fn record() -> Record {
    Record::parse(RECORD).unwrap()
}

impl Phone {
    pub(super) fn new(trap: Arc<Trap>) -> Self {
        let line = Line { agent: Some(record()), ..Line::default() };
        Self { name: ConnectionName::new("mediatel").unwrap(), line: Mutex::new(line), trap }
    }

    /// What a test changes.
    pub(super) fn now(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap()
    }

    fn error(&self, operation: &'static str, kind: ErrorKind, effect: Effect) -> Error {
        Error { connection: self.name.clone(), operation, kind, effect, source: None }
    }

    fn lost(&self, effect: Effect) -> Error {
        self.error("asking", ErrorKind::Unreachable("nobody answers".to_owned()), effect)
    }

    async fn read(&self) -> Result<Option<Agent>, Error> {
        self.trap.passed().await;
        let line = self.now();
        if line.silent { Err(self.lost(Effect::None)) } else { Ok(line.agent.as_ref().map(agent)) }
    }

    /// The DELETE itself.
    fn deletes(&self) -> Result<(), Error> {
        let mut line = self.now();
        if line.silent {
            return Err(self.lost(Effect::Unknown));
        }
        line.asked += 1;
        let trouble = line.trouble.take();
        match trouble {
            Some(Trouble::LostBefore) => return Err(self.lost(Effect::Unknown)),
            Some(Trouble::Refused) => {
                return Err(self.error("deleting", ErrorKind::Refused(Refusal::InUse(None)), Effect::None));
            }
            Some(Trouble::LostAfter) | None => {}
        }
        let Some(gone) = line.agent.take() else {
            return Err(self.error("deleting", ErrorKind::NotFound, Effect::None));
        };
        line.deleted.push(gone.fingerprint());
        if trouble == Some(Trouble::LostAfter) { Err(self.lost(Effect::Unknown)) } else { Ok(()) }
    }
}

fn agent(record: &Record) -> Agent {
    Agent {
        id: AgentId::new(record.number("ID").unwrap().to_string()),
        login: record.text("Login").unwrap(),
        name: record.text("Details").unwrap(),
        state: if record.number("State") == Some(0) { AgentState::Disabled } else { AgentState::Enabled },
        rights: Rights { agent: record.number("RightID"), supervisor: record.number("SupervisorRightID") },
        personal_numbers: Vec::new(),
        record: record.clone(),
    }
}

#[async_trait]
impl Reading for Phone {
    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        "mediatel"
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn abilities(&self) -> Abilities {
        Abilities::new(&[Ability::ListAgents, Ability::CloneAgent, Ability::DisableAgent, Ability::DeleteAgent])
    }

    fn provisioning(&self) -> Option<&Provisioning> {
        None
    }

    async fn agents(&self) -> Result<Vec<Agent>, Error> {
        Ok(self.read().await?.into_iter().collect())
    }

    async fn agent(&self, _id: &AgentId) -> Result<Agent, Error> {
        let none = || self.error("reading the agent", ErrorKind::NotFound, Effect::None);
        self.read().await?.ok_or_else(none)
    }

    async fn agent_with_echo(&self, id: &AgentId, _sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        Ok((self.agent(id).await?, Echo::Masked))
    }

    async fn agents_by_login(&self, _login: &str, _sent: Sent<'_>) -> Result<Vec<(Agent, Echo)>, Error> {
        Ok(self.read().await?.into_iter().map(|agent| (agent, Echo::Masked)).collect())
    }

    async fn own_account(&self) -> Result<Agent, Error> {
        Err(self.error("asking who we are", ErrorKind::NotFound, Effect::None))
    }

    fn fields(&self) -> &'static [FieldSpec] {
        &[]
    }

    fn field(&self, _agent: &Agent, _key: &FieldKey) -> Option<FieldValue> {
        None
    }

    fn describe(&self, _agent: &Agent) -> Vec<Section> {
        Vec::new()
    }

    fn unknown_members(&self, _agent: &Agent) -> Vec<String> {
        Vec::new()
    }

    fn clone_replaces(&self, _personal_numbers: PersonalNumbers) -> Vec<String> {
        Vec::new()
    }

    fn deviations(
        &self,
        _source: &Agent,
        _created: &Agent,
        _login: &str,
        _details: &str,
        _personal_numbers: PersonalNumbers,
    ) -> Vec<Difference> {
        Vec::new()
    }

    fn label(&self, path: &str) -> String {
        path.to_owned()
    }
}

#[async_trait]
impl Writing for Phone {
    async fn create_agent(&self, _by: &Authorized, _new: NewAgent<'_>) -> Result<(Agent, Echo), Error> {
        panic!("nobody asked for a new agent")
    }

    async fn edit_agent(&self, _by: &Authorized, _current: &Agent, _change: &Change) -> Result<Agent, Error> {
        panic!("nobody asked for an edit")
    }

    async fn disable_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<Agent, Error> {
        panic!("nobody asked to disable anybody")
    }

    async fn enable_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<Agent, Error> {
        panic!("nobody asked to enable anybody")
    }

    async fn set_password(&self, _by: &Authorized, _id: &AgentId, _sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        panic!("nobody asked for a password")
    }

    async fn delete_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<(), Error> {
        // As the client: it looks whether the agent is disabled first.
        if self.read().await?.is_some_and(|agent| agent.state != AgentState::Disabled) {
            return Err(self.error("deleting", ErrorKind::Refused(Refusal::MustBeDisabled), Effect::None));
        }
        self.trap.passed().await;
        let done = self.deletes();
        // Done, but a crash before the answer is seen.
        self.trap.passed().await;
        done
    }
}
