//! What goes into a statement and what comes out of a row.

use std::num::NonZeroU64;

use rollcall_telephony::Millis;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Decode, Row as _, Sqlite, Type};

use crate::ledger::LedgerError;

/// A value for a placeholder.
#[derive(Debug, Clone)]
pub(in crate::ledger) enum Value {
    /// A whole number: ids, times, counts.
    Int(Option<i64>),
    /// A text: names, states, JSON.
    Text(Option<String>),
    /// Bytes: hashes and sealed secrets.
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<Millis> for Value {
    fn from(value: Millis) -> Self {
        Self::Int(Some(value.0))
    }
}

impl From<Option<Millis>> for Value {
    fn from(value: Option<Millis>) -> Self {
        Self::Int(value.map(|at| at.0))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}

/// A snowflake as the databases keep it: the same 64 bits.
pub(in crate::ledger) const fn snowflake(id: u64) -> i64 {
    id.cast_signed()
}

/// The statement with its values in the order of their placeholders.
pub(super) fn bound<const N: usize>(sql: &'static str, values: [Value; N]) -> Query<'static, Sqlite, SqliteArguments> {
    values.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    })
}

/// A row that was read.
pub(in crate::ledger) enum Row {
    /// From an SQLite file.
    Sqlite(SqliteRow),
}

impl Row {
    /// The value of a column: `i64`, `String`, `Vec<u8>`, or an `Option` of them.
    pub(in crate::ledger) fn get<T>(&self, column: &'static str) -> Result<T, LedgerError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
    {
        let value = match self {
            Self::Sqlite(row) => row.try_get(column),
        };
        value.map_err(|_| unexpected(column))
    }

    pub(in crate::ledger) fn millis(&self, column: &'static str) -> Result<Millis, LedgerError> {
        self.get(column).map(Millis)
    }

    pub(in crate::ledger) fn maybe_millis(&self, column: &'static str) -> Result<Option<Millis>, LedgerError> {
        Ok(self.get::<Option<i64>>(column)?.map(Millis))
    }

    /// A count that never was negative.
    pub(in crate::ledger) fn count(&self, column: &'static str) -> Result<u32, LedgerError> {
        u32::try_from(self.get::<i64>(column)?).map_err(|_| unexpected(column))
    }

    /// One of Discord's ids.
    pub(in crate::ledger) fn snowflake<T: From<NonZeroU64>>(&self, column: &'static str) -> Result<T, LedgerError> {
        self.maybe_snowflake(column)?.ok_or_else(|| unexpected(column))
    }

    /// One of Discord's ids, or none.
    pub(in crate::ledger) fn maybe_snowflake<T: From<NonZeroU64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, LedgerError> {
        let Some(id) = self.get::<Option<i64>>(column)? else { return Ok(None) };
        NonZeroU64::new(id.cast_unsigned()).map(T::from).map(Some).ok_or_else(|| unexpected(column))
    }

    /// A value that is written as text.
    pub(in crate::ledger) fn parsed<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(String) -> Option<T>,
    ) -> Result<T, LedgerError> {
        parse(self.get(column)?).ok_or_else(|| unexpected(column))
    }
}

/// What stands in the column was not written by us.
pub(in crate::ledger) fn unexpected(column: &'static str) -> LedgerError {
    LedgerError::Unreadable(format!("`{column}` holds a value that Rollcall never writes"))
}
