//! The search alone: `Directory::complete` in this process, over lists that a phone system made of memory hands out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rollcall::clock::SystemClock;
use rollcall::directory::{Directory, Keeper, ListOf};
use rollcall_sandbox::mediatel;
use rollcall_telephony::{
    Abilities, Ability, Agent, AgentId, AgentState, ConnectionName, Difference, Echo, Effect, Error, ErrorKind,
    FieldKey, FieldSpec, FieldValue, Millis, PersonalNumbers, Provisioning, Reading, Record, Rights, Section, Sent,
};

use crate::SEED;
use crate::numbers::{Times, micros};
use crate::questions;

/// How many choices an autocomplete shows.
const LIMIT: usize = 25;
/// Questions of a kind.
const COUNTED: usize = 2_000;
/// The list is never stale here: no read disturbs.
const REFRESH: Duration = Duration::from_hours(24);

/// Times the search over ten thousand and a hundred thousand agents, and prints it.
pub(crate) async fn run() {
    println!("\nThe search alone, µs ({COUNTED} questions; first: each distinct one for the first time)");
    println!("  {:<27} {:>10} {:>10} {:>10} {:>10} {:>10}", "", "first p50", "p99", "warm p50", "p99", "distinct");
    for count in [10_000, 100_000] {
        let twin = mediatel::Twin::new(mediatel::Options::default());
        twin.seed_agents(count, SEED);
        let agents = questions::agents(&twin);
        let directory = loaded(agents.clone()).await;
        for (name, typed) in kinds(&agents) {
            let asked: Vec<&String> = typed.iter().cycle().take(COUNTED).collect();
            let mut distinct: Vec<&String> = typed.iter().take(COUNTED).collect();
            distinct.sort_unstable();
            distinct.dedup();
            let first = timed(&directory, &distinct);
            let warm = timed(&directory, &asked);
            println!(
                "  {:<27} {:>10} {:>10} {:>10} {:>10} {:>10}",
                format!("{count}, {name}"),
                micros(first.p50()),
                micros(first.p99()),
                micros(warm.p50()),
                micros(warm.p99()),
                distinct.len(),
            );
        }
    }
}

fn timed(directory: &Directory, typed: &[&String]) -> Times {
    let on = [name()];
    let once = |typed: &&String| {
        let began = Instant::now();
        let hits = directory.complete(typed, &on, LIMIT);
        let took = began.elapsed();
        std::hint::black_box(hits);
        took
    };
    Times::new(typed.iter().map(once).collect())
}

/// What is typed, drawn from all over the list.
fn kinds(agents: &[(u64, String, String)]) -> Vec<(&'static str, Vec<String>)> {
    let stride = 7919;
    let people: Vec<(&str, &str, &str)> = (0..agents.len())
        .filter_map(|place| {
            let (_, login, name) = &agents[place * stride % agents.len()];
            let (first, surname) = login.split_once('.')?;
            Some((first, surname, name.as_str()))
        })
        .collect();
    let each = |typed: &dyn Fn(&str, &str, &str) -> String| people.iter().map(|(a, b, c)| typed(a, b, c)).collect();
    let cut = |text: &str, to: usize| text.chars().take(to).collect::<String>();
    vec![
        ("2 characters", each(&|_, surname, _| cut(surname, 2))),
        ("3 characters", each(&|_, surname, _| cut(surname, 3))),
        ("6 characters", each(&|_, surname, _| cut(surname, 6))),
        ("whole login", each(&|first, surname, _| format!("{first}.{surname}"))),
        ("two words", each(&|first, surname, _| format!("{} {}", cut(surname, 4), cut(first, 3)))),
        ("nothing found", each(&|first, surname, _| format!("{first}q{surname}"))),
        ("with an @", each(&|_, surname, _| format!("{surname}@"))),
        ("an e-mail's domain", each(&|_, _, name| name.split_once('@').map_or("@ex", |(_, d)| d).to_owned())),
    ]
}

async fn loaded(agents: Vec<(u64, String, String)>) -> Directory {
    let record = Record::parse("{}").expect("a record");
    let agents = agents.into_iter().map(|(id, login, name)| Agent {
        id: AgentId::new(id.to_string()),
        login,
        name,
        state: AgentState::Enabled,
        rights: Rights::default(),
        personal_numbers: Vec::new(),
        record: record.clone(),
    });
    let reading: Arc<dyn Reading> = Arc::new(InMemory { name: name(), agents: agents.collect() });
    let directory = Directory::new(vec![reading], Arc::new(SystemClock), REFRESH, Arc::new(Nowhere));
    directory.refresh(&name()).await.expect("memory can be read");
    directory
}

fn name() -> ConnectionName {
    ConnectionName::new("mediatel").expect("a name")
}

/// Keeps no list.
struct Nowhere;

#[async_trait]
impl Keeper for Nowhere {
    async fn keep(&self, _: &ConnectionName, _: ListOf, _: Millis, _: String) {}

    async fn saw_disabled(&self, _: &ConnectionName, _: &[AgentId], _: Millis) {}
}

/// A phone system made of memory; it only has a list.
#[derive(Debug)]
struct InMemory {
    name: ConnectionName,
    agents: Vec<Agent>,
}

impl InMemory {
    fn only_a_list<T>(&self) -> Result<T, Error> {
        Err(Error {
            connection: self.name.clone(),
            operation: "asking for more than the list",
            kind: ErrorKind::NotFound,
            effect: Effect::None,
            source: None,
        })
    }
}

#[async_trait]
impl Reading for InMemory {
    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn clone_replaces(&self, _: PersonalNumbers) -> Vec<String> {
        Vec::new()
    }

    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        "memory"
    }

    fn abilities(&self) -> Abilities {
        Abilities::new(&[Ability::ListAgents])
    }

    fn provisioning(&self) -> Option<&Provisioning> {
        None
    }

    async fn agents(&self) -> Result<Vec<Agent>, Error> {
        Ok(self.agents.clone())
    }

    async fn agent(&self, _: &AgentId) -> Result<Agent, Error> {
        self.only_a_list()
    }

    async fn agent_with_echo(&self, _: &AgentId, _: Sent<'_>) -> Result<(Agent, Echo), Error> {
        self.only_a_list()
    }

    async fn agents_by_login(&self, _: &str, _: Sent<'_>) -> Result<Vec<(Agent, Echo)>, Error> {
        self.only_a_list()
    }

    async fn own_account(&self) -> Result<Agent, Error> {
        self.only_a_list()
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

    fn deviations(&self, _: &Agent, _: &Agent, _: &str, _: &str, _: PersonalNumbers) -> Vec<Difference> {
        Vec::new()
    }

    fn label(&self, path: &str) -> String {
        path.to_owned()
    }
}
