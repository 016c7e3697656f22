//! What the ledger keeps, as plain values.

mod audit;
mod handovers;
mod journal;
mod memory;
mod notices;
mod offers;
mod requests;

pub use audit::{AuditEntry, AuditRow, Verified};
pub use handovers::{Delivery, Handover, HandoverId, HandoverState, NewHandover, Posted, Receipt, Sealed};
pub use journal::{Began, Conclusion, Intent, IntentState, NewIntent};
pub use memory::{AgentKey, GatewaySession, LedgerError, Recent, Sight, Snapshot, Unanswered};
pub use notices::{NewNotice, Notice, NoticeTo};
pub use offers::{Led, Offer, OfferId, OfferRefusal, OfferState};
pub use requests::{
    Ballot, BallotState, BallotVerdict, CardCopy, Cast, Claim, CopyKind, Found, Kept, KeptId, KeptMove, MessageAt,
    NewBallot, NewKept, NewRequest, NewSettlement, Reacted, Request, RequestFilter, RequestId, RequestMade,
    RequestMove, RequestPage, RequestState, Via,
};
