//! Once: whatever is pressed, in whatever order and however often, an offer or an interaction leads to one intent.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use rollcall_telephony::IntentId;
use serenity::model::id::UserId;

use super::{LEAD, MINUTE, Room, START, TRAINEE, ask, offer};
use crate::ledger::{Began, Led, Ledger, OfferId, OfferRefusal, OfferState, Verified};

#[derive(Debug, Clone)]
enum Act {
    Press { offer: i64, actor: UserId, interaction: u64 },
    Command { actor: UserId, interaction: u64 },
    Cancel { offer: i64, actor: UserId },
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let actor = prop_oneof![4 => Just(LEAD), 1 => Just(TRAINEE)];
    let act = prop_oneof![
        6 => (1..4_i64, actor.clone(), 1..9_u64).prop_map(|(offer, actor, interaction)| Act::Press { offer, actor, interaction }),
        2 => (actor.clone(), 1..9_u64).prop_map(|(actor, interaction)| Act::Command { actor, interaction }),
        1 => (1..4_i64, actor).prop_map(|(offer, actor)| Act::Cancel { offer, actor }),
        1 => (1..7_u64).prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..30)
}

/// What the store should hold, as simply as it can be said.
#[derive(Default)]
struct Model {
    minutes: u64,
    interactions: BTreeMap<u64, (IntentId, UserId)>,
    taken: BTreeMap<i64, IntentId>,
    cancelled: Vec<i64>,
}

#[derive(Debug, PartialEq)]
enum Expected {
    New,
    Already(IntentId),
    Refused(OfferRefusal),
}

impl Model {
    /// Offers 1 and 2 were shown to the lead; 3 to nobody.
    fn weigh(&self, offer: i64, actor: UserId) -> Expected {
        if offer == 3 {
            Expected::Refused(OfferRefusal::Unknown)
        } else if actor != LEAD {
            Expected::Refused(OfferRefusal::NotYours)
        } else if let Some(&intent) = self.taken.get(&offer) {
            Expected::Already(intent)
        } else if self.cancelled.contains(&offer) {
            Expected::Refused(OfferRefusal::Cancelled)
        } else if self.minutes >= 10 {
            Expected::Refused(OfferRefusal::Expired(START + 10 * MINUTE))
        } else {
            Expected::New
        }
    }

    fn expect(&self, actor: UserId, interaction: u64, offer: Option<i64>) -> Expected {
        match self.interactions.get(&interaction) {
            Some(&(intent, owner)) if owner == actor => Expected::Already(intent),
            Some(_) => Expected::Refused(OfferRefusal::NotYours),
            None => offer.map_or(Expected::New, |offer| self.weigh(offer, actor)),
        }
    }
}

async fn press(ledger: &Ledger, model: &mut Model, actor: UserId, interaction: u64, offer: Option<i64>) {
    let expected = model.expect(actor, interaction, offer);
    match ask(ledger, actor, Some(interaction), offer, None).await.unwrap() {
        Began::New(intent) => {
            assert_eq!(expected, Expected::New);
            model.interactions.insert(interaction, (intent.id, actor));
            offer.map(|offer| model.taken.insert(offer, intent.id));
        }
        Began::Already(intent) => assert_eq!(expected, Expected::Already(intent.id)),
        Began::Refused(refusal) => assert_eq!(expected, Expected::Refused(refusal)),
        other @ (Began::Asked(_) | Began::NotClaimed) => panic!("nobody asked for approval: {other:?}"),
    }
}

async fn play(acts: Vec<Act>) {
    let room = Room::new();
    let mut ledger = room.open().await;
    let mut model = Model::default();
    for id in [1, 2] {
        ledger.offer(&offer(id, LEAD)).await.unwrap();
    }
    for (step, act) in acts.into_iter().enumerate() {
        match act {
            Act::Press { offer, actor, interaction } => {
                press(&ledger, &mut model, actor, interaction, Some(offer)).await;
            }
            Act::Command { actor, interaction } => press(&ledger, &mut model, actor, interaction, None).await,
            Act::Cancel { offer, actor } => {
                let expected = match model.weigh(offer, actor) {
                    Expected::New => Ok(()),
                    Expected::Already(_) => Err(OfferRefusal::Unknown),
                    Expected::Refused(refusal) => Err(refusal),
                };
                assert_eq!(ledger.cancel_offer(OfferId(offer), actor).await.unwrap(), expected);
                if expected.is_ok() {
                    model.cancelled.push(offer);
                }
            }
            Act::Wait(minutes) => {
                model.minutes += minutes;
                room.clock.advance(Duration::from_secs(60 * minutes));
            }
        }
        if step % 10 == 9 {
            // A restart in between changes nothing.
            ledger.close().await;
            ledger = room.open().await;
        }
    }
    let intents = ledger.open_intents().await.unwrap();
    assert_eq!(intents.len(), model.interactions.len());
    for (&offer, &intent) in &model.taken {
        let offer = ledger.get_offer(OfferId(offer)).await.unwrap().unwrap();
        assert_eq!(offer.state, OfferState::Taken(Led::Intent(intent)));
    }
    let entries = i64::try_from(intents.len()).unwrap();
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries });
    ledger.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_presses_leads_to_one_intent_each(acts in acts()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(acts));
    }
}

/// Presses from two stores on one file at once, as of two processes; every press is `(interaction, offer)`.
async fn all_at_once(presses: Vec<(Option<u64>, Option<i64>)>) -> usize {
    let room = Room::new();
    let ledgers = [room.open().await, room.open().await];
    ledgers[0].offer(&offer(1, LEAD)).await.unwrap();
    let tasks: Vec<_> = presses
        .into_iter()
        .enumerate()
        .map(|(n, (interaction, offer))| {
            let ledger = ledgers[n % 2].clone();
            tokio::spawn(async move { ask(&ledger, LEAD, interaction, offer, None).await.unwrap() })
        })
        .collect();
    let mut new = Vec::new();
    let mut already = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Began::New(intent) => new.push(intent.id),
            Began::Already(intent) => already.push(intent.id),
            other @ (Began::Refused(_) | Began::Asked(_) | Began::NotClaimed) => panic!("not one act: {other:?}"),
        }
    }
    assert!(already.iter().all(|id| new.contains(id)));
    assert_eq!(ledgers[1].open_intents().await.unwrap().len(), new.len());
    let entries = i64::try_from(new.len()).unwrap();
    assert_eq!(ledgers[1].verify_audit().await.unwrap(), Verified::Whole { entries });
    new.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_presses_at_once_are_one_act() {
    assert_eq!(all_at_once((1..=40).map(|n| (Some(n), Some(1))).collect()).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_interaction_delivered_forty_times_is_one_act() {
    assert_eq!(all_at_once(vec![(Some(7), None); 40]).await, 1);
}
