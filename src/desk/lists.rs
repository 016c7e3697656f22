//! The directory's lists at a start: taken up as the ledger kept them, and read again in the background. What is in them,
//! and when they are read later, is the directory's.

use std::sync::Arc;

use async_trait::async_trait;
use rollcall_telephony::{AgentId, ConnectionName, Millis};

use super::Desk;
use super::marks::Marks;
use crate::directory::{Directory, Keeper, ListOf};
use crate::ledger::{Ledger, Snapshot, SnapshotOf};

impl Desk {
    /// Has every list that is stale or missing read in the background: once, and nobody waits for it.
    pub fn warm_lists(&self) {
        self.inner.directory.warm();
    }
}

/// Takes up a list that was kept. One that cannot be used is told in the log, and read again like any other.
pub(super) fn take_up(directory: &Directory, snapshot: &Snapshot) {
    let Snapshot { connection, of, taken_at, body } = snapshot;
    let of = match of {
        SnapshotOf::Agents => ListOf::Agents,
        SnapshotOf::Extensions => ListOf::Extensions,
    };
    if let Err(why) = directory.restore(connection, of, *taken_at, body) {
        tracing::warn!(%connection, %why, "the kept list of {of} cannot be used");
    }
}

/// Keeps the directory's lists in the ledger, and since when agents are disabled.
pub(super) struct InLedger {
    ledger: Ledger,
    marks: Arc<Marks>,
}

impl InLedger {
    pub(super) const fn new(ledger: Ledger, marks: Arc<Marks>) -> Self {
        Self { ledger, marks }
    }
}

#[async_trait]
impl Keeper for InLedger {
    async fn keep(&self, connection: &ConnectionName, of: ListOf, taken_at: Millis, body: String) {
        let kept_of = match of {
            ListOf::Agents => SnapshotOf::Agents,
            ListOf::Extensions => SnapshotOf::Extensions,
        };
        let snapshot = Snapshot { connection: connection.clone(), of: kept_of, taken_at, body };
        if let Err(error) = self.ledger.save_snapshot(&snapshot).await {
            tracing::warn!(%connection, %error, "the list of {of} could not be kept for the next start");
        }
    }

    async fn saw_disabled(&self, connection: &ConnectionName, disabled: &[AgentId], taken_at: Millis) {
        self.marks.saw_all(connection, disabled, taken_at).await;
    }
}
