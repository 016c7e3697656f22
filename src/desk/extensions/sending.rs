//! Creating, changing and deleting an extension: sent, read back, and looked up where the answer was lost.
//!
//! A create is never sent again: nothing of a new extension proves that it is ours. A change and a delete are, while the
//! record is still the one that was shown.

use std::sync::Arc;

use rollcall_telephony::{Connected, Error, ErrorKind, Extension, ExtensionId, ExtensionWriting, Record};

use super::act::{ExtensionAct, ExtensionChange};
use super::compare::{differences, not_as_asked, same_name};
use crate::desk::Desk;
use crate::desk::deleting::GONE_WITHIN;
use crate::desk::prepare::Prepared;
use crate::desk::report::{Differs, Found, Outcome};
use crate::desk::settle::{MOST_ATTEMPTS, may_be_on_its_way};
use crate::desk::step::{Ending, Step, authorize, unfinished, unsent};
use crate::desk::{Refusal, approvals::Subject};
use crate::ledger::{Intent, IntentState};

/// What carrying out a change of extensions needs at every step.
pub(super) struct Errand<'a> {
    pub(super) intent: &'a Intent,
    pub(super) act: &'a ExtensionAct,
    pub(super) on: &'a Connected,
    pub(super) writing: &'a Arc<dyn ExtensionWriting>,
}

impl Desk {
    /// Carries out a change of extensions, or looks up what came of one.
    pub(in crate::desk) async fn change_extensions(
        &self,
        intent: &Intent,
        act: &ExtensionAct,
        on: &Connected,
        prepared: Prepared,
    ) -> Step {
        let Some(writing) = &on.extensions else {
            return Ending::failed(format!("{} has no extensions", act.connection));
        };
        let errand = Errand { intent, act, on, writing };
        match &act.change {
            ExtensionChange::Create { name, members, namesakes } => match intent.state {
                IntentState::Recorded => self.create_extension(&errand, prepared, name, members).await,
                IntentState::Sent | IntentState::Doubt | IntentState::Done | IntentState::Failed => {
                    self.look_for_extension(&errand, name, members, namesakes).await
                }
            },
            ExtensionChange::Edit { id, members, .. } => self.edit_extension(&errand, prepared, *id, members).await,
            ExtensionChange::Delete { id, .. } => self.delete_extension(&errand, prepared, *id).await,
            ExtensionChange::Batch { .. } => self.batch_extensions(&errand, prepared).await,
        }
    }

    async fn create_extension(&self, errand: &Errand<'_>, prepared: Prepared, name: &str, members: &Record) -> Step {
        if prepared.extensions.is_none()
            && let Err(refusal) = self.as_shown(errand.act).await
        {
            return not_as_shown(name, &refusal);
        }
        if let Err(error) = self.inner.ledger.sending(errand.intent.id).await {
            return Step::Later(error.to_string());
        }
        match errand.writing.create_extension(&authorize(errand.intent), members).await {
            // It says that it made one: that is looked up, not believed.
            Ok(echo) => match self.read_extension(&errand.act.connection, echo.id).await {
                Ok(made) => self.extension_created(errand, members, &made),
                Err(refusal) => Step::Later(refusal.in_short()),
            },
            Err(error) => unfinished(&error),
        }
    }

    /// The answer was lost: exactly one extension of that name which was not there before is the one.
    async fn look_for_extension(
        &self,
        errand: &Errand<'_>,
        name: &str,
        members: &Record,
        namesakes: &[ExtensionId],
    ) -> Step {
        let connection = &errand.act.connection;
        let list = match self.read_extensions(connection).await {
            Ok(list) => list.extensions,
            Err(refusal) => return Step::Later(refusal.in_short()),
        };
        let new = |it: &&Extension| same_name(&it.name, name) && !namesakes.contains(&it.id);
        let found: Vec<&Extension> = list.iter().filter(new).collect();
        match found.as_slice() {
            [made] => self.extension_created(errand, members, made),
            [] if may_be_on_its_way(errand.intent, errand.on, self.now()) => {
                Step::Later(format!("{name} is not in the list of {connection} yet"))
            }
            [] => Ending::untold(format!(
                "{connection} does not list {name}, so that nobody can tell whether it was created; I do not send it a second time"
            )),
            _ => Ending::untold(format!("{connection} has several new extensions called {name}")),
        }
    }

    fn extension_created(&self, errand: &Errand<'_>, members: &Record, made: &Extension) -> Step {
        let connection = &errand.act.connection;
        self.inner.directory.put_extension(connection, made.clone());
        match self.extension_fields(connection) {
            Ok(fields) => {
                let differs = not_as_asked(fields, members, made);
                Ending::done(Outcome::ExtensionCreated { id: made.id, differs })
            }
            Err(refusal) => Step::Later(refusal.in_short()),
        }
    }

    async fn edit_extension(&self, errand: &Errand<'_>, prepared: Prepared, id: ExtensionId, members: &Record) -> Step {
        let (intent, act) = (errand.intent, errand.act);
        let fields = match self.extension_fields(&act.connection) {
            Ok(fields) => fields,
            Err(refusal) => return Step::Later(refusal.in_short()),
        };
        let before = match first_or_read(prepared, errand, id).await {
            Ok(before) => before,
            Err(error) if intent.state == IntentState::Recorded || error.kind == ErrorKind::NotFound => {
                return unsent(&error);
            }
            Err(error) => return Step::Later(error.to_string()),
        };
        self.inner.directory.put_extension(&act.connection, before.clone());
        let sent_before = intent.state != IntentState::Recorded;
        if sent_before && not_as_asked(fields, members, &before).is_empty() {
            return Ending::done(Outcome::Changed { differs: act.differs().to_vec() });
        }
        if act.fingerprint() != Some(before.record.fingerprint().as_str()) {
            return if sent_before {
                Ending::untold(format!("{} was changed by somebody else meanwhile", act.name()))
            } else {
                Ending::failed(format!("{} is not as it was shown any more", act.name()))
            };
        }
        if intent.attempts >= MOST_ATTEMPTS {
            let (on, name) = (&act.connection, act.name());
            return Ending::untold(format!("{on} was asked {MOST_ATTEMPTS} times, and {name} is still as it was"));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        if let Err(error) = errand.writing.edit_extension(&authorize(intent), id, members).await {
            return unfinished(&error);
        }
        let after = match self.read_extension(&act.connection, id).await {
            Ok(after) => after,
            Err(refusal) => return Step::Later(refusal.in_short()),
        };
        if !not_as_asked(fields, members, &after).is_empty() {
            return Ending::untold(format!(
                "{} answered that it was done, but the record reads otherwise",
                act.connection
            ));
        }
        Ending::done(Outcome::Changed { differs: differences(fields, &[before], &[after]) })
    }

    /// Sends a delete, unless the extension is not the one that was shown any more; or looks up what came of one.
    ///
    /// Gone: done. There with the same record: sent (again). There with another: nothing is sent.
    async fn delete_extension(&self, errand: &Errand<'_>, prepared: Prepared, id: ExtensionId) -> Step {
        let (intent, act) = (errand.intent, errand.act);
        let sent_before = intent.state != IntentState::Recorded;
        let fresh = match first_or_read(prepared, errand, id).await {
            Ok(fresh) => fresh,
            Err(error) if error.kind == ErrorKind::NotFound => {
                return self.extension_gone(act, id, if sent_before { Found::Deleted } else { Found::Gone });
            }
            Err(error) => return Step::Later(error.to_string()),
        };
        self.inner.directory.put_extension(&act.connection, fresh.clone());
        if act.fingerprint() != Some(fresh.record.fingerprint().as_str()) {
            return self.extensions_moved(errand, &[fresh]).await;
        }
        if intent.attempts >= MOST_ATTEMPTS {
            return Ending::untold(format!("{} was asked {MOST_ATTEMPTS} times and still has it", act.connection));
        }
        if let Err(error) = self.inner.ledger.sending(intent.id).await {
            return Step::Later(error.to_string());
        }
        match errand.writing.delete_extension(&authorize(intent), id).await {
            Ok(()) => self.look_extension_gone(errand, id).await,
            // Deleted by an earlier asking of ours, or by somebody else: gone it is.
            Err(error) if error.kind == ErrorKind::NotFound => self.look_extension_gone(errand, id).await,
            // People decided that it is done, so it is not given up because the phone system is busy for a moment.
            Err(error) if matches!(error.kind, ErrorKind::RateLimited(_)) && intent.attempts + 1 < MOST_ATTEMPTS => {
                Step::Later(error.to_string())
            }
            Err(error) => unfinished(&error),
        }
    }

    /// The answer said that it is deleted: that is looked up, not believed.
    async fn look_extension_gone(&self, errand: &Errand<'_>, id: ExtensionId) -> Step {
        let act = errand.act;
        let mut waits = GONE_WITHIN.iter();
        loop {
            match errand.on.reading.extension(id).await {
                Err(error) if error.kind == ErrorKind::NotFound => return self.extension_gone(act, id, Found::Deleted),
                Err(error) => return Step::Later(error.to_string()),
                Ok(_) => {
                    let Some(wait) = waits.next() else {
                        let (on, name) = (&act.connection, act.name());
                        return Step::Later(format!("{on} answered that it deleted {name}, but still has it"));
                    };
                    tokio::time::sleep(*wait).await;
                }
            }
        }
    }

    fn extension_gone(&self, act: &ExtensionAct, id: ExtensionId, found: Found) -> Step {
        self.inner.directory.forget_extension(&act.connection, id);
        Ending::done(Outcome::ExtensionDeleted { found })
    }

    /// What was shown is not so any more: nothing is sent.
    pub(super) async fn extensions_moved(&self, errand: &Errand<'_>, now: &[Extension]) -> Step {
        let act = errand.act;
        let what = self.moved_since(errand, now).await;
        tracing::info!(on = %act.connection, "extensions are not as they were shown; nothing is sent");
        Ending::new(IntentState::Failed, Outcome::Moved { login: act.name().to_owned(), what }).step()
    }

    /// What differs from the card, where there was one.
    async fn moved_since(&self, errand: &Errand<'_>, now: &[Extension]) -> Vec<Differs> {
        let Some(request) = errand.intent.request else { return Vec::new() };
        let sealed = self.inner.ledger.request_record(request).await.ok().flatten();
        let shown = sealed.and_then(|json| Subject::unsealed(&json).ok());
        match (shown, self.extension_fields(&errand.act.connection)) {
            (Some(Subject::Extensions(shown)), Ok(fields)) => differences(fields, &shown, now),
            (Some(Subject::Agent(_) | Subject::Extensions(_)) | None, _) => Vec::new(),
        }
    }
}

/// What was read just before, or the extension read now.
async fn first_or_read(prepared: Prepared, errand: &Errand<'_>, id: ExtensionId) -> Result<Extension, Error> {
    match prepared.extensions.and_then(|read| read.into_iter().find(|it| it.id == id)) {
        Some(read) => Ok(read),
        None => errand.on.reading.extension(id).await,
    }
}

/// Nothing was sent, because it could not be looked at, or is not as it was shown.
pub(super) fn not_as_shown(name: &str, refusal: &Refusal) -> Step {
    match refusal {
        Refusal::System(error) => unsent(error),
        Refusal::Changed { what, .. } if !what.is_empty() => {
            Ending::failed(format!("{name} is not as it was shown any more: {}", what.join(", ")))
        }
        other => Ending::failed(other.in_short()),
    }
}
