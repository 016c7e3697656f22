//! Absences: what the gateway does not tell, the look under the card afterwards, and the courier that posts cards.

use rollcall_telephony::Clock as _;
use serenity::model::id::MessageId;

use super::super::life::Cut;
use super::deeds::Who;
use super::events::{self, Event};
use super::judge;
use super::model::{Facts, Worth, people};
use super::play::{Gateway, Play, Played, STALE_AFTER};
use crate::desk::{Absence, Reactions};
use crate::ledger::{BallotVerdict, CopyKind, Posted, RequestState, Via};

impl Play {
    /// The session goes on: it tells what was missed, which is too late after a long absence.
    pub(super) fn resumes(&mut self) -> Played {
        let Gateway::Lost(missed) = &mut self.gateway else { return Ok(()) };
        let missed = std::mem::take(missed);
        missed.into_iter().try_for_each(|event| self.hears(event))?;
        self.gateway = Gateway::Whole;
        match self.back_in_touch()? {
            Absence::Long => self.looks(Absence::Long, None),
            Absence::Short => {
                let life = self.life.as_ref().unwrap();
                life.does(life.desk.missed_nothing());
                self.unread = None;
                self.all_known();
                Ok(())
            }
        }
    }

    pub(super) fn back_in_touch(&mut self) -> Result<Absence, String> {
        let life = self.life.as_ref().unwrap();
        let (ours, theirs) = (self.absence(), life.does(async { life.desk.back_in_touch() }));
        if ours == theirs { Ok(ours) } else { Err(format!("the bot takes its {ours:?} absence for a {theirs:?} one")) }
    }

    fn absence(&self) -> Absence {
        let (wall, steady) = self.known_until;
        let by_wall = self.world.clock.now().since(wall);
        let away = steady.map_or(by_wall, |steady| by_wall.max(self.steady.saturating_sub(steady)));
        if away > STALE_AFTER { Absence::Long } else { Absence::Short }
    }

    pub(super) fn is_away(&self) -> bool {
        matches!(self.gateway, Gateway::Lost(_)) && self.absence() == Absence::Long
    }

    pub(super) fn all_known(&mut self) {
        self.known_until = (self.world.clock.now(), Some(self.steady));
    }

    /// What stands under the card is looked up.
    pub(super) fn looks(&mut self, absence: Absence, cut: Option<Cut>) -> Played {
        if let Some(cut) = cut {
            let desk = self.desk();
            self.cut_off(cut, async move { desk.look_under_cards(absence).await });
            return Ok(());
        }
        let (now, was) = (self.facts(), self.model.state);
        self.model_looks(absence, &now);
        let life = self.life.as_ref().unwrap();
        let looked = life.does(life.desk.look_under_cards(absence)).unwrap();
        life.rests();
        judge::claim(self, was, &now)?;
        self.unread = (looked.unread > 0).then_some(absence);
        if self.unread.is_none() {
            self.all_known();
        }
        for stray in looked.strays {
            let reaction = events::reaction(stray.message, stray.person, stray.verdict);
            if self.take_away(&reaction) {
                self.told(Event::Unreacted(reaction), None)?;
            }
        }
        Ok(())
    }

    fn model_looks(&mut self, absence: Absence, now: &Facts) {
        let found = if absence == Absence::Long { Worth::Stale } else { Worth::Unchecked };
        let pending = self.model.state == RequestState::Pending;
        match &now.under {
            _ if !pending || self.known.is_none() || now.town.silent => {}
            None => self.model.unsays(None, None),
            Some(under) => {
                for verdict in [BallotVerdict::Deny, BallotVerdict::Approve] {
                    let here = people(under, verdict);
                    for person in here.iter().filter(|person| **person != Who::Robot.id()) {
                        if !self.model.recorded(*person, verdict) {
                            self.model.says(*person, Via::Reaction, verdict, found);
                        }
                    }
                    let gone = self.model.said.iter().filter(|s| s.verdict == verdict && !here.contains(&s.person));
                    let gone: Vec<_> = gone.map(|s| s.person).collect();
                    for person in gone {
                        self.model.unsays(Some(person), Some(verdict));
                    }
                }
            }
        }
        self.model.weighs(now);
        self.model.counts_approvers(now);
    }

    /// The card of the request, as the ledger has it.
    pub(super) fn card_known(&self) -> Option<MessageId> {
        let life = self.life.as_ref()?;
        let copies = life.does(life.desk.ledger().copies(self.request)).unwrap();
        copies.into_iter().rev().find(|copy| copy.kind == CopyKind::Card)?.message.map(|posted| posted.message)
    }

    /// What the courier does with copies that are due, as long as Discord answers.
    pub(super) fn courier(&mut self) {
        let Some(life) = &self.life else { return };
        let ledger = life.desk.ledger().clone();
        let mut moved = self.world.town.now().silent;
        while !self.world.town.now().silent {
            let due = life.does(ledger.due_copies(64)).unwrap();
            if due.is_empty() {
                break;
            }
            moved = true;
            for (copy, request) in due {
                let is_card = copy.kind == CopyKind::Card;
                let posted = match copy.message {
                    Some(posted) if is_card && !self.world.town.now().cards.contains_key(&posted.message) => None,
                    Some(posted) => Some(posted),
                    None if request.state.is_settled() && !is_card => None,
                    None => {
                        self.messages += 1;
                        Some(Posted { channel: copy.channel, message: MessageId::new(self.messages) })
                    }
                };
                let Some(posted) = posted else {
                    if is_card {
                        self.model.unsays(None, None);
                    }
                    life.does(ledger.copy_gone(copy.id)).unwrap();
                    continue;
                };
                if copy.message.is_none() && is_card {
                    self.world.town.now().cards.insert(posted.message, Reactions::default());
                    self.card = Some(posted.message);
                }
                life.does(ledger.copy_posted(copy.id, posted, request.revision)).unwrap();
                life.does(ledger.copy_reacted(copy.id)).unwrap();
            }
        }
        if moved {
            self.known = self.card_known();
        }
    }
}
