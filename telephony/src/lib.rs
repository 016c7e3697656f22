//! What phone systems are to Rollcall.
//!
//! Here live the vocabulary (agents, states, abilities, records), the port that every phone system offers in two
//! halves ([`Reading`] and [`Writing`]), and, under [`systems`], one folder per phone system. Vendor words stay in
//! the vendor's folder. Who may do what, what is recorded and what people are told does not live here.

mod ability;
mod agent;
mod clock;
mod error;
mod extension;
mod http;
mod ids;
mod port;
mod presence;
mod record;
pub mod settings;
pub mod systems;

pub use ability::{Abilities, Ability};
pub use agent::{
    Agent, AgentState, Change, FieldKey, FieldKind, FieldSpec, FieldValue, Group, Held, Line, Rights, Section,
};
pub use clock::{Clock, Millis};
pub use error::{Effect, Error, ErrorKind, Refusal, Thing};
pub use extension::{
    Extension, ExtensionBatch, ExtensionField, ExtensionFields, ExtensionId, KnownValue, ListedExtensions, SheetAct,
    SheetPlan, SheetProblem, SheetRead, SheetRow,
};
pub use ids::{AgentId, AgentRef, ConnectionName, IntentId, InvalidName};
pub use port::{
    Authorized, Connected, Echo, ExtensionWriting, NewAgent, NoAgentWriting, PasswordForm, PersonalNumbers,
    PresenceWriting, Provisioning, Reading, Sent, Writing,
};
pub use presence::{LoginNeeds, LoginOffers, OtherPauses, PresenceAnswer, PresenceChange, PresenceRules};
pub use record::{Difference, Record, RecordError};
