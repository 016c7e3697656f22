//! Claims: of any number who try, one turns a request into an act, and only with the approvals it needs.

use rollcall_telephony::IntentId;
use serenity::model::id::UserId;

use super::asking::{asked, claim, claimed, counted, entries, new_ballot, settlement};
use super::{LEAD, MINUTE, Room, conclusion, entry};
use crate::ledger::{
    BallotState, BallotVerdict, Began, Conclusion, IntentState, Ledger, LedgerError, RequestId, RequestMove,
    RequestState,
};

const ANNA: UserId = UserId::new(21);
const BORIS: UserId = UserId::new(22);
const VERA: UserId = UserId::new(23);

/// A request with two approvals that count.
async fn approved(ledger: &Ledger) -> RequestId {
    let id = asked(ledger, "42").await.id;
    for person in [ANNA, BORIS] {
        counted(ledger, id, person, BallotVerdict::Approve).await;
    }
    id
}

async fn executing(ledger: &Ledger) -> (RequestId, IntentId) {
    let id = approved(ledger).await;
    match claimed(ledger, claim(id, &[ANNA, BORIS])).await.unwrap() {
        Began::New(intent) => (id, intent.id),
        other => panic!("not claimed: {other:?}"),
    }
}

/// The claim does not hold, and nothing was written.
async fn refused(ledger: &Ledger, request: RequestId, approvers: &[UserId]) {
    let before = (ledger.request(request).await.unwrap(), ledger.ballots(request).await.unwrap());
    let written = entries(ledger).await;
    let began = claimed(ledger, claim(request, approvers)).await.unwrap();
    assert!(matches!(began, Began::NotClaimed), "{approvers:?}: {began:?}");
    assert!(ledger.open_intents().await.unwrap().is_empty());
    assert_eq!((ledger.request(request).await.unwrap(), ledger.ballots(request).await.unwrap()), before);
    assert_eq!(entries(ledger).await, written);
}

#[tokio::test]
async fn a_claim_makes_the_request_an_act_in_one_step() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = approved(&ledger).await;
    ledger.cast(new_ballot(id, VERA, BallotVerdict::Approve)).await.unwrap();
    let Began::New(intent) = claimed(&ledger, claim(id, &[ANNA, BORIS])).await.unwrap() else { panic!("refused") };
    assert_eq!(intent.request, Some(id));
    let request = ledger.request(id).await.unwrap().unwrap();
    assert_eq!((request.state, request.intent), (RequestState::Executing, Some(intent.id)));
    assert_eq!((request.remind_at, request.settled_at), (None, None));
    assert_eq!(request.settlement.as_deref(), Some(r#"{"being":"done"}"#));
    // Asked, two ballots that count, the claim.
    assert_eq!(request.revision, 4);
    assert!(ledger.request_record(id).await.unwrap().is_some(), "needed until it is settled");
    let states: Vec<_> = ledger.ballots(id).await.unwrap().iter().map(|ballot| ballot.state).collect();
    assert_eq!(states, [BallotState::Counted, BallotState::Counted, BallotState::Late]);
    assert_eq!(ledger.open_intents().await.unwrap(), [intent]);
    assert_eq!(ledger.open_requests().await.unwrap(), [request]);
    // Once more, by whomever.
    let again = claimed(&ledger, claim(id, &[ANNA, BORIS])).await.unwrap();
    assert!(matches!(again, Began::NotClaimed), "{again:?}");
}

#[tokio::test]
async fn a_claim_needs_so_many_different_people_whose_approval_counts() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    refused(&ledger, id, &[]).await;
    refused(&ledger, id, &[ANNA, BORIS]).await;
    counted(&ledger, id, ANNA, BallotVerdict::Approve).await;
    refused(&ledger, id, &[ANNA]).await;
    refused(&ledger, id, &[ANNA, ANNA]).await;
    // Not checked; denied; only looked; the requester's own.
    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Approve)).await.unwrap();
    refused(&ledger, id, &[ANNA, BORIS]).await;
    counted(&ledger, id, VERA, BallotVerdict::Deny).await;
    refused(&ledger, id, &[ANNA, VERA]).await;
    counted(&ledger, id, VERA, BallotVerdict::Look).await;
    refused(&ledger, id, &[ANNA, VERA]).await;
    counted(&ledger, id, LEAD, BallotVerdict::Approve).await;
    refused(&ledger, id, &[ANNA, LEAD]).await;
    refused(&ledger, RequestId(99), &[ANNA, LEAD]).await;
}

#[tokio::test]
async fn a_claim_on_what_was_withdrawn_refused_expired_or_settled_does_not_hold() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = approved(&ledger).await;
    // The role was lost between reaction and threshold.
    let ballots = ledger.ballots(id).await.unwrap();
    let lost = ledger.judge(&ballots[0], BallotState::Refused, Some("{}".to_owned()), entry("lost"), Vec::new());
    assert!(lost.await.unwrap());
    refused(&ledger, id, &[ANNA, BORIS]).await;
    counted(&ledger, id, ANNA, BallotVerdict::Approve).await;
    assert!(ledger.withdraw(id, BORIS, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
    refused(&ledger, id, &[ANNA, BORIS]).await;
    counted(&ledger, id, BORIS, BallotVerdict::Approve).await;
    // Expired to the millisecond, and the clock jumps back.
    room.clock.advance(60 * MINUTE);
    refused(&ledger, id, &[ANNA, BORIS]).await;
    assert!(ledger.settle_request(id, settlement(RequestState::Expired)).await.unwrap());
    refused(&ledger, id, &[ANNA, BORIS]).await;
}

#[tokio::test]
async fn a_claim_whose_entry_cannot_be_written_leaves_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = approved(&ledger).await;
    ledger.cast(new_ballot(id, VERA, BallotVerdict::Deny)).await.unwrap();
    let before = (ledger.request(id).await.unwrap(), ledger.ballots(id).await.unwrap());
    room.attack(&["UPDATE meta SET value = zeroblob(72) WHERE name = 'audit_head'"]).await;
    let refused = claimed(&ledger, claim(id, &[ANNA, BORIS])).await;
    assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    assert!(ledger.open_intents().await.unwrap().is_empty());
    assert_eq!((ledger.request(id).await.unwrap(), ledger.ballots(id).await.unwrap()), before);
}

/// Twenty claims and ten settlements from two stores on one file at once, as of two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_claim_or_settle_at_once_one_wins() {
    let room = Room::new();
    let ledgers = [room.open().await, room.open().await];
    let id = approved(&ledgers[0]).await;
    let written = entries(&ledgers[0]).await;
    let tasks: Vec<_> = (0..30)
        .map(|n| {
            let ledger = ledgers[n % 2].clone();
            tokio::spawn(async move {
                if n % 3 == 2 {
                    return ledger.settle_request(id, settlement(RequestState::Cancelled)).await.unwrap();
                }
                match claimed(&ledger, claim(id, &[ANNA, BORIS])).await.unwrap() {
                    Began::New(_) => true,
                    Began::NotClaimed => false,
                    other => panic!("{other:?}"),
                }
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
    let request = ledgers[1].request(id).await.unwrap().unwrap();
    let intents = ledgers[1].open_intents().await.unwrap();
    match request.state {
        RequestState::Executing => assert_eq!(request.intent, Some(intents[0].id)),
        RequestState::Cancelled => assert!(intents.is_empty()),
        other => panic!("{other:?}"),
    }
    assert_eq!(entries(&ledgers[1]).await, written + 1);
}

fn moved(state: IntentState, request: RequestState, settlement: &str) -> Conclusion {
    let step = RequestMove { state: request, settlement: settlement.to_owned() };
    Conclusion { request: Some(step), ..conclusion(state, None) }
}

#[tokio::test]
async fn a_request_moves_on_with_its_act() {
    let room = Room::new();
    let ledger = room.open().await;
    let (id, intent) = executing(&ledger).await;
    assert!(!ledger.settle_request(id, settlement(RequestState::Cancelled)).await.unwrap(), "it is being done");
    // In doubt, twice in the same words: the cards change once.
    for _ in 0..2 {
        ledger.conclude(intent, moved(IntentState::Doubt, RequestState::Executing, "{\"doubt\":1}")).await.unwrap();
        let request = ledger.request(id).await.unwrap().unwrap();
        assert_eq!((request.state, request.revision), (RequestState::Executing, 5));
        assert_eq!(request.settlement.as_deref(), Some("{\"doubt\":1}"));
    }
    room.clock.advance(MINUTE);
    ledger.conclude(intent, moved(IntentState::Done, RequestState::Done, "{\"done\":1}")).await.unwrap();
    let request = ledger.request(id).await.unwrap().unwrap();
    assert_eq!((request.state, request.revision, request.intent), (RequestState::Done, 6, Some(intent)));
    assert_eq!(request.settlement.as_deref(), Some("{\"done\":1}"));
    assert_eq!(request.settled_at, Some(super::START + MINUTE));
    assert!(ledger.request_record(id).await.unwrap().is_none());
    assert!(ledger.open_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_void_and_a_failed_act_settle_their_requests() {
    for (intent_state, state) in
        [(IntentState::Failed, RequestState::Void), (IntentState::Failed, RequestState::Failed)]
    {
        let room = Room::new();
        let ledger = room.open().await;
        let (id, intent) = executing(&ledger).await;
        ledger.conclude(intent, moved(intent_state, state, "{}")).await.unwrap();
        let request = ledger.request(id).await.unwrap().unwrap();
        assert_eq!((request.state, request.intent), (state, Some(intent)));
    }
}

#[tokio::test]
async fn a_request_moved_against_the_rules_concludes_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    let (id, intent) = executing(&ledger).await;
    let before = ledger.request(id).await.unwrap();
    for wrong in [RequestState::Pending, RequestState::Denied, RequestState::Expired, RequestState::Cancelled] {
        let refused = ledger.conclude(intent, moved(IntentState::Done, wrong, "{}")).await;
        assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    }
    let alone = super::begun(&ledger, None).await;
    let refused = ledger.conclude(alone.id, moved(IntentState::Done, RequestState::Done, "{}")).await;
    assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    assert_eq!(ledger.request(id).await.unwrap(), before);
    assert_eq!(ledger.open_intents().await.unwrap().len(), 2);
}
