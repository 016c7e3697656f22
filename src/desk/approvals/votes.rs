//! Presses under a card: the very path that a reaction takes, with an answer.

use serenity::model::id::UserId;

use super::ballots::{new_ballot, standing, why_of};
use super::value::NotCounted;
use super::weigh::Weighed;
use crate::desk::{Desk, Refusal};
use crate::ledger::{BallotState, BallotVerdict, Cast, Request, RequestId, RequestState, Via};

/// What became of a press under a card.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// It counts; how many do, of how many.
    Counted {
        /// So many approve.
        have: u32,
        /// So many are needed.
        need: u32,
    },
    /// The card now says that this person is looking.
    Looking,
    /// It decided the request, which stands so now.
    Decided(Box<Request>),
    /// It came late: the request was decided before.
    Late(Box<Request>),
    /// It does not count.
    NotCounted(NotCounted),
    /// It is written down; it is checked as soon as whoever does not answer does. Why, in a sentence.
    Waits(String),
}

impl Desk {
    /// Somebody pressed a button under a card.
    ///
    /// # Errors
    /// When there is no such request, or the store cannot be read or written: nothing was decided then.
    pub async fn vote(
        &self,
        id: RequestId,
        person: UserId,
        verdict: BallotVerdict,
        words: Option<String>,
    ) -> Result<Heard, Refusal> {
        let request = self.inner.ledger.request(id).await?.ok_or(Refusal::NoRequest { typed: id.to_string() })?;
        if request.state != RequestState::Pending && verdict == BallotVerdict::Look {
            return Ok(Heard::Late(Box::new(request)));
        }
        let ballot = new_ballot(&request, person, Via::Button, verdict, words, BallotState::Unchecked);
        let cast = self.inner.ledger.cast(ballot).await?;
        if cast == Cast::Unknown {
            return Err(Refusal::NoRequest { typed: id.to_string() });
        }
        let weighed = self.weigh_answering(id, Some(person)).await?;
        let request = self.inner.ledger.request(id).await?.ok_or(Refusal::NoRequest { typed: id.to_string() })?;
        let ballots = self.inner.ledger.ballots(id).await?;
        let mine = ballots.iter().find(|b| b.person == person && b.via == Via::Button && b.verdict == verdict);
        let Some(mine) = mine else { return Err(Refusal::NoRequest { typed: id.to_string() }) };
        Ok(match mine.state {
            BallotState::Late => Heard::Late(Box::new(request)),
            BallotState::Refused | BallotState::Stale | BallotState::Withdrawn => {
                Heard::NotCounted(why_of(mine).unwrap_or(NotCounted::NoRole))
            }
            BallotState::Unchecked => Heard::Waits(match weighed {
                Weighed::Waits { why } => why,
                Weighed::Nothing | Weighed::Moved => "It is being checked".to_owned(),
            }),
            BallotState::Counted if request.state != RequestState::Pending => Heard::Decided(Box::new(request)),
            BallotState::Counted if verdict == BallotVerdict::Look => Heard::Looking,
            BallotState::Counted => match weighed {
                Weighed::Waits { why } if standing(&ballots).len() >= request.threshold as usize => Heard::Waits(why),
                Weighed::Waits { .. } | Weighed::Nothing | Weighed::Moved => Heard::Counted {
                    have: u32::try_from(standing(&ballots).len()).unwrap_or(u32::MAX),
                    need: request.threshold,
                },
            },
        })
    }
}
