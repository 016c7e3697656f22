//! What people and moderators do in Discord and at the phone system, and what the gateway tells of it.

use std::time::Duration;

use rollcall_telephony::Clock as _;
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

use super::super::phone::record;
use super::deeds::{ALL, APPROVER, Deed, LEAD, SENIOR, Who};
use super::play::Play;
use crate::desk::{Asked, Desk, Emoji, Fate, Heard, Member, Nature, Reaction, Reactions, Weight};
use crate::ledger::{BallotVerdict, RequestId};
use crate::policy::Actor;

const CHANNEL: ChannelId = ChannelId::new(4);

/// Something that reaches the bot through the gateway.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Reacted(Reaction),
    Unreacted(Reaction),
    Cleared(MessageId, Option<BallotVerdict>),
    CardGone(MessageId),
    RoleGone,
    Pressed(Who, BallotVerdict),
    Cancelled(Who),
}

impl Event {
    /// Whether the gateway may tell it again, or later. An interaction is known by its id, and lost after three seconds.
    pub(super) const fn comes_again(&self) -> bool {
        !matches!(self, Self::Pressed(..) | Self::Cancelled(_))
    }

    /// Who approves by a button with it.
    pub(super) fn approves(&self) -> Option<Who> {
        match self {
            Self::Pressed(who, BallotVerdict::Approve) => Some(*who),
            _ => None,
        }
    }

    /// The desk is told.
    pub(super) async fn tell(
        self,
        desk: Desk,
        request: RequestId,
        actor: Option<Actor>,
    ) -> (Option<Fate>, Option<Heard>) {
        match self {
            Self::Reacted(reaction) => return (Some(desk.reacted(&reaction).await.unwrap()), None),
            Self::Unreacted(reaction) => desk.unreacted(&reaction).await.unwrap(),
            Self::Cleared(message, verdict) => {
                desk.reactions_cleared(CHANNEL, message, verdict.map(emoji)).await.unwrap();
            }
            Self::CardGone(message) => desk.message_gone(CHANNEL, message).await.unwrap(),
            Self::RoleGone => desk.check_electorate().await.unwrap(),
            Self::Pressed(who, verdict) => {
                return (None, Some(desk.vote(request, who.id(), verdict, None).await.unwrap()));
            }
            // Whether it was taken is seen in the ledger.
            Self::Cancelled(_) => {
                if let Some(actor) = actor {
                    let asked = Asked { interaction: InteractionId::new(2) };
                    let _ = desk.cancel_request(&actor, request, asked).await;
                }
            }
        }
        (None, None)
    }
}

const fn emoji(verdict: BallotVerdict) -> Emoji {
    match verdict {
        BallotVerdict::Approve => Emoji::Approve,
        BallotVerdict::Deny => Emoji::Deny,
        BallotVerdict::Look => Emoji::Other,
    }
}

/// A plain reaction.
pub(super) fn reaction(message: MessageId, person: UserId, verdict: BallotVerdict) -> Reaction {
    let nature = if person == Who::Robot.id() { Nature::Machine } else { Nature::Human };
    Reaction { channel: CHANNEL, message, person, nature, emoji: emoji(verdict), weight: Weight::Normal }
}

/// Who says what by a reaction, if it says anything.
pub(super) fn says(reaction: &Reaction) -> Option<(UserId, BallotVerdict)> {
    let says = reaction.weight == Weight::Normal && reaction.nature == Nature::Human;
    Some((reaction.person, reaction.emoji.verdict().filter(|_| says)?))
}

fn under(reactions: &mut Reactions, verdict: BallotVerdict) -> &mut Vec<UserId> {
    if verdict == BallotVerdict::Deny { &mut reactions.deny } else { &mut reactions.approve }
}

impl Play {
    pub(super) fn people_come(&self) {
        self.world.town.now().roles.extend([LEAD, APPROVER, SENIOR]);
        for who in ALL {
            self.comes(who);
        }
    }

    fn comes(&self, who: Who) {
        let nature = if who == Who::Robot { Nature::Machine } else { Nature::Human };
        // Several may be called the same.
        let name = "Olha Koval".to_owned();
        let member = Member { id: who.id(), name, roles: who.roles().to_vec(), nature, timed_out_until: None };
        self.world.town.now().members.insert(who.id(), member);
    }

    /// The bot takes a reaction away; whether it was there.
    pub(super) fn take_away(&self, reaction: &Reaction) -> bool {
        let Some(verdict) = reaction.emoji.verdict().filter(|_| reaction.weight == Weight::Normal) else {
            return false;
        };
        let mut town = self.world.town.now();
        let Some(reactions) = town.cards.get_mut(&reaction.message) else { return false };
        let people = under(reactions, verdict);
        let before = people.len();
        people.retain(|person| *person != reaction.person);
        people.len() < before
    }

    /// It happens, whether the bot is there or not; what the gateway tells of it.
    pub(super) fn happens(&mut self, deed: &Deed) -> Option<Event> {
        let now = self.world.clock.now();
        let card = self.card;
        let mut town = self.world.town.now();
        let is_there = |who: &Who| town.members.contains_key(&who.id());
        match deed {
            Deed::Reacts(who, verdict) => {
                let (card, true) = (card?, is_there(who)) else { return None };
                let people = under(town.cards.get_mut(&card)?, *verdict);
                if people.contains(&who.id()) {
                    return None;
                }
                people.push(who.id());
                return Some(Event::Reacted(reaction(card, who.id(), *verdict)));
            }
            Deed::TakesBack(who, verdict) => {
                drop(town);
                let reaction = reaction(card?, who.id(), *verdict);
                return self.take_away(&reaction).then_some(Event::Unreacted(reaction));
            }
            Deed::SuperReacts(who) => {
                let plain = reaction(card?, who.id(), BallotVerdict::Approve);
                return Some(Event::Reacted(Reaction { weight: Weight::Super, ..plain }));
            }
            Deed::Presses(who, verdict) if card.is_some() && is_there(who) && *who != Who::Robot => {
                return Some(Event::Pressed(*who, *verdict));
            }
            Deed::Clears(verdict) => {
                let reactions = town.cards.get_mut(&card?)?;
                match verdict {
                    None => *reactions = Reactions::default(),
                    Some(verdict) => under(reactions, *verdict).clear(),
                }
                return Some(Event::Cleared(card?, *verdict));
            }
            Deed::DeletesCard => {
                town.cards.remove(&card?);
                self.card = None;
                return Some(Event::CardGone(card?));
            }
            Deed::Cancels(who) if is_there(who) && *who != Who::Robot => return Some(Event::Cancelled(*who)),
            Deed::RoleDeleted(role) => return town.roles.remove(role).then_some(Event::RoleGone),
            Deed::Loses(who) => {
                town.members.get_mut(&who.id())?.roles.clear();
            }
            Deed::Gains(who) => town.members.get_mut(&who.id())?.roles = who.roles().to_vec(),
            Deed::TimedOut(who, minutes) => {
                let until = now + Duration::from_mins(u64::from(*minutes));
                town.members.get_mut(&who.id())?.timed_out_until = Some(until);
            }
            Deed::Leaves(who) => {
                town.members.remove(&who.id());
            }
            Deed::ComesBack(who) if !is_there(who) => {
                drop(town);
                self.comes(*who);
            }
            Deed::RecordChanges => {
                if let Some(agent) = &mut self.world.phone.now().agent {
                    agent.set("DefaultSkill", &8);
                }
            }
            Deed::RecordChangesBack => {
                if let Some(agent) = &mut self.world.phone.now().agent {
                    *agent = record();
                }
            }
            Deed::AgentTaken => self.world.phone.now().agent = None,
            _ => {}
        }
        None
    }
}
