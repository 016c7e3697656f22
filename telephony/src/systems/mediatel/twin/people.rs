//! Believable people: Ukrainian and English names, unlike settings, odd members as real servers grow them.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::Record;

const FIRST: &[&str] = &[
    "ivan",
    "olha",
    "andrii",
    "kateryna",
    "mykola",
    "oksana",
    "taras",
    "iryna",
    "dmytro",
    "yuliia",
    "serhii",
    "nataliia",
    "bohdan",
    "sofiia",
    "yurii",
    "halyna",
    "maksym",
    "daryna",
    "vasyl",
    "liudmyla",
    "john",
    "emily",
    "james",
    "olivia",
    "george",
    "alice",
    "harry",
    "grace",
    "jack",
    "anne-marie",
];

const LAST: &[&str] = &[
    "ivanov",
    "koval",
    "shevchenko",
    "bondarenko",
    "tkachenko",
    "kravchenko",
    "oliinyk",
    "shevchuk",
    "polishchuk",
    "lysenko",
    "marchenko",
    "rudenko",
    "savchenko",
    "petrenko",
    "moroz",
    "melnyk",
    "hrytsenko",
    "zinchenko",
    "sydorenko",
    "pavlenko",
    "smith",
    "jones",
    "taylor",
    "brown",
    "wilson",
    "evans",
    "thomas",
    "walker",
    "wright",
    "o-neill",
];

/// The documented `root`, "Retrieve specific agent".
const ROOT: &str = r#"{"Password":"c4ca4238a0b92382","ID":1,"RightID":4,"Domain":"CALL","SupervisorRightID":4,"State":1,"DefaultSkill":7,"Login":"root","SupervisorID":-1,"Details":"root name","PersNumbers":[],"ClientApp":{"ShowTreeCC":1,"ShowValidCB":1,"ShowFullTreeCC":1,"AutoAnswer":{"Predictive":1,"Other":1,"Time":0,"Inbound":1,"Manual":1},"ShowPopupPause":1,"StartURL":"https://www.google.com/","TimeWarning":1,"TimeForDialOut":15,"AddNrInClipboard":1,"ClericalReminder":20,"ResetVoiceChannel":1,"RingFileID":4}}"#;

/// The documented `root`.
pub(super) fn root() -> Record {
    Record::parse(ROOT).unwrap_or_default()
}

/// Supervisors (one for every twenty agents, at least two), then so many agents. Ids follow the root's.
pub(super) fn crowd(agents: usize, seed: u64) -> Vec<Record> {
    let mut rng = StdRng::seed_from_u64(seed);
    let supervisors = (agents / 20).max(2);
    let mut taken = BTreeSet::from(["root".to_owned()]);
    (0..supervisors + agents)
        .filter_map(|position| {
            let login = login(&mut rng, &mut taken);
            let id = position + 2;
            let json = if position < supervisors {
                person(&mut rng, id, &login, 1, [3, 2])
            } else {
                let above = 2 + rng.random_range(0..supervisors);
                let rights = i64::from(rng.random_bool(0.3));
                person(&mut rng, id, &login, above, [rights, 0])
            };
            Record::parse(&json).ok()
        })
        .collect()
}

fn login(rng: &mut StdRng, taken: &mut BTreeSet<String>) -> String {
    let (Some(first), Some(last)) = (FIRST.choose(rng), LAST.choose(rng)) else { return String::new() };
    let mut login = format!("{first}.{last}");
    let mut number = 2;
    while !taken.insert(login.clone()) {
        login = format!("{first}.{last}{number}");
        number += 1;
    }
    login
}

/// One record. Text, so that odd number formats stay odd.
fn person(rng: &mut StdRng, id: usize, login: &str, supervisor: usize, [rights, above]: [i64; 2]) -> String {
    let password = format!("{:016x}", rng.random::<u64>());
    let domain = ["CALL", "MCC", "1"].choose(rng).copied().unwrap_or("CALL");
    let state = u8::from(!rng.random_bool(0.12));
    let numbers = if rng.random_bool(0.4) { json!([rng.random_range(100..999).to_string()]) } else { json!([]) };
    let mut flag = || u8::from(rng.random_bool(0.6));
    let flags: [u8; 11] = std::array::from_fn(|_| flag());
    let [tree, valid, full, predictive, other, inbound, manual, popup, warning, clipboard, voice] = flags;
    let delay = if predictive == 1 { rng.random_range(0..=30) * 100 } else { 0 };
    let page = if rng.random_bool(0.3) { format!("https://crm.example.com/seat/{id}") } else { String::new() };
    let dial = [10, 15, 20].choose(rng).copied().unwrap_or(15);
    let sound = if rng.random_bool(0.5) { -1 } else { rng.random_range(1..9) };
    let skill = rng.random_range(1..=9);
    // What the documents do not show but the workflow speaks of ("queue assignments travel with the copy").
    let extra = match rng.random_range(0..5) {
        0 => format!(r#","QueueIDs":[{},{}]"#, rng.random_range(1..5), rng.random_range(5..12)),
        1 => format!(
            r#","QueueIDs":[{}],"x-Crm":{{"seat":"{id}.50","quota":1.50,"scale":1e2}}"#,
            rng.random_range(1..12)
        ),
        _ => String::new(),
    };
    format!(
        r#"{{"Password":"{password}","ID":{id},"RightID":{rights},"Domain":"{domain}","SupervisorRightID":{above},"State":{state},"DefaultSkill":{skill},"Login":"{login}","SupervisorID":{supervisor},"Details":"{login}@example.com","PersNumbers":{numbers},"ClientApp":{{"ShowTreeCC":{tree},"ShowValidCB":{valid},"ShowFullTreeCC":{full},"AutoAnswer":{{"Predictive":{predictive},"Other":{other},"Time":{delay},"Inbound":{inbound},"Manual":{manual}}},"ShowPopupPause":{popup},"StartURL":"{page}","TimeWarning":{warning},"TimeForDialOut":{dial},"AddNrInClipboard":{clipboard},"ClericalReminder":20,"ResetVoiceChannel":{voice},"RingFileID":{sound}}}{extra}}}"#
    )
}
