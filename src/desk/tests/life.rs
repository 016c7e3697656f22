//! One life of the bot, from its start to its crash: a runtime of its own, in which time stands until it is moved.

use std::future::poll_fn;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock};
use std::task::Poll;
use std::time::Duration;

use rollcall_telephony::{Clock, Connected};
use secrecy::ExposeSecret as _;
use tokio::runtime::Runtime;

use super::Hands;
use super::board::Board;
use super::phone::Phone;
use super::town::Town;
use super::trap::Trap;
use crate::config::{self, Config, Environment, Loaded};
use crate::desk::{Desk, Furnishing};
use crate::ledger::{Key, Ledger};
use crate::policy::Policy;

/// A store as a first start leaves it, and its key: opening a copy is quicker than making one.
static STORE: LazyLock<(Vec<u8>, String)> = LazyLock::new(|| {
    let folder = folder();
    let key = Key::generate().expose_secret().to_owned();
    let file = folder.path().join("rollcall.db");
    let clock: Arc<dyn Clock> = Arc::new(Hands::default());
    let (store, sealed_with) = (url(folder.path()), Key::parse(&key.clone().into()).unwrap());
    let make = async move { Ledger::open(&store, &sealed_with, clock).await.unwrap().close().await };
    // Whoever asks first may be in a runtime already.
    std::thread::spawn(|| Runtime::new().unwrap().block_on(make)).join().unwrap();
    (std::fs::read(file).unwrap(), key)
});

/// The settings, with these under `[approvals]` beside the approvers.
pub(super) fn settings(approvals: &str) -> Arc<Config> {
    config(&format!(
        "[discord]\nguild = \"1\"\nlog_channel = \"2\"\napprovals_channel = \"4\"\n[[role]]\nid = \"3\"\nmay = [\"agent.*\"]\n\
         [approvals]\napprovers = [\"5\", \"6\"]\n{approvals}\n\
         [[connection]]\nname = \"mediatel\"\nkind = \"mediatel\"\nbase_url = \"http://127.0.0.1:9/v1\"\nauth = \"none\"\n\
         email = \"{{login}}@example.com\"\n"
    ))
}

/// These settings.
pub(super) fn config(toml: &str) -> Arc<Config> {
    let folder = folder();
    let file = folder.path().join("rollcall.toml");
    std::fs::write(&file, toml).unwrap();
    let environment = Environment::of([
        ("DISCORD_TOKEN", "token".to_owned()),
        ("ROLLCALL_KEY", STORE.1.clone()),
        ("ROLLCALL_CONFIG", file.display().to_string()),
    ]);
    let clock: Arc<dyn Clock> = Arc::new(Hands::default());
    let Loaded { config, .. } = config::load(&environment, &clock).unwrap();
    Arc::new(config)
}

/// A folder in memory where there is one.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A folder with a fresh store.
fn store() -> tempfile::TempDir {
    let folder = folder();
    std::fs::write(folder.path().join("rollcall.db"), &STORE.0).unwrap();
    folder
}

fn url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("rollcall.db").display())
}

/// What outlives the bot.
pub(super) struct World {
    pub(super) clock: Arc<Hands>,
    pub(super) town: Arc<Town>,
    pub(super) phone: Arc<Phone>,
    pub(super) trap: Arc<Trap>,
    /// Phone systems with presence, beside the one above.
    pub(super) boards: Vec<Arc<Board>>,
    store: tempfile::TempDir,
    config: Arc<Config>,
}

impl World {
    /// A fresh store, a guild with nobody in it, and a phone system with one agent.
    pub(super) fn new(config: Arc<Config>) -> Self {
        let trap = Arc::new(Trap::default());
        Self {
            clock: Arc::new(Hands::default()),
            town: Arc::new(Town::trapped(trap.clone())),
            phone: Arc::new(Phone::new(trap.clone())),
            trap,
            boards: Vec::new(),
            store: store(),
            config,
        }
    }

    /// The store, as another program finds it.
    pub(super) fn store(&self) -> String {
        url(self.store.path())
    }
}

/// Where a crash cuts something off.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// At a call to Discord or the phone system, after so many others.
    AtCall(u32),
    /// After the desk was set going so many times.
    AtStep(u32),
}

/// The bot, until it is dropped.
pub(super) struct Life {
    /// While it is there, time does not move by itself when everybody waits for the store.
    _still: Sender<()>,
    runtime: Runtime,
    pub(super) desk: Desk,
}

impl Life {
    pub(super) fn begins(world: &World) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (still, over) = channel();
        runtime.spawn_blocking(move || over.recv());
        let desk = runtime.block_on(open(world));
        Self { _still: still, runtime, desk }
    }

    pub(super) fn does<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(super) fn time_passes(&self, time: Duration) {
        self.runtime.block_on(tokio::time::advance(time));
    }

    /// Everything that was begun is finished.
    pub(super) fn rests(&self) {
        self.runtime.block_on(self.desk.all_at_rest());
    }

    /// Does it up to there. What is still under way then is lost with this life.
    pub(super) fn does_until(self, cut: Cut, trap: &Trap, work: impl Future) {
        self.runtime.block_on(async {
            match cut {
                Cut::AtCall(calls) => {
                    trap.set(Some(calls));
                    tokio::select! {
                        biased;
                        () = trap.springs() => {}
                        () = async { work.await; self.desk.all_at_rest().await } => {}
                    }
                    trap.set(None);
                }
                Cut::AtStep(mut steps) => {
                    tokio::pin!(work);
                    poll_fn(|context| match steps.checked_sub(1) {
                        None => Poll::Ready(()),
                        Some(left) => {
                            steps = left;
                            work.as_mut().poll(context).map(drop)
                        }
                    })
                    .await;
                }
            }
        });
    }
}

/// A bot on the world's store; there may be several.
pub(super) async fn open(world: &World) -> Desk {
    let clock: Arc<dyn Clock> = world.clock.clone();
    let key = Key::parse(&STORE.1.clone().into()).unwrap();
    let ledger = Ledger::open(&url(world.store.path()), &key, Arc::clone(&clock)).await.unwrap();
    // What an earlier life left half written is given up once somebody else may write.
    ledger.check_writable().await.unwrap();
    let config = &world.config;
    let desk = Desk::open(Furnishing {
        connections: std::iter::once(Connected {
            reading: world.phone.clone(),
            writing: world.phone.clone(),
            presence: None,
            extensions: None,
        })
        .chain(world.boards.iter().map(|board| board.connected()))
        .collect(),
        left_out: Vec::new(),
        remarks: Vec::new(),
        persons: config.people.clone(),
        ledger,
        policy: Policy::new(config),
        passwords: config.passwords.clone(),
        approvals: config.approvals.clone(),
        approvals_channel: config.discord.approvals_channel,
        guild: world.town.clone(),
        log_channel: config.discord.log_channel,
        refresh: config.directory.refresh,
        clock,
    });
    desk.await.unwrap()
}
