//! Tests of the store: what they share. Each file beside this one tests one promise.

mod asking;
mod ballots;
mod claims;
mod copies;
mod faults;
mod journal;
mod kept;
mod migration;
mod people;
mod presence;
mod presses;
mod secrets;
mod tampering;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rollcall_telephony::{AgentId, AgentRef, Clock, ConnectionName, Millis};
use secrecy::SecretString;
use serenity::model::id::{InteractionId, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use super::{
    AuditEntry, Began, Conclusion, Delivery, Handover, Intent, IntentState, Key, Ledger, NewHandover, NewIntent, Offer,
    OfferId, OfferState,
};

const START: Millis = Millis(1_790_000_000_000);
const MINUTE: Duration = Duration::from_mins(1);
const LEAD: UserId = UserId::new(11);
const TRAINEE: UserId = UserId::new(12);

/// A clock that stands until it is moved.
struct Hands(AtomicI64);

impl Hands {
    fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A folder with a store in it.
struct Room {
    folder: TempDir,
    clock: Arc<Hands>,
    key: Key,
}

impl Room {
    fn new() -> Self {
        let clock = Arc::new(Hands(AtomicI64::new(START.0)));
        Self { folder: tempfile::tempdir().unwrap(), clock, key: Key::parse(&Key::generate()).unwrap() }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("rollcall.db")
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }

    async fn open(&self) -> Ledger {
        Ledger::open(&self.url(), &self.key, self.clock.clone()).await.unwrap()
    }

    /// The file as somebody with the `sqlite3` program has it.
    async fn attacker(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path());
        options.busy_timeout(Duration::from_secs(5)).connect().await.unwrap()
    }

    /// Runs statements as that somebody.
    async fn attack(&self, statements: &[&'static str]) {
        let mut file = self.attacker().await;
        for &sql in statements {
            sqlx::query(sql).execute(&mut file).await.unwrap();
        }
        file.close().await.unwrap();
    }
}

fn mediatel() -> ConnectionName {
    ConnectionName::new("mediatel").unwrap()
}

fn entry(what: &str) -> AuditEntry {
    AuditEntry {
        what: what.to_owned(),
        actor: Some(LEAD),
        target: "mediatel:ivan.ivanov".to_owned(),
        intent: None,
        detail: serde_json::json!({"login": "ivan.ivanov"}),
    }
}

fn offer(id: i64, actor: UserId) -> Offer {
    Offer { id: OfferId(id), actor, body: "{}".to_owned(), expires_at: START + 10 * MINUTE, state: OfferState::Open }
}

fn conclusion(state: IntentState, handover: Option<NewHandover>) -> Conclusion {
    Conclusion {
        state,
        audit: entry("agent.clone concluded"),
        outcome: "{}".to_owned(),
        handover,
        settles: None,
        notices: Vec::new(),
        request: None,
        kept: None,
        asks: None,
        requested: Vec::new(),
    }
}

fn new_handover() -> NewHandover {
    NewHandover {
        agent: AgentRef::new(mediatel(), AgentId::new("42")),
        login: "ivan.ivanov".to_owned(),
        requester: LEAD,
        recipient: TRAINEE,
        delivery: Delivery::Reveal,
        expires_at: START + 1440 * MINUTE,
    }
}

/// Asks for an act, as the desk does.
async fn ask(
    ledger: &Ledger,
    actor: UserId,
    interaction: Option<u64>,
    offer: Option<i64>,
    secret: Option<&SecretString>,
) -> Result<Began, super::LedgerError> {
    let connection = mediatel();
    let intent = NewIntent {
        actor,
        interaction: interaction.map(InteractionId::new),
        offer: offer.map(OfferId),
        connection: &connection,
        act: "{}",
        audit: entry("agent.clone recorded"),
        secret,
        claim: None,
        keeps: None,
    };
    ledger.begin(intent).await
}

async fn begun(ledger: &Ledger, secret: Option<&SecretString>) -> Intent {
    match ask(ledger, LEAD, None, None, secret).await.unwrap() {
        Began::New(intent) => intent,
        other => panic!("not new: {other:?}"),
    }
}

/// A hand-over of `secret`, as it stands after the act was done.
async fn handed(ledger: &Ledger, secret: &SecretString) -> Handover {
    let intent = begun(ledger, Some(secret)).await;
    ledger.sending(intent.id).await.unwrap();
    let id = ledger.conclude(intent.id, conclusion(IntentState::Done, Some(new_handover()))).await.unwrap().unwrap();
    ledger.handover(id).await.unwrap().unwrap()
}
