//! The journal: states, secrets that move, and what a crash leaves.

use std::future::poll_fn;
use std::task::Poll;

use secrecy::{ExposeSecret as _, SecretString};

use super::{Room, begun, conclusion, entry, handed, new_handover};
use crate::ledger::{Conclusion, HandoverState, IntentState, LedgerError, NewNotice, NoticeTo, Receipt, Verified};

#[tokio::test]
async fn an_act_is_recorded_sent_and_done_and_its_password_moves_to_the_hand_over() {
    let room = Room::new();
    let ledger = room.open().await;
    let secret = SecretString::from("first-Password-1");
    let intent = begun(&ledger, Some(&secret)).await;
    assert_eq!(ledger.open_intents().await.unwrap(), std::slice::from_ref(&intent));
    assert_eq!(ledger.intent_secret(intent.id).await.unwrap().unwrap().expose_secret(), "first-Password-1");

    ledger.sending(intent.id).await.unwrap();
    ledger.sending(intent.id).await.unwrap();
    ledger.looked(intent.id).await.unwrap();
    let sent = ledger.intent(intent.id).await.unwrap().unwrap();
    assert_eq!((sent.state, sent.attempts), (IntentState::Sent, 2));
    assert!(sent.sent_at.is_some() && sent.looked_at.is_some());

    let person = NoticeTo::Person(super::TRAINEE);
    let done = Conclusion {
        notices: vec![NewNotice { to: person, body: "{}".to_owned(), not_before: None }],
        ..conclusion(IntentState::Done, Some(new_handover()))
    };
    let id = ledger.conclude(intent.id, done).await.unwrap().unwrap();
    assert!(ledger.intent_secret(intent.id).await.unwrap().is_none());
    assert_eq!(ledger.handover_secret(id).await.unwrap().unwrap().expose_secret(), "first-Password-1");
    let handover = ledger.handover(id).await.unwrap().unwrap();
    assert_eq!((handover.state, handover.receipt, handover.intent), (HandoverState::Due, Receipt::Due, intent.id));
    assert_eq!(ledger.due_notices(10).await.unwrap()[0].to, person);
    assert!(ledger.open_intents().await.unwrap().is_empty());
    assert_eq!(ledger.audit_rows(0, 10).await.unwrap()[1].intent, Some(intent.id));
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: 2 });
}

#[tokio::test]
async fn a_doubt_keeps_the_password_and_may_be_concluded_later_but_an_end_is_an_end() {
    let room = Room::new();
    let ledger = room.open().await;
    let secret = SecretString::from("a-Password-1");
    let intent = begun(&ledger, Some(&secret)).await;
    ledger.conclude(intent.id, conclusion(IntentState::Doubt, None)).await.unwrap();
    assert!(ledger.intent_secret(intent.id).await.unwrap().is_some());
    assert_eq!(ledger.open_intents().await.unwrap()[0].state, IntentState::Doubt);
    ledger.conclude(intent.id, conclusion(IntentState::Failed, None)).await.unwrap();
    assert!(ledger.intent_secret(intent.id).await.unwrap().is_none());

    let entries = ledger.audit_rows(0, 100).await.unwrap().len();
    for state in [IntentState::Done, IntentState::Failed, IntentState::Doubt] {
        let again = ledger.conclude(intent.id, conclusion(state, None)).await;
        assert!(matches!(again, Err(LedgerError::Stale)), "{again:?}");
    }
    assert!(matches!(ledger.sending(intent.id).await, Err(LedgerError::Stale)));
    assert!(matches!(ledger.looked(intent.id).await, Err(LedgerError::Stale)));
    assert_eq!(ledger.audit_rows(0, 100).await.unwrap().len(), entries);
}

#[tokio::test]
async fn a_conclusion_that_contradicts_itself_writes_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    let intent = begun(&ledger, None).await;
    for wrong in [
        conclusion(IntentState::Recorded, None),
        conclusion(IntentState::Sent, None),
        conclusion(IntentState::Failed, Some(new_handover())),
        conclusion(IntentState::Doubt, Some(new_handover())),
        // There is no password to hand over.
        conclusion(IntentState::Done, Some(new_handover())),
    ] {
        let refused = ledger.conclude(intent.id, wrong).await;
        assert!(matches!(refused, Err(LedgerError::Unwritable(_))), "{refused:?}");
    }
    assert_eq!(ledger.intent(intent.id).await.unwrap().unwrap(), intent);
    assert!(ledger.open_handovers().await.unwrap().is_empty());
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries: 1 });
}

#[tokio::test]
async fn a_crash_keeps_what_was_committed_and_nothing_of_what_was_not() {
    let room = Room::new();
    let ledger = room.open().await;
    let secret = SecretString::from("a-Password-1");
    let handover = handed(&ledger, &secret).await;
    let intent = begun(&ledger, Some(&secret)).await;
    // In the middle of a write, the files as a killed process leaves them.
    let mut work = ledger.store.write().await.unwrap();
    work.execute("UPDATE intents SET state = 'failed', secret = NULL", []).await.unwrap();
    let after = Room { folder: tempfile::tempdir().unwrap(), clock: room.clock.clone(), key: room.key.clone() };
    for name in ["rollcall.db", "rollcall.db-wal"] {
        std::fs::copy(room.folder.path().join(name), after.folder.path().join(name)).unwrap();
    }
    drop(work);

    let restarted = after.open().await;
    assert_eq!(restarted.open_intents().await.unwrap(), std::slice::from_ref(&intent));
    assert_eq!(restarted.intent_secret(intent.id).await.unwrap().unwrap().expose_secret(), "a-Password-1");
    assert_eq!(restarted.open_handovers().await.unwrap(), std::slice::from_ref(&handover));
    assert_eq!(restarted.handover_secret(handover.id).await.unwrap().unwrap().expose_secret(), "a-Password-1");
    assert_eq!(restarted.verify_audit().await.unwrap(), Verified::Whole { entries: 3 });
    // And the process that only gave up its write goes on.
    ledger.audit(entry("goes on")).await.unwrap();
    assert_eq!(ledger.open_intents().await.unwrap(), [intent]);
}

#[tokio::test]
async fn a_cancelled_task_leaves_no_transaction_open() {
    let room = Room::new();
    let ledger = room.open().await;
    for wakes in 0..40 {
        // Dropped when it was woken so many times, wherever it is by then.
        let mut left = wakes;
        let mut write = Box::pin(ledger.audit(entry("cancelled")));
        poll_fn(|context| {
            let written = write.as_mut().poll(context).is_ready();
            left -= 1;
            if written || left < 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    ledger.audit(entry("last")).await.unwrap();
    let rows = ledger.audit_rows(0, 100).await.unwrap();
    assert_eq!(rows.last().unwrap().what, "last");
    let entries = i64::try_from(rows.len()).unwrap();
    assert_eq!(ledger.verify_audit().await.unwrap(), Verified::Whole { entries });
}
