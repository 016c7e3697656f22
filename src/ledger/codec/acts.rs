//! Intents and offers as columns and rows.

use rollcall_telephony::{AgentId, IntentId};

use super::connection;
use crate::ledger::store::{Row, unexpected};
use crate::ledger::{Intent, IntentState, Led, LedgerError, Offer, OfferId, OfferState, RequestId};

pub(in crate::ledger) const fn intent_state(state: IntentState) -> &'static str {
    match state {
        IntentState::Recorded => "recorded",
        IntentState::Sent => "sent",
        IntentState::Done => "done",
        IntentState::Failed => "failed",
        IntentState::Doubt => "doubt",
    }
}

fn parse_intent_state(text: &str) -> Option<IntentState> {
    use IntentState::{Done, Doubt, Failed, Recorded, Sent};
    [Recorded, Sent, Done, Failed, Doubt].into_iter().find(|&state| intent_state(state) == text)
}

pub(in crate::ledger) fn intent(row: &Row) -> Result<Intent, LedgerError> {
    Ok(Intent {
        id: IntentId(row.get("id")?),
        actor: row.snowflake("actor")?,
        interaction: row.maybe_snowflake("interaction")?,
        request: row.get::<Option<i64>>("request")?.map(RequestId),
        connection: connection(row)?,
        act: row.get("act")?,
        state: row.parsed("state", |text| parse_intent_state(&text))?,
        attempts: row.count("attempts")?,
        recorded_at: row.millis("recorded_at")?,
        sent_at: row.maybe_millis("sent_at")?,
        looked_at: row.maybe_millis("looked_at")?,
        made: row.get::<Option<String>>("made")?.map(AgentId::new),
        progress: row.get("progress")?,
    })
}

/// An offer's state as columns: state, intent, request.
pub(in crate::ledger) const fn offer_state(state: OfferState) -> (&'static str, Option<i64>, Option<i64>) {
    match state {
        OfferState::Open => ("open", None, None),
        OfferState::Taken(Led::Intent(intent)) => ("taken", Some(intent.0), None),
        OfferState::Taken(Led::Request(request)) => ("taken", None, Some(request.0)),
        OfferState::Cancelled => ("cancelled", None, None),
    }
}

pub(in crate::ledger) fn offer(row: &Row) -> Result<Offer, LedgerError> {
    let led = (row.get::<Option<i64>>("intent")?, row.get::<Option<i64>>("request")?);
    let state = match (row.get::<String>("state")?.as_str(), led) {
        ("open", (None, None)) => OfferState::Open,
        ("taken", (Some(intent), None)) => OfferState::Taken(Led::Intent(IntentId(intent))),
        ("taken", (None, Some(request))) => OfferState::Taken(Led::Request(RequestId(request))),
        ("cancelled", (None, None)) => OfferState::Cancelled,
        (_, _) => return Err(unexpected("state")),
    };
    Ok(Offer {
        id: OfferId(row.get("id")?),
        actor: row.snowflake("actor")?,
        body: row.get("body")?,
        expires_at: row.millis("expires_at")?,
        state,
    })
}
