//! SQLite: opening a file as ours, its settings, and its faults in words.
//!
//! Write-ahead log with full synchronisation: what was committed survives a power cut, and reads go on beside a write.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::error::DatabaseError as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteError, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqlSafeStr as _, Sqlite, SqlitePool};

use super::Doing;
use crate::ledger::LedgerError;
use crate::ledger::key::{Key, Purpose};

/// 'Roll', in the header of the file; written by the first migration.
const APPLICATION_ID: i64 = 0x526F_6C6C;

/// Every migration, oldest first. By hand, not by `sqlx::migrate!`: that needs all of sqlx's macros for one folder.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "store", include_str!("../../../migrations/sqlite/0001_store.sql")),
    (2, "approvals", include_str!("../../../migrations/sqlite/0002_approvals.sql")),
    (3, "presence", include_str!("../../../migrations/sqlite/0003_presence.sql")),
    (4, "lists", include_str!("../../../migrations/sqlite/0004_lists.sql")),
];

/// How long one of our writes waits for another program that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a task waits for the tasks before it.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(10);
/// Files up to this size are checked at the start: well under a second's reading.
const QUICK_CHECK_LIMIT: u64 = 32 * 1024 * 1024;
const READERS: u32 = 4;

/// Opens the file at `path`, makes it if it is missing, and brings its schema up to date.
pub(super) async fn open(path: &str, key: &Key) -> Result<(SqlitePool, SqlitePool), LedgerError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    look(path, key).await?;
    let options = options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON");
    let pool = || PoolOptions::<Sqlite>::new().acquire_timeout(QUEUE_TIMEOUT).test_before_acquire(false);
    let writer = pool()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await
        .map_err(|e| cannot_open(path, &e))?;
    let readers = pool().max_connections(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    let ready = async {
        migrate(path, &writer).await?;
        quick_check(path, &readers).await
    };
    if let Err(error) = ready.await {
        readers.close().await;
        writer.close().await;
        return Err(error);
    }
    Ok((writer, readers))
}

fn options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(BUSY_TIMEOUT).disable_statement_logging()
}

/// Looks at an existing file without changing anything in it: whether it is ours, and sealed with this key.
async fn look(path: &str, key: &Key) -> Result<(), LedgerError> {
    if path.is_empty() || path == ":memory:" {
        return Err(LedgerError::Open(
            "DATABASE_URL has to name a file, for example sqlite:rollcall.db: a store in memory would forget everything"
                .to_owned(),
        ));
    }
    match tokio::fs::metadata(path).await {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(LedgerError::Open(format!("{path} is not a file"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return look_at_folder(path).await,
        Err(error) => return Err(LedgerError::Open(format!("{path}: {error}"))),
    }
    let mut file = options(path).read_only(true).connect().await.map_err(|e| cannot_open(path, &e))?;
    let seen = look_inside(path, key, &mut file).await;
    let closed = file.close().await.map_err(|e| cannot_open(path, &e));
    seen.and(closed)
}

async fn look_at_folder(path: &str) -> Result<(), LedgerError> {
    let folder = match Path::new(path).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match tokio::fs::metadata(folder).await {
        Ok(found) if found.is_dir() => Ok(()),
        _ => Err(LedgerError::Open(format!("the folder {} does not exist; make it first", folder.display()))),
    }
}

async fn look_inside(path: &str, key: &Key, file: &mut SqliteConnection) -> Result<(), LedgerError> {
    let wrong = |e: sqlx::Error| cannot_open(path, &e);
    let tables: i64 = sqlx::query(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('_sqlx_migrations', 'sqlite_sequence')",
    )
    .fetch_one(&mut *file)
    .await
    .and_then(|row| row.try_get(0))
    .map_err(wrong)?;
    if tables == 0 {
        return Ok(());
    }
    let application: i64 = sqlx::query("PRAGMA application_id")
        .fetch_one(&mut *file)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(wrong)?;
    if application != APPLICATION_ID {
        return Err(LedgerError::Open(format!("{path} is another program's database")));
    }
    let check: Option<Vec<u8>> = sqlx::query("SELECT value FROM meta WHERE name = 'key_check'")
        .fetch_optional(&mut *file)
        .await
        .and_then(|row| row.map(|row| row.try_get(0)).transpose())
        .map_err(wrong)?;
    match check {
        Some(check) if check != key.derive(Purpose::Check).as_slice() => Err(LedgerError::WrongKey),
        Some(_) | None => Ok(()),
    }
}

async fn migrate(path: &str, writer: &SqlitePool) -> Result<(), LedgerError> {
    let known = MIGRATIONS.iter().map(|&(version, name, sql)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(known.collect()).run(writer).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => LedgerError::Open(format!(
            "{path} was written by a newer Rollcall (schema {version}); start that one, or restore a copy from before it"
        )),
        MigrateError::VersionMismatch(version) => LedgerError::Open(format!(
            "schema {version} of {path} is not the one of this Rollcall; was it written by a version in development?"
        )),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => cannot_open(path, &error),
        other => LedgerError::Open(format!("{path}: {other}")),
    })
}

/// A small file is looked through once at the start, so that damage is told before people meet it.
async fn quick_check(path: &str, readers: &SqlitePool) -> Result<(), LedgerError> {
    let size = tokio::fs::metadata(path).await.map_or(0, |found| found.len());
    if size > QUICK_CHECK_LIMIT {
        return Ok(());
    }
    let found: String = sqlx::query("PRAGMA quick_check(1)")
        .fetch_one(readers)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|e| cannot_open(path, &e))?;
    if found == "ok" { Ok(()) } else { Err(LedgerError::Open(format!("{path} {DAMAGED}"))) }
}

const DAMAGED: &str = "is damaged; nothing was changed in it, restore it from a copy";

fn cannot_open(path: &str, error: &sqlx::Error) -> LedgerError {
    LedgerError::Open(match fault(error) {
        Fault::Foreign => format!("{path} is not an SQLite database"),
        Fault::Damaged => format!("{path} {DAMAGED}"),
        Fault::ReadOnly => format!("{path} is read-only"),
        Fault::NoAccess => format!("{path} cannot be opened; check the rights of the file and of its folder"),
        Fault::Busy => format!("{path} is in use by another program"),
        Fault::Full => "the disk is full".to_owned(),
        Fault::Disk => format!("the disk reports an error for {path}"),
        Fault::Refused | Fault::Closed | Fault::Other => format!("{path}: {error}"),
    })
}

/// The fault of a statement in words, free of SQL and of values.
pub(super) fn failed(error: &sqlx::Error, doing: Doing) -> LedgerError {
    let why = match fault(error) {
        Fault::Foreign | Fault::Damaged => return LedgerError::Unreadable(format!("its file {DAMAGED}")),
        Fault::ReadOnly => "its file is read-only",
        Fault::NoAccess => "its file can no longer be opened",
        Fault::Busy => "another program keeps it locked",
        Fault::Full => "the disk is full",
        Fault::Disk => "the disk reports an error",
        Fault::Refused => "it refuses an entry that contradicts another one",
        Fault::Closed => "it is closed",
        Fault::Other => "it does not answer as expected",
    };
    tracing::warn!(?doing, code = code(error), why, "the store failed");
    match doing {
        Doing::Reading => LedgerError::Unreadable(why.to_owned()),
        Doing::Writing => LedgerError::Unwritable(why.to_owned()),
    }
}

/// Whether rolling back failed only because SQLite had done so by itself, as it does when the disk is full.
pub(super) fn rolled_back_already(error: &sqlx::Error) -> bool {
    code(error) == Some(1)
}

enum Fault {
    Foreign,
    Damaged,
    ReadOnly,
    NoAccess,
    Busy,
    Full,
    Disk,
    Refused,
    Closed,
    Other,
}

fn fault(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::PoolTimedOut => return Fault::Busy,
        sqlx::Error::PoolClosed => return Fault::Closed,
        _ => {}
    }
    // The primary codes of https://www.sqlite.org/rescode.html.
    match code(error) {
        Some(5 | 6) => Fault::Busy,
        Some(3 | 14) => Fault::NoAccess,
        Some(8) => Fault::ReadOnly,
        Some(10) => Fault::Disk,
        Some(11) => Fault::Damaged,
        Some(13) => Fault::Full,
        Some(19) => Fault::Refused,
        Some(26) => Fault::Foreign,
        _ => Fault::Other,
    }
}

/// SQLite's primary result code.
fn code(error: &sqlx::Error) -> Option<i32> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    Some(error.code()?.parse::<i32>().ok()? & 0xff)
}
