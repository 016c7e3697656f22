//! Requests: made once, found, settled once, and looked up afterwards; and what the tests of requests share.

use rollcall_telephony::AgentId;
use secrecy::{ExposeSecret as _, SecretString};
use serenity::model::id::{ChannelId, InteractionId, UserId};

use super::{LEAD, MINUTE, Room, START, TRAINEE, ask, begun, conclusion, entry, mediatel, offer};
use crate::ledger::{
    AuditEntry, BallotState, BallotVerdict, Began, Cast, Claim, Conclusion, IntentState, Led, Ledger, LedgerError,
    NewBallot, NewIntent, NewNotice, NewRequest, NewSettlement, NoticeTo, OfferId, OfferRefusal, OfferState, Request,
    RequestFilter, RequestId, RequestMade, RequestState, Verified, Via,
};

pub(super) const APPROVALS: ChannelId = ChannelId::new(900);
pub(super) const RECORD: &str = r#"{"Login":"ivan.ivanov","Fax":"+359 2 111"}"#;

/// Asks for agent `id` to be deleted: two approvers, an hour.
pub(super) fn new_request(id: &str) -> NewRequest {
    NewRequest {
        requester: LEAD,
        interaction: None,
        offer: None,
        connection: mediatel(),
        agent: Some(AgentId::new(id)),
        login: "Ivan.Ivanov".to_owned(),
        subject: format!("agent.delete mediatel:{id}"),
        act: format!(r#"{{"delete":"{id}"}}"#),
        card: r#"{"shows":"all"}"#.to_owned(),
        threshold: 2,
        expires_at: START + 60 * MINUTE,
        remind_at: START + 20 * MINUTE,
        channel: APPROVALS,
        record: Some(RECORD.into()),
        audit: entry("agent.delete asked"),
        notices: vec![NewNotice { to: NoticeTo::Person(LEAD), body: "{}".to_owned(), not_before: None }],
    }
}

pub(super) async fn asked(ledger: &Ledger, id: &str) -> Request {
    match ledger.ask(new_request(id)).await.unwrap() {
        RequestMade::New(request) => request,
        other => panic!("not new: {other:?}"),
    }
}

pub(super) fn new_ballot(request: RequestId, person: UserId, verdict: BallotVerdict) -> NewBallot {
    NewBallot {
        request,
        person,
        via: Via::Reaction,
        verdict,
        words: None,
        state: BallotState::Unchecked,
        audit: entry("agent.delete ballot"),
    }
}

/// A person's ballot, cast by a reaction and found to count.
pub(super) async fn counted(ledger: &Ledger, request: RequestId, person: UserId, verdict: BallotVerdict) {
    assert_eq!(ledger.cast(new_ballot(request, person, verdict)).await.unwrap(), Cast::New);
    let ballots = ledger.ballots(request).await.unwrap();
    let ballot = ballots.iter().find(|ballot| (ballot.person, ballot.verdict) == (person, verdict)).unwrap();
    let judged = ledger.judge(ballot, BallotState::Counted, None, entry("agent.delete counted"), Vec::new());
    assert!(judged.await.unwrap());
}

pub(super) fn claim(request: RequestId, approvers: &[UserId]) -> Claim {
    Claim { request, approvers: approvers.to_vec(), settlement: r#"{"being":"done"}"#.to_owned() }
}

/// Begins the act that a request asks for.
pub(super) async fn claimed(ledger: &Ledger, claim: Claim) -> Result<Began, LedgerError> {
    let connection = mediatel();
    let intent = NewIntent {
        actor: LEAD,
        interaction: None,
        offer: None,
        connection: &connection,
        act: "{}",
        audit: entry("agent.delete recorded"),
        secret: None,
        claim: Some(claim),
        keeps: None,
    };
    ledger.begin(intent).await
}

pub(super) fn settlement(state: RequestState) -> NewSettlement {
    NewSettlement {
        state,
        settlement: r#"{"said":"no"}"#.to_owned(),
        audit: entry("agent.delete settled"),
        notices: vec![NewNotice { to: NoticeTo::Person(LEAD), body: r#"{"no":1}"#.to_owned(), not_before: None }],
    }
}

pub(super) async fn entries(ledger: &Ledger) -> i64 {
    match ledger.verify_audit().await.unwrap() {
        Verified::Whole { entries } => entries,
        broken @ Verified::Broken { .. } => panic!("{broken:?}"),
    }
}

#[tokio::test]
async fn a_request_is_written_with_its_card_its_entry_and_its_notices() {
    let room = Room::new();
    let ledger = room.open().await;
    let request = asked(&ledger, "42").await;
    assert_eq!((request.id, request.requester, request.threshold), (RequestId(1), LEAD, 2));
    assert_eq!((request.state, request.revision, request.reminders), (RequestState::Pending, 1, 0));
    assert_eq!((request.created_at, request.expires_at), (START, START + 60 * MINUTE));
    assert_eq!((request.settled_at, request.intent, request.settlement.clone()), (None, None, None));
    assert_eq!(request.agent_ref().unwrap().to_string(), "mediatel:42");
    assert_eq!(ledger.request(request.id).await.unwrap().unwrap(), request);
    assert_eq!(ledger.open_requests().await.unwrap(), std::slice::from_ref(&request));
    assert_eq!(ledger.request_record(request.id).await.unwrap().unwrap().expose_secret(), RECORD);
    assert_eq!(ledger.due_copies(9).await.unwrap().len(), 1);
    assert_eq!(ledger.due_notices(9).await.unwrap().len(), 1);
    let row = &ledger.audit_rows(0, 9).await.unwrap()[0];
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
    assert_eq!((detail["request"].as_i64(), detail["login"].as_str()), (Some(1), Some("ivan.ivanov")));
    assert!(ledger.request(RequestId(2)).await.unwrap().is_none());
}

#[tokio::test]
async fn asked_twice_it_is_one_request_whatever_led_to_it() {
    let room = Room::new();
    let ledger = room.open().await;
    for id in [1, 2] {
        ledger.offer(&offer(id, LEAD)).await.unwrap();
    }
    let pressed = |interaction, offer| NewRequest {
        interaction: Some(InteractionId::new(interaction)),
        offer: Some(OfferId(offer)),
        ..new_request("42")
    };
    let RequestMade::New(request) = ledger.ask(pressed(7, 1)).await.unwrap() else { panic!("not new") };
    let told = (entries(&ledger).await, ledger.due_notices(99).await.unwrap().len());
    let found = ledger.request_of_interaction(InteractionId::new(7)).await.unwrap().unwrap();
    assert_eq!(found, request);
    assert_eq!(ledger.get_offer(OfferId(1)).await.unwrap().unwrap().state, OfferState::Taken(Led::Request(request.id)));
    // The same interaction again, another press on the same offer, even after it expired.
    room.clock.advance(11 * MINUTE);
    for (interaction, offer) in [(7, 1), (7, 2), (8, 1)] {
        let again = ledger.ask(pressed(interaction, offer)).await.unwrap();
        assert!(matches!(&again, RequestMade::Already(before) if *before == request), "{again:?}");
        let other = ledger.ask(NewRequest { requester: TRAINEE, ..pressed(interaction, offer) }).await.unwrap();
        assert!(matches!(other, RequestMade::Refused(OfferRefusal::NotYours)), "{other:?}");
    }
    // The journal knows them, too.
    let began = ask(&ledger, LEAD, Some(7), None, None).await.unwrap();
    assert!(matches!(began, Began::Asked(id) if id == request.id), "{began:?}");
    let began = ask(&ledger, LEAD, Some(9), Some(1), None).await.unwrap();
    assert!(matches!(began, Began::Asked(id) if id == request.id), "{began:?}");
    let began = ask(&ledger, TRAINEE, Some(7), None, None).await.unwrap();
    assert!(matches!(began, Began::Refused(OfferRefusal::NotYours)), "{began:?}");
    // Another question about the same agent while this one is open.
    let open = ledger.ask(NewRequest { requester: TRAINEE, ..new_request("42") }).await.unwrap();
    assert!(matches!(&open, RequestMade::Open(before) if *before == request), "{open:?}");
    let expired = ledger.ask(NewRequest { subject: "other".to_owned(), ..pressed(10, 2) }).await.unwrap();
    assert!(matches!(expired, RequestMade::Refused(OfferRefusal::Expired(_))), "{expired:?}");
    assert_eq!((entries(&ledger).await, ledger.due_notices(99).await.unwrap().len()), told);
    assert_eq!(ledger.open_requests().await.unwrap().len(), 1);
    // Once it is settled, the same may be asked again.
    assert!(ledger.settle_request(request.id, settlement(RequestState::Denied)).await.unwrap());
    assert_eq!(asked(&ledger, "42").await.id, RequestId(2));
}

#[tokio::test]
async fn what_led_to_an_act_asks_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.offer(&offer(1, LEAD)).await.unwrap();
    let Began::New(intent) = ask(&ledger, LEAD, Some(7), Some(1), None).await.unwrap() else { panic!("not new") };
    let by_interaction = NewRequest { interaction: Some(InteractionId::new(7)), ..new_request("42") };
    let by_offer = NewRequest { offer: Some(OfferId(1)), ..new_request("42") };
    for new in [by_interaction, by_offer] {
        let made = ledger.ask(new.clone()).await.unwrap();
        assert!(matches!(made, RequestMade::Done(id) if id == intent.id), "{made:?}");
        let other = ledger.ask(NewRequest { requester: TRAINEE, ..new }).await.unwrap();
        assert!(matches!(other, RequestMade::Refused(OfferRefusal::NotYours)), "{other:?}");
    }
    let unknown = ledger.ask(NewRequest { offer: Some(OfferId(5)), ..new_request("42") }).await.unwrap();
    assert!(matches!(unknown, RequestMade::Refused(OfferRefusal::Unknown)), "{unknown:?}");
    assert!(ledger.open_requests().await.unwrap().is_empty());
    assert_eq!(entries(&ledger).await, 1);
}

#[tokio::test]
async fn an_interaction_that_led_to_a_request_is_not_left_over() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.first_sight(InteractionId::new(7), LEAD, &"a-token".into()).await.unwrap();
    assert_eq!(ledger.unanswered().await.unwrap().len(), 1);
    ledger.ask(NewRequest { interaction: Some(InteractionId::new(7)), ..new_request("42") }).await.unwrap();
    assert!(ledger.unanswered().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_request_is_settled_once() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = asked(&ledger, "42").await.id;
    ledger.cast(new_ballot(id, TRAINEE, BallotVerdict::Approve)).await.unwrap();
    for state in [RequestState::Pending, RequestState::Executing, RequestState::Done, RequestState::Failed] {
        let refused = ledger.settle_request(id, settlement(state)).await;
        assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    }
    room.clock.advance(MINUTE);
    assert!(ledger.settle_request(id, settlement(RequestState::Denied)).await.unwrap());
    let request = ledger.request(id).await.unwrap().unwrap();
    assert_eq!((request.state, request.settled_at), (RequestState::Denied, Some(START + MINUTE)));
    assert_eq!((request.revision, request.remind_at), (2, None));
    assert_eq!(request.settlement.as_deref(), Some(r#"{"said":"no"}"#));
    assert!(ledger.request_record(id).await.unwrap().is_none(), "the sealed record is erased");
    assert_eq!(ledger.ballots(id).await.unwrap()[0].state, BallotState::Late);
    assert!(ledger.open_requests().await.unwrap().is_empty());
    let told = (entries(&ledger).await, ledger.due_notices(99).await.unwrap().len());
    for state in [RequestState::Void, RequestState::Denied, RequestState::Expired, RequestState::Cancelled] {
        assert!(!ledger.settle_request(id, settlement(state)).await.unwrap());
    }
    assert!(!ledger.settle_request(RequestId(99), settlement(RequestState::Void)).await.unwrap());
    assert_eq!(ledger.request(id).await.unwrap().unwrap(), request);
    assert_eq!((entries(&ledger).await, ledger.due_notices(99).await.unwrap().len()), told);
}

#[tokio::test]
async fn the_next_event_is_the_soonest_of_what_is_pending() {
    let room = Room::new();
    let ledger = room.open().await;
    assert_eq!(ledger.next_request_event().await.unwrap(), None);
    let first = asked(&ledger, "42").await.id;
    let later = NewRequest { remind_at: START + 90 * MINUTE, expires_at: START + 30 * MINUTE, ..new_request("43") };
    ledger.ask(later).await.unwrap();
    assert_eq!(ledger.next_request_event().await.unwrap(), Some(START + 20 * MINUTE));
    ledger.settle_request(first, settlement(RequestState::Void)).await.unwrap();
    assert_eq!(ledger.next_request_event().await.unwrap(), Some(START + 30 * MINUTE));
}

#[tokio::test]
async fn an_act_may_ask_for_what_follows_it_once() {
    let room = Room::new();
    let ledger = room.open().await;
    let asks = |id| Conclusion { asks: Some(Box::new(new_request(id))), ..conclusion(IntentState::Done, None) };
    let first = begun(&ledger, None).await;
    ledger.conclude(first.id, asks("42")).await.unwrap();
    let open = ledger.open_requests().await.unwrap();
    assert_eq!((open.len(), open[0].agent.as_ref().unwrap().as_str()), (1, "42"));
    assert_eq!(ledger.due_copies(9).await.unwrap().len(), 1);
    assert!(ledger.request_record(open[0].id).await.unwrap().is_some());
    // Another one about the same is open: the act is concluded all the same.
    let second = begun(&ledger, None).await;
    ledger.conclude(second.id, asks("42")).await.unwrap();
    assert_eq!(ledger.intent(second.id).await.unwrap().unwrap().state, IntentState::Done);
    assert_eq!(ledger.open_requests().await.unwrap(), open);
    assert_eq!(entries(&ledger).await, 5);
}

#[tokio::test]
async fn requests_are_found_by_who_what_when_and_how_they_ended() {
    let room = Room::new();
    let ledger = room.open().await;
    for id in ["1", "2", "3"] {
        asked(&ledger, id).await;
        room.clock.advance(MINUTE);
    }
    let other =
        NewRequest { requester: TRAINEE, login: "Мария".to_owned(), agent: None, ..new_request("new maria") };
    ledger.ask(other).await.unwrap();
    let (boss, looker) = (UserId::new(50), UserId::new(51));
    counted(&ledger, RequestId(2), boss, BallotVerdict::Deny).await;
    counted(&ledger, RequestId(3), looker, BallotVerdict::Look).await;
    ledger.settle_request(RequestId(2), settlement(RequestState::Denied)).await.unwrap();
    let all = RequestFilter::default();
    let agent = |id: &str| rollcall_telephony::AgentRef::new(mediatel(), AgentId::new(id));
    for (filter, expected) in [
        (all.clone(), vec![4, 3, 2, 1]),
        (RequestFilter { requester: Some(LEAD), ..all.clone() }, vec![3, 2, 1]),
        (RequestFilter { person: Some(boss), ..all.clone() }, vec![2]),
        (RequestFilter { person: Some(looker), ..all.clone() }, vec![]),
        (RequestFilter { person: Some(TRAINEE), ..all.clone() }, vec![4]),
        (RequestFilter { agent: Some(agent("3")), ..all.clone() }, vec![3]),
        (RequestFilter { login: Some("IVAN.ivanov".to_owned()), ..all.clone() }, vec![3, 2, 1]),
        (RequestFilter { login: Some("МАРИЯ".to_owned()), ..all.clone() }, vec![4]),
        (RequestFilter { states: vec![RequestState::Denied], ..all.clone() }, vec![2]),
        (RequestFilter { states: vec![RequestState::Pending, RequestState::Denied], ..all.clone() }, vec![4, 3, 2, 1]),
        (RequestFilter { states: vec![RequestState::Done], ..all.clone() }, vec![]),
        (RequestFilter { since: Some(START + MINUTE), requester: Some(LEAD), ..all.clone() }, vec![3, 2]),
    ] {
        let page = ledger.requests(&filter, 10, 0).await.unwrap();
        let found: Vec<i64> = page.requests.iter().map(|request| request.id.0).collect();
        assert_eq!((found.len(), &found), (usize::try_from(page.total).unwrap(), &expected), "{filter:?}");
    }
    let page = ledger.requests(&all, 2, 1).await.unwrap();
    assert_eq!(page.requests.iter().map(|request| request.id.0).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(page.total, 4);
    assert_eq!(ledger.requests(&all, 2, 9).await.unwrap().total, 4);
}

#[tokio::test]
async fn a_record_opens_only_for_its_own_request() {
    let room = Room::new();
    let ledger = room.open().await;
    for (id, record) in [("1", "first"), ("2", "second")] {
        let new = NewRequest { record: Some(SecretString::from(record)), ..new_request(id) };
        ledger.ask(new).await.unwrap();
    }
    room.attack(&["UPDATE requests SET record = (SELECT record FROM requests WHERE id = 1) WHERE id = 2"]).await;
    assert_eq!(ledger.request_record(RequestId(1)).await.unwrap().unwrap().expose_secret(), "first");
    assert!(matches!(ledger.request_record(RequestId(2)).await, Err(LedgerError::Unreadable(_))));
    room.attack(&["UPDATE requests SET act = '{\"delete\":\"77\"}' WHERE id = 1"]).await;
    assert!(matches!(ledger.request_record(RequestId(1)).await, Err(LedgerError::Unreadable(_))));
}

#[tokio::test]
async fn a_request_that_cannot_be_written_whole_is_not_written() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.offer(&offer(1, LEAD)).await.unwrap();
    // The end of the audit log is forged: its entry, the last of all that is written, is refused.
    room.attack(&["UPDATE meta SET value = zeroblob(72) WHERE name = 'audit_head'"]).await;
    let audit = AuditEntry { target: "mediatel:42".to_owned(), ..entry("agent.delete asked") };
    let refused = ledger.ask(NewRequest { offer: Some(OfferId(1)), audit, ..new_request("42") }).await;
    assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    assert!(ledger.open_requests().await.unwrap().is_empty());
    assert!(ledger.due_copies(9).await.unwrap().is_empty());
    assert!(ledger.due_notices(9).await.unwrap().is_empty());
    assert_eq!(ledger.get_offer(OfferId(1)).await.unwrap().unwrap().state, OfferState::Open);
}
