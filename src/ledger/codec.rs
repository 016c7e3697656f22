//! How states are spelled in the store's columns, and how rows become the ledger's values.

use rollcall_telephony::{AgentId, AgentRef, ConnectionName, IntentId};
use serenity::model::id::{ChannelId, MessageId};

use super::store::{Row, Value, snowflake, unexpected};
use super::{
    Delivery, Handover, HandoverId, HandoverState, Intent, IntentState, LedgerError, Notice, NoticeTo, Offer, OfferId,
    OfferState, Posted, Receipt, Recent, Snapshot,
};

pub(super) const fn intent_state(state: IntentState) -> &'static str {
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

pub(super) const fn handover_state(state: HandoverState) -> &'static str {
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

pub(super) const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Reveal => "reveal",
        Delivery::Message => "message",
    }
}

fn parse_delivery(text: &str) -> Option<Delivery> {
    [Delivery::Reveal, Delivery::Message].into_iter().find(|&way| delivery(way) == text)
}

/// A receipt's columns: its state, and where it is.
pub(super) const fn receipt(receipt: Receipt) -> (&'static str, Option<Posted>) {
    match receipt {
        Receipt::Due => ("due", None),
        Receipt::Sent(posted) => ("sent", Some(posted)),
        Receipt::Closed => ("closed", None),
    }
}

/// A message's columns: its channel and its id.
pub(super) fn posted(posted: Option<Posted>) -> (Value, Value) {
    let channel = posted.map(|posted| snowflake(posted.channel.get()));
    let message = posted.map(|posted| snowflake(posted.message.get()));
    (channel.into(), message.into())
}

/// Where a notice goes, as columns: kind, target, person.
pub(super) const fn notice_to(to: NoticeTo) -> (&'static str, i64, Option<i64>) {
    match to {
        NoticeTo::Reply(interaction, person) => ("reply", snowflake(interaction.get()), Some(snowflake(person.get()))),
        NoticeTo::Channel(channel) => ("channel", snowflake(channel.get()), None),
        NoticeTo::Person(person) => ("person", snowflake(person.get()), None),
    }
}

fn connection(row: &Row) -> Result<ConnectionName, LedgerError> {
    row.parsed("connection", |name| ConnectionName::new(name).ok())
}

fn agent(row: &Row) -> Result<AgentRef, LedgerError> {
    Ok(AgentRef::new(connection(row)?, AgentId::new(row.get::<String>("agent")?)))
}

pub(super) fn intent(row: &Row) -> Result<Intent, LedgerError> {
    Ok(Intent {
        id: IntentId(row.get("id")?),
        actor: row.snowflake("actor")?,
        interaction: row.maybe_snowflake("interaction")?,
        connection: connection(row)?,
        act: row.get("act")?,
        state: row.parsed("state", |text| parse_intent_state(&text))?,
        attempts: row.count("attempts")?,
        recorded_at: row.millis("recorded_at")?,
        sent_at: row.maybe_millis("sent_at")?,
        looked_at: row.maybe_millis("looked_at")?,
    })
}

pub(super) fn offer(row: &Row) -> Result<Offer, LedgerError> {
    let state = match (row.get::<String>("state")?.as_str(), row.get::<Option<i64>>("intent")?) {
        ("open", None) => OfferState::Open,
        ("taken", Some(intent)) => OfferState::Taken(IntentId(intent)),
        ("cancelled", None) => OfferState::Cancelled,
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

pub(super) fn handover(row: &Row) -> Result<Handover, LedgerError> {
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

fn read_posted(row: &Row, channel: &'static str, message: &'static str) -> Result<Option<Posted>, LedgerError> {
    match (row.maybe_snowflake::<ChannelId>(channel)?, row.maybe_snowflake::<MessageId>(message)?) {
        (Some(channel), Some(message)) => Ok(Some(Posted { channel, message })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(unexpected(message)),
    }
}

pub(super) fn notice(row: &Row) -> Result<Notice, LedgerError> {
    let to = match row.get::<String>("kind")?.as_str() {
        "reply" => NoticeTo::Reply(row.snowflake("target")?, row.snowflake("person")?),
        "channel" => NoticeTo::Channel(row.snowflake("target")?),
        "person" => NoticeTo::Person(row.snowflake("target")?),
        _ => return Err(unexpected("kind")),
    };
    Ok(Notice {
        id: row.get("id")?,
        to,
        body: row.get("body")?,
        attempts: row.count("attempts")?,
        created_at: row.millis("created_at")?,
    })
}

pub(super) fn recent(row: &Row) -> Result<Recent, LedgerError> {
    Ok(Recent { actor: row.snowflake("actor")?, agent: agent(row)?, at: row.millis("at")? })
}

pub(super) fn snapshot(row: &Row) -> Result<Snapshot, LedgerError> {
    Ok(Snapshot { connection: connection(row)?, taken_at: row.millis("taken_at")?, body: row.get("body")? })
}
