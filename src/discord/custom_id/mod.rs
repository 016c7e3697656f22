//! The ids of our buttons, menus and modals: small, stateless, and checked when they come back.

use std::fmt;
use std::str::FromStr;

use rollcall_commands::StateFilter;
use rollcall_telephony::{AgentRef, ConnectionName, ExtensionId};
use serenity::model::id::UserId;

use crate::ledger::{HandoverId, OfferId, RequestId};

/// The longest custom id, in characters (Discord, "Component Reference", "Custom ID").
const MAX: usize = 100;

/// What a component of ours does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CustomId {
    /// Takes an offer.
    Take(OfferId),
    /// Takes an offer with what is selected.
    Pick(OfferId),
    /// Cancels an offer.
    Cancel(OfferId),
    /// Shows a password in the recipient's message.
    Reveal(HandoverId),
    /// The recipient has the password.
    Have(HandoverId),
    /// Shows a password to the requester, who hands it over.
    HandOver(HandoverId),
    /// Opens the card of the agent that was selected.
    Open(UserId),
    /// Turns to a page of a search.
    Page {
        /// Whose search.
        owner: UserId,
        /// Which page, from 0.
        page: u32,
        /// The search's state filter.
        state: StateFilter,
        /// The search's connection.
        connection: Option<ConnectionName>,
        /// What was searched for.
        query: String,
    },
    /// A button of a card.
    Card {
        /// Who was shown it.
        owner: UserId,
        /// What it does.
        verb: CardVerb,
        /// With which agent.
        agent: AgentRef,
    },
    /// The menu of groups of fields.
    Groups {
        /// Who was shown it.
        owner: UserId,
        /// Of which agent.
        agent: AgentRef,
    },
    /// A modal of fields.
    Fields {
        /// Who was shown it.
        owner: UserId,
        /// Of which agent.
        agent: AgentRef,
    },
    /// Approves a request, on this copy of its card.
    Approve(RequestId, i64),
    /// Asks why a request is denied; as a modal: denies it.
    Deny(RequestId),
    /// Tells others that somebody is looking at a request.
    Look(RequestId),
    /// A modal that asks for the reason of a delete, which is kept as an offer.
    Why(OfferId),
    /// A page of a command that is kept as an offer.
    Turn(OfferId, u32),
    /// Opens the card of the extension that was selected.
    OpenExtension(UserId),
    /// A button of an extension's card.
    ExtensionCard {
        /// Who was shown it.
        owner: UserId,
        /// What it does.
        verb: ExtensionVerb,
        /// With which extension.
        extension: ExtensionAt,
    },
    /// The menu of groups of an extension's fields.
    ExtensionGroups {
        /// Who was shown it.
        owner: UserId,
        /// Of which extension.
        extension: ExtensionAt,
    },
    /// A modal of an extension's fields.
    ExtensionFields {
        /// Who was shown it.
        owner: UserId,
        /// Of which extension.
        extension: ExtensionAt,
    },
}

/// An extension on its phone system, written as people type it: `mediatel:13`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExtensionAt {
    /// Which phone system.
    pub(crate) connection: ConnectionName,
    /// Its number there.
    pub(crate) id: ExtensionId,
}

/// What an extension's card's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExtensionVerb {
    /// Asks which fields to change.
    Edit,
    /// Asks why it should be deleted.
    Delete,
}

/// What an agent's card's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardVerb {
    /// Asks which fields to change.
    Edit,
    /// Disables the agent.
    Disable,
    /// Enables it.
    Enable,
    /// Offers a fresh password.
    ResetPassword,
    /// Asks why it should be deleted.
    Delete,
    /// Logs it in, where its settings say.
    LogIn,
    /// Logs it out.
    LogOut,
    /// Pauses it, without a reason.
    Pause,
    /// Ends its pause.
    Unpause,
}

/// Not an id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotOurs;

impl CustomId {
    /// As Discord carries it; `None` when it would be too long.
    #[must_use]
    pub(crate) fn write(&self) -> Option<String> {
        let id = match self {
            Self::Take(id) => format!("take:{}", id.0),
            Self::Pick(id) => format!("pick:{}", id.0),
            Self::Cancel(id) => format!("cancel:{}", id.0),
            Self::Reveal(id) => format!("reveal:{}", id.0),
            Self::Have(id) => format!("have:{}", id.0),
            Self::HandOver(id) => format!("handover:{}", id.0),
            Self::Open(owner) => format!("open:{owner}"),
            Self::Page { owner, page, state, connection, query } => {
                let connection = connection.as_ref().map_or("", ConnectionName::as_str);
                format!("page:{owner}:{page}:{}:{connection}:{query}", letter(*state))
            }
            Self::Card { owner, verb, agent } => format!("card:{owner}:{}:{agent}", verb.word()),
            Self::Groups { owner, agent } => format!("groups:{owner}:{agent}"),
            Self::Fields { owner, agent } => format!("fields:{owner}:{agent}"),
            Self::Approve(request, copy) => format!("approve:{}:{copy}", request.0),
            Self::Deny(request) => format!("deny:{}", request.0),
            Self::Look(request) => format!("look:{}", request.0),
            Self::Why(offer) => format!("why:{}", offer.0),
            Self::Turn(offer, page) => format!("turn:{}:{page}", offer.0),
            Self::OpenExtension(owner) => format!("xopen:{owner}"),
            Self::ExtensionCard { owner, verb, extension } => format!("xcard:{owner}:{}:{extension}", verb.word()),
            Self::ExtensionGroups { owner, extension } => format!("xgroups:{owner}:{extension}"),
            Self::ExtensionFields { owner, extension } => format!("xfields:{owner}:{extension}"),
        };
        (id.chars().count() <= MAX).then_some(id)
    }

    /// Reads what came back.
    ///
    /// # Errors
    /// When it is not an id that [`CustomId::write`] makes.
    pub(crate) fn read(id: &str) -> Result<Self, NotOurs> {
        let (what, rest) = id.split_once(':').ok_or(NotOurs)?;
        match what {
            "take" => Ok(Self::Take(OfferId(number(rest)?))),
            "pick" => Ok(Self::Pick(OfferId(number(rest)?))),
            "cancel" => Ok(Self::Cancel(OfferId(number(rest)?))),
            "reveal" => Ok(Self::Reveal(HandoverId(number(rest)?))),
            "have" => Ok(Self::Have(HandoverId(number(rest)?))),
            "handover" => Ok(Self::HandOver(HandoverId(number(rest)?))),
            "approve" => {
                let (request, copy) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::Approve(RequestId(number(request)?), number(copy)?))
            }
            "deny" => Ok(Self::Deny(RequestId(number(rest)?))),
            "look" => Ok(Self::Look(RequestId(number(rest)?))),
            "why" => Ok(Self::Why(OfferId(number(rest)?))),
            "turn" => {
                let (offer, page) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::Turn(OfferId(number(offer)?), number(page)?))
            }
            "open" => Ok(Self::Open(user(rest)?)),
            "page" => {
                let mut parts = rest.splitn(5, ':');
                let mut next = || parts.next().ok_or(NotOurs);
                let (owner, page, state) = (user(next()?)?, number(next()?)?, filter(next()?)?);
                let connection = match next()? {
                    "" => None,
                    name => Some(ConnectionName::new(name).map_err(|_| NotOurs)?),
                };
                Ok(Self::Page { owner, page, state, connection, query: next()?.to_owned() })
            }
            "card" => {
                let (owner, rest) = rest.split_once(':').ok_or(NotOurs)?;
                let (verb, agent) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::Card { owner: user(owner)?, verb: CardVerb::read(verb)?, agent: agent_ref(agent)? })
            }
            "groups" => {
                let (owner, agent) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::Groups { owner: user(owner)?, agent: agent_ref(agent)? })
            }
            "fields" => {
                let (owner, agent) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::Fields { owner: user(owner)?, agent: agent_ref(agent)? })
            }
            "xopen" => Ok(Self::OpenExtension(user(rest)?)),
            "xcard" => {
                let (owner, rest) = rest.split_once(':').ok_or(NotOurs)?;
                let (verb, extension) = rest.split_once(':').ok_or(NotOurs)?;
                let verb = ExtensionVerb::read(verb)?;
                Ok(Self::ExtensionCard { owner: user(owner)?, verb, extension: extension_at(extension)? })
            }
            "xgroups" => {
                let (owner, extension) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::ExtensionGroups { owner: user(owner)?, extension: extension_at(extension)? })
            }
            "xfields" => {
                let (owner, extension) = rest.split_once(':').ok_or(NotOurs)?;
                Ok(Self::ExtensionFields { owner: user(owner)?, extension: extension_at(extension)? })
            }
            _ => Err(NotOurs),
        }
    }

    /// Whether a press changes the very message it stands on. Such a one is read by one person: a press on it that comes
    /// from a message in a channel, such as a card, was made up.
    #[must_use]
    pub(crate) const fn changes_its_message(&self) -> bool {
        match self {
            Self::Take(_)
            | Self::Pick(_)
            | Self::Cancel(_)
            | Self::Reveal(_)
            | Self::Have(_)
            | Self::Page { .. }
            | Self::Turn(..) => true,
            Self::HandOver(_)
            | Self::Open(_)
            | Self::Card { .. }
            | Self::Groups { .. }
            | Self::Fields { .. }
            | Self::Approve(..)
            | Self::Deny(_)
            | Self::Look(_)
            | Self::Why(_)
            | Self::OpenExtension(_)
            | Self::ExtensionCard { .. }
            | Self::ExtensionGroups { .. }
            | Self::ExtensionFields { .. } => false,
        }
    }

    /// Whose component it is, where the id itself says so.
    #[must_use]
    pub(crate) const fn owner(&self) -> Option<UserId> {
        match self {
            Self::Open(owner)
            | Self::Page { owner, .. }
            | Self::Card { owner, .. }
            | Self::Groups { owner, .. }
            | Self::Fields { owner, .. }
            | Self::OpenExtension(owner)
            | Self::ExtensionCard { owner, .. }
            | Self::ExtensionGroups { owner, .. }
            | Self::ExtensionFields { owner, .. } => Some(*owner),
            Self::Take(_)
            | Self::Pick(_)
            | Self::Cancel(_)
            | Self::Reveal(_)
            | Self::Have(_)
            | Self::HandOver(_)
            | Self::Approve(..)
            | Self::Deny(_)
            | Self::Look(_)
            | Self::Why(_)
            | Self::Turn(..) => None,
        }
    }
}

impl CardVerb {
    const ALL: [Self; 9] = [
        Self::Edit,
        Self::Disable,
        Self::Enable,
        Self::ResetPassword,
        Self::Delete,
        Self::LogIn,
        Self::LogOut,
        Self::Pause,
        Self::Unpause,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::ResetPassword => "reset",
            Self::Delete => "delete",
            Self::LogIn => "login",
            Self::LogOut => "logout",
            Self::Pause => "pause",
            Self::Unpause => "unpause",
        }
    }

    fn read(word: &str) -> Result<Self, NotOurs> {
        Self::ALL.into_iter().find(|v| v.word() == word).ok_or(NotOurs)
    }
}

impl ExtensionVerb {
    const ALL: [Self; 2] = [Self::Edit, Self::Delete];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Delete => "delete",
        }
    }

    fn read(word: &str) -> Result<Self, NotOurs> {
        Self::ALL.into_iter().find(|v| v.word() == word).ok_or(NotOurs)
    }
}

impl fmt::Display for ExtensionAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.connection, self.id)
    }
}

/// Only the form that was written: `+5` or `007` would be somebody else's.
fn number<N: FromStr + ToString>(text: &str) -> Result<N, NotOurs> {
    text.parse::<N>().ok().filter(|n| n.to_string() == text).ok_or(NotOurs)
}

fn user(text: &str) -> Result<UserId, NotOurs> {
    number::<u64>(text).ok().filter(|n| *n != 0).map(UserId::new).ok_or(NotOurs)
}

fn agent_ref(text: &str) -> Result<AgentRef, NotOurs> {
    text.parse().map_err(|_| NotOurs)
}

fn extension_at(text: &str) -> Result<ExtensionAt, NotOurs> {
    let (connection, id) = text.split_once(':').ok_or(NotOurs)?;
    let connection = ConnectionName::new(connection).map_err(|_| NotOurs)?;
    let id = number::<i64>(id)?;
    if id > 0 { Ok(ExtensionAt { connection, id: ExtensionId(id) }) } else { Err(NotOurs) }
}

const fn letter(state: StateFilter) -> &'static str {
    match state {
        StateFilter::Enabled => "e",
        StateFilter::Disabled => "d",
        StateFilter::All => "a",
    }
}

fn filter(text: &str) -> Result<StateFilter, NotOurs> {
    match text {
        "e" => Ok(StateFilter::Enabled),
        "d" => Ok(StateFilter::Disabled),
        "a" => Ok(StateFilter::All),
        _ => Err(NotOurs),
    }
}

#[cfg(test)]
mod tests;
