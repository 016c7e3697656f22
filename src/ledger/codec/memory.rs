//! Notices, and what is remembered of agents, as columns and rows.

use rollcall_telephony::{AgentId, AgentRef, IntentId, Millis};

use super::{agent, connection};
use crate::ledger::store::{Row, snowflake, unexpected};
use crate::ledger::{Kept, KeptId, LedgerError, Notice, NoticeTo, Recent, Requested, Snapshot, SnapshotOf};

/// Where a notice goes, as columns: kind, target, person.
pub(in crate::ledger) const fn notice_to(to: NoticeTo) -> (&'static str, i64, Option<i64>) {
    match to {
        NoticeTo::Reply(interaction, person) => ("reply", snowflake(interaction.get()), Some(snowflake(person.get()))),
        NoticeTo::Channel(channel) => ("channel", snowflake(channel.get()), None),
        NoticeTo::Person(person) => ("person", snowflake(person.get()), None),
    }
}

pub(in crate::ledger) fn notice(row: &Row) -> Result<Notice, LedgerError> {
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

pub(in crate::ledger) fn recent(row: &Row) -> Result<Recent, LedgerError> {
    Ok(Recent { actor: row.snowflake("actor")?, agent: agent(row)?, at: row.millis("at")? })
}

pub(in crate::ledger) fn requested(row: &Row) -> Result<Requested, LedgerError> {
    Ok(Requested { agent: agent(row)?, at: row.millis("at")?, actor: row.snowflake("actor")?, body: row.get("body")? })
}

/// What a snapshot is of, as a column.
pub(in crate::ledger) const fn snapshot_of(of: SnapshotOf) -> &'static str {
    match of {
        SnapshotOf::Agents => "agents",
        SnapshotOf::Extensions => "extensions",
    }
}

pub(in crate::ledger) fn snapshot(row: &Row) -> Result<Snapshot, LedgerError> {
    let of = match row.get::<String>("kind")?.as_str() {
        "agents" => SnapshotOf::Agents,
        "extensions" => SnapshotOf::Extensions,
        _ => return Err(unexpected("kind")),
    };
    Ok(Snapshot { connection: connection(row)?, of, taken_at: row.millis("taken_at")?, body: row.get("body")? })
}

pub(in crate::ledger) fn kept(row: &Row) -> Result<Kept, LedgerError> {
    Ok(Kept {
        id: KeptId(row.get("id")?),
        intent: IntentId(row.get("intent")?),
        agent: agent(row)?,
        login: row.get("login")?,
        name: row.get("name")?,
        deleted_at: row.millis("deleted_at")?,
        expires_at: row.millis("expires_at")?,
        restored_as: row.get::<Option<String>>("restored_as")?.map(AgentId::new),
    })
}

/// An agent that was seen disabled, and since when.
pub(in crate::ledger) fn disabled(row: &Row) -> Result<(AgentRef, Millis), LedgerError> {
    Ok((agent(row)?, row.millis("since")?))
}
