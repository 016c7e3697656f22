//! What must come of a request, written from the sentences of the agreement and not from the code.

use std::collections::BTreeSet;
use std::time::Duration;

use rollcall_telephony::Millis;
use serenity::model::id::UserId;

use super::super::phone::Trouble;
use super::super::town;
use super::deeds::{APPROVER, LEAD, SENIOR, Who};
use crate::desk::{Member, Nature, Reactions};
use crate::ledger::{BallotState, BallotVerdict, RequestState, Via};

/// What is true at a moment.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// By the clock on the wall.
    pub(super) wall: Millis,
    /// By one that nobody sets.
    pub(super) steady: Duration,
    /// The guild.
    pub(super) town: town::State,
    /// What stands under the card; `None`: it was deleted.
    pub(super) under: Option<Reactions>,
    /// The record, as far as the phone system tells.
    pub(super) record: Seen,
    /// What becomes of the next DELETE.
    pub(super) trouble: Option<Trouble>,
}

/// The record, compared with the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Same,
    Changed,
    Gone,
    Untold,
}

impl Facts {
    /// Could decide, sooner or later, and is not timed out.
    pub(super) fn may_decide(&self, person: UserId) -> bool {
        let free = |member: &Member| member.timed_out_until.is_none_or(|until| until <= self.wall);
        self.could_decide(person) && self.town.members.get(&person).is_some_and(free)
    }

    /// In the guild, human, with an approver role that exists, not the requester.
    fn could_decide(&self, person: UserId) -> bool {
        self.town.members.get(&person).is_some_and(|member| {
            person != Who::Requester.id()
                && member.nature == Nature::Human
                && member.roles.iter().any(|role| [APPROVER, SENIOR].contains(role) && self.town.roles.contains(role))
        })
    }

    pub(super) fn may_ask(&self) -> bool {
        self.town.members.get(&Who::Requester.id()).is_some_and(|member| member.roles.contains(&LEAD))
    }

    fn stands(&self, person: UserId, verdict: BallotVerdict) -> bool {
        self.under.as_ref().is_some_and(|under| people(under, verdict).contains(&person))
    }
}

/// Whose ✅ or ❌ stands there.
pub(super) fn people(under: &Reactions, verdict: BallotVerdict) -> &[UserId] {
    match verdict {
        BallotVerdict::Approve => &under.approve,
        BallotVerdict::Deny => &under.deny,
        BallotVerdict::Look => &[],
    }
}

/// One person's ballot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) person: UserId,
    pub(super) via: Via,
    pub(super) verdict: BallotVerdict,
    pub(super) worth: Worth,
}

/// [`BallotState`], in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    Unchecked,
    Counted,
    Refused,
    Late,
    Withdrawn,
    Stale,
}

impl From<BallotState> for Worth {
    fn from(state: BallotState) -> Self {
        match state {
            BallotState::Unchecked => Self::Unchecked,
            BallotState::Counted => Self::Counted,
            BallotState::Refused => Self::Refused,
            BallotState::Late => Self::Late,
            BallotState::Withdrawn => Self::Withdrawn,
            BallotState::Stale => Self::Stale,
        }
    }
}

/// The request.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) threshold: usize,
    pub(super) state: RequestState,
    pub(super) said: Vec<Said>,
    /// When its time is over, by both clocks.
    pub(super) expires: (Millis, Duration),
    /// How often DELETE was sent.
    pub(super) sent: u32,
    /// Whether it waits for somebody who did not answer.
    pub(super) waits: bool,
    /// Whether it was decided over several people who were heard in the same moment: whose word it was is not told.
    pub(super) crowded: bool,
}

impl Model {
    /// Somebody says something that is found so: unchecked, or stale. Whether it is new.
    pub(super) fn says(&mut self, person: UserId, via: Via, verdict: BallotVerdict, found: Worth) -> bool {
        let late = self.state != RequestState::Pending;
        if late && verdict == BallotVerdict::Look {
            return false;
        }
        let worth = if late { Worth::Late } else { found };
        let theirs = self.said.iter().position(|s| (s.person, s.via, s.verdict) == (person, via, verdict));
        if let Some(at) = theirs {
            // Said twice is said once.
            if matches!(self.said[at].worth, Worth::Unchecked | Worth::Counted | Worth::Late) {
                return false;
            }
            self.said.remove(at);
        }
        self.said.push(Said { person, via, verdict, worth });
        !late
    }

    /// Whether the bot knows of such a reaction.
    pub(super) fn recorded(&self, person: UserId, verdict: BallotVerdict) -> bool {
        let theirs = |s: &Said| (s.person, s.via, s.verdict) == (person, Via::Reaction, verdict);
        self.said.iter().any(|s| theirs(s) && s.worth != Worth::Withdrawn)
    }

    /// A reaction is gone: somebody's (or everybody's), of one kind (or any). What a button gave stays.
    pub(super) fn unsays(&mut self, person: Option<UserId>, verdict: Option<BallotVerdict>) {
        if self.state != RequestState::Pending {
            return;
        }
        for s in self.said.iter_mut().filter(|s| s.via == Via::Reaction && s.worth != Worth::Late) {
            if person.is_none_or(|p| p == s.person) && verdict.is_none_or(|v| v == s.verdict) {
                s.worth = Worth::Withdrawn;
            }
        }
    }

    /// Everything is looked at, as it is now.
    pub(super) fn weighs(&mut self, now: &Facts) {
        if self.state != RequestState::Pending {
            return;
        }
        if now.wall >= self.expires.0 || now.steady >= self.expires.1 {
            return self.ends(RequestState::Expired);
        }
        self.waits = false;
        // Who says no, or is looking, is heard first: that needs nobody but Discord.
        for verdict in [BallotVerdict::Deny, BallotVerdict::Look, BallotVerdict::Approve] {
            // A no that counted decides, also when a crash came in between.
            let no = |s: &Said| s.verdict == BallotVerdict::Deny && s.worth == Worth::Counted;
            if verdict == BallotVerdict::Approve && self.said.iter().any(no) {
                return self.ends(RequestState::Denied);
            }
            let unchecked = |s: &&Said| s.verdict == verdict && s.worth == Worth::Unchecked;
            let crowded = self.said.iter().filter(unchecked).count() > 1;
            for at in 0..self.said.len() {
                if self.said[at].verdict != verdict || self.said[at].worth != Worth::Unchecked {
                    continue;
                }
                // Nobody has to be asked who the requester is.
                let requester = self.said[at].person == Who::Requester.id();
                if now.town.silent && !requester {
                    return self.waits = true;
                }
                if requester || !now.may_decide(self.said[at].person) {
                    self.said[at].worth = Worth::Refused;
                    continue;
                }
                match (verdict, now.record) {
                    (BallotVerdict::Approve, Seen::Untold) => return self.waits = true,
                    (BallotVerdict::Approve, Seen::Changed | Seen::Gone) => {
                        self.crowded = crowded;
                        return self.ends(RequestState::Void);
                    }
                    (BallotVerdict::Approve, Seen::Same) | (BallotVerdict::Deny | BallotVerdict::Look, _) => {
                        self.said[at].worth = Worth::Counted;
                    }
                }
            }
        }
        if self.approving().len() >= self.threshold {
            self.executes(now);
        }
    }

    /// Enough approve: who no longer may, or took it back unheard, no longer counts.
    fn executes(&mut self, now: &Facts) {
        if now.town.silent {
            return self.waits = true;
        }
        let counted = |s: &&mut Said| s.verdict == BallotVerdict::Approve && s.worth == Worth::Counted;
        if now.under.is_none() && self.said.iter_mut().filter(counted).any(|s| s.via == Via::Reaction) {
            // The card is posted again first.
            self.unsays(None, None);
            return self.waits = true;
        }
        for s in self.said.iter_mut().filter(counted) {
            if s.via == Via::Reaction && !now.stands(s.person, s.verdict) {
                s.worth = Worth::Withdrawn;
            } else if !now.may_decide(s.person) {
                s.worth = Worth::Refused;
            }
        }
        if self.approving().len() < self.threshold {
            return;
        }
        match now.record {
            _ if !now.may_ask() => self.ends(RequestState::Void),
            Seen::Untold => self.waits = true,
            Seen::Changed | Seen::Gone => self.ends(RequestState::Void),
            Seen::Same => {
                self.ends(RequestState::Executing);
                self.acts(now);
            }
        }
    }

    /// The claimed act is taken one step further: looked up, sent while it is the same, not sent for ever.
    pub(super) fn acts(&mut self, now: &Facts) {
        if self.state != RequestState::Executing {
            return;
        }
        self.state = match now.record {
            Seen::Untold => return,
            Seen::Gone => RequestState::Done,
            Seen::Changed => RequestState::Void,
            Seen::Same if self.sent >= 3 => RequestState::Failed,
            Seen::Same => {
                self.sent += 1;
                match now.trouble {
                    None => RequestState::Done,
                    Some(Trouble::Refused) => RequestState::Failed,
                    Some(Trouble::LostBefore | Trouble::LostAfter) => return,
                }
            }
        };
    }

    /// Too few are left who could approve it.
    pub(super) fn counts_approvers(&mut self, now: &Facts) {
        let left = now.town.members.keys().filter(|person| now.could_decide(**person)).count();
        if self.state == RequestState::Pending && !now.town.silent && left < self.threshold {
            self.ends(RequestState::Void);
        }
    }

    pub(super) fn cancels(&mut self, who: Who, now: &Facts) {
        let holds = now.town.members.get(&who.id()).is_some_and(|member| {
            member.roles.iter().any(|role| [APPROVER, SENIOR].contains(role) && now.town.roles.contains(role))
        });
        if self.state == RequestState::Pending && (who == Who::Requester || (holds && !now.town.silent)) {
            self.ends(RequestState::Cancelled);
        }
    }

    fn ends(&mut self, state: RequestState) {
        self.state = state;
        self.waits = false;
        for s in self.said.iter_mut().filter(|s| s.worth == Worth::Unchecked) {
            s.worth = Worth::Late;
        }
    }

    pub(super) fn approving(&self) -> BTreeSet<UserId> {
        let counted = |s: &&Said| s.verdict == BallotVerdict::Approve && s.worth == Worth::Counted;
        self.said.iter().filter(counted).map(|s| s.person).collect()
    }
}
