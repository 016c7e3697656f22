//! Who may: the one place that decides it, from the roles in the TOML file.
//!
//! A permission counts per role together with that role's connections, never mixed across roles. The guild's owner and
//! administrators get nothing extra: they are not even known here. What people are told is said in the desk; whether
//! an approver may decide a request, in its approvals.

mod grants;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rollcall_commands::{Pattern, Permission};
use rollcall_telephony::ConnectionName;
use serde::{Deserialize, Serialize};
use serenity::model::id::{RoleId, UserId};

use crate::config::{Config, RoleGrant};

pub use grants::{Grant, Granted, Grants, NeedsSecond, On, Refusal};

/// Somebody who acts, as Discord told it with the interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub id: UserId,
    /// What the guild calls the person; hostile text.
    pub name: String,
    /// The roles.
    pub roles: Vec<RoleId>,
}

/// What the policy says to an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Allowed {
        /// The role that allows it: the first in the file.
        role: RoleId,
    },
    /// It is allowed to this person, once a second one agrees.
    NeedsSecondPerson {
        /// The role that allows it.
        role: RoleId,
        /// Why one person is not enough.
        why: SecondPerson,
    },
    /// It is not allowed.
    Refused {
        /// The roles that could do it there, in the order of the file; may be none.
        could: Vec<RoleId>,
    },
}

/// Why one person is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondPerson {
    /// `[approvals] require` says so, or it deletes an agent.
    Permission(Permission),
    /// It gives or touches higher rights than `[approvals] require_above_rights`.
    Rights {
        /// The highest right that is touched.
        highest: i64,
        /// The highest that one person may touch.
        limit: i64,
    },
}

/// Whether an act's rights are within what one person may give or touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightsVerdict {
    /// One person is enough.
    OnePerson,
    /// A second one must agree.
    SecondPerson(SecondPerson),
}

/// Who may do what.
#[derive(Debug, Clone)]
pub struct Policy {
    roles: Vec<RoleGrant>,
    /// All connections, in the order of the file: what a role without `connections` may act on.
    connections: Vec<ConnectionName>,
    approvers: BTreeSet<RoleId>,
    require: Vec<Pattern>,
    require_above_rights: Option<i64>,
}

impl Policy {
    /// The policy that the settings describe.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            roles: config.roles.clone(),
            connections: config.connections.iter().map(|connection| connection.name.clone()).collect(),
            approvers: config.approvals.approvers.iter().copied().collect(),
            require: config.approvals.require.clone(),
            require_above_rights: config.approvals.require_above_rights,
        }
    }

    /// Whether this person may use `permission` on `connection`. Without a connection: on at least one, or for what
    /// belongs to none (`audit.read`, `doctor`).
    #[must_use]
    pub fn decide(&self, actor: &Actor, permission: Permission, connection: Option<&ConnectionName>) -> Verdict {
        let mut granting = self.roles.iter().filter(|role| allows(role, permission, connection));
        match granting.clone().find(|role| actor.roles.contains(&role.id)) {
            Some(role) if self.needs_second_person(permission) => {
                Verdict::NeedsSecondPerson { role: role.id, why: SecondPerson::Permission(permission) }
            }
            Some(role) => Verdict::Allowed { role: role.id },
            None => Verdict::Refused { could: in_order(granting.by_ref().map(|role| role.id)) },
        }
    }

    /// The connections on which this person may use `permission`, alone or with a second person, in the order of the
    /// file.
    #[must_use]
    pub fn connections_for(&self, actor: &Actor, permission: Permission) -> Vec<ConnectionName> {
        self.connections
            .iter()
            .filter(|connection| match self.decide(actor, permission, Some(connection)) {
                Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => true,
                Verdict::Refused { .. } => false,
            })
            .cloned()
            .collect()
    }

    /// Whether an act that gives or touches rights up to `highest` needs a second person: the highest `RightID` or
    /// `SupervisorRightID` of its source, its target and its new value (rule 11 of the design).
    #[must_use]
    pub fn rights_need_second(&self, highest: i64) -> RightsVerdict {
        match self.require_above_rights {
            Some(limit) if highest > limit => RightsVerdict::SecondPerson(SecondPerson::Rights { highest, limit }),
            Some(_) | None => RightsVerdict::OnePerson,
        }
    }

    /// Whether this person may approve requests.
    #[must_use]
    pub fn is_approver(&self, actor: &Actor) -> bool {
        actor.roles.iter().any(|role| self.approvers.contains(role))
    }

    /// Every role that is allowed anything here, for checking that the guild has it; in the order of the file.
    #[must_use]
    pub fn roles(&self) -> Vec<RoleId> {
        in_order(self.roles.iter().map(|role| role.id))
    }

    /// The deletes of agents need a second person whatever the settings say.
    fn needs_second_person(&self, permission: Permission) -> bool {
        permission == Permission::AgentDelete || self.require.iter().any(|pattern| pattern.matches(permission))
    }
}

/// Whether a role, by itself, allows `permission` on `connection`, or anywhere at all.
fn allows(role: &RoleGrant, permission: Permission, connection: Option<&ConnectionName>) -> bool {
    let there = match (&role.connections, connection) {
        (None, _) => true,
        (Some(listed), Some(connection)) => listed.contains(connection),
        (Some(listed), None) => !listed.is_empty(),
    };
    there && role.may.iter().any(|pattern| pattern.matches(permission))
}

/// Each role once, as first met.
fn in_order(roles: impl Iterator<Item = RoleId>) -> Vec<RoleId> {
    let mut seen = BTreeSet::new();
    roles.filter(|role| seen.insert(*role)).collect()
}
