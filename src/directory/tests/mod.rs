//! The directory as a whole, against phone systems whose answers the tests give.

mod logins;
mod reads;
mod remembered;
mod search;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::{
    Abilities, Ability, Agent, AgentId, AgentState, Clock, ConnectionName, Difference, Echo, Effect, Error, ErrorKind,
    FieldKey, FieldSpec, FieldValue, Millis, PersonalNumbers, Provisioning, Reading, Record, Rights, Section, Sent,
};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use super::{Activity, Directory, Keeper};

type Answer = Result<Vec<Agent>, Error>;

/// A phone system that hands every question for its list to the test, which answers it.
#[derive(Debug)]
struct Fake {
    name: ConnectionName,
    abilities: Abilities,
    asked: UnboundedSender<oneshot::Sender<Answer>>,
}

#[async_trait]
impl Reading for Fake {
    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        "fake"
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn provisioning(&self) -> Option<&Provisioning> {
        None
    }

    async fn agents(&self) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.asked.send(answer).expect("the test listens");
        answered.await.expect("the test answers")
    }

    async fn agent(&self, _: &AgentId) -> Result<Agent, Error> {
        panic!("the directory asks for lists only")
    }

    async fn agent_with_echo(&self, _: &AgentId, _: Sent<'_>) -> Result<(Agent, Echo), Error> {
        panic!("the directory asks for lists only")
    }

    async fn agents_by_login(&self, _: &str, _: Sent<'_>) -> Result<Vec<(Agent, Echo)>, Error> {
        panic!("the directory asks for lists only")
    }

    async fn own_account(&self) -> Result<Agent, Error> {
        panic!("the directory asks for lists only")
    }

    fn fields(&self) -> &'static [FieldSpec] {
        &[]
    }

    fn field(&self, _: &Agent, _: &FieldKey) -> Option<FieldValue> {
        None
    }

    fn describe(&self, _: &Agent) -> Vec<Section> {
        Vec::new()
    }

    fn unknown_members(&self, _: &Agent) -> Vec<String> {
        Vec::new()
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn clone_replaces(&self, _: PersonalNumbers) -> Vec<String> {
        Vec::new()
    }

    fn deviations(&self, _: &Agent, _: &Agent, _: &str, _: &str, _: PersonalNumbers) -> Vec<Difference> {
        Vec::new()
    }

    fn label(&self, path: &str) -> String {
        path.to_owned()
    }
}

struct HandClock(AtomicI64);

impl HandClock {
    fn passes(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// Hands what is kept to the test.
struct Shelf(UnboundedSender<(ConnectionName, Millis, String)>);

#[async_trait]
impl Keeper for Shelf {
    async fn keep(&self, connection: &ConnectionName, taken_at: Millis, body: String, _disabled: &[AgentId]) {
        // A test that does not look at what is kept has dropped its end.
        let _ = self.0.send((connection.clone(), taken_at, body));
    }
}

/// A directory of one connection, `mediatel`, and all ends of it.
struct House {
    directory: Directory,
    mediatel: ConnectionName,
    on: [ConnectionName; 1],
    clock: Arc<HandClock>,
    asks: UnboundedReceiver<oneshot::Sender<Answer>>,
    kept: UnboundedReceiver<(ConnectionName, Millis, String)>,
}

const REFRESH: Duration = Duration::from_mins(1);
const START: i64 = 1_000_000;

impl House {
    fn new() -> Self {
        Self::able(Abilities::new(&[Ability::ListAgents]))
    }

    /// One whose phone system can do this.
    fn able(abilities: Abilities) -> Self {
        let mediatel = ConnectionName::new("mediatel").unwrap();
        let (asked, asks) = mpsc::unbounded_channel();
        let (shelf, kept) = mpsc::unbounded_channel();
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let fake: Arc<dyn Reading> = Arc::new(Fake { name: mediatel.clone(), abilities, asked });
        let directory = Directory::new(vec![fake], clock.clone(), REFRESH, Arc::new(Shelf(shelf)));
        Self { directory, on: [mediatel.clone()], mediatel, clock, asks, kept }
    }

    /// One whose memory holds these agents, without any read.
    fn of(agents: impl IntoIterator<Item = Agent>) -> Self {
        let house = Self::new();
        agents.into_iter().for_each(|agent| house.directory.put(&house.mediatel, agent));
        house
    }

    fn logins(&self, typed: &str) -> Vec<String> {
        self.directory.search(typed, super::StateFilter::All, &self.on).into_iter().map(|hit| hit.login).collect()
    }

    /// Answers the question for the list that comes, or came already.
    async fn answers(&mut self, answer: Answer) {
        self.asks.recv().await.expect("a question").send(answer).expect("somebody waits");
    }

    /// A refresh from its question to its end.
    async fn reads(&mut self, answer: Answer) -> Result<(), Arc<Error>> {
        let (directory, mediatel) = (self.directory.clone(), self.mediatel.clone());
        tokio::join!(directory.refresh(&mediatel), self.answers(answer)).0
    }

    /// Whether nothing is asked and no read has so much as begun.
    fn is_silent(&mut self) -> bool {
        self.asks.try_recv().is_err() && self.directory.status()[0].activity == Activity::Idle
    }

    fn last_error(&self) -> Option<String> {
        self.directory.status()[0].last_error.clone().map(|(_, why)| why)
    }
}

fn agent(id: &str, login: &str, name: &str, state: AgentState) -> Agent {
    Agent {
        id: AgentId::new(id),
        login: login.to_owned(),
        name: name.to_owned(),
        state,
        rights: Rights::default(),
        personal_numbers: Vec::new(),
        record: Record::parse(r#"{"Login":1.50}"#).unwrap(),
    }
}

/// An enabled agent with an e-mail for a name.
fn person(id: usize, login: &str) -> Agent {
    agent(&id.to_string(), login, &format!("{login}@example.com"), AgentState::Enabled)
}

fn people(count: usize) -> Vec<Agent> {
    (0..count).map(|n| person(n, &format!("anna.koval{n}"))).collect()
}

fn unreachable() -> Error {
    Error {
        connection: ConnectionName::new("mediatel").unwrap(),
        operation: "listing agents",
        kind: ErrorKind::Unreachable("no answer within 10 s".into()),
        effect: Effect::None,
        source: None,
    }
}
