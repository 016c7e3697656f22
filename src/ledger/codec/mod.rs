//! How states are spelled in the store's columns, and how rows become the ledger's values: here what several kinds of
//! rows share, the rest beside it, by subject.

mod acts;
mod handovers;
mod memory;
mod requests;

use rollcall_telephony::{AgentId, AgentRef, ConnectionName};
use serenity::model::id::{ChannelId, MessageId};

use super::store::{Row, Value, snowflake, unexpected};
use super::{LedgerError, Posted};

pub(super) use acts::{intent, intent_state, offer, offer_state};
pub(super) use handovers::{delivery, handover, handover_state, receipt};
pub(super) use memory::{disabled, kept, notice, notice_to, recent, requested, snapshot, snapshot_of};
pub(super) use requests::{
    ballot, ballot_state, ballot_verdict, copy, copy_kind, parse_ballot_state, reacted, request, request_state, via,
};

/// A message's columns: its channel and its id.
pub(super) fn posted(posted: Option<Posted>) -> (Value, Value) {
    let channel = posted.map(|posted| snowflake(posted.channel.get()));
    let message = posted.map(|posted| snowflake(posted.message.get()));
    (channel.into(), message.into())
}

fn connection(row: &Row) -> Result<ConnectionName, LedgerError> {
    row.parsed("connection", |name| ConnectionName::new(name).ok())
}

fn agent(row: &Row) -> Result<AgentRef, LedgerError> {
    Ok(AgentRef::new(connection(row)?, AgentId::new(row.get::<String>("agent")?)))
}

fn read_posted(row: &Row, channel: &'static str, message: &'static str) -> Result<Option<Posted>, LedgerError> {
    match (row.maybe_snowflake::<ChannelId>(channel)?, row.maybe_snowflake::<MessageId>(message)?) {
        (Some(channel), Some(message)) => Ok(Some(Posted { channel, message })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(unexpected(message)),
    }
}
