//! The door: one exhaustive way for each kind of interaction, answered within three seconds.
//!
//! Known again when it comes twice, within its person's quota, from our guild, then on to `slash.rs`, `presses.rs` and
//! `autocomplete.rs`. What a command does is the desk's business.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use secrecy::SecretString;
use serde_json::json;
use serenity::all::{Interaction, Member, User};
use serenity::model::id::{GuildId, InteractionId, UserId};
use tokio::sync::Semaphore;

use super::message::{Message, Tone};
use super::rest::{self, Rest};
use super::{Session, autocomplete, extensions, presses, render, slash};
use crate::config::Rate;
use crate::desk::{Desk, Refusal};
use crate::ledger::{OfferId, Sight};
use crate::policy::Actor;

/// Interactions under way at once; more are told to come again, rather than made to wait past three seconds.
const AT_ONCE: usize = 1_000;

/// How long the store may take to note an interaction, so that its person can be told within Discord's three seconds.
const SIGHT_WITHIN: Duration = Duration::from_secs(2);

/// Everything an interaction needs. Cheap to clone.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) desk: Desk,
    pub(super) rest: Rest,
    pub(super) session: Session,
    pub(super) guild: GuildId,
    pub(super) doctor: super::doctor::Doctor,
    quota: Arc<DefaultKeyedRateLimiter<UserId>>,
    slots: Arc<Semaphore>,
    pressing: Arc<Mutex<HashSet<OfferId>>>,
}

/// An offer whose press is being dealt with; a second press meanwhile finds it so.
pub(super) struct Pressing {
    offer: OfferId,
    all: Arc<Mutex<HashSet<OfferId>>>,
}

impl Drop for Pressing {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.offer);
    }
}

/// An interaction's id and token: what it is answered by.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub(super) id: InteractionId,
    pub(super) token: SecretString,
}

/// Whether an interaction was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ack {
    /// It was: go on.
    Given,
    /// It came too late or could not be: nothing is done.
    Missed,
}

/// Whether an interaction may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// It may.
    Open,
    /// It came before, or it was told why not.
    Closed,
}

impl Door {
    pub(super) fn new(
        desk: Desk,
        rest: Rest,
        session: Session,
        guild: GuildId,
        per_person: Rate,
        doctor: super::doctor::Doctor,
    ) -> Self {
        let every = per_person.per / per_person.count.get();
        let quota = Quota::with_period(every.max(Duration::from_nanos(1)))
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(per_person.count);
        Self {
            desk,
            rest,
            session,
            guild,
            doctor,
            quota: Arc::new(RateLimiter::keyed(quota)),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            pressing: Arc::default(),
        }
    }

    /// Answers one interaction.
    pub(super) async fn interaction(&self, interaction: Interaction) {
        let Ok(_slot) = self.slots.try_acquire() else {
            tracing::error!("too many interactions at once; one is turned away");
            if !matches!(interaction, Interaction::Autocomplete(_)) {
                let busy =
                    Message::card(Tone::Bad, "Too much at once").says("Nothing was done. Try again in a minute.");
                let ticket = Ticket { id: interaction.id(), token: SecretString::from(interaction.token()) };
                self.answer(&ticket, &busy).await;
            }
            return;
        };
        match interaction {
            Interaction::Ping(ping) => {
                let ticket = Ticket { id: ping.id, token: SecretString::from(ping.token) };
                self.callback(&ticket, &json!({ "type": 1 })).await;
            }
            Interaction::Autocomplete(command) => autocomplete::complete(self, command).await,
            Interaction::Command(command) => slash::command(self, command).await,
            Interaction::Component(press) => presses::component(self, press).await,
            Interaction::Modal(modal) => presses::modal(self, modal).await,
            other => {
                let ticket = Ticket { id: other.id(), token: SecretString::from(other.token()) };
                self.unknown(&ticket).await;
            }
        }
    }

    /// Answers what this version does not know.
    pub(super) async fn unknown(&self, ticket: &Ticket) {
        let sentence = Message::card(Tone::Bad, "This version of Rollcall does not know that")
            .says("Nothing was done. If it was just updated, press Ctrl+R in Discord and try again.");
        self.answer(ticket, &sentence).await;
    }

    /// Who acts, if they act in our guild.
    pub(super) fn actor(&self, guild: Option<GuildId>, member: Option<&Member>) -> Result<Actor, Box<Message>> {
        match (guild, member) {
            (Some(guild), Some(member)) if guild == self.guild => {
                Ok(Actor { id: member.user.id, name: display_name(member), roles: member.roles.clone() })
            }
            _ => Err(Box::new(
                Message::card(Tone::Bad, "Not from here")
                    .says("I only work in the server I was set up for. Type the command there."),
            )),
        }
    }

    /// Whether a person is within their quota; keystrokes do not count.
    pub(super) fn within_quota(&self, person: UserId) -> Result<(), Box<Message>> {
        self.quota.check_key(&person).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            Box::new(Message::card(Tone::Bad, "A little slower, please").says(format!(
                "That is more than I take from one person at a time. Try again in {wait} s; nothing was done."
            )))
        })
    }

    /// Takes an offer's press in hand; `None` while another one is being dealt with.
    pub(super) fn presses(&self, offer: OfferId) -> Option<Pressing> {
        let mut all = self.pressing.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(offer).then(|| Pressing { offer, all: Arc::clone(&self.pressing) })
    }

    /// Writes down that an interaction came. `None`: it came before, and is under way or answered.
    pub(super) async fn first_sight(&self, ticket: &Ticket, person: UserId) -> Result<Option<()>, Refusal> {
        let seen = self.desk.ledger().first_sight(ticket.id, person, &ticket.token);
        let late = |_| Refusal::Store("it did not answer in time; another program may keep it locked".to_owned());
        match tokio::time::timeout(SIGHT_WITHIN, seen).await.map_err(late)?? {
            Sight::First => Ok(Some(())),
            Sight::Again => {
                tracing::info!(interaction.id = %ticket.id, "an interaction came again; it is left alone");
                Ok(None)
            }
        }
    }

    /// Lets an interaction in that may lead to a change: once, and only while that can be written down.
    pub(super) async fn enters(&self, ticket: &Ticket, person: UserId) -> Entry {
        match self.first_sight(ticket, person).await {
            Ok(Some(())) => Entry::Open,
            Ok(None) => Entry::Closed,
            Err(refusal) => {
                self.turn_away(ticket, &render::refusal(&refusal)).await;
                Entry::Closed
            }
        }
    }

    /// Answers at once that nothing is done; who cannot be told is not told.
    pub(super) async fn turn_away(&self, ticket: &Ticket, message: &Message) {
        match self.answer(ticket, message).await {
            Ack::Given | Ack::Missed => {}
        }
    }

    /// Sends a callback.
    pub(super) async fn callback(&self, ticket: &Ticket, body: &impl serde::Serialize) -> Ack {
        match self.rest.callback(ticket.id, &ticket.token, body).await {
            Ok(()) => Ack::Given,
            // Somebody (an earlier self) acknowledged it: the answer goes on as an edit.
            Err(error) if error.code() == Some(rest::ALREADY_ACKNOWLEDGED) => Ack::Given,
            Err(error) => {
                tracing::warn!(interaction.id = %ticket.id, %error, "an interaction could not be acknowledged; nothing is done");
                Ack::Missed
            }
        }
    }

    /// Acknowledges with "thinking …", visible to the person alone.
    pub(super) async fn defer(&self, ticket: &Ticket) -> Ack {
        self.callback(ticket, &json!({ "type": 5, "data": { "flags": 64 } })).await
    }

    /// Answers at once, visible to the person alone.
    pub(super) async fn answer(&self, ticket: &Ticket, message: &Message) -> Ack {
        self.callback(ticket, &json!({ "type": 4, "data": message.to_ephemeral() })).await
    }

    /// Answers by changing the message that the component stands on.
    pub(super) async fn update(&self, ticket: &Ticket, message: &Message) -> Ack {
        self.callback(ticket, &json!({ "type": 7, "data": message.to_json() })).await
    }

    /// Fills in a deferred answer, for good.
    pub(super) async fn finish(&self, ticket: &Ticket, message: &Message) {
        // Without a gateway any more, the next start sees that it was never answered.
        let Some(application) = self.session.application().await else { return };
        match self.rest.edit_reply(application, &ticket.token, &message.to_json()).await {
            Ok(()) => self.done_with(ticket).await,
            Err(error) => {
                tracing::warn!(interaction.id = %ticket.id, %error, "an answer could not be given");
            }
        }
    }

    /// Nothing more will be said about this interaction: its token is erased.
    pub(super) async fn done_with(&self, ticket: &Ticket) {
        if let Err(error) = self.desk.ledger().answered(ticket.id).await {
            tracing::warn!(%error, "that an interaction was answered could not be written");
        }
    }

    /// A refusal, with "did you mean" buttons where there is something to mean.
    pub(super) async fn refused(
        &self,
        actor: &Actor,
        refusal: &Refusal,
        command: Option<&rollcall_commands::Command>,
    ) -> Message {
        let message = render::refusal(refusal);
        match (refusal, command) {
            (
                Refusal::NoAgent { near: hits, .. }
                | Refusal::SeveralAgents { hits, .. }
                | Refusal::Elsewhere { hits, .. },
                Some(command),
            ) => slash::did_you_mean(self, actor, message, hits, command).await,
            (Refusal::NoExtension { .. } | Refusal::WhichConnection { .. }, Some(command)) => {
                extensions::did_you_mean(self, actor, message, refusal, command).await
            }
            _ => message,
        }
    }
}

/// What a member is called here.
fn display_name(member: &Member) -> String {
    member.display_name().to_owned()
}

/// Whether a user is a human.
pub(super) const fn is_human(user: &User) -> bool {
    !user.bot && !user.system
}
