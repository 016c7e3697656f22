//! A phone system in memory that takes logins and pauses and tells nothing, as Erix does, behind the port itself: time
//! stands still, and an answer can be kept back for as long as a test likes.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{
    Abilities, Ability, Agent, AgentId, AgentState, Authorized, Connected, ConnectionName, Effect, Error, ErrorKind,
    LoginNeeds, NoAgentWriting, OtherPauses, PresenceAnswer, PresenceChange, PresenceRules, PresenceWriting, Reading,
    Record, Rights, Section, Unfit,
};
use tokio::sync::watch;

use super::trap::Trap;

/// The longest reason it takes, in characters.
const LONGEST: usize = 10;

/// The phone system.
#[derive(Debug)]
pub(super) struct Board {
    name: ConnectionName,
    rules: PresenceRules,
    asked: Mutex<Vec<PresenceChange>>,
    /// The failure that its next answer is.
    fails: Mutex<Option<(ErrorKind, Effect)>>,
    /// So many of its first answers are kept back.
    keeps: watch::Sender<usize>,
    trap: Arc<Trap>,
}

impl Board {
    pub(super) fn new(name: &str, trap: Arc<Trap>) -> Arc<Self> {
        Self::with(name, trap, &["Lunch"], OtherPauses::Any)
    }

    /// One that knows these pauses, and others or none.
    pub(super) fn with(name: &str, trap: Arc<Trap>, pauses: &[&str], other_pauses: OtherPauses) -> Arc<Self> {
        let pauses = pauses.iter().map(|pause| (*pause).to_owned()).collect();
        let rules = PresenceRules {
            login: LoginNeeds::Nothing,
            pauses,
            also_called: Vec::new(),
            other_pauses,
            unpause_also: "",
        };
        let name = ConnectionName::new(name).unwrap();
        let (asked, fails, keeps) = (Mutex::default(), Mutex::default(), watch::Sender::new(0));
        Arc::new(Self { name, rules, asked, fails, keeps, trap })
    }

    /// Its next answer is this failure.
    pub(super) fn fails_next(&self, kind: ErrorKind, effect: Effect) {
        *self.fails.lock().unwrap() = Some((kind, effect));
    }

    pub(super) fn connected(self: &Arc<Self>) -> Connected {
        Connected {
            reading: self.clone(),
            writing: Arc::new(NoAgentWriting(self.name.clone())),
            presence: Some(self.clone()),
            extensions: None,
        }
    }

    /// What it was asked, in order.
    pub(super) fn asked(&self) -> MutexGuard<'_, Vec<PresenceChange>> {
        self.asked.lock().unwrap()
    }

    /// Keeps the answers to its first so many requests back; 0 lets all go.
    pub(super) fn keeps_back(&self, answers: usize) {
        self.keeps.send_replace(answers);
    }
}

#[async_trait]
impl Reading for Board {
    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        "erix"
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn abilities(&self) -> Abilities {
        Abilities::new(&[Ability::Login, Ability::Pause])
    }

    async fn agents(&self) -> Result<Vec<Agent>, Error> {
        Ok(vec![self.agent(&AgentId::new("maria")).await?])
    }

    async fn agent(&self, id: &AgentId) -> Result<Agent, Error> {
        Ok(Agent {
            id: id.clone(),
            login: id.as_str().to_owned(),
            name: String::new(),
            state: AgentState::Unknown,
            rights: Rights::default(),
            personal_numbers: Vec::new(),
            record: Record::default(),
        })
    }

    fn describe(&self, _agent: &Agent) -> Vec<Section> {
        Vec::new()
    }
}

#[async_trait]
impl PresenceWriting for Board {
    fn rules(&self) -> &PresenceRules {
        &self.rules
    }

    fn check(&self, _agent: &AgentId, change: &PresenceChange) -> Result<(), Unfit> {
        match change {
            PresenceChange::Pause { reason } if self.rules.other_pauses == OtherPauses::None => {
                let known = |reason: &String| self.rules.pauses.contains(reason);
                let unfit = || Unfit::Wrong(format!("there are the breaks {}", self.rules.pauses.join(", ")));
                reason.as_ref().is_some_and(known).then_some(()).ok_or_else(unfit)
            }
            PresenceChange::Pause { reason: Some(reason) } if reason.chars().count() > LONGEST => {
                Err(Unfit::Wrong(format!("a reason has at most {LONGEST} characters")))
            }
            PresenceChange::Pause { .. }
            | PresenceChange::LogIn { .. }
            | PresenceChange::LogOut
            | PresenceChange::Unpause => Ok(()),
        }
    }

    async fn set_presence(
        &self,
        _by: &Authorized,
        _agent: &Agent,
        change: &PresenceChange,
    ) -> Result<PresenceAnswer, Error> {
        self.trap.passed().await;
        let number = {
            let mut asked = self.asked();
            asked.push(change.clone());
            asked.len()
        };
        let mut keeps = self.keeps.subscribe();
        // The sender lives as long as this does.
        let _ = keeps.wait_for(|kept| number > *kept).await;
        self.trap.passed().await;
        let fails = self.fails.lock().unwrap().take();
        match fails {
            Some((kind, effect)) => {
                let connection = self.name.clone();
                Err(Error { connection, operation: change.operation(), kind, effect, source: None })
            }
            None => Ok(PresenceAnswer::Done),
        }
    }
}
