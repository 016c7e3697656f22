//! Acts: commands with everything resolved and read, ready to be stored, shown, done once and audited.
//!
//! A [`commands::Command`](rollcall_commands::Command) is what a person typed; an [`Act`] is what the bot will do for
//! it. It is a plain value, free of secrets, and holds the fingerprint of the record that the person was shown: if the
//! record is another one when the act is due, it is not done.

mod agents;

use rollcall_commands::Permission;
use rollcall_telephony::{AgentRef, AgentState, ConnectionName};
use serde::{Deserialize, Serialize};

pub use self::agents::{CloneAct, DeleteAct, EditAct, Numbers, ReplaceAct, ResetAct, RestoreAct, StateAct, ThenDelete};
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
    /// The connection that is asked; of several, the first.
    #[must_use]
    pub const fn connection(&self) -> &ConnectionName {
        match self {
            Self::Clone(a) => &a.source.connection,
            Self::SetState(a) => &a.agent.connection,
            Self::Edit(a) => &a.agent.connection,
            Self::ResetPassword(a) => &a.agent.connection,
            Self::Delete(a) => &a.agent.connection,
            Self::Restore(a) => &a.was.connection,
            Self::Replace(a) => &a.agent.connection,
            Self::Presence(a) => &a.first.agent.connection,
            Self::Extension(a) => &a.connection,
        }
    }

    /// Every connection that is asked, in order.
    #[must_use]
    pub fn connections(&self) -> Vec<&ConnectionName> {
        match self {
            Self::Presence(a) => a.agents().map(|agent| &agent.connection).collect(),
            Self::Clone(_)
            | Self::SetState(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Replace(_)
            | Self::Extension(_) => vec![self.connection()],
        }
    }

    /// The agent that is changed, of several the first; `None` for one that does not exist yet.
    #[must_use]
    pub const fn agent(&self) -> Option<&AgentRef> {
        match self {
            Self::Clone(_) | Self::Restore(_) | Self::Extension(_) => None,
            Self::SetState(a) => Some(&a.agent),
            Self::Edit(a) => Some(&a.agent),
            Self::ResetPassword(a) => Some(&a.agent),
            Self::Delete(a) => Some(&a.agent),
            Self::Replace(a) => Some(&a.agent),
            Self::Presence(a) => Some(&a.first.agent),
        }
    }

    /// The agent whose record was shown and must be the same when it is done; `None` where there is none to compare.
    #[must_use]
    pub const fn record(&self) -> Option<&AgentRef> {
        match self {
            Self::Clone(a) => Some(&a.source),
            Self::SetState(_) | Self::Edit(_) | Self::ResetPassword(_) | Self::Delete(_) | Self::Presence(_) => {
                self.agent()
            }
            Self::Restore(_) | Self::Replace(_) | Self::Extension(_) => None,
        }
    }

    /// That record's fingerprint as it was shown.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        match self {
            Self::Clone(a) => Some(&a.fingerprint),
            Self::SetState(a) => Some(&a.fingerprint),
            Self::Edit(a) => Some(&a.fingerprint),
            Self::ResetPassword(a) => Some(a.fingerprint.as_str()).filter(|f| !f.is_empty()),
            Self::Delete(a) => Some(&a.fingerprint),
            Self::Extension(a) => a.fingerprint(),
            Self::Restore(_) | Self::Replace(_) | Self::Presence(_) => None,
        }
    }

    /// Why it is wanted, where somebody said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::SetState(a) => a.reason.as_deref(),
            Self::Delete(a) => Some(&a.reason),
            Self::Presence(a) => a.reason(),
            Self::Extension(a) => a.reason(),
            Self::Clone(_) | Self::Edit(_) | Self::ResetPassword(_) | Self::Restore(_) | Self::Replace(_) => None,
        }
    }

    /// The login of the agent it is about, or what people call the person or the extension.
    #[must_use]
    pub fn login(&self) -> &str {
        match self {
            Self::Clone(a) => &a.login,
            Self::SetState(a) => &a.login,
            Self::Edit(a) => &a.login,
            Self::ResetPassword(a) => &a.login,
            Self::Delete(a) => &a.login,
            Self::Restore(a) => &a.login,
            Self::Replace(a) => &a.login,
            Self::Presence(a) => &a.who,
            Self::Extension(a) => a.name(),
        }
    }

    /// The login of the agent whose record was shown: of a clone, its source.
    #[must_use]
    pub fn record_login(&self) -> &str {
        match self {
            Self::Clone(a) => &a.source_login,
            Self::SetState(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Replace(_)
            | Self::Presence(_)
            | Self::Extension(_) => self.login(),
        }
    }

    /// Whether a delete is asked for once it is done.
    #[must_use]
    pub const fn leads_to_delete(&self) -> bool {
        match self {
            Self::SetState(a) => a.then_delete.is_some(),
            Self::Clone(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Replace(_)
            | Self::Presence(_)
            | Self::Extension(_) => false,
        }
    }

    /// What a person needs to be allowed; `None` for what the bot does by itself.
    #[must_use]
    pub fn permission(&self) -> Option<Permission> {
        match self {
            Self::Clone(_) => Some(Permission::AgentClone),
            Self::SetState(_) => Some(Permission::AgentDisable),
            Self::Edit(_) => Some(Permission::AgentEdit),
            Self::ResetPassword(_) => Some(Permission::AgentResetPassword),
            Self::Delete(_) => Some(Permission::AgentDelete),
            Self::Restore(_) => Some(Permission::AgentRestore),
            Self::Replace(_) => None,
            Self::Presence(_) => Some(Permission::PresenceWrite),
            Self::Extension(a) => a.permissions().first().copied(),
        }
    }

    /// Everything that a person needs to be allowed.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        if let Self::Extension(a) = self { a.permissions().to_vec() } else { self.permission().into_iter().collect() }
    }

    /// Its name in the audit log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Clone(_) => "agent.clone",
            Self::SetState(a) => match a.to {
                AgentState::Enabled => "agent.enable",
                AgentState::Disabled | AgentState::Unknown => "agent.disable",
            },
            Self::Edit(_) => "agent.edit",
            Self::ResetPassword(_) => "agent.reset-password",
            Self::Delete(_) => "agent.delete",
            Self::Restore(_) => "agent.restore",
            Self::Replace(_) => "password.replace",
            Self::Presence(a) => a.audit_name(),
            Self::Extension(a) => a.audit_name(),
        }
    }

    /// What it is about, in one word for the store: a request about the same waits already. Two files of one name are
    /// the same when they name the same extensions.
    #[must_use]
    pub fn subject(&self) -> String {
        let subject = format!("{} {}", self.name(), self.target());
        match self {
            Self::Extension(a) if a.id().is_none() => format!("{subject} {}", a.fingerprint().unwrap_or_default()),
            Self::Clone(_)
            | Self::SetState(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Replace(_)
            | Self::Presence(_)
            | Self::Extension(_) => subject,
        }
    }

    /// What it is about, for the audit log: `mediatel:42`, or `mediatel:ivan.ivanov` before there is an id.
    #[must_use]
    pub fn target(&self) -> String {
        match self {
            Self::Presence(a) => return a.agents().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            Self::Extension(a) => return a.target(),
            Self::Clone(_)
            | Self::SetState(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Replace(_) => {}
        }
        self.agent().map_or_else(|| format!("{}:{}", self.connection(), self.login()), ToString::to_string)
    }
}
