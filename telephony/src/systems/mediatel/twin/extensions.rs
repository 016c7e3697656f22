//! `/v1/extensions`, as "Server Extensions" shows it.

use super::Seen;
use super::options::{Grants, Options};
use super::render::Reply;
use super::store::{Store, What};
use crate::Record;

/// The entity types have none for extensions; this is the nearest a server could name.
const ENTITY: u8 = 0;

/// A new extension before anything was said about it, in the order of "Add new shared email account".
const DEFAULTS: &str = r#"{"E_ID":0,"E_Extension":"","Protocol":"","E_Type":0,"E_Description":"","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#;

/// Does one request.
pub(super) fn act(store: &mut Store, options: &Options, seen: &Seen, rest: &[&str]) -> Reply {
    if seen.method != "GET" && options.grants == Grants::ReadOnly {
        return Reply::refused(403, 103, ENTITY);
    }
    match (seen.method.as_str(), rest) {
        ("GET", []) => Reply::Result(store.extensions.values().cloned().collect()),
        ("POST", []) => {
            let Ok(sent) = Record::parse(&seen.body) else { return Reply::refused(400, 100, ENTITY) };
            match add(store, seen, sent) {
                Some(made) => Reply::Result(vec![made]),
                None => Reply::refused(400, 101, ENTITY),
            }
        }
        ("PATCH", []) => batch(store, seen),
        ("GET" | "PUT" | "DELETE", [id]) => {
            let known = id.parse::<u64>().ok().filter(|id| store.extensions.contains_key(id));
            let Some(id) = known else { return Reply::refused(404, 101, ENTITY) };
            match seen.method.as_str() {
                "GET" => Reply::Result(store.extensions.get(&id).cloned().into_iter().collect()),
                "PUT" => match Record::parse(&seen.body) {
                    Ok(sent) => Reply::Result(change(store, seen, id, sent).into_iter().collect()),
                    Err(_) => Reply::refused(400, 100, ENTITY),
                },
                _ => {
                    remove(store, seen, id);
                    Reply::Result(Vec::new())
                }
            }
        }
        _ => Reply::Unexpected,
    }
}

fn add(store: &mut Store, seen: &Seen, mut sent: Record) -> Option<Record> {
    sent.text("E_Extension").filter(|name| !name.is_empty())?;
    let mut made = Record::parse(DEFAULTS).ok()?;
    accept_alias(&mut sent);
    for (name, value) in sent.iter() {
        made.set(name, value);
    }
    made.set("E_ID", &0);
    let id = store.put_extension(made);
    store.note(seen.number, What::ExtensionCreated, id, Some(&sent));
    store.extensions.get(&id).cloned()
}

fn change(store: &mut Store, seen: &Seen, id: u64, mut sent: Record) -> Option<Record> {
    accept_alias(&mut sent);
    let extension = store.extensions.get_mut(&id)?;
    for (name, value) in sent.iter().filter(|(name, _)| *name != "E_ID") {
        extension.set(name, value);
    }
    let changed = extension.clone();
    store.note(seen.number, What::ExtensionChanged, id, Some(&sent));
    Some(changed)
}

fn remove(store: &mut Store, seen: &Seen, id: u64) {
    store.extensions.remove(&id);
    store.note(seen.number, What::ExtensionDeleted, id, None);
}

/// The documented body says `E_Typet` where its answer says `E_Type`.
fn accept_alias(sent: &mut Record) {
    if let Some(value) = sent.remove("E_Typet") {
        sent.set("E_Type", &value);
    }
}

/// "Batch operation": `Inserted` with an id above 0 modifies, below 0 adds; 0 is undefined. Checked as a whole first.
fn batch(store: &mut Store, seen: &Seen) -> Reply {
    let Ok(sent) = Record::parse(&seen.body) else { return Reply::refused(400, 100, ENTITY) };
    let (Some(deleted), Some(inserted)) = (records(&sent, "Deleted"), records(&sent, "Inserted")) else {
        return Reply::refused(400, 100, ENTITY);
    };
    let existing = |record: &Record| {
        record.number("E_ID").and_then(|id| u64::try_from(id).ok()).filter(|id| store.extensions.contains_key(id))
    };
    let gone: Option<Vec<u64>> = deleted.iter().map(existing).collect();
    let sound = inserted.iter().all(|record| match record.number("E_ID") {
        Some(id) if id < 0 => record.text("E_Extension").is_some_and(|name| !name.is_empty()),
        Some(_) => existing(record).is_some(),
        None => false,
    });
    let (Some(gone), true) = (gone, sound) else { return Reply::refused(400, 100, ENTITY) };
    for id in gone {
        remove(store, seen, id);
    }
    let mut result = Vec::new();
    for record in inserted {
        let id = record.number("E_ID").and_then(|id| u64::try_from(id).ok());
        result.extend(match id {
            Some(id) => change(store, seen, id, record),
            None => add(store, seen, record),
        });
    }
    Reply::Result(result)
}

/// A list of objects; an absent one is empty.
fn records(sent: &Record, name: &str) -> Option<Vec<Record>> {
    sent.raw(name).map_or(Some(Vec::new()), |raw| serde_json::from_str(raw.get()).ok())
}
