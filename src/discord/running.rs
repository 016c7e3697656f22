//! Opening and closing the door: gateway, interactions, courier and settler, from start to an orderly end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rollcall_telephony::Millis;
use serenity::all::{GatewayIntents, UserId};
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
    let tell_user = Arc::new(tell_user);
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

    let mut helpers = JoinSet::new();
    {
        let (courier, stop) = (courier.clone(), helpers_stop.clone());
        helpers.spawn(async move { courier.run_until(stopped(stop)).await });
        let (settler, stop) = (desk.clone(), helpers_stop.clone());
        helpers.spawn(async move { settler.settle_until(stopped(stop)).await });
        let (tending, stop) = (desk.clone(), helpers_stop.clone());
        helpers.spawn(async move { tending.tend_requests_until(stopped(stop)).await });
        let (beating, stop) = (desk.clone(), helpers_stop.clone());
        helpers.spawn(async move { beat_until(beating, stats, stopped(stop)).await });
        let (ledger, stop) = (desk.ledger().clone(), helpers_stop);
        helpers.spawn(async move { tidy_until(ledger, stopped(stop)).await });
    }
    let mut gateway = tokio::spawn(gateway.run(events, stop));
    let mut interactions = JoinSet::new();
    // What was missed is looked up beside everything else; a look that a new connection overtakes begins anew.
    let mut looking = JoinSet::new();
    let mut turns = Turns::default();
    let mut started = false;
    let ended = loop {
        tokio::select! {
            ended = &mut gateway => break ended.unwrap_or(Err(Fatal::OutOfReach)),
            dispatch = dispatches.recv() => match dispatch {
                None => {}
                // Told before the connection is whole, after a long absence. Asked here, where events come in their order: by
                // the time it is handled, the connection is whole. The look under the cards tells what it is worth.
                Some(Dispatch::Happened(Happening::Reacted(_) | Happening::Unreacted(_))) if desk.is_away() => {}
                Some(Dispatch::Happened(happening)) => {
                    let door = door.clone();
                    let turn = turns.next(&happening);
                    interactions.spawn(async move { reactions::happened(&door, happening, turn).await });
                }
                Some(begun @ (Dispatch::Ready { .. } | Dispatch::Resumed { .. })) => {
                    let (application, user) = match begun {
                        Dispatch::Ready { application, user } => (application, Some(user)),
                        Dispatch::Resumed { application } => (application, None),
                        _ => continue,
                    };
                    let _ = tell_application.send(Some(application));
                    let absence = desk.back_in_touch();
                    let (door, running, tell_user) = (door.clone(), running.clone(), Arc::clone(&tell_user));
                    looking.abort_all();
                    let first = !std::mem::replace(&mut started, true);
                    let at_cards = door.clone();
                    looking.spawn(async move {
                        who_am_i(&at_cards, user, &tell_user).await;
                        // A session that goes on told everything that was missed, unless this process never saw it.
                        if first || user.is_some() || absence == Absence::Long {
                            reactions::look_under_cards(&at_cards, absence).await;
                        } else {
                            at_cards.desk.missed_nothing().await;
                        }
                    });
                    interactions.spawn(async move {
                        if first {
                            answer_left_over(&door).await;
                        }
                        register::register(&door.rest, application, door.guild).await;
                        let _ = running.send(Running::Open);
                    });
                }
                Some(Dispatch::Interaction(interaction)) => {
                    let door = door.clone();
                    interactions.spawn(async move { door.interaction(*interaction).await });
                }
                Some(Dispatch::UnreadableInteraction { id, token, kind }) => {
                    tracing::error!(interaction.id = %id, kind, "an interaction could not be read");
                    let door = door.clone();
                    interactions.spawn(async move {
                        // An autocomplete takes no sentence.
                        if kind != 4 {
                            door.unknown(&Ticket { id, token }).await;
                        }
                    });
                }
                Some(Dispatch::IdentifyBudgetSpent { until }) => {
                    tracing::error!(until_ms = until.0, "too many IDENTIFYs in 24 hours: not connecting before then");
                }
            },
            Some(_) = interactions.join_next() => {}
            Some(_) = looking.join_next() => {}
        }
    };
    looking.abort_all();
    // Nothing new is taken; what was taken from the gateway already (a later session does not replay it) and what is
    // under way may end.
    while let Ok(dispatch) = dispatches.try_recv() {
        if let Dispatch::Interaction(interaction) = dispatch
            && started
        {
            let door = door.clone();
            interactions.spawn(async move { door.interaction(*interaction).await });
        }
    }
    // Whoever still waits to learn which application this is waits in vain.
    drop(tell_application);
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
