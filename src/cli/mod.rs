//! What can be typed in a shell: `run`, `sandbox`, `doctor`, `commands`, `key`, `audit`.
//!
//! Exit codes: 0 when it was done, 1 when Discord or the store refuses, 2 for wrong usage or configuration.

/// Prints a line; a reader that went away (`| head`) stops nothing.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod audit;
mod doctor;
#[cfg(feature = "sandbox")]
mod faults;
mod logs;
#[cfg(feature = "sandbox")]
mod prompt;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(feature = "sandbox")]
mod tour;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;

use crate::config::Problems;
use crate::ledger::Key;

/// Wrong usage or configuration.
const WRONG: u8 = 2;
/// Discord or the store refuses.
const REFUSED: u8 = 1;

/// Run a call centre from Discord: the agents of your phone systems, who is logged in or paused, and the extensions.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, arg_required_else_help = true)]
pub struct Asked {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Run the bot
    Run,
    /// Try everything on this machine, without any account: a local Discord and local phone systems
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArgs),
    /// Look at everything the bot needs, and say how to mend what is wrong
    Doctor,
    /// Print the slash commands as the JSON that Discord registers
    Commands,
    /// Print a fresh `ROLLCALL_KEY`
    Key,
    /// Check or export the audit log
    Audit {
        #[command(subcommand)]
        what: AuditWhat,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
enum AuditWhat {
    /// Check that every entry is as it was written
    Verify,
    /// Print every entry, one JSON object a line
    Export,
}

/// Does what was asked.
#[must_use]
pub fn answer(asked: Asked) -> ExitCode {
    match asked.what {
        What::Commands => {
            say!("{:#}", rollcall_commands::surface_json());
            ExitCode::SUCCESS
        }
        What::Key => {
            say!("{}", Key::generate().expose_secret());
            ExitCode::SUCCESS
        }
        What::Run => on_a_runtime(run::run()),
        What::Doctor => on_a_runtime(doctor::doctor()),
        What::Audit { what } => on_a_runtime(audit::audit(what)),
        #[cfg(feature = "sandbox")]
        What::Sandbox(args) => on_a_runtime(sandbox::sandbox(args)),
    }
}

/// How a command ends when it does not succeed.
#[derive(Debug)]
enum Ended {
    /// Wrong configuration: exit 2.
    Wrong(String),
    /// Discord or the store refuses: exit 1.
    Refused(String),
}

impl From<Problems> for Ended {
    fn from(problems: Problems) -> Self {
        Self::Wrong(problems.to_string())
    }
}

fn on_a_runtime(work: impl Future<Output = Result<(), Ended>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("No threads or sockets could be had: {error}.");
            return ExitCode::from(REFUSED);
        }
    };
    let ended = runtime.block_on(work);
    // A look-up that hangs in the system's resolver must not keep the process alive.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ended::Wrong(why)) => {
            eprintln!("{why}");
            ExitCode::from(WRONG)
        }
        Err(Ended::Refused(why)) => {
            eprintln!("{why}");
            ExitCode::from(REFUSED)
        }
    }
}
