//! `/v1/agents`, as "Methods: Agents" shows it.

use super::Seen;
use super::options::{Grants, Nested, Options, Passwords, Supervisors};
use super::render::Reply;
use super::store::{Store, What, digest};
use crate::Record;

/// "Entity Types": an agent.
const AGENT: u8 = 1;

/// Whom the twin takes everybody for: the documented `root`.
const OWN: u64 = 1;

/// Does one request.
pub(super) fn act(store: &mut Store, options: &Options, seen: &Seen, rest: &[&str], late: u32) -> Reply {
    let reading = seen.method == "GET";
    if !reading && options.grants == Grants::ReadOnly {
        return Reply::refused(403, 103, AGENT);
    }
    match (seen.method.as_str(), rest) {
        ("GET", []) => list(store),
        ("POST", []) => create(store, options, seen, late),
        ("GET", ["self"]) => get(store, OWN),
        ("GET" | "PUT" | "DELETE", [id]) => {
            let Ok(id) = id.parse::<u64>() else { return Reply::refused(404, 101, AGENT) };
            match seen.method.as_str() {
                "GET" => get(store, id),
                "PUT" => modify(store, options, seen, id),
                _ => delete(store, options, seen, id),
            }
        }
        _ => Reply::Unexpected,
    }
}

fn list(store: &mut Store) -> Reply {
    let ids: Vec<u64> = store.agents.keys().copied().collect();
    let visible: Vec<u64> = ids.into_iter().filter(|id| store.sees(*id)).collect();
    Reply::Result(visible.iter().filter_map(|id| store.agents.get(id).cloned()).collect())
}

fn get(store: &mut Store, id: u64) -> Reply {
    match store.agents.get(&id).cloned() {
        Some(agent) if store.sees(id) => Reply::Result(vec![agent]),
        Some(_) | None => Reply::refused(404, 101, AGENT),
    }
}

fn create(store: &mut Store, options: &Options, seen: &Seen, late: u32) -> Reply {
    let Ok(mut agent) = Record::parse(&seen.body) else { return Reply::refused(400, 100, AGENT) };
    if agent.number("ID").is_none_or(|id| id >= 0) {
        return Reply::refused(400, 100, AGENT);
    }
    if let Some(no) = refuse(store, &agent, None) {
        return no;
    }
    if agent.text("Login").is_none() {
        return Reply::refused(400, 101, AGENT);
    }
    keep_password(&mut agent, options);
    let sent = agent.clone();
    agent.set("ID", &0);
    let id = store.put_agent(agent);
    if late > 0 {
        store.hidden.insert(id, late);
    }
    store.note(seen.number, What::AgentCreated, id, Some(&sent));
    Reply::Result(store.agents.get(&id).cloned().into_iter().collect())
}

fn modify(store: &mut Store, options: &Options, seen: &Seen, id: u64) -> Reply {
    let Ok(mut sent) = Record::parse(&seen.body) else { return Reply::refused(400, 100, AGENT) };
    let Some(mut agent) = store.agents.get(&id).cloned() else { return Reply::refused(404, 101, AGENT) };
    if sent.number("ID").is_some_and(|other| u64::try_from(other) != Ok(id)) {
        return Reply::refused(400, 100, AGENT);
    }
    if let Some(no) = refuse(store, &sent, Some(id)) {
        return no;
    }
    keep_password(&mut sent, options);
    for (name, value) in sent.iter() {
        match (options.nested, agent.record(name), sent.record(name)) {
            (Nested::Merges, Some(old), Some(new)) => agent.set(name, &merged(old, &new)),
            (Nested::Merges | Nested::Replaces, _, _) => agent.set(name, value),
        }
    }
    store.agents.insert(id, agent.clone());
    store.note(seen.number, What::AgentChanged, id, Some(&sent));
    Reply::Result(vec![agent])
}

/// "Works only when agent is logically deleted."
fn delete(store: &mut Store, options: &Options, seen: &Seen, id: u64) -> Reply {
    let Some(agent) = store.agents.get(&id) else { return Reply::refused(404, 101, AGENT) };
    if agent.number("State") != Some(0) {
        return Reply::refused(409, 106, AGENT);
    }
    if let Some(entity) = store.held.get(&id) {
        return Reply::refused(409, 106, *entity);
    }
    let names = |other: &Record| other.number("SupervisorID").is_some_and(|it| u64::try_from(it) == Ok(id));
    let supervises = || store.agents.iter().any(|(other, agent)| *other != id && names(agent));
    if options.supervisors == Supervisors::InUse && supervises() {
        return Reply::refused(409, 106, AGENT);
    }
    store.forget_agent(id);
    store.note(seen.number, What::AgentDeleted, id, None);
    Reply::Result(Vec::new())
}

/// What is wrong with the members sent for the agent `id` (none: a new one).
fn refuse(store: &Store, sent: &Record, id: Option<u64>) -> Option<Reply> {
    if sent.raw("State").is_some() && !matches!(sent.number("State"), Some(0 | 1)) {
        return Some(Reply::refused(400, 100, AGENT));
    }
    if sent.raw("Login").is_some() {
        let Some(login) = sent.text("Login").filter(|l| !l.trim().is_empty()) else {
            return Some(Reply::refused(400, 101, AGENT));
        };
        let same = |other: &Record| other.text("Login").is_some_and(|l| l.to_lowercase() == login.to_lowercase());
        if store.agents.iter().any(|(other, agent)| Some(*other) != id && same(agent)) {
            return Some(Reply::refused(409, 102, AGENT));
        }
    }
    None
}

fn keep_password(sent: &mut Record, options: &Options) {
    match options.passwords {
        Passwords::AsSent | Passwords::Masked | Passwords::Omitted => {}
        Passwords::Digests => {
            if let Some(password) = sent.text("Password") {
                sent.set("Password", &digest(&password));
            }
        }
    }
}

fn merged(mut old: Record, new: &Record) -> Record {
    for (name, value) in new.iter() {
        match (old.record(name), new.record(name)) {
            (Some(before), Some(after)) => old.set(name, &merged(before, &after)),
            _ => old.set(name, value),
        }
    }
    old
}
