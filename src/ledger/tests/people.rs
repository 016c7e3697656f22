//! Interactions, offers, hand-overs, notices, and what is remembered for people.

use std::time::Duration;

use rollcall_telephony::{AgentId, AgentRef};
use secrecy::{ExposeSecret as _, SecretString};
use serenity::model::id::{ApplicationId, ChannelId, InteractionId, MessageId, UserId};

use super::{LEAD, MINUTE, Room, START, TRAINEE, ask, entry, handed, mediatel, offer};
use crate::ledger::{
    Bump, DAY, GatewaySession, HandoverId, HandoverState, LedgerError, NewNotice, NoticeTo, OfferId, OfferState,
    Posted, Receipt, Recent, Sealed, Sight, Snapshot, SnapshotOf,
};

#[tokio::test]
async fn an_interaction_is_new_once_and_keeps_its_token_until_it_is_answered() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = InteractionId::new(u64::MAX - 1);
    let token = SecretString::from("a-token");
    assert_eq!(ledger.first_sight(id, LEAD, &token).await.unwrap(), Sight::First);
    room.clock.advance(MINUTE);
    assert_eq!(ledger.first_sight(id, LEAD, &"another".into()).await.unwrap(), Sight::Again);
    let waiting = ledger.unanswered().await.unwrap();
    assert_eq!((waiting.len(), waiting[0].id, waiting[0].actor, waiting[0].seen_at), (1, id, LEAD, START));
    assert_eq!(waiting[0].token.expose_secret(), "a-token");
    let (kept, seen_at) = ledger.interaction_token(id).await.unwrap().unwrap();
    assert_eq!((kept.expose_secret(), seen_at), ("a-token", START));
    ledger.answered(id).await.unwrap();
    assert!(ledger.unanswered().await.unwrap().is_empty());
    assert!(ledger.interaction_token(id).await.unwrap().is_none());
    assert_eq!(ledger.first_sight(id, LEAD, &token).await.unwrap(), Sight::Again);
}

#[tokio::test]
async fn what_was_recorded_or_waits_to_be_told_is_not_left_over() {
    let room = Room::new();
    let ledger = room.open().await;
    let (recorded, told) = (InteractionId::new(7), InteractionId::new(8));
    for id in [recorded, told] {
        ledger.first_sight(id, LEAD, &"a-token".into()).await.unwrap();
    }
    assert_eq!(ledger.unanswered().await.unwrap().len(), 2);
    ask(&ledger, LEAD, Some(7), None, None).await.unwrap();
    let reply = NewNotice { to: NoticeTo::Reply(told, LEAD), body: "{}".to_owned(), not_before: None };
    ledger.add_notices(&[reply]).await.unwrap();
    assert!(ledger.unanswered().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_offer_is_read_back_and_its_number_is_used_once() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = OfferId::random();
    assert!(id.0 > 0 && id != OfferId::random());
    ledger.offer(&offer(id.0, LEAD)).await.unwrap();
    let read = ledger.get_offer(id).await.unwrap().unwrap();
    assert_eq!((read.actor, read.state, read.expires_at), (LEAD, OfferState::Open, START + 10 * MINUTE));
    assert!(matches!(ledger.offer(&offer(id.0, TRAINEE)).await, Err(LedgerError::Unwritable(_))));
    assert!(ledger.get_offer(OfferId(0)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_hand_over_is_saved_once_per_revision_with_all_it_holds() {
    let room = Room::new();
    let ledger = room.open().await;
    let read = handed(&ledger, &"a-Password".into()).await;
    assert_eq!((read.revision, read.message_revision, read.receipt_revision), (1, 0, 0));
    let mut changed = read.clone();
    changed.state = HandoverState::Delivered;
    changed.opened_at = Some(START);
    changed.opens = 2;
    changed.shown_until = Some(START + MINUTE);
    changed.message = Some(Posted { channel: ChannelId::new(8), message: MessageId::new(9) });
    changed.receipt = Receipt::Sent(Posted { channel: ChannelId::new(6), message: MessageId::new(7) });
    changed.retry_at = Some(START + MINUTE);
    changed.message_revision = 2;
    let notice = NewNotice { to: NoticeTo::Channel(ChannelId::new(3)), body: "{}".to_owned(), not_before: None };
    let audit = Some(entry("handover opened"));
    let saved =
        ledger.save_handover(changed.clone(), Bump::Yes, Sealed::Keep, audit.clone(), vec![notice.clone()]).await;
    let saved = saved.unwrap();
    assert_eq!(saved.revision, 2);
    assert_eq!(ledger.handover(read.id).await.unwrap().unwrap(), saved);
    assert_eq!(ledger.audit_rows(2, 5).await.unwrap()[0].intent, Some(read.intent));

    let stale = ledger.save_handover(read.clone(), Bump::Yes, Sealed::Erase, audit, vec![notice]).await;
    assert!(matches!(stale, Err(LedgerError::Stale)));
    assert!(ledger.handover_secret(read.id).await.unwrap().is_some());
    assert_eq!((ledger.due_notices(9).await.unwrap().len(), ledger.audit_rows(0, 9).await.unwrap().len()), (1, 3));
    let mut unknown = saved;
    unknown.id = HandoverId::random();
    let unknown = ledger.save_handover(unknown, Bump::No, Sealed::Keep, None, Vec::new()).await;
    assert!(matches!(unknown, Err(LedgerError::Stale)));
}

#[tokio::test]
async fn hand_overs_are_open_until_read_and_told_and_listed_for_a_week() {
    let room = Room::new();
    let ledger = room.open().await;
    let mut handover = handed(&ledger, &"a-Password".into()).await;
    handover.state = HandoverState::Confirmed;
    handover.settled_at = Some(START);
    handover.message_revision = 2;
    let mut handover = ledger.save_handover(handover, Bump::Yes, Sealed::Erase, None, Vec::new()).await.unwrap();
    // The receipt lags behind.
    assert_eq!(ledger.open_handovers().await.unwrap(), std::slice::from_ref(&handover));
    handover.receipt_revision = handover.revision;
    let handover = ledger.save_handover(handover, Bump::No, Sealed::Keep, None, Vec::new()).await.unwrap();
    assert!(ledger.open_handovers().await.unwrap().is_empty());
    for person in [LEAD, TRAINEE] {
        assert_eq!(ledger.handovers_of(person).await.unwrap(), std::slice::from_ref(&handover));
    }
    assert!(ledger.handovers_of(UserId::new(99)).await.unwrap().is_empty());
    room.clock.advance(7 * DAY + Duration::from_millis(1));
    assert!(ledger.handovers_of(LEAD).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_newer_answer_takes_the_place_of_one_that_still_waits() {
    let room = Room::new();
    let ledger = room.open().await;
    let told = |id, body: &str| NewNotice {
        to: NoticeTo::Reply(InteractionId::new(id), LEAD),
        body: body.to_owned(),
        not_before: None,
    };
    ledger.add_notices(&[told(4, "looking"), told(5, "another")]).await.unwrap();
    ledger.add_notices(&[told(4, "done")]).await.unwrap();
    let due = ledger.due_notices(10).await.unwrap();
    assert_eq!(due.iter().map(|notice| notice.body.as_str()).collect::<Vec<_>>(), ["another", "done"]);
}

#[tokio::test]
async fn notices_are_due_until_they_are_sent_or_given_up() {
    let room = Room::new();
    let ledger = room.open().await;
    let all =
        [NoticeTo::Reply(InteractionId::new(4), LEAD), NoticeTo::Channel(ChannelId::new(5)), NoticeTo::Person(TRAINEE)];
    ledger.add_notices(&all.map(|to| NewNotice { to, body: "{}".to_owned(), not_before: None })).await.unwrap();
    let due = ledger.due_notices(10).await.unwrap();
    assert_eq!(due.iter().map(|notice| notice.to).collect::<Vec<_>>(), all);
    assert_eq!(ledger.due_notices(2).await.unwrap().len(), 2);
    ledger.notice_sent(due[0].id).await.unwrap();
    ledger.notice_failed(due[1].id, Some(START + MINUTE)).await.unwrap();
    ledger.notice_failed(due[2].id, None).await.unwrap();
    assert!(ledger.due_notices(10).await.unwrap().is_empty());
    room.clock.advance(MINUTE);
    let later = ledger.due_notices(10).await.unwrap();
    assert_eq!((later.len(), later[0].id, later[0].attempts), (1, due[1].id, 1));
    // Numbers are not used again, even once the rows are gone: nonces are made from them.
    ledger.notice_sent(due[1].id).await.unwrap();
    ledger.tidy().await.unwrap();
    ledger.add_notices(&[NewNotice { to: all[1], body: "{}".to_owned(), not_before: None }]).await.unwrap();
    assert!(ledger.due_notices(10).await.unwrap()[0].id > due[2].id);
}

#[tokio::test]
async fn a_last_reply_is_crossed_out_together_with_its_interaction() {
    let room = Room::new();
    let ledger = room.open().await;
    let id = InteractionId::new(4);
    ledger.first_sight(id, LEAD, &SecretString::from("a-token")).await.unwrap();
    let reply = NewNotice { to: NoticeTo::Reply(id, LEAD), body: "{}".to_owned(), not_before: None };
    ledger.add_notices(&[reply]).await.unwrap();
    let due = ledger.due_notices(10).await.unwrap();
    assert!(ledger.interaction_token(id).await.unwrap().is_some());
    ledger.last_reply_sent(due[0].id, id).await.unwrap();
    assert!(ledger.due_notices(10).await.unwrap().is_empty());
    assert!(ledger.interaction_token(id).await.unwrap().is_none());
    assert!(ledger.unanswered().await.unwrap().is_empty());
}

#[tokio::test]
async fn each_persons_last_25_agents_are_remembered() {
    let room = Room::new();
    let ledger = room.open().await;
    let used = |actor, id: i64| Recent {
        actor,
        agent: AgentRef::new(mediatel(), AgentId::new(id.to_string())),
        at: START + Duration::from_secs(id.unsigned_abs()),
    };
    ledger.used(&used(TRAINEE, 0)).await.unwrap();
    for id in 1..=30 {
        ledger.used(&used(LEAD, id)).await.unwrap();
    }
    let again = Recent { at: START + MINUTE, ..used(LEAD, 10) };
    ledger.used(&again).await.unwrap();
    let recents = ledger.recents().await.unwrap();
    assert_eq!((recents.len(), &recents[0], &recents[1]), (26, &again, &used(LEAD, 30)));
    assert_eq!(recents[25], used(TRAINEE, 0));
    assert!(!recents.contains(&used(LEAD, 5)) && recents.contains(&used(LEAD, 6)));
}

#[tokio::test]
async fn snapshots_sessions_and_identifies_survive_a_restart() {
    let room = Room::new();
    let ledger = room.open().await;
    let snapshot = |of, body: &str| Snapshot { connection: mediatel(), of, taken_at: START, body: body.to_owned() };
    let (agents, extensions) = (snapshot(SnapshotOf::Agents, "[2]"), snapshot(SnapshotOf::Extensions, "[3]"));
    for snapshot in [&snapshot(SnapshotOf::Agents, "[1]"), &extensions, &agents] {
        ledger.save_snapshot(snapshot).await.unwrap();
    }
    assert!(ledger.session().await.unwrap().is_none());
    for seq in [7, 8] {
        let session = GatewaySession {
            id: "an-id".into(),
            application: ApplicationId::new(7),
            seq,
            resume_url: "wss://gateway.example".to_owned(),
        };
        ledger.save_session(Some(&session)).await.unwrap();
    }
    ledger.identify().await.unwrap();
    room.clock.advance(MINUTE);
    ledger.identify().await.unwrap();
    ledger.close().await;

    let ledger = room.open().await;
    assert_eq!(ledger.snapshots().await.unwrap(), [agents, extensions], "the last one of each list");
    let session = ledger.session().await.unwrap().unwrap();
    assert_eq!(
        (session.id.expose_secret(), session.seq, session.resume_url.as_str()),
        ("an-id", 8, "wss://gateway.example")
    );
    assert_eq!(ledger.identifies_since(START).await.unwrap(), 2);
    assert_eq!(ledger.identifies_since(START + MINUTE).await.unwrap(), 1);
    ledger.save_session(None).await.unwrap();
    assert!(ledger.session().await.unwrap().is_none());
}

#[tokio::test]
async fn tidying_removes_what_is_past_its_time_and_nothing_else() {
    let room = Room::new();
    let ledger = room.open().await;
    ledger.offer(&offer(1, LEAD)).await.unwrap();
    ledger.first_sight(InteractionId::new(5), LEAD, &"a-token".into()).await.unwrap();
    ledger.identify().await.unwrap();
    let handover = handed(&ledger, &"a-Password".into()).await;
    room.clock.advance(DAY);
    ledger.tidy().await.unwrap();
    assert!(ledger.get_offer(OfferId(1)).await.unwrap().is_some());
    assert_eq!(ledger.unanswered().await.unwrap().len(), 1);
    room.clock.advance(11 * MINUTE);
    ledger.tidy().await.unwrap();
    assert!(ledger.get_offer(OfferId(1)).await.unwrap().is_none());
    assert!(ledger.unanswered().await.unwrap().is_empty());
    assert_eq!(ledger.identifies_since(START).await.unwrap(), 1);
    room.clock.advance(DAY);
    ledger.tidy().await.unwrap();
    assert_eq!(ledger.identifies_since(START).await.unwrap(), 0);
    assert!(ledger.handover_secret(handover.id).await.unwrap().is_some());
    assert!(ledger.intent(handover.intent).await.unwrap().is_some());
}
