//! Plays an order: on the world, on the desk and on the model, and compares them after each deed.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rollcall_commands::AgentText;
use rollcall_telephony::{Clock as _, Millis};
use serenity::model::id::{InteractionId, MessageId};

use super::super::life::{Cut, Life, World, settings};
use super::super::phone::record;
use super::deeds::{Answers, Deed, Who};
use super::events::{self, Event};
use super::judge;
use super::model::{Facts, Model, Seen, Worth};
use crate::config::Config;
use crate::desk::{Absence, Asked, Desk, Fate};
use crate::ledger::{RequestId, RequestState, Via};
use crate::policy::Actor;

/// Between two deeds. Whoever did not answer is asked again within that time.
const MINUTE: Duration = Duration::from_secs(61);
const LIFETIME: Duration = Duration::from_hours(2);
pub(super) const STALE_AFTER: Duration = Duration::from_mins(15);

/// The settings for thresholds 1, 2 and 3. Nobody is reminded: the reminders have tests of their own.
static SETTINGS: LazyLock<[Arc<Config>; 3]> = LazyLock::new(|| {
    [1, 2, 3].map(|threshold| settings(&format!("threshold = {threshold}\nexpires = \"2h\"\nremind = \"3h\"")))
});

/// The gateway.
#[derive(Debug)]
pub(super) enum Gateway {
    /// It tells what happens.
    Whole,
    /// It does not; what it would tell should the session go on.
    Lost(Vec<Event>),
}

/// An order that is being played.
pub(super) struct Play {
    pub(super) world: World,
    pub(super) life: Option<Life>,
    pub(super) model: Model,
    pub(super) request: RequestId,
    /// The card that is there now.
    pub(super) card: Option<MessageId>,
    /// The card as the bot knows it.
    pub(super) known: Option<MessageId>,
    pub(super) messages: u64,
    /// Who pressed "Approve".
    pub(super) pressed: Vec<Who>,
    pub(super) steady: Duration,
    pub(super) gateway: Gateway,
    /// Everything up to here is known, by the wall clock and, in one life, by the one that nobody sets.
    pub(super) known_until: (Millis, Option<Duration>),
    /// A look under the cards that Discord did not answer.
    pub(super) unread: Option<Absence>,
    heard: Vec<Event>,
    /// What was true when a crash cut a deed off: the model learns from the ledger how far it came.
    cut: Option<Facts>,
}

pub(super) type Played = Result<(), String>;

impl Play {
    /// The agent is disabled, and its delete is asked for.
    pub(super) fn begins(threshold: u32) -> Self {
        let world = World::new(Arc::clone(&SETTINGS[threshold as usize - 1]));
        let now = world.clock.now();
        let model = Model {
            threshold: threshold as usize,
            state: RequestState::Pending,
            said: Vec::new(),
            expires: (now + LIFETIME, LIFETIME),
            sent: 0,
            waits: false,
            crowded: false,
        };
        let mut play = Self {
            life: Some(Life::begins(&world)),
            world,
            model,
            request: RequestId(0),
            card: None,
            known: None,
            messages: 1_000,
            pressed: Vec::new(),
            steady: Duration::ZERO,
            gateway: Gateway::Whole,
            known_until: (now, Some(Duration::ZERO)),
            unread: None,
            heard: Vec::new(),
            cut: None,
        };
        play.people_come();
        let life = play.life.as_ref().unwrap();
        let requester = play.actor(Who::Requester).unwrap();
        play.request = life.does(async {
            let desk = &life.desk;
            let absence = desk.back_in_touch();
            desk.look_under_cards(absence).await.unwrap();
            let asked = Asked { interaction: InteractionId::new(1) };
            desk.ask_delete(&requester, &AgentText("mediatel:7".to_owned()), "leaver", asked).await.unwrap();
            desk.tend_requests().await.unwrap();
            desk.ledger().open_requests().await.unwrap()[0].id
        });
        play.courier();
        play
    }

    /// One deed, and the minute after it.
    pub(super) fn on(&mut self, deed: &Deed) -> Played {
        match deed {
            Deed::CutOff(deed, cut) => self.does(deed, Some(*cut))?,
            deed => self.does(deed, None)?,
        }
        self.passes(MINUTE)
    }

    /// Everybody answers again, and time goes by: it must be settled, and rightly.
    pub(super) fn ends(&mut self) -> Played {
        for deed in [Deed::Discord(Answers::Again), Deed::Phone(Answers::Again), Deed::Start, Deed::GatewayAnew] {
            self.does(&deed, None)?;
        }
        self.world.phone.now().trouble = None;
        self.passes(MINUTE)?;
        // A lost answer is looked for, and a request that nobody decides expires.
        for time in [2 * LIFETIME, MINUTE, MINUTE] {
            if !self.model.state.is_settled() {
                self.passes(time)?;
            }
        }
        judge::at_the_end(self)
    }

    fn does(&mut self, deed: &Deed, cut: Option<Cut>) -> Played {
        let lost = matches!(self.gateway, Gateway::Lost(_));
        match deed {
            Deed::CutOff(..) => return Err("a crash is not cut off".to_owned()),
            Deed::Waits(minutes) => return self.passes(Duration::from_mins(u64::from(*minutes))),
            Deed::ClockSet(minutes) => self.world.clock.set_by(*minutes),
            Deed::Discord(answers) => self.world.town.now().silent = *answers == Answers::Not,
            Deed::Phone(answers) => self.world.phone.now().silent = *answers == Answers::Not,
            Deed::Delete(trouble) => self.world.phone.now().trouble = Some(*trouble),
            Deed::Crash => self.crashes(),
            Deed::Start if self.life.is_none() => self.starts(cut)?,
            Deed::GatewayLost if self.life.is_some() && !lost => {
                self.desk().lost_touch();
                self.gateway = Gateway::Lost(Vec::new());
            }
            Deed::GatewayAnew if self.life.is_some() && lost => {
                self.gateway = Gateway::Whole;
                let absence = self.back_in_touch()?;
                self.looks(absence, cut)?;
            }
            Deed::GatewayResumed if self.life.is_some() => self.resumes()?,
            Deed::EventsAgain(events) if self.life.is_some() && !lost => {
                let again = self.heard.iter().rev().filter(|event| event.comes_again()).take(*events);
                let again: Vec<Event> = again.cloned().collect();
                again.into_iter().rev().try_for_each(|event| self.hears(event))?;
            }
            Deed::Start | Deed::GatewayLost | Deed::GatewayAnew | Deed::GatewayResumed | Deed::EventsAgain(_) => {}
            Deed::AtOnce(deed, other) => {
                let events = [self.happens(deed), self.happens(other)];
                self.at_once(events.into_iter().flatten().collect())?;
            }
            deed => {
                if let Some(event) = self.happens(deed) {
                    self.told(event, cut)?;
                }
            }
        }
        Ok(())
    }

    /// The gateway tells of it, if it can.
    pub(super) fn told(&mut self, event: Event, cut: Option<Cut>) -> Played {
        match (&mut self.gateway, &self.life) {
            (_, None) => Ok(()),
            (Gateway::Lost(missed), Some(_)) => {
                missed.extend(event.comes_again().then_some(event));
                Ok(())
            }
            (Gateway::Whole, Some(_)) => {
                let Some(cut) = cut else {
                    self.heard.push(event.clone());
                    return self.hears(event);
                };
                self.pressed.extend(event.approves());
                let (desk, request, actor) = (self.desk(), self.request, self.actor_of(&event));
                self.cut_off(cut, async move { event.tell(desk, request, actor).await });
                Ok(())
            }
        }
    }

    /// The desk hears of an event, and so does the model.
    pub(super) fn hears(&mut self, event: Event) -> Played {
        self.pressed.extend(event.approves());
        let (now, was, away) = (self.facts(), self.model.state, self.is_away());
        self.model_hears(&event, &now, away);
        let (desk, request, actor) = (self.desk(), self.request, self.actor_of(&event));
        let life = self.life.as_ref().unwrap();
        let (fate, heard) = life.does(event.clone().tell(desk, request, actor));
        life.rests();
        judge::claim(self, was, &now)?;
        judge::answer(self, was, &event, heard)?;
        self.goes(fate, event)
    }

    /// The desk hears of several events in the same moment; which comes first the ledger tells.
    fn at_once(&mut self, events: Vec<Event>) -> Played {
        if self.life.is_none() || matches!(self.gateway, Gateway::Lost(_)) {
            return events.into_iter().try_for_each(|event| self.told(event, None));
        }
        self.heard.extend(events.iter().cloned());
        self.pressed.extend(events.iter().filter_map(Event::approves));
        let then = self.facts();
        let telling = events.iter().map(|event| event.clone().tell(self.desk(), self.request, self.actor_of(event)));
        let telling = futures_util::future::join_all(telling.collect::<Vec<_>>());
        let life = self.life.as_ref().unwrap();
        let fates = life.does(telling);
        life.rests();
        self.goes_on_from_the_ledger(&then)?;
        for (event, (fate, _)) in events.into_iter().zip(fates) {
            self.goes(fate, event)?;
        }
        // Somebody may have been heard under a card that was gone by then: the next one tells.
        self.courier();
        Ok(())
    }

    /// A reaction that does not count is taken away.
    fn goes(&mut self, fate: Option<Fate>, event: Event) -> Played {
        match (fate, event) {
            (Some(Fate::Goes), Event::Reacted(reaction)) if self.take_away(&reaction) => {
                self.told(Event::Unreacted(reaction), None)
            }
            (_, _) => Ok(()),
        }
    }

    fn model_hears(&mut self, event: &Event, now: &Facts, away: bool) {
        match event {
            Event::Reacted(_) | Event::Unreacted(_) if away => {}
            Event::Reacted(reaction) => {
                if let Some((person, verdict)) = events::says(reaction)
                    && Some(reaction.message) == self.known
                    && self.model.says(person, Via::Reaction, verdict, Worth::Unchecked)
                {
                    self.model.weighs(now);
                }
            }
            Event::Unreacted(reaction) => {
                if let (Some((person, verdict)), true) = (events::says(reaction), Some(reaction.message) == self.known)
                {
                    self.model.unsays(Some(person), Some(verdict));
                }
            }
            Event::Cleared(message, verdict) if Some(*message) == self.known => self.model.unsays(None, *verdict),
            Event::CardGone(message) if Some(*message) == self.known => self.model.unsays(None, None),
            Event::Cleared(..) | Event::CardGone(_) => {}
            Event::RoleGone => self.model.counts_approvers(now),
            Event::Pressed(who, verdict) => {
                self.model.says(who.id(), Via::Button, *verdict, Worth::Unchecked);
                self.model.weighs(now);
            }
            Event::Cancelled(who) => self.model.cancels(*who, now),
        }
    }

    /// Time passes on both clocks; then whatever is due is done.
    fn passes(&mut self, time: Duration) -> Played {
        self.world.clock.advance(time);
        self.steady += time;
        let Some(life) = &self.life else { return Ok(()) };
        life.time_passes(time);
        if matches!(self.gateway, Gateway::Whole) && self.unread.is_none() {
            life.does(life.desk.beat());
            self.all_known();
        }
        let (now, was) = (self.facts(), self.model.state);
        let over = now.wall >= self.model.expires.0 || now.steady >= self.model.expires.1;
        if self.model.waits || over {
            self.model.weighs(&now);
        }
        if was == RequestState::Executing {
            self.model.acts(&now);
        }
        let life = self.life.as_ref().unwrap();
        life.does(life.desk.tend_requests()).unwrap();
        life.rests();
        life.does(life.desk.settle_due());
        life.rests();
        judge::claim(self, was, &now)?;
        if let (Some(absence), false) = (self.unread, now.town.silent) {
            self.looks(absence, None)?;
        }
        self.courier();
        judge::compares(self)
    }

    fn crashes(&mut self) {
        self.life = None;
        self.gateway = Gateway::Whole;
        self.unread = None;
        self.known_until.1 = None;
        self.heard.clear();
    }

    pub(super) fn cut_off(&mut self, cut: Cut, work: impl Future) {
        self.cut = Some(self.facts());
        if let Some(life) = self.life.take() {
            life.does_until(cut, &self.world.trap, work);
        }
        self.crashes();
    }

    /// The bot starts, and finishes first what an earlier life left.
    fn starts(&mut self, cut: Option<Cut>) -> Played {
        self.life = Some(Life::begins(&self.world));
        self.learns()?;
        let now = self.facts();
        // A clock that was set back gives no more time than was left, as far as the bot can know.
        let left = self.model.expires.0.since(now.wall.max(self.known_until.0));
        self.model.expires.1 = self.steady + left.min(LIFETIME);
        self.model.acts(&now);
        let life = self.life.as_ref().unwrap();
        life.does(life.desk.settle_due());
        life.rests();
        let absence = self.back_in_touch()?;
        self.looks(absence, cut)
    }

    /// After a deed that was cut off, the model goes on from what the ledger has of it.
    fn learns(&mut self) -> Played {
        match self.cut.take() {
            None => Ok(()),
            Some(then) => self.goes_on_from_the_ledger(&then),
        }
    }

    fn goes_on_from_the_ledger(&mut self, then: &Facts) -> Played {
        let was = std::mem::replace(&mut self.model.state, RequestState::Pending);
        let life = self.life.as_ref().unwrap();
        let ledger = life.desk.ledger().clone();
        let (request, ballots, beat) = life.does(async {
            let request = ledger.request(self.request).await.unwrap().unwrap();
            (request, ledger.ballots(self.request).await.unwrap(), ledger.last_beat().await.unwrap())
        });
        let intent = life.does(async {
            match request.intent {
                Some(intent) => ledger.intent(intent).await.unwrap(),
                None => None,
            }
        });
        self.known_until.0 = beat.unwrap_or(self.known_until.0);
        self.model.state = request.state;
        self.model.sent = intent.map_or(0, |intent| intent.attempts);
        self.model.said = judge::said(&ballots);
        self.model.waits = self.model.said.iter().any(|s| s.worth == Worth::Unchecked)
            || self.model.approving().len() >= self.model.threshold;
        self.known = self.card_known();
        judge::claim(self, was, then)
    }

    pub(super) fn desk(&self) -> Desk {
        self.life.as_ref().unwrap().desk.clone()
    }

    /// What is true now.
    pub(super) fn facts(&self) -> Facts {
        let (town, line) = (self.world.town.now().clone(), self.world.phone.now().clone());
        let seen = match &line.agent {
            _ if line.silent => Seen::Untold,
            None => Seen::Gone,
            Some(agent) if agent.fingerprint() == record().fingerprint() => Seen::Same,
            Some(_) => Seen::Changed,
        };
        let under = self.card.and_then(|card| town.cards.get(&card).cloned());
        let wall = self.world.clock.now();
        Facts { wall, steady: self.steady, town, under, record: seen, trouble: line.trouble }
    }

    fn actor_of(&self, event: &Event) -> Option<Actor> {
        match event {
            Event::Cancelled(who) => self.actor(*who),
            _ => None,
        }
    }

    fn actor(&self, who: Who) -> Option<Actor> {
        let town = self.world.town.now();
        let member = town.members.get(&who.id())?;
        Some(Actor { id: member.id, name: member.name.clone(), roles: member.roles.clone() })
    }
}
