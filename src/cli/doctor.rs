//! `rollcall doctor`: everything that could be wrong, before people meet it.

use std::sync::Arc;

use rollcall_telephony::Clock;

use super::{Ended, logs, run};
use crate::clock::SystemClock;
use crate::config::{self, Environment};
use crate::desk::{Finding, Level};

/// Looks at configuration, Discord, the store and each connection.
pub(super) async fn doctor() -> Result<(), Ended> {
    let environment = Environment::read()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // First: a setting that is allowed but unwise is told in the log.
    logs::start(&environment.log_filter());
    let loaded = config::load(&environment, &clock)?;
    print(&Finding::good(format!("{} is sound.", loaded.config.file.display())));
    let opening = run::prepare(loaded, clock).await?;
    let mut findings = opening.doctor.examine(&opening.rest).await;
    findings.extend(opening.desk.examine().await);
    for finding in &findings {
        print(finding);
    }
    opening.desk.ledger().close().await;
    match findings.iter().filter(|f| f.level == Level::Bad).count() {
        0 => Ok(()),
        1 => Err(Ended::Refused("One thing is to be mended.".to_owned())),
        n => Err(Ended::Refused(format!("{n} things are to be mended."))),
    }
}

fn print(finding: &Finding) {
    let mark = match finding.level {
        Level::Good => "ok  ",
        Level::Warning => "note",
        Level::Bad => "BAD ",
    };
    say!("{mark}  {}", finding.what);
    if !finding.mend.is_empty() {
        say!("      → {}", finding.mend);
    }
}
