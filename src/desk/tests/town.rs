//! A guild that a test moves: who is in it, with which roles, and what stands under the cards.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use serenity::model::id::{ChannelId, MessageId, RoleId, UserId};

use super::trap::Trap;
use crate::desk::{Guild, GuildError, Member, Nature, Ours, Posting, Reactions, Under};
use crate::ledger::Posted;

/// The guild.
#[derive(Default)]
pub(super) struct Town {
    state: Mutex<State>,
    trap: Arc<Trap>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Who is in it.
    pub(super) members: BTreeMap<UserId, Member>,
    /// The roles that exist.
    pub(super) roles: BTreeSet<RoleId>,
    /// The cards that are there, and what stands under them.
    pub(super) cards: HashMap<MessageId, Reactions>,
    /// Whether Discord answers.
    pub(super) silent: bool,
}

impl Town {
    /// A guild whose answers this trap may keep back.
    pub(super) fn trapped(trap: Arc<Trap>) -> Self {
        Self { state: Mutex::default(), trap }
    }

    /// What a test changes.
    pub(super) fn now(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Somebody with these roles comes.
    pub(super) fn comes(&self, id: u64, name: &str, roles: &[u64]) {
        let mut state = self.now();
        let roles: Vec<RoleId> = roles.iter().map(|role| RoleId::new(*role)).collect();
        state.roles.extend(roles.iter().copied());
        let id = UserId::new(id);
        let member = Member { id, name: name.to_owned(), roles, nature: Nature::Human, timed_out_until: None };
        state.members.insert(id, member);
    }

    /// The guild at the moment it answers.
    async fn answers(&self) -> Result<State, GuildError> {
        self.trap.passed().await;
        let state = self.now().clone();
        if state.silent { Err(GuildError("Discord is silent".to_owned())) } else { Ok(state) }
    }
}

#[async_trait]
impl Guild for Town {
    async fn member(&self, person: UserId) -> Result<Option<Member>, GuildError> {
        Ok(self.answers().await?.members.get(&person).cloned())
    }

    async fn roles(&self) -> Result<BTreeSet<RoleId>, GuildError> {
        Ok(self.answers().await?.roles)
    }

    async fn holders(&self, roles: &[RoleId]) -> Result<Option<Vec<Member>>, GuildError> {
        let state = self.answers().await?;
        let holds = |member: &&Member| member.roles.iter().any(|role| roles.contains(role));
        Ok(Some(state.members.values().filter(holds).cloned().collect()))
    }

    async fn posting(&self, _channel: ChannelId) -> Result<Posting, GuildError> {
        self.answers().await.map(|_| Posting::Fine)
    }

    async fn under(&self, card: Posted) -> Result<Under, GuildError> {
        let state = self.answers().await?;
        let reactions = state.cards.get(&card.message).cloned();
        Ok(reactions.map_or(Under::NoMessage, |r| Under::Card(Reactions { ours: Ours::Both, ..r })))
    }
}
