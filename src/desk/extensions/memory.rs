//! Extensions as they were read last, for autocomplete, which waits for nobody. Nothing is ever decided by them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rollcall_commands::Permission;
use rollcall_telephony::{
    Ability, ConnectionName, Extension, ExtensionFields, ExtensionId, FieldKey, FieldValue, KnownValue, Millis,
};

use super::shown::KnownExtension;
use crate::desk::Desk;
use crate::policy::Actor;

/// How long a list that could not be read is not asked for again.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// The lists of all connections.
#[derive(Debug)]
pub(in crate::desk) struct Lists {
    /// How old a list may be before it is read again.
    refresh: Duration,
    lists: Mutex<BTreeMap<ConnectionName, List>>,
}

/// One connection's list.
#[derive(Debug, Default)]
struct List {
    extensions: Arc<Vec<Extension>>,
    /// When it was read; `None`: never.
    taken_at: Option<Millis>,
    /// Not read in the background before that.
    not_before: Option<Millis>,
    reading: Background,
}

/// Whether a list is being read in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Background {
    #[default]
    Idle,
    Reading,
}

impl Lists {
    pub(in crate::desk) const fn new(refresh: Duration) -> Self {
        Self { refresh, lists: Mutex::new(BTreeMap::new()) }
    }

    /// A list that was asked for at that time.
    pub(super) fn put_all(&self, connection: &ConnectionName, extensions: Vec<Extension>, at: Millis) {
        let mut lists = self.lock();
        let list = lists.entry(connection.clone()).or_default();
        list.extensions = Arc::new(extensions);
        list.taken_at = Some(at);
        list.not_before = None;
    }

    /// An extension as it was just read.
    pub(super) fn put(&self, connection: &ConnectionName, extension: Extension) {
        let mut lists = self.lock();
        let held = Arc::make_mut(&mut lists.entry(connection.clone()).or_default().extensions);
        match held.iter_mut().find(|other| other.id == extension.id) {
            Some(other) => *other = extension,
            None => held.push(extension),
        }
    }

    /// An extension is gone.
    pub(super) fn forget(&self, connection: &ConnectionName, id: ExtensionId) {
        if let Some(list) = self.lock().get_mut(connection) {
            Arc::make_mut(&mut list.extensions).retain(|extension| extension.id != id);
        }
    }

    /// An extension as it was read last.
    pub(super) fn get(&self, connection: &ConnectionName, id: ExtensionId) -> Option<Extension> {
        self.of(connection).iter().find(|extension| extension.id == id).cloned()
    }

    fn of(&self, connection: &ConnectionName) -> Arc<Vec<Extension>> {
        self.lock().get(connection).map(|list| Arc::clone(&list.extensions)).unwrap_or_default()
    }

    /// Whether the list is to be read now; then the caller reads it, and nobody else does.
    fn begins(&self, connection: &ConnectionName, now: Millis) -> bool {
        let mut lists = self.lock();
        let list = lists.entry(connection.clone()).or_default();
        // A clock that was set back makes nothing fresh.
        let fresh = list.taken_at.is_some_and(|at| at <= now && now.since(at) < self.refresh);
        let waits = list.not_before.is_some_and(|from| now < from && from.since(now) <= AFTER_FAILURE);
        if fresh || waits || list.reading == Background::Reading {
            return false;
        }
        list.reading = Background::Reading;
        true
    }

    fn ends(&self, connection: &ConnectionName, not_before: Option<Millis>) {
        let mut lists = self.lock();
        let list = lists.entry(connection.clone()).or_default();
        list.reading = Background::Idle;
        list.not_before = not_before;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ConnectionName, List>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Extensions that what was typed may mean, best first, as they were read last.
    #[must_use]
    pub fn extensions_known(
        &self,
        actor: &Actor,
        permission: Permission,
        typed: &str,
        limit: usize,
    ) -> Vec<KnownExtension> {
        let on = self.connections_for(actor, permission, Ability::Extensions);
        let named = self.named_in(typed).filter(|connection| on.contains(connection));
        let (on, typed) = match (named, typed.split_once(':')) {
            (Some(connection), Some((_, rest))) => (vec![connection], rest),
            (Some(_), None) | (None, _) => (on, typed),
        };
        let typed = typed.trim().to_lowercase();
        let mut found: Vec<(u8, ExtensionId, KnownExtension)> = Vec::new();
        for connection in on {
            let Ok(fields) = self.extension_fields(&connection) else { continue };
            for extension in self.extensions_in_memory(&connection).iter() {
                let description = description(fields, extension);
                let Some(rank) = rank(extension, &description, &typed) else { continue };
                let known = KnownExtension {
                    typed: format!("{connection}:{}", extension.id),
                    name: extension.name.clone(),
                    description,
                };
                found.push((rank, extension.id, known));
            }
        }
        found.sort_by(|(a, one, _), (b, other, _)| a.cmp(b).then(one.cmp(other)));
        found.into_iter().take(limit).map(|(_, _, known)| known).collect()
    }

    /// Values that extensions have for a member, as they were read last: those of most extensions first. `key` is what
    /// `/extension create` calls it. They are those of the connection that is named, or of the extension's; else of
    /// every one on which the person may do that.
    #[must_use]
    pub fn extension_values(
        &self,
        actor: &Actor,
        permission: Permission,
        connection: Option<&str>,
        extension: Option<&str>,
        key: &str,
    ) -> Vec<KnownValue> {
        let mut on = self.connections_for(actor, permission, Ability::Extensions);
        let named = connection
            .and_then(|typed| ConnectionName::new(typed.trim()).ok())
            .or_else(|| extension.and_then(|typed| self.named_in(typed)));
        if let Some(named) = named {
            on.retain(|connection| *connection == named);
        }
        let key = FieldKey(key.to_owned());
        let mut values: Vec<KnownValue> = Vec::new();
        for connection in on {
            let Ok(fields) = self.extension_fields(&connection) else { continue };
            for known in fields.known(&self.extensions_in_memory(&connection), &key) {
                match values.iter_mut().find(|other| other.value == known.value) {
                    Some(other) => other.times += known.times,
                    None => values.push(known),
                }
            }
        }
        // Each connection's come in order; those of several do not, once they are put together.
        values.sort_by_key(|known| std::cmp::Reverse(known.times));
        values
    }

    /// A connection's extensions as they were read last; an old list is read again in the background.
    pub(super) fn extensions_in_memory(&self, connection: &ConnectionName) -> Arc<Vec<Extension>> {
        if self.inner.extensions.begins(connection, self.now()) {
            let (desk, connection) = (self.clone(), connection.clone());
            tokio::spawn(async move {
                let read = desk.read_extensions(&connection).await;
                let not_before = read.is_err().then(|| desk.now() + AFTER_FAILURE);
                if let Err(refusal) = read {
                    tracing::warn!(%connection, ?refusal, "the list of extensions could not be read");
                }
                desk.inner.extensions.ends(&connection, not_before);
            });
        }
        self.inner.extensions.of(connection)
    }
}

/// What an extension is for, where it says so.
fn description(fields: &ExtensionFields, extension: &Extension) -> String {
    match fields.value(extension, &FieldKey("description".to_owned())) {
        Some(FieldValue::Text(text)) => text,
        Some(FieldValue::Number(_) | FieldValue::Flag(_) | FieldValue::List(_)) | None => String::new(),
    }
}

/// How well an extension fits what was typed; the least is the best, `None` is not at all.
fn rank(extension: &Extension, description: &str, typed: &str) -> Option<u8> {
    let (number, name) = (extension.id.to_string(), extension.name.to_lowercase());
    if name == typed || number == typed {
        Some(0)
    } else if name.starts_with(typed) || number.starts_with(typed) {
        Some(1)
    } else if name.contains(typed) {
        Some(2)
    } else if description.to_lowercase().contains(typed) {
        Some(3)
    } else {
        None
    }
}
