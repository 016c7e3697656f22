//! `/v1/extensions`, as "Server Extensions" shows it, and what a test may do to extensions behind our back.
//!
//! What the documents leave open: two extensions do not have one name ("Name in use"), one that something uses is not
//! deleted ("Object in use"), and errors name no entity, as "Entity Types" has no number for extensions.

use super::options::{Batches, Grants, Options};
use super::render::Reply;
use super::store::{Store, What};
use super::{Mutation, Seen, Twin};
use crate::Record;

/// A new extension before anything was said about it, in the order of "Add new shared email account".
const DEFAULTS: &str = r#"{"E_ID":0,"E_Extension":"","Protocol":"","E_Type":0,"E_Description":"","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#;

/// Members that hold a text.
const TEXTS: [&str; 9] = [
    "Protocol",
    "E_Description",
    "E_DialOutIdentities",
    "ContactDisplay",
    "DestAddress",
    "Destination",
    "ConnectionType",
    "FromDisplay",
    "Payload",
];

/// Members that hold a list of texts.
const LISTS: [&str; 2] = ["Codecs", "DTMFSupport"];

impl Twin {
    /// Adds or replaces an extension, as JSON text with an `E_ID`.
    ///
    /// # Errors
    /// When it is not an object.
    pub fn put_extension(&self, json: &str) -> Result<(), crate::RecordError> {
        let record = Record::parse(json)?;
        self.lock().store.put_extension(record);
        Ok(())
    }

    /// An extension as stored.
    #[must_use]
    pub fn extension(&self, id: u64) -> Option<Record> {
        self.lock().store.extensions.get(&id).cloned()
    }

    /// Every extension as stored, by number.
    #[must_use]
    pub fn extensions(&self) -> Vec<(u64, Record)> {
        self.lock().store.extensions.iter().map(|(id, record)| (*id, record.clone())).collect()
    }

    /// Somebody else changes an extension, at the phone system's own console. No request, and so no mutation. Nothing
    /// happens if there is no such extension.
    ///
    /// # Errors
    /// When `members` is not an object.
    pub fn change_extension(&self, id: u64, members: &str) -> Result<(), crate::RecordError> {
        let members = Record::parse(members)?;
        if let Some(extension) = self.lock().store.extensions.get_mut(&id) {
            members.iter().for_each(|(name, value)| extension.set(name, value));
        }
        Ok(())
    }

    /// Somebody else deletes an extension; it is handed back as it was.
    pub fn take_extension(&self, id: u64) -> Option<Record> {
        self.lock().store.forget_extension(id)
    }

    /// Makes something use an extension, so that it cannot be deleted: the number is the document's entity type.
    pub fn hold_extension(&self, id: u64, entity: u8) {
        self.lock().store.held_extensions.insert(id, entity);
    }

    /// Nothing uses that extension any more.
    pub fn let_go_extension(&self, id: u64) {
        self.lock().store.held_extensions.remove(&id);
    }

    /// The numbers of the extensions that requests deleted, in order.
    #[must_use]
    pub fn deleted_extensions(&self) -> Vec<u64> {
        let deleted = |it: &&Mutation| it.what == What::ExtensionDeleted;
        self.lock().store.mutations.iter().filter(deleted).map(|it| it.id).collect()
    }
}

/// Does one request.
pub(super) fn act(store: &mut Store, options: &Options, seen: &Seen, rest: &[&str]) -> Reply {
    if seen.method != "GET" && options.grants == Grants::ReadOnly {
        return Reply::refused(403, 103, None);
    }
    match (seen.method.as_str(), rest) {
        ("GET", []) => Reply::Result(store.extensions.values().cloned().collect()),
        ("POST", []) => match sent(seen) {
            Ok(sent) => one(add(store, seen, &sent)),
            Err(no) => no,
        },
        ("PATCH", []) => batch(store, options, seen).unwrap_or_else(|no| no),
        ("GET" | "PUT" | "DELETE", [id]) => {
            let known = id.parse::<u64>().ok().filter(|id| store.extensions.contains_key(id));
            let Some(id) = known else { return Reply::refused(404, 101, None) };
            match seen.method.as_str() {
                "GET" => Reply::Result(store.extensions.get(&id).cloned().into_iter().collect()),
                "PUT" => match sent(seen) {
                    Ok(sent) => one(change(store, seen, id, &sent)),
                    Err(no) => no,
                },
                _ => match remove(store, seen, id) {
                    Ok(()) => Reply::Result(Vec::new()),
                    Err(no) => no,
                },
            }
        }
        _ => Reply::Unexpected,
    }
}

fn one(done: Result<Record, Reply>) -> Reply {
    done.map_or_else(|no| no, |record| Reply::Result(vec![record]))
}

/// The members that were sent.
fn sent(seen: &Seen) -> Result<Record, Reply> {
    Record::parse(&seen.body).map(aliased).map_err(|_| wrong())
}

/// "Invalid parameters".
fn wrong() -> Reply {
    Reply::refused(400, 100, None)
}

/// The documented body says `E_Typet` where its answer says `E_Type`.
fn aliased(mut sent: Record) -> Record {
    if let Some(value) = sent.remove("E_Typet") {
        sent.set("E_Type", &value);
    }
    sent
}

fn add(store: &mut Store, seen: &Seen, sent: &Record) -> Result<Record, Reply> {
    may_add(store, sent)?;
    let mut made = Record::parse(DEFAULTS).map_err(|_| wrong())?;
    for (name, value) in sent.iter() {
        made.set(name, value);
    }
    made.set("E_ID", &0);
    let id = store.put_extension(made);
    store.note(seen.number, What::ExtensionCreated, id, Some(sent));
    store.extensions.get(&id).cloned().ok_or_else(wrong)
}

fn may_add(store: &Store, sent: &Record) -> Result<(), Reply> {
    if sent.raw("E_Extension").is_none() {
        return Err(Reply::refused(400, 101, None));
    }
    fits(store, sent, None)
}

fn change(store: &mut Store, seen: &Seen, id: u64, sent: &Record) -> Result<Record, Reply> {
    may_change(store, id, sent)?;
    let extension = store.extensions.get_mut(&id).ok_or_else(wrong)?;
    for (name, value) in sent.iter().filter(|(name, _)| *name != "E_ID") {
        extension.set(name, value);
    }
    let changed = extension.clone();
    store.note(seen.number, What::ExtensionChanged, id, Some(sent));
    Ok(changed)
}

fn may_change(store: &Store, id: u64, sent: &Record) -> Result<(), Reply> {
    let other = sent.raw("E_ID").is_some() && sent.number("E_ID").and_then(|own| u64::try_from(own).ok()) != Some(id);
    if other || !store.extensions.contains_key(&id) {
        return Err(wrong());
    }
    fits(store, sent, Some(id))
}

fn remove(store: &mut Store, seen: &Seen, id: u64) -> Result<(), Reply> {
    may_remove(store, id)?;
    store.forget_extension(id);
    store.note(seen.number, What::ExtensionDeleted, id, None);
    Ok(())
}

fn may_remove(store: &Store, id: u64) -> Result<(), Reply> {
    if !store.extensions.contains_key(&id) {
        return Err(wrong());
    }
    store.held_extensions.get(&id).map_or(Ok(()), |entity| Err(Reply::refused(409, 106, *entity)))
}

/// Whether these members may stand in the extension `id` (none: a new one): a name of its own, and kinds as documented.
fn fits(store: &Store, sent: &Record, id: Option<u64>) -> Result<(), Reply> {
    if sent.raw("E_Extension").is_some() {
        let name = sent.text("E_Extension").filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| Reply::refused(400, 101, None))?.to_lowercase();
        let same = |other: &Record| other.text("E_Extension").is_some_and(|it| it.to_lowercase() == name);
        if store.extensions.iter().any(|(other, it)| Some(*other) != id && same(it)) {
            return Err(Reply::refused(409, 102, None));
        }
    }
    let is = |name: &str, fits: fn(&str) -> bool| sent.raw(name).is_none_or(|raw| fits(raw.get()));
    let sound = is("E_Type", |raw| raw.parse::<i64>().is_ok())
        && TEXTS.iter().all(|name| is(name, |raw| serde_json::from_str::<String>(raw).is_ok()))
        && LISTS.iter().all(|name| is(name, |raw| serde_json::from_str::<Vec<String>>(raw).is_ok()));
    if sound { Ok(()) } else { Err(wrong()) }
}

/// One thing of a batch.
enum Step {
    Remove(u64),
    Change(u64, Record),
    Add(Record),
}

/// "Batch operation": `Inserted` with an id above 0 modifies, below 0 adds; 0 is undefined.
fn batch(store: &mut Store, options: &Options, seen: &Seen) -> Result<Reply, Reply> {
    let body = Record::parse(&seen.body).map_err(|_| wrong())?;
    let mut steps = Vec::new();
    for record in records(&body, "Deleted")? {
        let id = record.number("E_ID").and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0);
        steps.push(Step::Remove(id.ok_or_else(wrong)?));
    }
    for record in records(&body, "Inserted")?.into_iter().map(aliased) {
        steps.push(match record.number("E_ID") {
            Some(id) if id < 0 => Step::Add(record),
            Some(id) if id > 0 => Step::Change(id.unsigned_abs(), record),
            Some(_) | None => return Err(wrong()),
        });
    }
    match options.batches {
        // Tried on a copy first, so that one thing that is wrong leaves everything as it was.
        Batches::Whole => {
            let mut copy = store.clone();
            let done = steps.iter().map(|step| take(&mut copy, seen, step)).collect::<Result<Vec<_>, _>>()?;
            *store = copy;
            Ok(Reply::Result(done.into_iter().flatten().collect()))
        }
        Batches::UntilWrong => {
            let done = steps.iter().map(|step| take(store, seen, step)).collect::<Result<Vec<_>, _>>()?;
            Ok(Reply::Result(done.into_iter().flatten().collect()))
        }
    }
}

fn take(store: &mut Store, seen: &Seen, step: &Step) -> Result<Option<Record>, Reply> {
    match step {
        Step::Remove(id) => remove(store, seen, *id).map(|()| None),
        Step::Change(id, record) => change(store, seen, *id, record).map(Some),
        Step::Add(record) => add(store, seen, record).map(Some),
    }
}

/// A list of objects; an absent one is empty.
fn records(sent: &Record, name: &str) -> Result<Vec<Record>, Reply> {
    sent.raw(name).map_or(Ok(Vec::new()), |raw| serde_json::from_str(raw.get()).map_err(|_| wrong()))
}
