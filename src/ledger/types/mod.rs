//! What the ledger keeps, as plain values.

mod audit;
mod ballots;
mod copies;
mod handovers;
mod journal;
mod kept;
mod memory;
mod notices;
mod offers;
mod presence;
mod requests;

pub use audit::{AuditEntry, AuditRow, Verified};
pub use ballots::{Ballot, BallotState, BallotVerdict, Cast, NewBallot, Via};
pub use copies::{CardCopy, CopyKind, Found, MessageAt, Reacted};
pub use handovers::{Delivery, Handover, HandoverId, HandoverState, NewHandover, Posted, Receipt, Sealed};
pub use journal::{Began, Conclusion, Intent, IntentState, NewIntent};
pub use kept::{Kept, KeptId, KeptMove, NewKept};
pub use memory::{AgentKey, GatewaySession, LedgerError, Recent, Sight, Snapshot, SnapshotOf, Unanswered};
pub use notices::{NewNotice, Notice, NoticeTo};
pub use offers::{Led, Offer, OfferId, OfferRefusal, OfferState};
pub use presence::Requested;
pub use requests::{
    Claim, NewRequest, NewSettlement, Request, RequestFilter, RequestId, RequestMade, RequestMove, RequestPage,
    RequestState,
};
