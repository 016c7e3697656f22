//! What autocomplete offers of extensions: from the directory, which waits for nobody. Nothing is ever decided by it.

use std::sync::Arc;

use rollcall_commands::Permission;
use rollcall_telephony::{
    Ability, ConnectionName, Extension, ExtensionFields, ExtensionId, FieldKey, FieldValue, KnownValue,
};

use super::shown::KnownExtension;
use crate::desk::Desk;
use crate::policy::Actor;

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
        let lists: Vec<_> = on
            .into_iter()
            .filter_map(|connection| {
                let fields = self.extension_fields(&connection).ok()?;
                let extensions = self.inner.directory.extensions(&connection);
                Some((connection, fields, extensions))
            })
            .collect();
        let mut found = Vec::new();
        for (connection, fields, extensions) in &lists {
            let ranked =
                extensions.iter().filter_map(|it| Some((rank(fields, it, &typed)?, it.id, connection, *fields, it)));
            found.extend(ranked);
        }
        found.sort_by_key(|(rank, id, ..)| (*rank, *id));
        // What an extension is for is read out of its record: only where it is shown.
        let known = |(_, _, connection, fields, extension): (u8, ExtensionId, &ConnectionName, _, &Arc<Extension>)| {
            KnownExtension {
                typed: format!("{connection}:{}", extension.id),
                name: extension.name.clone(),
                description: description(fields, extension),
            }
        };
        found.into_iter().take(limit).map(known).collect()
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
            let extensions = self.inner.directory.extensions(&connection);
            for known in fields.known(extensions.iter().map(|extension| &**extension), &key) {
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
}

/// What an extension is for, where it says so.
fn description(fields: &ExtensionFields, extension: &Extension) -> String {
    match fields.value(extension, &FieldKey("description".to_owned())) {
        Some(FieldValue::Text(text)) => text,
        Some(FieldValue::Number(_) | FieldValue::Flag(_) | FieldValue::List(_)) | None => String::new(),
    }
}

/// How well an extension fits what was typed; the least is the best, `None` is not at all.
fn rank(fields: &ExtensionFields, extension: &Extension, typed: &str) -> Option<u8> {
    let (number, name) = (extension.id.to_string(), extension.name.to_lowercase());
    if name == typed || number == typed {
        Some(0)
    } else if name.starts_with(typed) || number.starts_with(typed) {
        Some(1)
    } else if name.contains(typed) {
        Some(2)
    } else if description(fields, extension).to_lowercase().contains(typed) {
        Some(3)
    } else {
        None
    }
}
