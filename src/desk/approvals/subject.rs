//! What a request is about: the records that its card shows, sealed with it and compared when it is due.

use rollcall_telephony::{Agent, Extension};
use secrecy::{ExposeSecret as _, SecretString};

use crate::desk::Refusal;
use crate::desk::act::Act;

/// The records that an act is about, as they were read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::desk) enum Subject {
    /// An agent.
    Agent(Agent),
    /// Extensions; none for one that is to be created.
    Extensions(Vec<Extension>),
}

impl Subject {
    /// As it is handed to the ledger to be sealed: an agent as its JSON object, as every version before sealed it, and
    /// extensions as a list.
    pub(super) fn to_seal(&self) -> Result<SecretString, Refusal> {
        let json = match self {
            Self::Agent(agent) => serde_json::to_string(agent),
            Self::Extensions(extensions) => serde_json::to_string(extensions),
        };
        json.map(SecretString::from).map_err(|error| Refusal::Store(error.to_string()))
    }

    /// What was sealed.
    ///
    /// # Errors
    /// When it is nothing that this version sealed, or one before it.
    pub(in crate::desk) fn unsealed(json: &SecretString) -> Result<Self, serde_json::Error> {
        let json = json.expose_secret();
        if json.trim_start().starts_with('[') {
            serde_json::from_str(json).map(Self::Extensions)
        } else {
            serde_json::from_str(json).map(Self::Agent)
        }
    }

    /// Its fingerprint, to be compared with the one that the act was shown with.
    pub(in crate::desk) fn fingerprint(&self, act: &Act) -> String {
        match (self, act) {
            (Self::Agent(agent), _) => agent.record.fingerprint(),
            (Self::Extensions(extensions), Act::Extension(act)) => act.fingerprint_now(extensions),
            (Self::Extensions(_), _) => String::new(),
        }
    }
}
