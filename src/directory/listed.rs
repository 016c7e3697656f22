//! What a list can be of, and what a list must be able to do: all that `kept` knows of either.
//!
//! To add a third kind: a variant of [`ListOf`], an implementation of [`Listed`], and its lists in `Connection`.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use async_trait::async_trait;
use rollcall_telephony::{AgentId, ConnectionName, Error, Millis, Reading};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListOf {
    /// A connection's agents.
    Agents,
    /// A connection's extensions.
    Extensions,
}

impl ListOf {
    /// What logs and kept lists call them.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Extensions => "extensions",
        }
    }

    /// What is under way while they are read, for people.
    pub(super) const fn reading(self) -> &'static str {
        match self {
            Self::Agents => "listing agents",
            Self::Extensions => "reading the list of extensions",
        }
    }
}

impl fmt::Display for ListOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Keeps lists for the next start.
#[async_trait]
pub trait Keeper: Send + Sync + 'static {
    /// Keeps a connection's list in place of the one before of its kind. It holds personal data, but no secrets.
    async fn keep(&self, connection: &ConnectionName, of: ListOf, taken_at: Millis, body: String);

    /// A list of agents was read then: these of them are disabled, and no others.
    async fn saw_disabled(&self, connection: &ConnectionName, disabled: &[AgentId], taken_at: Millis);
}

/// Whether a list that shrank too much is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Only once two reads in a row brought the same: a phone system in trouble sends short lists.
    Shrunk,
    /// At once: it comes from the settings, which are right however short.
    Never,
}

/// Something that a connection has a list of.
pub(super) trait Listed: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What tells one from another.
    type Id: Clone + Ord + Hash + Send + Sync + 'static;
    /// What a phone system sends that is asked for all of them.
    type Sent: Clone + Send + 'static;
    /// How they are laid out in memory.
    type Shown: Shown<Self>;
    /// Which list it is.
    const OF: ListOf;

    /// What tells it from others.
    fn id(&self) -> &Self::Id;

    /// Asks the phone system for all of them.
    fn read(reading: &dyn Reading) -> impl Future<Output = Result<Self::Sent, Error>> + Send;

    /// Those of them that can be shown.
    fn listed(sent: Self::Sent) -> Vec<Self>;

    /// Whether that phone system's list is doubted when it shrank.
    fn doubt(reading: &dyn Reading) -> Doubt;

    /// It as it may be kept on disk, without anything that could be a secret.
    fn fit_to_keep(&self, reading: &dyn Reading) -> Cow<'_, Self>;

    /// Tells what else is to be kept of a list that was just read.
    fn tell(
        list: &Self::Shown,
        taken_at: Millis,
        connection: &ConnectionName,
        keeper: &dyn Keeper,
    ) -> impl Future<Output = ()> + Send;
}

/// A list that is being shown. It is immutable: each change makes a new one.
pub(super) trait Shown<T: Listed>: Clone + Default + Send + Sync + 'static {
    /// All of these, read then.
    fn new(items: impl IntoIterator<Item = Arc<T>>, taken_at: Option<Millis>) -> Self;

    /// When the read of it began; `None` before the first one.
    fn taken_at(&self) -> Option<Millis>;

    /// How many it holds.
    fn count(&self) -> usize;

    /// All that it holds.
    fn items(&self) -> impl Iterator<Item = Arc<T>>;

    /// The one of this id.
    fn get(&self, id: &T::Id) -> Option<Arc<T>>;

    /// With this one, in place of the one of its id.
    fn with(&self, item: Arc<T>) -> Self;

    /// With those of these that it does not hold.
    fn with_missing<'a>(&self, items: impl Iterator<Item = &'a Arc<T>>) -> Self;

    /// Without the one of this id.
    fn without(&self, id: &T::Id) -> Self;
}
