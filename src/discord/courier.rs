//! Sends what waits in the ledger: answers, lines in the log channel, passwords and receipts.
//!
//! A message is written before it is sent and crossed out after; what a crash leaves in between is sent again under the
//! same nonce, and Discord keeps it from being there twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use rollcall_telephony::Millis;
use serenity::model::id::ChannelId;
use tokio::sync::Mutex;

use super::custom_id::CustomId;
use super::rest::{self, Rest, RestError};
use super::{Session, render};
use crate::desk::Desk;
use crate::ledger::{Delivery, Handover, HandoverState, LedgerError, Posted, Receipt};

/// For so long Discord is relied on to enforce a nonce ("the past few minutes").
pub(super) const NONCE_HOLDS: Duration = Duration::from_mins(1);
/// Messages under way at once.
pub(super) const AT_ONCE: usize = 8;

/// The courier.
#[derive(Clone)]
pub(super) struct Courier {
    pub(super) desk: Desk,
    pub(super) rest: Rest,
    pub(super) session: Session,
    /// One round at a time: two would send the same things.
    alone: Arc<Mutex<()>>,
}

impl Courier {
    pub(super) fn new(desk: Desk, rest: Rest, session: Session) -> Self {
        Self { desk, rest, session, alone: Arc::default() }
    }

    /// Sends what is due, now and whenever it is, until `stop` resolves.
    pub(super) async fn run_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = match self.round().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "what is to be sent cannot be read or crossed out");
                    Some(self.desk.now() + Duration::from_secs(5))
                }
            };
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep(at.since(self.desk.now())).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wait => {}
                () = self.desk.something_to_send() => {}
            }
        }
    }

    /// One more round before the end, so that what was just concluded is told.
    pub(super) async fn last_round(&self) {
        if let Err(error) = self.round().await {
            tracing::warn!(%error, "what is to be sent cannot be read; the next start sends it");
        }
    }

    /// Sends what is due; tells when the next thing is.
    async fn round(&self) -> Result<Option<Millis>, LedgerError> {
        let _alone = self.alone.lock().await;
        let handovers = self.desk.tend_handovers().await?;
        stream::iter(handovers.now)
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, |handover| async move {
                match self.bring_up_to_date(handover).await {
                    // Somebody pressed a button meanwhile; the next round sees what it is now.
                    Err(LedgerError::Stale) => {
                        self.desk.look_again();
                        Ok(())
                    }
                    written => written,
                }
            })
            .await?;
        let next_copy = self.bring_copies().await?;
        let due = self.desk.ledger().due_notices(64).await?;
        let more = due.len() == 64;
        let written: Vec<Result<(), LedgerError>> = stream::iter(due)
            .map(|notice| async move { self.deliver(notice).await })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        // What was sent and could not be crossed out is not sent again at once.
        written.into_iter().collect::<Result<(), LedgerError>>()?;
        let next_notice = self.desk.ledger().next_notice().await?;
        let soon = more.then(|| self.desk.now());
        Ok([handovers.next, next_copy, next_notice, soon].into_iter().flatten().min())
    }

    /// Sends or edits the recipient's message, then the requester's receipt.
    async fn bring_up_to_date(&self, handover: Handover) -> Result<(), LedgerError> {
        let handover = match handover.state {
            HandoverState::Due => match self.send_password(handover).await? {
                Some(sent) => sent,
                None => return Ok(()),
            },
            HandoverState::Delivered
            | HandoverState::Closed
            | HandoverState::Confirmed
            | HandoverState::Expired
            | HandoverState::Replaced
            | HandoverState::Superseded => handover,
        };
        let handover = if handover.message_revision < handover.revision {
            match self.edit_password(handover).await? {
                Some(edited) => edited,
                None => return Ok(()),
            }
        } else {
            handover
        };
        if handover.receipt_revision < handover.revision {
            self.bring_receipt(handover).await?;
        }
        Ok(())
    }

    /// The first message to the recipient; `None` when it has to be tried again later.
    async fn send_password(&self, handover: Handover) -> Result<Option<Handover>, LedgerError> {
        let shown = match handover.delivery {
            Delivery::Message => self.desk.password_of(&handover).await?,
            Delivery::Reveal => None,
        };
        let body = render::recipient_message(&handover, shown.as_ref()).to_json_once(&format!("h{}", handover.id.0));
        let sent = match self.rest.create_dm(handover.recipient).await {
            Ok(channel) => match self.sent_before(&handover, channel).await {
                Some(posted) => Ok(posted),
                None => self.rest.post(channel, &body).await.map(|message| Posted { channel, message }),
            },
            Err(error) => Err(error),
        };
        match sent {
            Ok(posted) => self.desk.handover_delivered(handover, posted).await.map(Some),
            Err(error) if closed(&error) => self.desk.handover_closed(handover).await.map(Some),
            Err(error) => {
                tracing::warn!(%error, "a password could not be delivered yet");
                let at = self.desk.now() + Duration::from_secs(5);
                self.desk.handover_later(handover, at).await.map(|_| None)
            }
        }
    }

    /// The message as a crash left it behind, beyond the few minutes for which Discord enforces a nonce.
    async fn sent_before(&self, handover: &Handover, channel: ChannelId) -> Option<Posted> {
        if self.desk.now().since(handover.created_at) < NONCE_HOLDS {
            return None;
        }
        let ours = [CustomId::Reveal(handover.id).write()?, CustomId::Have(handover.id).write()?];
        let messages = self.rest.messages(channel, 50).await.ok()?;
        let found = messages.into_iter().find(|m| {
            let components = serde_json::to_string(&m.components).unwrap_or_default();
            ours.iter().any(|id| components.contains(&format!("\"{id}\"")))
        })?;
        Some(Posted { channel, message: found.id })
    }

    /// Brings the recipient's message up to date; `None` when it has to be tried again later.
    async fn edit_password(&self, handover: Handover) -> Result<Option<Handover>, LedgerError> {
        let Some(posted) = handover.message else {
            return self.desk.message_shows(handover, None).await.map(Some);
        };
        let settled = !handover.state.is_open();
        let answer = if settled && handover.delivery == Delivery::Message {
            self.rest.delete(posted.channel, posted.message).await
        } else {
            let readable = handover.delivery == Delivery::Message || handover.shown_until.is_some();
            let password = if readable && !settled { self.desk.password_of(&handover).await? } else { None };
            let body = render::recipient_message(&handover, password.as_ref()).to_json();
            self.rest.edit(posted.channel, posted.message, &body).await
        };
        match answer {
            Ok(()) => self.desk.message_shows(handover, Some(posted)).await.map(Some),
            // The recipient, or Discord, removed it: there is nothing left to edit.
            Err(error) if error.code() == Some(rest::UNKNOWN_MESSAGE) => {
                self.desk.message_shows(handover, Some(posted)).await.map(Some)
            }
            Err(error) => {
                tracing::warn!(%error, "a password's message could not be brought up to date yet");
                let at = self.desk.now() + Duration::from_secs(5);
                self.desk.handover_later(handover, at).await.map(|_| None)
            }
        }
    }

    async fn bring_receipt(&self, handover: Handover) -> Result<(), LedgerError> {
        let message = render::receipt(&handover);
        let receipt = match handover.receipt {
            Receipt::Closed => Ok(Receipt::Closed),
            Receipt::Sent(posted) => match self.rest.edit(posted.channel, posted.message, &message.to_json()).await {
                Err(error) if error.code() != Some(rest::UNKNOWN_MESSAGE) => Err(error),
                Ok(()) | Err(_) => Ok(Receipt::Sent(posted)),
            },
            Receipt::Due => {
                let body = message.to_json_once(&format!("r{}", handover.id.0));
                match self.rest.create_dm(handover.requester).await {
                    Ok(channel) => match self.rest.post(channel, &body).await {
                        Ok(message) => Ok(Receipt::Sent(Posted { channel, message })),
                        Err(error) => Err(error),
                    },
                    Err(error) => Err(error),
                }
            }
        };
        match receipt {
            Ok(receipt) => self.desk.receipt_shows(handover, receipt).await.map(drop),
            Err(error) if closed(&error) => self.desk.receipt_shows(handover, Receipt::Closed).await.map(drop),
            Err(error) => {
                tracing::warn!(%error, "a receipt could not be brought up to date yet");
                let at = self.desk.now() + Duration::from_secs(5);
                self.desk.handover_later(handover, at).await.map(drop)
            }
        }
    }
}

/// The person takes no direct messages from us, or is gone.
pub(super) fn closed(error: &RestError) -> bool {
    matches!(error.code(), Some(rest::CANNOT_MESSAGE | rest::NO_MUTUAL_GUILD))
}
