//! Asks Mediatel about extensions: which request for which act, and what its answer must look like. Records and names
//! are in `extension`.

use std::collections::BTreeSet;

use async_trait::async_trait;
use reqwest::Method;
use serde_json::value::RawValue;

use super::client::{Client, address_is_wrong};
use super::extension::{self, FIELDS, Unread};
use super::wire::{self, Subject};
use crate::http::{Fault, Nature, Request};
use crate::{
    Authorized, Effect, Error, ErrorKind, Extension, ExtensionBatch, ExtensionId, ExtensionWriting, ListedExtensions,
    Record, Refusal,
};

/// What stands in `E_ID` of an extension that is added. The rule is "ID <= -1 add new extension", for each by itself:
/// nothing refers to the number afterwards, as the answer gives the added ones in order. So everybody gets the -1 of the
/// documented sample, and none that no sample shows.
const NEW: i64 = -1;

impl Client {
    pub(super) async fn list_extensions(&self) -> Result<ListedExtensions, Fault> {
        let items =
            self.about_extensions(Method::GET, &["extensions"], None, Nature::Read).await.map_err(no_extensions)?;
        let (mut extensions, mut unreadable) = (Vec::with_capacity(items.len()), Vec::new());
        let mut seen = BTreeSet::new();
        let mut first_problem = None;
        for (position, raw) in items.iter().enumerate() {
            match extension::read(raw, &format!("result[{position}]")) {
                Ok(extension) if !seen.insert(extension.id) => {
                    tracing::warn!(connection = %self.name, position, id = %extension.id, "an id stands twice in the list of extensions; the first one counts");
                }
                Ok(extension) => extensions.push(extension),
                Err(Unread { what, id }) => {
                    tracing::warn!(connection = %self.name, position, what, "an extension in the list cannot be read and is left out");
                    unreadable.push(id);
                    first_problem.get_or_insert(what);
                }
            }
        }
        // One broken record must not hide everybody else; but when none can be read the list is broken.
        match first_problem {
            Some(what) if extensions.is_empty() => Err(Fault { effect: Effect::None, ..Fault::unreadable(what) }),
            Some(_) | None => Ok(ListedExtensions { extensions, unreadable }),
        }
    }

    pub(super) async fn one_extension(&self, id: ExtensionId) -> Result<Extension, Fault> {
        if id.0 <= 0 {
            return Err(Fault::unsent(ErrorKind::NotFound));
        }
        let items = self.about_extensions(Method::GET, &["extensions", &id.to_string()], None, Nature::Read).await?;
        if items.is_empty() {
            return Err(Fault::unsent(ErrorKind::NotFound));
        }
        expect(&items, id, "it tells of another extension than the one asked for")
            .map_err(|fault| Fault { effect: Effect::None, ..fault })
    }

    async fn create_one(&self, members: &Record) -> Result<Extension, Fault> {
        let body = extension::sent(members);
        is_whole(&body)?;
        let items = self
            .about_extensions(Method::POST, &["extensions"], Some(&body), Nature::Write)
            .await
            .map_err(no_extensions)?;
        let [raw] = items.as_slice() else { return Err(not_one(items.len())) };
        let created = extension::read(raw, "result[0]").map_err(unreadable)?;
        if body.text("E_Extension").is_some_and(|name| name != created.name) {
            tracing::warn!(connection = %self.name, id = %created.id, "the new extension got another name than the one asked for");
        }
        Ok(created)
    }

    /// Only the members sent change; the answer is the whole extension.
    async fn change_one(&self, id: ExtensionId, members: &Record) -> Result<Extension, Fault> {
        let body = extension::sent(members);
        has_name(&body)?;
        // Nothing to change: what stands there is told without writing.
        if body.iter().next().is_none() {
            return self.one_extension(id).await;
        }
        let path = path_of(id)?;
        let items = self.about_extensions(Method::PUT, &["extensions", &path], Some(&body), Nature::Write).await?;
        expect(&items, id, "it tells of another extension than the one changed")
    }

    async fn delete_one(&self, id: ExtensionId) -> Result<(), Fault> {
        let path = path_of(id)?;
        self.about_extensions(Method::DELETE, &["extensions", &path], None, Nature::Write).await.map(|_| ())
    }

    /// "Batch operation": what is deleted, then what is changed and added, in one request.
    async fn batch(&self, batch: &ExtensionBatch) -> Result<Vec<Extension>, Fault> {
        let body = batch_body(batch)?;
        let items = self.about_extensions(Method::PATCH, &["extensions"], Some(&body), Nature::Write).await?;
        let written = batch.changed.len() + batch.added.len();
        // What an answer holds where nothing was written is not documented, and nobody needs it.
        if written == 0 {
            return Ok(Vec::new());
        }
        let read = items.iter().enumerate().map(|(at, raw)| extension::read(raw, &format!("result[{at}]")));
        let answered: Vec<Extension> = read.collect::<Result<_, _>>().map_err(unreadable)?;
        if answered.len() != written {
            return Err(Fault::unreadable(format!(
                "result holds {} where {written} extensions were changed or added",
                answered.len()
            )));
        }
        if answered.iter().zip(&batch.changed).any(|(answered, (id, _))| answered.id != *id) {
            return Err(Fault::unreadable("it does not tell of the changed extensions in their order"));
        }
        Ok(answered)
    }

    async fn about_extensions(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Record>,
        nature: Nature,
    ) -> Result<Vec<Box<RawValue>>, Fault> {
        let json = body.map(serde_json::to_string).transpose();
        let json =
            json.map_err(|_| Fault::unsent(ErrorKind::Unreachable("the request could not be written".to_owned())))?;
        let request = Request { method, path, json, nature };
        self.http.ask(&request, |answer| wire::open_about(answer, Subject::Extension)).await
    }

    fn failed(&self, operation: &'static str) -> impl FnOnce(Fault) -> Error {
        move |fault| fault.of(&self.name, operation)
    }
}

/// The body of a batch, checked: what the documents leave undefined is not sent.
fn batch_body(batch: &ExtensionBatch) -> Result<Record, Fault> {
    let ids = batch.deleted.iter().chain(batch.changed.iter().map(|(id, _)| id));
    let mut seen = BTreeSet::new();
    for id in ids {
        path_of(*id)?;
        if !seen.insert(*id) {
            return Err(refused(format!("extension {id} stands twice among what is to be deleted and changed")));
        }
    }
    if seen.is_empty() && batch.added.is_empty() {
        return Err(refused("there is nothing to delete, change or add".to_owned()));
    }
    batch.changed.iter().try_for_each(|(_, members)| has_name(members))?;
    batch.added.iter().try_for_each(is_whole)?;
    let deleted: Vec<Record> = batch.deleted.iter().map(|id| extension::numbered(id.0, &Record::default())).collect();
    let changed = batch.changed.iter().map(|(id, members)| extension::numbered(id.0, members));
    let added = batch.added.iter().map(|members| extension::numbered(NEW, members));
    let inserted: Vec<Record> = changed.chain(added).collect();
    let mut body = Record::default();
    body.set("Deleted", &deleted);
    body.set("Inserted", &inserted);
    Ok(body)
}

/// A number as it may stand in an address or a batch: 0 is undefined, and what is below adds.
fn path_of(id: ExtensionId) -> Result<String, Fault> {
    if id.0 > 0 { Ok(id.to_string()) } else { Err(refused(format!("{id} is no extension's number; they begin at 1"))) }
}

/// A new extension has what the documents' smallest sample has.
fn is_whole(members: &Record) -> Result<(), Fault> {
    match FIELDS.lacking(members).as_slice() {
        [] => Ok(()),
        lacking => {
            let labels: Vec<String> = lacking.iter().map(|field| field.spec.label.to_lowercase()).collect();
            Err(refused(format!("a new extension needs a {}", labels.join(" and a "))))
        }
    }
}

/// A name may be left as it is, but not emptied.
fn has_name(members: &Record) -> Result<(), Fault> {
    match members.text("E_Extension") {
        Some(name) if name.trim().is_empty() => Err(refused("an extension's name must not be empty".to_owned())),
        Some(_) | None => Ok(()),
    }
}

fn refused(sentence: String) -> Fault {
    Fault::unsent(ErrorKind::Refused(Refusal::Other(sentence)))
}

fn unreadable(unread: Unread) -> Fault {
    Fault::unreadable(unread.what)
}

fn not_one(held: usize) -> Fault {
    Fault::unreadable(format!("result holds {held} extensions where one was expected"))
}

/// The one extension that an answer must tell of.
fn expect(items: &[Box<RawValue>], id: ExtensionId, otherwise: &str) -> Result<Extension, Fault> {
    let [raw] = items else { return Err(not_one(items.len())) };
    let read = extension::read(raw, "result[0]").map_err(unreadable)?;
    if read.id == id { Ok(read) } else { Err(Fault::unreadable(otherwise)) }
}

fn no_extensions(fault: Fault) -> Fault {
    address_is_wrong(fault, "extensions")
}

#[async_trait]
impl ExtensionWriting for Client {
    async fn create_extension(&self, by: &Authorized, members: &Record) -> Result<Extension, Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), "creating an extension");
        self.create_one(members).await.map_err(self.failed("creating the extension"))
    }

    async fn edit_extension(&self, by: &Authorized, id: ExtensionId, members: &Record) -> Result<Extension, Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "changing an extension");
        self.change_one(id, members).await.map_err(self.failed("changing the extension"))
    }

    async fn delete_extension(&self, by: &Authorized, id: ExtensionId) -> Result<(), Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "deleting an extension");
        self.delete_one(id).await.map_err(self.failed("deleting the extension"))
    }

    async fn batch_extensions(&self, by: &Authorized, batch: &ExtensionBatch) -> Result<Vec<Extension>, Error> {
        let (deleted, changed, added) = (batch.deleted.len(), batch.changed.len(), batch.added.len());
        tracing::info!(connection = %self.name, intent = %by.intent(), deleted, changed, added, "a batch of extensions");
        self.batch(batch).await.map_err(self.failed("sending the batch of extensions"))
    }
}
