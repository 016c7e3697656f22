//! Tests of the desk, under a clock that a test moves: here the offers that expire, beside them what a request does with
//! time (`hours.rs`), whom the settings join (`people.rs`), many people at once (`crowd.rs`) and random orders of
//! everything (`orders/`), and presence (`presence.rs`, `known.rs`, `unlisted.rs`, `breaks.rs`). What people see is played against the whole bot in `tests/scenarios/`.

mod board;
mod breaks;
mod crowd;
mod extensions;
mod hours;
mod known;
mod life;
mod orders;
mod people;
mod phone;
mod presence;
mod town;
mod trap;
mod unlisted;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rollcall_commands::{AgentText, agent};
use rollcall_telephony::systems::mediatel::twin::{self, Twin};
use rollcall_telephony::{AgentState, Clock, FieldKey, Millis};
use secrecy::ExposeSecret as _;
use serenity::model::id::{InteractionId, RoleId, UserId};

use super::{Asked, Desk, Furnishing, OFFER_LASTS, Refusal, Taken};
use crate::config::{self, Environment, Loaded};
use crate::ledger::{Key, Ledger, OfferId, OfferRefusal};
use crate::policy::{Actor, Policy};
use town::Town;

const AGENT: &str = r#"{"Password":"c4ca4238a0b92382","ID":7,"RightID":0,"Domain":"CALL","SupervisorRightID":0,"State":1,"DefaultSkill":7,"Login":"vira.luhova","SupervisorID":1,"Details":"vira.luhova@example.com","PersNumbers":[],"ClientApp":{}}"#;
const SECOND: Duration = Duration::from_secs(1);

/// A clock that stands until it is moved.
struct Hands(AtomicI64);

impl Default for Hands {
    fn default() -> Self {
        Self(AtomicI64::new(1_790_000_000_000))
    }
}

impl Hands {
    /// The clock is set, forward or back.
    fn set_by(&self, minutes: i32) {
        self.0.fetch_add(i64::from(minutes) * 60_000, Ordering::SeqCst);
    }

    fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A desk, its phone system, its clock, and who sits at it.
struct Office {
    desk: Desk,
    twin: Arc<Twin>,
    clock: Arc<Hands>,
    lead: Actor,
    interactions: AtomicI64,
    _folder: tempfile::TempDir,
}

impl Office {
    async fn opens() -> Self {
        Self::with("").await
    }

    /// One whose settings say more than that there is a Mediatel.
    async fn with(settings: &str) -> Self {
        let twin = Twin::new(twin::Options::default());
        twin.put_agent(AGENT).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(Arc::clone(&twin).serve(listener));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rollcall.toml");
        let toml = format!(
            "[discord]\nguild = \"1\"\nlog_channel = \"2\"\n[[role]]\nid = \"3\"\nmay = [\"agent.*\"]\n[[connection]]\n\
             name = \"mediatel\"\nkind = \"mediatel\"\nbase_url = \"{base_url}\"\nauth = \"none\"\nemail = \"{{login}}@example.com\"\n{settings}"
        );
        std::fs::write(&file, toml).unwrap();
        let key = Key::generate();
        let clock = Arc::new(Hands::default());
        let environment = Environment::of([
            ("DISCORD_TOKEN", "token".to_owned()),
            ("ROLLCALL_KEY", key.expose_secret().to_owned()),
            ("ROLLCALL_CONFIG", file.display().to_string()),
            ("VOICENTER_CODE", "code".to_owned()),
        ]);
        let told: Arc<dyn Clock> = clock.clone();
        let Loaded { config, connected, .. } = config::load(&environment, &told).unwrap();
        let store = format!("sqlite:{}", folder.path().join("rollcall.db").display());
        let ledger = Ledger::open(&store, &Key::parse(&key).unwrap(), Arc::clone(&told)).await.unwrap();
        let desk = Desk::open(Furnishing {
            connections: connected.into_iter().map(|(_, connected)| connected).collect(),
            left_out: Vec::new(),
            remarks: Vec::new(),
            persons: config.people.clone(),
            ledger,
            policy: Policy::new(&config),
            passwords: config.passwords.clone(),
            approvals: config.approvals.clone(),
            approvals_channel: config.discord.approvals_channel,
            guild: Arc::new(Town::default()),
            log_channel: config.discord.log_channel,
            refresh: config.directory.refresh,
            clock: told,
        });
        let lead = Actor { id: UserId::new(11), name: "Olha Koval".to_owned(), roles: vec![RoleId::new(3)] };
        let desk = desk.await.unwrap();
        Self { desk, twin, clock, lead, interactions: AtomicI64::new(1), _folder: folder }
    }

    fn asked(&self) -> Asked {
        let id = u64::try_from(self.interactions.fetch_add(1, Ordering::SeqCst)).unwrap();
        Asked { interaction: InteractionId::new(id) }
    }

    async fn preview(&self) -> OfferId {
        let clone = agent::Clone {
            source: vira(),
            login: "zoriana.hnatiuk".to_owned(),
            email: None,
            name: None,
            recipient: None,
        };
        self.desk.preview_clone(&self.lead, &clone, self.lead.id).await.unwrap().offer
    }

    async fn presses(&self, offer: OfferId) -> Result<Taken, Refusal> {
        let taken = self.desk.take_offer(&self.lead, offer, self.asked()).await;
        self.desk.all_at_rest().await;
        taken
    }
}

fn vira() -> AgentText {
    AgentText("mediatel:7".to_owned())
}

#[tokio::test]
async fn a_button_works_until_its_ten_minutes_are_over() {
    let office = Office::opens().await;
    let offer = office.preview().await;
    office.clock.advance(OFFER_LASTS.saturating_sub(SECOND));
    assert!(matches!(office.presses(offer).await, Ok(Taken::Act(_))));
    assert_eq!(office.twin.mutations().len(), 1);
}

#[tokio::test]
async fn an_expired_button_does_nothing_and_says_when_it_expired() {
    let office = Office::opens().await;
    let offer = office.preview().await;
    let over = office.desk.now() + OFFER_LASTS;
    office.clock.advance(OFFER_LASTS);
    let Err(Refusal::Offer(OfferRefusal::Expired(at))) = office.presses(offer).await else { panic!("it still works") };
    assert_eq!(at, over);
    assert_eq!(office.twin.mutations(), []);
    assert!(office.desk.ledger().open_intents().await.unwrap().is_empty(), "nothing was recorded");
}

#[tokio::test]
async fn an_expired_edit_does_nothing() {
    let office = Office::opens().await;
    let changes = vec![(FieldKey("domain".to_owned()), "MCC".to_owned())];
    let edit = agent::Edit { agent: vira(), changes };
    let offer = office.desk.preview_edit(&office.lead, &edit).await.unwrap().offer;
    office.clock.advance(OFFER_LASTS);
    assert!(matches!(office.presses(offer).await, Err(Refusal::Offer(OfferRefusal::Expired(_)))));
    assert_eq!(office.twin.mutations(), []);
}

#[tokio::test]
async fn a_button_pressed_again_after_its_time_is_told_that_it_was_pressed() {
    let office = Office::opens().await;
    let offer = office.preview().await;
    assert!(matches!(office.presses(offer).await, Ok(Taken::Act(_))));
    office.clock.advance(OFFER_LASTS + SECOND);
    assert!(matches!(office.presses(offer).await, Ok(Taken::Before(_))));
    assert_eq!(office.twin.mutations().len(), 1);
}

#[tokio::test]
async fn a_role_lost_between_preview_and_press_counts() {
    let office = Office::opens().await;
    let offer = office.preview().await;
    let without = Actor { roles: Vec::new(), ..office.lead.clone() };
    let refused = office.desk.take_offer(&without, offer, office.asked()).await;
    assert!(matches!(refused, Err(Refusal::NotPermitted { .. })));
    assert_eq!(office.twin.mutations(), []);
}

#[tokio::test]
async fn the_same_interaction_again_changes_nothing_again() {
    let office = Office::opens().await;
    let asked = office.asked();
    office.desk.set_state(&office.lead, &vira(), AgentState::Disabled, None, asked).await.unwrap();
    office.desk.all_at_rest().await;
    let again = office.desk.set_state(&office.lead, &vira(), AgentState::Disabled, None, asked).await;
    assert!(matches!(again, Ok(()) | Err(Refusal::Already { .. })));
    office.desk.all_at_rest().await;
    assert_eq!(office.twin.mutations().len(), 1);
}
