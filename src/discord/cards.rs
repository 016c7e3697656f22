//! Brings the messages that show requests up to date: posts cards and reminders, puts ✅ and ❌ under cards, edits every
//! copy when its request moves on.
//!
//! A copy is written before it is posted and remembered after; what a crash leaves in between is posted again under the
//! same nonce, or found in the channel once Discord no longer enforces it.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use rollcall_telephony::Millis;

use super::courier::{AT_ONCE, Courier, NONCE_HOLDS};
use super::custom_id::CustomId;
use super::guild::{APPROVE, DENY};
use super::render;
use super::rest::{self, RestError};
use crate::desk::{Refusal, Showing};
use crate::ledger::{CardCopy, CopyKind, LedgerError, Posted, Reacted, Request, RequestState};

/// Copies brought up to date in one round at most.
const A_ROUND: u32 = 64;
/// A pause before a copy is tried again that Discord refused, as for lack of a permission.
const LONG_PAUSE: Duration = Duration::from_mins(5);
/// A pause before a copy is tried again.
const PAUSE: Duration = Duration::from_secs(5);

impl Courier {
    /// Brings every copy up to date that lags behind; tells when the next one is due.
    pub(super) async fn bring_copies(&self) -> Result<Option<Millis>, LedgerError> {
        let due = self.desk.ledger().due_copies(A_ROUND).await?;
        let more = due.len() == A_ROUND as usize;
        stream::iter(due)
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, |(copy, request)| async move { self.bring_copy(copy, request).await })
            .await?;
        let soon = more.then(|| self.desk.now());
        Ok([self.desk.ledger().next_copy().await?, soon].into_iter().flatten().min())
    }

    async fn bring_copy(&self, copy: CardCopy, request: Request) -> Result<(), LedgerError> {
        let (id, revision, state, channel) = (copy.id, request.revision, request.state, copy.channel);
        let showing = match self.desk.showing(request).await {
            Ok(Some(showing)) => showing,
            // Another version made it: there is nothing that this one could show.
            Ok(None) => return self.desk.ledger().copy_shows(id, revision).await,
            Err(Refusal::Store(why)) => return Err(LedgerError::Unreadable(why)),
            Err(_) => return Ok(()),
        };
        let brought = match copy.message {
            Some(posted) if copy.revision < revision => self.edit_copy(&copy, posted, &showing).await,
            Some(posted) => Ok(Some(posted)),
            // A reminder of what is decided meanwhile is not posted any more; a card is: it tells what became of it.
            None if state.is_settled() && copy.kind != CopyKind::Card => Ok(None),
            None => self.post_copy(&copy, &showing).await.map(Some),
        };
        match brought {
            Ok(Some(posted)) => {
                self.desk.ledger().copy_posted(id, posted, revision).await?;
                self.desk.copy_is_known();
                self.react(&copy, posted, state).await
            }
            Ok(None) => self.desk.ledger().copy_gone(id).await.map(drop),
            Err(error) if error.code() == Some(rest::UNKNOWN_CHANNEL) => {
                self.desk.channel_gone(channel).await?;
                self.desk.ledger().copy_gone(id).await.map(drop)
            }
            Err(error) => self.later(id, "a card could not be brought up to date yet", &error).await,
        }
    }

    /// Edits a copy; `None`: it was deleted.
    async fn edit_copy(&self, copy: &CardCopy, posted: Posted, showing: &Showing) -> Result<Option<Posted>, RestError> {
        let body = message(copy, showing, None).to_json();
        match self.rest.edit(posted.channel, posted.message, &body).await {
            Ok(()) => Ok(Some(posted)),
            Err(error) if error.code() == Some(rest::UNKNOWN_MESSAGE) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn post_copy(&self, copy: &CardCopy, showing: &Showing) -> Result<Posted, RestError> {
        if let Some(posted) = self.posted_before(copy).await {
            return Ok(posted);
        }
        let card = match copy.kind {
            CopyKind::Card => None,
            CopyKind::Reminder | CopyKind::AskedAgain => self.card_of(copy).await,
        };
        let body = message(copy, showing, card).to_json_once(&format!("c{}", copy.id));
        let message = self.rest.post(copy.channel, &body).await?;
        Ok(Posted { channel: copy.channel, message })
    }

    /// Where the card of a copy's request stands.
    async fn card_of(&self, copy: &CardCopy) -> Option<Posted> {
        let copies = self.desk.ledger().copies(copy.request).await.ok()?;
        copies.into_iter().rev().find(|c| c.kind == CopyKind::Card)?.message
    }

    /// The card as a crash left it behind, beyond the few minutes for which Discord enforces a nonce.
    async fn posted_before(&self, copy: &CardCopy) -> Option<Posted> {
        if copy.kind != CopyKind::Card || self.desk.now().since(copy.created_at) < NONCE_HOLDS {
            return None;
        }
        let ours = CustomId::Approve(copy.request, copy.id).write()?;
        let messages = self.rest.messages(copy.channel, 50).await.ok()?;
        let found = messages.into_iter().find(|m| {
            let components = serde_json::to_string(&m.components).unwrap_or_default();
            components.contains(&format!("\"{ours}\""))
        })?;
        Some(Posted { channel: copy.channel, message: found.id })
    }

    /// Puts the bot's own ✅ and ❌ under a card that waits.
    async fn react(&self, copy: &CardCopy, posted: Posted, state: RequestState) -> Result<(), LedgerError> {
        if copy.kind != CopyKind::Card || copy.reacted == Reacted::Done || state != RequestState::Pending {
            return Ok(());
        }
        for emoji in [APPROVE, DENY] {
            match self.rest.add_reaction(posted.channel, posted.message, emoji).await {
                Ok(()) => {}
                // The buttons work without; the next look under the card tries again.
                Err(error) if error.code() == Some(rest::MISSING_PERMISSIONS) => {
                    tracing::warn!(%error, "the bot may not react under its own card; people use the buttons");
                }
                Err(error) if error.code() == Some(rest::UNKNOWN_MESSAGE) => {
                    return self.desk.message_gone(posted.channel, posted.message).await;
                }
                Err(error) => return self.later(copy.id, "a card has no ✅ and ❌ yet", &error).await,
            }
        }
        self.desk.ledger().copy_reacted(copy.id).await
    }

    async fn later(&self, copy: i64, what: &str, error: &RestError) -> Result<(), LedgerError> {
        tracing::warn!(%error, "{what}");
        // What Discord refuses is not mended by asking often, and too many refusals get a bot banned.
        let pause = match error.status() {
            Some(400..=428 | 430..=499) => LONG_PAUSE,
            Some(_) | None => PAUSE,
        };
        self.desk.ledger().copy_later(copy, self.desk.now() + pause).await
    }
}

fn message(copy: &CardCopy, showing: &Showing, card: Option<Posted>) -> super::message::Message {
    match copy.kind {
        CopyKind::Card => render::request_card(showing, copy.id),
        CopyKind::Reminder => render::reminder(showing, card),
        CopyKind::AskedAgain => render::asked_again(showing, card),
    }
}
