//! Acts: commands with everything resolved and read, ready to be stored, shown, done once and audited.
//!
//! A [`commands::Command`](rollcall_commands::Command) is what a person typed; an [`Act`] is what the bot will do for
//! it. It is a plain value, free of secrets, and holds the fingerprint of the record that the person was shown: if the
//! record is another one when the act is due, it is not done. Each kind is in a module of its own.

mod clone;
mod delete;
mod edit;
mod extension;
mod kind;
mod password;
mod presence;
mod restore;
mod state;

use rollcall_commands::Permission;
use rollcall_telephony::{AgentRef, ConnectionName};
use serde::{Deserialize, Serialize};

pub use self::clone::{CloneAct, Numbers};
pub use self::delete::DeleteAct;
pub use self::edit::EditAct;
pub(crate) use self::kind::{Facts, Kind};
pub use self::password::{ReplaceAct, ResetAct};
pub use self::restore::RestoreAct;
pub use self::state::{StateAct, ThenDelete};
use super::extensions::ExtensionAct;
use super::presence::PresenceAct;

/// Something that changes a phone system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Creates an agent as a copy of another.
    Clone(CloneAct),
    /// Disables or enables an agent.
    SetState(StateAct),
    /// Changes fields of an agent.
    Edit(EditAct),
    /// Gives an agent a fresh password.
    ResetPassword(ResetAct),
    /// Deletes an agent for good.
    Delete(DeleteAct),
    /// Creates a deleted agent again.
    Restore(RestoreAct),
    /// Replaces a password that nobody opened in time.
    Replace(ReplaceAct),
    /// Changes who is logged in or paused.
    Presence(Box<PresenceAct>),
    /// Changes extensions.
    Extension(ExtensionAct),
}

impl Act {
    /// The act as one of its kind.
    pub(in crate::desk) fn kind(&self) -> &dyn Kind {
        match self {
            Self::Clone(a) => a,
            Self::SetState(a) => a,
            Self::Edit(a) => a,
            Self::ResetPassword(a) => a,
            Self::Delete(a) => a,
            Self::Restore(a) => a,
            Self::Replace(a) => a,
            Self::Presence(a) => &**a,
            Self::Extension(a) => a,
        }
    }

    /// The connection that is asked; of several, the first.
    #[must_use]
    pub fn connection(&self) -> &ConnectionName {
        self.kind().facts().connection
    }

    /// Every connection that is asked, in order.
    #[must_use]
    pub fn connections(&self) -> Vec<&ConnectionName> {
        self.kind().connections()
    }

    /// The agent that is changed, of several the first; `None` for one that does not exist yet.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentRef> {
        self.kind().facts().agent
    }

    /// The agent whose record was shown and must be the same when it is done; `None` where there is none to compare.
    #[must_use]
    pub fn record(&self) -> Option<&AgentRef> {
        self.kind().facts().record
    }

    /// That record's fingerprint as it was shown.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.kind().facts().fingerprint
    }

    /// Why it is wanted, where somebody said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.kind().facts().reason
    }

    /// The login of the agent it is about, or what people call the person or the extension.
    #[must_use]
    pub fn login(&self) -> &str {
        self.kind().facts().login
    }

    /// Everything that a person needs to be allowed, what matters most first; nothing for what the bot does by itself.
    #[must_use]
    pub fn permissions(&self) -> &'static [Permission] {
        self.kind().facts().permissions
    }

    /// Its name in the audit log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().facts().name
    }

    /// What it is about, in one word for the store: a request about the same waits already. Two files of one name are
    /// the same when they name the same extensions.
    #[must_use]
    pub fn subject(&self) -> String {
        self.kind().subject()
    }

    /// What it is about, for the audit log: `mediatel:42`, or `mediatel:ivan.ivanov` before there is an id.
    #[must_use]
    pub fn target(&self) -> String {
        self.kind().target()
    }
}
