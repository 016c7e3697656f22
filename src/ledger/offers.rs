//! Offers: previews with a button that one person may press, once. They are claimed in `journal.rs`, with
//! the intent, or in `requests.rs`, with the request.

use rollcall_telephony::Millis;
use serenity::model::id::UserId;

use super::store::{Work, snowflake};
use super::{Led, Ledger, LedgerError, Offer, OfferId, OfferRefusal, OfferState, codec};

const GET: &str = "SELECT id, actor, body, expires_at, state, intent, request FROM offers WHERE id = $1";

impl Ledger {
    /// Writes a new offer.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written: do not show it then.
    pub async fn offer(&self, offer: &Offer) -> Result<(), LedgerError> {
        let (state, intent, request) = codec::offer_state(offer.state);
        let mut work = self.store.write().await?;
        let sql = "INSERT INTO offers (id, actor, body, expires_at, state, intent, request) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            offer.id.0.into(),
            snowflake(offer.actor.get()).into(),
            offer.body.as_str().into(),
            offer.expires_at.into(),
            state.into(),
            intent.into(),
            request.into(),
        ];
        work.execute(sql, values).await?;
        work.commit().await
    }

    /// The offer; `None` when there is none, also a day after it expired.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when it cannot be read.
    pub async fn get_offer(&self, id: OfferId) -> Result<Option<Offer>, LedgerError> {
        self.store.one(GET, [id.0.into()]).await?.as_ref().map(codec::offer).transpose()
    }

    /// Cancels an open offer of this actor. One that was taken is no longer there to be cancelled
    /// ([`OfferRefusal::Unknown`]); [`Ledger::get_offer`] tells what came of it.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written.
    pub async fn cancel_offer(&self, id: OfferId, actor: UserId) -> Result<Result<(), OfferRefusal>, LedgerError> {
        let mut work = self.store.write().await?;
        let refusal = match weigh(&mut work, id, actor, self.now()).await? {
            Weighed::Free => {
                work.execute("UPDATE offers SET state = 'cancelled' WHERE id = $1", [id.0.into()]).await?;
                work.commit().await?;
                return Ok(Ok(()));
            }
            Weighed::Taken(_) => OfferRefusal::Unknown,
            Weighed::Refused(refusal) => refusal,
        };
        work.abandon().await;
        Ok(Err(refusal))
    }
}

/// What an offer is for a person who presses one of its buttons now.
pub(super) enum Weighed {
    /// Open, and theirs.
    Free,
    /// Theirs, and pressed before.
    Taken(Led),
    /// Not to be had.
    Refused(OfferRefusal),
}

/// Weighs an offer inside the transaction that is about to change it.
pub(super) async fn weigh(work: &mut Work, id: OfferId, actor: UserId, now: Millis) -> Result<Weighed, LedgerError> {
    let Some(row) = work.one(GET, [id.0.into()]).await? else {
        return Ok(Weighed::Refused(OfferRefusal::Unknown));
    };
    let offer = codec::offer(&row)?;
    if offer.actor != actor {
        return Ok(Weighed::Refused(OfferRefusal::NotYours));
    }
    Ok(match offer.state {
        OfferState::Taken(led) => Weighed::Taken(led),
        OfferState::Cancelled => Weighed::Refused(OfferRefusal::Cancelled),
        OfferState::Open if offer.expires_at <= now => Weighed::Refused(OfferRefusal::Expired(offer.expires_at)),
        OfferState::Open => Weighed::Free,
    })
}
