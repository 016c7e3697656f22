//! Settling: how a request ends without becoming an act. One that became an act is settled with it, in `journal.rs`.

use serde_json::json;

use super::ballots::target;
use super::subject::Subject;
use super::value::{Settled, VoidWhy};
use super::weigh::Halt;
use crate::desk::act::Act;
use crate::desk::extensions::differences;
use crate::desk::journal::notice;
use crate::desk::report::{Differs, Told};
use crate::desk::step::in_words;
use crate::desk::{Asked, Desk, Refusal};
use crate::ledger::{AuditEntry, LedgerError, NewNotice, NewSettlement, NoticeTo, Request, RequestId, RequestState};
use crate::policy::Actor;

impl Desk {
    /// Settles a request, for whoever is weighing it.
    pub(super) async fn settle(&self, request: &Request, settled: Settled) -> Result<(), Halt> {
        self.settle_request(request, settled).await?;
        Err(Halt::Moved)
    }

    /// Settles a pending request for good: its copies follow, the requester and the log channel are told. `false`: it
    /// was decided by somebody else meanwhile.
    pub(super) async fn settle_request(&self, request: &Request, settled: Settled) -> Result<bool, LedgerError> {
        self.settle_telling(request, settled, None).await
    }

    /// As [`Desk::settle_request`], and answers whoever settled it.
    async fn settle_telling(
        &self,
        request: &Request,
        settled: Settled,
        answer: Option<NewNotice>,
    ) -> Result<bool, LedgerError> {
        let actor = match &settled {
            Settled::Denied { by, .. } | Settled::Cancelled { by } => Some(*by),
            Settled::Executing { .. } | Settled::Acted { .. } | Settled::Void(_) | Settled::Expired => None,
        };
        let state = settled.state();
        let what = format!("request {}", word(state));
        let settlement = serde_json::to_string(&settled).unwrap_or_default();
        let audit = AuditEntry {
            what,
            actor,
            target: target(request),
            intent: None,
            detail: json!({ "request": request.id.0, "settled": settled }),
        };
        let mut notices = self.decided_notices(request, settled);
        notices.extend(answer);
        let written =
            self.inner.ledger.settle_request(request.id, NewSettlement { state, settlement, audit, notices }).await?;
        if written {
            tracing::info!(request = request.id.0, state = word(state), "a request was settled");
            self.wake_courier();
            self.inner.approvals.moved.notify_one();
        }
        Ok(written)
    }

    /// What the requester and the log channel are told of a request that was settled.
    pub(in crate::desk) fn decided_notices(&self, request: &Request, settled: Settled) -> Vec<NewNotice> {
        let Ok(about) = Self::told(request, Some(settled)) else { return Vec::new() };
        let told = Told::Decided { about };
        [notice(NoticeTo::Person(request.requester), &told), notice(NoticeTo::Channel(self.inner.log_channel), &told)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// What differs between the record as it was shown and as it is now, in words.
    pub(super) async fn changed_since(&self, request: &Request, fresh: &Subject) -> Vec<Differs> {
        let Ok(Some(shown)) = self.shown(request).await else { return Vec::new() };
        match (&shown, fresh) {
            (Subject::Agent(shown), Subject::Agent(fresh)) => match self.connected(&request.connection) {
                Ok(connected) => in_words(connected, shown.record.differences(&fresh.record)),
                Err(_) => Vec::new(),
            },
            (Subject::Extensions(shown), Subject::Extensions(fresh)) => {
                match self.extension_fields(&request.connection) {
                    Ok(fields) => differences(fields, shown, fresh),
                    Err(_) => Vec::new(),
                }
            }
            (Subject::Agent(_), Subject::Extensions(_)) | (Subject::Extensions(_), Subject::Agent(_)) => Vec::new(),
        }
    }

    /// As [`Desk::changed_since`], with the record read once more.
    pub(super) async fn changed_now(&self, request: &Request, act: &Act) -> Vec<Differs> {
        match self.read_shown(act).await {
            Ok(Some(fresh)) => self.changed_since(request, &fresh).await,
            Ok(None) | Err(_) => Vec::new(),
        }
    }

    /// What an act is about, read afresh, where there is something to compare with what its card showed.
    pub(super) async fn read_shown(&self, act: &Act) -> Result<Option<Subject>, Refusal> {
        if act.fingerprint().is_none() {
            return Ok(None);
        }
        match (act, act.record()) {
            (Act::Extension(extension), _) => Ok(Some(Subject::Extensions(self.read_subject(extension).await?))),
            (_, Some(at)) => Ok(Some(Subject::Agent(self.read_fresh(at).await?))),
            (_, None) => Ok(None),
        }
    }

    /// What the card showed.
    async fn shown(&self, request: &Request) -> Result<Option<Subject>, LedgerError> {
        let sealed = self.inner.ledger.request_record(request.id).await?;
        Ok(sealed.and_then(|json| Subject::unsealed(&json).ok()))
    }

    /// Takes a pending request back: its requester may, and so may an approver.
    ///
    /// # Errors
    /// When there is no such request, it is decided, or this person may not.
    pub async fn cancel_request(&self, actor: &Actor, id: RequestId, asked: Asked) -> Result<(), Refusal> {
        let unknown = || Refusal::NoRequest { typed: id.to_string() };
        let request = self.inner.ledger.request(id).await?.ok_or_else(unknown)?;
        if request.requester != actor.id && !self.decides(actor).await? {
            return Err(Refusal::NotYourRequest {
                request: id,
                approvers: self.inner.approvals.rules.approvers.clone(),
            });
        }
        let settled = Settled::Cancelled { by: actor.id };
        let answer = Told::TakenBack { about: Self::told(&request, Some(settled.clone()))? };
        let answer = notice(NoticeTo::Reply(asked.interaction, actor.id), &answer);
        if request.state == RequestState::Pending && self.settle_telling(&request, settled, answer).await? {
            return Ok(());
        }
        let request = self.inner.ledger.request(id).await?.ok_or_else(unknown)?;
        Err(Refusal::RequestOver { request: Box::new(request) })
    }

    /// Voids every pending request that too few people are left to approve.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn check_electorate(&self) -> Result<(), LedgerError> {
        for request in self.inner.ledger.open_requests().await? {
            if request.state == RequestState::Pending {
                self.check_electorate_of(&request).await?;
            }
        }
        Ok(())
    }

    /// Voids this request if too few people are left to approve it; `true` when it did.
    pub(super) async fn check_electorate_of(&self, request: &Request) -> Result<bool, LedgerError> {
        use super::ask::Electorate;
        let need = request.threshold;
        let have = match self.electorate(request.requester).await {
            Ok(Electorate::People { could, .. }) if could.len() >= need as usize => return Ok(false),
            Ok(Electorate::People { could, .. }) => Some(u32::try_from(could.len()).unwrap_or(u32::MAX)),
            Ok(Electorate::NoRole) => None,
            Ok(Electorate::Unlisted) => return Ok(false),
            Err(error) => {
                tracing::warn!(%error, "who could approve a request cannot be told now");
                return Ok(false);
            }
        };
        self.settle_request(request, Settled::Void(VoidWhy::NoApprovers { need, have })).await
    }

    /// Whether this person holds an approver role, as Discord told it with what they pressed. What counts is read
    /// afresh when it is weighed.
    #[must_use]
    pub fn is_approver(&self, actor: &Actor) -> bool {
        self.inner.policy.is_approver(actor)
    }

    /// Whether this person may decide requests, as far as their roles tell.
    pub(super) async fn decides(&self, actor: &Actor) -> Result<bool, Refusal> {
        if !self.inner.policy.is_approver(actor) {
            return Ok(false);
        }
        let existing = self.inner.guild.roles().await.map_err(|e| Refusal::Discord(e.0))?;
        let approvers = &self.inner.approvals.rules.approvers;
        Ok(actor.roles.iter().any(|role| approvers.contains(role) && existing.contains(role)))
    }
}

/// A state in the audit log.
pub(super) const fn word(state: RequestState) -> &'static str {
    match state {
        RequestState::Pending => "pending",
        RequestState::Executing => "approved",
        RequestState::Done => "done",
        RequestState::Failed => "failed",
        RequestState::Void => "void",
        RequestState::Denied => "denied",
        RequestState::Expired => "expired",
        RequestState::Cancelled => "cancelled",
    }
}
