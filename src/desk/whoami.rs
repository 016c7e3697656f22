//! `/whoami`: what may I do here, for whom the phone systems take us, and which passwords are still on their way.

use rollcall_telephony::{Ability, ConnectionName, Rights};

use super::{Desk, Refusal};
use crate::ledger::Handover;
use crate::policy::{Actor, Grants};

/// The answer to `/whoami`.
#[derive(Debug)]
pub struct Whoami {
    /// Each permission: through which roles and where, or which roles could.
    pub grants: Grants,
    /// For whom each phone system takes the bot.
    pub accounts: Vec<(ConnectionName, Account)>,
    /// Whether they decide requests.
    pub approver: Approver,
    /// Passwords this person asked for or gets, open ones and those just settled.
    pub handovers: Vec<Handover>,
}

/// Whether a person decides requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approver {
    /// Through an approver role.
    Yes,
    /// Not.
    No,
}

/// For whom a phone system takes the bot.
#[derive(Debug)]
pub enum Account {
    /// This agent.
    Agent {
        /// Its login.
        login: String,
        /// Its rights.
        rights: Rights,
    },
    /// It has no way to tell.
    Untold,
    /// It did not answer; why.
    Unknown(String),
}

impl Desk {
    /// Tells a person who they are here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn whoami(&self, actor: &Actor) -> Result<Whoami, Refusal> {
        let handovers = self.inner.ledger.handovers_of(actor.id).await?;
        let grants = self.inner.policy.grants_of(actor);
        let mut accounts = Vec::new();
        for (name, connected) in &self.inner.connections {
            let account = if connected.reading.abilities().has(Ability::OwnAccount) {
                match connected.reading.own_account().await {
                    Ok(agent) => Account::Agent { login: agent.login, rights: agent.rights },
                    Err(error) => Account::Unknown(error.to_string()),
                }
            } else {
                Account::Untold
            };
            accounts.push((name.clone(), account));
        }
        let approver = if self.is_approver(actor) { Approver::Yes } else { Approver::No };
        Ok(Whoami { grants, accounts, approver, handovers })
    }
}
