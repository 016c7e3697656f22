//! What the twin remembers. Records keep their members' order and bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use crate::Record;

/// A change that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// The number of the request that caused it.
    pub request: u64,
    /// What happened.
    pub what: What,
    /// To whom: the agent's or extension's id.
    pub id: u64,
    /// Names of the members that were sent.
    pub members: Vec<String>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An agent was created.
    AgentCreated,
    /// An agent was changed.
    AgentChanged,
    /// An agent was deleted.
    AgentDeleted,
    /// An extension was created.
    ExtensionCreated,
    /// An extension was changed.
    ExtensionChanged,
    /// An extension was deleted.
    ExtensionDeleted,
}

/// Agents and extensions by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    pub(super) agents: BTreeMap<u64, Record>,
    pub(super) extensions: BTreeMap<u64, Record>,
    /// Agents that something uses: the entity's type.
    pub(super) held: BTreeMap<u64, u8>,
    /// Extensions that something uses: the entity's type.
    pub(super) held_extensions: BTreeMap<u64, u8>,
    /// Agents that so many reads do not see yet.
    pub(super) hidden: BTreeMap<u64, u32>,
    pub(super) mutations: Vec<Mutation>,
    /// Ids are not used again, not even after a delete.
    last_agent: u64,
    last_extension: u64,
}

impl Store {
    /// Adds or replaces an agent; one without a usable `ID` gets the next.
    pub(super) fn put_agent(&mut self, mut record: Record) -> u64 {
        let id = id_or_next(&mut record, "ID", &mut self.last_agent);
        self.agents.insert(id, record);
        id
    }

    /// Takes an agent away, with all that was noted about it. Its id is not used again.
    pub(super) fn forget_agent(&mut self, id: u64) -> Option<Record> {
        self.held.remove(&id);
        self.hidden.remove(&id);
        self.agents.remove(&id)
    }

    /// Adds or replaces an extension; one without a usable `E_ID` gets the next.
    pub(super) fn put_extension(&mut self, mut record: Record) -> u64 {
        let id = id_or_next(&mut record, "E_ID", &mut self.last_extension);
        self.extensions.insert(id, record);
        id
    }

    /// Takes an extension away, with what was noted about it. Its number is not used again.
    pub(super) fn forget_extension(&mut self, id: u64) -> Option<Record> {
        self.held_extensions.remove(&id);
        self.extensions.remove(&id)
    }

    /// Remembers a change.
    pub(super) fn note(&mut self, request: u64, what: What, id: u64, sent: Option<&Record>) {
        let members = sent.map(|s| s.iter().map(|(name, _)| name.to_owned()).collect()).unwrap_or_default();
        self.mutations.push(Mutation { request, what, id, members });
    }

    /// Whether a read sees this agent; one that comes late is one read nearer afterwards.
    pub(super) fn sees(&mut self, id: u64) -> bool {
        match self.hidden.get_mut(&id) {
            None => true,
            Some(0) => {
                self.hidden.remove(&id);
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
        }
    }
}

fn id_or_next(record: &mut Record, name: &str, last: &mut u64) -> u64 {
    let given = record.number(name).and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0);
    let id = given.unwrap_or(*last + 1);
    if given.is_none() {
        record.set(name, &id);
    }
    *last = id.max(*last);
    id
}

/// The first 16 hex digits of the MD5, lowercase.
pub(super) fn digest(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
