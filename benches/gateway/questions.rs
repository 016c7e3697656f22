//! What is asked: drawn from the logins that the phone system really has, so that there is something to find.

use rollcall_sandbox::mediatel::Twin;

use crate::discord::Discord;
use crate::frames::{Act, LEAD};

/// How many agents the lead has used.
const USED: usize = 25;

/// A question with exactly one right answer: an agent's whole login.
pub(crate) struct Whole {
    pub(crate) act: Act,
    pub(crate) value: String,
}

/// A kind of question.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) acts: Vec<Act>,
}

pub(crate) struct Questions {
    pub(crate) whole: Whole,
    pub(crate) kinds: Vec<Kind>,
    /// Commands by which the lead uses agents.
    shown: Vec<Act>,
    /// Commands that are written down before they are acknowledged, and that ask no phone system: its quota would count.
    pub(crate) commands: Vec<Act>,
}

/// How many extensions the phone system has.
const EXTENSIONS: usize = 500;

/// Gives the phone system its extensions.
pub(crate) fn give_extensions(twin: &Twin) {
    for place in 0..EXTENSIONS {
        let name = line(place);
        let (id, kind) = (1_000 + place, place % 7);
        let record = format!(
            r#"{{"E_ID":{id},"E_Extension":"{name}","Protocol":"SIP","E_Type":{kind},"E_Description":"Desk {place} of {name}","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"192.0.2.1:5060","Destination":"","Codecs":["g7231_6","g726_40"],"ConnectionType":"3","DTMFSupport":["rfc2833"],"FromDisplay":"","Payload":"127"}}"#
        );
        twin.put_extension(&record).expect("an extension");
    }
}

/// What the extension at this place is called.
fn line(place: usize) -> String {
    let towns = ["Kyiv", "Lviv", "Odesa", "Dnipro", "Kharkiv", "Poltava", "Rivne", "Lutsk"];
    format!("{} line {place}", towns[place % towns.len()])
}

/// Every agent's id and login, by id.
pub(crate) fn agents(twin: &Twin) -> Vec<(u64, String, String)> {
    let count = twin.count();
    let known = (1..=10 * u64::try_from(count).expect("few agents")).filter_map(|id| {
        let agent = twin.agent(id)?;
        Some((id, agent.text("Login")?, agent.text("Details").unwrap_or_default()))
    });
    known.take(count).collect()
}

pub(crate) fn of(twin: &Twin) -> Questions {
    let agents = agents(twin);
    let people: Vec<(u64, &str, &str)> = agents
        .iter()
        .filter_map(|(id, login, _)| Some((*id, login.split_once('.')?)))
        .map(|(id, (a, b))| (id, a, b))
        .collect();
    let (id, first, surname) = people[people.len() / 2];
    let whole = Whole { act: shows(format!("{first}.{surname}")), value: format!("mediatel:{id}") };
    let each = |typed: &dyn Fn(&str, &str) -> String| {
        let mut typed: Vec<String> = people.iter().map(|(_, first, surname)| typed(first, surname)).collect();
        // Neighbours in the list are no neighbours here.
        let stride = 7919;
        let count = typed.len();
        for place in 0..count {
            typed.swap(place, place * stride % count);
        }
        typed
    };
    let cut = |text: &str, to: usize| text.chars().take(to).collect::<String>();
    let turns = |to: usize| {
        let firsts = each(&|first, surname| cut(&format!("{first}.{surname}"), to));
        let surnames = each(&|_, surname| cut(surname, to));
        firsts.into_iter().zip(surnames).flat_map(|(first, surname)| [shows(first), shows(surname)]).collect()
    };
    let kinds = vec![
        Kind {
            name: "1 character (used last)",
            acts: each(&|first, _| cut(first, 1)).into_iter().map(shows).collect(),
        },
        Kind { name: "2 characters", acts: turns(2) },
        Kind { name: "3 characters", acts: turns(3) },
        Kind { name: "6 characters", acts: turns(6) },
        Kind {
            name: "two words",
            acts: each(&|first, surname| format!("{} {}", cut(surname, 4), cut(first, 3)))
                .into_iter()
                .map(shows)
                .collect(),
        },
        Kind {
            name: "nothing found",
            acts: each(&|first, surname| format!("{first}q{surname}")).into_iter().map(shows).collect(),
        },
        Kind {
            name: "a new login",
            acts: each(&|first, surname| format!("{first} {surname}")).into_iter().map(clones(id)).collect(),
        },
        Kind {
            name: "an extension",
            acts: (0..EXTENSIONS).map(|place| shows_extension(&cut(&line(place), 6))).collect(),
        },
    ];
    let shown =
        people.iter().take(USED).map(|(id, _, _)| sends("agent show", "agent", format!("mediatel:{id}"))).collect();
    let commands =
        people.iter().map(|(_, first, surname)| sends("agent search", "query", format!("{first}.{surname}"))).collect();
    Questions { whole, kinds, shown, commands }
}

impl Questions {
    /// Makes the lead use some agents, so that one character brings them.
    pub(crate) async fn used_by_the_lead(&self, discord: &Discord) {
        for act in &self.shown {
            discord.asks_to_the_end(LEAD, act).await;
        }
        let answer = discord.asks(LEAD, &shows("i".to_owned())).await;
        assert_eq!(answer.values().len(), USED, "agents used last: {}", answer.body);
    }
}

fn shows(typed: String) -> Act {
    Act::Types("agent show", vec![("agent", typed)])
}

fn shows_extension(typed: &str) -> Act {
    Act::Types("extension show", vec![("extension", typed.to_owned())])
}

fn clones(source: u64) -> impl Fn(String) -> Act {
    move |typed| Act::Types("agent clone", vec![("source", format!("mediatel:{source}")), ("login", typed)])
}

fn sends(command: &'static str, option: &'static str, value: String) -> Act {
    Act::Sends(command, vec![(option, value)])
}
