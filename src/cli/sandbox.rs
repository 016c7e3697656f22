//! `rollcall sandbox`: the bot, a local Discord and the phone systems' twins in one process, over real sockets.

use std::path::Path;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use rollcall_sandbox::mediatel as twin;
use rollcall_sandbox::{Options, PhoneOptions, Phones, PrivilegedIntent, Sandbox};
use rollcall_telephony::Clock;
use secrecy::ExposeSecret as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Ended, faults, logs, prompt, run, tour};
use crate::clock::SystemClock;
use crate::config::{self, Environment};
use crate::discord::{self, Fatal, Running};
use crate::ledger::Key;

/// How the sandbox is set up.
#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Play a support lead and an approver through agents, presence and extensions, and exit
    #[arg(long)]
    tour: bool,
    /// How many agents the phone system has
    #[arg(long, default_value_t = 40, value_name = "N")]
    agents: usize,
    /// How Mediatel treats the passwords it gets
    #[arg(long, value_enum, default_value_t = Passwords::AsSent)]
    passwords: Passwords,
    /// What goes wrong the first time Mediatel is asked to create an agent; `fault` at the prompt has the others
    #[arg(long, value_enum, default_value_t = faults::What::None)]
    trouble: faults::What,
    /// Log what happens, as `RUST_LOG` would say it: "info", "rollcall=debug"
    #[arg(long, default_value = "warn", value_name = "FILTER")]
    log: String,
}

/// How Mediatel treats the passwords it gets.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Passwords {
    /// It stores them as they come.
    AsSent,
    /// It hashes them by itself.
    Digests,
    /// It shows a mask instead of what it stores.
    Masked,
}

/// Whoever tries things out is quicker than anybody at work.
const UNHURRIED: &str = "[limits]\nper_person = \"300/min\"\n";

/// A bot that runs in this process.
pub(super) struct Bot {
    stop: watch::Sender<bool>,
    running: watch::Receiver<Running>,
    ended: JoinHandle<Result<(), Fatal>>,
}

/// Starts everything, then plays the tour or waits to be stopped.
pub(super) async fn sandbox(args: SandboxArgs) -> Result<(), Ended> {
    logs::start(&args.log);
    let no_port = |error: std::io::Error| Ended::Refused(format!("No port on this machine could be had: {error}."));
    let passwords = match args.passwords {
        Passwords::AsSent => twin::Passwords::AsSent,
        Passwords::Digests => twin::Passwords::Digests,
        Passwords::Masked => twin::Passwords::Masked,
    };
    let mediatel = twin::Options { passwords, ..twin::Options::default() };
    let options = PhoneOptions { agents: args.agents, mediatel, ..PhoneOptions::default() };
    let phones = Phones::start(options).await.map_err(no_port)?;
    args.trouble.strikes_a_create(&phones);
    let sandbox = Sandbox::start(Options::default()).await.map_err(no_port)?;
    // So that who could approve is told by name; see docs/OPERATIONS.md.
    sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    // Everything the bot writes goes here, and is removed with it.
    let folder = tempfile::tempdir().map_err(|error| Ended::Refused(format!("No folder could be made: {error}.")))?;
    let mut bot = start_bot(&sandbox, &phones, folder.path()).await?;
    let played = if args.tour {
        tour::play(&sandbox, &phones, &mut bot).await
    } else {
        bot.is_open().await?;
        say_where(&sandbox, &phones);
        let at_the_prompt = async {
            // Started without anybody at its input (by a service manager, say), it runs until it is stopped.
            if prompt::play(&sandbox, &phones).await == prompt::Ended::Silent {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = run::asked_to_stop() => Ok(()),
            () = at_the_prompt => Ok(()),
            ended = bot.ended() => ended,
        }
    };
    let stopped = bot.stop().await;
    drop(folder);
    played.and(stopped)
}

/// Starts the bot as `rollcall run` would, with settings and a store in `folder`.
async fn start_bot(sandbox: &Sandbox, phones: &Phones, folder: &Path) -> Result<Bot, Ended> {
    let settings = folder.join("rollcall.toml");
    std::fs::write(&settings, format!("{UNHURRIED}\n{}", sandbox.settings(phones)))
        .map_err(|error| Ended::Refused(format!("The settings could not be written: {error}.")))?;
    let own = [
        ("DISCORD_TOKEN", sandbox.token()),
        ("DISCORD_API_URL", sandbox.discord_url().to_owned()),
        ("ROLLCALL_CONFIG", settings.display().to_string()),
        ("ROLLCALL_KEY", Key::generate().expose_secret().to_owned()),
        ("DATABASE_URL", format!("sqlite:{}", folder.join("rollcall.db").display())),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    let environment = Environment::of(own.into_iter().chain(phones.environment()));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let loaded = config::load(&environment, &clock)?;
    let opening = run::prepare(loaded, clock).await?;
    let ledger = opening.desk.ledger().clone();
    let (stop, stopping) = watch::channel(false);
    let (tell, running) = watch::channel(Running::Starting);
    let ended = tokio::spawn(async move {
        let ended = discord::run(opening, tell, stopping).await;
        ledger.close().await;
        ended
    });
    Ok(Bot { stop, running, ended })
}

impl Bot {
    /// Resolves once the bot answers commands.
    pub(super) async fn is_open(&mut self) -> Result<(), Ended> {
        tokio::select! {
            open = self.running.wait_for(|r| *r == Running::Open) => match open {
                Ok(_) => Ok(()),
                Err(_) => Err(Ended::Refused("The bot ended before it was ready.".to_owned())),
            },
            ended = &mut self.ended => Err(gone(&ended)),
        }
    }

    async fn ended(&mut self) -> Result<(), Ended> {
        Err(gone(&(&mut self.ended).await))
    }

    async fn stop(mut self) -> Result<(), Ended> {
        let _ = self.stop.send(true);
        if self.ended.is_finished() {
            return Ok(());
        }
        match (&mut self.ended).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(fatal)) => Err(Ended::Refused(fatal.to_string())),
            Err(_) => Err(Ended::Refused("The bot ended in a panic; its message stands above.".to_owned())),
        }
    }
}

fn gone(ended: &Result<Result<(), Fatal>, tokio::task::JoinError>) -> Ended {
    match ended {
        Ok(Ok(())) => Ended::Refused("The bot ended by itself.".to_owned()),
        Ok(Err(fatal)) => Ended::Refused(fatal.to_string()),
        Err(_) => Ended::Refused("The bot ended in a panic; its message stands above.".to_owned()),
    }
}

fn say_where(sandbox: &Sandbox, phones: &Phones) {
    let held =
        format!("mediatel: {} agents, {} extensions", phones.mediatel.count(), phones.mediatel.extensions().len());
    say!("Rollcall runs in a sandbox: nothing leaves this machine, nothing is left behind.");
    say!("");
    say!("  Discord    {}   (token {})", sandbox.discord_url(), sandbox.token());
    say!("  Mediatel   {}   ({held})", phones.mediatel_url());
    say!("  Erix       {}   (erix-br: Maria Silva is the agent `maria`)", phones.erix_url());
    say!("  Voicenter  {}   (voicenter: here she is `sipmaria`)", phones.voicenter_url());
    say!("");
    say!("`rollcall sandbox --tour` shows a support lead and an approver at work. Ctrl-C ends it.\n");
}
