//! A batch: sent once, then told row by row by what the list shows, whatever the answer was.
//!
//! No document says that a batch is all or nothing, so no answer is believed: not a yes, not a no, and a lost one least.
//! A second sending could add everything twice; there is none. What a list shows of the rows is in `afterwards`.

use std::time::Duration;

use rollcall_telephony::{Effect, Error, ErrorKind};

use super::act::RowOutcome;
use super::advice::in_words;
use super::sending::{Errand, not_as_shown};
use crate::desk::prepare::Prepared;
use crate::desk::report::{BatchSaid, Outcome};
use crate::desk::settle::may_be_on_its_way;
use crate::desk::step::{Ending, Step, authorize};
use crate::desk::{Desk, Refusal};
use crate::ledger::IntentState;

/// How long what was answered as done may still be missing from the list, or the list not be told.
const SHOWS_WITHIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

impl Desk {
    /// Sends a batch, or looks up what came of one.
    pub(super) async fn batch_extensions(&self, errand: &Errand<'_>, prepared: Prepared) -> Step {
        match errand.intent.state {
            IntentState::Recorded => self.send_batch(errand, prepared).await,
            IntentState::Sent | IntentState::Doubt | IntentState::Done | IntentState::Failed => {
                self.look_at_batch(errand).await
            }
        }
    }

    async fn send_batch(&self, errand: &Errand<'_>, prepared: Prepared) -> Step {
        let act = errand.act;
        let now = match prepared.extensions {
            Some(now) => now,
            None => match (self.as_shown(act).await, errand.intent.request) {
                (Ok(now), _) => now,
                (Err(Refusal::Changed { .. }), Some(_)) => {
                    return match self.read_subject(act).await {
                        Ok(now) => self.extensions_moved(errand, &now).await,
                        Err(refusal) => Step::Later(refusal.in_short()),
                    };
                }
                (Err(refusal), _) => return not_as_shown(act.name(), &refusal),
            },
        };
        if let Err(error) = self.inner.ledger.sending(errand.intent.id).await {
            return Step::Later(error.to_string());
        }
        match errand.writing.batch_extensions(&authorize(errand.intent), &act.batch(&now)).await {
            Ok(_) => self.tell_batch(errand, BatchSaid::Done).await,
            Err(error) if never_began(&error) => Ending::failed(in_words(&error)),
            Err(error) => match error.took_effect() {
                Effect::None => self.tell_batch(errand, BatchSaid::Refused { why: in_words(&error) }).await,
                Effect::Unknown => match self.look_at_batch(errand).await {
                    Step::Later(_) => Step::Later(error.to_string()),
                    over @ Step::Over(_) => over,
                },
            },
        }
    }

    /// An answer came: the list is read until it shows what was answered, or for long enough.
    async fn tell_batch(&self, errand: &Errand<'_>, said: BatchSaid) -> Step {
        let mut waits = SHOWS_WITHIN.iter();
        loop {
            let told = self.rows_afterwards(errand.act).await;
            let wait = waits.next();
            match (told, wait) {
                (Ok(rows), Some(_)) if said == BatchSaid::Done && !rows.iter().all(RowOutcome::is_done) => {}
                (Ok(rows), Some(_)) if rows.iter().any(|row| matches!(row, RowOutcome::Untold { .. })) => {}
                (Ok(rows), _) => return told_by(rows, said),
                (Err(_), Some(_)) => {}
                (Err(refusal), None) => return Step::Later(refusal.in_short()),
            }
            if let Some(wait) = wait {
                tokio::time::sleep(*wait).await;
            }
        }
    }

    /// No answer is known. Until everything is done, the request is given the time that it may still be on its way.
    async fn look_at_batch(&self, errand: &Errand<'_>) -> Step {
        let on = &errand.act.connection;
        let rows = match self.rows_afterwards(errand.act).await {
            Ok(rows) => rows,
            Err(refusal) => return Step::Later(refusal.in_short()),
        };
        if !rows.iter().all(RowOutcome::is_done) && may_be_on_its_way(errand.intent, errand.on, self.now()) {
            return Step::Later(format!("{on} does not show all of the batch yet"));
        }
        told_by(rows, BatchSaid::Nothing { why: format!("what {on} answered is not known") })
    }
}

fn told_by(rows: Vec<RowOutcome>, said: BatchSaid) -> Step {
    let state = if rows.iter().any(RowOutcome::is_done) { IntentState::Done } else { IntentState::Failed };
    Ending::new(state, Outcome::Batch { rows, said }).step()
}

/// Whether the phone system never began with it: then there is nothing to look up.
fn never_began(error: &Error) -> bool {
    let began = match &error.kind {
        ErrorKind::Refused(_) | ErrorKind::NotFound | ErrorKind::Broken(_) | ErrorKind::Unreadable(_) => true,
        ErrorKind::SignedOut | ErrorKind::RateLimited(_) | ErrorKind::Unreachable(_) | ErrorKind::Unsupported(_) => {
            false
        }
    };
    error.took_effect() == Effect::None && !began
}
