//! Ballots: the whole table of what casting, withdrawing and judging do.

use serenity::model::id::UserId;

use super::asking::{asked, counted, entries, new_ballot, settlement};
use super::{LEAD, MINUTE, Room, START, TRAINEE, entry};
use crate::ledger::{
    Ballot, BallotState, BallotVerdict, Cast, Ledger, LedgerError, NewBallot, NewNotice, NoticeTo, RequestId,
    RequestState, Via,
};

const ANNA: UserId = UserId::new(21);
const BORIS: UserId = UserId::new(22);

async fn the_ballot(ledger: &Ledger, request: RequestId) -> Ballot {
    let ballots = ledger.ballots(request).await.unwrap();
    assert_eq!(ballots.len(), 1, "{ballots:?}");
    ballots[0].clone()
}

async fn revision(ledger: &Ledger, request: RequestId) -> i64 {
    ledger.request(request).await.unwrap().unwrap().revision
}

fn stale(request: RequestId, person: UserId) -> NewBallot {
    NewBallot { state: BallotState::Stale, ..new_ballot(request, person, BallotVerdict::Approve) }
}

/// A pending request with Anna's approval in this state, by a reaction.
async fn standing(ledger: &Ledger, state: Option<BallotState>) -> RequestId {
    let id = asked(ledger, "42").await.id;
    let Some(state) = state else { return id };
    let approve = new_ballot(id, ANNA, BallotVerdict::Approve);
    match state {
        BallotState::Stale => {
            ledger.cast(stale(id, ANNA)).await.unwrap();
        }
        BallotState::Unchecked => {
            ledger.cast(approve).await.unwrap();
        }
        BallotState::Counted => counted(ledger, id, ANNA, BallotVerdict::Approve).await,
        BallotState::Refused => {
            ledger.cast(approve).await.unwrap();
            let why = Some(r#"{"no":"role"}"#.to_owned());
            let ballot = the_ballot(ledger, id).await;
            assert!(ledger.judge(&ballot, BallotState::Refused, why, entry("refused"), Vec::new()).await.unwrap());
        }
        BallotState::Withdrawn => {
            ledger.cast(approve).await.unwrap();
            assert!(ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
        }
        BallotState::Late => panic!("nothing is late for a pending request"),
    }
    assert_eq!(the_ballot(ledger, id).await.state, state);
    id
}

const STANDING: [Option<BallotState>; 6] = [
    None,
    Some(BallotState::Unchecked),
    Some(BallotState::Counted),
    Some(BallotState::Refused),
    Some(BallotState::Withdrawn),
    Some(BallotState::Stale),
];

#[tokio::test]
async fn casting_on_a_pending_request() {
    use BallotState::{Counted, Refused, Stale, Unchecked, Withdrawn};
    for before in STANDING {
        for new in [Unchecked, Stale] {
            let room = Room::new();
            let ledger = room.open().await;
            let id = standing(&ledger, before).await;
            let was = ledger.ballots(id).await.unwrap();
            let written = (entries(&ledger).await, revision(&ledger, id).await);
            room.clock.advance(MINUTE);
            let words = Some("the words".to_owned());
            let cast = NewBallot { state: new, words, ..new_ballot(id, ANNA, BallotVerdict::Approve) };
            let led = ledger.cast(cast).await.unwrap();
            let expected = match (before, new) {
                (None | Some(Withdrawn), _) | (Some(Refused | Stale), Unchecked) => Cast::New,
                (Some(Unchecked | Counted | Refused | Stale), _) => Cast::Same,
                (Some(BallotState::Late), _) => panic!("not in the list"),
            };
            assert_eq!(led, expected, "{new:?} on {before:?}");
            let now = (entries(&ledger).await, revision(&ledger, id).await);
            if led == Cast::Same {
                assert_eq!((ledger.ballots(id).await.unwrap(), now), (was, written), "{new:?} on {before:?}");
            } else {
                let ballot = the_ballot(&ledger, id).await;
                assert_eq!((ballot.state, ballot.cast_at, ballot.why), (new, START + MINUTE, None));
                assert_eq!(ballot.words.as_deref(), Some("the words"));
                assert_eq!(now, (written.0 + 1, written.1));
            }
        }
    }
}

#[tokio::test]
async fn casting_on_a_decided_request() {
    use BallotState::{Counted, Late, Refused, Stale, Unchecked, Withdrawn};
    for before in STANDING {
        let room = Room::new();
        let ledger = room.open().await;
        let id = standing(&ledger, before).await;
        assert!(ledger.settle_request(id, settlement(RequestState::Denied)).await.unwrap());
        let first = ledger.cast(new_ballot(id, ANNA, BallotVerdict::Approve)).await.unwrap();
        let (expected, state) = match before {
            None | Some(Refused | Withdrawn | Stale) => (Cast::Late, Late),
            Some(Unchecked) => (Cast::Same, Late),
            Some(Counted) => (Cast::Same, Counted),
            Some(Late) => panic!("not in the list"),
        };
        assert_eq!((first, the_ballot(&ledger, id).await.state), (expected, state), "{before:?}");
        let written = entries(&ledger).await;
        for again in [new_ballot(id, ANNA, BallotVerdict::Approve), stale(id, ANNA)] {
            assert_eq!(ledger.cast(again).await.unwrap(), Cast::Same, "{before:?}");
        }
        assert_eq!(entries(&ledger).await, written);
    }
    let room = Room::new();
    let ledger = room.open().await;
    assert_eq!(ledger.cast(new_ballot(RequestId(9), ANNA, BallotVerdict::Approve)).await.unwrap(), Cast::Unknown);
    assert_eq!(entries(&ledger).await, 0);
}

#[tokio::test]
async fn a_ballot_cast_as_if_it_were_judged_is_refused() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    for state in [BallotState::Counted, BallotState::Refused, BallotState::Late, BallotState::Withdrawn] {
        let wrong = NewBallot { state, ..new_ballot(id, ANNA, BallotVerdict::Approve) };
        assert!(matches!(ledger.cast(wrong).await, Err(LedgerError::Unwritable(_))), "{state:?}");
    }
    assert!(ledger.ballots(id).await.unwrap().is_empty());
}

#[tokio::test]
async fn withdrawing_takes_back_what_a_reaction_gave() {
    use BallotState::{Counted, Refused, Stale, Unchecked, Withdrawn};
    for before in STANDING {
        let room = Room::new();
        let ledger = room.open().await;
        let id = standing(&ledger, before).await;
        let written = (entries(&ledger).await, revision(&ledger, id).await);
        let (withdrawn, told, shown) = match before {
            None | Some(Withdrawn) => (false, 0, 0),
            Some(Counted) => (true, 1, 1),
            Some(Unchecked) => (true, 1, 0),
            Some(Refused | Stale) => (true, 0, 0),
            Some(BallotState::Late) => panic!("not in the list"),
        };
        // Another person's, or the other verdict: nothing.
        assert!(!ledger.withdraw(id, BORIS, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
        assert!(!ledger.withdraw(id, ANNA, BallotVerdict::Deny, entry("withdrawn")).await.unwrap());
        let done = ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap();
        assert_eq!(done, withdrawn, "{before:?}");
        let now = (entries(&ledger).await, revision(&ledger, id).await);
        assert_eq!(now, (written.0 + told, written.1 + shown), "{before:?}");
        assert!(!ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
    }
}

#[tokio::test]
async fn what_a_look_found_gives_way_to_what_was_said_meanwhile() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    let approve = || new_ballot(id, ANNA, BallotVerdict::Approve);
    assert_eq!(ledger.cast_found(approve(), None).await.unwrap(), Cast::New);
    // Found gone, after it was taken back and given again; then as it was read.
    let read = the_ballot(&ledger, id).await;
    ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap();
    ledger.cast(approve()).await.unwrap();
    assert!(!ledger.withdraw_read(&read, entry("withdrawn")).await.unwrap());
    assert!(ledger.withdraw_read(&the_ballot(&ledger, id).await, entry("withdrawn")).await.unwrap());
    // Found standing, after it was taken back; then as it was read.
    assert_eq!(ledger.cast_found(approve(), None).await.unwrap(), Cast::Same);
    assert_eq!(ledger.cast_found(approve(), Some(&read)).await.unwrap(), Cast::Same);
    assert_eq!(the_ballot(&ledger, id).await.state, BallotState::Withdrawn);
    let read = the_ballot(&ledger, id).await;
    assert_eq!(ledger.cast_found(approve(), Some(&read)).await.unwrap(), Cast::New);
}

#[tokio::test]
async fn nothing_withdraws_what_a_button_gave_or_what_was_decided() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    let button = NewBallot { via: Via::Button, ..new_ballot(id, ANNA, BallotVerdict::Approve) };
    assert_eq!(ledger.cast(button).await.unwrap(), Cast::New);
    assert!(!ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
    assert_eq!(ledger.withdraw_all(id, None, entry("withdrawn")).await.unwrap(), 0);
    counted(&ledger, id, BORIS, BallotVerdict::Approve).await;
    ledger.settle_request(id, settlement(RequestState::Void)).await.unwrap();
    assert!(!ledger.withdraw(id, BORIS, BallotVerdict::Approve, entry("withdrawn")).await.unwrap());
    let states: Vec<_> = ledger.ballots(id).await.unwrap().iter().map(|ballot| ballot.state).collect();
    assert_eq!(states, [BallotState::Late, BallotState::Counted]);
}

#[tokio::test]
async fn cleared_reactions_withdraw_everybodys() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    counted(&ledger, id, ANNA, BallotVerdict::Approve).await;
    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Approve)).await.unwrap();
    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Deny)).await.unwrap();
    let written = (entries(&ledger).await, revision(&ledger, id).await);
    let approve = Some(BallotVerdict::Approve);
    assert_eq!(ledger.withdraw_all(id, approve, entry("cleared")).await.unwrap(), 2);
    assert_eq!((entries(&ledger).await, revision(&ledger, id).await), (written.0 + 1, written.1 + 1));
    assert_eq!(ledger.withdraw_all(id, None, entry("cleared")).await.unwrap(), 1);
    assert_eq!(ledger.withdraw_all(id, None, entry("cleared")).await.unwrap(), 0);
    assert!(ledger.ballots(id).await.unwrap().iter().all(|ballot| ballot.state == BallotState::Withdrawn));
    assert_eq!((entries(&ledger).await, revision(&ledger, id).await), (written.0 + 2, written.1 + 1));
}

#[tokio::test]
async fn judging_is_about_what_was_read_and_bumps_what_cards_show() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    ledger.cast(new_ballot(id, ANNA, BallotVerdict::Approve)).await.unwrap();
    let read = the_ballot(&ledger, id).await;
    for wrong in [BallotState::Unchecked, BallotState::Late, BallotState::Withdrawn, BallotState::Stale] {
        let judged = ledger.judge(&read, wrong, None, entry("judged"), Vec::new()).await;
        assert!(matches!(judged, Err(LedgerError::Unwritable(_))), "{wrong:?}");
    }
    // Taken back and said again within one millisecond: another ballot, which was not checked yet.
    ledger.withdraw(id, ANNA, BallotVerdict::Approve, entry("withdrawn")).await.unwrap();
    assert!(!ledger.judge(&read, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());
    ledger.cast(new_ballot(id, ANNA, BallotVerdict::Approve)).await.unwrap();
    assert!(!ledger.judge(&read, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());

    let read = the_ballot(&ledger, id).await;
    let written = entries(&ledger).await;
    assert!(ledger.judge(&read, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());
    assert!(!ledger.judge(&read, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());
    let read = the_ballot(&ledger, id).await;
    assert_eq!(
        (read.state, revision(&ledger, id).await, entries(&ledger).await),
        (BallotState::Counted, 2, written + 1)
    );
    assert!(!ledger.judge(&read, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());
    let why = Some(r#"{"no":"role"}"#.to_owned());
    let told = NewNotice { to: NoticeTo::Person(ANNA), body: "{}".to_owned(), not_before: None };
    let notices = ledger.due_notices(9).await.unwrap().len();
    assert!(ledger.judge(&read, BallotState::Refused, why.clone(), entry("judged"), vec![told]).await.unwrap());
    let refused = the_ballot(&ledger, id).await;
    assert_eq!((refused.state, refused.why.clone(), revision(&ledger, id).await), (BallotState::Refused, why, 3));
    assert_eq!(ledger.due_notices(9).await.unwrap().len(), notices + 1);
    // A refused one is cast again, not judged again.
    assert!(!ledger.judge(&refused, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());

    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Deny)).await.unwrap();
    let late = ledger.ballots(id).await.unwrap().into_iter().find(|ballot| ballot.person == BORIS).unwrap();
    ledger.settle_request(id, settlement(RequestState::Expired)).await.unwrap();
    assert!(!ledger.judge(&late, BallotState::Counted, None, entry("judged"), Vec::new()).await.unwrap());
}

#[tokio::test]
async fn refusing_what_was_never_shown_changes_no_card() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = standing(&ledger, Some(BallotState::Refused)).await;
    assert_eq!(revision(&ledger, id).await, 1);
}

#[tokio::test]
async fn ballots_are_told_in_the_order_in_which_they_were_made() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    for person in [BORIS, ANNA, TRAINEE] {
        ledger.cast(new_ballot(id, person, BallotVerdict::Approve)).await.unwrap();
    }
    ledger.withdraw(id, BORIS, BallotVerdict::Approve, entry("withdrawn")).await.unwrap();
    room.clock.advance(MINUTE);
    ledger.cast(new_ballot(id, BORIS, BallotVerdict::Approve)).await.unwrap();
    let people: Vec<_> = ledger.ballots(id).await.unwrap().iter().map(|ballot| ballot.person).collect();
    assert_eq!(people, [ANNA, TRAINEE, BORIS]);
}

#[tokio::test]
async fn nobody_is_told_the_same_twice() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    let other = asked(&ledger, "43").await.id;
    let waiting = ledger.due_notices(99).await.unwrap().len();
    let tell = |request, person, why: &'static str| {
        let notice = NewNotice { to: NoticeTo::Person(person), body: "{}".to_owned(), not_before: None };
        let ledger = ledger.clone();
        async move { ledger.remark(request, person, why, notice).await.unwrap() }
    };
    for (request, person, why) in
        [(id, ANNA, "no role"), (id, ANNA, "timed out"), (id, LEAD, "no role"), (other, ANNA, "no role")]
    {
        assert!(tell(request, person, why).await);
        assert!(!tell(request, person, why).await);
    }
    assert_eq!(ledger.due_notices(99).await.unwrap().len(), waiting + 4);
}
