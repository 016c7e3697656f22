//! `rollcall audit verify|export`.

use std::sync::Arc;

use super::{AuditWhat, Ended, run};
use crate::clock::SystemClock;
use crate::config::{self, Environment};
use crate::ledger::{Ledger, LedgerError, Verified};

/// Entries read at once.
const AT_ONCE: u32 = 500;

/// Checks or prints the audit log.
pub(super) async fn audit(what: AuditWhat) -> Result<(), Ended> {
    let environment = Environment::read()?;
    let store = config::load_store(&environment)?;
    let ledger = run::open_store(&store, Arc::new(SystemClock)).await?;
    let done = match what {
        AuditWhat::Verify => verify(&ledger).await,
        AuditWhat::Export => export(&ledger).await,
    };
    ledger.close().await;
    done
}

async fn verify(ledger: &Ledger) -> Result<(), Ended> {
    match ledger.verify_audit().await.map_err(|e| unreadable(&e))? {
        Verified::Whole { entries } => {
            say!("All {entries} entries of the audit log are as they were written.");
            Ok(())
        }
        Verified::Broken { seq, why } => {
            Err(Ended::Refused(format!("Entry {seq} of the audit log is not as it was written: {why}.")))
        }
    }
}

async fn export(ledger: &Ledger) -> Result<(), Ended> {
    let mut after = 0;
    loop {
        let rows = ledger.audit_rows(after, AT_ONCE).await.map_err(|e| unreadable(&e))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for row in &rows {
            match serde_json::to_string(row) {
                Ok(line) => say!("{line}"),
                Err(error) => return Err(Ended::Refused(format!("Entry {} cannot be printed: {error}.", row.seq))),
            }
        }
    }
}

fn unreadable(error: &LedgerError) -> Ended {
    Ended::Refused(format!("{error}."))
}
