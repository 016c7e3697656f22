//! What a person may do and what not, for `/whoami`.

use rollcall_commands::Permission;
use rollcall_telephony::ConnectionName;
use serenity::model::id::RoleId;

use super::{Actor, Policy, in_order};

/// Everything a person may do, and everything else with who could; each permission stands in exactly one of the two,
/// in the order of [`Permission::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    /// What the person may do.
    pub may: Vec<Granted>,
    /// What the person may not do anywhere.
    pub may_not: Vec<Refusal>,
}

/// A permission that a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The permission.
    pub permission: Permission,
    /// Through which roles, each with its own connections, in the order of the file.
    pub through: Vec<Grant>,
    /// Whether a second person must agree each time.
    pub needs_second: NeedsSecond,
}

/// Whether a second person must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedsSecond {
    /// One is enough.
    No,
    /// A second one must agree.
    Yes,
}

/// A role that gives a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: RoleId,
    /// Where it does.
    pub on: On,
}

/// Where a role gives its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// On every connection.
    All,
    /// On these.
    Only(Vec<ConnectionName>),
}

/// A permission that a person has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The permission.
    pub permission: Permission,
    /// The roles that have it somewhere; may be none.
    pub could: Vec<RoleId>,
}

impl Policy {
    /// What this person may do, through which role, and what not.
    #[must_use]
    pub fn grants_of(&self, actor: &Actor) -> Grants {
        let mut grants = Grants { may: Vec::new(), may_not: Vec::new() };
        for permission in Permission::ALL.iter().copied() {
            let giving = || self.roles.iter().filter(move |role| super::allows(role, permission, None));
            let own = giving().filter(|role| actor.roles.contains(&role.id));
            let through: Vec<Grant> = own
                .map(|role| Grant { role: role.id, on: role.connections.clone().map_or(On::All, On::Only) })
                .collect();
            if through.is_empty() {
                grants.may_not.push(Refusal { permission, could: in_order(giving().map(|role| role.id)) });
            } else {
                let needs_second =
                    if self.needs_second_person(permission) { NeedsSecond::Yes } else { NeedsSecond::No };
                grants.may.push(Granted { permission, through, needs_second });
            }
        }
        grants
    }
}
