//! Hand-overs: a password's way to its recipient, from the sealed copy to its erasure.
//!
//! Every step is a pure change of the [`Handover`] value, written by compare-and-swap with its audit entry. What the
//! recipient's message and the requester's receipt show is rendered from that value; whenever they lag behind its
//! revision, the courier brings them up to date, after a crash as well.

use std::time::Duration;

use rollcall_telephony::Millis;
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};

use super::act::{Act, ReplaceAct};
use super::journal::entry;
use super::report::{HandoverTold, Report, Told};
use super::{Desk, HandoverOver, Refusal};
use crate::ledger::{
    AuditEntry, Bump, Delivery, Handover, HandoverId, HandoverState, LedgerError, NewIntent, NewNotice, NoticeTo,
    Posted, Receipt, Sealed,
};

/// A hand-over shown in an ephemeral reply hides before its interaction's token dies.
const EPHEMERAL_AT_MOST: Duration = Duration::from_mins(14);

/// What the courier has to do for a hand-over.
#[derive(Debug)]
pub struct Sendable {
    /// The hand-overs that want something sent or edited now.
    pub now: Vec<Handover>,
    /// When to look again.
    pub next: Option<Millis>,
}

/// A password that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The hand-over, as it is now.
    pub handover: Handover,
    /// The password.
    pub password: SecretString,
}

impl Desk {
    /// Hides and expires what is due; tells what wants to be sent now and when to look again.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn tend_handovers(&self) -> Result<Sendable, LedgerError> {
        let (mut now_due, mut next) = (Vec::new(), None::<Millis>);
        let now = self.now();
        let mut soonest = |at: Option<Millis>| {
            if let Some(at) = at.filter(|at| *at > now) {
                next = Some(next.map_or(at, |n: Millis| n.min(at)));
            }
        };
        for mut handover in self.inner.ledger.open_handovers().await? {
            if handover.state.is_open() && now >= handover.expires_at {
                handover = match self.expire(handover).await {
                    // Never opened: its replacement is an act of its own, and it is not sent any more.
                    Ok(handover) if handover.state.is_open() => continue,
                    Ok(handover) => handover,
                    Err(LedgerError::Stale) => continue,
                    Err(error) => return Err(error),
                };
            } else if handover.shown_until.is_some_and(|until| now >= until) {
                let hidden = Handover { shown_until: None, ..handover };
                handover = match self.save(hidden, Bump::Yes, Sealed::Keep, None, Vec::new()).await {
                    Ok(handover) => handover,
                    Err(LedgerError::Stale) => continue,
                    Err(error) => return Err(error),
                };
            }
            if handover.state.is_open() {
                soonest(Some(handover.expires_at));
            }
            soonest(handover.shown_until);
            soonest(handover.retry_at);
            if wants_sending(&handover) && handover.retry_at.is_none_or(|at| at <= now) {
                now_due.push(handover);
            }
        }
        Ok(Sendable { now: now_due, next })
    }

    /// Its time is over: opened → erased; never opened → replaced at the phone system, as an act of its own.
    async fn expire(&self, handover: Handover) -> Result<Handover, LedgerError> {
        let read = handover.opened_at.is_some()
            || (handover.delivery == Delivery::Message && handover.state == HandoverState::Delivered);
        if read {
            let expired =
                Handover { state: HandoverState::Expired, shown_until: None, settled_at: Some(self.now()), ..handover };
            let audit = audit(&expired, "password erased at expiry", None);
            return self.save(expired, Bump::Yes, Sealed::Erase, Some(audit), Vec::new()).await;
        }
        self.replace_unopened(&handover).await?;
        Ok(handover)
    }

    async fn replace_unopened(&self, handover: &Handover) -> Result<(), LedgerError> {
        let replace =
            ReplaceAct { agent: handover.agent.clone(), login: handover.login.clone(), handover: handover.id.0 };
        let under_way = self.inner.ledger.open_intents().await?.iter().any(
            |intent| matches!(serde_json::from_str::<Act>(&intent.act), Ok(Act::Replace(other)) if other == replace),
        );
        if under_way {
            return Ok(());
        }
        let act = Act::Replace(replace);
        let fresh = self.fresh_password();
        let body = serde_json::to_string(&act).unwrap_or_default();
        self.inner
            .ledger
            .begin(NewIntent {
                actor: handover.requester,
                interaction: None,
                offer: None,
                connection: act.connection(),
                act: &body,
                audit: entry(&act, "recorded", None, serde_json::json!({ "handover": handover.id.0.to_string() })),
                secret: Some(&fresh),
                claim: None,
                keeps: None,
            })
            .await?;
        self.wake_settler();
        Ok(())
    }

    /// The password of a hand-over, for the recipient's message in `delivery = "message"` or while it is shown.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn password_of(&self, handover: &Handover) -> Result<Option<SecretString>, LedgerError> {
        self.inner.ledger.handover_secret(handover.id).await
    }

    /// The recipient's message was sent.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn handover_delivered(&self, handover: Handover, message: Posted) -> Result<Handover, LedgerError> {
        let revision = handover.revision + 1;
        let delivered = Handover {
            state: HandoverState::Delivered,
            message: Some(message),
            message_revision: revision,
            retry_at: None,
            ..handover
        };
        let audit = audit(&delivered, "password delivered", None);
        let notices = self.reply_about(&delivered).await?;
        let saved = self.save(delivered, Bump::Yes, Sealed::Keep, Some(audit), notices).await?;
        self.wake_courier();
        Ok(saved)
    }

    /// The recipient takes no direct messages: the requester hands it over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn handover_closed(&self, handover: Handover) -> Result<Handover, LedgerError> {
        let closed = Handover { state: HandoverState::Closed, retry_at: None, ..handover };
        let audit = audit(&closed, "password undeliverable", None);
        let notices = self.reply_about(&closed).await?;
        let saved = self.save(closed, Bump::Yes, Sealed::Keep, Some(audit), notices).await?;
        self.wake_courier();
        Ok(saved)
    }

    /// It could not be sent or edited now; it will be tried again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn handover_later(&self, handover: Handover, retry_at: Millis) -> Result<Handover, LedgerError> {
        let first = handover.state == HandoverState::Due && handover.retry_at.is_none();
        let notices = if first { self.reply_about(&handover).await? } else { Vec::new() };
        let later = Handover { retry_at: Some(retry_at), ..handover };
        let saved = self.save(later, Bump::No, Sealed::Keep, None, notices).await?;
        // The courier planned its next round before this one failed.
        self.wake_courier();
        Ok(saved)
    }

    /// The recipient's message shows this revision (or is gone for good).
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn message_shows(&self, handover: Handover, message: Option<Posted>) -> Result<Handover, LedgerError> {
        let shown = Handover { message_revision: handover.revision, message, retry_at: None, ..handover };
        self.save(shown, Bump::No, Sealed::Keep, None, Vec::new()).await
    }

    /// The requester's receipt shows this revision.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn receipt_shows(&self, handover: Handover, receipt: Receipt) -> Result<Handover, LedgerError> {
        let shown = Handover { receipt_revision: handover.revision, receipt, retry_at: None, ..handover };
        self.save(shown, Bump::No, Sealed::Keep, None, Vec::new()).await
    }

    /// Somebody opens a password: its recipient, or the requester where the recipient could not be reached.
    ///
    /// # Errors
    /// When it is not theirs or can no longer be read.
    pub async fn open_password(&self, id: HandoverId, person: UserId, asked: InteractionId) -> Result<Opened, Refusal> {
        loop {
            let handover = self.readable(id, person).await?;
            let password =
                self.inner.ledger.handover_secret(id).await?.ok_or(Refusal::HandoverOver(HandoverOver::Expired))?;
            let now = self.now();
            let ephemeral = handover.state == HandoverState::Closed;
            let shown = self.inner.passwords.shown;
            let shown = if ephemeral { shown.min(EPHEMERAL_AT_MOST) } else { shown };
            let until = (now + shown).min(handover.expires_at);
            let opened = Handover {
                opened_at: handover.opened_at.or(Some(now)),
                opens: handover.opens.saturating_add(1),
                shown_until: (!ephemeral).then_some(until),
                ..handover
            };
            let audit = audit(&opened, "password opened", Some(person));
            let mut notices = Vec::new();
            if ephemeral {
                let told = Told::Hide { handover: HandoverTold::from(&opened) };
                notices.push(NewNotice {
                    to: NoticeTo::Reply(asked, person),
                    body: serde_json::to_string(&told).unwrap_or_default(),
                    not_before: Some(until),
                });
            }
            match self.save(opened, Bump::Yes, Sealed::Keep, Some(audit), notices).await {
                Ok(handover) => return Ok(Opened { handover, password }),
                Err(LedgerError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// "I have it": the sealed copy is erased, for good.
    ///
    /// # Errors
    /// When it is not theirs or is over.
    pub async fn confirm_password(&self, id: HandoverId, person: UserId) -> Result<Handover, Refusal> {
        loop {
            let handover = self.readable(id, person).await?;
            let confirmed = Handover {
                state: HandoverState::Confirmed,
                opened_at: handover.opened_at.or(Some(self.now())),
                shown_until: None,
                settled_at: Some(self.now()),
                ..handover
            };
            let audit = audit(&confirmed, "password confirmed", Some(person));
            match self.save(confirmed, Bump::Yes, Sealed::Erase, Some(audit), Vec::new()).await {
                Ok(handover) => return Ok(handover),
                Err(LedgerError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// When an opened hand-over hides again, in the ephemeral reply that shows it.
    #[must_use]
    pub fn hides_at(&self, handover: &Handover) -> Millis {
        (self.now() + self.inner.passwords.shown.min(EPHEMERAL_AT_MOST)).min(handover.expires_at)
    }

    /// The hand-over, if this person may open or confirm it now.
    ///
    /// # Errors
    /// When it is not theirs or can no longer be read.
    pub async fn readable(&self, id: HandoverId, person: UserId) -> Result<Handover, Refusal> {
        let unknown = Refusal::HandoverOver(HandoverOver::Unknown);
        let Some(handover) = self.inner.ledger.handover(id).await? else { return Err(unknown) };
        let theirs = match handover.state {
            HandoverState::Closed => person == handover.requester,
            HandoverState::Due
            | HandoverState::Delivered
            | HandoverState::Confirmed
            | HandoverState::Expired
            | HandoverState::Replaced
            | HandoverState::Superseded => person == handover.recipient || person == handover.requester,
        };
        if !theirs {
            return Err(unknown);
        }
        match handover.state {
            HandoverState::Confirmed => Err(Refusal::HandoverOver(HandoverOver::Confirmed)),
            HandoverState::Expired | HandoverState::Replaced | HandoverState::Superseded => {
                Err(Refusal::HandoverOver(HandoverOver::Expired))
            }
            HandoverState::Due | HandoverState::Delivered | HandoverState::Closed => {
                if self.now() >= handover.expires_at {
                    Err(Refusal::HandoverOver(HandoverOver::Expired))
                } else if handover.state != HandoverState::Closed && person != handover.recipient {
                    Err(unknown)
                } else {
                    Ok(handover)
                }
            }
        }
    }

    /// The answer to whoever asked, with how the password travels.
    async fn reply_about(&self, handover: &Handover) -> Result<Vec<NewNotice>, LedgerError> {
        let Some((intent, outcome)) = self.inner.ledger.outcome(handover.intent).await? else { return Ok(Vec::new()) };
        let Ok(report) = serde_json::from_str::<Report>(&outcome) else { return Ok(Vec::new()) };
        let told = Told::Reply { report, handover: Some(HandoverTold::from(handover)) };
        Ok(super::journal::reply_notice(&intent, &told).into_iter().collect())
    }

    async fn save(
        &self,
        mut handover: Handover,
        bump: Bump,
        sealed: Sealed,
        audit: Option<AuditEntry>,
        notices: Vec<NewNotice>,
    ) -> Result<Handover, LedgerError> {
        if handover.message.is_none() && handover.state != HandoverState::Due {
            // There is no message that could lag behind.
            handover.message_revision = handover.revision + 1;
        }
        self.inner.ledger.save_handover(handover, bump, sealed, audit, notices).await
    }
}

/// Whether its message or receipt lags behind.
fn wants_sending(handover: &Handover) -> bool {
    handover.state == HandoverState::Due
        || handover.message_revision < handover.revision
        || handover.receipt_revision < handover.revision
}

fn audit(handover: &Handover, what: &str, actor: Option<UserId>) -> AuditEntry {
    AuditEntry {
        what: what.to_owned(),
        actor,
        target: handover.agent.to_string(),
        intent: Some(handover.intent),
        detail: serde_json::json!({ "recipient": handover.recipient, "opens": handover.opens }),
    }
}
