//! From a permitted act to a concluded one: checked fresh, recorded, sent, recorded, told.
//!
//! The first sending and every later look share [`Desk::advance`]: what a crash leaves behind is finished by the very
//! code that would have finished it.

use std::time::Duration;

use super::act::Act;
use super::prepare::Prepared;
use super::report::{Outcome, Report, Told};
use super::step::{Ending, Step};
use super::{Asked, Desk, Refusal};
use crate::ledger::{
    AuditEntry, Began, Conclusion, HandoverId, HandoverState, Intent, IntentState, LedgerError, NewIntent, NewNotice,
    NoticeTo, OfferId,
};
use crate::policy::Actor;

/// How long an act rests after its outcome could not be written.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What starting an act led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// It is under way.
    Under,
    /// It was asked for before; that one goes on or is done.
    Before,
}

impl Desk {
    /// Checks an act against the phone system as it is now, records it and sets it going. Its report follows by itself.
    pub(super) async fn start(
        &self,
        actor: &Actor,
        act: Act,
        asked: Asked,
        offer: Option<OfferId>,
    ) -> Result<Started, Refusal> {
        self.able(act.connection(), Self::ability_of(&act))?;
        self.inner.ledger.check_writable().await?;
        let mut prepared = self.prepare(&act).await?;
        let body = serde_json::to_string(&act).map_err(|e| Refusal::Store(e.to_string()))?;
        let began = self
            .inner
            .ledger
            .begin(NewIntent {
                actor: actor.id,
                interaction: Some(asked.interaction),
                offer,
                connection: act.connection(),
                act: &body,
                audit: entry(&act, "recorded", Some(actor.id), serde_json::json!({ "act": act, "as": actor.name })),
                secret: prepared.secret.as_ref(),
                claim: None,
                keeps: None,
            })
            .await?;
        match began {
            Began::Refused(why) => Err(Refusal::Offer(why)),
            Began::Already(_) | Began::Asked(_) | Began::NotClaimed => Ok(Started::Before),
            Began::New(intent) => {
                // When the settler was quicker, it carries the act out.
                if let Some(in_hand) = self.take_in_hand(intent.id) {
                    let desk = self.clone();
                    prepared.secret = None;
                    tokio::spawn(async move {
                        // Read again: the settler may have had it in hand, and sent it, in between.
                        if let Ok(Some(intent)) = desk.inner.ledger.intent(intent.id).await {
                            desk.advance(intent, prepared).await;
                        }
                        drop(in_hand);
                        desk.wake_settler();
                    });
                }
                Ok(Started::Under)
            }
        }
    }

    /// Takes an intent one step further, and writes down where that led.
    pub(super) async fn advance(&self, intent: Intent, prepared: Prepared) {
        let act: Act = match serde_json::from_str(&intent.act) {
            Ok(act) => act,
            Err(error) => {
                tracing::error!(intent = %intent.id, %error, "a journalled act cannot be read by this version");
                return;
            }
        };
        let step = match self.connected(&act.connection().clone()) {
            Err(_) => Step::Later(format!("{} is not configured any more.", act.connection())),
            Ok(connected) => match intent.state {
                IntentState::Recorded => self.send(&intent, &act, connected, prepared).await,
                IntentState::Sent | IntentState::Doubt => self.look(&intent, &act, connected).await,
                IntentState::Done | IntentState::Failed => return,
            },
        };
        let written = match step {
            Step::Over(ending) => self.conclude(&intent, act, *ending).await,
            Step::Later(why) => self.postpone(&intent, act, why).await,
        };
        if let Err(error) = written {
            // The journal still says where it stood: the settler looks again once the store can be written.
            tracing::error!(intent = %intent.id, %error, "what came of an act could not be written");
            // Kept in hand for a while: a store that takes nothing must not make the bot ask without end.
            tokio::time::sleep(STORE_PAUSE).await;
        }
        self.wake_settler();
    }

    /// Writes what came of an act, and all that follows from it, in one transaction.
    async fn conclude(&self, intent: &Intent, act: Act, ending: Ending) -> Result<(), LedgerError> {
        let by_the_bot = matches!(act, Act::Replace(_));
        let actor = (!by_the_bot).then_some(intent.actor);
        let undo = match (&ending.after, actor) {
            (Some(after), Some(actor)) => self.offer_undo(actor, &act, after.clone()).await,
            (Some(_) | None, _) => None,
        };
        let verb = match ending.state {
            IntentState::Done => "done",
            IntentState::Failed => "failed",
            IntentState::Recorded | IntentState::Sent | IntentState::Doubt => "in doubt",
        };
        let mut audit = entry(&act, verb, actor, serde_json::json!({ "outcome": ending.outcome }));
        if let Outcome::Created { agent, .. } = &ending.outcome {
            audit.target = agent.to_string();
        }
        let report = Report { intent: intent.id, actor, act, outcome: ending.outcome, undo };
        let mut notices: Vec<NewNotice> = self.log_notice(&Told::Log { report: report.clone() }).into_iter().collect();
        if by_the_bot {
            notices.extend(notice(NoticeTo::Person(intent.actor), &Told::Direct { report: report.clone() }));
        }
        let settles = settles(&report);
        // With a hand-over, the reply follows once it is known whether the recipient could be reached.
        if ending.handover.is_none() {
            notices.extend(reply_notice(intent, &Told::Reply { report: report.clone(), handover: None }));
        }
        let outcome = serde_json::to_string(&report).unwrap_or_default();
        let conclusion = Conclusion {
            state: ending.state,
            audit,
            outcome,
            handover: ending.handover,
            settles,
            notices,
            request: None,
            kept: None,
            asks: None,
        };
        self.inner.ledger.conclude(intent.id, conclusion).await?;
        tracing::info!(intent = %intent.id, act = report.act.name(), outcome = verb, "an act was concluded");
        self.wake_courier();
        Ok(())
    }

    /// Tells the person, once, that the phone system's answer is missing and is being looked for.
    async fn postpone(&self, intent: &Intent, act: Act, why: String) -> Result<(), LedgerError> {
        tracing::warn!(intent = %intent.id, %why, "an act is not settled yet");
        self.inner.ledger.looked(intent.id).await?;
        // What was reported as in doubt stays told so, with its advice, until something is known.
        if intent.looked_at.is_some() || intent.state == IntentState::Doubt {
            return Ok(());
        }
        let report =
            Report { intent: intent.id, actor: Some(intent.actor), act, outcome: Outcome::Looking { why }, undo: None };
        let notices: Vec<NewNotice> =
            reply_notice(intent, &Told::Reply { report, handover: None }).into_iter().collect();
        self.inner.ledger.add_notices(&notices).await?;
        self.wake_courier();
        Ok(())
    }

    /// A line for the log channel.
    pub(super) fn log_notice(&self, told: &Told) -> Option<NewNotice> {
        notice(NoticeTo::Channel(self.inner.log_channel), told)
    }
}

/// The answer to whoever asked; `None` where nobody did.
pub(super) fn reply_notice(intent: &Intent, told: &Told) -> Option<NewNotice> {
    notice(NoticeTo::Reply(intent.interaction?, intent.actor), told)
}

fn notice(to: NoticeTo, told: &Told) -> Option<NewNotice> {
    Some(NewNotice { to, body: serde_json::to_string(told).ok()?, not_before: None })
}

/// The hand-over that an act of the bot itself ends.
const fn settles(report: &Report) -> Option<(HandoverId, HandoverState)> {
    let Act::Replace(replace) = &report.act else { return None };
    let state = match &report.outcome {
        Outcome::Replaced => HandoverState::Replaced,
        Outcome::Created { .. }
        | Outcome::Changed { .. }
        | Outcome::PasswordSet { .. }
        | Outcome::LeftAlone { .. }
        | Outcome::Failed { .. }
        | Outcome::Untold { .. }
        | Outcome::Looking { .. }
        | Outcome::Doubt { .. } => HandoverState::Superseded,
    };
    Some((replace.handover(), state))
}

/// An audit entry about an act.
pub(super) fn entry(
    act: &Act,
    verb: &str,
    actor: Option<serenity::model::id::UserId>,
    detail: serde_json::Value,
) -> AuditEntry {
    AuditEntry { what: format!("{} {verb}", act.name()), actor, target: act.target(), intent: None, detail }
}
