//! The questions, put to both bots in turn: one after another, then 64 at once, then commands that are written down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::discord::{Answer, Discord};
use crate::frames::{Act, LEAD};
use crate::numbers::{Spread, Times, millis, ratio};
use crate::questions::{Kind, Questions};

/// How often everything is repeated, so that the machine's noise shows.
pub(crate) const ROUNDS: usize = 3;
/// Questions of each kind in a round.
const COUNTED: usize = 2_000;
/// Questions before those, not counted.
const WARM_UP: usize = 200;
/// Commands in a round.
const COMMANDS: usize = 500;
/// Questions in a round with many under way.
const FLOOD: usize = 10_000;
/// How many are under way then.
const UNDER_WAY: usize = 64;
/// Commands of one person in a minute are limited, so each comes from somebody else.
static PEOPLE: AtomicU64 = AtomicU64::new(1);

/// What one bot took, round by round.
#[derive(Default)]
struct Taken(Vec<Times>);

impl Taken {
    fn p50(&self) -> Spread {
        Spread::of(self.0.iter().map(Times::p50))
    }

    fn p99(&self) -> Spread {
        Spread::of(self.0.iter().map(Times::p99))
    }
}

/// Puts all questions, and prints what came out.
pub(crate) async fn run(ours: &Arc<Discord>, theirs: &Arc<Discord>, asked: &Questions) {
    println!("\nFrom gateway frame to callback, µs: the median of {ROUNDS} rounds of {COUNTED} (least to most)");
    head();
    for kind in &asked.kinds {
        let (mut us, mut them) = (Taken::default(), Taken::default());
        for round in 0..ROUNDS {
            us.0.push(one_by_one(ours, kind, round, right).await);
            them.0.push(one_by_one(theirs, kind, round, |_, answer| answer.values().len() == 1).await);
        }
        row(kind.name, &us, &them);
    }
    let (mut us, mut them, mut whole) = (Taken::default(), Taken::default(), Taken::default());
    for round in 0..ROUNDS {
        let (acknowledged, answered) = commands(ours, &asked.commands, round).await;
        us.0.push(acknowledged);
        whole.0.push(answered);
        them.0.push(acknowledgements(theirs, &asked.commands, round).await);
    }
    row("/agent search, acknowledged", &us, &them);
    println!("  (written to the store, synced, before the acknowledgement; {COMMANDS} a round)");
    println!("  /agent search until its answer stands: p50 {} µs", whole.p50().micros());

    println!("\n{UNDER_WAY} under way, 3 characters, {FLOOD} a round: answers a second, and the slowest");
    for (name, discord) in [("rollcall", ours), ("constant bot", theirs)] {
        for _ in 0..ROUNDS {
            let (rate, slowest) = flood(discord, &asked.kinds[2]).await;
            println!("  {name:<14} {rate:>8.0}/s {:>8} ms", millis(slowest));
        }
    }
}

/// Whether our answer is one that helps: something is found, save where nothing is there.
fn right(kind: &Kind, answer: &Answer) -> bool {
    answer.values().is_empty() == (kind.name == "nothing found")
}

async fn one_by_one(discord: &Discord, kind: &Kind, round: usize, right: fn(&Kind, &Answer) -> bool) -> Times {
    let acts = kind.acts.iter().cycle().skip(round * (WARM_UP + COUNTED)).take(WARM_UP + COUNTED);
    let mut times = Vec::with_capacity(COUNTED);
    for (place, act) in acts.enumerate() {
        let answer = discord.asks(LEAD, act).await;
        assert!(right(kind, &answer), "{}: {}", kind.name, answer.body);
        if place >= WARM_UP {
            times.push(answer.took);
        }
    }
    Times::new(times)
}

async fn commands(discord: &Discord, acts: &[Act], round: usize) -> (Times, Times) {
    let (mut acknowledged, mut answered) = (Vec::new(), Vec::new());
    for act in acts.iter().cycle().skip(round * COMMANDS).take(COMMANDS) {
        let (answer, whole) = discord.asks_to_the_end(somebody(), act).await;
        assert_eq!(answer.body["type"], 5, "{}", answer.body);
        acknowledged.push(answer.took);
        answered.push(whole);
    }
    (Times::new(acknowledged), Times::new(answered))
}

async fn acknowledgements(discord: &Discord, acts: &[Act], round: usize) -> Times {
    let mut times = Vec::new();
    for act in acts.iter().cycle().skip(round * COMMANDS).take(COMMANDS) {
        times.push(discord.asks(somebody(), act).await.took);
    }
    Times::new(times)
}

fn somebody() -> u64 {
    LEAD + PEOPLE.fetch_add(1, Ordering::Relaxed)
}

async fn flood(discord: &Arc<Discord>, kind: &Kind) -> (f64, Duration) {
    let (acts, next) = (Arc::new(kind.acts.clone()), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let mut askers = tokio::task::JoinSet::new();
    for _ in 0..UNDER_WAY {
        let (discord, acts, next) = (Arc::clone(discord), Arc::clone(&acts), Arc::clone(&next));
        askers.spawn(async move {
            let mut slowest = Duration::ZERO;
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                if place >= FLOOD {
                    return slowest;
                }
                slowest = slowest.max(discord.asks(LEAD, &acts[place % acts.len()]).await.took);
            }
        });
    }
    let slowest = askers.join_all().await.into_iter().max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "for people to read")]
    let rate = FLOOD as f64 / began.elapsed().as_secs_f64();
    (rate, slowest)
}

fn head() {
    println!("  {:<27} {:>24} {:>8}   {:>24} {:>8} {:>7}", "", "rollcall p50", "p99", "constant p50", "p99", "ratio");
}

fn row(name: &str, us: &Taken, them: &Taken) {
    println!(
        "  {name:<27} {:>24} {:>8}   {:>24} {:>8} {:>7}",
        us.p50().micros(),
        us.p99().middle(),
        them.p50().micros(),
        them.p99().middle(),
        ratio(us.p50().median, them.p50().median),
    );
}
