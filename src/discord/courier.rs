//! Sends what waits in the ledger: answers, lines in the log channel, passwords and receipts.
//!
//! A message is written before it is sent and crossed out after; what a crash leaves in between is sent again under the
//! same nonce, and Discord keeps it from being there twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, InteractionId, UserId};
use tokio::sync::Mutex;

use super::custom_id::CustomId;
use super::message::Message;
use super::rest::{self, Rest, RestError, RestErrorKind};
use super::{Session, render};
use crate::desk::{Desk, Outcome, RequestTold, Told};
use crate::ledger::{Delivery, Handover, HandoverState, LedgerError, Notice, NoticeTo, Posted, Receipt};

/// An interaction's token lives 15 minutes (Discord, "Receiving and Responding"); a little less is relied on.
const TOKEN_LIVES: Duration = Duration::from_secs(14 * 60 + 30);
/// For so long Discord is relied on to enforce a nonce ("the past few minutes").
pub(super) const NONCE_HOLDS: Duration = Duration::from_mins(1);
/// Messages under way at once.
pub(super) const AT_ONCE: usize = 8;
/// Waits between tries of a message: 2, 4, 8 … seconds, at most this.
const RETRY_MOST: Duration = Duration::from_mins(5);
/// How often a message is tried before it is given up: with the waits above, for more than a day.
const TRIES: u32 = 300;

/// The courier.
#[derive(Clone)]
pub(super) struct Courier {
    pub(super) desk: Desk,
    pub(super) rest: Rest,
    session: Session,
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

    /// Sends one notice, and crosses it out or puts it off.
    async fn deliver(&self, notice: Notice) -> Result<(), LedgerError> {
        let told = match serde_json::from_str::<Told>(&notice.body) {
            Ok(told) => told,
            Err(error) => {
                tracing::error!(notice = notice.id, %error, "a message of another version cannot be read; it is dropped");
                return self.desk.ledger().notice_sent(notice.id).await;
            }
        };
        match (self.send(&notice, &told).await, notice.to) {
            (Ok(()), NoticeTo::Reply(interaction, _)) if is_final(&told) => {
                self.desk.ledger().last_reply_sent(notice.id, interaction).await
            }
            (Ok(()), _) => self.desk.ledger().notice_sent(notice.id).await,
            (Err(error), _) => {
                // A form that Discord cannot read stays unreadable; a missing permission or channel may be mended.
                let lost = error.status() == Some(400) && notice.attempts > 3;
                let given_up = lost || notice.attempts >= TRIES;
                tracing::warn!(notice = notice.id, %error, given_up, "a message could not be sent");
                let wait = Duration::from_secs(2u64.saturating_pow(notice.attempts.min(10) + 1)).min(RETRY_MOST);
                let next = (!given_up).then(|| self.desk.now() + wait);
                self.desk.ledger().notice_failed(notice.id, next).await
            }
        }
    }

    async fn send(&self, notice: &Notice, told: &Told) -> Result<(), RestError> {
        let message = match told {
            Told::Reply { report, handover, asked } => render::reply(report, handover.as_ref(), asked.as_ref()),
            Told::Asked { act, terms } => render::asked(act, terms),
            Told::Decided { about } => match notice.to {
                NoticeTo::Channel(_) => render::decided_line(about),
                NoticeTo::Person(_) | NoticeTo::Reply(..) => render::decided(about),
            },
            Told::NotCounted { about, why } => render::not_counted(about, *why),
            Told::Log { report } => render::log_line(report),
            Told::Direct { report } => render::direct(report),
            Told::Hide { handover } => render::ephemeral_hidden(handover),
        };
        let nonce = format!("n{}", notice.id);
        match notice.to {
            NoticeTo::Channel(channel) => self.post(channel, &message, &nonce).await,
            NoticeTo::Person(person) => match told {
                Told::Decided { about } => self.tell_requester(person, about, &message, &nonce).await,
                Told::Reply { .. }
                | Told::Asked { .. }
                | Told::NotCounted { .. }
                | Told::Log { .. }
                | Told::Direct { .. }
                | Told::Hide { .. } => self.direct(person, &message, &nonce).await.map(drop),
            },
            NoticeTo::Reply(interaction, person) => {
                if self.edit_reply(interaction, &message).await? {
                    return Ok(());
                }
                match told {
                    // The ephemeral message it would hide is out of reach, for its reader as well once it is closed.
                    Told::Hide { .. } => Ok(()),
                    Told::Reply { .. }
                    | Told::Asked { .. }
                    | Told::Decided { .. }
                    | Told::NotCounted { .. }
                    | Told::Log { .. }
                    | Told::Direct { .. } => self.direct(person, &message, &nonce).await.map(drop),
                }
            }
        }
    }

    /// Edits the answer to an interaction; `false` when its token is over.
    async fn edit_reply(&self, interaction: InteractionId, message: &Message) -> Result<bool, RestError> {
        let token = match self.desk.ledger().interaction_token(interaction).await {
            Ok(token) => token,
            Err(error) => {
                tracing::error!(%error, "an interaction's token cannot be read");
                None
            }
        };
        let Some((token, seen_at)) = token else { return Ok(false) };
        let Some(application) = self.session.application().await else { return Ok(false) };
        if self.desk.now().since(seen_at) > TOKEN_LIVES {
            return Ok(false);
        }
        match self.rest.edit_reply(application, &token, &message.to_json()).await {
            Ok(()) => Ok(true),
            Err(error) if over(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn post(&self, channel: ChannelId, message: &Message, nonce: &str) -> Result<(), RestError> {
        self.rest.post(channel, &message.to_json_once(nonce)).await.map(drop)
    }

    /// Tells a requester what became of their request; where they take no direct messages, in the log channel, by name.
    async fn tell_requester(
        &self,
        person: UserId,
        about: &RequestTold,
        message: &Message,
        nonce: &str,
    ) -> Result<(), RestError> {
        match self.direct(person, message, nonce).await? {
            Reached::Yes => Ok(()),
            Reached::No => {
                self.post(self.desk.log_channel(), &render::decided_instead(about), &format!("{nonce}l")).await
            }
        }
    }

    /// A direct message; a person who takes none finds what matters in `/whoami`.
    async fn direct(&self, person: UserId, message: &Message, nonce: &str) -> Result<Reached, RestError> {
        let sent = match self.rest.create_dm(person).await {
            Ok(channel) => self.post(channel, message, nonce).await,
            Err(error) => Err(error),
        };
        match sent {
            Err(error) if closed(&error) => {
                tracing::info!("a person takes no direct messages; `/whoami` tells them");
                Ok(Reached::No)
            }
            Ok(()) => Ok(Reached::Yes),
            Err(error) => Err(error),
        }
    }
}

/// Whether a direct message reached its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It did.
    Yes,
    /// The person takes none from us.
    No,
}

/// The person takes no direct messages from us, or is gone.
pub(super) fn closed(error: &RestError) -> bool {
    matches!(error.code(), Some(rest::CANNOT_MESSAGE | rest::NO_MUTUAL_GUILD))
}

/// The interaction's token is over, or its reply was deleted.
fn over(error: &RestError) -> bool {
    matches!(&error.kind, RestErrorKind::Refused { status: 401 | 404, .. })
}

/// Whether nothing more will be said about it in this reply.
fn is_final(told: &Told) -> bool {
    match told {
        Told::Reply { report, handover, .. } => {
            let going_on = matches!(report.outcome, Outcome::Looking { .. } | Outcome::Doubt { .. });
            !going_on && handover.as_ref().is_none_or(|h| h.state != HandoverState::Due)
        }
        Told::Asked { .. }
        | Told::Decided { .. }
        | Told::NotCounted { .. }
        | Told::Hide { .. }
        | Told::Log { .. }
        | Told::Direct { .. } => true,
    }
}
