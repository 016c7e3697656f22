//! The last look before a change of extensions is recorded or sent: is everything as it was shown?

use rollcall_telephony::{Extension, ExtensionId};

use super::act::{BatchRow, ExtensionAct, ExtensionChange, RowAct};
use super::batch::named;
use super::compare::{changing, same_name};
use crate::desk::prepare::Prepared;
use crate::desk::{Desk, Refusal};

impl Desk {
    /// Reads what an act about extensions was shown for, and refuses it when it is not as it was shown.
    pub(in crate::desk) async fn prepare_extensions(&self, act: &ExtensionAct) -> Result<Prepared, Refusal> {
        let extensions = self.as_shown(act).await?;
        Ok(Prepared { extensions: Some(extensions), ..Prepared::default() })
    }

    /// The extensions that an act changes or deletes, as they are now: none for a new one.
    pub(in crate::desk) async fn read_subject(&self, act: &ExtensionAct) -> Result<Vec<Extension>, Refusal> {
        match (&act.change, act.id()) {
            (_, Some(id)) => Ok(vec![self.read_extension(&act.connection, id).await?]),
            (ExtensionChange::Batch { rows, .. }, None) => {
                Ok(named(&self.read_extensions(&act.connection).await?.extensions, rows))
            }
            (_, None) => Ok(Vec::new()),
        }
    }

    /// The same, refused when it is not as it was shown.
    pub(super) async fn as_shown(&self, act: &ExtensionAct) -> Result<Vec<Extension>, Refusal> {
        let (now, what) = match &act.change {
            ExtensionChange::Create { name, namesakes, .. } => {
                let others = self.namesakes(&act.connection, name).await?;
                let new = others.into_iter().find(|id| !namesakes.contains(id));
                let Some(id) = new else { return Ok(Vec::new()) };
                let what = vec![format!("extension {id} has that name meanwhile")];
                return Err(Refusal::Changed { login: name.clone(), what });
            }
            ExtensionChange::Edit { members, .. } => {
                let now = self.read_subject(act).await?;
                let fields = self.extension_fields(&act.connection)?;
                let moved = now.iter().flat_map(|it| changing(fields, it, members).1);
                let what = moved.filter(|d| !act.differs().contains(d)).map(|d| d.label).collect();
                (now, what)
            }
            ExtensionChange::Delete { .. } => (self.read_subject(act).await?, Vec::new()),
            ExtensionChange::Batch { rows, there, .. } => {
                let list = self.read_extensions(&act.connection).await?.extensions;
                if let Some((row, id)) = taken(rows, there, &list) {
                    let what = vec![format!("extension {id} has the name of row {} meanwhile", row.row)];
                    return Err(Refusal::Changed { login: act.name().to_owned(), what });
                }
                if let Some(row) = rows.iter().find(|row| withholds(row, &list)) {
                    let what = vec![format!("row {} ({}), where a secret stands by now", row.row, row.name)];
                    return Err(Refusal::Changed { login: act.name().to_owned(), what });
                }
                let what = self.moved_rows(act, rows, &list)?;
                (named(&list, rows), what)
            }
        };
        if act.fingerprint().is_some_and(|shown| act.fingerprint_now(&now) != shown) {
            let name = now.first().filter(|_| act.id().is_some()).map_or(act.name(), |now| &now.name);
            return Err(Refusal::Changed { login: name.to_owned(), what });
        }
        Ok(now)
    }

    /// The rows whose extension is gone, or has other values where the row changes it.
    fn moved_rows(&self, act: &ExtensionAct, rows: &[BatchRow], list: &[Extension]) -> Result<Vec<String>, Refusal> {
        let fields = self.extension_fields(&act.connection)?;
        let moved = |row: &&BatchRow| {
            let Some(id) = row.what.id() else { return false };
            match (list.iter().find(|it| it.id == id), &row.what) {
                (None, _) => true,
                (Some(it), RowAct::Change { members, differs, .. }) => changing(fields, it, members).1 != *differs,
                (Some(_), RowAct::Add { .. } | RowAct::Delete { .. }) => false,
            }
        };
        Ok(rows.iter().filter(moved).map(|row| format!("row {} ({})", row.row, row.name)).collect())
    }
}

/// Whether a row would have to send what nobody reads: a changed extension is sent whole.
fn withholds(row: &BatchRow, list: &[Extension]) -> bool {
    match row.what {
        RowAct::Change { id, .. } => list.iter().any(|it| it.id == id && !it.withheld.is_empty()),
        RowAct::Add { .. } | RowAct::Delete { .. } => false,
    }
}

/// A row that adds an extension of a name that somebody gave one meanwhile.
fn taken<'a>(rows: &'a [BatchRow], there: &[ExtensionId], list: &[Extension]) -> Option<(&'a BatchRow, ExtensionId)> {
    let new: Vec<&Extension> = list.iter().filter(|it| !there.contains(&it.id)).collect();
    let mut adds = rows.iter().filter(|row| matches!(row.what, RowAct::Add { .. }));
    adds.find_map(|row| Some((row, new.iter().find(|it| same_name(&it.name, &row.name))?.id)))
}
