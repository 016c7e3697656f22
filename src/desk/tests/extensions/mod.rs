//! Tests of extensions against Mediatel's twin, under a clock that a test moves: the bot may die at any request and begin
//! again on its store. What people see of it is played against the whole bot in `tests/scenarios/`.

mod afterwards;
mod approvals;
mod batch;
mod finding;
mod memory;
mod single;

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use rollcall_commands::{ExtensionText, extension};
use rollcall_telephony::systems::mediatel::twin::{self, Fault, Moment, Seen, Times, Trouble, Twin};
use rollcall_telephony::{Clock, FieldKey, IntentId, Record};
use secrecy::ExposeSecret as _;
use serenity::model::id::{InteractionId, UserId};
use tokio::runtime::Runtime;

use super::Hands;
use super::town::Town;
use crate::config::{self, Environment, Loaded};
use crate::desk::{Asked, BatchPreview, Desk, ExtensionPreview, Furnishing, Outcome, Refusal, Report, Taken};
use crate::ledger::{Key, Ledger, OfferId};
use crate::policy::{Actor, Policy};

/// What is there when a test begins. The second has a member that no document tells of.
const SIP: &str = r#"{"E_ID":13,"E_Extension":"SIP","Protocol":"SIP","E_Type":5,"E_Description":"trunk","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"192.0.2.12:5062","Destination":"","Codecs":["g729","gsm"],"ConnectionType":"3","DTMFSupport":["info"],"FromDisplay":"","Payload":"127"}"#;
const SALES: &str = r#"{"E_ID":15,"E_Extension":"Sales","Protocol":"","E_Type":2,"E_Description":"the sales line","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"77","Codecs":["gsm"],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":"","X_Vendor":{"n":1.50}}"#;
const FAX: &str = r#"{"E_ID":16,"E_Extension":"Fax","Protocol":"","E_Type":2,"E_Description":"","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"78","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#;

/// A request may be on its way for this long; then it is not.
const LONG: Duration = Duration::from_mins(2);

/// A phone system, a guild, a clock, a store, and the bot while it lives.
struct Office {
    twin: Arc<Twin>,
    town: Arc<Town>,
    clock: Arc<Hands>,
    settings: String,
    key: String,
    folder: tempfile::TempDir,
    life: Option<Life>,
    interactions: Cell<u64>,
    /// Where the phone system lives: it outlives the bot.
    _outside: Runtime,
}

/// The bot until it dies; what is under way then is lost.
struct Life {
    runtime: Runtime,
    desk: Desk,
}

impl Office {
    fn opens() -> Self {
        Self::with(twin::Options::default(), "")
    }

    /// One whose approvals are set like this.
    fn with(options: twin::Options, approvals: &str) -> Self {
        let outside = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let twin = Twin::new(options);
        for extension in [SIP, SALES, FAX] {
            twin.put_extension(extension).unwrap();
        }
        let listener = outside.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        outside.spawn(Arc::clone(&twin).serve(listener));
        let town = Arc::new(Town::default());
        town.comes(11, "Olha Koval", &[3]);
        town.comes(21, "Ann", &[5]);
        town.comes(22, "Ben", &[5]);
        let settings = format!(
            "[discord]\nguild = \"1\"\nlog_channel = \"2\"\napprovals_channel = \"4\"\n\
             [[role]]\nid = \"3\"\nmay = [\"extension.*\"]\n\
             [[role]]\nid = \"7\"\nmay = [\"extension.read\", \"extension.write\"]\n\
             [[role]]\nid = \"8\"\nmay = [\"extension.delete\"]\n\
             [approvals]\napprovers = [\"5\"]\n{approvals}\n\
             [[connection]]\nname = \"mediatel\"\nkind = \"mediatel\"\nbase_url = \"{base_url}\"\nauth = \"none\"\n"
        );
        let key = Key::generate().expose_secret().to_owned();
        let mut office = Self {
            twin,
            town,
            clock: Arc::new(Hands::default()),
            settings,
            key,
            folder: tempfile::tempdir().unwrap(),
            life: None,
            interactions: Cell::new(1),
            _outside: outside,
        };
        office.starts();
        office
    }

    /// The bot starts, on the store that it had.
    fn starts(&mut self) {
        let file = self.folder.path().join("rollcall.toml");
        std::fs::write(&file, &self.settings).unwrap();
        let environment = Environment::of([
            ("DISCORD_TOKEN", "token".to_owned()),
            ("ROLLCALL_KEY", self.key.clone()),
            ("ROLLCALL_CONFIG", file.display().to_string()),
        ]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clock: Arc<dyn Clock> = self.clock.clone();
        let store = format!("sqlite:{}", self.folder.path().join("rollcall.db").display());
        let desk = runtime.block_on(async {
            let Loaded { config, connected, .. } = config::load(&environment, &clock).unwrap();
            let key = Key::parse(&self.key.clone().into()).unwrap();
            let ledger = Ledger::open(&store, &key, Arc::clone(&clock)).await.unwrap();
            ledger.check_writable().await.unwrap();
            let desk = Desk::open(Furnishing {
                connections: connected.into_iter().map(|(_, connected)| connected).collect(),
                left_out: Vec::new(),
                remarks: Vec::new(),
                persons: Vec::new(),
                ledger,
                policy: Policy::new(&config),
                passwords: config.passwords.clone(),
                approvals: config.approvals.clone(),
                approvals_channel: config.discord.approvals_channel,
                guild: self.town.clone(),
                log_channel: config.discord.log_channel,
                refresh: config.directory.refresh,
                clock,
            });
            desk.await.unwrap()
        });
        self.life = Some(Life { runtime, desk });
    }

    fn crashes(&mut self) {
        self.life = None;
    }

    /// The bot does this, without waiting for what it began.
    fn begins<T>(&self, work: impl AsyncFnOnce(&Desk) -> T) -> T {
        let life = self.life.as_ref().unwrap();
        life.runtime.block_on(work(&life.desk))
    }

    /// The bot does this, and all that it began by it.
    fn does<T>(&self, work: impl AsyncFnOnce(&Desk) -> T) -> T {
        self.begins(async |desk| {
            let done = work(desk).await;
            desk.all_at_rest().await;
            done
        })
    }

    /// What is open is looked up once more.
    fn settles(&self) {
        self.does(async |desk| desk.settle_due().await);
    }

    /// It is looked up again when nothing can be on its way any more.
    fn settles_late(&self) {
        self.clock.advance(LONG);
        self.settles();
    }

    fn asked(&self) -> Asked {
        self.interactions.set(self.interactions.get() + 1);
        Asked { interaction: InteractionId::new(self.interactions.get()) }
    }

    fn presses(&self, offer: OfferId) -> Result<Taken, Refusal> {
        let asked = self.asked();
        self.does(async |desk| desk.take_offer(&lead(), offer, asked).await)
    }

    /// Somebody presses a button, and the bot dies when this request arrives there, or when it was done.
    fn dies_at(&mut self, offer: OfferId, method: &'static str, at: Moment) {
        let asked = self.asked();
        self.dies_while(method, at, async |desk| desk.take_offer(&lead(), offer, asked).await.map(drop).unwrap());
    }

    /// The bot does this, dies when such a request arrives there, or when it was done, and begins again.
    fn dies_while(&mut self, method: &'static str, at: Moment, work: impl AsyncFnOnce(&Desk)) {
        let (died, mut told) = tokio::sync::mpsc::unbounded_channel();
        self.twin.on_request(Arc::new(move |moment: Moment, seen: &Seen| {
            let strikes = moment == at && seen.method == method;
            let died = died.clone();
            Box::pin(async move {
                if strikes {
                    died.send(()).unwrap();
                    std::future::pending::<()>().await;
                }
            })
        }));
        self.begins(async |desk| {
            work(desk).await;
            told.recv().await.unwrap();
        });
        self.crashes();
        self.twin.on_request(Arc::new(|_, _| Box::pin(async {})));
        self.starts();
    }

    /// The answer to the next such request is lost, before or after it was done.
    fn loses(&self, method: &'static str, moment: Moment) {
        let method = Some(method);
        self.twin.fault(Fault { method, path: "/v1/extensions", moment, times: Times::Next(1), trouble: Trouble::Cut });
    }

    /// How often it was asked so.
    fn sent(&self, method: &str) -> usize {
        self.twin.seen().iter().filter(|seen| seen.method == method).count()
    }

    fn extension(&self, id: u64) -> Option<Record> {
        self.twin.extension(id)
    }

    /// What came of the first act, which is concluded.
    fn outcome(&self) -> Outcome {
        self.concluded().expect("it is concluded").outcome
    }

    fn concluded(&self) -> Option<Report> {
        let outcome = self.does(async |desk| desk.ledger().outcome(IntentId(1)).await.unwrap());
        outcome.map(|(_, report)| serde_json::from_str(&report).unwrap())
    }

    fn previews_create(&self, name: &str) -> ExtensionPreview {
        self.does(async |desk| desk.preview_create_extension(&lead(), &create(name)).await.unwrap())
    }

    fn previews_edit(&self, extension: &str, changes: &[(&str, &str)]) -> Result<ExtensionPreview, Refusal> {
        let edit = edit(extension, changes);
        self.does(async |desk| desk.preview_edit_extension(&lead(), &edit).await)
    }

    fn previews_batch(&self, file: &str) -> BatchPreview {
        self.batch(&lead(), file).unwrap()
    }

    fn batch(&self, actor: &Actor, file: &str) -> Result<BatchPreview, Refusal> {
        self.does(async |desk| {
            let connection = desk.may_batch(actor, None)?;
            desk.preview_batch(actor, &connection, "new.csv", file.as_bytes()).await
        })
    }
}

/// Somebody with these roles.
fn with_roles(roles: &[u64]) -> Actor {
    let roles = roles.iter().map(|role| (*role).into()).collect();
    Actor { id: UserId::new(11), name: "Olha Koval".to_owned(), roles }
}

/// May everything.
fn lead() -> Actor {
    with_roles(&[3])
}

fn create(name: &str) -> extension::Create {
    let fields = vec![
        (FieldKey("codecs".to_owned()), "gsm, g729".to_owned()),
        (FieldKey("destination".to_owned()), "79".to_owned()),
    ];
    extension::Create { name: name.to_owned(), kind: "3".to_owned(), connection: None, fields }
}

fn edit(extension: &str, changes: &[(&str, &str)]) -> extension::Edit {
    let changes = changes.iter().map(|(key, value)| (FieldKey((*key).to_owned()), (*value).to_owned())).collect();
    extension::Edit { extension: ExtensionText(extension.to_owned()), changes }
}
