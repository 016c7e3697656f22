//! The local Discord: its state behind one mutex, and a version number that everybody who waits watches.

pub(crate) mod emoji;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod gateway;
pub(crate) mod ids;
pub(crate) mod permissions;
pub(crate) mod refusal;
pub(crate) mod rest;
pub(crate) mod server;
pub(crate) mod state;
pub(crate) mod validate;
pub(crate) mod wire;

use crate::openapi::Document;
use state::State;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::Instant};
use wire::OnRequest;

/// The Discord that REST, gateway and people share.
pub(crate) struct Discord {
    state: Mutex<State>,
    version: watch::Sender<u64>,
    on_request: Mutex<Option<OnRequest>>,
    pub(crate) openapi: Option<Document>,
    /// Where this Discord listens, `http://127.0.0.1:…`.
    pub(crate) origin: String,
    /// Where the gateway is found first.
    pub(crate) gateway_url: String,
    /// Where a session is resumed; on purpose another port.
    pub(crate) resume_url: String,
}

impl Discord {
    pub(crate) fn new(
        state: State,
        openapi: Option<Document>,
        main: std::net::SocketAddr,
        resume: std::net::SocketAddr,
    ) -> Self {
        Self {
            state: Mutex::new(state),
            version: watch::Sender::new(0),
            on_request: Mutex::new(None),
            openapi,
            origin: format!("http://{main}"),
            gateway_url: format!("ws://{main}"),
            resume_url: format!("ws://{resume}"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and wakes everybody who waits.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = act(&mut self.lock());
        self.version.send_modify(|version| *version += 1);
        result
    }

    /// Told of every change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Waits until `look` finds what it looks for; `None` when the time is over.
    pub(crate) async fn until<T>(&self, deadline: Instant, mut look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        let mut changes = self.changes();
        loop {
            changes.borrow_and_update();
            let found = look(&mut self.lock());
            if found.is_some() {
                return found;
            }
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return look(&mut self.lock());
            }
        }
    }

    pub(crate) fn set_on_request(&self, hook: Option<OnRequest>) {
        *self.on_request.lock().unwrap_or_else(PoisonError::into_inner) = hook;
    }

    pub(crate) fn on_request(&self) -> Option<OnRequest> {
        self.on_request.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened so far, line by line, for a person who asks why a test failed.
    pub(crate) fn transcript(&self) -> String {
        use std::fmt::Write as _;
        self.read(|state| {
            state.transcript.iter().fold(String::new(), |mut text, (at, line)| {
                let _ = writeln!(text, "{:>8.3}s  {line}", Duration::as_secs_f64(at));
                text
            })
        })
    }
}
