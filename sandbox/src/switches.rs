//! What a test turns: faults of REST and gateway, expectations; and what it reads back. Permissions, roles and channels
//! are in `moderating.rs`.

use crate::{
    discord::{
        files::{FOLDER, FileFault},
        gateway::{
            Acks, Identified, Order, Resumed, Resumes,
            mishaps::{Mishap, Release, Waiting},
        },
        ids::MessageId,
        state::State,
        wire::{Fault, OnRequest, Ordered, Seen},
    },
    people::{Trouble, What},
    sandbox::Sandbox,
};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

impl Sandbox {
    /// Calls this on arrival of every REST request, and again before it is answered.
    pub fn on_request(&self, hook: OnRequest) {
        self.discord.set_on_request(Some(hook));
    }

    /// Calls nothing any more.
    pub fn off_request(&self) {
        self.discord.set_on_request(None);
    }

    /// The next `times` requests of this method whose path behind `/api/v10` begins so meet a fault.
    pub fn next_requests(&self, times: u32, method: &str, path_prefix: &str, fault: Fault) {
        if times == 0 {
            return;
        }
        let ordered = Ordered { method: Some(method.to_owned()), prefix: path_prefix.to_owned(), times, fault };
        self.discord.change(|state| state.wire.faults.push(ordered));
    }

    /// The next `times` requests, whatever they are, meet a fault.
    pub fn next_requests_at_all(&self, times: u32, fault: Fault) {
        if times == 0 {
            return;
        }
        let ordered = Ordered { method: None, prefix: String::new(), times, fault };
        self.discord.change(|state| state.wire.faults.push(ordered));
    }

    /// The next `times` fetches of attached files meet a fault. Those of [`Self::next_requests`] strike them as well, with
    /// the path `/attachments/…`.
    pub fn next_files(&self, times: u32, fault: FileFault) {
        if times > 0 {
            self.discord.change(|state| state.files.faults.push((times, fault)));
        }
    }

    /// The addresses of all files so far stop working, as after a day.
    pub fn links_expire(&self) {
        self.discord.change(|state| state.files.expire());
    }

    /// No fault waits any more.
    pub fn heals(&self) {
        self.discord.change(|state| {
            state.wire.faults.clear();
            state.files.faults.clear();
        });
    }

    /// This error code may be answered without failing the end; see Discord's codes, such as 10062.
    pub fn expects(&self, code: u64) {
        self.discord.change(|state| state.expected_codes.insert(code));
    }

    /// Every REST request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.discord.read(|state| state.wire.seen.clone())
    }

    /// Every request for an attached file so far, refused ones included; they stand among [`Self::requests`], too.
    #[must_use]
    pub fn files_fetched(&self) -> Vec<Seen> {
        let is_file = |seen: &&Seen| seen.path.starts_with(FOLDER);
        self.discord.read(|state| state.wire.seen.iter().filter(is_file).cloned().collect())
    }

    /// Requests that are not modelled.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.discord.read(|state| state.wire.not_modelled.clone())
    }

    /// Refusals that no switch and no [`Self::expects`] explains.
    #[must_use]
    pub fn refusals(&self) -> Vec<String> {
        self.discord.read(|state| state.wire.surprises.iter().map(|it| it.line.clone()).collect())
    }

    /// What Discord's document finds wrong.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        self.discord.read(|state| state.wire.findings.clone())
    }

    /// The registered commands as Discord stores them.
    #[must_use]
    pub fn commands(&self) -> Vec<Value> {
        self.discord.read(|state| state.commands.values().cloned().collect())
    }

    /// Every text that any message ever showed, deleted and ephemeral ones included: for a search for secrets.
    #[must_use]
    pub fn everything_shown(&self) -> Vec<(MessageId, String)> {
        self.discord.read(|state| {
            let all = state.messages.values().flat_map(|it| it.history.iter().map(|text| (it.id, text.clone())));
            all.collect()
        })
    }

    /// All interaction tokens so far stop working, as after fifteen minutes.
    pub fn tokens_expire(&self) {
        self.discord.change(|state| state.interactions.values_mut().for_each(|it| it.token_dead = true));
    }

    /// The bot's token is worth nothing any more.
    pub fn token_is_reset(&self) {
        self.discord.change(|state| state.bot.token.push_str(".reset"));
    }

    /// Op 7: the gateway asks the bot to reconnect.
    pub fn gateway_asks_to_reconnect(&self) {
        self.discord.change(|state| state.order(Order::Reconnect));
    }

    /// Op 9 with `true`: invalid, but it may be resumed.
    pub fn gateway_invalidates_resumably(&self) {
        self.discord.change(|state| state.order(Order::InvalidButResumable));
    }

    /// Op 9 with `false`: the session is gone.
    pub fn gateway_invalidates(&self) {
        self.discord.change(|state| state.order(Order::Invalid));
    }

    /// The wire is cut without a word.
    pub fn gateway_drops(&self) {
        self.discord.change(|state| state.order(Order::Cut));
    }

    /// The gateway closes with a code.
    pub fn gateway_closes(&self, code: u16) {
        self.discord.change(|state| state.order(Order::Close(code)));
    }

    /// Heartbeats are no longer acknowledged: a zombie.
    pub fn gateway_falls_silent(&self) {
        self.discord.change(|state| state.gateway.switches.acknowledges = Acks::Withheld);
    }

    /// Heartbeats are acknowledged again.
    pub fn gateway_speaks_again(&self) {
        self.discord.change(|state| state.gateway.switches.acknowledges = Acks::Sent);
    }

    /// RESUME is answered with op 9 `false`.
    pub fn gateway_refuses_resumes(&self) {
        self.discord.change(|state| state.gateway.switches.resumes = Resumes::Refused);
    }

    /// RESUME is granted again.
    pub fn gateway_grants_resumes(&self) {
        self.discord.change(|state| state.gateway.switches.resumes = Resumes::Granted);
    }

    /// The next `times` gateway events whose name begins so meet a mishap: `MESSAGE_REACTION_ADD`, or `MESSAGE_REACTION`
    /// for all about reactions. `READY`, `RESUMED` and `GUILD_CREATE` never do.
    pub fn next_events(&self, times: u32, name_prefix: &str, mishap: Mishap) {
        if times > 0 {
            self.order_mishap(name_prefix, Some(times), mishap);
        }
    }

    /// Every gateway event whose name begins so meets a mishap, until [`Self::events_flow`].
    pub fn all_events(&self, name_prefix: &str, mishap: Mishap) {
        self.order_mishap(name_prefix, None, mishap);
    }

    fn order_mishap(&self, prefix: &str, times: Option<u32>, mishap: Mishap) {
        let waiting = Waiting { prefix: prefix.to_owned(), times, mishap };
        self.discord.change(|state| state.gateway.mishaps.push(waiting));
    }

    /// No further event meets a mishap. What is held back stays so until [`Self::releases_events`].
    pub fn events_flow(&self) {
        self.discord.change(|state| state.gateway.mishaps.clear());
    }

    /// The gateway delivers the session's last event whose name begins so once more, however long ago it was; whether
    /// there is one.
    #[must_use = "whether there was such an event"]
    pub fn redelivers_last(&self, name_prefix: &str) -> bool {
        self.discord.change(|state| state.redeliver(name_prefix))
    }

    /// The names of the events held back, oldest first.
    #[must_use]
    pub fn held_events(&self) -> Vec<String> {
        self.discord.read(|state| state.gateway.held.iter().map(|event| event.name.clone()).collect())
    }

    /// Lets the events go that were held back. Those of a session that is over reach nobody.
    pub fn releases_events(&self, order: Release) {
        self.discord.change(|state| state.release(order));
    }

    /// Every IDENTIFY so far.
    #[must_use]
    pub fn identified(&self) -> Vec<Identified> {
        self.discord.read(|state| state.gateway.identified.clone())
    }

    /// Every RESUME so far.
    #[must_use]
    pub fn resumed(&self) -> Vec<Resumed> {
        self.discord.read(|state| state.gateway.resumed.clone())
    }

    /// Heartbeats so far.
    #[must_use]
    pub fn heartbeats(&self) -> u64 {
        self.discord.read(|state| state.gateway.heartbeats)
    }

    /// Close codes that the gateway sent so far.
    #[must_use]
    pub fn gateway_closed_with(&self) -> Vec<u16> {
        self.discord.read(|state| state.gateway.closed_by_us.clone())
    }

    /// How the bot left its connections: the code of its close frame, if it sent one.
    #[must_use]
    pub fn bot_left_with(&self) -> Vec<Option<u16>> {
        self.discord.read(|state| state.gateway.closed_by_bot.clone())
    }

    /// Waits until something is true of this sandbox, looking again at every change.
    ///
    /// # Errors
    /// If it does not become true within `patience`.
    pub async fn try_until(&self, what: &str, patience: Duration, is: impl Fn(&Self) -> bool) -> Result<(), Trouble> {
        let deadline = Instant::now() + patience;
        let mut changes = self.discord.changes();
        loop {
            changes.borrow_and_update();
            if is(self) {
                return Ok(());
            }
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return Err(Trouble::new(&self.discord, What::InVain(what.to_owned())));
            }
        }
    }

    /// [`Self::try_until`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    pub async fn until(&self, what: &str, patience: Duration, is: impl Fn(&Self) -> bool) {
        if let Err(trouble) = self.try_until(what, patience, is).await {
            panic!("{trouble}");
        }
    }

    /// Whether the bot has an open connection with a session.
    #[must_use]
    pub fn bot_is_connected(&self) -> bool {
        let connected = |state: &State| state.gateway.session.as_ref().is_some_and(|it| it.connection.is_some());
        self.discord.read(connected)
    }
}
