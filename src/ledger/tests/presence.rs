//! What was last asked of agents' presence, and how far acts of several parts are.

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId};
use serenity::model::id::UserId;
use sqlx::Row as _;

use super::{LEAD, MINUTE, Room, START, TRAINEE, begun, conclusion};
use crate::ledger::{Conclusion, IntentState, Ledger, LedgerError, RequestMove, RequestState, Requested};

fn asked(connection: &str, id: &str, minutes: u32, actor: UserId) -> Requested {
    Requested {
        agent: AgentRef::new(ConnectionName::new(connection).unwrap(), AgentId::new(id)),
        at: START + minutes * MINUTE,
        actor,
        body: format!(r#"{{"presence":"pause","minute":{minutes}}}"#),
    }
}

fn with(state: IntentState, requested: &[Requested]) -> Conclusion {
    Conclusion { requested: requested.to_vec(), ..conclusion(state, None) }
}

async fn concluded(ledger: &Ledger, requested: &[Requested]) {
    let intent = begun(ledger, None).await;
    ledger.conclude(intent.id, with(IntentState::Done, requested)).await.unwrap();
}

#[tokio::test]
async fn what_was_last_asked_is_kept_for_each_agent() {
    let room = Room::new();
    let ledger = room.open().await;
    assert_eq!(ledger.requested().await.unwrap(), []);
    let [maria, dana] = [asked("erix-br", "maria", 1, LEAD), asked("voicenter", "123456789", 2, LEAD)];
    let [joao, other] = [asked("erix-br", "joão", 3, TRAINEE), asked("voicenter", "maria", 4, TRAINEE)];
    concluded(&ledger, &[dana.clone(), maria.clone()]).await;
    concluded(&ledger, std::slice::from_ref(&other)).await;
    concluded(&ledger, std::slice::from_ref(&joao)).await;
    // An act that failed or is in doubt was asked as well, when the desk says so.
    let doubtful = asked("erix-br", "maria", 5, TRAINEE);
    let intent = begun(&ledger, None).await;
    let doubt = with(IntentState::Doubt, std::slice::from_ref(&doubtful));
    ledger.conclude(intent.id, doubt).await.unwrap();
    let all = [joao, doubtful, dana, other];
    assert_eq!(ledger.requested().await.unwrap(), all);
    ledger.close().await;
    assert_eq!(room.open().await.requested().await.unwrap(), all, "a restart forgets nothing");
}

#[tokio::test]
async fn what_was_asked_later_stays() {
    let room = Room::new();
    let ledger = room.open().await;
    let late = asked("erix-br", "maria", 9, LEAD);
    concluded(&ledger, std::slice::from_ref(&late)).await;
    // An act that was asked before is concluded after: its outcome was looked for.
    concluded(&ledger, &[asked("erix-br", "maria", 8, TRAINEE)]).await;
    assert_eq!(ledger.requested().await.unwrap(), [late]);
    let same_time = asked("erix-br", "maria", 9, TRAINEE);
    concluded(&ledger, std::slice::from_ref(&same_time)).await;
    assert_eq!(ledger.requested().await.unwrap(), [same_time]);
    let [first, then] = [asked("erix-br", "maria", 10, LEAD), asked("erix-br", "maria", 11, LEAD)];
    concluded(&ledger, &[first, then.clone()]).await;
    assert_eq!(ledger.requested().await.unwrap(), [then]);
}

#[tokio::test]
async fn a_conclusion_that_is_not_written_asked_nothing() {
    let room = Room::new();
    let ledger = room.open().await;
    let intent = begun(&ledger, None).await;
    let asked = [asked("erix-br", "maria", 1, LEAD)];
    // The intent came from no request: found out after everything else was written.
    let step = RequestMove { state: RequestState::Done, settlement: "{}".to_owned() };
    let refused = ledger.conclude(intent.id, Conclusion { request: Some(step), ..with(IntentState::Done, &asked) });
    assert!(matches!(refused.await, Err(LedgerError::Unwritable(_))));
    assert_eq!(ledger.requested().await.unwrap(), []);
    ledger.conclude(intent.id, with(IntentState::Failed, &[])).await.unwrap();
    let again = ledger.conclude(intent.id, with(IntentState::Done, &asked)).await;
    assert!(matches!(again, Err(LedgerError::Stale)), "{again:?}");
    assert_eq!(ledger.requested().await.unwrap(), []);
}

#[tokio::test]
async fn a_row_that_was_changed_from_outside_is_not_believed() {
    let room = Room::new();
    let ledger = room.open().await;
    concluded(&ledger, &[asked("erix-br", "maria", 1, LEAD)]).await;
    room.attack(&["UPDATE presence SET actor = 0"]).await;
    assert!(matches!(ledger.requested().await, Err(LedgerError::Unreadable(_))));
    room.attack(&["UPDATE presence SET actor = 11, connection = 'No Name'"]).await;
    assert!(matches!(ledger.requested().await, Err(LedgerError::Unreadable(_))));
}

#[tokio::test]
async fn how_far_an_act_is_survives_and_goes_on() {
    let room = Room::new();
    let ledger = room.open().await;
    let intent = begun(&ledger, None).await;
    assert_eq!(intent.progress, None);
    ledger.sending_with(intent.id, r#"["sent",null]"#).await.unwrap();
    let sent = ledger.intent(intent.id).await.unwrap().unwrap();
    assert_eq!((sent.state, sent.attempts, sent.sent_at), (IntentState::Sent, 1, Some(START)));
    assert_eq!(sent.progress.as_deref(), Some(r#"["sent",null]"#));
    ledger.progress(intent.id, r#"["done",null]"#).await.unwrap();
    let part = ledger.intent(intent.id).await.unwrap().unwrap();
    assert_eq!(part, crate::ledger::Intent { progress: Some(r#"["done",null]"#.to_owned()), ..sent });
    ledger.sending(intent.id).await.unwrap();
    ledger.close().await;

    let ledger = room.open().await;
    let open = ledger.open_intents().await.unwrap();
    assert_eq!((open[0].attempts, open[0].progress.as_deref()), (2, Some(r#"["done",null]"#)));
    ledger.sending_with(intent.id, r#"["done","sent"]"#).await.unwrap();
    ledger.conclude(intent.id, conclusion(IntentState::Done, None)).await.unwrap();
    let (ended, _) = ledger.outcome(intent.id).await.unwrap().unwrap();
    assert_eq!((ended.attempts, ended.progress.as_deref()), (3, Some(r#"["done","sent"]"#)));
}

#[tokio::test]
async fn what_is_over_or_unknown_makes_no_progress() {
    let room = Room::new();
    let ledger = room.open().await;
    let intent = begun(&ledger, None).await;
    ledger.progress(intent.id, "[1]").await.unwrap();
    ledger.conclude(intent.id, conclusion(IntentState::Failed, None)).await.unwrap();
    for id in [intent.id, IntentId(99)] {
        assert!(matches!(ledger.progress(id, "[2]").await, Err(LedgerError::Stale)));
        assert!(matches!(ledger.sending_with(id, "[2]").await, Err(LedgerError::Stale)));
    }
    let row = sqlx::query("SELECT state, attempts, progress FROM intents").fetch_one(&mut room.attacker().await).await;
    let row = row.unwrap();
    assert_eq!(
        (row.get::<String, _>(0), row.get::<i64, _>(1), row.get::<String, _>(2)),
        ("failed".into(), 0, "[1]".into())
    );
}
