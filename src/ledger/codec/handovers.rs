//! Hand-overs as columns and rows.

use rollcall_telephony::IntentId;

use super::{agent, read_posted};
use crate::ledger::store::{Row, unexpected};
use crate::ledger::{Delivery, Handover, HandoverId, HandoverState, LedgerError, Posted, Receipt};

pub(in crate::ledger) const fn handover_state(state: HandoverState) -> &'static str {
    match state {
        HandoverState::Due => "due",
        HandoverState::Delivered => "delivered",
        HandoverState::Closed => "closed",
        HandoverState::Confirmed => "confirmed",
        HandoverState::Expired => "expired",
        HandoverState::Replaced => "replaced",
        HandoverState::Superseded => "superseded",
    }
}

fn parse_handover_state(text: &str) -> Option<HandoverState> {
    use HandoverState::{Closed, Confirmed, Delivered, Due, Expired, Replaced, Superseded};
    [Due, Delivered, Closed, Confirmed, Expired, Replaced, Superseded]
        .into_iter()
        .find(|&state| handover_state(state) == text)
}

pub(in crate::ledger) const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Reveal => "reveal",
        Delivery::Message => "message",
    }
}

fn parse_delivery(text: &str) -> Option<Delivery> {
    [Delivery::Reveal, Delivery::Message].into_iter().find(|&way| delivery(way) == text)
}

/// A receipt's columns: its state, and where it is.
pub(in crate::ledger) const fn receipt(receipt: Receipt) -> (&'static str, Option<Posted>) {
    match receipt {
        Receipt::Due => ("due", None),
        Receipt::Sent(posted) => ("sent", Some(posted)),
        Receipt::Closed => ("closed", None),
    }
}

pub(in crate::ledger) fn handover(row: &Row) -> Result<Handover, LedgerError> {
    let receipt_at = read_posted(row, "receipt_channel", "receipt_id")?;
    let receipt = match (row.get::<String>("receipt")?.as_str(), receipt_at) {
        ("due", None) => Receipt::Due,
        ("sent", Some(posted)) => Receipt::Sent(posted),
        ("closed", None) => Receipt::Closed,
        (_, _) => return Err(unexpected("receipt")),
    };
    Ok(Handover {
        id: HandoverId(row.get("id")?),
        intent: IntentId(row.get("intent")?),
        agent: agent(row)?,
        login: row.get("login")?,
        requester: row.snowflake("requester")?,
        recipient: row.snowflake("recipient")?,
        delivery: row.parsed("delivery", |text| parse_delivery(&text))?,
        state: row.parsed("state", |text| parse_handover_state(&text))?,
        created_at: row.millis("created_at")?,
        expires_at: row.millis("expires_at")?,
        opened_at: row.maybe_millis("opened_at")?,
        opens: row.count("opens")?,
        shown_until: row.maybe_millis("shown_until")?,
        settled_at: row.maybe_millis("settled_at")?,
        message: read_posted(row, "message_channel", "message_id")?,
        receipt,
        revision: row.get("revision")?,
        message_revision: row.get("message_revision")?,
        receipt_revision: row.get("receipt_revision")?,
        retry_at: row.maybe_millis("retry_at")?,
    })
}
