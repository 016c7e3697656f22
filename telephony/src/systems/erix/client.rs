//! Asks Erix: which parameters for which change of presence. What its answers mean is in `wire`.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use super::ABILITIES;
use super::agents::{Agents, LONGEST, is_extension, is_login, is_word};
use super::texts::{Asked, What};
use super::wire::{Cause, Failed, judge, refused};
use crate::http::{Fault, Http, Manner, Parameters};
use crate::{
    Abilities, Agent, AgentId, Authorized, ConnectionName, Error, ErrorKind, LoginOffers, PresenceAnswer,
    PresenceChange, PresenceRules, PresenceWriting, Reading, Refusal, Section, Unfit,
};

/// After so many failures that leave their reason open, the reason may be one that lies outside of every single request.
const SEVERAL: u32 = 3;

/// The reading half and presence for one connection.
pub(super) struct Client {
    name: ConnectionName,
    http: Http,
    manner: Manner,
    rules: PresenceRules,
    agents: Agents,
    /// How many commands failed in a way that leaves the reason open, since one was last answered with a success.
    failures: AtomicU32,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erix").field("name", &self.name).field("http", &self.http).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) const fn new(
        name: ConnectionName,
        http: Http,
        manner: Manner,
        rules: PresenceRules,
        agents: Agents,
    ) -> Self {
        Self { name, http, manner, rules, agents, failures: AtomicU32::new(0) }
    }

    /// Checks what is asked, and fills in what the settings tell.
    fn asked(&self, agent: &AgentId, change: &PresenceChange) -> Result<Asked, Unfit> {
        let login = agent.as_str();
        if !is_login(login) {
            return Err(Unfit::Wrong(format!("an agent goes by its login, one line of 1 to {LONGEST} bytes")));
        }
        let what = match change {
            PresenceChange::LogIn { extension, queue } => What::Login {
                extension: self.extension(login, extension.as_deref())?,
                queue: self.queue(login, queue.as_deref())?,
            },
            PresenceChange::LogOut => What::Logoff,
            PresenceChange::Pause { reason } => What::Pause { reason: self.reason(reason.as_deref())? },
            PresenceChange::Unpause => What::Unpause,
        };
        Ok(Asked { agent: login.to_owned(), what })
    }

    fn extension(&self, login: &str, asked: Option<&str>) -> Result<String, Unfit> {
        let own = || self.agents.listed(login).and_then(|listed| listed.extension.as_deref());
        match asked.map(str::trim).filter(|text| !text.is_empty()).or_else(own) {
            Some(extension) if is_extension(extension) => Ok(extension.to_owned()),
            Some(_) => Err(Unfit::Wrong(format!(
                "an extension is written in digits only, at most {LONGEST} of them, such as 2001"
            ))),
            None => Err(Unfit::Lacking("a login names an extension: the number of a call-centre extension".to_owned())),
        }
    }

    fn queue(&self, login: &str, asked: Option<&str>) -> Result<String, Unfit> {
        let only = || match self.agents.listed(login).map(|listed| listed.queues.as_slice()) {
            Some([only]) => Some(only.as_str()),
            Some(_) | None => None,
        };
        match asked.map(str::trim).filter(|text| !text.is_empty()).or_else(only) {
            Some(queue) if is_word(queue) => Ok(queue.to_owned()),
            Some(_) => Err(Unfit::Wrong(one_line("a queue's name"))),
            None => Err(Unfit::Lacking("a login names a queue: one call-centre queue, by its name".to_owned())),
        }
    }

    /// A reason as the settings spell it, since reports go by the text; else as it was typed.
    fn reason(&self, asked: Option<&str>) -> Result<Option<String>, Unfit> {
        let Some(reason) = asked.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        if !is_word(reason) {
            return Err(Unfit::Wrong(one_line("a pause's reason")));
        }
        let same = |listed: &&String| listed.to_lowercase() == reason.to_lowercase();
        Ok(Some(self.rules.pauses.iter().find(same).map_or(reason, String::as_str).to_owned()))
    }

    async fn tell(&self, asked: &Asked) -> Result<PresenceAnswer, Fault> {
        let parameters = asked.parameters();
        let parameters = match self.manner {
            Manner::Post => Parameters::Form(&parameters),
            Manner::Get => Parameters::Query(&parameters),
        };
        let told = self.http.tell(parameters, |answer| judge(answer, asked).map_err(|failed| self.with_hint(failed)));
        told.await.inspect(|_| self.failures.store(0, Ordering::Relaxed))
    }

    /// "The CRM module must be disabled": nothing in a single answer tells, but no command works. An answer that explains
    /// itself neither counts nor gets the hint.
    fn with_hint(&self, failed: Failed) -> Fault {
        let fault = match failed.cause {
            Cause::Told => return failed.fault,
            Cause::Open => failed.fault,
        };
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures < SEVERAL {
            return fault;
        }
        let hint = |said: &str| {
            format!(
                "{said}. That makes {failures} such failures without a success in between: if no command works, have the \
                 CRM module switched off in Erix, since its agent API works only without it"
            )
        };
        let kind = match &fault.kind {
            ErrorKind::Refused(Refusal::Other(sentence)) => ErrorKind::Refused(Refusal::Other(hint(sentence))),
            ErrorKind::Refused(Refusal::LoggedOut(sentence)) => ErrorKind::Refused(Refusal::LoggedOut(hint(sentence))),
            ErrorKind::Unreadable(what) => ErrorKind::Unreadable(hint(what)),
            ErrorKind::Refused(_)
            | ErrorKind::NotFound
            | ErrorKind::SignedOut
            | ErrorKind::RateLimited(_)
            | ErrorKind::Unreachable(_)
            | ErrorKind::Broken(_)
            | ErrorKind::Unsupported(_) => return fault,
        };
        Fault { kind, ..fault }
    }
}

/// What is right for a name or a reason.
fn one_line(what: &str) -> String {
    format!("{what} is one line of at most {LONGEST} characters, without control characters")
}

#[async_trait]
impl Reading for Client {
    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        super::SYSTEM.kind
    }

    fn timeout(&self) -> Duration {
        self.http.timeout()
    }

    fn abilities(&self) -> Abilities {
        ABILITIES
    }

    /// Those of the settings; the system is not asked.
    async fn agents(&self) -> Result<Vec<Agent>, Error> {
        Ok(self.agents.all())
    }

    /// Whoever has this login, whether the settings name it or not; the system is not asked.
    async fn agent(&self, id: &AgentId) -> Result<Agent, Error> {
        let no_login = || Fault::unsent(ErrorKind::NotFound).of(&self.name, "looking the agent up");
        self.agents.named(id.as_str()).ok_or_else(no_login)
    }

    /// A connection is made, and nothing is sent over it: every request would be a command.
    async fn reached(&self) -> Result<(), Error> {
        self.http.knock().await.map_err(|fault| fault.of(&self.name, "making a connection"))
    }

    fn describe(&self, agent: &Agent) -> Vec<Section> {
        self.agents.describe(agent)
    }
}

#[async_trait]
impl PresenceWriting for Client {
    fn rules(&self) -> &PresenceRules {
        &self.rules
    }

    fn login_offers(&self, agent: &AgentId) -> LoginOffers {
        self.agents.offers(agent.as_str())
    }

    fn check(&self, agent: &AgentId, change: &PresenceChange) -> Result<(), Unfit> {
        self.asked(agent, change).map(drop)
    }

    async fn set_presence(
        &self,
        by: &Authorized,
        agent: &Agent,
        change: &PresenceChange,
    ) -> Result<PresenceAnswer, Error> {
        let operation = change.operation();
        tracing::info!(connection = %self.name, intent = %by.intent(), id = %agent.id, "{operation}");
        let unfit = |unfit: Unfit| refused(unfit.to_string()).of(&self.name, operation);
        let asked = self.asked(&agent.id, change).map_err(unfit)?;
        self.tell(&asked).await.map_err(|fault| fault.of(&self.name, operation))
    }
}
