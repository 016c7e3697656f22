//! Requests, ballots and copies of cards as columns and rows.

use rollcall_telephony::{AgentId, IntentId};

use super::{connection, read_posted};
use crate::ledger::store::Row;
use crate::ledger::{
    Ballot, BallotState, BallotVerdict, CardCopy, CopyKind, LedgerError, Reacted, Request, RequestId, RequestState, Via,
};

pub(in crate::ledger) const fn request_state(state: RequestState) -> &'static str {
    match state {
        RequestState::Pending => "pending",
        RequestState::Executing => "executing",
        RequestState::Done => "done",
        RequestState::Failed => "failed",
        RequestState::Void => "void",
        RequestState::Denied => "denied",
        RequestState::Expired => "expired",
        RequestState::Cancelled => "cancelled",
    }
}

fn parse_request_state(text: &str) -> Option<RequestState> {
    use RequestState::{Cancelled, Denied, Done, Executing, Expired, Failed, Pending, Void};
    [Pending, Executing, Done, Failed, Void, Denied, Expired, Cancelled]
        .into_iter()
        .find(|&state| request_state(state) == text)
}

pub(in crate::ledger) const fn via(via: Via) -> &'static str {
    match via {
        Via::Reaction => "reaction",
        Via::Button => "button",
    }
}

fn parse_via(text: &str) -> Option<Via> {
    [Via::Reaction, Via::Button].into_iter().find(|&way| via(way) == text)
}

pub(in crate::ledger) const fn ballot_verdict(verdict: BallotVerdict) -> &'static str {
    match verdict {
        BallotVerdict::Approve => "approve",
        BallotVerdict::Deny => "deny",
        BallotVerdict::Look => "look",
    }
}

fn parse_ballot_verdict(text: &str) -> Option<BallotVerdict> {
    use BallotVerdict::{Approve, Deny, Look};
    [Approve, Deny, Look].into_iter().find(|&verdict| ballot_verdict(verdict) == text)
}

pub(in crate::ledger) const fn ballot_state(state: BallotState) -> &'static str {
    match state {
        BallotState::Unchecked => "unchecked",
        BallotState::Counted => "counted",
        BallotState::Refused => "refused",
        BallotState::Late => "late",
        BallotState::Withdrawn => "withdrawn",
        BallotState::Stale => "stale",
    }
}

pub(in crate::ledger) fn parse_ballot_state(text: &str) -> Option<BallotState> {
    use BallotState::{Counted, Late, Refused, Stale, Unchecked, Withdrawn};
    [Unchecked, Counted, Refused, Late, Withdrawn, Stale].into_iter().find(|&state| ballot_state(state) == text)
}

pub(in crate::ledger) const fn copy_kind(kind: CopyKind) -> &'static str {
    match kind {
        CopyKind::Card => "card",
        CopyKind::Reminder => "reminder",
        CopyKind::AskedAgain => "again",
    }
}

fn parse_copy_kind(text: &str) -> Option<CopyKind> {
    use CopyKind::{AskedAgain, Card, Reminder};
    [Card, Reminder, AskedAgain].into_iter().find(|&kind| copy_kind(kind) == text)
}

pub(in crate::ledger) const fn reacted(reacted: Reacted) -> &'static str {
    match reacted {
        Reacted::Due => "due",
        Reacted::Done => "done",
    }
}

fn parse_reacted(text: &str) -> Option<Reacted> {
    [Reacted::Due, Reacted::Done].into_iter().find(|&state| reacted(state) == text)
}

pub(in crate::ledger) fn request(row: &Row) -> Result<Request, LedgerError> {
    Ok(Request {
        id: RequestId(row.get("id")?),
        requester: row.snowflake("requester")?,
        connection: connection(row)?,
        agent: row.get::<Option<String>>("agent")?.map(AgentId::new),
        login: row.get("login")?,
        act: row.get("act")?,
        card: row.get("card")?,
        threshold: row.count("threshold")?,
        created_at: row.millis("created_at")?,
        expires_at: row.millis("expires_at")?,
        state: row.parsed("state", |text| parse_request_state(&text))?,
        settled_at: row.maybe_millis("settled_at")?,
        settlement: row.get("settlement")?,
        intent: row.get::<Option<i64>>("intent")?.map(IntentId),
        remind_at: row.maybe_millis("remind_at")?,
        reminders: row.count("reminders")?,
        channel: row.snowflake("channel")?,
        revision: row.get("revision")?,
    })
}

pub(in crate::ledger) fn ballot(row: &Row) -> Result<Ballot, LedgerError> {
    Ok(Ballot {
        request: RequestId(row.get("request")?),
        person: row.snowflake("person")?,
        via: row.parsed("via", |text| parse_via(&text))?,
        verdict: row.parsed("verdict", |text| parse_ballot_verdict(&text))?,
        state: row.parsed("state", |text| parse_ballot_state(&text))?,
        cast_at: row.millis("cast_at")?,
        words: row.get("words")?,
        why: row.get("why")?,
    })
}

pub(in crate::ledger) fn copy(row: &Row) -> Result<CardCopy, LedgerError> {
    Ok(CardCopy {
        id: row.get("id")?,
        request: RequestId(row.get("request")?),
        kind: row.parsed("kind", |text| parse_copy_kind(&text))?,
        message: read_posted(row, "message_channel", "message_id")?,
        channel: row.snowflake("channel")?,
        created_at: row.millis("created_at")?,
        revision: row.get("revision")?,
        reacted: row.parsed("reacted", |text| parse_reacted(&text))?,
        retry_at: row.maybe_millis("retry_at")?,
        gone_at: row.maybe_millis("gone_at")?,
    })
}
