//! The database under the ledger: an enum over the concrete ones, so that what stands above it is written once.
//!
//! SQL is plain text with `$1` placeholders that every backend understands; values are integers, texts and bytes. To add
//! PostgreSQL: a file beside `sqlite.rs` (opening, errors), a folder beside `migrations/sqlite/`, and a variant of
//! [`Store`], [`Connection`] and [`Row`] with the arms that the compiler then asks for. Nothing outside `ledger/` sees it.

mod sqlite;
mod value;

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};

use super::LedgerError;
use super::key::Key;
pub(super) use value::{Row, Value, snowflake, unexpected};

/// An open database.
#[derive(Clone)]
pub(super) enum Store {
    /// One file, written by one connection at a time and read beside it.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that cannot write.
        readers: SqlitePool,
    },
}

/// What a statement was run for: the same fault reads differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Reading.
    Reading,
    /// Writing.
    Writing,
}

impl Store {
    /// Opens what `url` names, checks that it is ours and whole, and brings its schema up to date.
    pub(super) async fn open(url: &str, key: &Key) -> Result<Self, LedgerError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let (writer, readers) = sqlite::open(path, key).await?;
            return Ok(Self::Sqlite { writer, readers });
        }
        let scheme = url.split(':').next().unwrap_or_default();
        // The URL is not repeated: it may hold a password.
        Err(LedgerError::Open(match scheme {
            "postgres" | "postgresql" => {
                "PostgreSQL is not built yet; set DATABASE_URL to sqlite:PATH, for example sqlite:rollcall.db"
                    .to_owned()
            }
            _ => "DATABASE_URL has to be sqlite:PATH, for example sqlite:rollcall.db".to_owned(),
        }))
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                // The writer last: it folds the write-ahead log into the file when nobody else has it open.
                readers.close().await;
                writer.close().await;
            }
        }
    }

    /// Begins a transaction that may write; it holds the write lock from the start.
    pub(super) async fn write(&self) -> Result<Work, LedgerError> {
        let connection = match self {
            Self::Sqlite { writer, .. } => {
                Connection::Sqlite(writer.acquire().await.map_err(|e| sqlite::failed(&e, Doing::Writing))?)
            }
        };
        Work::begin(connection, "BEGIN IMMEDIATE", Doing::Writing).await
    }

    /// Begins a transaction that sees one state of the store, whatever is written meanwhile.
    pub(super) async fn snapshot(&self) -> Result<Work, LedgerError> {
        Work::begin(self.reader().await?, "BEGIN", Doing::Reading).await
    }

    /// The rows of one query.
    pub(super) async fn all<const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Vec<Row>, LedgerError> {
        self.reader().await?.all(sql, values).await.map_err(|e| sqlite::failed(&e, Doing::Reading))
    }

    /// The first row of one query.
    pub(super) async fn one<const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<Row>, LedgerError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    async fn reader(&self) -> Result<Connection, LedgerError> {
        match self {
            Self::Sqlite { readers, .. } => {
                Ok(Connection::Sqlite(readers.acquire().await.map_err(|e| sqlite::failed(&e, Doing::Reading))?))
            }
        }
    }
}

/// A transaction. Dropped without [`Work::commit`], also by an error or a cancelled task, it leaves nothing behind.
///
/// Not sqlx's own: SQLite itself rolls back when the disk is full, which leaves sqlx's count of open transactions, and so
/// the connection, wrong for good.
pub(super) struct Work {
    connection: Option<Connection>,
    doing: Doing,
}

impl Work {
    /// The work stands before its first statement runs: a task that is cancelled meanwhile leaves no open transaction either.
    async fn begin(connection: Connection, begin: &'static str, doing: Doing) -> Result<Self, LedgerError> {
        let mut work = Self { connection: Some(connection), doing };
        work.execute(begin, []).await?;
        Ok(work)
    }

    /// Runs a statement; returns how many rows it changed.
    pub(super) async fn execute<const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<u64, LedgerError> {
        let doing = self.doing;
        self.connection()?.execute(sql, values).await.map_err(|e| sqlite::failed(&e, doing))
    }

    /// The rows of a statement.
    pub(super) async fn all<const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Vec<Row>, LedgerError> {
        let doing = self.doing;
        self.connection()?.all(sql, values).await.map_err(|e| sqlite::failed(&e, doing))
    }

    /// The first row of a statement.
    pub(super) async fn one<const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<Row>, LedgerError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// Makes it durable.
    pub(super) async fn commit(mut self) -> Result<(), LedgerError> {
        let doing = self.doing;
        self.connection()?.run("COMMIT").await.map_err(|e| sqlite::failed(&e, doing))?;
        self.connection = None;
        Ok(())
    }

    /// Ends it without a trace; what dropping does, but waited for.
    pub(super) async fn abandon(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.roll_back().await;
        }
    }

    fn connection(&mut self) -> Result<&mut Connection, LedgerError> {
        self.connection.as_mut().ok_or_else(|| LedgerError::Unreadable("the transaction is over".to_owned()))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(connection.roll_back())),
            // Without a runtime the process is ending; closing the connection rolls back, too.
            Err(_) => connection.close(),
        }
    }
}

/// A connection of any backend.
enum Connection {
    /// To an SQLite file.
    Sqlite(PoolConnection<Sqlite>),
}

impl Connection {
    /// Runs one of the words that begin and end transactions.
    async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.execute(sql, []).await.map(drop)
    }

    async fn execute<const N: usize>(&mut self, sql: &'static str, values: [Value; N]) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => {
                value::bound(sql, values).execute(&mut **connection).await.map(|done| done.rows_affected())
            }
        }
    }

    async fn all<const N: usize>(&mut self, sql: &'static str, values: [Value; N]) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => {
                let rows = value::bound(sql, values).fetch_all(&mut **connection).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
        }
    }

    /// Rolls back; a connection that cannot is closed, which rolls back as well.
    async fn roll_back(mut self) {
        if let Err(error) = self.run("ROLLBACK").await
            && !sqlite::rolled_back_already(&error)
        {
            self.close();
        }
    }

    fn close(self) {
        match self {
            Self::Sqlite(connection) => drop(connection.detach()),
        }
    }
}
