//! The directory as a whole, against phone systems whose answers the tests give.

mod extensions;
mod kept;
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
    Extension, ExtensionField, ExtensionFields, ExtensionId, FieldKey, FieldKind, FieldSpec, FieldValue, Group,
    ListedExtensions, Millis, PersonalNumbers, Provisioning, Reading, Record, Rights, Section, Sent,
};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use super::{Activity, Directory, Keeper, ListOf};

type Answer<T> = Result<Vec<T>, Error>;
/// A question for a list, to be answered.
type Question<T> = oneshot::Sender<Answer<T>>;

/// A phone system that hands every question for its list to the test, which answers it.
#[derive(Debug)]
struct Fake {
    name: ConnectionName,
    abilities: Abilities,
    asked: UnboundedSender<Question<Agent>>,
    extensions_asked: UnboundedSender<Question<Extension>>,
}

impl Fake {
    async fn answered<T>(to: &UnboundedSender<Question<T>>) -> Answer<T> {
        let (answer, answered) = oneshot::channel();
        to.send(answer).expect("the test listens");
        answered.await.expect("the test answers")
    }
}

/// What the documents of that phone system tell of extensions.
static DOCUMENTED: ExtensionFields = ExtensionFields {
    id: "E_ID",
    all: &[
        documented("name", "E_Extension", FieldKind::Text { max: 64 }),
        documented("codecs", "Codecs", FieldKind::List),
    ],
    needed: &[],
};

const fn documented(key: &'static str, wire: &'static str, kind: FieldKind) -> ExtensionField {
    let group = Group { key: "line", title: "Extension" };
    ExtensionField { wire, spec: FieldSpec { key, label: wire, group, kind } }
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

    async fn agents(&self) -> Answer<Agent> {
        Self::answered(&self.asked).await
    }

    async fn extensions(&self) -> Result<ListedExtensions, Error> {
        Ok(ListedExtensions { extensions: Self::answered(&self.extensions_asked).await?, unreadable: Vec::new() })
    }

    fn extension_fields(&self) -> Option<&'static ExtensionFields> {
        Some(&DOCUMENTED)
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
struct Shelf(UnboundedSender<Shelved>);

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shelved {
    List(ConnectionName, ListOf, Millis, String),
    Disabled(Vec<AgentId>),
}

#[async_trait]
impl Keeper for Shelf {
    async fn keep(&self, connection: &ConnectionName, of: ListOf, taken_at: Millis, body: String) {
        // A test that does not look at what is kept has dropped its end.
        let _ = self.0.send(Shelved::List(connection.clone(), of, taken_at, body));
    }

    async fn saw_disabled(&self, _: &ConnectionName, disabled: &[AgentId], _: Millis) {
        let _ = self.0.send(Shelved::Disabled(disabled.to_vec()));
    }
}

/// A directory of one connection, `mediatel`, and all ends of it.
struct House {
    directory: Directory,
    mediatel: ConnectionName,
    on: [ConnectionName; 1],
    clock: Arc<HandClock>,
    asks: UnboundedReceiver<Question<Agent>>,
    extension_asks: UnboundedReceiver<Question<Extension>>,
    shelf: UnboundedReceiver<Shelved>,
}

const REFRESH: Duration = Duration::from_mins(1);
const START: i64 = 1_000_000;

impl House {
    fn new() -> Self {
        Self::able(Abilities::new(&[Ability::ListAgents, Ability::Extensions]))
    }

    /// One whose phone system can do this.
    fn able(abilities: Abilities) -> Self {
        let mediatel = ConnectionName::new("mediatel").unwrap();
        let (asked, asks) = mpsc::unbounded_channel();
        let (extensions_asked, extension_asks) = mpsc::unbounded_channel();
        let (shelve, shelf) = mpsc::unbounded_channel();
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let fake: Arc<dyn Reading> = Arc::new(Fake { name: mediatel.clone(), abilities, asked, extensions_asked });
        let directory = Directory::new(vec![fake], clock.clone(), REFRESH, Arc::new(Shelf(shelve)));
        Self { directory, on: [mediatel.clone()], mediatel, clock, asks, extension_asks, shelf }
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
    async fn answers(&mut self, answer: Answer<Agent>) {
        self.asks.recv().await.expect("a question").send(answer).expect("somebody waits");
    }

    /// A refresh from its question to its end.
    async fn reads(&mut self, answer: Answer<Agent>) -> Result<(), Arc<Error>> {
        let (directory, mediatel) = (self.directory.clone(), self.mediatel.clone());
        tokio::join!(directory.refresh(&mediatel), self.answers(answer)).0
    }

    /// Whether nothing is asked and no read has so much as begun.
    fn is_silent(&mut self) -> bool {
        let idle = self.directory.extensions_of(&self.mediatel).is_none_or(|e| e.status().activity == Activity::Idle);
        idle && self.asks.try_recv().is_err()
            && self.extension_asks.try_recv().is_err()
            && self.directory.status()[0].activity == Activity::Idle
    }

    /// The next list that is kept.
    async fn keeps(&mut self) -> (ListOf, Millis, String) {
        loop {
            match self.shelf.recv().await.expect("something is kept") {
                Shelved::List(connection, of, taken_at, body) => {
                    assert_eq!(connection, self.mediatel);
                    return (of, taken_at, body);
                }
                Shelved::Disabled(_) => {}
            }
        }
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

fn extension(id: i64, name: &str) -> Extension {
    let record = format!(r#"{{"E_ID":{id},"E_Extension":"{name}","Codecs":["gsm",7]}}"#);
    Extension {
        id: ExtensionId(id),
        name: name.to_owned(),
        record: Record::parse(&record).unwrap(),
        withheld: Vec::new(),
    }
}
