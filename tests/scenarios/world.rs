//! The world of a scenario: the real bot as a process of its own, against the sandbox's Discord and phone systems.
//!
//! A world ends by proving that nothing was left unread or unanswered, that the bot stops orderly, and that its audit
//! log is whole. What a failing scenario needs (the sandbox's transcript, the bot's log) is printed with the failure.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rollcall_sandbox::{Options, Person, PhoneOptions, Phones, Posted, Reply, Sandbox};
use sqlx::{Connection as _, SqliteConnection};
use tokio::process::{Child, Command};

/// A scenario waits at most so long for anything.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the store is looked at while a scenario waits for it: it does not tell when it changes.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// 32 bytes that no other world shares with anything real.
pub const KEY: &str = "cm9sbGNhbGwtc2NlbmFyaW8ta2V5LTMyLWJ5dGVzISE=";

/// How a world is set up.
pub struct Setup {
    /// The local Discord.
    pub discord: Options,
    /// The phone systems.
    pub phones: PhoneOptions,
    /// Changes the settings file before it is written.
    pub settings: Box<dyn Fn(String) -> String + Send + Sync>,
    /// More environment variables for the bot.
    pub environment: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            discord: Options { openapi: openapi(), ..Options::default() },
            phones: PhoneOptions::default(),
            settings: Box::new(|settings| settings),
            environment: Vec::new(),
        }
    }
}

impl Setup {
    /// Replaces a text in the settings file; it must be there.
    #[must_use]
    pub fn setting(mut self, from: &'static str, to: impl Into<String>) -> Self {
        let (before, to) = (self.settings, to.into());
        self.settings = Box::new(move |settings| {
            let settings = before(settings);
            assert!(settings.contains(from), "{from:?} does not stand in the settings:\n{settings}");
            settings.replace(from, &to)
        });
        self
    }

    /// Adds a table or keys at the end of the settings file.
    #[must_use]
    pub fn adding(mut self, toml: impl Into<String>) -> Self {
        let (before, toml) = (self.settings, toml.into());
        self.settings = Box::new(move |settings| format!("{}\n{toml}\n", before(settings)));
        self
    }
}

impl Setup {
    /// Changes the settings file as a whole.
    #[must_use]
    pub fn rewriting(mut self, change: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        let before = self.settings;
        self.settings = Box::new(move |settings| change(before(settings)));
        self
    }

    /// Mediatel behaves so, with `root` and two supervisors only.
    #[must_use]
    pub fn mediatel(mut self, mediatel: rollcall_sandbox::mediatel::Options) -> Self {
        self.phones = PhoneOptions { agents: 0, mediatel, ..self.phones };
        self
    }
}

/// Discord's own document, where it lies beside the checkout.
fn openapi() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("shared/discord/openapi.json");
    if beside.exists() {
        Some(beside)
    } else {
        eprintln!("skipped: requests are not checked against Discord's OpenAPI document, which is not here");
        None
    }
}

/// The bot as a process, shared with the hooks that kill it.
#[derive(Clone, Default)]
pub struct Bot(Arc<Mutex<Option<Child>>>);

impl Bot {
    /// SIGKILL, now. What it was doing is left as it is.
    pub fn is_killed(&self) {
        if let Some(child) = self.0.lock().unwrap().as_mut() {
            child.start_kill().expect("the bot can be killed");
        }
    }
}

/// A running scenario.
pub struct World {
    pub sandbox: Sandbox,
    pub phones: Phones,
    pub bot: Bot,
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl World {
    /// A world with the bot running in it.
    pub async fn begins() -> Self {
        Self::with(Setup::default()).await
    }

    /// A world of this setup, with the bot running in it.
    pub async fn with(setup: Setup) -> Self {
        let world = Self::without_bot(setup).await;
        world.bot_starts().await;
        world.lists_are_read().await;
        world
    }

    /// A world of this setup; the bot is not started.
    pub async fn without_bot(setup: Setup) -> Self {
        let phones = Phones::start(setup.phones).await.expect("the phone systems start");
        let sandbox =
            Sandbox::start(Options { patience: PATIENCE, ..setup.discord }).await.expect("the local Discord starts");
        let folder = tempfile::tempdir().expect("a folder");
        let settings = (setup.settings)(sandbox.settings(&phones));
        std::fs::write(folder.path().join("rollcall.toml"), settings).expect("the settings are written");
        let mut environment = vec![
            ("DISCORD_TOKEN".to_owned(), sandbox.token()),
            ("DISCORD_API_URL".to_owned(), sandbox.discord_url().to_owned()),
            ("ROLLCALL_KEY".to_owned(), KEY.to_owned()),
            ("DATABASE_URL".to_owned(), format!("sqlite:{}", folder.path().join("rollcall.db").display())),
            ("RUST_LOG".to_owned(), "trace".to_owned()),
        ];
        environment.extend(phones.environment());
        environment.extend(setup.environment);
        Self { sandbox, phones, bot: Bot::default(), folder, environment }
    }

    /// A world with `root`, two supervisors and these agents (JSON) at Mediatel, and the bot running in it.
    pub async fn of_agents(agents: &[&str], setup: Setup) -> Self {
        let setup = Setup { phones: PhoneOptions { agents: 0, ..setup.phones }, ..setup };
        let world = Self::without_bot(setup).await;
        for agent in agents {
            world.phones.mediatel.put_agent(agent).expect("an agent");
        }
        world.bot_starts().await;
        world.lists_are_read().await;
        world
    }

    /// What the bot asks of Mediatel by itself when it starts on a fresh store is over: it keeps both lists, or said that it
    /// could not read one. What comes from now on, people caused.
    pub async fn lists_are_read(&self) {
        let settings = std::fs::read_to_string(self.folder().join("rollcall.toml")).expect("the settings");
        if !settings.contains("name = \"mediatel\"") {
            return;
        }
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut store = self.store().await;
        for list in ["agents", "extensions"] {
            let in_vain = format!("the list of {list} could not be read");
            loop {
                let kept = "SELECT count(*) FROM snapshots WHERE connection = 'mediatel' AND kind = $1";
                let kept: i64 = sqlx::query_scalar(kept).bind(list).fetch_one(&mut store).await.expect("the lists");
                let log = self.log();
                if kept == 1 || log.contains(&in_vain) {
                    break;
                }
                assert!(tokio::time::Instant::now() < deadline, "the {list} are not read:\n{}", tail(&log));
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        store.close().await.expect("closed");
    }

    /// The lead clones Vira (900) for `login` and presses Create; answers the reply once it says that the agent exists.
    pub async fn lead_clones(&self, login: &str, more: &str) -> Reply {
        let lead = self.sandbox.lead();
        let preview = lead.types(&format!("/agent clone source:mediatel:900 login:{login} {more}")).await;
        let reply = lead.presses(&preview, &format!("Create {login}")).await;
        reply.changes_until(|text| text.contains("exists on mediatel")).await;
        self.log_says("created **").await;
        reply
    }

    /// The bot's store, as another program opens it.
    pub async fn store(&self) -> SqliteConnection {
        let url = format!("sqlite:{}", self.folder.path().join("rollcall.db").display());
        SqliteConnection::connect(&url).await.expect("the store")
    }

    /// The next line in the log channel says this.
    pub async fn log_says(&self, words: &str) -> Posted {
        let line = self.sandbox.log_channel().next_message().await;
        assert!(line.text().contains(words), "the log channel says: {}", line.text());
        line
    }

    /// Password and receipt came to the lead, who reads both and does nothing.
    pub async fn passwords_are_read(&self) {
        let lead = self.sandbox.lead();
        let message = lead.next_direct_message().await;
        assert!(message.text().contains("Here is the password of"), "{}", message.text());
        let receipt = lead.next_direct_message().await;
        assert!(receipt.text().contains("Receipt"), "{}", receipt.text());
    }

    /// What the person presses Reveal for.
    pub async fn reveals(&self, person: &Person, message: &Posted) -> String {
        person.presses(message, "Reveal").await;
        password_in(message.changes_until(|text| text.contains("```")).await.text())
    }

    /// How often this method was asked of Mediatel.
    pub fn asked(&self, method: &str) -> usize {
        self.phones.mediatel.seen().iter().filter(|seen| seen.method == method).count()
    }

    /// The body of the last request of this method to Mediatel.
    pub fn last_body(&self, method: &str) -> String {
        let seen = self.phones.mediatel.seen();
        seen.iter().rev().find(|seen| seen.method == method).expect("a request").body.clone()
    }

    /// A text as a person reads it: people by name, times by their kind, no escapes, no password.
    pub fn heard(&self, text: &str) -> String {
        let sandbox = &self.sandbox;
        let people = [sandbox.lead(), sandbox.keeper(), sandbox.trainee(), sandbox.approver()];
        let mut heard = people
            .iter()
            .fold(text.to_owned(), |text, person| text.replace(&person.mention(), &format!("@{}", person.name())));
        heard = heard.replace(&format!("<@&{}>", sandbox.lead_role()), "@Support lead");
        heard = heard.replace(&format!("<@&{}>", sandbox.approver_role()), "@Approver");
        for (pattern, to) in [
            (r"<t:\d+:(\w)>", "<time:$1>"),
            (r"```\n.*\n```", "``` (the password) ```"),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:(port)"),
            (r"\\([*_~|<>()\[\]@#:-])", "$1"),
        ] {
            heard = regex::Regex::new(pattern).unwrap().replace_all(&heard, to).into_owned();
        }
        heard
    }

    /// The folder with settings, store and log.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A `rollcall` command with this world's environment and nothing else.
    pub fn rollcall(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(arguments).env_clear().envs(self.environment.iter().cloned()).current_dir(self.folder());
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Starts the bot and waits until it answers commands.
    pub async fn bot_starts(&self) {
        self.bot_is_started();
        self.sandbox.bot_is_ready().await;
    }

    /// Starts the bot, and does not wait.
    pub fn bot_is_started(&self) {
        self.bot_is_run_by(self.rollcall(&["run"]));
    }

    /// Starts the bot from a shell that ignores the signal for files that grow too large, as a full disk sends none.
    pub fn bot_is_started_without_xfsz(&self) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" run", env!("CARGO_BIN_EXE_rollcall")]);
        shell.env_clear().envs(self.environment.iter().cloned()).current_dir(self.folder());
        shell.stdin(Stdio::null()).kill_on_drop(true);
        self.bot_is_run_by(shell);
    }

    fn bot_is_run_by(&self, mut command: Command) {
        let log = File::options().create(true).append(true).open(self.log_path()).expect("a log");
        let child = command.stdout(log.try_clone().expect("a log")).stderr(log).spawn().expect("the bot starts");
        *self.bot.0.lock().unwrap() = Some(child);
    }

    /// Waits until the bot's process is gone, by itself or because it was killed.
    pub async fn bot_is_gone(&self) -> ExitStatus {
        let child = self.bot.0.lock().unwrap().take();
        let mut child = child.expect("a bot that runs");
        let gone = tokio::time::timeout(PATIENCE, child.wait()).await;
        gone.unwrap_or_else(|_| panic!("the bot does not end:\n{}", self.log())).expect("its exit status")
    }

    /// Asks the bot to stop (SIGTERM) and waits until it did.
    pub async fn bot_stops(&self) -> ExitStatus {
        let id = self.bot.0.lock().unwrap().as_ref().and_then(Child::id).expect("a bot that runs");
        let asked = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
        assert!(asked.expect("kill runs").success());
        self.bot_is_gone().await
    }

    /// The number of the bot's process.
    pub fn bot_pid(&self) -> u32 {
        self.bot.0.lock().unwrap().as_ref().and_then(Child::id).expect("a bot that runs")
    }

    /// Everything the bot printed so far, at `RUST_LOG=trace`.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder().join("bot.log")
    }

    /// The end: silence, an orderly stop, a whole audit log.
    pub async fn ends(self) {
        if let Err(trouble) = self.sandbox.finish().await {
            panic!("{trouble}\n\nThe bot's log:\n{}", tail(&self.log()));
        }
        let unexpected =
            [self.phones.mediatel.unexpected(), self.phones.erix.unexpected(), self.phones.voicenter.unexpected()];
        assert_eq!(unexpected.concat(), Vec::<String>::new(), "calls that no document tells of");
        let status = self.bot_stops().await;
        assert_eq!(status.code(), Some(0), "the bot's exit; its log:\n{}", tail(&self.log()));
        let verified = self.rollcall(&["audit", "verify"]).output().await.expect("rollcall audit verify runs");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

/// What stands in a message's code block.
pub fn password_in(text: &str) -> String {
    text.split("```").nth(1).unwrap_or_else(|| panic!("no code block in: {text}")).trim().to_owned()
}

/// Vira Luhova, number 900: odd number formats, members that no document tells of, an order of her own.
pub const VIRA: &str = r#"{"x-Crm":{"seat":"900.50","quota":1.50,"scale":1e2},"Password":"c4ca4238a0b92382","ID":900,"RightID":0,"Domain":"CALL","SupervisorRightID":0,"State":1,"DefaultSkill":7,"Login":"vira.luhova","QueueIDs":[3, 11],"SupervisorID":2,"Details":"vira.luhova@example.com","PersNumbers":["945"],"ClientApp":{"Theme":"dark","ShowTreeCC":1,"ShowValidCB":0,"ShowFullTreeCC":1,"AutoAnswer":{"Predictive":1,"Other":0,"Time":2200,"Inbound":1,"Manual":0,"x-Ramp":0.10},"ShowPopupPause":1,"StartURL":"https://crm.example.com/","TimeWarning":1,"TimeForDialOut":15,"AddNrInClipboard":1,"ClericalReminder":20,"ResetVoiceChannel":1,"RingFileID":-1},"Serial":12345678901234567890123}"#;

/// The last lines of a long log.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(150)..].join("\n")
}
