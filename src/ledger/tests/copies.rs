//! Copies: which messages are due, what brings them up to date, and what their loss means.

use serenity::model::id::{ChannelId, MessageId, UserId};

use super::asking::{APPROVALS, asked, counted, new_ballot, settlement};
use super::{MINUTE, Room, START};
use crate::ledger::{
    BallotState, BallotVerdict, CardCopy, CopyKind, Ledger, NewBallot, Posted, Reacted, RequestId, RequestState, Via,
};

const ANNA: UserId = UserId::new(21);
const BORIS: UserId = UserId::new(22);

fn at(message: u64) -> Posted {
    Posted { channel: APPROVALS, message: MessageId::new(message) }
}

async fn due(ledger: &Ledger) -> Vec<(i64, CopyKind)> {
    ledger.due_copies(99).await.unwrap().iter().map(|(copy, _)| (copy.id, copy.kind)).collect()
}

/// A request whose card stands, with the bot's reactions.
async fn carded(ledger: &Ledger, id: &str, message: u64) -> (RequestId, CardCopy) {
    let request = asked(ledger, id).await;
    let card = ledger.copies(request.id).await.unwrap().remove(0);
    ledger.copy_posted(card.id, at(message), request.revision).await.unwrap();
    ledger.copy_reacted(card.id).await.unwrap();
    (request.id, ledger.copies(request.id).await.unwrap().remove(0))
}

#[tokio::test]
async fn a_card_is_posted_given_its_reactions_and_edited() {
    let room = Room::new();
    let ledger = room.open().await;
    assert_eq!(ledger.next_copy().await.unwrap(), None);
    let request = asked(&ledger, "42").await;
    let (card, shown) = ledger.due_copies(9).await.unwrap().remove(0);
    assert_eq!((card.kind, card.message, card.revision, card.reacted), (CopyKind::Card, None, 0, Reacted::Due));
    assert_eq!((card.channel, card.created_at, shown), (APPROVALS, START, request.clone()));
    assert_eq!(ledger.next_copy().await.unwrap(), Some(START));

    // It cannot be posted at once.
    ledger.copy_later(card.id, START + MINUTE).await.unwrap();
    assert!(due(&ledger).await.is_empty());
    assert_eq!(ledger.next_copy().await.unwrap(), Some(START + MINUTE));
    room.clock.advance(MINUTE);
    assert_eq!(due(&ledger).await, [(card.id, CopyKind::Card)]);

    ledger.copy_posted(card.id, at(7001), 1).await.unwrap();
    let posted = ledger.due_copies(9).await.unwrap().remove(0).0;
    assert_eq!((posted.message, posted.revision, posted.reacted), (Some(at(7001)), 1, Reacted::Due));
    assert_eq!(posted.retry_at, None);
    ledger.copy_reacted(card.id).await.unwrap();
    assert!(due(&ledger).await.is_empty());
    assert_eq!(ledger.next_copy().await.unwrap(), None);

    counted(&ledger, request.id, ANNA, BallotVerdict::Approve).await;
    assert_eq!(due(&ledger).await, [(card.id, CopyKind::Card)]);
    ledger.copy_shows(card.id, 2).await.unwrap();
    assert!(due(&ledger).await.is_empty());
    // Somebody cleared the reactions.
    ledger.unreacted(card.id).await.unwrap();
    assert_eq!(due(&ledger).await, [(card.id, CopyKind::Card)]);
    // Nobody reacts to a settled card: it is only edited.
    ledger.settle_request(request.id, settlement(RequestState::Denied)).await.unwrap();
    ledger.copy_shows(card.id, 3).await.unwrap();
    assert!(due(&ledger).await.is_empty());
}

#[tokio::test]
async fn reminders_stay_and_every_copy_follows_the_settlement() {
    let room = Room::new();
    let ledger = room.open().await;
    let (id, card) = carded(&ledger, "42", 7001).await;
    assert!(ledger.remind(id, Some(START + 40 * MINUTE)).await.unwrap());
    let request = ledger.request(id).await.unwrap().unwrap();
    assert_eq!((request.reminders, request.remind_at, request.revision), (1, Some(START + 40 * MINUTE), 1));
    let (reminder, _) = ledger.due_copies(9).await.unwrap().remove(0);
    assert_eq!((reminder.kind, reminder.reacted), (CopyKind::Reminder, Reacted::Done));
    ledger.copy_posted(reminder.id, at(7002), 1).await.unwrap();
    assert!(ledger.remind(id, None).await.unwrap());
    assert!(ledger.ask_again(id).await.unwrap());
    let request = ledger.request(id).await.unwrap().unwrap();
    assert_eq!((request.reminders, request.remind_at), (2, None));
    let waiting = due(&ledger).await;
    assert_eq!(waiting.iter().map(|&(_, kind)| kind).collect::<Vec<_>>(), [CopyKind::Reminder, CopyKind::AskedAgain]);
    for (copy, message) in waiting.iter().zip([7003, 7004]) {
        ledger.copy_posted(copy.0, at(message), 1).await.unwrap();
    }
    ledger.unreacted(reminder.id).await.unwrap();
    assert!(due(&ledger).await.is_empty(), "only cards have reactions");

    ledger.settle_request(id, settlement(RequestState::Expired)).await.unwrap();
    let ids: Vec<i64> = due(&ledger).await.into_iter().map(|(copy, _)| copy).collect();
    assert_eq!(ids, [card.id, reminder.id, waiting[0].0, waiting[1].0]);
    assert_eq!(ledger.due_copies(2).await.unwrap().len(), 2);
    for copy in ids {
        ledger.copy_shows(copy, 2).await.unwrap();
    }
    assert!(due(&ledger).await.is_empty());
    assert!(!ledger.remind(id, None).await.unwrap());
    assert!(!ledger.ask_again(id).await.unwrap());
    assert!(!ledger.remind(RequestId(9), None).await.unwrap());
    assert_eq!(ledger.copies(id).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_message_is_found_also_when_it_is_settled_or_gone() {
    let room = Room::new();
    let ledger = room.open().await;
    let (id, card) = carded(&ledger, "42", 7001).await;
    let find = |message| ledger.find_message(APPROVALS, MessageId::new(message));
    let found = find(7001).await.unwrap().unwrap();
    assert_eq!((found.request.id, found.copy), (id, card.clone()));
    assert!(find(7002).await.unwrap().is_none());
    assert!(ledger.find_message(ChannelId::new(1), MessageId::new(7001)).await.unwrap().is_none());
    ledger.settle_request(id, settlement(RequestState::Void)).await.unwrap();
    assert_eq!(find(7001).await.unwrap().unwrap().request.state, RequestState::Void);
    assert!(ledger.copy_gone(card.id).await.unwrap());
    assert_eq!(find(7001).await.unwrap().unwrap().copy.id, card.id);
    assert!(ledger.copies(id).await.unwrap().is_empty());
    assert!(due(&ledger).await.is_empty(), "a settled request needs no new card");
}

#[tokio::test]
async fn a_deleted_card_is_due_again_and_its_reactions_are_withdrawn() {
    let room = Room::new();
    let ledger = room.open().await;
    let (id, card) = carded(&ledger, "42", 7001).await;
    counted(&ledger, id, ANNA, BallotVerdict::Approve).await;
    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Deny)).await.unwrap();
    ledger.cast(NewBallot { via: Via::Button, ..new_ballot(id, BORIS, BallotVerdict::Approve) }).await.unwrap();
    let revision = ledger.request(id).await.unwrap().unwrap().revision;
    assert!(ledger.copy_gone(card.id).await.unwrap());
    assert!(!ledger.copy_gone(card.id).await.unwrap(), "told twice");
    assert!(!ledger.copy_gone(99).await.unwrap());
    let states: Vec<_> = ledger.ballots(id).await.unwrap().iter().map(|ballot| ballot.state).collect();
    assert_eq!(states, [BallotState::Withdrawn, BallotState::Withdrawn, BallotState::Unchecked]);
    assert!(ledger.request(id).await.unwrap().unwrap().revision > revision);
    let (again, _) = ledger.due_copies(9).await.unwrap().remove(0);
    assert_eq!((again.kind, again.message, again.reacted), (CopyKind::Card, None, Reacted::Due));
    assert_ne!(again.id, card.id, "another nonce");
    assert_eq!(ledger.copies(id).await.unwrap(), std::slice::from_ref(&again));
    ledger.copy_posted(again.id, at(7002), 3).await.unwrap();
    assert_eq!(ledger.find_message(APPROVALS, MessageId::new(7001)).await.unwrap().unwrap().copy.id, card.id);

    // A lost reminder is not missed.
    ledger.remind(id, None).await.unwrap();
    let reminder = ledger.copies(id).await.unwrap().remove(1);
    assert!(ledger.copy_gone(reminder.id).await.unwrap());
    assert_eq!(ledger.copies(id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn due_copies_come_with_their_own_requests() {
    let room = Room::new();
    let ledger = room.open().await;
    for id in ["1", "2", "3"] {
        asked(&ledger, id).await;
    }
    ledger.remind(RequestId(1), None).await.unwrap();
    let due = ledger.due_copies(99).await.unwrap();
    assert_eq!(due.iter().map(|(_, request)| request.id.0).collect::<Vec<_>>(), [1, 2, 3, 1]);
    assert!(due.iter().all(|(copy, request)| copy.request == request.id));
}
