//! Creating, changing and deleting an extension, up to the point where it is offered or asked for.

use rollcall_commands::{ExtensionText, Permission, extension};
use rollcall_telephony::{ConnectionName, ExtensionFields, ExtensionId, Record};

use super::act::{ExtensionAct, ExtensionChange};
use super::compare::{changing, name_in, same_name};
use super::shown::ExtensionPreview;
use crate::desk::act::Act;
use crate::desk::clone::single_line;
use crate::desk::offers::Offered;
use crate::desk::{Asked, Desk, Refusal};
use crate::policy::{Actor, SecondPerson};

/// How much a reason may hold, in characters.
const REASON_MAX: usize = 200;

impl Desk {
    /// Checks a new extension and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_create_extension(
        &self,
        actor: &Actor,
        asked: &extension::Create,
    ) -> Result<ExtensionPreview, Refusal> {
        let permission = Permission::ExtensionWrite;
        let connection = self.which_connection(actor, asked.connection.as_deref(), permission)?;
        let second = self.permit(actor, permission, &connection)?;
        let fields = self.extension_fields(&connection)?;
        let members = fields.read(&asked.all_fields()).map_err(|problems| Refusal::Value(problems.join(" ")))?;
        is_whole(fields, &members)?;
        let name = name_in(fields, &members).unwrap_or_else(|| asked.name.clone());
        let namesakes = self.namesakes(&connection, &name).await?;
        let change = ExtensionChange::Create { name, members, namesakes };
        self.offer_extension(actor, ExtensionAct { connection, change }, second).await
    }

    /// Checks a change of an extension and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_edit_extension(
        &self,
        actor: &Actor,
        asked: &extension::Edit,
    ) -> Result<ExtensionPreview, Refusal> {
        let permission = Permission::ExtensionWrite;
        let (connection, fresh) = self.find_extension(actor, &asked.extension, permission).await?;
        let second = self.permit(actor, permission, &connection)?;
        let fields = self.extension_fields(&connection)?;
        let members = fields.read(&asked.changes).map_err(|problems| Refusal::Value(problems.join(" ")))?;
        let (members, differs) = changing(fields, &fresh, &members);
        if differs.is_empty() {
            return Err(Refusal::Already { login: fresh.name, how: "as you want it".to_owned() });
        }
        let fingerprint = fresh.record.fingerprint();
        let change = ExtensionChange::Edit { id: fresh.id, name: fresh.name, members, differs, fingerprint };
        self.offer_extension(actor, ExtensionAct { connection, change }, second).await
    }

    /// Asks the approvers to delete an extension; `None`: the answer follows. Where the settings need no second person,
    /// it is offered instead.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed, and nobody was asked.
    pub async fn ask_delete_extension(
        &self,
        actor: &Actor,
        typed: &ExtensionText,
        reason: &str,
        asked: Asked,
    ) -> Result<Option<ExtensionPreview>, Refusal> {
        let permission = Permission::ExtensionDelete;
        let (connection, fresh) = self.find_extension(actor, typed, permission).await?;
        let second = self.permit(actor, permission, &connection)?;
        let reason = single_line("reason", reason, REASON_MAX)?;
        if reason.is_empty() {
            return Err(Refusal::Value("Say why it should be deleted: whoever reads of it wants to know.".to_owned()));
        }
        let fingerprint = fresh.record.fingerprint();
        let change = ExtensionChange::Delete { id: fresh.id, name: fresh.name, reason, fingerprint };
        let act = ExtensionAct { connection, change };
        if second.is_some() {
            self.start(actor, Act::Extension(act), asked, None).await?;
            return Ok(None);
        }
        self.offer_extension(actor, act, None).await.map(Some)
    }

    /// The extensions that have this name now.
    pub(super) async fn namesakes(&self, on: &ConnectionName, name: &str) -> Result<Vec<ExtensionId>, Refusal> {
        let list = self.read_extensions(on).await?.extensions;
        Ok(list.iter().filter(|other| same_name(&other.name, name)).map(|other| other.id).collect())
    }

    async fn offer_extension(
        &self,
        actor: &Actor,
        act: ExtensionAct,
        second: Option<SecondPerson>,
    ) -> Result<ExtensionPreview, Refusal> {
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(Act::Extension(act.clone()))).await?;
        Ok(ExtensionPreview { offer, expires_at, act, second })
    }
}

/// A new extension has what it needs.
fn is_whole(fields: &ExtensionFields, members: &Record) -> Result<(), Refusal> {
    match fields.lacking(members).as_slice() {
        [] => Ok(()),
        lacking => {
            let labels: Vec<String> = lacking.iter().map(|field| field.spec.label.to_lowercase()).collect();
            Err(Refusal::Value(format!("A new extension needs a {}.", labels.join(" and a "))))
        }
    }
}
