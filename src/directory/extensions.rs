//! Extensions as something that is listed, and what the directory does with them. Which of them a person means by what
//! they typed is the desk's to say.

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_telephony::{
    Ability, ConnectionName, Error, Extension, ExtensionId, ListedExtensions, Millis, Reading, Record,
};
use serde_json::Value;

use super::kept::Kept;
use super::listed::{Doubt, ListOf, Listed, Shown as _};
use super::{Directory, Keeper, Plain};

/// A connection's extensions, in order of number.
pub type Extensions = Plain<ExtensionId, Extension>;

impl Listed for Extension {
    type Id = ExtensionId;
    type Sent = ListedExtensions;
    type Shown = Extensions;
    const OF: ListOf = ListOf::Extensions;

    fn id(&self) -> &ExtensionId {
        &self.id
    }

    async fn read(reading: &dyn Reading) -> Result<ListedExtensions, Error> {
        reading.extensions().await
    }

    fn listed(sent: ListedExtensions) -> Vec<Self> {
        sent.extensions
    }

    fn doubt(_: &dyn Reading) -> Doubt {
        Doubt::Shrunk
    }

    /// Only what the documents tell of: what else a record holds may be a secret under any name, and so may what stands in
    /// an object where a text or a list is expected.
    fn fit_to_keep(&self, reading: &dyn Reading) -> Cow<'_, Self> {
        let mut record = Record::default();
        if let Some(fields) = reading.extension_fields() {
            let documented = |name: &str| name == fields.id || fields.by_wire(name).is_some();
            for (name, value) in self.record.iter().filter(|(name, _)| documented(name)) {
                if serde_json::from_str(value.get()).is_ok_and(|value| is_plain(&value)) {
                    record.set(name, value);
                }
            }
        }
        Cow::Owned(Self { id: self.id, name: self.name.clone(), record, withheld: Vec::new() })
    }

    /// Nothing but the list is kept of extensions.
    async fn tell(_: &Extensions, _: Millis, _: &ConnectionName, _: &dyn Keeper) {}
}

/// Whether it is a value, or a list of values.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(entries) => entries.iter().all(is_plain),
        Value::Object(_) => false,
    }
}

impl Directory {
    /// A connection's extensions as last seen, at once; none for a connection that has no such list.
    ///
    /// A list that is stale or missing starts one background read, as in [`Directory::complete`].
    #[must_use]
    pub fn extensions(&self, connection: &ConnectionName) -> Arc<Extensions> {
        let Some(known) = self.extensions_of(connection) else { return Arc::default() };
        known.read_if_stale();
        known.list()
    }

    /// An extension as last seen, at once; nothing is read.
    #[must_use]
    pub fn extension(&self, connection: &ConnectionName, id: ExtensionId) -> Option<Arc<Extension>> {
        self.extensions_of(connection)?.list().get(&id)
    }

    /// Every extension of a connection, asked for after this call: for whoever acts on it. It is shown as well, as any
    /// list that is read.
    ///
    /// # Errors
    /// Why the read failed; what is shown stays. [`rollcall_telephony::ErrorKind::Unsupported`] where there are none.
    pub async fn read_extensions(&self, connection: &ConnectionName) -> Result<ListedExtensions, Error> {
        match self.extensions_of(connection) {
            Some(known) => known.read_now().await,
            None => Err(Error::unsupported(connection, Ability::Extensions)),
        }
    }

    /// Takes up an extension right after a write or a fresh read of ours; it survives reads that began before.
    pub fn put_extension(&self, connection: &ConnectionName, extension: Extension) {
        if let Some(known) = self.extensions_of(connection) {
            known.put(extension);
        }
    }

    /// Drops an extension that is gone; reads that began before do not bring it back.
    pub fn forget_extension(&self, connection: &ConnectionName, id: ExtensionId) {
        if let Some(known) = self.extensions_of(connection) {
            known.forget(&id);
        }
    }

    pub(super) fn extensions_of(&self, connection: &ConnectionName) -> Option<&Arc<Kept<Extension>>> {
        self.connections.get(connection)?.extensions.as_ref()
    }
}
