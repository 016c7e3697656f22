//! What is found, in which order, and what was meant.

use proptest::prelude::*;
use rollcall_telephony::AgentRef;

use super::*;
use crate::directory::{Resolved, StateFilter, fold};

fn office() -> House {
    House::of([
        agent("1", "ivan.ivanov", "ivan.ivanov@example.com", AgentState::Enabled),
        agent("2", "ivan.petrenko", "Іван Петренко", AgentState::Disabled),
        agent("3", "olha.ivanova", "Olha Ivanova", AgentState::Enabled),
        agent("4", "anna-maria.koval", "Anna Maria Koval", AgentState::Enabled),
        agent("5", "josé.müller", "jose@example.com", AgentState::Unknown),
        agent("6", "supervisor", "Ivan from the night shift", AgentState::Enabled),
        agent("7", "Diva.Ova", "", AgentState::Disabled),
    ])
}

#[test]
fn the_order_is_login_surname_other_words_within() {
    let house = office();
    for (typed, logins) in [
        ("ivan", &["ivan.ivanov", "ivan.petrenko", "olha.ivanova", "supervisor"][..]),
        ("iva", &["ivan.ivanov", "ivan.petrenko", "olha.ivanova", "supervisor", "Diva.Ova"]),
        ("ova", &["Diva.Ova", "anna-maria.koval", "olha.ivanova"]),
        ("kov", &["anna-maria.koval"]),
        ("MULLER", &["josé.müller"]),
        ("jose", &["josé.müller"]),
        ("петр", &["ivan.petrenko"]),
        ("ivanov ivan", &["ivan.ivanov"]),
        ("ivan iv", &["ivan.ivanov"]),
        ("iv ol", &["olha.ivanova"]),
        ("maria anna", &["anna-maria.koval"]),
        ("shift night iv", &["supervisor"]),
        ("petrenko.ivan", &["ivan.petrenko"]),
        ("van.pet", &["ivan.petrenko"]),
        ("ivan ivan", &["ivan.ivanov"]),
        ("@Ivan.Iv", &["ivan.ivanov"]),
        ("van.ivanov@exam", &["ivan.ivanov"]),
        ("@example", &["ivan.ivanov", "josé.müller"]),
        ("example", &[]),
        ("nobody", &[]),
    ] {
        assert_eq!(house.logins(typed), logins, "{typed}");
    }
}

#[test]
fn states_are_told_and_filtered() {
    let house = office();
    let ids = |filter| -> Vec<String> {
        house.directory.search("iv", filter, &house.on).into_iter().map(|hit| hit.agent.id.to_string()).collect()
    };
    assert_eq!(ids(StateFilter::Enabled), ["1", "3", "6"]);
    assert_eq!(ids(StateFilter::Disabled), ["2", "7"]);
    assert_eq!(ids(StateFilter::All), ["1", "2", "3", "6", "7"]);
    assert_eq!(house.directory.search("", StateFilter::All, &house.on).len(), 7);
}

#[test]
fn what_was_typed_names_one_several_or_none() {
    let house = office();
    house.directory.put(&house.mediatel, person(8, "OLHA.ivanova"));
    house.directory.put(&house.mediatel, person(9, "7"));
    let resolve = |typed: &str| match house.directory.resolve(typed, &house.on) {
        Resolved::One(agent) => format!("one {agent}"),
        Resolved::Several(hits) => format!("several {}", hits.len()),
        Resolved::None(near) => near.into_iter().fold("near".into(), |all, hit| format!("{all} {}", hit.agent.id)),
    };
    for (typed, resolved) in [
        ("mediatel:1", "one mediatel:1"),
        (" Mediatel: Ivan.Ivanov ", "one mediatel:1"),
        ("1", "one mediatel:1"),
        ("IVAN.IVANOV", "one mediatel:1"),
        ("olha.ivanova", "several 2"),
        ("7", "several 2"),
        ("mediatel:7", "one mediatel:7"),
        ("ivan.ivanof", "near 1"),
        ("ivanof ivan", "near 1"),
        ("ivna.ivanov", "near 1"),
        ("ivan.petrenka@example.com", "near 2"),
        ("petrenka", "near 2"),
        ("Іван Петренко", "near 2"),
        ("Коваль", "near 4"),
        ("ivan", "near 1 2 8"),
        ("xxxxxxxx", "near"),
        ("xivo:1", "near"),
        ("", "near"),
        ("..", "near"),
        ("\u{202e}\u{200b}", "near"),
    ] {
        assert_eq!(resolve(typed), resolved, "{typed}");
    }
    assert!(matches!(house.directory.resolve(&"ivan ".repeat(1200), &house.on), Resolved::None(_)));
}

#[tokio::test]
async fn an_id_is_believed_only_while_there_is_no_list() {
    let mut house = House::new();
    let at = |house: &House| house.directory.resolve("mediatel:4711", &house.on);
    assert_eq!(at(&house), Resolved::One("mediatel:4711".parse().unwrap()));
    house.reads(Ok(people(3))).await.unwrap();
    assert_eq!(at(&house), Resolved::None(Vec::new()));
    assert_eq!(house.directory.resolve("4711", &house.on), Resolved::None(Vec::new()));
}

#[test]
fn records_come_whole_and_forgotten_agents_are_gone() {
    let house = office();
    let first = AgentRef::new(house.mediatel.clone(), AgentId::new("1"));
    assert_eq!(house.directory.get(&first).unwrap().login, "ivan.ivanov");
    assert!(house.directory.is_taken(&house.mediatel, "IVAN.ivanov"));
    house.directory.forget(&first);
    assert!(house.directory.get(&first).is_none());
    assert!(!house.directory.is_taken(&house.mediatel, "ivan.ivanov"));
    assert_eq!(house.logins("ivan.iv"), [""; 0]);
    assert_eq!(format!("{:?}", house.directory), r#"{"mediatel": 6}"#);
}

/// The order as the design tells it, by looking at every agent.
fn by_looking(agents: &[Agent], typed: &str) -> Vec<String> {
    let separated = |text: &str| -> Vec<String> {
        let words = text.split(['.', '-', '_', ' ', '@']).filter(|w| !w.is_empty());
        words.map(str::to_owned).collect()
    };
    let query = fold(typed);
    let tier = |agent: &Agent| {
        let (login, name) = (fold(&agent.login), fold(&agent.name));
        let person = name.split_once('@').map_or(&*name, |(local, _)| local);
        let surname = login.split_once('.').map(|(_, s)| separated(s)).unwrap_or_default();
        let all = [separated(&login), separated(person)].concat();
        let typed_words = separated(&query);
        if login.starts_with(&query) {
            return Some(0);
        }
        if !typed_words.is_empty() && each_takes_its_own(&typed_words, &all) {
            let of_surname = surname.iter().any(|own| typed_words.iter().any(|t| own.starts_with(t.as_str())));
            return Some(if of_surname { 1 } else { 2 });
        }
        let whole = if query.contains('@') { &name } else { person };
        (login.contains(&query) || whole.contains(&query)).then_some(3)
    };
    let mut hits: Vec<_> =
        agents.iter().filter_map(|a| Some((tier(a)?, fold(&a.login), a.login.clone(), a.id.clone()))).collect();
    hits.sort();
    hits.into_iter().map(|(_, _, _, id)| id.to_string()).collect()
}

/// Whether every typed word begins another word, by trying all ways.
fn each_takes_its_own(typed: &[String], own: &[String]) -> bool {
    let Some((first, rest)) = typed.split_first() else { return true };
    own.iter().any(|word| {
        let others: Vec<String> = own.iter().filter(|other| *other != word).cloned().collect();
        word.starts_with(first.as_str()) && each_takes_its_own(rest, &others)
    })
}

fn few_letters() -> impl Strategy<Value = String> {
    "[abAéії]{0,3}[.]?[abéй]{0,3}[-._]?[ab]{0,2}[0-9]?"
}

fn some_agents() -> impl Strategy<Value = Vec<Agent>> {
    let name = prop_oneof!["[abAé]{1,3}[.]?[abй]{0,3}@[ab]{1,2}", "[abéї]{0,3}( [abA]{1,3}){0,2}"];
    prop::collection::vec((few_letters(), name), 0..40).prop_map(|list| {
        list.iter().enumerate().map(|(n, (l, m))| agent(&n.to_string(), l, m, AgentState::Enabled)).collect()
    })
}

proptest! {
    #[test]
    fn finds_what_looking_at_everybody_finds(
        agents in some_agents(),
        typed in prop_oneof![few_letters(), "[abé]{1,2}[ .][abAй]{1,2}( [ab])?", "[ab]{1,2}@[ab]?"],
        beside in 0_usize..40,
        limit in 0_usize..10,
    ) {
        let (new, old) = agents.split_at(beside.min(agents.len()));
        let house = House::new();
        // The old ones from a kept list, some of them changed, the new ones beside it.
        let mut kept = old.to_vec();
        kept.extend(new.iter().step_by(2).map(|a| Agent { login: "before.this".into(), ..a.clone() }));
        let body = serde_json::json!({ "version": 1, "agents": kept }).to_string();
        house.directory.restore(&house.mediatel, ListOf::Agents, Millis(1), &body).unwrap();
        for agent in new {
            house.directory.put(&house.mediatel, agent.clone());
        }

        let expected = by_looking(&agents, &typed);
        let ids = |hits: Vec<crate::directory::Hit>| -> Vec<String> {
            hits.into_iter().map(|hit| hit.agent.id.to_string()).collect()
        };
        prop_assert_eq!(ids(house.directory.search(&typed, StateFilter::All, &house.on)), expected.clone());
        let completed = ids(house.directory.complete(&typed, &house.on, limit));
        if fold(&typed).chars().count() < 2 {
            prop_assert!(completed.is_empty());
        } else {
            prop_assert_eq!(completed, expected.into_iter().take(limit).collect::<Vec<_>>());
        }
    }

    #[test]
    fn hostile_text_is_survived(login in "\\PC{0,400}", name in "\\PC{0,400}", typed in "\\PC{0,400}") {
        let house = House::of([agent("1", &login, &name, AgentState::Enabled), person(2, "ivan.ivanov")]);
        for text in [&typed, &login, &name] {
            let _ = house.directory.complete(text, &house.on, 25);
            let _ = house.directory.resolve(text, &house.on);
        }
        let searched = house.directory.search(&login, StateFilter::All, &house.on);
        prop_assert!(searched.iter().any(|hit| hit.agent.id.as_str() == "1"), "its own login finds it");
    }
}
