//! What a phone system can do, as data.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that a phone system can or cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ability {
    /// Lists its agents.
    ListAgents,
    /// Tells for whom it takes us.
    OwnAccount,
    /// Creates an agent from another one's record.
    CloneAgent,
    /// Creates an agent without a source.
    CreateAgent,
    /// Changes an agent.
    EditAgent,
    /// Disables and enables an agent.
    DisableAgent,
    /// Sets an agent's password.
    SetPassword,
    /// Deletes an agent for good.
    DeleteAgent,
    /// Logs agents in and out.
    Login,
    /// Pauses and unpauses agents.
    Pause,
    /// Tells who is logged in or paused.
    ReadPresence,
    /// Lists, creates and changes queues.
    Queues,
    /// Lists, creates and changes extensions.
    Extensions,
    /// Calls us back about agents.
    Events,
    /// Manages users' lines, forwards and rights.
    Users,
    /// Manages callback lists.
    Callbacks,
    /// Manages meeting rooms.
    MeetingRooms,
}

impl Ability {
    /// What a system that lacks this cannot do, to follow "mediatel has no …".
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::ListAgents => "list of agents",
            Self::OwnAccount => "account of its own for us",
            Self::CloneAgent => "way to clone an agent",
            Self::CreateAgent => "way to create an agent without a source",
            Self::EditAgent => "way to edit an agent",
            Self::DisableAgent => "way to disable an agent",
            Self::SetPassword => "way to set a password",
            Self::DeleteAgent => "way to delete an agent",
            Self::Login => "login and logout",
            Self::Pause => "pauses",
            Self::ReadPresence => "way to read presence",
            Self::Queues => "queues",
            Self::Extensions => "extensions",
            Self::Events => "events",
            Self::Users => "users",
            Self::Callbacks => "callback lists",
            Self::MeetingRooms => "meeting rooms",
        }
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun())
    }
}

/// What one kind of phone system can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities(&'static [Ability]);

impl Abilities {
    /// The abilities of a kind.
    #[must_use]
    pub const fn new(abilities: &'static [Ability]) -> Self {
        Self(abilities)
    }

    /// Whether `ability` is among them.
    #[must_use]
    pub fn has(self, ability: Ability) -> bool {
        self.0.contains(&ability)
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Ability> {
        self.0.iter().copied()
    }
}
