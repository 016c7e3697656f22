//! Notices on their way: answers, lines in the log channel and direct messages, sent until they are there.

use std::time::Duration;

use serenity::model::id::{ChannelId, InteractionId, UserId};

use super::courier::{Courier, closed};
use super::message::Message;
use super::render;
use super::rest::{RestError, RestErrorKind};
use crate::desk::{Outcome, RequestTold, Told};
use crate::ledger::{HandoverState, LedgerError, Notice, NoticeTo};

/// An interaction's token lives 15 minutes (Discord, "Receiving and Responding"); a little less is relied on.
const TOKEN_LIVES: Duration = Duration::from_secs(14 * 60 + 30);
/// Waits between tries of a message: 2, 4, 8 … seconds, at most this.
const RETRY_MOST: Duration = Duration::from_mins(5);
/// How often a message is tried before it is given up: with the waits above, for more than a day.
const TRIES: u32 = 300;

impl Courier {
    /// Sends one notice, and crosses it out or puts it off.
    pub(super) async fn deliver(&self, notice: Notice) -> Result<(), LedgerError> {
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
            Told::TakenBack { about } => render::taken_back(about),
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
                | Told::TakenBack { .. }
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
                    | Told::TakenBack { .. }
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
        | Told::TakenBack { .. }
        | Told::NotCounted { .. }
        | Told::Hide { .. }
        | Told::Log { .. }
        | Told::Direct { .. } => true,
    }
}
