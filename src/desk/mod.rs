//! What happens: acts are permitted, recorded, done, recorded and told here, in this order and nowhere else.
//!
//! The desk is the only holder of the writing half of the phone systems. It knows nothing of Discord's messages: what
//! it has to say are values ([`Report`], [`Refusal`], [`Told`]) that `discord/` renders.

mod act;
mod approvals;
mod changes;
mod changing;
mod clone;
mod conduct;
mod creating;
mod creation;
mod delete;
mod deleting;
mod doctor;
mod extensions;
mod handover;
mod journal;
mod lists;
mod lookup;
mod marks;
mod offers;
mod password;
mod passwords;
mod people;
mod prepare;
mod presence;
mod refusal;
mod report;
mod restore;
mod settle;
mod step;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
mod whoami;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rollcall_commands::Permission;
use rollcall_telephony::{Ability, AgentId, Clock, Connected, ConnectionName, IntentId, Millis, Reading};
use secrecy::SecretString;
use serenity::model::id::{ChannelId, InteractionId, UserId};
use tokio::sync::Notify;

pub(crate) use self::act::Kind;
pub use self::act::{
    Act, CloneAct, DeleteAct, EditAct, Numbers, ReplaceAct, ResetAct, RestoreAct, StateAct, ThenDelete,
};
use self::approvals::Approvals;
pub use self::approvals::{
    Absence, Emoji, Fate, Guild, GuildError, Heard, KnownRequest, Looked, Member, Nature, NotCounted, Ours, Posting,
    REQUESTS_A_PAGE, Reaction, Reactions, RequestCard, RequestTold, Requests, Settled, Showing, Stray, Terms, Under,
    VoidWhy, Weight, Whose,
};
pub use self::changes::{EditPreview, ResetPreview};
pub use self::clone::{ClonePreview, Warning};
pub use self::delete::{DeleteAsked, DisableFirst};
pub use self::doctor::{Finding, Level};
pub use self::extensions::{
    BatchLine, BatchPreview, BatchRow, ExtensionAct, ExtensionCard, ExtensionChange, ExtensionForm, ExtensionList,
    ExtensionPreview, KnownExtension, LineWhat, RowAct, RowOutcome, RowUntold,
};
pub use self::handover::{Opened, Sendable};
pub use self::lookup::{AgentCard, Found, Keeps, Want};
use self::marks::Marks;
pub use self::offers::{Offered, Taken};
pub use self::people::Joined;
use self::presence::Presences;
pub use self::presence::{
    Also, AlsoAgent, Evidence, Existence, FirstStep, How, Known, KnownState, Noted, PartOutcome, PresenceAct,
    PresencePart, StatusLine, Statuses,
};
pub use self::refusal::{HandoverOver, Refusal};
pub use self::report::{
    Approved, BatchSaid, Differs, Found as FoundGone, HandoverTold, Masked, Next, NextWhat, Outcome, PasswordNote,
    Report, Told,
};
pub use self::restore::RestorePreview;
pub use self::whoami::{Account, Approver, Whoami};
use crate::config::{self, Passwords};
use crate::directory::Directory;
use crate::ledger::{Ledger, LedgerError, Recent};
use crate::policy::{Actor, Policy, RightsVerdict, SecondPerson, Verdict};

/// How long a preview's button, and an Undo button, can be pressed.
pub const OFFER_LASTS: Duration = Duration::from_mins(10);

/// Where a request came from: what makes it known again when it comes twice.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The interaction that asked.
    pub interaction: InteractionId,
}

/// What the desk is made of.
pub struct Furnishing {
    /// The connections that are built.
    pub connections: Vec<Connected>,
    /// Connections of the file whose kind is not built yet, with it.
    pub left_out: Vec<(ConnectionName, String)>,
    /// What else of the file is not built yet, a sentence each.
    pub remarks: Vec<String>,
    /// Who is the same person on several connections.
    pub persons: Vec<config::Person>,
    /// The store.
    pub ledger: Ledger,
    /// Who may.
    pub policy: Policy,
    /// How passwords are made and handed over.
    pub passwords: Passwords,
    /// How a second person confirms.
    pub approvals: config::Approvals,
    /// Where approvers are asked.
    pub approvals_channel: Option<ChannelId>,
    /// The guild, read afresh.
    pub guild: Arc<dyn Guild>,
    /// Where every change is mirrored.
    pub log_channel: ChannelId,
    /// How old a list of agents or extensions may be.
    pub refresh: Duration,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    connections: BTreeMap<ConnectionName, Connected>,
    left_out: Vec<(ConnectionName, String)>,
    remarks: Vec<String>,
    persons: Vec<config::Person>,
    ledger: Ledger,
    policy: Policy,
    passwords: Passwords,
    approvals: Approvals,
    guild: Arc<dyn Guild>,
    marks: Arc<Marks>,
    presences: Presences,
    log_channel: ChannelId,
    directory: Directory,
    clock: Arc<dyn Clock>,
    /// Intents that a task of this process is carrying out; the settler leaves them alone.
    in_hand: Mutex<HashSet<IntentId>>,
    /// Tells that an intent was let go of.
    at_rest: Notify,
    /// For whom each phone system took us, and when it said so.
    own: Mutex<HashMap<ConnectionName, (Millis, Option<AgentId>)>>,
    /// What each person used last, newest first.
    recents: Mutex<Vec<Recent>>,
    /// Wakes the settler: an intent waits to be looked up.
    unsettled: Notify,
    /// Wakes the courier: something waits to be sent.
    to_send: Notify,
}

/// How long the answer to "for whom do you take us" is believed.
const OWN_ACCOUNT_LASTS: Duration = Duration::from_hours(1);

impl Desk {
    /// Furnishes the desk and reads what the ledger kept: agents and extensions as last seen, and what people used last.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn open(f: Furnishing) -> Result<Self, LedgerError> {
        let readings: Vec<Arc<dyn Reading>> = f.connections.iter().map(|c| Arc::clone(&c.reading)).collect();
        let marks = Arc::new(Marks::new(f.ledger.clone(), f.ledger.disabled().await?));
        let keeper = Arc::new(lists::InLedger::new(f.ledger.clone(), Arc::clone(&marks)));
        let beat = f.ledger.last_beat().await?;
        let approvals = Approvals::new(f.approvals, f.approvals_channel, beat, f.clock.now());
        let directory = Directory::new(readings, Arc::clone(&f.clock), f.refresh, keeper);
        for snapshot in f.ledger.snapshots().await? {
            lists::take_up(&directory, &snapshot);
        }
        let recents = f.ledger.recents().await?;
        let presences = Presences::new(f.ledger.requested().await?);
        let desk = Self {
            inner: Arc::new(Inner {
                connections: f.connections.into_iter().map(|c| (c.reading.connection().clone(), c)).collect(),
                left_out: f.left_out,
                remarks: f.remarks,
                persons: f.persons,
                ledger: f.ledger,
                policy: f.policy,
                passwords: f.passwords,
                approvals,
                guild: f.guild,
                marks,
                presences,
                log_channel: f.log_channel,
                directory,
                clock: f.clock,
                in_hand: Mutex::default(),
                at_rest: Notify::new(),
                own: Mutex::default(),
                recents: Mutex::new(recents),
                unsettled: Notify::new(),
                to_send: Notify::new(),
            }),
        };
        // Before the first keystroke comes: autocomplete offers what is remembered, and waits for nobody.
        desk.remember_requests().await?;
        // What only the settings list is there at once: nobody is asked for it.
        let unlisted = desk.inner.connections.iter().filter(|(_, c)| !c.reading.abilities().has(Ability::ListAgents));
        let unlisted: Vec<ConnectionName> = unlisted.map(|(name, _)| name.clone()).collect();
        desk.inner.directory.ensure_loaded(&unlisted).await;
        for noted in desk.inner.presences.all() {
            desk.know_agent(&noted).await;
        }
        Ok(desk)
    }

    /// Every agent and extension in memory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    /// The store, for the door's own bookkeeping (interactions, notices, the gateway's session).
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    /// Where every change is mirrored.
    #[must_use]
    pub fn log_channel(&self) -> ChannelId {
        self.inner.log_channel
    }

    /// Tells the time.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.inner.clock.now()
    }

    /// Resolves when something waits to be sent.
    pub async fn something_to_send(&self) {
        self.inner.to_send.notified().await;
    }

    /// The names of all connections.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionName> {
        self.inner.connections.keys().cloned().collect()
    }

    /// The connections on which `actor` has `permission` and that can do `ability`.
    #[must_use]
    pub fn connections_for(&self, actor: &Actor, permission: Permission, ability: Ability) -> Vec<ConnectionName> {
        let mut allowed = self.inner.policy.connections_for(actor, permission);
        allowed.retain(|c| self.inner.connections.get(c).is_some_and(|c| c.reading.abilities().has(ability)));
        allowed
    }

    /// The reading half of a connection that exists.
    pub(crate) fn reading(&self, connection: &ConnectionName) -> Result<&dyn Reading, Refusal> {
        self.connected(connection).map(|c| &*c.reading)
    }

    fn connected(&self, connection: &ConnectionName) -> Result<&Connected, Refusal> {
        self.inner
            .connections
            .get(connection)
            .ok_or_else(|| Refusal::NoConnection { typed: connection.to_string(), known: self.connections() })
    }

    /// Whether `actor` may do this on that connection, and why they may not alone; the refusal names who could.
    fn permit(
        &self,
        actor: &Actor,
        permission: Permission,
        connection: &ConnectionName,
    ) -> Result<Option<SecondPerson>, Refusal> {
        match self.inner.policy.decide(actor, permission, Some(connection)) {
            Verdict::Allowed { .. } => Ok(None),
            Verdict::NeedsSecondPerson { why, .. } => Ok(Some(why)),
            Verdict::Refused { could } => {
                Err(Refusal::NotPermitted { permission, connection: Some(connection.clone()), could })
            }
        }
    }

    /// Whether `actor` may do this anywhere.
    fn permit_somewhere(&self, actor: &Actor, permission: Permission) -> Result<(), Refusal> {
        match self.inner.policy.decide(actor, permission, None) {
            Verdict::Allowed { .. } | Verdict::NeedsSecondPerson { .. } => Ok(()),
            Verdict::Refused { could } => Err(Refusal::NotPermitted { permission, connection: None, could }),
        }
    }

    /// Why an act that touches such rights is not for one person alone, where `require_above_rights` says so.
    fn second_for_rights(&self, touched: i64) -> Option<SecondPerson> {
        match self.inner.policy.rights_need_second(touched) {
            RightsVerdict::OnePerson => None,
            RightsVerdict::SecondPerson(why) => Some(why),
        }
    }

    fn able(&self, connection: &ConnectionName, ability: Ability) -> Result<&Connected, Refusal> {
        let connected = self.connected(connection)?;
        if connected.reading.abilities().has(ability) {
            Ok(connected)
        } else {
            Err(Refusal::Lacks { connection: connection.clone(), ability })
        }
    }

    /// Asks for another round of the courier at once.
    pub fn look_again(&self) {
        self.wake_courier();
    }

    /// Wakes the courier.
    fn wake_courier(&self) {
        self.inner.to_send.notify_one();
    }

    /// Wakes the settler.
    fn wake_settler(&self) {
        self.inner.unsettled.notify_one();
    }

    /// Resolves once no act is being carried out.
    pub async fn all_at_rest(&self) {
        loop {
            let at_rest = self.inner.at_rest.notified();
            tokio::pin!(at_rest);
            at_rest.as_mut().enable();
            if self.inner.in_hand.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return;
            }
            at_rest.await;
        }
    }

    /// Takes an intent in hand, so that the settler leaves it alone; `None` when somebody has it already.
    fn take_in_hand(&self, intent: IntentId) -> Option<InHand> {
        let mut in_hand = self.inner.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.insert(intent).then(|| InHand { desk: self.clone(), intent })
    }

    /// A fresh password.
    fn fresh_password(&self) -> SecretString {
        password::generate(self.inner.passwords.length)
    }

    /// Remembers that a person used an agent, to offer it again.
    async fn remember(&self, actor: UserId, agent: &rollcall_telephony::AgentRef) {
        let recent = Recent { actor, agent: agent.clone(), at: self.now() };
        {
            let mut recents = self.inner.recents.lock().unwrap_or_else(PoisonError::into_inner);
            recents.retain(|r| !(r.actor == actor && r.agent == *agent));
            recents.insert(0, recent.clone());
        }
        if let Err(error) = self.inner.ledger.used(&recent).await {
            tracing::warn!(%error, "what a person used last could not be kept");
        }
    }
}

/// An intent in hand; lets go of it when dropped.
struct InHand {
    desk: Desk,
    intent: IntentId,
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.desk.inner.in_hand.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.intent);
        self.desk.inner.at_rest.notify_waiters();
    }
}
