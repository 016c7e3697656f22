//! How fast the bot answers, beside a bot that answers a constant; memory; start-up. docs/PERFORMANCE.md tells how to
//! read what it prints.
//!
//! Both bots are processes of their own and meet the same lean Discord (`discord.rs`), which stops the time from the
//! gateway frame to the arrival of the callback. `directory.rs` times the search alone. Nothing is judged here: a
//! figure on a busy machine is no verdict.
//!
//! Run by `cargo bench --bench gateway`; it does nothing under `cargo test --benches`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot go on has failed")]

mod bots;
mod constant;
mod directory;
mod discord;
mod frames;
mod numbers;
mod questions;
mod rounds;

use rollcall_sandbox::{PhoneOptions, Phones};

use self::bots::{Constant, Rollcall};
use self::discord::Discord;

/// Agents in Mediatel's twin.
const AGENTS: usize = 10_000;
/// From which number the twin draws them.
const SEED: u64 = 7;
/// The argument that makes this program the constant bot.
const CONSTANT: &str = "--constant-bot";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, origin] = arguments.as_slice()
        && flag == CONSTANT
    {
        runtime().block_on(constant::run(origin));
    } else if arguments.iter().any(|argument| argument == "--bench") {
        runtime().block_on(measure());
    } else {
        println!("This benchmark runs under `cargo bench --bench gateway` only.");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

async fn measure() {
    let phones = Phones::start(PhoneOptions { agents: AGENTS, seed: SEED, ..PhoneOptions::default() })
        .await
        .expect("the phone system starts");
    questions::give_extensions(&phones.mediatel);
    let asked = questions::of(&phones.mediatel);
    let (to_us, to_constant) = (Discord::start().await, Discord::start().await);
    println!("Rollcall {}, {AGENTS} agents, {} processors", env!("CARGO_PKG_VERSION"), processors());
    if cfg!(debug_assertions) {
        println!("Not optimised: these figures say nothing.");
    }

    let mut rollcall = Rollcall::new(to_us.clone(), &phones);
    let first = rollcall.starts(&asked.whole).await;
    let constant = Constant::starts(&to_constant).await;
    let loaded = rollcall.memory();
    asked.used_by_the_lead(&to_us).await;

    rounds::run(&to_us, &to_constant, &asked).await;

    let (busy, constant_busy) = (rollcall.memory(), constant.memory());
    let mut again = Vec::new();
    for _ in 0..rounds::ROUNDS {
        rollcall.stops().await;
        again.push(rollcall.starts(&asked.whole).await);
    }
    bots::print_starts(&first, &again);
    bots::print_memory(&[
        ("rollcall, list just read", loaded),
        ("rollcall, after all questions", busy),
        ("rollcall, started from its store", rollcall.memory()),
        ("constant bot, after all questions", constant_busy),
    ]);
    rollcall.stops().await;
    constant.stops().await;
    for discord in [&to_us, &to_constant] {
        assert_eq!(discord.unexpected(), Vec::<String>::new(), "requests that the lean Discord does not know");
    }
    directory::run().await;
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}
