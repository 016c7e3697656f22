//! What can happen to a request, in words, and how orders of it are drawn.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;
use serenity::model::id::{RoleId, UserId};

use super::super::life::Cut;
use super::super::phone::Trouble;
use crate::ledger::BallotVerdict;

/// The role that may ask.
pub(super) const LEAD: RoleId = RoleId::new(3);
/// The two approver roles.
pub(super) const APPROVER: RoleId = RoleId::new(5);
pub(super) const SENIOR: RoleId = RoleId::new(6);

/// Who plays along. The requester is an approver as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Requester,
    Ann,
    Ben,
    Cid,
    Dora,
    Outsider,
    Robot,
}

pub(super) const ALL: [Who; 7] = [Who::Requester, Who::Ann, Who::Ben, Who::Cid, Who::Dora, Who::Outsider, Who::Robot];

impl Who {
    pub(super) const fn id(self) -> UserId {
        UserId::new(match self {
            Self::Requester => 11,
            Self::Ann => 21,
            Self::Ben => 22,
            Self::Cid => 23,
            Self::Dora => 24,
            Self::Outsider => 31,
            Self::Robot => 41,
        })
    }

    pub(super) const fn roles(self) -> &'static [RoleId] {
        match self {
            Self::Requester => &[LEAD, APPROVER],
            Self::Ann | Self::Ben | Self::Robot => &[APPROVER],
            Self::Cid => &[SENIOR],
            Self::Dora => &[APPROVER, SENIOR],
            Self::Outsider => &[],
        }
    }
}

/// One thing that happens.
#[derive(Clone)]
pub(super) enum Deed {
    Reacts(Who, BallotVerdict),
    TakesBack(Who, BallotVerdict),
    SuperReacts(Who),
    Presses(Who, BallotVerdict),
    Clears(Option<BallotVerdict>),
    DeletesCard,
    Cancels(Who),
    Loses(Who),
    Gains(Who),
    TimedOut(Who, u32),
    Leaves(Who),
    ComesBack(Who),
    RoleDeleted(RoleId),
    RecordChanges,
    RecordChangesBack,
    AgentTaken,
    Discord(Answers),
    Phone(Answers),
    Delete(Trouble),
    EventsAgain(usize),
    Waits(u32),
    ClockSet(i32),
    GatewayLost,
    GatewayAnew,
    GatewayResumed,
    Crash,
    Start,
    CutOff(Box<Deed>, Cut),
    AtOnce(Box<Deed>, Box<Deed>),
}

/// Whether somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    Not,
    Again,
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use BallotVerdict::{Approve, Deny, Look};
        let mark = |verdict: &BallotVerdict| match verdict {
            Approve => "✅",
            Deny => "❌",
            Look => "👀",
        };
        match self {
            Self::Reacts(who, verdict) => write!(f, "{who:?} reacts {}", mark(verdict)),
            Self::TakesBack(who, verdict) => write!(f, "{who:?} takes the {} back", mark(verdict)),
            Self::SuperReacts(who) => write!(f, "{who:?} super-reacts ✅"),
            Self::Presses(who, verdict) => write!(f, "{who:?} presses {verdict:?}"),
            Self::Clears(None) => write!(f, "a moderator clears all reactions"),
            Self::Clears(Some(verdict)) => write!(f, "a moderator clears {}", mark(verdict)),
            Self::DeletesCard => write!(f, "a moderator deletes the card"),
            Self::Cancels(who) => write!(f, "{who:?} cancels"),
            Self::Loses(who) => write!(f, "{who:?} loses all roles"),
            Self::Gains(who) => write!(f, "{who:?} has the roles again"),
            Self::TimedOut(who, minutes) => write!(f, "{who:?} is timed out for {minutes} min"),
            Self::Leaves(who) => write!(f, "{who:?} leaves"),
            Self::ComesBack(who) => write!(f, "{who:?} comes back"),
            Self::RoleDeleted(role) => write!(f, "the approver role {role} is deleted"),
            Self::RecordChanges => write!(f, "the record changes"),
            Self::RecordChangesBack => write!(f, "the record is again as it was"),
            Self::AgentTaken => write!(f, "somebody else deletes the agent"),
            Self::Discord(Answers::Not) => write!(f, "Discord does not answer"),
            Self::Discord(Answers::Again) => write!(f, "Discord answers again"),
            Self::Phone(Answers::Not) => write!(f, "the phone system does not answer"),
            Self::Phone(Answers::Again) => write!(f, "the phone system answers again"),
            Self::Delete(trouble) => write!(f, "the next DELETE: {trouble:?}"),
            Self::EventsAgain(events) => write!(f, "the last {events} events come again"),
            Self::Waits(minutes) => write!(f, "{minutes} min pass"),
            Self::ClockSet(minutes) => write!(f, "the clock is set by {minutes:+} min"),
            Self::GatewayLost => write!(f, "the gateway is lost"),
            Self::GatewayAnew => write!(f, "a new gateway session begins"),
            Self::GatewayResumed => write!(f, "the gateway session goes on"),
            Self::Crash => write!(f, "the bot crashes"),
            Self::Start => write!(f, "the bot starts"),
            Self::AtOnce(deed, other) => write!(f, "in the same moment [{deed:?}] and [{other:?}]"),
            Self::CutOff(deed, cut) => write!(f, "[{deed:?}], and the bot crashes over it: {cut:?}"),
        }
    }
}

/// An order: a threshold, and what happens.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) threshold: u32,
    pub(super) deeds: Vec<Deed>,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "with a threshold of {}:", self.threshold)?;
        self.deeds.iter().try_for_each(|deed| write!(f, "\n    {deed:?}"))
    }
}

fn anybody() -> impl Strategy<Value = Who> {
    prop_oneof![6 => select(vec![Who::Ann, Who::Ben, Who::Cid, Who::Dora]), 2 => select(ALL.to_vec())]
}

/// What people say.
fn said() -> BoxedStrategy<Deed> {
    use BallotVerdict::{Approve, Deny, Look};
    prop_oneof![
        24 => anybody().prop_map(|who| Deed::Reacts(who, Approve)),
        2 => anybody().prop_map(|who| Deed::Reacts(who, Deny)),
        5 => anybody().prop_map(|who| Deed::TakesBack(who, Approve)),
        1 => anybody().prop_map(|who| Deed::TakesBack(who, Deny)),
        2 => anybody().prop_map(Deed::SuperReacts),
        10 => anybody().prop_map(|who| Deed::Presses(who, Approve)),
        1 => anybody().prop_map(|who| Deed::Presses(who, Deny)),
        2 => anybody().prop_map(|who| Deed::Presses(who, Look)),
    ]
    .boxed()
}

/// What changes who may.
fn policy() -> BoxedStrategy<Deed> {
    prop_oneof![
        3 => anybody().prop_map(Deed::Loses),
        2 => anybody().prop_map(Deed::Gains),
        2 => (anybody(), 1_u32..30).prop_map(|(who, minutes)| Deed::TimedOut(who, minutes)),
        2 => anybody().prop_map(Deed::Leaves),
        1 => anybody().prop_map(Deed::ComesBack),
        1 => select(vec![APPROVER, SENIOR]).prop_map(Deed::RoleDeleted),
        1 => anybody().prop_map(Deed::Cancels),
        2 => select(vec![None, Some(BallotVerdict::Approve), Some(BallotVerdict::Deny)]).prop_map(Deed::Clears),
        2 => Just(Deed::DeletesCard),
    ]
    .boxed()
}

/// What happens at the phone system, and to the time.
fn surroundings() -> BoxedStrategy<Deed> {
    prop_oneof![
        3 => Just(Deed::RecordChanges),
        2 => Just(Deed::RecordChangesBack),
        1 => Just(Deed::AgentTaken),
        4 => select(vec![Trouble::LostBefore, Trouble::LostAfter, Trouble::Refused]).prop_map(Deed::Delete),
        3 => (1_u32..70).prop_map(Deed::Waits),
        3 => select(vec![-90, -40, -5, 5, 20, 40, 90]).prop_map(Deed::ClockSet),
        3 => (1_usize..5).prop_map(Deed::EventsAgain),
    ]
    .boxed()
}

/// What fails.
fn faults() -> BoxedStrategy<Deed> {
    prop_oneof![
        2 => Just(Deed::Discord(Answers::Not)),
        3 => Just(Deed::Discord(Answers::Again)),
        2 => Just(Deed::Phone(Answers::Not)),
        3 => Just(Deed::Phone(Answers::Again)),
        2 => Just(Deed::GatewayLost),
        3 => Just(Deed::GatewayAnew),
        2 => Just(Deed::GatewayResumed),
        3 => Just(Deed::Crash),
        5 => Just(Deed::Start),
    ]
    .boxed()
}

/// Something that a crash cuts off.
fn cut_off() -> BoxedStrategy<Deed> {
    let cut = prop_oneof![(0_u32..10).prop_map(Cut::AtCall), (0_u32..60).prop_map(Cut::AtStep)];
    let deed = prop_oneof![8 => said(), 1 => policy(), 2 => Just(Deed::Start), 1 => Just(Deed::GatewayAnew)];
    (deed, cut).prop_map(|(deed, cut)| Deed::CutOff(Box::new(deed), cut)).boxed()
}

/// Two things in the same moment.
fn at_once() -> BoxedStrategy<Deed> {
    let other = prop_oneof![3 => said(), 1 => policy(), 2 => anybody().prop_map(Deed::Cancels)];
    (said(), other).prop_map(|(deed, other)| Deed::AtOnce(Box::new(deed), Box::new(other))).boxed()
}

fn order(deed: impl Strategy<Value = Deed> + 'static) -> BoxedStrategy<Order> {
    let deeds = prop::collection::vec(deed, 2..11);
    (prop_oneof![3 => Just(1_u32), 4 => Just(2), 2 => Just(3)], deeds)
        .prop_map(|(threshold, deeds)| Order { threshold, deeds })
        .boxed()
}

/// Orders that turn on who says what, and who may.
pub(super) fn decisions() -> BoxedStrategy<Order> {
    order(prop_oneof![12 => said(), 3 => at_once(), 6 => policy(), 4 => surroundings(), 1 => faults()])
}

/// Orders that turn on crashes, silences and lost answers.
pub(super) fn mishaps() -> BoxedStrategy<Order> {
    order(prop_oneof![10 => said(), 1 => at_once(), 2 => policy(), 4 => surroundings(), 6 => faults(), 4 => cut_off()])
}
