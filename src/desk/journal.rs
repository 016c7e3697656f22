//! From a permitted act to a concluded one: checked fresh, recorded, sent, recorded, told.
//!
//! The first sending and every later look share [`Desk::advance`]: what a crash leaves behind is finished by the very
//! code that would have finished it.

use std::time::Duration;

use rollcall_commands::Permission;
use rollcall_telephony::{Agent, IntentId};
use serenity::model::id::UserId;

use super::act::Act;
use super::approvals::{Asking, Settled, Subject};
use super::conduct::Gives;
use super::prepare::Prepared;
use super::report::{Approved, Outcome, Report, Told};
use super::step::{Ending, Step};
use super::{Asked, Desk, Refusal};
use crate::ledger::{
    AuditEntry, Began, Claim, Conclusion, Intent, IntentState, LedgerError, NewIntent, NewNotice, NewRequest, NoticeTo,
    OfferId, Request, RequestId, RequestMove,
};
use crate::policy::{Actor, SecondPerson};

/// How long an act rests after its outcome could not be written.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What starting an act led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// It is under way.
    Under,
    /// It waits for approvers, under this number.
    Asked(RequestId),
    /// It was asked for before; that one goes on or is done.
    Before,
}

impl Desk {
    /// Checks an act against the phone system as it is now, records it and sets it going, or asks the approvers where one
    /// person is not enough. Its report follows by itself.
    pub(super) async fn start(
        &self,
        actor: &Actor,
        act: Act,
        asked: Asked,
        offer: Option<OfferId>,
    ) -> Result<Started, Refusal> {
        let mut second = None;
        for connection in act.connections() {
            self.able(connection, act.conduct().ability())?;
            for permission in act.permissions() {
                second = second.or(self.permit(actor, *permission, connection)?);
            }
        }
        self.inner.ledger.check_writable().await?;
        let prepared = act.conduct().prepare(self).await?;
        if let Some(why) = second.or(prepared.second) {
            let nothing = || Refusal::Store("there is nothing that approvers could be shown of it".to_owned());
            let subject = prepared.subject().ok_or_else(nothing)?;
            return self.ask(actor, Asking { act, why, subject }, asked.interaction, offer).await;
        }
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
                self.carry_out(intent.id, prepared);
                Ok(Started::Under)
            }
        }
    }

    /// Claims an approved request, records its act and sets it going. `false`: the claim does not hold any more.
    pub(super) async fn begin_approved(
        &self,
        request: &Request,
        act: &Act,
        requester: &Actor,
        by: Vec<UserId>,
        prepared: Prepared,
    ) -> Result<bool, Refusal> {
        let settled = Settled::Executing { by: by.clone() };
        let json = |error: serde_json::Error| Refusal::Store(error.to_string());
        let keeps = prepared.agent.as_ref().map(|agent| act.conduct().keeps(agent));
        let detail =
            serde_json::json!({ "act": act, "as": requester.name, "request": request.id.0, "approved by": by });
        let began = self
            .inner
            .ledger
            .begin(NewIntent {
                actor: request.requester,
                interaction: None,
                offer: None,
                connection: act.connection(),
                act: &request.act,
                audit: entry(act, "recorded", Some(request.requester), detail),
                secret: prepared.secret.as_ref(),
                claim: Some(Claim {
                    request: request.id,
                    approvers: by,
                    settlement: serde_json::to_string(&settled).map_err(json)?,
                }),
                keeps: keeps.transpose()?.flatten(),
            })
            .await?;
        match began {
            Began::New(intent) => {
                tracing::info!(request = request.id.0, intent = %intent.id, "a request was approved");
                self.carry_out(intent.id, prepared);
                Ok(true)
            }
            Began::Refused(_) | Began::Already(_) | Began::Asked(_) | Began::NotClaimed => Ok(false),
        }
    }

    /// Carries out an act that was just recorded, in a task of its own.
    fn carry_out(&self, id: IntentId, mut prepared: Prepared) {
        // When the settler was quicker, it carries the act out.
        let Some(in_hand) = self.take_in_hand(id) else { return };
        let desk = self.clone();
        prepared.secret = None;
        tokio::spawn(async move {
            // Read again: the settler may have had it in hand, and sent it, in between.
            if let Ok(Some(intent)) = desk.inner.ledger.intent(id).await {
                desk.advance(intent, prepared).await;
            }
            drop(in_hand);
            desk.wake_settler();
        });
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
            Err(_) => match act.conduct().without_connection(self, &intent).await {
                Some(step) => step,
                None => Step::Later(format!("{} is not configured any more.", act.connection())),
            },
            Ok(connected) => match intent.state {
                IntentState::Recorded => act.conduct().send(self, &intent, connected, prepared).await,
                IntentState::Sent | IntentState::Doubt => act.conduct().look(self, &intent, connected).await,
                IntentState::Done | IntentState::Failed => return,
            },
        };
        let written = match step {
            Step::Later(why) if self.is_overdue(&intent, &act) => {
                // Rule 5 of the design: no password is kept beyond its time, whatever the phone system does.
                let ending = match intent.state {
                    IntentState::Recorded => Ending::new(IntentState::Failed, Outcome::Failed { why }),
                    IntentState::Sent | IntentState::Doubt | IntentState::Done | IntentState::Failed => {
                        Ending::new(IntentState::Failed, Outcome::Untold { why })
                    }
                };
                self.conclude(&intent, act, ending).await
            }
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

    /// Whether an act that sets a password has been waiting for longer than passwords are kept.
    fn is_overdue(&self, intent: &Intent, act: &Act) -> bool {
        act.conduct().gives() == Gives::Password && self.now() >= intent.recorded_at + self.inner.passwords.expires
    }

    /// Writes what came of an act, and all that follows from it, in one transaction.
    async fn conclude(&self, intent: &Intent, act: Act, ending: Ending) -> Result<(), LedgerError> {
        let by_the_bot = matches!(act, Act::Replace(_));
        let actor = (!by_the_bot).then_some(intent.actor);
        let undo = match (&ending.after, actor) {
            (Some(after), Some(actor)) => self.offer_undo(actor, &act, after.record.fingerprint()).await,
            (Some(_) | None, _) => None,
        };
        let request = self.request_of(intent).await?;
        let approved = request.as_ref().map(|(request, by)| Approved { request: request.id.0, by: by.clone() });
        let asks = self.asks_after(intent, &act, ending.after.as_ref()).await;
        let noted = self.noted_after(intent, &act, &ending.outcome);
        let next = self.next_after(intent.actor, &act, &ending.outcome).await;
        let verb = match ending.state {
            IntentState::Done => "done",
            IntentState::Failed => "failed",
            IntentState::Recorded | IntentState::Sent | IntentState::Doubt => "in doubt",
        };
        let mut audit = entry(&act, verb, actor, serde_json::json!({ "outcome": ending.outcome }));
        if let Outcome::Created { agent, .. } = &ending.outcome {
            audit.target = agent.to_string();
        }
        let report = Report { intent: intent.id, actor, act, outcome: ending.outcome, undo, approved, next };
        let mut notices: Vec<NewNotice> = self.log_notice(&Told::Log { report: report.clone() }).into_iter().collect();
        if by_the_bot {
            notices.extend(notice(NoticeTo::Person(intent.actor), &Told::Direct { report: report.clone() }));
        }
        let settles = report.act.conduct().settles(&report.outcome);
        let mut moves = None;
        if let Some((request, by)) = request {
            let settled = Settled::Acted { by, outcome: report.outcome.clone() };
            moves = Some(RequestMove {
                state: settled.state(),
                settlement: serde_json::to_string(&settled).unwrap_or_default(),
            });
            if let Ok(about) = Self::told(&request, Some(settled)) {
                notices.extend(notice(NoticeTo::Person(request.requester), &Told::Decided { about }));
            }
        }
        // With a hand-over, the reply follows once it is known whether the recipient could be reached.
        if ending.handover.is_none() {
            let asked = asks.as_ref().map(|_| self.terms_unchecked());
            notices.extend(reply_notice(intent, &Told::Reply { report: report.clone(), handover: None, asked }));
        }
        let outcome = serde_json::to_string(&report).unwrap_or_default();
        let conclusion = Conclusion {
            state: ending.state,
            audit,
            outcome,
            handover: ending.handover,
            settles,
            notices,
            request: moves,
            kept: ending.kept.or_else(|| report.act.conduct().keeps_after(&report.outcome)),
            asks,
            requested: Self::as_requested(&noted),
        };
        self.inner.ledger.conclude(intent.id, conclusion).await?;
        self.know(noted).await;
        self.inner.approvals.moved.notify_one();
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
        let outcome = Outcome::Looking { why };
        if let Some((request, by)) = self.request_of(intent).await? {
            let settled = Settled::Acted { by, outcome: outcome.clone() };
            let settlement = serde_json::to_string(&settled).unwrap_or_default();
            self.inner.ledger.request_stands(request.id, settlement).await?;
        }
        let report = Report {
            intent: intent.id,
            actor: Some(intent.actor),
            act,
            outcome,
            undo: None,
            approved: None,
            next: Vec::new(),
        };
        let notices: Vec<NewNotice> =
            reply_notice(intent, &Told::Reply { report, handover: None, asked: None }).into_iter().collect();
        self.inner.ledger.add_notices(&notices).await?;
        self.wake_courier();
        Ok(())
    }

    /// The request whose approval led to an act, and who approved it.
    async fn request_of(&self, intent: &Intent) -> Result<Option<(Request, Vec<UserId>)>, LedgerError> {
        let Some(id) = intent.request else { return Ok(None) };
        let Some(request) = self.inner.ledger.request(id).await? else { return Ok(None) };
        let settled: Option<Settled> = request.settlement.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let by = settled.map(|settled| settled.approvers().to_vec()).unwrap_or_default();
        Ok(Some((request, by)))
    }

    /// The request for the delete that a disable was asked together with, now that it is done.
    async fn asks_after(&self, intent: &Intent, act: &Act, after: Option<&Agent>) -> Option<Box<NewRequest>> {
        let (Act::SetState(state), Some(after)) = (act, after) else { return None };
        let (delete, requester_name) = Self::delete_after(state, after)?;
        let channel = self.inner.approvals.channel?;
        let why = SecondPerson::Permission(Permission::AgentDelete);
        let asking = Asking { act: Act::Delete(delete), why, subject: Subject::Agent(after.clone()) };
        let expires_at = self.terms_unchecked().expires_at;
        match self.new_request(intent.actor, &requester_name, asking, channel, expires_at).await {
            Ok(request) => Some(Box::new(request)),
            Err(refusal) => {
                tracing::error!(?refusal, "a delete could not be asked for after its disable");
                None
            }
        }
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

/// A message that waits to be sent.
pub(super) fn notice(to: NoticeTo, told: &Told) -> Option<NewNotice> {
    Some(NewNotice { to, body: serde_json::to_string(told).ok()?, not_before: None })
}

/// An audit entry about an act.
pub(super) fn entry(act: &Act, verb: &str, actor: Option<UserId>, detail: serde_json::Value) -> AuditEntry {
    AuditEntry { what: format!("{} {verb}", act.name()), actor, target: act.target(), intent: None, detail }
}
