//! What a role may be allowed to do. Which role is, and on which connections, is the configuration's to say and the
//! policy's to decide; what a phone system is able to do is an ability, and stands in `telephony`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Below this likeness (0 to 1) two words are not taken for one another.
const ALIKE: f64 = 0.6;

/// Declares the permissions with their names.
macro_rules! permissions {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// One thing that a role may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Permission {
            /// All of them, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name, as it stands in the configuration: `agent.read`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

permissions! {
    /// Search and show agents.
    AgentRead = "agent.read",
    /// Clone agents.
    AgentClone = "agent.clone",
    /// Create agents without a source.
    AgentCreate = "agent.create",
    /// Change agents.
    AgentEdit = "agent.edit",
    /// Disable and enable agents.
    AgentDisable = "agent.disable",
    /// Give agents fresh passwords.
    AgentResetPassword = "agent.reset-password",
    /// Ask for agents to be deleted for good.
    AgentDelete = "agent.delete",
    /// Rebuild deleted agents.
    AgentRestore = "agent.restore",
    /// Log agents in and out, pause and unpause them.
    PresenceWrite = "presence.write",
    /// See who is logged in or paused.
    PresenceRead = "presence.read",
    /// See queues.
    QueueRead = "queue.read",
    /// Change queues and who is in them.
    QueueWrite = "queue.write",
    /// See extensions.
    ExtensionRead = "extension.read",
    /// Create and change extensions.
    ExtensionWrite = "extension.write",
    /// Delete extensions.
    ExtensionDelete = "extension.delete",
    /// See event subscriptions.
    EventRead = "event.read",
    /// Change event subscriptions.
    EventWrite = "event.write",
    /// See users, their lines and rights.
    UserRead = "user.read",
    /// Change users, their lines and rights.
    UserWrite = "user.write",
    /// Delete users' lines and rights.
    UserDelete = "user.delete",
    /// Check a user's password.
    UserCheckPassword = "user.check-password",
    /// See callback lists.
    CallbackRead = "callback.read",
    /// Change callback lists.
    CallbackWrite = "callback.write",
    /// Delete callback lists.
    CallbackDelete = "callback.delete",
    /// See meeting rooms.
    MeetingRoomRead = "meeting-room.read",
    /// Create and change meeting rooms.
    MeetingRoomWrite = "meeting-room.write",
    /// Delete meeting rooms.
    MeetingRoomDelete = "meeting-room.delete",
    /// See everybody's requests.
    ApprovalsRead = "approvals.read",
    /// Read the record of acts.
    AuditRead = "audit.read",
    /// Check whether everything is set up and reachable.
    Doctor = "doctor",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchPermission {
    /// What was written.
    pub written: String,
    /// The nearest right word, if any is near.
    pub nearest: Option<String>,
}

impl fmt::Display for NoSuchPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no permission \"{}\"", self.written.escape_debug())?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean \"{nearest}\"?"),
            None => write!(f, "; permissions are written like \"{}\" or \"presence.*\"", Permission::AgentRead),
        }
    }
}

impl std::error::Error for NoSuchPermission {}

impl NoSuchPermission {
    fn among(written: &str, right: impl IntoIterator<Item = String>) -> Self {
        let lower = written.trim().to_lowercase();
        let nearest = right
            .into_iter()
            .map(|word| (strsim::normalized_damerau_levenshtein(&lower, &word), word))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, word)| word);
        Self { written: written.to_owned(), nearest }
    }
}

impl FromStr for Permission {
    type Err = NoSuchPermission;

    /// Reads a name.
    ///
    /// # Errors
    /// [`NoSuchPermission`], with the nearest right word.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|permission| permission.as_str() == name)
            .ok_or_else(|| NoSuchPermission::among(name, Self::ALL.iter().map(ToString::to_string)))
    }
}

/// Several permissions at once, as the configuration writes them: `agent.read`, `presence.*`, `*.delete`, `*`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// Whether it means this permission, too.
    #[must_use]
    pub fn matches(&self, permission: Permission) -> bool {
        matches(&self.0, permission)
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn matches(pattern: &str, permission: Permission) -> bool {
    let name = permission.as_str();
    if pattern == "*" || pattern == name {
        return true;
    }
    match (pattern.split_once('.'), name.split_once('.')) {
        (Some((area, "*")), Some((own, _))) => area == own,
        (Some(("*", verb)), Some((_, own))) => verb == own,
        _ => false,
    }
}

/// Everything that can be written as a pattern.
fn patterns() -> impl Iterator<Item = String> {
    let split = || Permission::ALL.iter().filter_map(|permission| permission.as_str().split_once('.'));
    Permission::ALL
        .iter()
        .map(ToString::to_string)
        .chain(split().map(|(area, _)| format!("{area}.*")))
        .chain(split().map(|(_, verb)| format!("*.{verb}")))
}

impl FromStr for Pattern {
    type Err = NoSuchPermission;

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`NoSuchPermission`] when it means no permission at all, with the nearest right word.
    fn from_str(pattern: &str) -> Result<Self, Self::Err> {
        if Permission::ALL.iter().any(|permission| matches(pattern, *permission)) {
            Ok(Self(pattern.to_owned()))
        } else {
            Err(NoSuchPermission::among(pattern, patterns()))
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = NoSuchPermission;

    fn try_from(pattern: String) -> Result<Self, Self::Error> {
        pattern.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl From<Permission> for Pattern {
    fn from(permission: Permission) -> Self {
        Self(permission.as_str().to_owned())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
