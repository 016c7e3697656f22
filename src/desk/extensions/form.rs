//! What a form about an extension is filled with. A form must open at once, so it is filled from memory; what is sent is
//! checked against the phone system when it comes back.

use std::time::Duration;

use rollcall_commands::{ExtensionText, Permission};
use rollcall_telephony::{ConnectionName, Effect, Error, ErrorKind, Extension, ExtensionId, FieldKey, FieldSpec};

use crate::desk::{Desk, Refusal};
use crate::policy::Actor;

/// How long a form waits for what is not in memory: Discord takes it within three seconds.
const FORM_WAITS: Duration = Duration::from_millis(1_500);

/// What a form about an extension is filled with.
#[derive(Debug)]
pub struct ExtensionForm {
    /// What people call the extension; hostile text.
    pub name: String,
    /// Every member that can be edited, with its value as a person would type it.
    pub fields: Vec<(FieldSpec, String)>,
}

impl Desk {
    /// The extension that a person may edit, read fresh, for a menu of its fields.
    ///
    /// # Errors
    /// When the person may not, no such extension is known, or the phone system does not answer.
    pub async fn editable_extension(
        &self,
        actor: &Actor,
        typed: &ExtensionText,
    ) -> Result<(ConnectionName, ExtensionId, ExtensionForm), Refusal> {
        let (connection, extension) = self.find_extension(actor, typed, Permission::ExtensionWrite).await?;
        let form = self.filled(&connection, &extension)?;
        Ok((connection, extension.id, form))
    }

    /// What a form about an extension is filled with, for a person who may do what it asks for. It asks the phone system
    /// only for what is not in memory, and waits a moment only.
    ///
    /// # Errors
    /// When the person may not, there is no such extension, or the phone system does not answer at once.
    pub async fn extension_form(
        &self,
        actor: &Actor,
        permission: Permission,
        connection: &ConnectionName,
        id: ExtensionId,
    ) -> Result<ExtensionForm, Refusal> {
        self.permit(actor, permission, connection)?;
        match self.inner.directory.extension(connection, id) {
            Some(known) => self.filled(connection, &known),
            None => self.filled(connection, &self.read_at_once(connection, id).await?),
        }
    }

    async fn read_at_once(&self, connection: &ConnectionName, id: ExtensionId) -> Result<Extension, Refusal> {
        let late = |_| Error {
            connection: connection.clone(),
            operation: "reading the extension",
            kind: ErrorKind::Unreachable("it did not answer at once; try again in a moment".to_owned()),
            effect: Effect::None,
            source: None,
        };
        tokio::time::timeout(FORM_WAITS, self.read_extension(connection, id)).await.map_err(late)?
    }

    fn filled(&self, connection: &ConnectionName, extension: &Extension) -> Result<ExtensionForm, Refusal> {
        let fields = self.extension_fields(connection)?;
        let value = |key: &str| fields.value(extension, &FieldKey(key.to_owned()));
        let filled = fields.all.iter().map(|field| {
            let value = value(field.spec.key).map(|value| value.to_string()).unwrap_or_default();
            (field.spec, value)
        });
        Ok(ExtensionForm { name: extension.name.clone(), fields: filled.collect() })
    }
}
