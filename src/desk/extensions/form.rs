//! What a form about an extension is filled with. A form must open at once, so it is filled from memory; what is sent is
//! checked against the phone system when it comes back.

use rollcall_commands::{ExtensionText, Permission};
use rollcall_telephony::{ConnectionName, Extension, ExtensionId, FieldKey, FieldSpec};

use crate::desk::{Desk, Refusal};
use crate::policy::Actor;

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

    /// What a form about an extension is filled with, for a person who may do what it asks for; asks nobody.
    ///
    /// # Errors
    /// When the person may not, or the extension is not remembered.
    pub fn extension_form(
        &self,
        actor: &Actor,
        permission: Permission,
        connection: &ConnectionName,
        id: ExtensionId,
    ) -> Result<ExtensionForm, Refusal> {
        self.permit(actor, permission, connection)?;
        let held = self.inner.extensions.of(connection);
        let known = held.iter().find(|extension| extension.id == id).ok_or_else(|| Refusal::NoExtension {
            typed: id.to_string(),
            connection: connection.clone(),
            near: Vec::new(),
        })?;
        self.filled(connection, known)
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
