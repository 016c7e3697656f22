//! Asks Voicenter: which status for which change of presence. What its answers mean is in `wire` and `outcome`.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};

use super::ABILITIES;
use super::agents::{Agents, Listed};
use super::outcome::Asked;
use super::statuses::{Breaks, LOGIN, LOGOUT, Status};
use super::wire::judge;
use crate::http::{Fault, Http, Manner, Parameters};
use crate::systems::reply::plain;
use crate::{
    Abilities, Agent, AgentId, Authorized, ConnectionName, Error, ErrorKind, PresenceAnswer, PresenceChange,
    PresenceRules, PresenceWriting, Reading, Record, Refusal, Section, Unfit,
};

/// The reading half and presence for one connection.
pub(super) struct Client {
    name: ConnectionName,
    http: Http,
    manner: Manner,
    code: SecretString,
    rules: PresenceRules,
    breaks: Breaks,
    agents: Agents,
}

impl fmt::Debug for Client {
    /// Without the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Voicenter").field("name", &self.name).field("http", &self.http).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) const fn new(
        name: ConnectionName,
        http: Http,
        manner: Manner,
        code: SecretString,
        rules: PresenceRules,
        breaks: Breaks,
        agents: Agents,
    ) -> Self {
        Self { name, http, manner, code, rules, breaks, agents }
    }

    /// The status that a change is.
    fn status(&self, agent: &Listed, change: &PresenceChange) -> Result<Status, Unfit> {
        match change {
            PresenceChange::LogIn { extension, queue } => {
                let other = |extension: &String| !extension.trim().eq_ignore_ascii_case(&agent.extension_user);
                if extension.as_ref().is_some_and(|extension| !extension.trim().is_empty() && other(extension)) {
                    return Err(Unfit::Wrong(format!(
                        "an agent logs in at its own extension, here {}; leave extension out",
                        agent.extension_user
                    )));
                }
                if queue.as_ref().is_some_and(|queue| !queue.trim().is_empty()) {
                    return Err(Unfit::Wrong("a login is for every queue of the agent; leave queue out".to_owned()));
                }
                Ok(LOGIN)
            }
            PresenceChange::LogOut => Ok(LOGOUT),
            PresenceChange::Pause { reason } => self.pause(reason.as_deref().unwrap_or_default()),
            PresenceChange::Unpause => Ok(LOGIN),
        }
    }

    /// A break must be named: its number is what is sent.
    fn pause(&self, reason: &str) -> Result<Status, Unfit> {
        if let Some(status) = self.breaks.find(reason) {
            return Ok(status);
        }
        let labels = self.breaks.labels().join(", ");
        Err(if labels.is_empty() {
            Unfit::Wrong("there are no breaks: whoever installed the bot can set them as statuses".to_owned())
        } else if reason.trim().is_empty() {
            Unfit::Lacking(format!("a pause names its reason, one of: {labels}"))
        } else {
            Unfit::Wrong(format!("there is no break \"{}\", but there are: {labels}", plain(reason)))
        })
    }

    async fn tell(&self, agent: &Listed, status: Status) -> Result<PresenceAnswer, Fault> {
        let asked = Asked {
            extension: agent.extension_user.clone(),
            status: self.breaks.words(status),
            others: self.agents.others_at(agent).into_iter().map(str::to_owned).collect(),
        };
        let number = status.to_string();
        let pairs = [
            ("Code", self.code.expose_secret()),
            ("UserId", &agent.user_id),
            ("ExtensionUser", &agent.extension_user),
            ("Status", &number),
        ];
        let json = match self.manner {
            Manner::Post => body(&pairs, status)?,
            Manner::Get => String::new(),
        };
        let parameters = match self.manner {
            Manner::Post => Parameters::Json(&json),
            Manner::Get => Parameters::Query(&pairs),
        };
        self.http.tell(parameters, |answer| judge(answer, &asked, &self.code)).await
    }
}

/// The documented body: texts, and the status as a number.
fn body(pairs: &[(&str, &str)], status: Status) -> Result<String, Fault> {
    let mut body = Record::default();
    for (name, value) in pairs {
        body.set(name, value);
    }
    body.set("Status", &status.0);
    serde_json::to_string(&body)
        .map_err(|_| Fault::unsent(ErrorKind::Unreachable("the request could not be written".to_owned())))
}

/// A no: nothing was sent.
fn refused(sentence: String) -> Fault {
    Fault::unsent(ErrorKind::Refused(Refusal::Other(sentence)))
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

    /// One of the settings; the system is not asked.
    async fn agent(&self, id: &AgentId) -> Result<Agent, Error> {
        let nobody = || Fault::unsent(ErrorKind::NotFound).of(&self.name, "looking the agent up");
        self.agents.named(id).ok_or_else(nobody)
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

    fn check(&self, agent: &AgentId, change: &PresenceChange) -> Result<(), Unfit> {
        let nobody = || Unfit::Wrong("the agent is one of those in the settings".to_owned());
        self.status(self.agents.listed(agent).ok_or_else(nobody)?, change).map(drop)
    }

    async fn set_presence(
        &self,
        by: &Authorized,
        agent: &Agent,
        change: &PresenceChange,
    ) -> Result<PresenceAnswer, Error> {
        let operation = change.operation();
        tracing::info!(connection = %self.name, intent = %by.intent(), id = %agent.id, "{operation}");
        let set = async {
            let listed = self.agents.listed(&agent.id).ok_or_else(|| Fault::unsent(ErrorKind::NotFound))?;
            let status = self.status(listed, change).map_err(|unfit| refused(unfit.to_string()))?;
            self.tell(listed, status).await
        };
        set.await.map_err(|fault| fault.of(&self.name, operation))
    }
}
