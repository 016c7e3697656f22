//! What a step of an act leads to: over, or to be looked at later.

use rollcall_telephony::{Agent, Authorized, Connected, Difference, Effect, Error, ErrorKind, Thing};
use secrecy::SecretString;

use super::Desk;
use super::extensions::advice;
use super::report::{Differs, Outcome};
use crate::ledger::{Intent, IntentState, KeptMove, NewHandover};

/// What a step of an act led to.
#[derive(Debug)]
pub(super) enum Step {
    /// It is over.
    Over(Box<Ending>),
    /// It cannot be told yet; why, in a sentence. The settler goes on.
    Later(String),
}

/// How an act ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) state: IntentState,
    pub(super) outcome: Outcome,
    pub(super) handover: Option<NewHandover>,
    /// The record as it is now, for an Undo, and for a delete that was asked together with a disable.
    pub(super) after: Option<Agent>,
    /// What becomes of a kept record.
    pub(super) kept: Option<KeptMove>,
}

impl Ending {
    pub(super) const fn new(state: IntentState, outcome: Outcome) -> Self {
        Self { state, outcome, handover: None, after: None, kept: None }
    }

    pub(super) fn failed(why: impl Into<String>) -> Step {
        Self::new(IntentState::Failed, Outcome::Failed { why: why.into() }).step()
    }

    /// It may have been done, and nobody will look any more.
    pub(super) fn untold(why: impl Into<String>) -> Step {
        Self::new(IntentState::Failed, Outcome::Untold { why: why.into() }).step()
    }

    pub(super) fn done(outcome: Outcome) -> Step {
        Self::new(IntentState::Done, outcome).step()
    }

    pub(super) fn step(self) -> Step {
        Step::Over(Box::new(self))
    }
}

impl Desk {
    /// The sealed password of an intent; without one, nothing is to be done any more.
    pub(super) async fn sealed_password(&self, intent: &Intent) -> Result<SecretString, Step> {
        match self.inner.ledger.intent_secret(intent.id).await {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(Ending::failed("its sealed password is gone")),
            Err(error) => Err(Step::Later(error.to_string())),
        }
    }
}

/// The proof for the writing half: this intent is on disk.
#[expect(clippy::disallowed_methods, reason = "the desk is the one place that authorises a write")]
pub(super) const fn authorize(intent: &Intent) -> Authorized {
    Authorized::by_the_desk(intent.id)
}

/// Reading failed before anything was sent: nothing changed.
pub(super) fn unsent(error: &Error) -> Step {
    match error.kind {
        ErrorKind::NotFound | ErrorKind::Refused(_) | ErrorKind::SignedOut | ErrorKind::Unsupported(_) => {
            Ending::failed(why(error))
        }
        ErrorKind::RateLimited(_) | ErrorKind::Unreadable(_) | ErrorKind::Unreachable(_) | ErrorKind::Broken(_) => {
            Step::Later(error.to_string())
        }
    }
}

/// A write failed: over when nothing can have changed, else to be looked up.
pub(super) fn unfinished(error: &Error) -> Step {
    match error.took_effect() {
        Effect::None => Ending::failed(why(error)),
        Effect::Unknown => Step::Later(error.to_string()),
    }
}

/// Why an act failed: it keeps that as a sentence, and nobody can ask back.
fn why(error: &Error) -> String {
    match error.thing() {
        Thing::Agent => error.to_string(),
        Thing::Extension => advice::in_words(error),
    }
}

/// Differences in words.
pub(super) fn in_words(on: &Connected, differences: Vec<Difference>) -> Vec<Differs> {
    differences
        .into_iter()
        .map(|d| Differs {
            label: on.reading.label(&d.path),
            before: d.before.map(|json| on.reading.words(&d.path, &json)).unwrap_or_default(),
            after: d.after.map(|json| on.reading.words(&d.path, &json)).unwrap_or_default(),
        })
        .collect()
}
