//! The desk's part of the doctor: connections and store, each finding with how to mend it.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentRef, ErrorKind, Reading};

use super::people::Named;
use super::{Desk, Refusal};
use crate::config::Identity;
use crate::policy::Actor;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All is well.
    Good,
    /// It works, but.
    Warning,
    /// Something does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was found, a sentence.
    pub what: String,
    /// How to mend it; empty when there is nothing to mend.
    pub mend: String,
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn good(what: impl Into<String>) -> Self {
        Self { level: Level::Good, what: what.into(), mend: String::new() }
    }

    /// It works, but.
    #[must_use]
    pub fn warning(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { level: Level::Warning, what: what.into(), mend: mend.into() }
    }

    /// Something does not work.
    #[must_use]
    pub fn bad(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { level: Level::Bad, what: what.into(), mend: mend.into() }
    }
}

impl Desk {
    /// Whether a person may ask the doctor.
    ///
    /// # Errors
    /// When they may not; the roles that could are named.
    pub fn may_ask_doctor(&self, actor: &Actor) -> Result<(), Refusal> {
        self.permit_somewhere(actor, Permission::Doctor)
    }

    /// Looks at the store and at every connection.
    pub async fn examine(&self) -> Vec<Finding> {
        let mut findings = vec![match self.inner.ledger.check_writable().await {
            Ok(()) => Finding::good("The store can be written."),
            Err(error) => Finding::bad(
                format!("{error}. Until then every change is refused."),
                "Free disk space, or give the bot's user the right to write the file of DATABASE_URL and its folder.",
            ),
        }];
        for (name, connected) in &self.inner.connections {
            findings.push(self.examine_connection(name.as_str(), &*connected.reading).await);
        }
        findings.extend(self.examine_people().await);
        for (name, kind) in &self.inner.left_out {
            findings.push(Finding::warning(
                format!("{name}: the kind {kind} is not built yet; the connection is left out."),
                "Nothing to do now; a later version will use it as it stands.",
            ));
        }
        for remark in &self.inner.remarks {
            findings
                .push(Finding::warning(remark.clone(), "Nothing to do now; a later version will use it as it stands."));
        }
        if self.inner.connections.is_empty() {
            findings.push(Finding::bad(
                "There is no connection to any phone system.",
                "Add a [[connection]] to the TOML file.",
            ));
        }
        findings
    }

    async fn examine_connection(&self, name: &str, reading: &dyn Reading) -> Finding {
        if !reading.abilities().has(Ability::ListAgents) {
            return match (reading.reached().await, reading.agents().await) {
                (Ok(()), Ok(agents)) => unasked(name, agents.len()),
                (Err(error), _) | (_, Err(error)) => trouble(&error),
            };
        }
        if !reading.abilities().has(Ability::OwnAccount) {
            return match reading.agents().await {
                Ok(agents) => Finding::good(format!("{name} answers and lists {} agents.", agents.len())),
                Err(error) => trouble(&error),
            };
        }
        match reading.own_account().await {
            Ok(account) => Finding::good(format!(
                "{name} answers and takes the bot for {} (rights {}, as supervisor {}).",
                account.login,
                account.rights.agent.map_or_else(|| "unknown".to_owned(), |n| n.to_string()),
                account.rights.supervisor.map_or_else(|| "unknown".to_owned(), |n| n.to_string()),
            )),
            Err(error) => trouble(&error),
        }
    }

    /// Looks for every agent that a `[[person]]` names, in lists that are no older than they may be.
    async fn examine_people(&self) -> Vec<Finding> {
        if self.inner.persons.is_empty() {
            return Vec::new();
        }
        self.refresh_lists(&self.joining()).await;
        let mut findings = Vec::new();
        let mut taken: Vec<(AgentRef, &str)> = Vec::new();
        for person in &self.inner.persons {
            for entry in &person.is {
                let named = self.named_by(entry);
                if let Some(what) = self.why_not_joined(entry, &named).await {
                    findings.push(of_person(&person.name, what));
                }
                let (Named::Known(agent) | Named::Unlisted(agent)) = named else { continue };
                match taken.iter().find(|(other, _)| *other == agent) {
                    Some((_, first)) if *first != person.name => findings.push(of_person(
                        &person.name,
                        (
                            format!("{agent} is {first} already, and stays so."),
                            "One agent is one person: take one away.",
                        ),
                    )),
                    Some(_) => {}
                    None => taken.push((agent, &person.name)),
                }
            }
        }
        if findings.is_empty() {
            findings.push(Finding::good(format!("All {} agents that [[person]] joins are known.", taken.len())));
        }
        findings
    }

    /// Why an entry joins nobody, or nobody that is known, and how to mend it.
    async fn why_not_joined(&self, entry: &Identity, named: &Named) -> Option<(String, &'static str)> {
        let (connection, key) = (&entry.connection, &entry.login);
        let nobody = || {
            (
                format!("{connection} has no agent {key}."),
                "Write connection:id or connection:login of an agent there is.",
            )
        };
        match named {
            Named::Known(_) => None,
            Named::Nobody => Some(nobody()),
            Named::Unlisted(agent) => match self.reading(connection).ok()?.agent(&agent.id).await {
                Ok(_) => Some((
                    format!("agents of {connection} does not name {key}; it is taken for a login as it stands."),
                    "Correct it if it is misspelt, or name it under agents of that connection.",
                )),
                Err(_) => Some(nobody()),
            },
            Named::Several(count) => Some((
                format!("{count} agents of {connection} have the login {key}."),
                "Write connection:id of the one that is meant.",
            )),
            Named::NoList => Some((
                format!("whether {connection} has an agent {key} cannot be told: its agents were never read."),
                "Mend that connection first.",
            )),
            Named::NoConnection => Some((
                format!("{connection} is left out, so {key} there is not joined."),
                "Nothing to do now; a later version will use it as it stands.",
            )),
        }
    }
}

fn of_person(name: &str, (what, mend): (String, &'static str)) -> Finding {
    Finding::warning(format!("[[person]] {name}: {what}"), mend)
}

/// A system that takes commands only: whatever is sent to it may change something, so nothing is.
fn unasked(name: &str, agents: usize) -> Finding {
    const TAKES: &str = "takes connections; nothing more was tried, since it takes commands only";
    match agents {
        0 => Finding::warning(
            format!("{name} {TAKES}. The settings name no agent of it."),
            "Name them under agents of this connection, so that people can pick them.",
        ),
        1 => Finding::good(format!("{name} {TAKES}. The settings name 1 agent.")),
        n => Finding::good(format!("{name} {TAKES}. The settings name {n} agents.")),
    }
}

fn trouble(error: &rollcall_telephony::Error) -> Finding {
    let mend = match &error.kind {
        ErrorKind::SignedOut => "Check auth of this connection in the TOML file and the variable it names.",
        ErrorKind::Unreachable(_) => {
            "Check base_url and ca_file of this connection, and that this machine reaches the phone system."
        }
        ErrorKind::RateLimited(_) => "Lower rate of this connection in the TOML file, or wait.",
        ErrorKind::Refused(_) => "Give the bot's account at the phone system the rights it needs.",
        ErrorKind::NotFound | ErrorKind::Unreadable(_) => {
            "Check that base_url is that of the API (it ends in /v1) and that nothing in between answers instead."
        }
        ErrorKind::Broken(_) => "Ask whoever runs the phone system; the bot goes on with the list it last read.",
        ErrorKind::Unsupported(_) => "Nothing to do.",
    };
    Finding::bad(format!("{error}."), mend)
}
