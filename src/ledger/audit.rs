//! The audit log: entries are added and read, never changed. How they are chained is in `chain.rs`.

use rollcall_telephony::{IntentId, Millis};

use super::chain::{Chain, Entry, Hash, Head};
use super::store::{Row, Work, snowflake};
use super::{AuditEntry, AuditRow, Ledger, LedgerError, Verified};

const HEAD: &str = "SELECT value FROM meta WHERE name = 'audit_head'";
const PAGE: &str = "SELECT seq, at, what, actor, target, intent, detail, hash FROM audit \
                    WHERE seq > $1 ORDER BY seq LIMIT $2";
const PAGE_LEN: u32 = 500;

impl Ledger {
    /// Adds an entry on its own.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`] when the store cannot be written, or the log's end was changed from outside.
    pub async fn audit(&self, entry: AuditEntry) -> Result<(), LedgerError> {
        let now = self.now();
        let intent = entry.intent;
        let mut work = self.store.write().await?;
        append(&mut work, &self.chain, entry, intent, now).await?;
        work.commit().await
    }

    /// Checks every entry, and that none is missing; reads a page at a time.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when the log cannot be read.
    pub async fn verify_audit(&self) -> Result<Verified, LedgerError> {
        let mut work = self.store.snapshot().await?;
        let found = verify(&mut work, &self.chain).await;
        work.abandon().await;
        found
    }

    /// At most `limit` entries after the place `after` (0: from the first).
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when they cannot be read.
    pub async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, LedgerError> {
        let rows = self.store.all(PAGE, [after.into(), limit.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(AuditRow {
                    seq: row.get("seq")?,
                    at: row.millis("at")?,
                    what: row.get("what")?,
                    actor: row.maybe_snowflake("actor")?,
                    target: row.get("target")?,
                    intent: row.get::<Option<i64>>("intent")?.map(IntentId),
                    detail: row.get("detail")?,
                    hash: hex(&row.get::<Vec<u8>>("hash")?),
                })
            })
            .collect()
    }
}

/// Adds an entry inside the transaction of what it tells of.
pub(super) async fn append(
    work: &mut Work,
    chain: &Chain,
    entry: AuditEntry,
    intent: Option<IntentId>,
    now: Millis,
) -> Result<(), LedgerError> {
    let head = work.one(HEAD, []).await?.map(|row| row.get::<Vec<u8>>("value")).transpose()?;
    let Some(head) = head.and_then(|bytes| chain.read_head(&bytes)) else {
        return Err(LedgerError::Unwritable(
            "the end of the audit log was changed from outside; `rollcall audit verify` names what is wrong".to_owned(),
        ));
    };
    let entry = Entry {
        seq: head.seq + 1,
        at: now.0,
        what: entry.what,
        actor: entry.actor.map(|actor| snowflake(actor.get())),
        target: entry.target,
        intent: intent.or(entry.intent).map(|id| id.0),
        detail: entry.detail.to_string(),
    };
    let head = Head { seq: entry.seq, hash: chain.link(&head.hash, &entry) };
    let sql = "INSERT INTO audit (seq, at, what, actor, target, intent, detail, hash) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        entry.seq.into(),
        entry.at.into(),
        entry.what.into(),
        entry.actor.into(),
        entry.target.into(),
        entry.intent.into(),
        entry.detail.into(),
        head.hash.to_vec().into(),
    ];
    work.execute(sql, values).await?;
    work.execute("UPDATE meta SET value = $1 WHERE name = 'audit_head'", [chain.write_head(&head).into()]).await?;
    Ok(())
}

async fn verify(work: &mut Work, chain: &Chain) -> Result<Verified, LedgerError> {
    let head = work.one(HEAD, []).await?.map(|row| row.get::<Vec<u8>>("value")).transpose()?;
    let head = head.and_then(|bytes| chain.read_head(&bytes));
    let mut seen = Head::EMPTY;
    // From below every number: an entry before the first was added from outside as well.
    let mut after = i64::MIN;
    loop {
        let rows = work.all(PAGE, [after.into(), PAGE_LEN.into()]).await?;
        let Some(last) = rows.last() else { break };
        after = last.get("seq")?;
        for row in &rows {
            match check(chain, row, seen, head) {
                Ok(next) => seen = next,
                Err(broken) => return Ok(broken),
            }
        }
    }
    let seq = seen.seq + 1;
    Ok(match head {
        None => Verified::Broken { seq, why: "the record of the log's end was changed or removed" },
        Some(head) if head.seq > seen.seq => Verified::Broken { seq, why: MISSING },
        Some(head) if head != seen => Verified::Broken { seq: seen.seq, why: CHANGED },
        Some(_) => Verified::Whole { entries: seen.seq },
    })
}

const MISSING: &str = "it is missing";
const CHANGED: &str = "it was changed";
const ADDED: &str = "it was added from outside";

/// Checks the entry that follows `seen`.
fn check(chain: &Chain, row: &Row, seen: Head, head: Option<Head>) -> Result<Head, Verified> {
    let expected = seen.seq + 1;
    let broken = |seq, why| Verified::Broken { seq, why };
    let seq = row.get::<i64>("seq").map_err(|_| broken(expected, CHANGED))?;
    if seq < expected || head.is_some_and(|head| seq > head.seq) {
        return Err(broken(seq.min(expected), ADDED));
    }
    if seq > expected {
        return Err(broken(expected, MISSING));
    }
    let (entry, hash) = read(row, seq).map_err(|_| broken(seq, CHANGED))?;
    if chain.link(&seen.hash, &entry) == hash { Ok(Head { seq, hash }) } else { Err(broken(seq, CHANGED)) }
}

fn read(row: &Row, seq: i64) -> Result<(Entry, Hash), LedgerError> {
    let entry = Entry {
        seq,
        at: row.get("at")?,
        what: row.get("what")?,
        actor: row.get("actor")?,
        target: row.get("target")?,
        intent: row.get("intent")?,
        detail: row.get("detail")?,
    };
    let hash = row.get::<Vec<u8>>("hash")?.try_into().map_err(|_| super::store::unexpected("hash"))?;
    Ok((entry, hash))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 0xf)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
