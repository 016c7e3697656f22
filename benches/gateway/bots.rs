//! The two bots as processes: started, watched, stopped.

use std::fs::File;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rollcall_sandbox::Phones;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::CONSTANT;
use crate::discord::{Discord, Greeting};
use crate::frames::{GUILD, LEAD, LEAD_ROLE, LOG_CHANNEL};
use crate::numbers::{Spread, millis};
use crate::questions::Whole;

/// 32 bytes that no bot shares with anything real.
const KEY: &str = "cm9sbGNhbGwtYmVuY2htYXJrLWtleS0zMi1ieXRlcyE=";
/// Starting and stopping take no longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bot that is measured.
pub(crate) struct Rollcall {
    discord: Arc<Discord>,
    folder: TempDir,
    child: Option<Child>,
}

/// How a start went, from the moment the process was asked for.
pub(crate) struct Start {
    /// To IDENTIFY or RESUME.
    to_greeting: Duration,
    greeting: Greeting,
    /// To the first right answer to an autocomplete.
    to_answer: Duration,
    /// How many autocompletes it took until one was right.
    questions: u32,
}

/// What a process holds, in kB.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    now: u64,
    most: u64,
}

impl Rollcall {
    pub(crate) fn new(discord: Arc<Discord>, phones: &Phones) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            r#"[discord]
guild = "{GUILD}"
log_channel = "{LOG_CHANNEL}"

[[role]]
id = "{LEAD_ROLE}"
may = ["agent.read", "agent.clone", "extension.read"]

[[connection]]
name = "mediatel"
kind = "mediatel"
base_url = "{}"
auth = "none"
email = "{{login}}@example.com"
"#,
            phones.mediatel_url()
        );
        std::fs::write(folder.path().join("rollcall.toml"), settings).expect("the settings are written");
        Self { discord, folder, child: None }
    }

    /// Starts the bot and asks until the answer is right.
    pub(crate) async fn starts(&mut self, whole: &Whole) -> Start {
        self.discord.expects_a_bot();
        let log = File::options().create(true).append(true).open(self.folder.path().join("bot.log")).expect("a log");
        let began = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .arg("run")
            .env_clear()
            .env("DISCORD_TOKEN", "benchmark.token")
            .env("DISCORD_API_URL", self.discord.origin())
            .env("ROLLCALL_KEY", KEY)
            .env("DATABASE_URL", format!("sqlite:{}", self.folder.path().join("rollcall.db").display()))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the bot starts");
        self.child = Some(child);
        let (greeted, greeting) = self.discord.is_greeted().await;
        let mut questions = 0;
        let to_answer = loop {
            questions += 1;
            let answer = self.discord.asks(LEAD, &whole.act).await;
            if answer.values().contains(&whole.value.as_str()) {
                break answer.at.saturating_duration_since(began);
            }
            assert!(began.elapsed() < PATIENCE, "no right answer; the bot's log:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        Start { to_greeting: greeted.saturating_duration_since(began), greeting, to_answer, questions }
    }

    /// Asks the bot to stop (SIGTERM) and waits until it did.
    pub(crate) async fn stops(&mut self) {
        let mut child = self.child.take().expect("a bot that runs");
        let id = child.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
        let status = tokio::time::timeout(PATIENCE, child.wait()).await.expect("the bot stops").expect("its status");
        assert!(status.success(), "the bot ended with {status}; its log:\n{}", self.log());
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory::of(self.child.as_ref().expect("a bot that runs"))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("bot.log")).unwrap_or_default()
    }
}

/// The bot that it is compared with: this program once more, see `constant.rs`.
pub(crate) struct Constant(Child);

impl Constant {
    pub(crate) async fn starts(discord: &Discord) -> Self {
        let this = std::env::current_exe().expect("this program");
        let child = Command::new(this)
            .args([CONSTANT, discord.origin()])
            .env_clear()
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the constant bot starts");
        discord.is_greeted().await;
        Self(child)
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory::of(&self.0)
    }

    pub(crate) async fn stops(mut self) {
        self.0.kill().await.expect("the constant bot stops");
    }
}

impl Memory {
    fn of(child: &Child) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().expect("it runs")));
        let status = status.expect("the kernel tells what a process holds");
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a known line");
            line.trim().trim_end_matches(" kB").parse().expect("a number of kB")
        };
        Self { now: kilobytes("VmRSS:"), most: kilobytes("VmHWM:") }
    }
}

pub(crate) fn print_memory(of: &[(&str, Memory)]) {
    println!("\nResident memory, MB             now    at most");
    for (what, memory) in of {
        println!("  {what:<34} {:>6.1} {:>10.1}", megabytes(memory.now), megabytes(memory.most));
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}

pub(crate) fn print_starts(first: &Start, again: &[Start]) {
    println!("\nStart-up, ms from exec");
    println!(
        "  empty store: {} {}, first right answer {} (the phone system's list is read first)",
        greeting(first.greeting),
        millis(first.to_greeting),
        millis(first.to_answer),
    );
    let Some(last) = again.last() else { return };
    println!(
        "  kept list:   {} {}, first right answer {}; questions until it was right: {}",
        greeting(last.greeting),
        Spread::of(again.iter().map(|start| start.to_greeting)).millis(),
        Spread::of(again.iter().map(|start| start.to_answer)).millis(),
        again.iter().map(|start| start.questions).max().unwrap_or_default(),
    );
}

const fn greeting(greeting: Greeting) -> &'static str {
    match greeting {
        Greeting::Identify => "IDENTIFY",
        Greeting::Resume => "RESUME",
    }
}
