//! Mediatel's twin: a small server that answers as the documents say, with faults on a switch.
//!
//! A plain struct of agents and extensions ([`store`]), rendered over HTTP. It shares no shape with the client: the
//! documented examples referee both. What the documents leave open is an [`Options`] switch.

mod agents;
mod extensions;
mod options;
mod people;
mod render;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;

pub use options::{Auth, Batches, ErrorShape, Grants, Nested, Numbers, Options, Passwords, Statuses, Supervisors};
pub use store::{Mutation, What};

use crate::Record;
use crate::systems::twins;
pub use crate::systems::twins::{Fault, Hook, Moment, Seen, Times, Trouble};
use render::Reply;
use store::Store;

/// The server.
pub struct Twin {
    options: Options,
    state: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    store: Store,
    faults: Vec<Fault>,
    hook: Option<Hook>,
    seen: Vec<Seen>,
    unexpected: Vec<String>,
}

impl std::fmt::Debug for Twin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin").field("agents", &self.lock().store.agents.len()).finish_non_exhaustive()
    }
}

impl Twin {
    /// A server with the documented `root` and nobody else.
    #[must_use]
    pub fn new(options: Options) -> Arc<Self> {
        let twin = Self { options, state: Mutex::default() };
        twin.lock().store.put_agent(people::root());
        Arc::new(twin)
    }

    /// Its routes, below `/v1`.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(answer).with_state(Arc::clone(self))
    }

    /// Serves until the task is dropped.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }

    /// Adds `agents` believable agents and some supervisors; the same for the same `seed`.
    pub fn seed_agents(&self, agents: usize, seed: u64) {
        let mut inner = self.lock();
        for person in people::crowd(agents, seed) {
            inner.store.put_agent(person);
        }
    }

    /// Adds or replaces an agent, as JSON text with an `ID`.
    ///
    /// # Errors
    /// When it is not an object with a number as `ID`.
    pub fn put_agent(&self, json: &str) -> Result<(), crate::RecordError> {
        let record = Record::parse(json)?;
        self.lock().store.put_agent(record);
        Ok(())
    }

    /// An agent as stored, its password included.
    #[must_use]
    pub fn agent(&self, id: u64) -> Option<Record> {
        self.lock().store.agents.get(&id).cloned()
    }

    /// An agent by login, as stored, its password included.
    #[must_use]
    pub fn agent_by_login(&self, login: &str) -> Option<Record> {
        self.lock().store.agents.values().find(|a| a.text("Login").is_some_and(|l| l == login)).cloned()
    }

    /// How many agents there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().store.agents.len()
    }

    /// Whether a person could log in with this password now: the phone's own client digests what is typed, and an
    /// account that is switched off lets nobody in.
    #[must_use]
    pub fn can_log_in(&self, login: &str, typed: &str) -> bool {
        self.agent_by_login(login).is_some_and(|agent| {
            agent.number("State") == Some(1) && agent.text("Password").is_some_and(|p| p == store::digest(typed))
        })
    }

    /// Makes something use an agent, so that it cannot be deleted: the number is the document's entity type.
    pub fn hold(&self, id: u64, entity: u8) {
        self.lock().store.held.insert(id, entity);
    }

    /// Nothing uses that agent any more.
    pub fn let_go(&self, id: u64) {
        self.lock().store.held.remove(&id);
    }

    /// Somebody else changes an agent, at the phone system's own console: `members` is a JSON object with what is new.
    /// No request, and so no mutation. Nothing happens if there is no such agent.
    ///
    /// # Errors
    /// When `members` is not an object.
    pub fn change_agent(&self, id: u64, members: &str) -> Result<(), crate::RecordError> {
        let members = Record::parse(members)?;
        if let Some(agent) = self.lock().store.agents.get_mut(&id) {
            members.iter().for_each(|(name, value)| agent.set(name, value));
        }
        Ok(())
    }

    /// Somebody else deletes an agent, whatever its `State`; it is handed back as it was.
    pub fn take_agent(&self, id: u64) -> Option<Record> {
        self.lock().store.forget_agent(id)
    }

    /// The ids of the agents that a request deleted, in order: each DELETE that took effect, once.
    #[must_use]
    pub fn deleted_agents(&self) -> Vec<u64> {
        let deleted = |it: &&Mutation| it.what == What::AgentDeleted;
        self.lock().store.mutations.iter().filter(deleted).map(|it| it.id).collect()
    }

    /// Adds a fault. The first one that fits a request strikes.
    pub fn fault(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        self.lock().faults.clear();
    }

    /// Sets what is awaited at each request; replaces an earlier one.
    pub fn on_request(&self, hook: Hook) {
        self.lock().hook = Some(hook);
    }

    /// Every request so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// Everything that was changed so far, in order.
    #[must_use]
    pub fn mutations(&self) -> Vec<Mutation> {
        self.lock().store.mutations.clone()
    }

    /// Requests for what the documents do not have (each was answered 501), as `GET /v1/queues`.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.lock().unexpected.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request and gives it its number.
    fn note(&self, method: &str, path: &str, body: String) -> (Seen, Option<Hook>) {
        let mut inner = self.lock();
        let number = inner.seen.len() as u64 + 1;
        let seen = Seen { number, method: method.to_owned(), path: path.to_owned(), body };
        inner.seen.push(seen.clone());
        (seen, inner.hook.clone())
    }

    fn strike(&self, moment: Moment, seen: &Seen) -> Option<Trouble> {
        twins::strike(&mut self.lock().faults, moment, seen)
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let has = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
        match &self.options.auth {
            Auth::None => true,
            Auth::Basic { username, password } => {
                has("authorization", &format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))))
            }
            Auth::Bearer(token) => has("authorization", &format!("Bearer {token}")),
            Auth::Header { name, value } => has(name, value),
        }
    }

    /// Does what is asked.
    fn act(&self, seen: &Seen, late: u32) -> Reply {
        let segments: Vec<&str> = seen.path.trim_start_matches('/').split('/').collect();
        let mut inner = self.lock();
        let reply = match segments.as_slice() {
            ["v1", "agents", rest @ ..] => agents::act(&mut inner.store, &self.options, seen, rest, late),
            ["v1", "extensions", rest @ ..] => extensions::act(&mut inner.store, &self.options, seen, rest),
            _ => Reply::Unexpected,
        };
        if matches!(reply, Reply::Unexpected) {
            inner.unexpected.push(format!("{} {}", seen.method, seen.path));
        }
        reply
    }
}

/// One request from arrival to answer.
async fn answer(State(twin): State<Arc<Twin>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let body = twins::body(body).await;
    let (seen, hook) = twin.note(parts.method.as_str(), &path, body);
    if let Some(hook) = &hook {
        hook(Moment::Before, &seen).await;
    }
    if let Some(answer) = match twin.strike(Moment::Before, &seen) {
        Some(trouble) => twins::trouble(&trouble, String::new).await,
        None => None,
    } {
        return answer;
    }
    let late = twin.strike(Moment::After, &seen);
    let reads = if let Some(Trouble::AppearLate(reads)) = late { reads } else { 0 };
    let reply = if twin.admits(&parts.headers) { twin.act(&seen, reads) } else { Reply::refused(401, 103, 1) };
    if let Some(hook) = &hook {
        hook(Moment::After, &seen).await;
    }
    let (status, text) = reply.render(&twin.options);
    if let Some(trouble) = late
        && let Some(answer) = twins::trouble(&trouble, || text.clone()).await
    {
        return answer;
    }
    twins::json(status, Body::from(text))
}
