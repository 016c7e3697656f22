//! Sending a change of presence, part by part, and what a crash in between leaves.
//!
//! Nothing can be looked up afterwards, and an answer that is late may find somebody gone home: so nothing is sent twice.
//! A part whose answer is missing is told as that.

use std::time::Duration;

use futures_util::future::join_all;
use rollcall_telephony::{Agent, PresenceChange, PresenceWriting};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::act::{FirstStep, PartOutcome, PresenceAct, PresencePart, ability};
use crate::desk::report::Outcome;
use crate::desk::step::{Ending, Step, authorize};
use crate::desk::{Desk, OFFER_LASTS};
use crate::ledger::{Intent, IntentState};

/// How long after it was asked a change is still sent: a login that comes an hour late is wrong.
const STILL_WANTED: Duration = OFFER_LASTS;

/// How far a part is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "so-far", rename_all = "kebab-case")]
enum SoFar {
    /// It is about to be asked, or was.
    Asked,
    /// It is over.
    Over {
        /// What came of it.
        outcome: PartOutcome,
    },
}

impl Desk {
    /// Carries out a change of presence; or tells what a crash left of one.
    pub(in crate::desk) async fn change_presence(&self, intent: &Intent, act: &PresenceAct) -> Step {
        let begun = intent.progress.as_deref().map(serde_json::from_str::<Vec<SoFar>>);
        let so_far = match (intent.state, begun) {
            (IntentState::Recorded, None) if self.still_wanted(intent) => {
                return self.send_parts(intent, act).await;
            }
            (IntentState::Recorded, None) => return too_late(act),
            (_, Some(Ok(so_far))) => so_far,
            (_, None | Some(Err(_))) => Vec::new(),
        };
        let mut so_far = so_far.into_iter();
        over(act.parts().map(|part| match so_far.next() {
            Some(SoFar::Over { outcome }) => outcome,
            Some(SoFar::Asked) | None => part.before.clone().unwrap_or_else(|| PartOutcome::Untold {
                why: "the bot was stopped before it had the answer".to_owned(),
                first: FirstStep::NotDone,
            }),
        }))
    }

    fn still_wanted(&self, intent: &Intent) -> bool {
        let now = self.now();
        intent.recorded_at > now || now.since(intent.recorded_at) <= STILL_WANTED
    }

    /// Asks all parts at once: each is another phone system, or another agent.
    async fn send_parts(&self, intent: &Intent, act: &PresenceAct) -> Step {
        let begun: Vec<SoFar> = act
            .parts()
            .map(|part| part.before.clone().map_or(SoFar::Asked, |outcome| SoFar::Over { outcome }))
            .collect();
        let written = serde_json::to_string(&begun).unwrap_or_default();
        if let Err(error) = self.inner.ledger.sending_with(intent.id, &written).await {
            return Step::Later(error.to_string());
        }
        let so_far = Mutex::new(begun);
        let asked = act.parts().enumerate().map(|(at, part)| {
            let so_far = &so_far;
            async move {
                if let Some(outcome) = part.before.clone() {
                    return outcome;
                }
                let outcome = self.send_part(intent, part).await;
                let mut so_far = so_far.lock().await;
                if let Some(mine) = so_far.get_mut(at) {
                    *mine = SoFar::Over { outcome: outcome.clone() };
                }
                let written = serde_json::to_string(&*so_far).unwrap_or_default();
                if let Err(error) = self.inner.ledger.progress(intent.id, &written).await {
                    // The conclusion holds it as well; only a crash before that would lose it.
                    tracing::warn!(intent = %intent.id, %error, "what came of a part could not be noted");
                }
                outcome
            }
        });
        over(join_all(asked).await.into_iter())
    }

    /// Asks for one part's changes, one after the other.
    async fn send_part(&self, intent: &Intent, part: &PresencePart) -> PartOutcome {
        let failed =
            |why: String| PartOutcome::Failed { why, evidence: super::Evidence::None, first: FirstStep::NotDone };
        let presence = match self.presence_on(&part.agent, ability(&part.change)) {
            Ok(presence) => presence,
            Err(refusal) => return failed(refusal.in_short()),
        };
        let agent = match self.named_there(&part.agent).await {
            Ok(agent) => agent,
            Err(refusal) => return failed(refusal.in_short()),
        };
        // Of several parts one may not fit: nothing was sent of it.
        if let Err(unfit) = presence.check(&part.agent.id, &part.change) {
            return failed(format!("it was not asked: {unfit}"));
        }
        if let Some(change) = &part.first
            && let Err(outcome) = one(intent, presence, &agent, change, FirstStep::NotDone).await
        {
            return outcome;
        }
        let first = if part.first.is_some() { FirstStep::Done } else { FirstStep::NotDone };
        match one(intent, presence, &agent, &part.change, first).await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }
}

/// Asks for one change.
async fn one(
    intent: &Intent,
    presence: &dyn PresenceWriting,
    agent: &Agent,
    change: &PresenceChange,
    first: FirstStep,
) -> Result<PartOutcome, PartOutcome> {
    match presence.set_presence(&authorize(intent), agent, change).await {
        Ok(answer) => Ok(PartOutcome::Done { answer }),
        Err(error) => Err(PartOutcome::of_error(&error, first)),
    }
}

/// It lay there for so long that nobody may want it any more: nothing is sent.
fn too_late(act: &PresenceAct) -> Step {
    let why = "the bot could not ask within ten minutes; by now it may not be wanted any more".to_owned();
    over(act.parts().map(|part| {
        part.before.clone().unwrap_or_else(|| PartOutcome::Failed {
            why: why.clone(),
            evidence: super::Evidence::None,
            first: FirstStep::NotDone,
        })
    }))
}

fn over(parts: impl Iterator<Item = PartOutcome>) -> Step {
    let parts: Vec<PartOutcome> = parts.collect();
    let state = if parts.iter().any(PartOutcome::is_done) { IntentState::Done } else { IntentState::Failed };
    Ending::new(state, Outcome::Presence { parts }).step()
}
