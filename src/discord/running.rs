//! Opening and closing the door: gateway, interactions, courier and settler, from start to an orderly end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::Millis;
use serenity::all::{ApplicationId, GatewayIntents, UserId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::courier::Courier;
use super::door::{Door, Ticket};
use super::gateway::{Dispatch, Fatal, Gateway, Happening, SessionKeeper, Stats};
use super::message::{Message, Tone};
use super::turns::Turns;
use super::{Opening, Session, presses, reactions, register};
use crate::desk::{Absence, Desk};
use crate::ledger::{GatewaySession, Ledger, LedgerError};

/// Events that may wait to be looked at.
const WAITING: usize = 4_096;
/// How long what is under way may take after the end was asked for.
const FINISH_WITHIN: Duration = Duration::from_secs(9);
/// How long courier and settler may take to leave after that.
const LEAVE_WITHIN: Duration = Duration::from_millis(500);
/// How often what is past its time is removed from the store.
const TIDY_EVERY: Duration = Duration::from_hours(1);
/// A pause before Discord is asked again who the bot is.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// An interaction's token is good for so long.
const TOKEN_LIVES: Duration = Duration::from_mins(14);

/// A message's flag: the bot "is thinking …" (Discord, "Message Flags").
const LOADING: u64 = 1 << 7;

/// How the door stands, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// Not connected yet.
    Starting,
    /// Commands are registered and interactions are answered.
    Open,
}

/// Runs the bot until `stop` turns true.
///
/// # Errors
/// [`Fatal`] when Discord refuses the bot for good or stays out of reach.
pub async fn run(opening: Opening, running: watch::Sender<Running>, stop: watch::Receiver<bool>) -> Result<(), Fatal> {
    let (tell_application, application) = watch::channel(None);
    let Opening { desk, rest, token, guild, per_person, doctor, clock } = opening;
    let (tell_user, user) = watch::channel(None);
    let session = Session { application, user, opened_at: clock.now() };
    let door = Door::new(desk.clone(), rest.clone(), session.clone(), guild, per_person, doctor);
    let courier = Courier::new(desk.clone(), rest.clone(), session);
    // Interactions come whatever is asked for. Cards need to be told of reactions under them, and of messages, channels and
    // roles that are deleted; none of it is privileged, and what people write stays unread.
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::GUILD_MESSAGE_REACTIONS;
    let keeper = Arc::new(KeepSession(desk.ledger().clone()));
    let gateway = Gateway::new(rest.clone(), token, intents, keeper, clock);
    let stats = gateway.stats();
    let (events, mut dispatches) = mpsc::channel(WAITING);
    let (stop_helpers, helpers_stop) = watch::channel(false);

    // Before anybody can type: a keystroke right after the start is to be offered something.
    desk.warm_lists();
    let mut helpers = helpers(&desk, &courier, stats, helpers_stop);
    let mut gateway = tokio::spawn(gateway.run(events, stop));
    let mut taking = Taking::new(door, running, tell_application, tell_user);
    let ended = loop {
        tokio::select! {
            ended = &mut gateway => break ended.unwrap_or(Err(Fatal::OutOfReach)),
            dispatch = dispatches.recv() => if let Some(dispatch) = dispatch { taking.take(dispatch) },
            Some(_) = taking.interactions.join_next() => {}
            Some(_) = taking.looking.join_next() => {}
        }
    };
    // Nothing new is taken; what was taken from the gateway already (a later session does not replay it) and what is
    // under way may end.
    while let Ok(dispatch) = dispatches.try_recv() {
        if let Dispatch::Interaction(_) = &dispatch
            && taking.started
        {
            taking.take(dispatch);
        }
    }
    let mut interactions = taking.ends();
    let finish = async {
        while interactions.join_next().await.is_some() {}
        desk.all_at_rest().await;
        courier.last_round().await;
    };
    if tokio::time::timeout(FINISH_WITHIN, finish).await.is_err() {
        tracing::warn!("something was still under way; the journal settles it at the next start");
    }
    let _ = stop_helpers.send(true);
    let gone = async { while helpers.join_next().await.is_some() {} };
    if tokio::time::timeout(LEAVE_WITHIN, gone).await.is_err() {
        tracing::warn!("something is still being sent; the next start sends it again");
    }
    ended
}

/// What goes on beside interactions, until it is told to stop.
fn helpers(desk: &Desk, courier: &Courier, stats: Arc<Stats>, stop: watch::Receiver<bool>) -> JoinSet<()> {
    let mut helpers = JoinSet::new();
    let (courier, stopping) = (courier.clone(), stop.clone());
    helpers.spawn(async move { courier.run_until(stopped(stopping)).await });
    let (settler, stopping) = (desk.clone(), stop.clone());
    helpers.spawn(async move { settler.settle_until(stopped(stopping)).await });
    let (tending, stopping) = (desk.clone(), stop.clone());
    helpers.spawn(async move { tending.tend_requests_until(stopped(stopping)).await });
    let (beating, stopping) = (desk.clone(), stop.clone());
    helpers.spawn(async move { beat_until(beating, stats, stopped(stopping)).await });
    let ledger = desk.ledger().clone();
    helpers.spawn(async move { tidy_until(ledger, stopped(stop)).await });
    helpers
}

/// Takes what the gateway hands on, in its order.
struct Taking {
    door: Door,
    running: watch::Sender<Running>,
    tell_application: watch::Sender<Option<ApplicationId>>,
    tell_user: Arc<watch::Sender<Option<UserId>>>,
    /// What is under way.
    interactions: JoinSet<()>,
    /// The look at what was missed, beside everything else; one that a new connection overtakes begins anew.
    looking: JoinSet<()>,
    turns: Turns,
    /// Whether a connection was whole once.
    started: bool,
}

impl Taking {
    fn new(
        door: Door,
        running: watch::Sender<Running>,
        tell_application: watch::Sender<Option<ApplicationId>>,
        tell_user: watch::Sender<Option<UserId>>,
    ) -> Self {
        Self {
            door,
            running,
            tell_application,
            tell_user: Arc::new(tell_user),
            interactions: JoinSet::new(),
            looking: JoinSet::new(),
            turns: Turns::default(),
            started: false,
        }
    }

    fn take(&mut self, dispatch: Dispatch) {
        let door = self.door.clone();
        match dispatch {
            // Told before the connection is whole, after a long absence. Asked here, where events come in their order: by
            // the time it is handled, the connection is whole. The look under the cards tells what it is worth.
            Dispatch::Happened(Happening::Reacted(_) | Happening::Unreacted(_)) if door.desk.is_away() => {}
            Dispatch::Happened(happening) => {
                let turn = self.turns.next(&happening);
                self.interactions.spawn(async move { reactions::happened(&door, happening, turn).await });
            }
            Dispatch::Ready { application, user } => self.begins(application, Some(user)),
            Dispatch::Resumed { application } => self.begins(application, None),
            Dispatch::Interaction(interaction) => {
                self.interactions.spawn(async move { door.interaction(*interaction).await });
            }
            Dispatch::UnreadableInteraction { id, token, kind } => {
                tracing::error!(interaction.id = %id, kind, "an interaction could not be read");
                self.interactions.spawn(async move {
                    // An autocomplete takes no sentence.
                    if kind != 4 {
                        door.unknown(&Ticket { id, token }).await;
                    }
                });
            }
            Dispatch::IdentifyBudgetSpent { until } => {
                tracing::error!(until_ms = until.0, "too many IDENTIFYs in 24 hours: not connecting before then");
            }
        }
    }

    /// The connection is whole: by a fresh session, which tells who the bot is, or by one that goes on.
    fn begins(&mut self, application: ApplicationId, user: Option<UserId>) {
        let _ = self.tell_application.send(Some(application));
        let first = !std::mem::replace(&mut self.started, true);
        let absence = self.door.desk.back_in_touch();
        self.looking.abort_all();
        let (door, tell_user) = (self.door.clone(), Arc::clone(&self.tell_user));
        let told = self.turns.standing();
        self.looking.spawn(async move {
            who_am_i(&door, user, &tell_user).await;
            // What was told before is older than what a look finds: a ✅ that was taken back would else be found gone, then
            // be told as given, and taken back once more.
            told.are_done().await;
            // A session that goes on told everything that was missed, unless this process never saw it.
            if first || user.is_some() || absence == Absence::Long {
                reactions::look_under_cards(&door, absence).await;
            } else {
                door.desk.missed_nothing().await;
            }
        });
        let (door, running) = (self.door.clone(), self.running.clone());
        self.interactions.spawn(async move {
            if first {
                answer_left_over(&door).await;
            }
            register::register(&door.rest, application, door.guild).await;
            let _ = running.send(Running::Open);
        });
    }

    /// Nothing more is taken; what is under way. Whoever still waits to learn which application this is waits in vain.
    fn ends(mut self) -> JoinSet<()> {
        self.looking.abort_all();
        self.interactions
    }
}

/// Learns which user the bot is: from the session's start, or by asking.
async fn who_am_i(door: &Door, told: Option<UserId>, tell: &watch::Sender<Option<UserId>>) {
    if tell.borrow().is_some() {
        return;
    }
    let mut known = told;
    while known.is_none() {
        match door.rest.current_user().await {
            Ok(me) => known = Some(me.id),
            Err(error) => {
                tracing::warn!(%error, "Discord does not say who the bot is; reactions wait");
                tokio::time::sleep(ASK_AGAIN).await;
            }
        }
    }
    let _ = tell.send(known);
}

/// Notes again and again that the bot is connected, while it is.
async fn beat_until(desk: Desk, stats: Arc<Stats>, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let every = reactions::BEAT_EVERY.min(desk.stale_after() / 3);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(every) => {}
        }
        if stats.is_connected() {
            desk.beat().await;
        } else {
            desk.lost_touch();
        }
    }
}

/// Tells people whose command a crash cut off before anything was recorded.
async fn answer_left_over(door: &Door) {
    let left = match door.desk.ledger().unanswered().await {
        Ok(left) => left,
        Err(error) => return tracing::error!(%error, "interactions without an answer cannot be read"),
    };
    for interaction in left {
        // Those of this process have their own tasks.
        if interaction.seen_at >= door.session.opened_at {
            continue;
        }
        let ticket = Ticket { id: interaction.id, token: interaction.token };
        if door.desk.now().since(interaction.seen_at) < TOKEN_LIVES && still_waits(door, &ticket).await {
            let sorry = Message::card(Tone::Bad, "I was restarted before I could answer")
                .says("Nothing was changed. Please do it once more.");
            door.finish(&ticket, &sorry).await;
        }
        door.done_with(&ticket).await;
    }
}

/// Whether its person may still be waiting: an answer that was given, but not noted any more, is left alone.
async fn still_waits(door: &Door, ticket: &Ticket) -> bool {
    let Some(application) = door.session.application().await else { return false };
    match door.rest.get_reply(application, &ticket.token).await {
        Ok(reply) => {
            let thinking = reply.flags & LOADING != 0;
            let on_it = || reply.embeds.iter().any(|embed| embed["title"] == presses::ON_IT);
            match reply.answers(ticket.id) {
                Some(true) => thinking,
                // The answer to a command, on which a button was pressed.
                Some(false) => on_it(),
                None => thinking || on_it(),
            }
        }
        Err(error) => {
            tracing::debug!(%error, "what an interaction shows could not be read");
            true
        }
    }
}

async fn tidy_until(ledger: Ledger, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        if let Err(error) = ledger.tidy().await {
            tracing::warn!(%error, "what is past its time could not be removed from the store");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
    }
}

/// Resolves once `stop` turns true, or its sender is gone.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The gateway's session, kept in the ledger.
struct KeepSession(Ledger);

#[async_trait]
impl SessionKeeper for KeepSession {
    async fn identifies_since(&self, since: Millis) -> Result<u32, LedgerError> {
        self.0.identifies_since(since).await
    }

    async fn count_identify(&self) -> Result<(), LedgerError> {
        self.0.identify().await
    }

    async fn save_session(&self, session: Option<&GatewaySession>) -> Result<(), LedgerError> {
        self.0.save_session(session).await
    }

    async fn session(&self) -> Result<Option<GatewaySession>, LedgerError> {
        self.0.session().await
    }
}
