//! Secrets at rest: never readable in the files, gone once erased, bound to their owner and to the key.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rollcall_telephony::{AgentId, AgentRef};
use secrecy::{ExposeSecret as _, SecretString};
use serenity::model::id::{ApplicationId, InteractionId};
use sqlx::Row as _;

use super::asking::{new_request, settlement};
use super::{LEAD, Room, begun, entry, handed, mediatel};
use crate::ledger::{
    Bump, GatewaySession, HandoverState, Key, KeyError, LedgerError, NewIntent, NewKept, NewRequest, RequestId,
    RequestState, Sealed,
};

const CANARY: &str = "Kanarek-7uQ2-Vogel";

/// How the canary might look in a file: as it is, in hex, base64 (at each offset) and decimal bytes.
fn guises() -> Vec<Vec<u8>> {
    let hex = CANARY.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let decimal = CANARY.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>();
    let mut guises = vec![
        CANARY.to_owned(),
        hex.to_uppercase(),
        hex,
        decimal.join(", "),
        decimal.join(","),
        STANDARD.encode(CANARY),
    ];
    for offset in 1..3 {
        // The characters that the canary alone decides, after so many other bytes.
        let shifted = STANDARD_NO_PAD.encode(format!("{}{CANARY}", "x".repeat(offset)));
        guises.push(shifted[4..shifted.len() - 2].to_owned());
    }
    guises.into_iter().map(String::into_bytes).collect()
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    memchr::memmem::find(bytes, what).is_some()
}

/// Every file of the store: the database, its write-ahead log and that one's index.
fn files(room: &Room) -> Vec<Vec<u8>> {
    let files: Vec<_> = std::fs::read_dir(room.folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    files.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn nowhere(room: &Room, when: &str) {
    for file in files(room) {
        assert!(!guises().iter().any(|guise| holds(&file, guise)), "{when}");
    }
}

#[tokio::test]
async fn the_files_never_hold_a_secret_in_any_guise() {
    let room = Room::new();
    let ledger = room.open().await;
    let canary = SecretString::from(CANARY);
    ledger.first_sight(InteractionId::new(5), LEAD, &canary).await.unwrap();
    let session = GatewaySession {
        id: canary.clone(),
        application: ApplicationId::new(7),
        seq: 3,
        resume_url: "wss://gateway.example".to_owned(),
    };
    ledger.save_session(Some(&session)).await.unwrap();
    nowhere(&room, "token and session");
    begun(&ledger, Some(&canary)).await;
    nowhere(&room, "recorded");
    let request = NewRequest { record: Some(canary.clone()), ..new_request("42") };
    ledger.ask(request).await.unwrap();
    nowhere(&room, "asked");
    let connection = mediatel();
    let keeps = NewKept {
        agent: AgentRef::new(mediatel(), AgentId::new("42")),
        login: "ivan.ivanov".to_owned(),
        name: "Ivan Ivanov".to_owned(),
        record: canary.clone(),
    };
    let delete = NewIntent {
        actor: LEAD,
        interaction: None,
        offer: None,
        connection: &connection,
        act: "{}",
        audit: entry("agent.delete recorded"),
        secret: None,
        claim: None,
        keeps: Some(keeps),
    };
    ledger.begin(delete).await.unwrap();
    nowhere(&room, "kept");
    let mut handover = handed(&ledger, &canary).await;
    nowhere(&room, "handed over");
    handover.state = HandoverState::Confirmed;
    ledger.save_handover(handover, Bump::Yes, Sealed::Erase, None, Vec::new()).await.unwrap();
    ledger.answered(InteractionId::new(5)).await.unwrap();
    ledger.settle_request(RequestId(1), settlement(RequestState::Denied)).await.unwrap();
    ledger.save_session(None).await.unwrap();
    nowhere(&room, "erased");
    ledger.close().await;
    nowhere(&room, "closed");
    assert!(holds(b"before Kanarek-7uQ2-Vogel after", &guises()[0]), "the search finds what is there");
}

#[tokio::test]
async fn an_erased_secret_leaves_not_even_its_ciphertext_in_the_database() {
    let room = Room::new();
    let ledger = room.open().await;
    let handover = handed(&ledger, &SecretString::from(CANARY)).await;
    let row = sqlx::query("SELECT secret FROM handovers").fetch_one(&mut room.attacker().await).await.unwrap();
    let sealed: Vec<u8> = row.get(0);
    ledger.close().await;
    assert!(files(&room).iter().any(|file| holds(file, &sealed)));

    let ledger = room.open().await;
    let saved = ledger.save_handover(handover, Bump::Yes, Sealed::Erase, None, Vec::new()).await.unwrap();
    assert!(ledger.handover_secret(saved.id).await.unwrap().is_none());
    ledger.close().await;
    assert!(!files(&room).iter().any(|file| holds(file, &sealed[25..])));
}

#[tokio::test]
async fn a_ciphertext_that_was_moved_or_changed_does_not_open() {
    let room = Room::new();
    let ledger = room.open().await;
    let first = begun(&ledger, Some(&SecretString::from("first"))).await;
    let second = begun(&ledger, Some(&SecretString::from("second"))).await;
    let handover = handed(&ledger, &SecretString::from("third")).await;
    room.attack(&[
        "UPDATE intents SET secret = (SELECT secret FROM intents WHERE id = 1) WHERE id = 2",
        "UPDATE handovers SET secret = (SELECT secret FROM intents WHERE id = 1)",
    ])
    .await;
    assert_eq!(ledger.intent_secret(first.id).await.unwrap().unwrap().expose_secret(), "first");
    assert!(matches!(ledger.intent_secret(second.id).await, Err(LedgerError::Unreadable(_))));
    assert!(matches!(ledger.handover_secret(handover.id).await, Err(LedgerError::Unreadable(_))));

    for broken in [
        "UPDATE intents SET secret = x'' WHERE id = 1",
        "UPDATE intents SET secret = x'01' WHERE id = 1",
        "UPDATE intents SET secret = zeroblob(60) WHERE id = 1",
    ] {
        room.attack(&[broken]).await;
        assert!(matches!(ledger.intent_secret(first.id).await, Err(LedgerError::Unreadable(_))), "{broken}");
    }
}

#[tokio::test]
async fn the_same_secret_never_looks_the_same_twice() {
    let room = Room::new();
    let ledger = room.open().await;
    for _ in 0..2 {
        begun(&ledger, Some(&SecretString::from(CANARY))).await;
    }
    let row = sqlx::query("SELECT count(DISTINCT secret) FROM intents").fetch_one(&mut room.attacker().await).await;
    assert_eq!(row.unwrap().get::<i64, _>(0), 2);
}

#[test]
fn a_key_is_32_bytes_of_base64_and_never_shown() {
    let text = Key::generate();
    assert_ne!(text.expose_secret(), Key::generate().expose_secret());
    let key = Key::parse(&text).unwrap();
    assert_eq!(format!("{key:?}"), "Key([redacted])");
    assert!(Key::parse(&SecretString::from(format!(" {}\n", text.expose_secret()))).is_ok());
    assert_eq!(Key::parse(&"not base64!".into()).unwrap_err(), KeyError::NotBase64);
    assert_eq!(Key::parse(&"".into()).unwrap_err(), KeyError::Length(0));
    assert_eq!(Key::parse(&STANDARD.encode([7; 31]).into()).unwrap_err(), KeyError::Length(31));
}
