//! The desk's part of the doctor: connections and store, each finding with how to mend it.

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, ErrorKind};

use super::{Desk, Refusal};
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

    async fn examine_connection(&self, name: &str, reading: &dyn rollcall_telephony::Reading) -> Finding {
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
