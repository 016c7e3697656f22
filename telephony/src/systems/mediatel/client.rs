//! Asks Mediatel: which request for which act, and what its answer must look like. Shapes are in `wire` and `convert`.

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::value::RawValue;

use super::convert::{self, Read};
use super::extension::FIELDS;
use super::password::Encoding;
use super::{ABILITIES, card, fields, wire};
use crate::http::{Fault, Http, Nature, Request};
use crate::{
    Abilities, Agent, AgentId, AgentState, Authorized, Change, ConnectionName, Difference, Echo, Effect, Error,
    ErrorKind, Extension, ExtensionFields, ExtensionId, FieldKey, FieldSpec, FieldValue, ListedExtensions, NewAgent,
    PersonalNumbers, Provisioning, Reading, Record, Refusal, Section, Sent, Writing,
};

/// Both halves of the port for one connection.
pub(super) struct Client {
    pub(super) name: ConnectionName,
    pub(super) http: Http,
    provisioning: Provisioning,
    encoding: Encoding,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mediatel").field("name", &self.name).field("http", &self.http).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) const fn new(name: ConnectionName, http: Http, provisioning: Provisioning, encoding: Encoding) -> Self {
        Self { name, http, provisioning, encoding }
    }

    async fn list(&self) -> Result<Vec<Read>, Fault> {
        let items = self.get(&["agents"]).await.map_err(no_agents)?;
        let (mut agents, mut seen) = (Vec::with_capacity(items.len()), BTreeSet::new());
        let mut first_problem = None;
        for (position, raw) in items.iter().enumerate() {
            match convert::read(raw, &format!("result[{position}]")) {
                Ok(read) if !seen.insert(read.agent.id.clone()) => {
                    tracing::warn!(connection = %self.name, position, id = %read.agent.id, "an id stands twice in the list of agents; the first one counts");
                }
                Ok(read) => agents.push(read),
                Err(what) => {
                    tracing::warn!(connection = %self.name, position, what, "an agent in the list cannot be read and is left out");
                    first_problem.get_or_insert(what);
                }
            }
        }
        // One broken record must not hide everybody else; but when nobody can be read the list is broken.
        match first_problem {
            Some(what) if agents.is_empty() => Err(Fault { effect: Effect::None, ..Fault::unreadable(what) }),
            Some(_) | None => Ok(agents),
        }
    }

    async fn one(&self, id: &AgentId) -> Result<Read, Fault> {
        let id = path_of(id)?;
        let items = self.get(&["agents", id]).await?;
        if items.is_empty() {
            return Err(Fault::unsent(ErrorKind::NotFound));
        }
        expect(&items, |read| read.agent.id.as_str() == id, "it tells of another agent than the one asked for")
            .map_err(|fault| Fault { effect: Effect::None, ..fault })
    }

    async fn get(&self, path: &[&str]) -> Result<Vec<Box<RawValue>>, Fault> {
        let request = Request { method: Method::GET, path, json: None, nature: Nature::Read };
        self.http.ask(&request, wire::open).await
    }

    async fn write(&self, method: Method, path: &[&str], body: Option<&Record>) -> Result<Vec<Box<RawValue>>, Fault> {
        let json = body.map(serde_json::to_string).transpose();
        let json =
            json.map_err(|_| Fault::unsent(ErrorKind::Unreachable("the request could not be written".to_owned())))?;
        let request = Request { method, path, json, nature: Nature::Write };
        self.http.ask(&request, wire::open).await
    }

    /// "Modify existing agent": only the members sent change; the answer is the whole agent.
    async fn modify(&self, id: &AgentId, body: &Record) -> Result<Read, Fault> {
        let id = path_of(id)?;
        let items = self.write(Method::PUT, &["agents", id], Some(body)).await?;
        expect(&items, |read| read.agent.id.as_str() == id, "it tells of another agent than the one changed")
    }

    /// "Modifying agent state".
    async fn set_state(&self, id: &AgentId, state: u8) -> Result<Read, Fault> {
        self.modify(id, &only("State", &state)).await
    }

    async fn create(&self, new: &NewAgent<'_>) -> Result<(Agent, Echo), Fault> {
        let password = self.encoding.encode(new.password);
        let body = convert::create_body(new, &password);
        let items = self.write(Method::POST, &["agents"], Some(&body)).await.map_err(no_agents)?;
        let source = &new.source.id;
        let read = expect(&items, |read| read.agent.id != *source, "it tells of the source instead of a new agent")?;
        if read.agent.login != new.login {
            tracing::warn!(connection = %self.name, id = %read.agent.id, "the new agent got another login than the one asked for");
        }
        let echo = read.stored.compare(&password);
        Ok((read.agent, echo))
    }

    /// "Permanent delete agent": works only when the agent is disabled, so that is looked up first.
    async fn delete(&self, id: &AgentId) -> Result<(), Fault> {
        let read = self.one(id).await?;
        if read.agent.state != AgentState::Disabled {
            return Err(Fault::unsent(ErrorKind::Refused(Refusal::MustBeDisabled)));
        }
        self.write(Method::DELETE, &["agents", path_of(id)?], None).await.map(|_| ())
    }

    fn error(&self, operation: &'static str) -> impl FnOnce(Fault) -> Error {
        move |fault| fault.of(&self.name, operation)
    }
}

/// An id as it may stand in an address. Anything but a plain number names no agent here (`self` would be another one).
fn path_of(id: &AgentId) -> Result<&str, Fault> {
    let text = id.as_str();
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => Ok(text),
        Ok(_) | Err(_) => Err(Fault::unsent(ErrorKind::NotFound)),
    }
}

/// The one agent that an answer must tell of.
fn expect(items: &[Box<RawValue>], wanted: impl Fn(&Read) -> bool, otherwise: &str) -> Result<Read, Fault> {
    let [raw] = items else {
        return Err(Fault::unreadable(format!("result holds {} agents where one was expected", items.len())));
    };
    let read = convert::read(raw, "result[0]").map_err(Fault::unreadable)?;
    if wanted(&read) { Ok(read) } else { Err(Fault::unreadable(otherwise)) }
}

fn no_agents(fault: Fault) -> Fault {
    address_is_wrong(fault, "agents")
}

/// The collection itself is always there: "not found" about it means that the address is not the API's.
pub(super) fn address_is_wrong(fault: Fault, things: &str) -> Fault {
    match fault.kind {
        ErrorKind::NotFound => {
            let sentence = format!("it knows no {things} at this address; check base_url");
            Fault { kind: ErrorKind::Refused(Refusal::Other(sentence)), ..fault }
        }
        ErrorKind::Refused(_)
        | ErrorKind::SignedOut
        | ErrorKind::RateLimited(_)
        | ErrorKind::Unreadable(_)
        | ErrorKind::Unreachable(_)
        | ErrorKind::Broken(_)
        | ErrorKind::Unsupported(_) => fault,
    }
}

fn only(name: &str, value: &(impl Serialize + ?Sized)) -> Record {
    let mut body = Record::default();
    body.set(name, value);
    body
}

#[async_trait]
impl Reading for Client {
    fn connection(&self) -> &ConnectionName {
        &self.name
    }

    fn kind(&self) -> &'static str {
        super::SYSTEM.kind
    }

    fn abilities(&self) -> Abilities {
        ABILITIES
    }

    fn provisioning(&self) -> Option<&Provisioning> {
        Some(&self.provisioning)
    }

    async fn agents(&self) -> Result<Vec<Agent>, Error> {
        let read = self.list().await.map_err(self.error("reading the list of agents"))?;
        Ok(read.into_iter().map(|r| r.agent).collect())
    }

    async fn agent(&self, id: &AgentId) -> Result<Agent, Error> {
        Ok(self.one(id).await.map_err(self.error("reading the agent"))?.agent)
    }

    async fn agent_with_echo(&self, id: &AgentId, sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        let read = self.one(id).await.map_err(self.error("reading the agent"))?;
        let echo = read.stored.compare(&self.encoding.encode(sent));
        Ok((read.agent, echo))
    }

    async fn agents_by_login(&self, login: &str, sent: Sent<'_>) -> Result<Vec<(Agent, Echo)>, Error> {
        let read = self.list().await.map_err(self.error("looking the login up"))?;
        let (wanted, wire) = (login.to_lowercase(), self.encoding.encode(sent));
        let same = read.into_iter().filter(|r| r.agent.login.to_lowercase() == wanted);
        Ok(same.map(|r| (r.agent, r.stored.compare(&wire))).collect())
    }

    async fn own_account(&self) -> Result<Agent, Error> {
        let own = async {
            let items = self.get(&["agents", "self"]).await.map_err(no_agents)?;
            expect(&items, |_| true, "").map_err(|fault| Fault { effect: Effect::None, ..fault })
        };
        Ok(own.await.map_err(self.error("asking for the bot's own account"))?.agent)
    }

    fn fields(&self) -> &'static [FieldSpec] {
        fields::SPECS
    }

    fn field(&self, agent: &Agent, key: &FieldKey) -> Option<FieldValue> {
        fields::value(agent, key)
    }

    fn describe(&self, agent: &Agent) -> Vec<Section> {
        card::describe(agent)
    }

    fn unknown_members(&self, agent: &Agent) -> Vec<String> {
        card::unknown(agent).into_iter().map(|(path, _)| path).collect()
    }

    fn timeout(&self) -> std::time::Duration {
        self.http.timeout()
    }

    fn clone_replaces(&self, personal_numbers: PersonalNumbers) -> Vec<String> {
        convert::replaced(personal_numbers).iter().map(|name| card::label(name)).collect()
    }

    fn deviations(
        &self,
        source: &Agent,
        created: &Agent,
        login: &str,
        details: &str,
        personal_numbers: PersonalNumbers,
    ) -> Vec<Difference> {
        convert::deviations(source, created, login, details, personal_numbers)
    }

    fn label(&self, path: &str) -> String {
        card::label(path)
    }

    fn words(&self, path: &str, json: &str) -> String {
        card::words(path, json)
    }

    async fn extensions(&self) -> Result<ListedExtensions, Error> {
        self.list_extensions().await.map_err(self.error("reading the list of extensions"))
    }

    async fn extension(&self, id: ExtensionId) -> Result<Extension, Error> {
        self.one_extension(id).await.map_err(self.error("reading the extension"))
    }

    fn extension_fields(&self) -> Option<&'static ExtensionFields> {
        Some(&FIELDS)
    }
}

#[async_trait]
impl Writing for Client {
    async fn create_agent(&self, by: &Authorized, new: NewAgent<'_>) -> Result<(Agent, Echo), Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), source = %new.source.id, "creating an agent");
        self.create(&new).await.map_err(self.error("creating the agent"))
    }

    async fn edit_agent(&self, by: &Authorized, current: &Agent, change: &Change) -> Result<Agent, Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), id = %current.id, "changing an agent");
        let edit = async {
            let body = fields::change_body(current, change).map_err(|no| Fault::unsent(ErrorKind::Refused(no)))?;
            // Nothing to change: what stands there is told without writing.
            if body.iter().next().is_none() {
                self.one(&current.id).await
            } else {
                self.modify(&current.id, &body).await
            }
        };
        Ok(edit.await.map_err(self.error("changing the agent"))?.agent)
    }

    async fn disable_agent(&self, by: &Authorized, id: &AgentId) -> Result<Agent, Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "disabling an agent");
        Ok(self.set_state(id, 0).await.map_err(self.error("disabling the agent"))?.agent)
    }

    async fn enable_agent(&self, by: &Authorized, id: &AgentId) -> Result<Agent, Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "enabling an agent");
        Ok(self.set_state(id, 1).await.map_err(self.error("enabling the agent"))?.agent)
    }

    async fn set_password(&self, by: &Authorized, id: &AgentId, sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "setting an agent's password");
        let wire = self.encoding.encode(sent);
        let body = only("Password", wire.expose_secret());
        let read = self.modify(id, &body).await.map_err(self.error("setting the agent's password"))?;
        let echo = read.stored.compare(&wire);
        Ok((read.agent, echo))
    }

    async fn delete_agent(&self, by: &Authorized, id: &AgentId) -> Result<(), Error> {
        tracing::info!(connection = %self.name, intent = %by.intent(), %id, "deleting an agent");
        self.delete(id).await.map_err(self.error("deleting the agent"))
    }
}
