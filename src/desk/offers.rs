//! Offers: what a button stands for, kept in the ledger so that a restart loses none.

use rollcall_commands::{Command, Permission};
use rollcall_telephony::Millis;
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::act::StateAct;
use super::journal::Started;
use super::presence::BreakToPick;
use super::{Act, Asked, Desk, OFFER_LASTS, Refusal};
use crate::ledger::{Offer, OfferId, OfferRefusal, OfferState};
use crate::policy::Actor;

/// What a button stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "offer", content = "what", rename_all = "kebab-case")]
pub enum Offered {
    /// An act that was previewed: done once.
    Act(Act),
    /// A pause for which a break is to be picked: done once.
    Break(Box<BreakToPick>),
    /// A command with the agent named, after "did you mean": run as if it were typed.
    Command(Command),
}

/// What a press on an offer leads to.
#[derive(Debug)]
pub enum Taken {
    /// The act is under way: its report follows by itself.
    Act(Act),
    /// It was pressed before: nothing more is done.
    Before(Act),
    /// This command is to be run.
    Command(Command),
}

impl Desk {
    /// Keeps an offer for `actor`, good for ten minutes.
    pub(super) async fn make_offer(&self, actor: UserId, offered: &Offered) -> Result<(OfferId, Millis), Refusal> {
        let offer = Offer {
            id: OfferId::random(),
            actor,
            body: serde_json::to_string(offered).map_err(|e| Refusal::Store(e.to_string()))?,
            expires_at: self.now() + OFFER_LASTS,
            state: OfferState::Open,
        };
        self.inner.ledger.offer(&offer).await?;
        Ok((offer.id, offer.expires_at))
    }

    /// Keeps a command with its agent named, for a "did you mean" button.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn offer_command(&self, actor: UserId, command: Command) -> Result<OfferId, Refusal> {
        Ok(self.make_offer(actor, &Offered::Command(command)).await?.0)
    }

    /// The command that a form or a page was kept for.
    ///
    /// # Errors
    /// When it is not this person's, or its time is over.
    pub async fn kept_command(&self, actor: UserId, id: OfferId) -> Result<Command, Refusal> {
        let offer = self.inner.ledger.get_offer(id).await?.ok_or(Refusal::Offer(OfferRefusal::Unknown))?;
        if offer.actor != actor {
            return Err(Refusal::Offer(OfferRefusal::NotYours));
        }
        if self.now() >= offer.expires_at {
            return Err(Refusal::Offer(OfferRefusal::Expired(offer.expires_at)));
        }
        match serde_json::from_str(&offer.body) {
            Ok(Offered::Command(command)) => Ok(command),
            Ok(Offered::Act(_) | Offered::Break(_)) | Err(_) => Err(Refusal::Offer(OfferRefusal::Unknown)),
        }
    }

    /// Keeps the inverse of an act that is about to be concluded, for its Undo button. `after` is the fingerprint of
    /// the record as it is now.
    pub(super) async fn offer_undo(&self, actor: UserId, act: &Act, after: String) -> Option<(i64, Millis)> {
        let inverse = act.conduct().inverse(after)?;
        match self.make_offer(actor, &Offered::Act(inverse)).await {
            Ok((id, until)) => Some((id.0, until)),
            Err(refusal) => {
                tracing::warn!(?refusal, "an Undo button could not be offered");
                None
            }
        }
    }

    /// Somebody pressed an offer's button.
    ///
    /// # Errors
    /// When the offer cannot be taken, the person may no longer, or the record is not the one they were shown.
    pub async fn take_offer(&self, actor: &Actor, id: OfferId, asked: Asked) -> Result<Taken, Refusal> {
        self.take_offer_with(actor, id, None, asked).await
    }

    /// Somebody pressed an offer's button, or picked what it lacks: one of those that it named, by its place.
    ///
    /// # Errors
    /// As [`Desk::take_offer`]; also when there is nothing at this place, or nothing to be picked.
    pub async fn take_offer_with(
        &self,
        actor: &Actor,
        id: OfferId,
        picked: Option<usize>,
        asked: Asked,
    ) -> Result<Taken, Refusal> {
        let offer = self.inner.ledger.get_offer(id).await?.ok_or(Refusal::Offer(OfferRefusal::Unknown))?;
        if offer.actor != actor.id {
            return Err(Refusal::Offer(OfferRefusal::NotYours));
        }
        let unknown = || Refusal::Offer(OfferRefusal::Unknown);
        let offered: Offered = serde_json::from_str(&offer.body).map_err(|_| unknown())?;
        let offered = match (offered, picked) {
            (Offered::Break(lacks), Some(place)) => Offered::Act(lacks.picked(place)?),
            (Offered::Act(_) | Offered::Command(_), Some(_)) => return Err(unknown()),
            (offered, None) => offered,
        };
        match (offer.state, offered) {
            (OfferState::Cancelled, _) => Err(Refusal::Offer(OfferRefusal::Cancelled)),
            // Nothing was picked.
            (OfferState::Open | OfferState::Taken(_), Offered::Break(_)) => Err(unknown()),
            (OfferState::Taken(_), Offered::Act(act)) => Ok(Taken::Before(act)),
            (OfferState::Open | OfferState::Taken(_), _) if self.now() >= offer.expires_at => {
                Err(Refusal::Offer(OfferRefusal::Expired(offer.expires_at)))
            }
            (OfferState::Open | OfferState::Taken(_), Offered::Command(command)) => Ok(Taken::Command(command)),
            (OfferState::Open, Offered::Act(act)) => {
                if let Act::SetState(StateAct { then_delete: Some(_), .. }) = &act {
                    self.permit(actor, Permission::AgentDelete, act.connection())?;
                    self.terms(actor.id).await?;
                }
                match self.start(actor, act.clone(), asked, Some(id)).await? {
                    Started::Under | Started::Asked(_) => Ok(Taken::Act(act)),
                    Started::Before => Ok(Taken::Before(act)),
                }
            }
        }
    }

    /// Somebody pressed "Cancel".
    ///
    /// # Errors
    /// When the offer is not theirs or no longer open.
    pub async fn cancel_offer(&self, actor: UserId, id: OfferId) -> Result<(), Refusal> {
        self.inner.ledger.cancel_offer(id, actor).await?.map_err(Refusal::Offer)
    }
}
