//! Killing the bot at the n-th request it makes, and people who cope with it.
//!
//! From outside only: the hooks of the local Discord and of the phone systems see a request and end the process.
//! "On arrival" means that nothing was done; "answering" that it was done and the bot never learnt of it.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use rollcall_sandbox::mediatel::{Hook, Moment as AtPhone};
use rollcall_sandbox::{Modal, Moment as AtDiscord, Person, Phones, Posted, Reply, Sandbox, Trouble, What};
use tokio::sync::{Notify, watch};

use crate::world::World;

/// How long after the last effect a kill may come.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// How many worlds run at once.
const AT_ONCE: usize = 4;
/// A person tries a thing so often before they complain.
pub const TRIES: usize = 4;

/// Whom the bot asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Discord,
    Mediatel,
    Erix,
    Voicenter,
}

impl Asked {
    const ALL: [Self; 4] = [Self::Discord, Self::Mediatel, Self::Erix, Self::Voicenter];
}

/// How many requests there were, to whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    pub discord: u64,
    pub mediatel: u64,
    pub erix: u64,
    pub voicenter: u64,
}

impl Counted {
    const fn of(self, asked: Asked) -> u64 {
        match asked {
            Asked::Discord => self.discord,
            Asked::Mediatel => self.mediatel,
            Asked::Erix => self.erix,
            Asked::Voicenter => self.voicenter,
        }
    }
}

/// When the bot is killed: at its `number`-th request since it was armed.
#[derive(Clone, Copy, Debug)]
pub struct Kill {
    pub asked: Asked,
    pub number: u64,
    pub done: Done,
}

/// Whether the request was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    No,
    Yes,
}

/// Counts the requests of an undisturbed run, then kills at each of them, before and after it was done.
pub async fn at_each_request<J, P, F>(job: J, plays: P)
where
    J: Copy + Debug,
    P: Fn(J, Option<Kill>) -> F,
    F: Future<Output = Counted>,
{
    let begun = Instant::now();
    let counted = plays(job, None).await;
    let of = |asked| {
        let numbers = 1..=counted.of(asked);
        numbers.flat_map(move |number| [Done::No, Done::Yes].map(|done| Kill { asked, number, done }))
    };
    let kills: Vec<Kill> = Asked::ALL.into_iter().flat_map(of).collect();
    let worlds = kills.len();
    let plays = &plays;
    let failed: Vec<String> = stream::iter(kills)
        .map(|kill| async move {
            let world = std::panic::AssertUnwindSafe(plays(job, Some(kill)));
            let outcome = world.catch_unwind().await;
            outcome.err().map(|why| {
                let why = why.downcast_ref::<String>().map_or("?", String::as_str);
                format!("{kill:?}: {why}")
            })
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    println!("{job:?}: {counted:?}, {worlds} kills in {:.1} s", begun.elapsed().as_secs_f64());
    assert!(failed.is_empty(), "{} of {worlds} kills of a {job:?} ended badly:\n{}", failed.len(), failed.join("\n\n"));
}

/// A kill that waits for its request, and whether the bot is there.
#[derive(Clone)]
pub struct Armed {
    counters: Arc<[AtomicU64; 4]>,
    killed: Arc<Notify>,
    up: watch::Sender<bool>,
    kill: Option<Kill>,
}

impl Armed {
    /// Counts requests from now on, and kills at the one that is asked for.
    pub fn set(world: &World, kill: Option<Kill>) -> Self {
        let armed = Self { counters: Arc::default(), killed: Arc::default(), up: watch::Sender::new(true), kill };
        let (this, bot) = (armed.clone(), world.bot.clone());
        world.sandbox.on_request(Arc::new(move |moment, _| {
            let done = if moment == AtDiscord::Arrived { Done::No } else { Done::Yes };
            let strikes = this.strikes(Asked::Discord, done);
            let (this, bot) = (this.clone(), bot.clone());
            Box::pin(async move {
                if strikes {
                    this.kills(&bot, done).await;
                }
            })
        }));
        let phone = |asked| armed.phone_hook(world, asked);
        hook_phones(&world.phones, phone(Asked::Mediatel), phone(Asked::Erix), phone(Asked::Voicenter));
        armed
    }

    fn phone_hook(&self, world: &World, asked: Asked) -> Hook {
        let (this, bot) = (self.clone(), world.bot.clone());
        Arc::new(move |moment, _| {
            let done = if moment == AtPhone::Before { Done::No } else { Done::Yes };
            let strikes = this.strikes(asked, done);
            let (this, bot) = (this.clone(), bot.clone());
            Box::pin(async move {
                if strikes {
                    this.kills(&bot, done).await;
                }
            })
        })
    }

    /// Requests are counted on arrival; answers come in the same order, as a rule, and are counted apart.
    fn strikes(&self, asked: Asked, done: Done) -> bool {
        let counter = &self.counters[asked as usize];
        // The lower half counts arrivals, the upper half answers.
        let (step, shift) = if done == Done::No { (1, 0) } else { (1 << 32, 32) };
        let number = ((counter.fetch_add(step, Ordering::SeqCst) + step) >> shift) & 0xffff_ffff;
        self.kill.is_some_and(|kill| kill.asked == asked && kill.done == done && kill.number == number)
    }

    async fn kills(&self, bot: &crate::world::Bot, done: Done) {
        self.up.send_replace(false);
        bot.is_killed();
        self.killed.notify_one();
        if done == Done::No {
            // The request never reaches whoever would do it.
            std::future::pending::<()>().await;
        }
    }

    /// How many requests there were.
    pub fn counted(&self) -> Counted {
        let arrived = |asked: Asked| self.counters[asked as usize].load(Ordering::SeqCst) & 0xffff_ffff;
        Counted {
            discord: arrived(Asked::Discord),
            mediatel: arrived(Asked::Mediatel),
            erix: arrived(Asked::Erix),
            voicenter: arrived(Asked::Voicenter),
        }
    }

    /// Lets people act; when the bot is killed meanwhile, starts it again.
    pub async fn while_people<T>(&self, world: &World, people: impl Future<Output = T>) -> T {
        tokio::pin!(people);
        let finished = tokio::select! {
            finished = &mut people => Some(finished),
            () = self.killed.notified() => None,
        };
        let Some(finished) = finished else { return tokio::join!(people, self.bot_is_restarted(world)).0 };
        // The last request may show its effect a moment before its hook kills.
        if self.kill.is_some() && tokio::time::timeout(LAST_MOMENT, self.killed.notified()).await.is_ok() {
            self.bot_is_restarted(world).await;
        }
        finished
    }

    async fn bot_is_restarted(&self, world: &World) {
        world.bot_is_gone().await;
        bot_comes_back(world).await;
        self.up.send_replace(true);
    }

    async fn bot_is_up(&self) {
        // A kill is noticed by its hook first: the flag is down before any person could learn of it.
        self.up.subscribe().wait_for(|up| *up).await.unwrap();
    }

    /// Types a line until it is taken; `None`: the bot asks to do it once more.
    pub async fn types(&self, person: &Person, line: &str) -> Option<Reply> {
        self.bot_is_up().await;
        Self::read(person.try_types(line).await)
    }

    /// Presses a button; `None`: it has to be pressed once more, where it still stands.
    pub async fn presses(&self, person: &Person, message: &Posted, label: &str) -> Option<Reply> {
        self.bot_is_up().await;
        if !message.buttons().iter().any(|b| b == label) {
            return None;
        }
        Self::read(person.try_presses(message, label).await)
    }

    /// Submits a form; `None`: the bot asks to do it once more, or never learnt of it.
    pub async fn submits(&self, person: &Person, form: &Modal, typed: &[(&str, &str)]) -> Option<Reply> {
        self.bot_is_up().await;
        Self::read(person.try_submits(form, typed).await)
    }

    fn read(answer: Result<Reply, Trouble>) -> Option<Reply> {
        match answer {
            Ok(reply) if reply.text().contains("restarted before I could answer") => None,
            Ok(reply) => Some(reply),
            // "The application did not respond": it was never acknowledged, so nothing may have been done.
            Err(trouble) if matches!(trouble.what(), What::NotAnswered(_) | What::BotAway(_)) => None,
            Err(trouble) => panic!("{trouble}"),
        }
    }
}

/// Nothing is counted, and nobody killed, from now on.
pub fn disarm(world: &World) {
    let idle = || -> Hook { Arc::new(|_, _| Box::pin(std::future::ready(()))) };
    world.sandbox.off_request();
    hook_phones(&world.phones, idle(), idle(), idle());
}

fn hook_phones(phones: &Phones, mediatel: Hook, erix: Hook, voicenter: Hook) {
    phones.mediatel.on_request(mediatel);
    phones.erix.on_request(erix);
    phones.voicenter.on_request(voicenter);
}

/// Starts the bot after an end, and waits until its session goes on or a new one begins.
pub async fn bot_comes_back(world: &World) {
    let sessions = |sandbox: &Sandbox| sandbox.identified().len() + sandbox.resumed().len();
    let before = sessions(&world.sandbox);
    world.bot_is_started();
    world.sandbox.until("the bot to come back", Duration::from_secs(30), |s| sessions(s) > before).await;
}
