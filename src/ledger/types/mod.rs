//! What the ledger keeps, as plain values.

mod audit;
mod handovers;
mod journal;
mod memory;
mod notices;
mod offers;

pub use audit::{AuditEntry, AuditRow, Verified};
pub use handovers::{Delivery, Handover, HandoverId, HandoverState, NewHandover, Posted, Receipt, Sealed};
pub use journal::{Began, Conclusion, Intent, IntentState, NewIntent};
pub use memory::{AgentKey, GatewaySession, LedgerError, Recent, Sight, Snapshot, Unanswered};
pub use notices::{NewNotice, Notice, NoticeTo};
pub use offers::{Offer, OfferId, OfferRefusal, OfferState};
