//! Why the desk does not do something: an enum, and one sentence each in `discord/render/refusal.rs`.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ConnectionName, Error, ExtensionId, Millis, SheetProblem};
use serenity::model::id::{RoleId, UserId};

use crate::directory::Hit;
use crate::ledger::{Kept, OfferRefusal, Request, RequestId};

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
    /// It waits for approvers already.
    AskedAlready {
        /// Under this number.
        request: RequestId,
        /// About this agent.
        login: String,
    },
    /// Nobody could approve it.
    NobodyCouldApprove {
        /// So many different people are needed.
        need: u32,
        /// So many there are beside the requester; `None`: no approver role exists.
        have: Option<u32>,
        /// The approver roles.
        roles: Vec<RoleId>,
    },
    /// There is no channel in which approvers could be asked, or the bot lacks permissions there.
    NoApprovalsChannel {
        /// Which permissions; empty: the channel is missing.
        lacks: Vec<&'static str>,
    },
    /// The phone system cannot, but the person is somebody on others that can.
    Elsewhere {
        /// The person's name, from the settings.
        person: String,
        /// The connection that cannot.
        connection: ConnectionName,
        /// What it lacks.
        ability: Ability,
        /// Who the person is where it could be done.
        hits: Vec<Hit>,
    },
    /// No such extension.
    NoExtension {
        /// What was typed.
        typed: String,
        /// Where it was looked for.
        connection: ConnectionName,
        /// Those that may be meant, number and name.
        near: Vec<(ExtensionId, String)>,
    },
    /// Several phone systems have extensions: one must be named.
    WhichConnection {
        /// Those it could be.
        could: Vec<ConnectionName>,
    },
    /// Several phone systems have extensions, and a file is for one: it must be named, and the file attached again.
    WhereBatch {
        /// Those it could be.
        could: Vec<ConnectionName>,
    },
    /// A file of extensions cannot be used.
    Sheet {
        /// What the file was called; hostile text.
        file: String,
        /// Everything that is wrong.
        problems: Vec<SheetProblem>,
    },
    /// An attached file cannot be fetched; why, in a sentence.
    File(String),
    /// Something has to be named beside what was; what, in a sentence.
    Incomplete(String),
    /// A system without a list of agents takes no agent of that name: it is not in the settings, or is no login.
    NotInSettings {
        /// What was typed.
        agent: AgentRef,
    },
    /// Discord did not tell what had to be known; why, in a sentence.
    Discord(String),
    /// Only a disabled agent can be deleted.
    MustBeDisabled {
        /// Which.
        login: String,
        /// The roles that could disable it, where this person may not.
        could: Vec<RoleId>,
    },
    /// The agent has not been disabled for long enough to be deleted.
    NotDisabledLongEnough {
        /// Which.
        login: String,
        /// Since when the bot has seen it disabled.
        since: Millis,
        /// From when on it may be asked.
        from: Millis,
    },
    /// No request has that number.
    NoRequest {
        /// What was typed.
        typed: String,
    },
    /// The request is decided.
    RequestOver {
        /// As it stands.
        request: Box<Request>,
    },
    /// Only its requester and approvers may take a request back.
    NotYourRequest {
        /// Which.
        request: RequestId,
        /// The approver roles.
        approvers: Vec<RoleId>,
    },
    /// No deleted agent of that name can be restored.
    NotKept {
        /// What was typed.
        typed: String,
    },
    /// It was restored already.
    RestoredAlready {
        /// Its login.
        login: String,
        /// Which agent it was.
        was: AgentRef,
        /// Which it is now.
        now: AgentRef,
    },
    /// The login of the agent that is to come back belongs to another one by now.
    RestoreTaken {
        /// The login.
        login: String,
        /// Whose it is.
        by: AgentRef,
    },
    /// Several deleted agents were called that.
    SeveralKept {
        /// What was typed.
        typed: String,
        /// Which.
        kept: Vec<Kept>,
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

impl Refusal {
    /// Why, in a few words, for a card on which nobody can be asked back: "the login ivan.ivanov is taken".
    #[must_use]
    pub(crate) fn in_short(&self) -> String {
        match self {
            Self::LoginTaken { login, .. } | Self::RestoreTaken { login, .. } => {
                format!("the login {login} is taken meanwhile")
            }
            Self::LoginPattern { login, .. } => format!("the login {login} does not fit the connection's pattern"),
            Self::Already { login, how } => format!("{login} is {how} already"),
            Self::OwnAccount { login, .. } => format!("{login} is the account that the bot itself uses"),
            Self::Changed { login, .. } => format!("{login} is not as it was shown any more"),
            Self::MustBeDisabled { login, .. } => format!("{login} is not disabled any more"),
            Self::NotDisabledLongEnough { login, .. } => format!("{login} has not been disabled for long enough"),
            Self::NoConnection { typed, .. } => format!("{typed} is not configured any more"),
            Self::Lacks { connection, ability } => format!("{connection} has no {ability}"),
            Self::RestoredAlready { login, now, .. } => format!("{login} was restored already, as {now}"),
            Self::NotInSettings { agent } => format!("{} knows no agent {}", agent.connection, agent.id),
            Self::NotKept { .. } => "its kept record is gone".to_owned(),
            Self::NoExtension { typed, connection, .. } => format!("{connection} has no extension {typed} (any more)"),
            Self::Value(why) | Self::Incomplete(why) | Self::Discord(why) | Self::Store(why) | Self::File(why) => {
                why.clone()
            }
            Self::System(error) => error.to_string(),
            Self::RecipientIsBot(_) => "the recipient is a bot".to_owned(),
            Self::RecipientNotHere(_) => "the recipient left the server".to_owned(),
            Self::NotPermitted { .. }
            | Self::AskedAlready { .. }
            | Self::NobodyCouldApprove { .. }
            | Self::NoApprovalsChannel { .. }
            | Self::NoRequest { .. }
            | Self::RequestOver { .. }
            | Self::NotYourRequest { .. }
            | Self::SeveralKept { .. }
            | Self::Elsewhere { .. }
            | Self::WhichConnection { .. }
            | Self::WhereBatch { .. }
            | Self::Sheet { .. }
            | Self::NoAgent { .. }
            | Self::SeveralAgents { .. }
            | Self::Offer(_)
            | Self::HandoverOver(_)
            | Self::NotYourButton => "it can no longer be done".to_owned(),
        }
    }
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
