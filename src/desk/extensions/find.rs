//! Which connection and which extension a person means; listing and showing them.

use rollcall_commands::{ExtensionText, Permission};
use rollcall_telephony::{
    Ability, ConnectionName, ErrorKind, Extension, ExtensionFields, ExtensionId, ListedExtensions,
};

use super::compare::same_name;
use super::shown::{ExtensionCard, ExtensionList};
use crate::desk::{Desk, Refusal};
use crate::policy::{Actor, Verdict};

/// How many near ones a "did you mean" names.
const NEAR: usize = 5;
/// Below this likeness (0 to 1) two names are not taken for one another.
const ALIKE: f64 = 0.5;

impl Desk {
    /// Every extension of a phone system, read fresh.
    ///
    /// # Errors
    /// When the person may not, no connection is meant, or the phone system does not answer.
    pub async fn list_extensions(&self, actor: &Actor, connection: Option<&str>) -> Result<ExtensionList, Refusal> {
        let connection = self.which_connection(actor, connection, Permission::ExtensionRead)?;
        let fields = self.extension_fields(&connection)?;
        let ListedExtensions { mut extensions, unreadable } = self.read_extensions(&connection).await?;
        extensions.sort_by_key(|extension| extension.id);
        Ok(ExtensionList { connection, fields, extensions, unreadable, taken_at: self.now() })
    }

    /// An extension's card, read fresh.
    ///
    /// # Errors
    /// When the person may not, no such extension is known, or the phone system does not answer.
    pub async fn show_extension(&self, actor: &Actor, typed: &ExtensionText) -> Result<ExtensionCard, Refusal> {
        let (connection, extension) = self.find_extension(actor, typed, Permission::ExtensionRead).await?;
        let may = |permission: &Permission| match self.inner.policy.decide(actor, *permission, Some(&connection)) {
            Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => true,
            Verdict::Refused { .. } => false,
        };
        let may = [Permission::ExtensionWrite, Permission::ExtensionDelete].into_iter().filter(may).collect();
        let sections = self.extension_fields(&connection)?.describe(&extension);
        Ok(ExtensionCard { connection, extension, sections, may })
    }

    /// The connection on which a person may carry out a batch: asked before any file is fetched.
    ///
    /// # Errors
    /// When the person may not, or no connection is meant.
    pub fn may_batch(&self, actor: &Actor, connection: Option<&str>) -> Result<ConnectionName, Refusal> {
        match self.which_connection(actor, connection, Permission::ExtensionWrite) {
            Err(Refusal::WhichConnection { could }) if !could.is_empty() => Err(Refusal::WhereBatch { could }),
            meant => meant,
        }
    }

    /// The connection that is named, or the only one with extensions on which this person may do that.
    pub(super) fn which_connection(
        &self,
        actor: &Actor,
        typed: Option<&str>,
        permission: Permission,
    ) -> Result<ConnectionName, Refusal> {
        self.permit_somewhere(actor, permission)?;
        if let Some(typed) = typed {
            let connection = self.named(typed)?;
            self.permit(actor, permission, &connection)?;
            self.able(&connection, Ability::Extensions)?;
            return Ok(connection);
        }
        let could = self.connections_for(actor, permission, Ability::Extensions);
        match could.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(self.nowhere(actor, permission)),
            _ => Err(Refusal::WhichConnection { could }),
        }
    }

    /// Why none of the connections on which a person may do that has extensions.
    fn nowhere(&self, actor: &Actor, permission: Permission) -> Refusal {
        let with = self.inner.connections.iter().find(|(_, on)| on.reading.abilities().has(Ability::Extensions));
        let refused = match with {
            Some((connection, _)) => self.permit(actor, permission, connection).err(),
            None => self.connections().first().and_then(|on| self.able(on, Ability::Extensions).err()),
        };
        refused.unwrap_or(Refusal::WhichConnection { could: Vec::new() })
    }

    /// What people know of an extension there.
    pub(in crate::desk) fn extension_fields(
        &self,
        connection: &ConnectionName,
    ) -> Result<&'static ExtensionFields, Refusal> {
        let lacks = || Refusal::Lacks { connection: connection.clone(), ability: Ability::Extensions };
        self.reading(connection)?.extension_fields().ok_or_else(lacks)
    }

    /// The extension that a person means, read fresh: `connection:number`, `connection:name`, or a number or a name that
    /// only one extension has.
    pub(super) async fn find_extension(
        &self,
        actor: &Actor,
        typed: &ExtensionText,
        permission: Permission,
    ) -> Result<(ConnectionName, Extension), Refusal> {
        let text = typed.0.trim();
        self.permit_somewhere(actor, permission)?;
        let named = self.named_in(text);
        let rest = match (&named, text.split_once(':')) {
            (Some(_), Some((_, rest))) => rest.trim(),
            (Some(_), None) | (None, _) => text,
        };
        let number = rest.parse::<i64>().ok().filter(|number| *number > 0).map(ExtensionId);
        let on = match named {
            Some(connection) => {
                self.permit(actor, permission, &connection)?;
                self.able(&connection, Ability::Extensions)?;
                if let Some(id) = number
                    && let Some(extension) = self.read_extension_there(&connection, id).await?
                {
                    return Ok((connection, extension));
                }
                vec![connection]
            }
            None => self.connections_for(actor, permission, Ability::Extensions),
        };
        let Some(first) = on.first().cloned() else { return Err(self.nowhere(actor, permission)) };
        let (mut hits, mut near) = (Vec::new(), Vec::new());
        for connection in on {
            let list = self.read_extensions(&connection).await?.extensions;
            near.extend(nearest(&list, rest));
            let meant = |extension: &Extension| number == Some(extension.id) || same_name(&extension.name, rest);
            hits.extend(list.into_iter().filter(meant).map(|extension| (connection.clone(), extension)));
        }
        let none = |connection, near| Refusal::NoExtension { typed: typed.0.clone(), connection, near };
        match hits.as_slice() {
            [(connection, found)] => {
                let fresh = self.read_extension_there(connection, found.id).await?;
                let fresh = fresh.ok_or_else(|| none(connection.clone(), Vec::new()))?;
                Ok((connection.clone(), fresh))
            }
            [] => {
                near.truncate(NEAR);
                Err(none(first, near))
            }
            [(connection, _), ..] if hits.iter().all(|(other, _)| other == connection) => {
                let hits = hits.iter().take(NEAR).map(|(_, it)| (it.id, it.name.clone())).collect();
                Err(none(connection.clone(), hits))
            }
            _ => {
                let mut could: Vec<ConnectionName> = hits.into_iter().map(|(connection, _)| connection).collect();
                could.dedup();
                Err(Refusal::WhichConnection { could })
            }
        }
    }

    /// Every extension there, read fresh, and remembered for autocomplete.
    pub(in crate::desk) async fn read_extensions(
        &self,
        connection: &ConnectionName,
    ) -> Result<ListedExtensions, Refusal> {
        self.connected(connection)?;
        Ok(self.inner.directory.read_extensions(connection).await?)
    }

    /// One extension, read fresh, and remembered for autocomplete.
    pub(in crate::desk) async fn read_extension(
        &self,
        connection: &ConnectionName,
        id: ExtensionId,
    ) -> Result<Extension, Refusal> {
        match self.reading(connection)?.extension(id).await {
            Ok(extension) => {
                self.inner.directory.put_extension(connection, extension.clone());
                Ok(extension)
            }
            Err(error) => {
                if error.kind == ErrorKind::NotFound {
                    self.inner.directory.forget_extension(connection, id);
                }
                Err(error.into())
            }
        }
    }

    /// The same; `None`: there is none of that number.
    async fn read_extension_there(
        &self,
        connection: &ConnectionName,
        id: ExtensionId,
    ) -> Result<Option<Extension>, Refusal> {
        match self.read_extension(connection, id).await {
            Ok(extension) => Ok(Some(extension)),
            Err(Refusal::System(error)) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

/// Those whose name or number comes near to what was typed, the nearest first.
fn nearest(list: &[Extension], typed: &str) -> Vec<(ExtensionId, String)> {
    let typed = typed.to_lowercase();
    let likeness = |extension: &Extension| {
        let name = extension.name.to_lowercase();
        let holds = !typed.is_empty() && (name.contains(&typed) || extension.id.to_string().starts_with(&typed));
        if holds { 1.0 } else { strsim::normalized_damerau_levenshtein(&typed, &name) }
    };
    let mut near: Vec<(f64, &Extension)> =
        list.iter().map(|it| (likeness(it), it)).filter(|(l, _)| *l >= ALIKE).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().take(NEAR).map(|(_, it)| (it.id, it.name.clone())).collect()
}
