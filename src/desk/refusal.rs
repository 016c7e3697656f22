//! Why the desk does not do something: an enum, and one sentence each in `discord/render/refusal.rs`.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ConnectionName, Error};
use serenity::model::id::{RoleId, UserId};

use crate::directory::Hit;
use crate::ledger::OfferRefusal;
use crate::policy::SecondPerson;

/// Nothing was done, nothing changed.
#[derive(Debug)]
pub enum Refusal {
    /// The person may not; these roles could.
    NotPermitted {
        /// What it needs.
        permission: Permission,
        /// Where; `None`: anywhere.
        connection: Option<ConnectionName>,
        /// The roles that could.
        could: Vec<RoleId>,
    },
    /// It needs a second person, and approvals are not built yet.
    NeedsSecondPerson {
        /// Why.
        why: SecondPerson,
    },
    /// No connection has that name.
    NoConnection {
        /// What was typed.
        typed: String,
        /// Those there are and that the person may use.
        known: Vec<ConnectionName>,
    },
    /// No agent is called that.
    NoAgent {
        /// What was typed.
        typed: String,
        /// Which ones come near.
        near: Vec<Hit>,
    },
    /// Several agents are called that.
    SeveralAgents {
        /// What was typed.
        typed: String,
        /// Which.
        hits: Vec<Hit>,
    },
    /// The phone system cannot do it; it was not asked.
    Lacks {
        /// Which.
        connection: ConnectionName,
        /// What.
        ability: Ability,
    },
    /// The login does not fit the connection's pattern.
    LoginPattern {
        /// What was asked.
        login: String,
        /// The pattern.
        pattern: String,
        /// Logins that would do.
        offers: Vec<String>,
    },
    /// The login is taken.
    LoginTaken {
        /// What was asked.
        login: String,
        /// By which agent.
        by: AgentRef,
        /// Free ones.
        offers: Vec<String>,
    },
    /// A value is not one that goes there; the sentence says what would be right.
    Value(String),
    /// The record changed since it was shown; what differs, in words.
    Changed {
        /// Which agent.
        login: String,
        /// What.
        what: Vec<String>,
    },
    /// It is so already.
    Already {
        /// Which agent.
        login: String,
        /// How: "disabled", "as you want it".
        how: String,
    },
    /// It is the account that the bot itself uses.
    OwnAccount {
        /// Where.
        connection: ConnectionName,
        /// Its login.
        login: String,
    },
    /// The recipient is a bot.
    RecipientIsBot(UserId),
    /// The recipient is not in the guild.
    RecipientNotHere(UserId),
    /// The button cannot be pressed.
    Offer(OfferRefusal),
    /// The password can no longer be read.
    HandoverOver(HandoverOver),
    /// The button belongs to somebody else.
    NotYourButton,
    /// The store cannot be written, so nothing was asked of any phone system.
    Store(String),
    /// The phone system could not answer or refused, before anything was changed.
    System(Error),
}

/// Why a password can no longer be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverOver {
    /// It was confirmed: the recipient has it.
    Confirmed,
    /// Its time is over.
    Expired,
    /// There is no such hand-over, or it is not this person's.
    Unknown,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::System(error)
    }
}

impl From<crate::ledger::LedgerError> for Refusal {
    fn from(error: crate::ledger::LedgerError) -> Self {
        Self::Store(error.to_string())
    }
}
